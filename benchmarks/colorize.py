"""Time the chain, stage by stage: `python benchmarks/colorize.py [SIDE ...]`.

Medians of warm calls on one drawing of the examples, resized: wall-clock milliseconds, and shares of the whole.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

import cv2
import torch

import salac
from salac.image import read_drawing

SKETCH = Path(__file__).parent.parent / "examples" / "sketches" / "portrait.png"
CALLS = 9

T = TypeVar("T")


def main() -> None:
    colorizer = salac.Colorizer.from_pretrained()
    drawing = read_drawing(SKETCH)
    print(f"{torch.get_num_threads()} threads, {colorizer.refiner.net.device}")
    for side in [int(a) for a in sys.argv[1:]] or [512, 1024, 2048]:
        shape = side, round(side * drawing.shape[0] / drawing.shape[1])
        benchmark(colorizer, cv2.resize(drawing, shape, interpolation=cv2.INTER_AREA))


def benchmark(colorizer: salac.Colorizer, sketch) -> None:
    """Print one table."""
    times: dict[str, float] = {}

    def timed(name: str, call: Callable[[], T]) -> T:
        result = call()
        seconds = []
        for _ in range(CALLS):
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
        times[name] = 1000 * median(seconds)
        return result

    gray = timed("read", lambda: read_drawing(sketch))
    segments = timed("segments", lambda: salac.segment(gray))
    covering = timed("segments over lines", segments.nearest)
    clusters = timed("style clusters", lambda: colorizer.style_clusters(gray, covering))
    categories = timed("color categories", lambda: colorizer.color_categories(gray, covering, clusters))
    histogram = timed("histogram", lambda: colorizer.histograms.sample(1))
    propose = timed("proposal, drawing", lambda: colorizer.color_proposal.on(gray, covering, categories))
    proposal = timed("proposal, colors", lambda: propose(histogram))
    timed("refinement", lambda: colorizer.refiner(gray, covering, proposal=proposal))
    timed("whole", lambda: colorizer(sketch))
    timed("flats", lambda: colorizer(sketch, refine=False))
    variations = colorizer.variations(sketch, CALLS + 1)
    timed("a further variation", lambda: next(variations).image)
    print(f"\n{sketch.shape[1]} x {sketch.shape[0]} px, {segments.count} segments")
    for name, milliseconds in times.items():
        print(f"{name:>20} {milliseconds:8.1f} ms {milliseconds / times['whole']:6.1%}")


if __name__ == "__main__":
    main()
