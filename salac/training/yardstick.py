"""`salac data yardstick`: hand-made pictures to judge by, with the lines their artists drew, never to be trained on.

    FOLDER/yardstick.json             marks the folder, lists the pairs with source, licence and artist
    FOLDER/LICENSES.md                the same to be read
    FOLDER/NAME.sketch.png            gray, black lines on white
    FOLDER/NAME.color.png             the artist's colors on white
    FOLDER/NAME.mask.png              white where the figure is

Nothing here may enter a training set: no kit draws from these sources, and `salac data prepare` refuses the folder.
"""

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ..errors import InputError
from ..image import read_picture, read_sketch, write_picture
from .packs import write_whole
from .yardstick_sources import SOURCES, Pair

MARK = "yardstick.json"
"""A folder with this file, and every folder in it, is refused as training data."""


@dataclass(frozen=True, kw_only=True)
class StoredPair:
    """One drawing of a yardstick; its pictures are read when they are asked for.

    Attributes:
        name: of the drawing.
        source: key of `SOURCES`.
        folder: of the yardstick.
    """

    name: str
    source: str
    folder: Path

    @property
    def sketch(self) -> npt.NDArray[np.uint8]:
        """The lines: uint8 (H, W), 255 = paper."""
        return read_sketch(self.folder / f"{self.name}.sketch.png")

    @property
    def picture(self) -> npt.NDArray[np.uint8]:
        """The artist's colors on white: uint8 (H, W, 3)."""
        return read_picture(self.folder / f"{self.name}.color.png")

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        """Where the figure is: bool (H, W)."""
        return read_sketch(self.folder / f"{self.name}.mask.png") > 127


def make_yardstick(folder: Path, sources: Sequence[str] | None = None) -> None:
    """Fetch the sources where they are missing and write their pairs; what is there already is kept.

    Args:
        folder: made if it is missing.
        sources: keys of `SOURCES`; all by default.

    Raises:
        InputError: there is no such source, or the folder holds other things.
        MissingExtraError: a source cannot be had, or is not what was pinned.
    """
    chosen = list(SOURCES) if sources is None else list(sources)
    if unknown := sorted(set(chosen) - SOURCES.keys()):
        raise InputError(f"there is no source {unknown[0]!r}; choose from {', '.join(SOURCES)}")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise InputError(f"{folder} holds other things: choose a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    # The mark comes first: however far this gets, nothing in the folder is ever trained on.
    listed = {pair.name: pair.source for pair in read_yardstick(folder)} if (folder / MARK).exists() else {}
    _write_lists(folder, listed)
    for name in chosen:
        for pair in tqdm(SOURCES[name].pairs(), name, disable=None, unit="drawing"):
            if pair.name not in listed:
                _write_pair(folder, pair)
                listed[pair.name] = name
        _write_lists(folder, listed)
        print(f"{name}: {Counter(listed.values())[name]} drawings, {SOURCES[name].licence}")


def read_yardstick(folder: Path) -> list[StoredPair]:
    """List the drawings of a yardstick, in order of their names.

    Raises:
        InputError: the folder holds none.
    """
    try:
        drawings = json.loads((folder / MARK).read_text())["drawings"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder} holds no yardstick: run `salac data yardstick {folder}` first") from error
    return [StoredPair(name=name, source=source, folder=folder) for name, source in sorted(drawings.items())]


def is_yardstick(folder: Path) -> bool:
    """Whether a folder is a yardstick, lies in one or has one in it."""
    whole = folder.resolve()
    above = any((parent / MARK).exists() for parent in (whole, *whole.parents))
    return above or any(MARK in files for _, _, files in os.walk(whole))


def _write_pair(folder: Path, pair: Pair) -> None:
    write_picture(folder / f"{pair.name}.sketch.png", pair.sketch)
    write_picture(folder / f"{pair.name}.color.png", pair.picture)
    write_picture(folder / f"{pair.name}.mask.png", pair.mask.astype(np.uint8) * np.uint8(255))


def _write_lists(folder: Path, listed: dict[str, str]) -> None:
    used = {name: SOURCES[name] for name in SOURCES if name in listed.values()}
    facts = {
        name: {"licence": s.licence, "attribution": s.attribution, "homepage": s.homepage, "archive": s.archive.url}
        for name, s in used.items()
    }
    mark = {"purpose": "judged by, never trained on", "sources": facts, "drawings": listed}
    write_whole(folder / MARK, json.dumps(mark, indent=1).encode())
    write_whole(folder / "LICENSES.md", "".join(_licences(name) for name in used).encode())


def _licences(name: str) -> str:
    source = SOURCES[name]
    return (
        f"## {name}\n\n{source.attribution}. Licence: {source.licence}. From {source.homepage}, as in\n"
        f"{source.archive.url}\n({source.archive.digest}).\n\nChanged: {source.changed}.\n\n"
    )
