"""Time LineFiller beside this library on the drawings in examples/sketches, and check that mode "linefiller" is equal.

    python benchmarks/linefiller.py FOLDER

FOLDER is a checkout of https://github.com/hepesu/LineFiller. Printed are the medians of processor time in milliseconds,
of one thread (LineFiller's of a single call), and the ratios.
"""

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from salac import tbs
from salac.image import read_sketch

SKETCHES = sorted((Path(__file__).parent.parent / "examples" / "sketches").glob("*.png"))


def load_linefiller(folder: str) -> tuple[Any, Any]:
    """LineFiller's two modules; its own logger, which opens a file in the working folder, is left out."""
    quiet = ModuleType("log.logger")
    quiet.logger = logging.getLogger("linefiller")  # type: ignore[attr-defined]
    sys.modules["log"], sys.modules["log.logger"] = ModuleType("log"), quiet
    sys.path.insert(0, folder)
    from linefiller import thinning, trappedball_fill

    return trappedball_fill, thinning


def processor_ms(function: Callable[[], Any], calls: int) -> tuple[float, Any]:
    """The median processor time of a call, and its result."""
    times = []
    for _ in range(calls):
        start = time.process_time()
        result = function()
        times.append(time.process_time() - start)
    return float(np.median(times)) * 1000, result


def main(folder: str) -> None:
    cv2.setNumThreads(1)
    trapped, thinning = load_linefiller(folder)

    def linefiller(sketch: NDArray[np.uint8]) -> NDArray[np.int64]:
        """The steps of LineFiller's README, up to its map without contours."""
        unfilled = cv2.threshold(sketch, 220, 255, cv2.THRESH_BINARY)[1]
        fills = []
        for radius, method in ((3, "max"), (2, "mean"), (1, "mean")):
            found = trapped.trapped_ball_fill_multi(unfilled, radius, method=method)
            fills += found
            unfilled = trapped.mark_fill(unfilled, found)
        fills += trapped.flood_fill_multi(unfilled)
        labels: NDArray[np.int64] = thinning.thinning(trapped.merge_fill(trapped.build_fill_map(unfilled, fills)))
        return labels

    tbs.linefiller(read_sketch(SKETCHES[0]))
    tbs.segment(read_sketch(SKETCHES[0]), lines="nearest")
    print('| drawing | size | LineFiller, ms | mode="linefiller", ms | ratio | mode="fast", ms | ratio |')
    print("|---|---|---|---|---|---|---|")
    for path in SKETCHES:
        sketch = read_sketch(path)
        slow, expected = processor_ms(lambda: linefiller(sketch), calls=1)  # noqa: B023
        equal, result = processor_ms(lambda: tbs.linefiller(sketch), calls=9)  # noqa: B023
        fast, _ = processor_ms(lambda: tbs.segment(sketch, lines="nearest"), calls=9)  # noqa: B023
        np.testing.assert_array_equal(result.labels, expected)
        drawing = f"{path.stem} | {sketch.shape[1]} x {sketch.shape[0]}"
        ours = f"{equal:.0f} | {slow / equal:.0f}x | {fast:.1f} | {slow / fast:.0f}x"
        print(f"| {drawing} | {slow:.0f} | {ours} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
