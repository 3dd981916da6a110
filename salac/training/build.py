"""`salac data build`: draw, segment and store the pictures that every stage learns from.

A drawing is stored as maps, uint8 (4, 256, 256), and a line of the index; `packs` tells how they lie on disk. No color
is stored: a palette is drawn anew whenever a drawing is used. Everything follows from the seed.
"""

import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from .. import __version__
from ..errors import InputError
from ..stages.view import fill_nearest
from ..tbs import segment
from .drawing import Drawing
from .journal import Journal, Line
from .packs import SPLITS, PackWriter, refuse_complete, write_manifest

if TYPE_CHECKING:
    from .clipart import Piece

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
CLIPART_LINES = {"clipart": 2}
"""How often a piece of clip art of a source is taken, if not once, its lines and blacks drawn another way each time."""
JOURNAL = ".build.jsonl"
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
    clipart: Sequence[str] = (),
    validation: int = 400,
    seed: int = 0,
    workers: int = 1,
) -> None:
    """Fill `folder` with a data set of `figures` + `kits` drawings to train on and `validation` to judge by.

    A build that was interrupted goes on where it stopped, and ends with the same files.

    Args:
        folder: made if missing; must not hold a data set already.
        figures: drawings by the figure generator.
        kits: drawings composed from the avatar kits; those that come from npm are fetched where they are missing.
        clipart: sources of clip art, of `clipart.SOURCES`; see `CLIPART_LINES`.
        validation: drawings that hold at least one part no training drawing has, half of them figures, half kits.
            Clip art that is held out comes to them.
        seed: of everything.
        workers: processes.

    Raises:
        InputError: the folder holds a data set already, or an interrupted one of other settings; nothing is asked for,
            or clip art that there is not.
        MissingExtraError: a kit's artwork or clip art cannot be fetched; nothing was drawn yet.
    """
    if not (folder / JOURNAL).exists():
        refuse_complete(folder)
    if figures + kits == 0 and not clipart:
        raise InputError("no drawing is asked for: give figures, kits or clip art")
    pieces = _pieces(clipart)
    if kits:
        from .kits import fetch

        fetch(_training_kits())
    asked = {"figures": figures, "kits": kits, "clipart": list(clipart), "validation": validation, "seed": seed}
    made = {"command": "salac data build", **asked}
    folder.mkdir(parents=True, exist_ok=True)
    taken = _Taken(folder, {"salac": __version__, **made})
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for kind, most in (("figure", figures), ("kit", kits)):
            wanted = {"train": most, "validation": min(validation // 2, most)}
            # Held-out parts are rare by design, so validation may fill up after training has; it is not waited for
            # long.
            for block in range(3 * (most + validation) // BLOCK + 1):
                if not any(wanted.values()):
                    break
                numbers = range(block * BLOCK, (block + 1) * BLOCK)
                taken.take(pool, partial(_draw, kind, seed), numbers, wanted)
            taken.report(f"{kind}s")
        if pieces:
            taken.take(pool, partial(_draw_piece, seed), pieces, dict.fromkeys(SPLITS, len(pieces)))
            taken.report("clip art")
    for writer in taken.writers.values():
        writer.close()
    write_manifest(folder, made)
    taken.journal.remove()


class _Taken:
    """The drawings that a build took so far, those of an interrupted run among them."""

    def __init__(self, folder: Path, settings: dict[str, Any]):
        self.journal = Journal(folder / JOURNAL, settings)
        known = self.journal.lines
        self.writers = {split: PackWriter(folder / split, resume=bool(known)) for split in SPLITS}
        self._tried = 0
        places = dict.fromkeys(SPLITS, 0)
        self._settled = []
        """Of every drawing in the journal, whether it needs not be drawn again: left out, or in a pack."""
        for line in known:
            self._settled.append(line is None or places[line[0]] < self.writers[line[0]].written)
            if line is not None:
                places[line[0]] += 1

    def take(
        self,
        pool: ProcessPoolExecutor,
        draw: Callable[[Any], Sample | None],
        jobs: Sequence[Any],
        wanted: dict[str, int],
    ) -> None:
        """Draw one picture for every job, and keep those that a split still wants; `wanted` is counted down."""
        settled = self._settled[self._tried : self._tried + len(jobs)]
        settled += [False] * (len(jobs) - len(settled))
        missing = [job for job, known in zip(jobs, settled, strict=True) if not known]
        samples = iter(pool.map(draw, missing, chunksize=8))
        for known in settled:
            number, self._tried = self._tried, self._tried + 1
            sample = None if known else next(samples)
            line = self.journal.lines[number] if known else _line(sample, wanted)
            if number >= len(self.journal.lines):
                self.journal.add(line)
            if line is not None:
                split, entry = line
                wanted[split] -= 1
                self.writers[split].add(None if sample is None else sample.maps, entry)

    def report(self, what: str) -> None:
        """Say how far the build is."""
        train, validation = (len(self.writers[split]) for split in SPLITS)
        print(f"{what}: {train} to train on, {validation} held out", flush=True)


def _line(sample: Sample | None, wanted: dict[str, int]) -> Line | None:
    """The split that a drawing goes to, and its line of the index; None for one that nobody wants."""
    if sample is None:
        return None
    split = "validation" if any(map(is_held_out, sample.entry["identity"])) else "train"
    return (split, sample.entry) if wanted[split] else None


def _draw(kind: str, seed: int, number: int) -> Sample:
    """Draw and prepare one sample; runs in a worker process."""
    own = int(np.random.default_rng([seed, kind == "kit", number]).integers(1 << 62))
    if kind == "figure":
        from .figures import draw_figure

        return prepare(draw_figure(own, DRAWN))
    from .kits import draw_kit

    return prepare(draw_kit(own, DRAWN, _training_kits()))


def _pieces(names: Sequence[str]) -> "list[tuple[int, Piece]]":
    """The clip art to draw, each with the number of its turn."""
    if not names:
        return []
    from .clipart import pieces

    return [(turn, piece) for piece in pieces(names) for turn in range(CLIPART_LINES.get(piece.source, 1))]


def _draw_piece(seed: int, job: "tuple[int, Piece]") -> Sample | None:
    """Draw one piece of clip art; runs in a worker process."""
    from .clipart import draw_clipart

    turn, piece = job
    return draw_clipart(piece, np.random.default_rng([seed, turn, zlib.crc32(piece.name.encode())]))


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
