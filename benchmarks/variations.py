"""Time many variations of one drawing: `python benchmarks/variations.py [N]`.

Variations in a second of CPU time, refined and flat, and the peak of memory for some and for many; then why they are
not batched: what a net takes for each of a batch, and whether it says of each what it says of it alone.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import torch
from torch import Tensor

import salac
from salac.image import read_drawing

SKETCH = Path(__file__).parent.parent / "examples" / "sketches" / "portrait.png"
SIDE = 512
BATCHES = 1, 2, 4, 8, 16


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    colorizer = salac.Colorizer.from_pretrained()
    sketch = cv2.resize(read_drawing(SKETCH), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    print(f"{SIDE} x {SIDE} px, {torch.get_num_threads()} threads, {colorizer.refiner.net.device}")
    for refine in (True, False):
        for n in (count // 10, count):
            variations = colorizer.variations(sketch, n + 1, refine=refine)
            next(variations)
            start = time.process_time()
            for result in variations:
                result.image  # noqa: B018
            seconds = (time.process_time() - start) / n
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            kind = "refined" if refine else "flat"
            print(f"{n:>6} {kind:<8} {1000 * seconds:6.1f} ms each, {1 / seconds:5.1f}/s; peak {peak:.0f} MiB so far")
    with torch.inference_mode():
        net = colorizer.refiner.net.module
        size = net.config.size
        inputs = torch.rand(max(BATCHES), 1, size, size), torch.rand(max(BATCHES), 3, size, size)
        batches("refiner", lambda n: net(*(x[:n] for x in inputs)), inputs, net)


def batches(name: str, run: Callable[[int], Tensor], inputs: tuple[Tensor, ...], net: Callable[..., Tensor]) -> None:
    """Print what one of a batch costs, and whether it comes out as it does alone."""
    alone = [net(*(x[k : k + 1] for x in inputs)) for k in range(max(BATCHES))]
    for n in BATCHES:
        run(n)
        start = time.process_time()
        for _ in range(4):
            out = run(n)
        cost = (time.process_time() - start) / 4 / n
        equal = all(torch.equal(out[k : k + 1], alone[k]) for k in range(n))
        print(f"{name}, batch of {n:>2}: {1000 * cost:6.1f} ms each, {'equal bits' if equal else 'other bits'}")


if __name__ == "__main__":
    main()
