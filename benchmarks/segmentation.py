"""Time trapped-ball segmentation and segment fills beside OpenCV, numpy and LineFiller, in one run on one machine.

    python benchmarks/segmentation.py [FOLDER_OF_LINEFILLER] [SIDE ...]

Prints medians of processor time, of one thread, in milliseconds; how they compare with a baseline's; the memory that a
call adds at its peak; and the cost of a pixel beside that at the side before. Drawings are made here, of one seed,
typical and dense ones. Baselines:

- OpenCV: the same algorithm without kernels (erode, label, dilate labels, then the same merging over a dictionary);
- floor: packing the pixels and painting a label map, which no segmentation on packed rows can do without;
- LineFiller, from a checkout of https://github.com/hepesu/LineFiller, once a side and at most at 1024 px: it takes
  minutes beyond.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import cv2
import numpy as np
from baselines import (
    MERGE_AREA,
    SLIVER_AREA,
    fill_with_masks,
    load_linefiller,
    nearest_with_opencv,
    segment_with_opencv,
)
from numpy.typing import NDArray

from salac import tbs
from salac._tbs.bits import pack, runs
from salac._tbs.chamfer import spread
from salac._tbs.paint import paint_labels
from salac.types import Segments

SIDES = (512, 1024, 2048, 4096)
RADII = (3, 2, 1)
DRAWINGS = {"typical": 1, "dense": 4}
"""How many times as many strokes as in a character drawing."""
LARGEST_FOR_LINEFILLER = 1024
LARGEST_FOR_MASKS = 2048

Call = Callable[[], object]


def drawing(side: int, density: int = 1, seed: int = 0) -> NDArray[np.uint8]:
    """Curves and open ellipses, at density 1 about as many as in a character drawing; strokes scale with the side."""
    rng = np.random.default_rng(seed)
    scale = side / 512
    stroke = max(round(1.5 * scale), 1)
    sketch = np.full((side, side), 255, np.uint8)
    t = np.linspace(0, 1, 120)[:, None]
    for _ in range(16 * density):
        p, q, r, s = rng.uniform(-0.1, 1.1, (4, 2)) * side
        curve = (1 - t) ** 3 * p + 3 * (1 - t) ** 2 * t * q + 3 * (1 - t) * t**2 * r + t**3 * s
        cv2.polylines(sketch, [curve.round().astype(np.int32)], False, 0, stroke, cv2.LINE_AA)
    for _ in range(24 * density):
        center = rng.integers(0, side, 2).tolist()
        axes = (rng.integers(3, 50, 2) * scale).astype(int).tolist()
        cv2.ellipse(sketch, center, axes, float(rng.uniform(0, 180)), 15, 350, 0, stroke, cv2.LINE_AA)
    return sketch


def median_ms(function: Call, seconds: float = 0.7) -> float:
    """The median processor time of a call, warm; of the first one where that already takes too long."""
    first = processor_seconds(function)
    if first > seconds:
        return first * 1000
    times: list[float] = []
    while sum(times) < seconds and len(times) < 50:
        times.append(processor_seconds(function))
    return float(np.median(times)) * 1000


def processor_seconds(function: Call) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


def peak_mb(function: Callable[[], object]) -> float:
    """The most memory that a call adds: numpy's arrays, the result included."""
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def pack_and_paint(sketch: NDArray[np.uint8], segments: Segments) -> Callable[[], object]:
    """What no segmentation on packed rows can do without: read and pack the pixels, write a label for each."""
    width = sketch.shape[1]
    spans = runs(pack(sketch > 220), width, label=1)
    ids = np.arange(segments.count + 1, dtype=np.int32)

    def floor() -> None:
        pack(sketch > 220)
        paint_labels(spans, ids, width)

    return floor


def tasks(
    sketch: NDArray[np.uint8], linefiller: Callable[[NDArray[np.uint8]], object] | None
) -> Iterator[tuple[str, Call, str, Call | None]]:
    """What is timed: its name, ours, the baseline's name, the baseline."""
    side = sketch.shape[0]
    illustration = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
    segments = tbs.segment(sketch)
    fast = partial(tbs.segment, sketch, radii=RADII, merge_area=MERGE_AREA, sliver_area=SLIVER_AREA)
    plain = partial(tbs.segment, sketch)
    exact = partial(tbs.linefiller, sketch)
    slow = partial(linefiller, sketch) if linefiller and side <= LARGEST_FOR_LINEFILLER else None
    masks = partial(fill_with_masks, segments.labels, illustration) if side <= LARGEST_FOR_MASKS else None
    yield "segment, radii 3, 2, 1", fast, "OpenCV", partial(segment_with_opencv, sketch, RADII)
    yield "segment, radii 3, 2, 1", fast, "floor", pack_and_paint(sketch, segments)
    yield "segment, radii 3, 2, 1", fast, "LineFiller", slow
    yield "mode linefiller", exact, "LineFiller", slow
    yield "segment", plain, "OpenCV", partial(segment_with_opencv, sketch, tbs.default_radii(side, side))
    yield "segment, close_gaps", partial(tbs.segment, sketch, close_gaps=True), "segment", plain
    yield (
        "nearest segment of line",
        partial(spread, segments.labels),
        "OpenCV",
        partial(nearest_with_opencv, segments.labels),
    )
    yield "median fill", partial(tbs.fill_segments, segments, illustration), "masks", masks
    yield "find_leaks", partial(tbs.find_leaks, segments), "", None


def compared(ms: float, baseline: float) -> str:
    return f"{baseline / ms:.1f}x faster" if ms < baseline else f"{ms / baseline:.1f}x the cost"


def main(arguments: Sequence[str]) -> None:
    cv2.setNumThreads(1)
    sides = [int(argument) for argument in arguments if argument.isdecimal()] or SIDES
    folders = [argument for argument in arguments if not argument.isdecimal()]
    linefiller = load_linefiller(folders[0]) if folders else None
    before: dict[tuple[str, str], float] = {}
    now: dict[tuple[str, str], float] = {}
    print(f"{'side':>5} {'drawing':8} {'task':24} {'ms':>9} {'growth':>7} {'MB':>7} {'baseline':11} {'ms':>9}")
    for side in sides:
        for kind, density in DRAWINGS.items():
            for task, ours, against, baseline in tasks(drawing(side, density), linefiller):
                ms = median_ms(ours)
                name = f"{side:5} {kind:8} {task:24}"
                growth = f"{ms / side**2 / before[kind, task]:.2f}x" if before.get((kind, task)) else ""
                line = f"{name} {ms:9.2f} {growth:>7} {peak_mb(ours):7.1f}"
                if baseline:
                    other = median_ms(baseline)
                    line += f" {against:11} {other:9.2f}, {compared(ms, other)}"
                print(line, flush=True)
                now[kind, task] = ms / side**2
        before, now = now, {}


if __name__ == "__main__":
    main(sys.argv[1:])
