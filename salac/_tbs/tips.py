"""Open stroke ends: where the outline of the line turns back on itself.

Walk along the outline of the ink. Beside a stroke, the points some steps back and some steps on lie far apart; at its
end they lie on its two sides, no further apart than it is broad:

        c---------a--.
          (n)     (m)  i       a, b: a number of steps before and after i, and m their middle;
        d---------b--'         c, d: twice as many, and n their middle

An end at i is longer (m to i) than broad (a to b), does not widen from there (c to d) as an angle would, and holds ink
at m and n. The stroke's axis runs from n to m. After Fourey, Tschumperlé and Revoy (2018), who look for points of high
curvature on the outline.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from salac._tbs.jit import kernel

Points = NDArray[np.float32]
"""(n, 2): y, x."""

STEPS = (4, 6, 9, 13, 20, 30, 45, 68)
"""The numbers of steps that are tried; an end shows where they are one and a half times its breadth."""
WIDENING = 1.5
"""How many times as broad an end may be at twice the steps, beside a pixel for the grid; an angle is twice as broad."""
FRAME = 2
"""What ends within so many pixels of the frame is cut off by it, and no end."""


class Tips(NamedTuple):
    """Open ends of strokes, in raster order of `point`.

    Attributes:
        point: (n, 2): the outermost point on the stroke's axis.
        root: (n, 2): a point on the axis further back, which is ink.
        direction: (n, 2): unit vectors along the axis, the way that the stroke would go on.
    """

    point: Points
    root: Points
    direction: Points


def find_tips(ink: NDArray[np.uint8]) -> Tips:
    """Find the open ends of the strokes in a mask (H, W) of ink, 0 elsewhere."""
    outlines = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]
    outlines = [outline for outline in outlines if len(outline) >= 4 * STEPS[0]]
    if not outlines:
        return Tips(*np.empty((3, 0, 2), np.float32))
    first = np.cumsum([0, *map(len, outlines)])
    points = np.concatenate(outlines)[:, 0, ::-1].astype(np.float32)
    tips = Tips(*np.empty((3, len(points), 2), np.float32))
    count = _find_tips(ink, points, first, tips)
    in_raster_order = np.lexsort((tips.point[:count, 1], tips.point[:count, 0]))
    return Tips(*(values[:count][in_raster_order] for values in tips))


@kernel
def _find_tips(ink: NDArray[np.uint8], points: Points, first: NDArray[np.int64], tips: Tips) -> int:
    """Enter the ends along the outlines points[first[k]:first[k + 1]] into `tips`; how many there are."""
    height, width = ink.shape
    is_tip = np.zeros(points.shape[0], np.bool_)
    excess = np.empty(points.shape[0], np.float32)
    count = 0
    for k in range(first.size - 1):
        outline = points[first[k] : first[k + 1]]
        found, longer = is_tip[first[k] : first[k + 1]], excess[first[k] : first[k + 1]]
        for steps in STEPS:
            # The two ends of a stroke both need room on its outline.
            if outline.shape[0] < 4 * steps:
                break
            for i in range(outline.shape[0]):
                longer[i] = _excess_length(ink, outline, i, steps)
            for i in range(outline.shape[0]):
                # What fewer steps have found stands.
                if longer[i] == 0 or not _is_peak(longer, i, steps) or _any_within(found, i, steps):
                    continue
                found[i] = True
                y, x = _middle(outline, i, steps)
                behind_y, behind_x = _middle(outline, i, 2 * steps)
                length = np.hypot(y - behind_y, x - behind_x)
                down, right = (y - behind_y) / length, (x - behind_x) / length
                ahead = (outline[i, 0] - y) * down + (outline[i, 1] - x) * right
                tip_y, tip_x = y + ahead * down, x + ahead * right
                if FRAME <= tip_y <= height - 1 - FRAME and FRAME <= tip_x <= width - 1 - FRAME:
                    tips.point[count, 0], tips.point[count, 1] = tip_y, tip_x
                    tips.root[count, 0], tips.root[count, 1] = y, x
                    tips.direction[count, 0], tips.direction[count, 1] = down, right
                    count += 1
    return count


@kernel
def _excess_length(ink: NDArray[np.uint8], outline: Points, i: int, steps: int) -> float:
    """By how many pixels the end at point i is longer than broad; 0 where there is no end."""
    y, x = _middle(outline, i, steps)
    breadth = _breadth(outline, i, steps)
    length = np.hypot(outline[i, 0] - y, outline[i, 1] - x)
    if length <= breadth or _breadth(outline, i, 2 * steps) > WIDENING * breadth + 1:
        return 0.0
    behind_y, behind_x = _middle(outline, i, 2 * steps)
    goes_on = np.hypot(y - behind_y, x - behind_x) >= steps / 2
    if not goes_on or not _holds_ink(ink, y, x) or not _holds_ink(ink, behind_y, behind_x):
        return 0.0
    return length - breadth


@kernel
def _middle(outline: Points, i: int, steps: int) -> tuple[float, float]:
    """The point (y, x) between those so many steps before and after point i."""
    n = outline.shape[0]
    a, b = (i - steps) % n, (i + steps) % n
    return (outline[a, 0] + outline[b, 0]) / 2, (outline[a, 1] + outline[b, 1]) / 2


@kernel
def _breadth(outline: Points, i: int, steps: int) -> float:
    """How far apart the points so many steps before and after point i are."""
    n = outline.shape[0]
    a, b = (i - steps) % n, (i + steps) % n
    return np.hypot(outline[a, 0] - outline[b, 0], outline[a, 1] - outline[b, 1])


@kernel
def _holds_ink(ink: NDArray[np.uint8], y: float, x: float) -> bool:
    return ink[int(y + 0.5), int(x + 0.5)] != 0


@kernel
def _is_peak(values: NDArray[np.float32], i: int, reach: int) -> bool:
    """Whether none within reach, around the ring, is larger (of equals the first counts)."""
    n = values.size
    largest = True
    for k in range(1, reach + 1):
        largest &= values[(i - k) % n] < values[i] >= values[(i + k) % n]
    return largest


@kernel
def _any_within(found: NDArray[np.bool_], i: int, reach: int) -> bool:
    """Whether one within reach, around the ring, is found."""
    any_found = False
    for k in range(i - reach, i + reach + 1):
        any_found |= found[k % found.size]
    return any_found
