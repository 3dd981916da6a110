"""Measure how far color leaks through gaps in the line, by gap width: flood fill, LineFiller, and this library.

    python benchmarks/leaks.py

The rooms of each drawing in examples/sketches are what its unbroken line encloses. Then 60 discs, centered on the line,
are erased, and the broken drawing is segmented. A segment belongs to the room that it has most pixels of; its other
pixels have leaked. Printed are the share of all rooms' pixels that leaked, in percent, and the number of segments for
every room, both as means over the drawings: a segmentation that cuts all to pieces leaks nothing, and helps nobody.
Then, how many of the gaps `find_leaks` names: the share of its necks that lie in an erased disc, and their number.
"""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from salac import tbs
from salac.image import read_sketch

SKETCHES = sorted((Path(__file__).parent.parent / "examples" / "sketches").glob("*.png"))
GAPS = (0, 2, 4, 8, 12, 16, 24, 32)
GAPS_A_DRAWING = 60
SMALLEST_ROOM = 100

Sketch = NDArray[np.uint8]
Labels = NDArray[np.int32]


def flood(sketch: Sketch) -> Labels:
    """The 4-connected pieces of the paper."""
    labels: Labels = cv2.connectedComponents((sketch > 220).astype(np.uint8), connectivity=4)[1]
    return labels


def rooms(sketch: Sketch) -> Labels:
    """What the line encloses, but for specks; 0 elsewhere."""
    pieces = flood(sketch)
    large = np.bincount(pieces.ravel()) >= SMALLEST_ROOM
    large[0] = False
    return np.where(large, np.cumsum(large), 0)[pieces].astype(np.int32)


def erase_discs(sketch: Sketch, diameter: int, rng: np.random.Generator) -> Sketch:
    """The drawing with round holes in its line."""
    broken = sketch.copy()
    line = np.argwhere(sketch <= 220)
    ys, xs = np.mgrid[: sketch.shape[0], : sketch.shape[1]]
    for y, x in line[rng.choice(len(line), GAPS_A_DRAWING, replace=False)]:
        broken[4 * ((ys - y) ** 2 + (xs - x) ** 2) <= diameter**2] = 255
    return broken


def leak(segments: Labels, rooms: Labels) -> tuple[float, float]:
    """The share of the rooms' pixels that lie in a segment of another room, and the number of segments a room."""
    inside = (rooms > 0) & (segments > 0)
    table = np.zeros((int(segments.max()) + 1, int(rooms.max()) + 1), np.int64)
    np.add.at(table, (segments[inside], rooms[inside]), 1)
    leaked = table.sum() - table.max(axis=1).sum()
    return float(leaked / table.sum()), float(np.count_nonzero(table.sum(axis=1)) / rooms.max())


def named(broken: Sketch, sketch: Sketch) -> tuple[int, int]:
    """How many leaks are found in a broken drawing, and how many of them lie across an erased piece of its line."""
    erased = cv2.dilate((broken != sketch).astype(np.uint8), np.ones((5, 5), np.uint8))
    middles = [np.mean(leak.ends, axis=0).astype(int) for leak in tbs.find_leaks(tbs.segment(broken))]
    return len(middles), sum(int(erased[y, x]) for y, x in middles)


METHODS: dict[str, Callable[[Sketch], Labels]] = {
    "flood fill": flood,
    "LineFiller": lambda sketch: tbs.segment(sketch, mode="linefiller").labels,
    "radii 3, 2, 1": lambda sketch: tbs.segment(sketch, radii=(3, 2, 1)).labels,
    "default radii": lambda sketch: tbs.segment(sketch).labels,
    "with close_gaps": lambda sketch: tbs.segment(sketch, close_gaps=True).labels,
}


def main() -> None:
    sketches = [read_sketch(path) for path in SKETCHES]
    true_rooms = [rooms(sketch) for sketch in sketches]
    print("| gap, px | " + " | ".join(METHODS) + " |")
    print("|---|" + "---|" * len(METHODS))
    for gap in GAPS:
        cells = []
        broken = [erase_discs(sketch, gap, np.random.default_rng(0)) if gap else sketch for sketch in sketches]
        for method in METHODS.values():
            results = [leak(method(drawing), truth) for drawing, truth in zip(broken, true_rooms, strict=True)]
            leaked, pieces = np.mean(results, axis=0)
            cells.append(f"{100 * leaked:.1f} % ({pieces:.1f})")
        print(f"| {gap} | " + " | ".join(cells) + " |", flush=True)
    print("\n| gap, px | leaks named | of these in an erased disc |\n|---|---|---|")
    for gap in GAPS:
        broken = [erase_discs(sketch, gap, np.random.default_rng(0)) if gap else sketch for sketch in sketches]
        found = np.sum([named(*pair) for pair in zip(broken, sketches, strict=True)], axis=0)
        print(f"| {gap} | {found[0]} | {found[1]} |", flush=True)


if __name__ == "__main__":
    main()
