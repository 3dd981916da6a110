"""What the benchmarks compare with: LineFiller, and the same tasks in plain OpenCV and numpy."""

import heapq
import logging
import sys
from collections.abc import Callable, Sequence
from types import ModuleType

import cv2
import numpy as np
from numpy.typing import NDArray

from salac._tbs.morphology import disc

MERGE_AREA, SLIVER_AREA = 50, 500


def load_linefiller(folder: str) -> Callable[[NDArray[np.uint8]], NDArray[np.int64]]:
    """The steps of LineFiller's README, up to its map without contours, from a checkout of it."""
    # Its own logger opens a file in the working folder; it is left out.
    quiet = ModuleType("log.logger")
    quiet.logger = logging.getLogger("linefiller")  # type: ignore[attr-defined]
    sys.modules["log"], sys.modules["log.logger"] = ModuleType("log"), quiet
    sys.path.insert(0, folder)
    from linefiller import thinning
    from linefiller import trappedball_fill as trapped

    def linefiller(sketch: NDArray[np.uint8]) -> NDArray[np.int64]:
        unfilled = cv2.threshold(sketch, 220, 255, cv2.THRESH_BINARY)[1]
        fills = []
        for radius, method in ((3, "max"), (2, "mean"), (1, "mean")):
            found = trapped.trapped_ball_fill_multi(unfilled, radius, method=method)
            fills += found
            unfilled = trapped.mark_fill(unfilled, found)
        fills += trapped.flood_fill_multi(unfilled)
        labels: NDArray[np.int64] = thinning.thinning(trapped.merge_fill(trapped.build_fill_map(unfilled, fills)))
        return labels

    return linefiller


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
