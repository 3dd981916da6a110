"""How a data set lies on disk: drawings in packs, one line of an index for each, checksums of it all.

    DATA/manifest.json               what it was made of, sizes and sha256 of every file
    DATA/train/maps-000.npy ...      uint8 (n, planes, side, side), each pack under 60 MB
    DATA/train/index.jsonl           one line a drawing, in the order of the packs
    DATA/validation/...

Packs are read where they lie, so a data set may be larger than memory. Every file is written whole or not at all and
the index comes last: a split with an index is complete. Data sets of older versions hold one `maps.npy` instead of
packs and no manifest, and are read as well.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import __version__
from ..errors import InputError

SPLITS = ("train", "validation")
MANIFEST, INDEX = "manifest.json", "index.jsonl"
MOST_BYTES = 60_000_000
"""A pack is smaller than this, so that any host takes it."""

Bytes = npt.NDArray[np.uint8]


class Packs:
    """The maps of one split, memory-mapped: `packs[i]` is drawing i, `packs[i:j]` an array of drawings i to j - 1."""

    def __init__(self, folder: Path):
        """Open the packs of a split.

        Raises:
            InputError: there are none, or one is no array of maps.
        """
        paths = sorted(folder.glob("maps-*.npy")) or [folder / "maps.npy"]
        try:
            self._packs = [np.load(path, mmap_mode="r") for path in paths]
        except (OSError, ValueError, EOFError) as error:
            raise InputError(f"{folder} holds no readable drawings ({error}): build the data set again") from error
        if len({(pack.dtype, pack.shape[1:]) for pack in self._packs}) > 1 or self._packs[0].ndim != 4:
            raise InputError(f"the packs in {folder} do not belong together: build the data set again")
        self._starts = np.cumsum([0, *map(len, self._packs)])

    def __len__(self) -> int:
        return int(self._starts[-1])

    @property
    def shape(self) -> tuple[int, ...]:
        """(drawings, planes, side, side)."""
        return (len(self), *self._packs[0].shape[1:])

    def __getitem__(self, index: int | slice) -> Bytes:
        if isinstance(index, slice):
            return np.stack([self[i] for i in range(*index.indices(len(self)))])
        pack = int(np.searchsorted(self._starts, index, side="right")) - 1
        maps: Bytes = self._packs[pack][index - self._starts[pack]]
        return maps


class PackWriter:
    """Writes one split, pack after pack; `close` puts the index in place.

    Attributes:
        written: drawings in the packs that an interrupted run wrote.
    """

    def __init__(self, folder: Path, *, resume: bool = False):
        """Begin in `folder`, which is made where it is missing.

        Args:
            folder: of the split.
            resume: keep the packs of an interrupted run, which are as they would be written again; else remove them.
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / INDEX).unlink(missing_ok=True)
        packs = sorted(folder.glob("maps*.npy"))
        if not resume:
            while packs:
                packs.pop().unlink()
        self._folder = folder
        self._waiting: list[Bytes] = []
        self._packs = len(packs)
        self._entries: list[dict[str, Any]] = []
        self.written = sum(len(np.load(path, mmap_mode="r")) for path in packs)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, maps: Bytes | None, entry: dict[str, Any]) -> None:
        """Append a drawing: its maps, uint8 (planes, side, side), and its line of the index.

        The maps of the first `written` drawings are not looked at: they lie in packs already.
        """
        self._entries.append(entry)
        if maps is None or len(self._entries) <= self.written:
            return
        self._waiting.append(maps)
        if (len(self._waiting) + 1) * maps.nbytes >= MOST_BYTES:
            self._write_pack()

    def close(self) -> None:
        """Write what is waiting, then the index."""
        if self._waiting:
            self._write_pack()
        write_whole(self._folder / INDEX, "".join(json.dumps(entry) + "\n" for entry in self._entries).encode())

    def _write_pack(self) -> None:
        save_array(self._folder / f"maps-{self._packs:03}.npy", np.stack(self._waiting))
        self._packs += 1
        self._waiting = []


def is_complete(data: Path) -> bool:
    """Whether `data` holds a data set, as against nothing or one whose making was interrupted."""
    return all((data / split / INDEX).exists() for split in SPLITS)


def refuse_complete(data: Path) -> None:
    """Refuse to write into a folder that holds a data set.

    Raises:
        InputError: it does.
    """
    if is_complete(data):
        raise InputError(f"{data} holds a data set already: choose another folder or remove it")


def read_index(folder: Path) -> list[dict[str, Any]]:
    """Read the index of one split.

    Raises:
        InputError: there is none, or it is damaged.
    """
    try:
        entries: list[dict[str, Any]] = [json.loads(line) for line in (folder / INDEX).read_text().splitlines()]
    except OSError as error:
        raise InputError(f"{folder} holds no data set: run `salac data build {folder.parent}` first") from error
    except ValueError as error:
        raise InputError(f"{folder / INDEX} is damaged ({error}): build the data set again") from error
    if not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{folder / INDEX} is no index of drawings: build the data set again")
    return entries


def write_manifest(data: Path, made: dict[str, Any]) -> None:
    """Write `manifest.json`: how the data set was made, its sources and their licences, its files' sizes and sha256.

    Args:
        data: a complete data set.
        made: the command and its settings.
    """
    files = {}
    for split in SPLITS:
        for path in (*sorted((data / split).glob("maps-*.npy")), data / split / INDEX):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            files[f"{split}/{path.name}"] = {"size": path.stat().st_size, "sha256": digest}
    manifest = {"salac": __version__, "made": made, "sources": sources_of(data), "files": files}
    write_whole(data / MANIFEST, json.dumps(manifest, indent=1).encode())


def sources_of(data: Path) -> list[dict[str, Any]]:
    """Sources of a data set with licence, attribution and how many drawings of each split they gave."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for split in SPLITS:
        for entry in read_index(data / split):
            facts = {name: entry.get(name) or "" for name in ("source", "licence", "attribution")}
            row = found.setdefault(tuple(facts.values()), facts | dict.fromkeys(SPLITS, 0))
            row[split] += 1
    return [found[key] for key in sorted(found)]


def verify(data: Path) -> list[str]:
    """Compare a data set with its manifest.

    Returns:
        What is wrong, a line each; empty where all is well.

    Raises:
        InputError: there is no manifest.
    """
    try:
        files = json.loads((data / MANIFEST).read_text())["files"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{data} has no readable {MANIFEST}: it cannot be verified") from error
    wrong = []
    for name, facts in files.items():
        try:
            with (data / name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            wrong.append(f"{name} cannot be read: {error.strerror}")
            continue
        if digest != facts["sha256"]:
            wrong.append(f"{name} is damaged: its sha256 is {digest[:12]}..., not {facts['sha256'][:12]}...")
    return wrong


def save_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write an array as .npy, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            np.save(file, array)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            file.write(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
