"""LineFiller's trapped-ball segmentation, bit for bit (https://github.com/hepesu/LineFiller), without its cost.

LineFiller goes over the whole picture for each of its fills, of which there are hundreds; here every step stays within
the box of the fill that it is about. Its pipeline, in order: `fill` (trap balls of radius 3, 2 and 1, then flood what
is left), `merge`, `thin`.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from salac._tbs.bits import pack, runs
from salac._tbs.components import components
from salac._tbs.jit import kernel
from salac._tbs.measure import measure
from salac._tbs.paint import paint_labels

Labels = NDArray[np.int32]
Mask = NDArray[np.uint8]
"""(H, W): 1 inside, 0 outside."""
Box = tuple[slice, slice]

FILL_LIMIT = 1000
"""LineFiller gives up after so many fills of a ball; what it has not filled by then is left to the next step."""
FLOOD_LIMIT = 20_000
MERGE_ROUNDS = 10
THIN_LAYERS = 100

BALLS = ((3, np.max), (2, np.mean), (1, np.mean))
"""Radii in pixels, and the statistic of all fills of a radius that a fill's area has to reach to be kept."""

# Where a line pixel looks for a fill, in this order: W, NW, N, NE, E, SE, S, SW.
SOURCES = ((0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1))
CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
CORE = 2


class Fills(NamedTuple):
    """A fill map: labels int32 (H, W), 0 = line, ids in the order of filling; radius int64 (count + 1,), 0 = flood."""

    labels: Labels
    radius: NDArray[np.int64]


def fill(free: NDArray[np.bool_], fill_limit: int | None = FILL_LIMIT) -> Fills:
    """Fill the free pixels: balls of radius 3, 2, 1, then a flood of what they have left (LineFiller's raw map).

    Where no ball of radius 3 fits LineFiller ends with a ValueError; this goes on to the next ball.

    Args:
        free: (H, W), True where there is no line.
        fill_limit: at most so many fills of each ball; None lifts this limit, and that of 20,000 floods too.
    """
    unfilled = free.astype(np.uint8)
    labels = np.zeros(free.shape, np.int32)
    radius_of_fill = [0]
    for radius, statistic in BALLS:
        trapped, area = _trap_balls(unfilled, radius, fill_limit)
        if area.size == 0:
            continue
        kept = np.flatnonzero(area >= statistic(area)) + 1
        ids = np.zeros(area.size + 1, np.int32)
        ids[kept] = np.arange(kept.size) + len(radius_of_fill)
        _mark(trapped, ids, unfilled, labels)
        radius_of_fill += [radius] * kept.size
    pieces, count = _flood(unfilled, None if fill_limit is None else FLOOD_LIMIT)
    _mark(pieces, np.arange(count + 1, dtype=np.int32) + np.int32(len(radius_of_fill) - 1), unfilled, labels)
    return Fills(labels, np.array(radius_of_fill + [0] * count))


def _trap_balls(unfilled: Mask, radius: int, fill_limit: int | None) -> tuple[Labels, NDArray[np.int64]]:
    """The fills (H, W) of one ball, ids from 1, and their areas (count,).

    A fill is all that the ball covers while its center moves, by edge neighbours, from a seed: the first pixel in
    raster order where it fits. Each fill is taken away before the next seed is sought.
    """
    ball = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    # OpenCV's morphology leaves out what lies outside the picture: nothing blocks the ball there.
    centers = cv2.erode(unfilled, ball)
    fills = np.zeros(unfilled.shape, np.int32)
    area: list[int] = []
    y, x = _next_center(centers, 0)
    while y < centers.shape[0] and (fill_limit is None or len(area) < fill_limit):
        left, top, width, height = cv2.floodFill(centers, None, (x, y), CORE)[3]
        # Once the radius to cover the fill, once more for the centers whose ball it blocks.
        box = _box(top, left, top + height, left + width, margin=2 * radius)
        covered = cv2.dilate((centers[box] == CORE).view(np.uint8), ball)
        blocked = cv2.dilate(covered, ball)
        area.append(cv2.countNonZero(covered))
        np.copyto(fills[box], len(area), where=covered > 0)
        np.copyto(centers[box], 0, where=blocked > 0)
        y, x = _next_center(centers, y)
    return fills, np.array(area, np.int64)


@kernel
def _next_center(centers: Mask, top: int) -> tuple[int, int]:
    """The first place (y, x) in raster order, from a row on, where the ball fits; y is the height if there is none."""
    for y in range(top, centers.shape[0]):
        for x in range(centers.shape[1]):
            if centers[y, x] != 0:
                return y, x
    return centers.shape[0], 0


@kernel
def _mark(fills: Labels, ids: Labels, unfilled: Mask, labels: Labels) -> None:
    """Enter the fills with an id into the label map, and take them from what is unfilled."""
    for y in range(fills.shape[0]):
        for x in range(fills.shape[1]):
            if fills[y, x] != 0 and ids[fills[y, x]] != 0:
                labels[y, x] = ids[fills[y, x]]
                unfilled[y, x] = 0


def _flood(unfilled: Mask, flood_limit: int | None) -> tuple[Labels, int]:
    """The 4-connected pieces (H, W) of what is unfilled, ids from 1 in raster order, and their number."""
    spans = runs(pack(unfilled > 0), unfilled.shape[1])
    piece, count = components(spans, diagonal=False)
    ids = np.arange(count + 1, dtype=np.int32)
    if flood_limit is not None and count > flood_limit:
        count = flood_limit
        ids[count + 1 :] = 0
    return paint_labels(spans._replace(label=piece), ids, unfilled.shape[1]), count


def merge(labels: Labels) -> Labels:
    """Merge small and plain fills into neighbours, in rounds, until a round removes none (LineFiller's merged map).

    A round visits the fills in ascending order of id. A fill's pixels are those it had when the round began, its
    neighbours those of the moment.

    Args:
        labels: a raw map, int32 (H, W).
    """
    merged = labels.copy()
    area, _, boxes = measure(merged, int(merged.max()))
    for _ in range(MERGE_ROUNDS):
        before = merged.copy()
        for region in (np.flatnonzero(area[1:]) + 1).tolist():
            top, left, bottom, right = boxes[region].tolist()
            box = _box(top, left, bottom, right, margin=2)
            inside = (before[box] == region).view(np.uint8)
            around = merged[box][cv2.dilate(inside, CROSS) > inside]
            neighbours = around[around > 0]
            if neighbours.size == 0:
                if area[region] < 5:
                    merged[box][inside > 0] = 0
            elif _gives_way(inside, int(area[region]), neighbours):
                # Whoever was filled first wins, not who touches most.
                merged[box][inside > 0] = neighbours.min()
        ids_before = np.count_nonzero(area)
        area, _, boxes = measure(merged, int(merged.max()))
        if np.count_nonzero(area) == ids_before:
            break
    return merged


def _gives_way(inside: Mask, area: int, neighbours: Labels) -> bool:
    """Whether a fill of this shape merges into one of its neighbours, given as the ids around it, at least one."""
    if area < 50 or (area < 250 and neighbours.min() == neighbours.max()):
        return True
    outline = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0][0]
    corners = len(cv2.approxPolyDP(outline, 0.02 * cv2.arcLength(outline, True), True))
    return corners == 1 or (area < 500 and corners <= 5)


def thin(labels: Labels) -> Labels:
    """Give line pixels to the fills beside them, a layer at a time, at most 100 (LineFiller's map without contours).

    Args:
        labels: a merged map, int32 (H, W).
    """
    thinned = labels.copy()
    ys, xs = np.nonzero(labels == 0)
    for _ in range(THIN_LAYERS):
        # The whole layer is decided before any of it is written.
        layer = np.zeros(ys.size, np.int32)
        _find_sources(thinned, ys, xs, layer)
        if not layer.any():
            break
        thinned[ys, xs] = layer
        ys, xs = ys[layer == 0], xs[layer == 0]
    return thinned


@kernel
def _find_sources(labels: Labels, ys: NDArray[np.int64], xs: NDArray[np.int64], layer: Labels) -> None:
    height, width = labels.shape
    for i in range(ys.size):
        y, x = ys[i], xs[i]
        beside = (
            (x > 0 and labels[y, x - 1] != 0)
            or (x + 1 < width and labels[y, x + 1] != 0)
            or (y > 0 and labels[y - 1, x] != 0)
            or (y + 1 < height and labels[y + 1, x] != 0)
        )
        if not beside:
            continue
        for dy, dx in SOURCES:
            # LineFiller tests `x - 1 > 0`: no step to the left ends in column 0, no step up in row 0.
            if (dx == -1 and x <= 1) or (dy == -1 and y <= 1) or x + dx >= width or y + dy >= height:
                continue
            if labels[y + dy, x + dx] != 0:
                layer[i] = labels[y + dy, x + dx]
                break


def _box(top: int, left: int, bottom: int, right: int, margin: int) -> Box:
    """The rows top..bottom - 1 and columns left..right - 1, with a margin as far as the picture reaches."""
    return slice(max(top - margin, 0), bottom + margin), slice(max(left - margin, 0), right + margin)
