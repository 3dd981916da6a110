"""From net size back to the drawing's own: shade and light, carried up inside segments so that nothing bleeds.

And the artist's line over it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from salac._tbs.jit import kernel

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Labels = NDArray[np.int32]

BRUSH = 1.5
"""How soft the outline of shade is, px of the drawing's own."""
STEADY = 0.03
"""Where chances change by less than this from one small pixel to the next, shade sets in no more steeply: what lies
that flat is doubt, and would be drawn as noise."""


def shade_segments(
    fill: Picture,
    labels: Labels,
    chances: Floats,
    small: Labels,
    shifts: Floats,
    likely: tuple[float, float],
    sure: float,
) -> Picture:
    """Shade a filled picture where shadow and highlight are likely, as known at a smaller size.

    Each pixel blends the chances of the four small pixels around it, but only those of its own segment; where none is,
    it takes the segment's mean. The line between likely and unlikely is drawn about `BRUSH` soft at any size, and
    however slowly chances change there, as a brush draws it. Pure white is paper and stays as it is.

    Args:
        fill: uint8 (H, W, 3), the color-filled segments.
        labels: int32 (H, W), segments.
        chances: float32 (h, w, 2) in [0, 1], of shadow and of highlight.
        small: int32 (h, w), the segments at that size, of the same ids.
        shifts: float32 (segments, 2, 3), how full shadow and full highlight change the color of each, 0..255.
        likely: the chances from which on there is shadow, and highlight.
        sure: the chance that must be reached somewhere in a shape of either; others are left out.

    Returns:
        uint8 (H, W, 3).
    """
    steepness = np.hypot(cv2.Sobel(chances, -1, 1, 0, ksize=1), cv2.Sobel(chances, -1, 0, 1, ksize=1)) / 2
    chances = chances * _kept(chances, likely, sure)
    count = int(max(labels.max(), small.max())) + 1
    flat = small.ravel()
    pixels = np.maximum(np.bincount(flat, minlength=count), 1)
    means = np.stack([np.bincount(flat, chances[..., c].ravel(), count) / pixels for c in range(2)], axis=1)
    scale = max(1.0, labels.shape[0] / small.shape[0], labels.shape[1] / small.shape[1])
    slopes = scale / (BRUSH * np.maximum(steepness, STEADY))
    paint = np.empty_like(fill)
    _shade(
        fill,
        labels,
        chances,
        small,
        means.astype(np.float32),
        shifts.astype(np.float32),
        np.array(likely, np.float32),
        slopes.astype(np.float32),
        paint,
    )
    return paint


def _kept(chances: Floats, likely: tuple[float, float], sure: float) -> NDArray[np.bool_]:
    """Where there are shapes that are sure somewhere, and one small pixel around them: (h, w, 2)."""
    kept = np.zeros(chances.shape, np.uint8)
    for tone in range(2):
        chance = chances[..., tone]
        count, shapes = cv2.connectedComponents((chance > likely[tone]).astype(np.uint8), connectivity=4)
        is_sure = np.zeros(count, np.uint8)
        is_sure[shapes[chance > max(sure, likely[tone])]] = 1
        kept[..., tone] = is_sure[shapes]
    return cv2.dilate(kept, np.ones((3, 3), np.uint8)).astype(bool)


def lay_line(paint: Picture, sketch: Picture) -> Picture:
    """Multiply a line layer over paint.

    Args:
        paint: uint8 (H, W, 3).
        sketch: uint8 (H, W), 255 = no line.

    Returns:
        uint8 (H, W, 3).
    """
    picture = np.empty_like(paint)
    _lay_line(paint, sketch, picture)
    return picture


@kernel
def _lay_line(paint: Picture, sketch: Picture, picture: Picture) -> None:
    for y in range(sketch.shape[0]):
        for x in range(sketch.shape[1]):
            line = np.uint32(sketch[y, x])
            for c in range(3):
                picture[y, x, c] = (np.uint32(paint[y, x, c]) * line + np.uint32(127)) // np.uint32(255)


@kernel
def _shade(
    fill: Picture,
    labels: Labels,
    chances: Floats,
    small: Labels,
    means: Floats,
    shifts: Floats,
    likely: Floats,
    slopes: Floats,
    paint: Picture,
) -> None:
    height, width = labels.shape
    rows, columns = small.shape
    down, across = np.float32(rows) / np.float32(height), np.float32(columns) / np.float32(width)
    half, one, white = np.float32(0.5), np.float32(1), np.float32(255)
    for y in range(height):
        row = min(max((np.float32(y) + half) * down - half, np.float32(0)), np.float32(rows - 1))
        top = np.int64(row)
        bottom = min(top + 1, rows - 1)
        below = row - np.float32(top)
        for x in range(width):
            red, green, blue = fill[y, x, 0], fill[y, x, 1], fill[y, x, 2]
            if red == 255 and green == 255 and blue == 255:
                paint[y, x, :] = 255
                continue
            column = min(max((np.float32(x) + half) * across - half, np.float32(0)), np.float32(columns - 1))
            left = np.int64(column)
            right = min(left + 1, columns - 1)
            beside = column - np.float32(left)
            label = labels[y, x]
            north_west = (one - below) * (one - beside) if small[top, left] == label else np.float32(0)
            north_east = (one - below) * beside if small[top, right] == label else np.float32(0)
            south_west = below * (one - beside) if small[bottom, left] == label else np.float32(0)
            south_east = below * beside if small[bottom, right] == label else np.float32(0)
            near = slopes[top if below < half else bottom, left if beside < half else right]
            total = north_west + north_east + south_west + south_east
            color = fill[y, x].astype(np.float32)
            for tone in range(2):
                if total > np.float32(1e-3):
                    chance = (
                        north_west * chances[top, left, tone]
                        + north_east * chances[top, right, tone]
                        + south_west * chances[bottom, left, tone]
                        + south_east * chances[bottom, right, tone]
                    ) / total
                else:
                    chance = means[label, tone]
                amount = min(max((chance - likely[tone]) * near[tone] + half, np.float32(0)), one)
                for c in range(3):
                    color[c] += amount * shifts[label, tone, c]
            for c in range(3):
                paint[y, x, c] = np.uint8(min(max(color[c], np.float32(0)), white) + half)
