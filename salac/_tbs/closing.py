"""Gaps in the line that no ball closes: open stroke ends joined by short curves.

After Fourey, Tschumperlé and Revoy (2018): ends that face one another are joined by a spline, the best pair first, each
end once; an end that is left over goes straight on until it meets line. The curves stop the balls as line does.

Busts are often left open below, their outlines ending in the paper. The edge of the page would close them there, were
they cut by it; `close_below` draws a line in its stead.
"""

import numpy as np
from numpy.typing import NDArray

from salac._tbs.jit import kernel
from salac._tbs.tips import FRAME, Points, Tips, find_tips

Mask = NDArray[np.uint8]
"""(H, W): 1 inside, 0 outside."""
Path = NDArray[np.int64]
"""(n, 2): pixels y, x, each an edge or a corner neighbour of the one before, or the same again."""

PARTNERS = 4
"""So many other ends at most are considered for every end."""
FACING = 0.5
"""The least cosine between a stroke's direction and the way to its partner: at most 60 degrees to either side."""

BELOW = 0.06
"""Outlines of a bust end this near to the lowest ink, as a share of the height of all ink, ..."""
DOWNWARD, BROAD = 0.5, 0.4
"""... run downwards at least so steeply, and are this far apart, as a share of the height: two feet are nearer."""

NEAR = 2
"""A spline has met its partner's stroke where it meets ink not more than so many pixels further off than its root."""


def close_gaps(free: NDArray[np.bool_], longest: float) -> NDArray[np.bool_]:
    """Draw curves over the gaps in the line.

    Args:
        free: (H, W), True where there is no line.
        longest: the widest gap between two ends that is closed, in pixels; between an end and a line half of this.

    Returns:
        (H, W), True on the curves. They lie on free pixels, and no 4-connected path of free pixels crosses them.
    """
    ink = (~free).view(np.uint8)
    curves = np.zeros_like(ink)
    tips = find_tips(ink)
    count = tips.point.shape[0]
    partner, quality = np.zeros((count, PARTNERS), np.int64), np.zeros((count, PARTNERS), np.float32)
    _find_partners(tips, longest, partner, quality)
    # Of pairs of equal quality, the one whose end comes first in raster order.
    best_first = np.argsort(-quality, axis=None, kind="stable")[: np.count_nonzero(quality)]
    joined = np.zeros(count, np.bool_)
    _join_pairs(tips, best_first // PARTNERS, partner.reshape(-1)[best_first], ink, curves, joined)
    _go_straight_on(tips, np.flatnonzero(~joined), longest / 2, ink, curves)
    return curves.view(np.bool_)


def close_below(free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Draw a straight line below a bust, from the leftmost to the rightmost of the ends that it is left open by.

    Args:
        free: (H, W), True where there is no line.

    Returns:
        (H, W), True on the line; nowhere for a drawing that is closed below, or cut off by the lower edge.
    """
    ink = (~free).view(np.uint8)
    line = np.zeros_like(ink)
    rows = np.flatnonzero(ink.any(1))
    if rows.size and rows[-1] < ink.shape[0] - FRAME:
        tips = find_tips(ink)
        height = rows[-1] - rows[0] + 1
        lowest = rows[-1] - BELOW * height
        ends = np.flatnonzero((tips.point[:, 0] >= lowest) & (tips.direction[:, 0] >= DOWNWARD))
        across = tips.point[ends, 1]
        if ends.size > 1 and np.ptp(across) >= BROAD * height:
            _draw(_straight(tips.root[ends[across.argmin()]], tips.root[ends[across.argmax()]]), ink, line)
    return line.view(np.bool_)


@kernel
def _find_partners(tips: Tips, longest: float, partner: NDArray[np.int64], quality: NDArray[np.float32]) -> None:
    """For every end the others that it faces best: near, and each in the direction of the other."""
    point, direction = tips.point, tips.direction
    for i in range(point.shape[0]):
        for j in range(i + 1, point.shape[0]):
            down, right = point[j, 0] - point[i, 0], point[j, 1] - point[i, 1]
            if down > longest:
                break  # ends are in raster order
            distance = max(np.hypot(down, right), np.float32(1))
            i_to_j = (direction[i, 0] * down + direction[i, 1] * right) / distance
            j_to_i = -(direction[j, 0] * down + direction[j, 1] * right) / distance
            if distance <= longest and min(i_to_j, j_to_i) >= FACING:
                _keep_best(partner[i], quality[i], j, i_to_j * j_to_i / distance)
                _keep_best(partner[j], quality[j], i, i_to_j * j_to_i / distance)


@kernel
def _keep_best(partner: NDArray[np.int64], quality: NDArray[np.float32], candidate: int, value: float) -> None:
    """Insert a candidate into a list of falling quality, whose last then drops out."""
    for k in range(partner.size):
        if value > quality[k]:
            partner[k], candidate = candidate, partner[k]
            quality[k], value = value, quality[k]


@kernel
def _join_pairs(
    tips: Tips, one: NDArray[np.int64], other: NDArray[np.int64], ink: Mask, curves: Mask, joined: NDArray[np.bool_]
) -> None:
    """Draw splines between pairs of ends, where both are free still and nothing lies between."""
    for k in range(one.size):
        i, j = one[k], other[k]
        if joined[i] or joined[j]:
            continue
        start, end = tips.point[i], tips.point[j]
        third = _distance(start, end) / 3
        spline = _trace(start, start + tips.direction[i] * third, end + tips.direction[j] * third, end)
        # From within the one stroke to within the other, so that no notch in an end stays open.
        path = np.concatenate((spline, _straight(end, tips.root[j])))
        arrival = _arrival(path, ink, curves)
        if arrival < path.shape[0] and _distance(path[arrival], end) <= _distance(tips.root[j], end) + NEAR:
            _draw(_straight(tips.root[i], start), ink, curves)
            _draw(path[:arrival], ink, curves)
            joined[i] = joined[j] = True


@kernel
def _go_straight_on(tips: Tips, ends: NDArray[np.int64], longest: float, ink: Mask, curves: Mask) -> None:
    """Draw straight lines from ends to whatever lies ahead of them, where it is near enough."""
    for i in ends:
        path = _straight(tips.point[i], tips.point[i] + tips.direction[i] * np.float32(longest))
        arrival = _arrival(path, ink, curves)
        if arrival < path.shape[0]:
            _draw(_straight(tips.root[i], tips.point[i]), ink, curves)
            _draw(path[:arrival], ink, curves)


@kernel
def _distance(a: Points, b: Points) -> np.float32:
    return np.float32(np.hypot(a[0] - b[0], a[1] - b[1]))


@kernel
def _straight(start: Points, end: Points) -> Path:
    return _trace(start, start, end, end)


@kernel
def _trace(start: Points, bend: Points, other_bend: Points, end: Points) -> Path:
    """The pixels of a cubic Bézier curve, given by its control points, each (2,)."""
    # It moves at most three times the longest side of its control polygon; a pixel a step leaves no hole.
    longest = 0.0
    for side in (bend - start, other_bend - bend, end - other_bend):
        longest = max(longest, np.hypot(side[0], side[1]))
    steps = int(3 * longest) + 1
    path = np.empty((steps + 1, 2), np.int64)
    for k in range(steps + 1):
        t = k / steps
        u = 1 - t
        for axis in range(2):
            near, far = (
                u * u * (u * start[axis] + 3 * t * bend[axis]),
                t * t * (3 * u * other_bend[axis] + t * end[axis]),
            )
            path[k, axis] = int(np.floor(near + far + 0.5))
    return path


@kernel
def _arrival(path: Path, ink: Mask, curves: Mask) -> int:
    """Where a path that has left the ink meets ink or a curve; its length where it never does or leaves the frame."""
    has_left = False
    for k in range(path.shape[0]):
        y, x = path[k]
        if min(y, x) < 0 or y >= ink.shape[0] or x >= ink.shape[1]:
            break
        free = ink[y, x] == 0 and curves[y, x] == 0
        if has_left and not free:
            return k
        has_left |= free
    return path.shape[0]


@kernel
def _draw(path: Path, ink: Mask, curves: Mask) -> None:
    """Enter the free pixels of a path into the curves."""
    for k in range(path.shape[0]):
        if ink[path[k, 0], path[k, 1]] == 0:
            curves[path[k, 0], path[k, 1]] = 1
