"""Where rooms may have run together: two lobes of one segment that hang together by a narrow neck.

Take the distance to the segment's edge for the depth of a lake, and let the water fall. Pixels come in from the deepest
to the shallowest; those that touch make up a lake. At first there is a lake in every lobe; where two of them meet is
the neck between them, and its depth there is half its width.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from salac._tbs.jit import kernel
from salac.types import Leak

Labels = NDArray[np.int32]
Lakes = NDArray[np.int32]
"""(H * W,): 0 where nothing has come in yet, 1 + another pixel of the same lake, or minus the lake's area at its root:
union-find in one array."""

ROOMY = 2.0
"""In either lobe there has to be room for a ball this many times as wide as the neck."""
ACROSS = -0.5
"""The cosine of the least angle between the two ends of a neck, seen from between them: 120 degrees."""
LEVELS = 8
"""To so many parts of a pixel are depths told apart."""


def find_necks(labels: Labels, widest: float, lobe_area: int) -> list[Leak]:
    """Find the necks of all segments, the widest first.

    Args:
        labels: int32 (H, W), 0 = line.
        widest: wider passages are no necks, in pixels.
        lobe_area: lobes of fewer pixels are none, counted without what is shallower than the neck.
    """
    depth = _depth(labels)
    # What is too deep for a neck comes in first, all at once.
    deepest = int(LEVELS * (widest / 2 + 1))
    order = np.empty(np.count_nonzero(labels), np.int32)
    _sort_by_depth(labels.reshape(-1), depth.reshape(-1), deepest, order)
    lakes = np.zeros(labels.size, np.int32)
    found = _fill_lakes(labels, depth.reshape(-1), order, lakes, widest, lobe_area)
    leaks = []
    for pixel, other_pixel, y, x, other_y, other_x in found:
        root, other_root = _root(lakes, pixel), _root(lakes, other_pixel)
        # Two lakes may yet have met where it is wide, by the picture's frame.
        if root != other_root:
            segment = int(labels.reshape(-1)[pixel])
            width = math.hypot(y - other_y, x - other_x) - 1
            leaks.append(
                Leak(segment, ((y, x), (other_y, other_x)), width, (int(-lakes[root]), int(-lakes[other_root])))
            )
    return leaks


def _depth(labels: Labels) -> NDArray[np.float32]:
    """How far every pixel is from the next that is not of its segment; the frame is no edge."""
    inside = (labels != 0).astype(np.uint8)
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        edge = labels[one] != labels[other]
        inside[one][edge] = 0
        inside[other][edge] = 0
    depth: NDArray[np.float32] = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_5)
    depth += 1
    return depth


@kernel
def _sort_by_depth(labels: Labels, depth: NDArray[np.float32], deepest: int, order: NDArray[np.int32]) -> None:
    """Enter the pixels of segments into `order`, the deepest first (counting sort)."""
    first = np.zeros(deepest + 2, np.int64)
    for pixel in range(labels.size):
        if labels[pixel] != 0:
            first[deepest - min(int(LEVELS * depth[pixel]), deepest) + 1] += 1
    for level in range(deepest):
        first[level + 1] += first[level]
    for pixel in range(labels.size):
        if labels[pixel] != 0:
            level = deepest - min(int(LEVELS * depth[pixel]), deepest)
            order[first[level]] = pixel
            first[level] += 1


@kernel
def _fill_lakes(
    labels: Labels, depth: NDArray[np.float32], order: NDArray[np.int32], lakes: Lakes, widest: float, lobe_area: int
) -> list[tuple[int, int, int, int, int, int]]:
    """Let pixels come in, and note the necks: a pixel of either lake, and the neck's ends."""
    height, width = labels.shape
    segment = labels.reshape(-1)
    necks = [(0, 0, 0, 0, 0, 0) for _ in range(0)]
    for pixel in order:
        y, x = pixel // width, pixel % width
        lakes[pixel] = -1
        for dy, dx in ((-1, 0), (0, -1), (0, 1), (1, 0)):
            if y + dy < 0 or y + dy >= height or x + dx < 0 or x + dx >= width:
                continue
            beside = pixel + dy * width + dx
            if lakes[beside] == 0 or segment[beside] != segment[pixel]:
                continue
            one, other = _root(lakes, pixel), _root(lakes, beside)
            if one == other:
                continue
            # The root of a lake is the pixel that came in first, its deepest.
            narrow = min(depth[one], depth[other]) >= ROOMY * depth[pixel] and 2 * depth[pixel] - 1 <= widest
            if narrow and min(-lakes[one], -lakes[other]) >= lobe_area:
                if _is_known(necks, lakes, one, other, y, x):
                    continue
                ends = _ends(labels, y, x, int(1.5 * depth[pixel]) + 2)
                if ends[0] >= 0:
                    necks.append((one, other, ends[0], ends[1], ends[2], ends[3]))
                    continue
            if depth[one] < depth[other]:
                one, other = other, one
            lakes[one] += lakes[other]
            lakes[other] = one + 1
    return necks


@kernel
def _root(lakes: Lakes, pixel: int) -> int:
    """The first pixel of a pixel's lake, shortening the way there."""
    while lakes[pixel] > 0:
        above = lakes[pixel] - 1
        if lakes[above] > 0:
            lakes[pixel] = lakes[above]
        pixel = above
    return pixel


@kernel
def _is_known(
    necks: list[tuple[int, int, int, int, int, int]], lakes: Lakes, one: int, other: int, y: int, x: int
) -> bool:
    """Whether a neck between two lakes, given by their roots, runs by this pixel.

    Once two lakes have met, they meet all along the line across their neck; further off is another one.
    """
    for pixel, other_pixel, end_y, end_x, other_y, other_x in necks:
        a, b = _root(lakes, pixel), _root(lakes, other_pixel)
        if (a == one and b == other) or (a == other and b == one):
            off = np.hypot(y - (end_y + other_y) / 2, x - (end_x + other_x) / 2)
            if off <= 2 * np.hypot(end_y - other_y, end_x - other_x):
                return True
    return False


@kernel
def _ends(labels: Labels, y: int, x: int, reach: int) -> tuple[int, int, int, int]:
    """The nearest pixels y, x of something else on two sides of a pixel, within `reach` rows and columns; or -1."""
    nearest = opposite = 2 * reach * reach + 1
    end_y = end_x = other_y = other_x = -1
    top, bottom = max(y - reach, 0), min(y + reach + 1, labels.shape[0])
    left, right = max(x - reach, 0), min(x + reach + 1, labels.shape[1])
    for v in range(top, bottom):
        for u in range(left, right):
            square = (v - y) ** 2 + (u - x) ** 2
            if labels[v, u] != labels[y, x] and square < nearest:
                nearest, end_y, end_x = square, v, u
    for v in range(top, bottom):
        for u in range(left, right):
            square = (v - y) ** 2 + (u - x) ** 2
            across = (v - y) * (end_y - y) + (u - x) * (end_x - x) <= ACROSS * np.sqrt(square * nearest)
            if labels[v, u] != labels[y, x] and across and square < opposite:
                opposite, other_y, other_x = square, v, u
    if other_y < 0:
        end_y = -1
    return end_y, end_x, other_y, other_x
