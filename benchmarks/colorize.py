"""Time the chain, stage by stage, and beside AlacGAN: `python benchmarks/colorize.py [SIDE ...]`.

Medians of warm calls on one drawing of the examples, resized: wall-clock milliseconds, and shares of the whole. At the
first size the whole then takes turns with a single pass of AlacGAN over as many pixels, so that what else the machine
does troubles both alike. Its generator has random weights, which take the same time as trained ones.
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
from salac.evaluation.lpips import vgg_weights
from salac.image import read_drawing
from salac.stages.view import reduce_sketch
from salac.training.baselines.alacgan import WIDTH, AlacganGenerator, see
from salac.training.baselines.picture import MULTIPLE

SKETCH = Path(__file__).parent.parent / "examples" / "sketches" / "portrait.png"
CALLS, TURNS = 9, 5
WIDTHS = {"as wide as in its paper": 4 * WIDTH, "as our baseline": WIDTH}

T = TypeVar("T")


def main() -> None:
    colorizer = salac.Colorizer.from_pretrained()
    drawing = read_drawing(SKETCH)
    print(f"{torch.get_num_threads()} threads, {colorizer.refiner.net.device}")
    sides = [int(a) for a in sys.argv[1:]] or [512, 1024, 2048]
    sketches = []
    for side in sides:
        shape = side, round(side * drawing.shape[0] / drawing.shape[1])
        sketches.append(cv2.resize(drawing, shape, interpolation=cv2.INTER_AREA))
        benchmark(colorizer, sketches[-1])
    compare(colorizer, sketches[0])


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


def compare(colorizer: salac.Colorizer, sketch) -> None:
    """Print how the whole stands beside AlacGAN in automatic mode, in wall-clock and in processor time."""
    vgg = vgg_weights()
    shape = tuple(MULTIPLE * round(n / MULTIPLE) for n in sketch.shape)
    print(f"\n{sketch.shape[1]} x {sketch.shape[0]} px beside AlacGAN's {shape[1]} x {shape[0]}")

    def one_pass(net: AlacganGenerator) -> Callable[[], object]:
        def run() -> object:
            small = torch.from_numpy(reduce_sketch(read_drawing(sketch), shape))
            with torch.inference_mode():
                return net(small, see(vgg, small))

        return run

    ours = "ours, whole"
    calls = {ours: lambda: colorizer(sketch).image}
    calls |= {f"AlacGAN, {how}": one_pass(AlacganGenerator(width).eval()) for how, width in WIDTHS.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for turn in range(TURNS + 1):
        for name, call in calls.items():
            start = time.perf_counter(), time.process_time()
            call()
            if turn:  # the first is not warm
                times[name].append((time.perf_counter() - start[0], time.process_time() - start[1]))
    for name, seconds in times.items():
        wall, cpu = (1000 * median(column) for column in zip(*seconds, strict=True))
        turns = list(zip(seconds, times[ours], strict=True))
        ratios = [median(theirs[k] / our[k] for theirs, our in turns) for k in (0, 1)]
        print(f"{name:>32} {wall:8.1f} ms, {cpu:8.1f} ms of CPU; {ratios[0]:5.2f} and {ratios[1]:5.2f} times ours")


if __name__ == "__main__":
    main()
