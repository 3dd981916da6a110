"""Time trapped-ball segmentation and segment fills beside plain OpenCV and numpy, in one run on one machine.

    python benchmarks/segmentation.py [SIDE ...]

Prints medians in milliseconds and the ratio to the baseline. The drawings are made here, of one seed. The OpenCV
baseline is the same algorithm without kernels: erode, label, dilate labels, then the same merging over a dictionary.
"""

import heapq
import sys
import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from salac import tbs
from salac._tbs.chamfer import spread
from salac._tbs.morphology import disc

SIDES = (512, 1024, 2048, 4096)
RADII = (3, 2, 1)
MERGE_AREA, SLIVER_AREA = 50, 500


def drawing(side: int, seed: int = 0) -> NDArray[np.uint8]:
    """Curves and open ellipses, about as many as in a character drawing, with strokes that scale with the side."""
    rng = np.random.default_rng(seed)
    scale = side / 512
    stroke = max(round(1.5 * scale), 1)
    sketch = np.full((side, side), 255, np.uint8)
    t = np.linspace(0, 1, 120)[:, None]
    for _ in range(16):
        p, q, r, s = rng.uniform(-0.1, 1.1, (4, 2)) * side
        curve = (1 - t) ** 3 * p + 3 * (1 - t) ** 2 * t * q + 3 * (1 - t) * t**2 * r + t**3 * s
        cv2.polylines(sketch, [curve.round().astype(np.int32)], False, 0, stroke, cv2.LINE_AA)
    for _ in range(24):
        center = rng.integers(0, side, 2).tolist()
        axes = (rng.integers(3, 50, 2) * scale).astype(int).tolist()
        cv2.ellipse(sketch, center, axes, float(rng.uniform(0, 180)), 15, 350, 0, stroke, cv2.LINE_AA)
    return sketch


def median_ms(function: Callable[[], object], seconds: float = 1.5) -> float:
    """The median time of a call, warm; of a single one where that already takes too long."""
    function()
    times: list[float] = []
    while not times or (sum(times) < seconds and len(times) < 50):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1000


def segment_with_opencv(sketch: NDArray[np.uint8], radii: Sequence[int]) -> NDArray[np.int32]:
    """Trapped balls with OpenCV and numpy alone."""
    free = (sketch > 220).astype(np.uint8)
    labels = np.zeros(free.shape, np.int32)
    for radius in radii:
        half_width = disc(radius)
        ball = np.zeros((2 * radius + 1, 2 * radius + 1), np.uint8)
        for dy in range(-radius, radius + 1):
            reach = half_width[abs(dy)]
            ball[radius + dy, radius - reach : radius + reach + 1] = 1
        count, cores = cv2.connectedComponents(cv2.erode(free, ball), connectivity=8)
        covered = cv2.dilate(cores.astype(np.uint16 if count < 1 << 16 else np.float32), ball).astype(np.int32)
        labels[covered > 0] = covered[covered > 0] + labels.max()
        free[covered > 0] = 0
    balls = int(labels.max())
    leftovers = cv2.connectedComponents(free, connectivity=4)[1]
    labels[leftovers > 0] = leftovers[leftovers > 0] + balls
    return merge_in_python(labels, balls)


def merge_in_python(labels: NDArray[np.int32], balls: int) -> NDArray[np.int32]:
    """Merge small regions into their longest contacts, over a dictionary of contacts; ids above `balls` are slivers."""
    area = np.bincount(labels.ravel()).tolist()
    area[0] = 0
    smallest = [MERGE_AREA if region <= balls else SLIVER_AREA for region in range(len(area))]
    contacts: dict[int, dict[int, int]] = {}
    for one, other in ((labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])):
        touch = (one != other) & (one > 0) & (other > 0)
        low, high = np.minimum(one[touch], other[touch]), np.maximum(one[touch], other[touch])
        pairs, lengths = np.unique(low.astype(np.int64) << 32 | high, return_counts=True)
        for pair, length in zip(pairs.tolist(), lengths.tolist(), strict=True):
            a, b = pair >> 32, pair & 0xFFFFFFFF
            contacts.setdefault(a, {})[b] = contacts.get(a, {}).get(b, 0) + length
            contacts.setdefault(b, {})[a] = contacts[a][b]
    owner = np.arange(len(area))
    queue = [(area[region], region) for region in contacts if area[region] < smallest[region]]
    heapq.heapify(queue)
    while queue:
        size, region = heapq.heappop(queue)
        if owner[region] != region or area[region] != size or not contacts[region]:
            continue
        best = max(contacts[region], key=lambda near: (contacts[region][near], area[near], -near))
        for near, length in contacts.pop(region).items():
            del contacts[near][region]
            if near != best:
                contacts[best][near] = contacts[near][best] = contacts[best].get(near, 0) + length
        owner[region] = best
        area[best] += size
        if area[best] < smallest[best]:
            heapq.heappush(queue, (area[best], best))
    while np.any(owner[owner] != owner):
        owner = owner[owner]
    return owner.astype(np.int32)[labels]


def fill_with_masks(labels: NDArray[np.int32], illustration: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Algorithm 2 as it is usually written: a mask a segment."""
    filled = np.full_like(illustration, 255)
    for label in range(1, labels.max() + 1):
        inside = labels == label
        filled[inside] = np.percentile(illustration[inside], 50, axis=0, method="lower")
    return filled


def nearest_with_opencv(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """The nearest labelled pixel by OpenCV's distance transform."""
    line = (labels == 0).astype(np.uint8)
    _, nearest = cv2.distanceTransformWithLabels(line, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    label_of_pixel = np.zeros(nearest.max() + 1, np.int32)
    label_of_pixel[nearest[line == 0]] = labels[line == 0]
    return label_of_pixel[nearest]


def main(sides: Sequence[int]) -> None:
    print(f"{'side':>5} {'task':28} {'salac ms':>9} {'baseline ms':>12} {'ratio':>7}")
    for side in sides:
        sketch = drawing(side)
        illustration = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
        segments = tbs.segment(sketch)
        labels = segments.labels
        rows: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
            (
                "segment, radii 3, 2, 1",
                lambda: tbs.segment(sketch, radii=RADII, merge_area=MERGE_AREA, sliver_area=SLIVER_AREA),  # noqa: B023
                lambda: segment_with_opencv(sketch, RADII),  # noqa: B023
            ),
            (
                f"segment, default {max(tbs.default_radii(side, side))}, ...",
                lambda: tbs.segment(sketch),  # noqa: B023
                lambda: segment_with_opencv(sketch, tbs.default_radii(side, side)),  # noqa: B023
            ),
            (
                f"median fill, {segments.count} segments",
                lambda: tbs.fill_segments(segments, illustration),  # noqa: B023
                lambda: fill_with_masks(labels, illustration),  # noqa: B023
            ),
            (
                "nearest segment of line",
                lambda: spread(labels),  # noqa: B023
                lambda: nearest_with_opencv(labels),  # noqa: B023
            ),
        ]
        for task, ours, baseline in rows:
            fast, slow = median_ms(ours), median_ms(baseline)
            print(f"{side:5} {task:28} {fast:9.2f} {slow:12.2f} {slow / fast:6.1f}x", flush=True)


if __name__ == "__main__":
    main([int(side) for side in sys.argv[1:]] or SIDES)
