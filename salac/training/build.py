"""`salac data build`: draw, segment and store the pictures that every stage learns from.

A drawing is stored as maps, uint8 (4, 256, 256), and a line of the index; `packs` tells how they lie on disk. No color
is stored: a palette is drawn anew whenever a drawing is used. Everything follows from the seed.
"""

import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..stages.view import fill_nearest
from ..tbs import segment
from .drawing import Drawing
from .packs import SPLITS, PackWriter, refuse_complete, write_manifest

STORED = 256
"""Side of the stored maps, px."""
DRAWN = 512
"""Side at which drawings are drawn and segmented, px."""
MOST_SEGMENTS = 255
"""Segments kept of a drawing; smaller ones join the nearest kept one."""
INK, GROUP, TONE, LABELS = range(4)
"""Planes of the stored maps."""
PAINT = slice(4, 7)
"""Red, green and blue of an illustration that somebody painted; a drawing of our own has no such planes."""
YARDSTICK_KITS = ("notionists", "micah")
"""Kits that are never trained on, so that there is hand-drawn art to judge by."""
CLIPART_LINES = 2
"""How often each piece of clip art is taken, its lines and blacks drawn another way each time."""
BLOCK = 64
"""Drawings drawn between two looks at whether there are enough."""
HELD_OUT = 25
"""One identity in so many (hair style, outfit, kit component, ...) is seen by validation only."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One stored drawing: its maps, uint8 (planes, 256, 256), and its line of the index."""

    maps: npt.NDArray[np.uint8]
    entry: dict[str, Any]


def is_held_out(identity: str) -> bool:
    """Whether drawings with this part belong to validation; a function of the name alone."""
    return zlib.crc32(identity.encode()) % HELD_OUT == 0


def prepare(drawing: Drawing) -> Sample:
    """Segment a drawing at its own size and reduce its maps to the stored size."""
    labels = fold_segments(segment(drawing.ink, lines="nearest").labels)
    count = int(labels.max()) + 1
    groups = len(drawing.parts)
    votes = np.bincount(labels.ravel().astype(np.int64) * groups + drawing.group.ravel(), minlength=count * groups)
    half = (slice(None, None, DRAWN // STORED),) * 2
    size = (STORED, STORED)
    maps = np.stack(
        [
            cv2.resize(drawing.ink, size, interpolation=cv2.INTER_AREA),
            drawing.group[half],
            cv2.resize(drawing.tone, size, interpolation=cv2.INTER_AREA),
            labels[half].astype(np.uint8),
        ]
    )
    entry = {
        "source": drawing.source,
        "licence": drawing.licence,
        "attribution": drawing.meta.get("attribution"),
        "identity": list(drawing.identity),
        "parts": [int(p) for p in drawing.parts],
        "roles": [int(r) for r in drawing.roles],
        "light": drawing.meta.get("light"),
        "segment_groups": votes.reshape(count, groups).argmax(1).tolist(),
    }
    return Sample(maps=maps, entry=entry)


def build(
    folder: Path,
    *,
    figures: int,
    kits: int,
    clipart: bool = False,
    validation: int = 400,
    seed: int = 0,
    workers: int = 1,
) -> None:
    """Fill `folder` with a data set of `figures` + `kits` drawings to train on and `validation` to judge by.

    Args:
        folder: made if missing; must not hold a data set already.
        figures: drawings by the figure generator.
        kits: drawings composed from the avatar kits; those that come from npm are fetched where they are missing.
        clipart: take the drawings of the Open Clip Art Library, too, each in `CLIPART_LINES` ways of drawing its lines.
        validation: drawings that hold at least one part no training drawing has, half of them figures, half kits.
            Clip art that is held out comes to them.
        seed: of everything.
        workers: processes.

    Raises:
        InputError: the folder holds a data set already, or nothing is asked for.
        MissingExtraError: a kit's artwork cannot be fetched; nothing was drawn yet.
    """
    refuse_complete(folder)
    if figures + kits == 0:
        raise InputError("no drawing is asked for: give figures, kits or both")
    if kits:
        from .kits import fetch

        fetch(_training_kits())
    files = _clipart() if clipart else []
    wanted = {
        ("train", "figure"): figures,
        ("train", "kit"): kits,
        ("validation", "figure"): min(validation // 2, figures),
        ("validation", "kit"): min(validation // 2, kits),
    }
    writers = {split: PackWriter(folder / split) for split in SPLITS}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for kind, most in (("figure", figures), ("kit", kits)):
            # Held-out parts are rare by design, so validation may fill up after training has; it is not waited for
            # long.
            for block in range(3 * (most + validation) // BLOCK + 1):
                if not wanted["train", kind] and not wanted["validation", kind]:
                    break
                numbers = range(block * BLOCK, (block + 1) * BLOCK)
                for sample in pool.map(partial(_draw, kind, seed), numbers, chunksize=8):
                    split = "validation" if any(map(is_held_out, sample.entry["identity"])) else "train"
                    if wanted[split, kind]:
                        wanted[split, kind] -= 1
                        writers[split].add(sample.maps, sample.entry)
            print(f"{kind}s: {len(writers['train'])} to train on, {len(writers['validation'])} held out", flush=True)
        jobs = [(number, file) for number in range(CLIPART_LINES) for file in files]
        for drawn in pool.map(partial(_draw_clipart, seed), jobs, chunksize=8):
            if drawn is not None:
                split = "validation" if any(map(is_held_out, drawn.entry["identity"])) else "train"
                writers[split].add(drawn.maps, drawn.entry)
        if clipart:
            print(f"clip art: {len(writers['train'])} to train on, {len(writers['validation'])} held out", flush=True)
    for writer in writers.values():
        writer.close()
    settings = {"figures": figures, "kits": kits, "clipart": clipart, "validation": validation, "seed": seed}
    write_manifest(folder, {"command": "salac data build", **settings})


def _draw(kind: str, seed: int, number: int) -> Sample:
    """Draw and prepare one sample; runs in a worker process."""
    own = int(np.random.default_rng([seed, kind == "kit", number]).integers(1 << 62))
    if kind == "figure":
        from .figures import draw_figure

        return prepare(draw_figure(own, DRAWN))
    from .kits import draw_kit

    return prepare(draw_kit(own, DRAWN, _training_kits()))


def _clipart() -> list[Path]:
    from .clipart import clipart

    return clipart()


def _draw_clipart(seed: int, job: tuple[int, Path]) -> Sample | None:
    """Draw one piece of clip art; runs in a worker process."""
    from .clipart import draw_clipart

    number, file = job
    return draw_clipart(file, np.random.default_rng([seed, number, zlib.crc32(file.stem.encode())]))


def _training_kits() -> list[str]:
    from .kits import KITS

    return [name for name in KITS if name not in YARDSTICK_KITS]


def fold_segments(labels: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Keep the largest segments, renumbered from 1; pixels of the others take the nearest kept label."""
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    kept = np.sort(np.argsort(-areas, kind="stable")[: min(MOST_SEGMENTS, int((areas > 0).sum()))])
    numbers = np.zeros(len(areas), np.int32)
    numbers[kept] = np.arange(1, len(kept) + 1)
    return fill_nearest(numbers[labels])
