"""From net size back to the drawing's own: a change per pixel, carried up inside segments so that nothing bleeds.

And the artist's line over it.
"""

import numpy as np
from numpy.typing import NDArray

from salac._tbs.jit import kernel

Change = NDArray[np.float32]
Picture = NDArray[np.uint8]
Labels = NDArray[np.int32]


def shade_segments(fill: Picture, labels: Labels, change: Change, small: Labels) -> Picture:
    """Add a change known at a smaller size to a filled picture.

    Each pixel blends the four small pixels around it, but only those of its own segment; where none is, it takes the
    mean change of the segment. Pure white is paper and stays as it is.

    Args:
        fill: uint8 (H, W, 3), the color-filled segments.
        labels: int32 (H, W), segments.
        change: float32 (h, w, 3), in units of 255.
        small: int32 (h, w), the segments at that size, of the same ids.

    Returns:
        uint8 (H, W, 3).
    """
    count = int(max(labels.max(), small.max())) + 1
    flat = small.ravel()
    pixels = np.maximum(np.bincount(flat, minlength=count), 1)
    means = np.stack([np.bincount(flat, change[..., c].ravel(), count) / pixels for c in range(3)], axis=1)
    paint = np.empty_like(fill)
    _shade(fill, labels, change, small, means.astype(np.float32), paint)
    return paint


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
def _shade(fill: Picture, labels: Labels, change: Change, small: Labels, means: Change, paint: Picture) -> None:
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
            total = north_west + north_east + south_west + south_east
            for c in range(3):
                if total > np.float32(1e-3):
                    delta = (
                        north_west * change[top, left, c]
                        + north_east * change[top, right, c]
                        + south_west * change[bottom, left, c]
                        + south_east * change[bottom, right, c]
                    ) / total
                else:
                    delta = means[label, c]
                level = min(max(np.float32(fill[y, x, c]) + white * delta, np.float32(0)), white)
                paint[y, x, c] = np.uint8(level + half)
