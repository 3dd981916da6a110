"""Count drawings a second against workers: `python benchmarks/batch.py [DRAWINGS] [WORKERS ...]`.

The clock starts when every worker has finished its first drawing: starting Ray and loading models is told apart. The
drawings are those of examples/sketches at 512 px, again and again; each gets one result, then eight.
"""

import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

import cv2

import salac
from salac.batches.records import Record
from salac.image import read_drawing, write_picture

SKETCHES = Path(__file__).parent.parent / "examples" / "sketches"
SIDE = 512


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 48
    crews = [int(word) for word in sys.argv[2:]] or [1, 2]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "in").mkdir()
        for number, path in enumerate(islice(cycle(sorted(SKETCHES.glob("*.png"))), count)):
            sketch = read_drawing(path)
            scale = SIDE / max(sketch.shape)
            small = cv2.resize(sketch, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            write_picture(folder / "in" / f"{number}.png", small)
        for n in (1, 8):
            single = 0.0
            for workers in crews:
                start, rate = measure(folder, workers, n)
                single = single or rate
                print(
                    f"{workers:>3} workers, {n} results each: {rate:6.2f} drawings/s, {n * rate:6.2f} results/s, "
                    f"{rate / single:4.2f} times the first; ready after {start:.1f} s",
                    flush=True,
                )


def measure(folder: Path, workers: int, n: int) -> tuple[float, float]:
    """Seconds until every worker has finished a drawing, and drawings a second from then on."""
    begin = time.perf_counter()
    seen = set[str]()
    times: list[float] = []
    """Of the drawings that were finished since all workers had finished one, s."""

    def clock(finished: int, total: int, record: Record) -> None:
        seen.add(record.worker)
        if len(seen) == workers:
            times.append(time.perf_counter() - begin)

    salac.batch(folder / "in", folder / f"{workers}-{n}", n=n, workers=workers, device="cpu", progress=clock)
    return times[0], (len(times) - 1) / (times[-1] - times[0])


if __name__ == "__main__":
    main()
