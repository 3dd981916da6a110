"""Time LineFiller beside this library on the drawings in examples/sketches, and check that mode "linefiller" is equal.

    python benchmarks/linefiller.py FOLDER

FOLDER is a checkout of https://github.com/hepesu/LineFiller. Printed are the medians of processor time in milliseconds,
of one thread (LineFiller's of a single call), and the ratios.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from baselines import load_linefiller

from salac import tbs
from salac.image import read_sketch

SKETCHES = sorted((Path(__file__).parent.parent / "examples" / "sketches").glob("*.png"))


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
    linefiller = load_linefiller(folder)
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
