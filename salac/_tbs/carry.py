"""From net size back to the drawing's own: a change per pixel, carried up inside segments so that nothing bleeds."""

import numpy as np
from numpy.typing import NDArray

from salac._tbs.jit import kernel

Change = NDArray[np.float32]
Picture = NDArray[np.uint8]
Labels = NDArray[np.int32]


def shade_segments(fill: Picture, sketch: Picture, labels: Labels, change: Change, small: Labels) -> Picture:
    """Add a change known at a smaller size to a filled picture and lay the line over it.

    Each pixel blends the four small pixels around it, but only those of its own segment; where none is, it takes the
    mean change of the segment. Pure white is paper and stays as it is.

    Args:
        fill: uint8 (H, W, 3), the color-filled segments.
        sketch: uint8 (H, W), the line layer, multiplied over the paint.
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
    picture = np.empty_like(fill)
    _shade(fill, sketch, labels, change, small, means.astype(np.float32), picture)
    return picture


@kernel
def _shade(
    fill: Picture, sketch: Picture, labels: Labels, change: Change, small: Labels, means: Change, picture: Picture
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
            line = np.float32(sketch[y, x]) / white
            red, green, blue = fill[y, x, 0], fill[y, x, 1], fill[y, x, 2]
            if red == 255 and green == 255 and blue == 255:
                picture[y, x, :] = sketch[y, x]
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
                paint = min(max(np.float32(fill[y, x, c]) + white * delta, np.float32(0)), white)
                picture[y, x, c] = np.uint8(paint * line + half)
