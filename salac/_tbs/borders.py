"""Where segments meet, and whether a line was drawn between them."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

REACH = 1 / 256
"""A line so near divides, of the drawing's shorter side; 2 px at least."""

Pixels = tuple[NDArray[np.intp], NDArray[np.intp]]


def contacts(labels: NDArray[np.int32]) -> Iterator[tuple[NDArray[np.int64], Pixels, Pixels]]:
    """Walk over the pixel edges at which two labels meet, those in rows and then those in columns.

    Yields:
        The pair at each edge as one number, see `pairs_of`; and the pixels (rows, columns) on its two sides.
    """
    for down, across in ((0, 1), (1, 0)):
        height, width = labels.shape[0] - down, labels.shape[1] - across
        rows, columns = np.nonzero(labels[:height, :width] != labels[down:, across:])
        before, after = (rows, columns), (rows + down, columns + across)
        one, other = labels[before], labels[after]
        yield np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other), before, after


def pairs_of(keys: NDArray[np.int64]) -> NDArray[np.int32]:
    """The two labels in each of the numbers of `contacts`: int32 (n, 2), the lower one first."""
    return np.stack([keys >> 32, keys & 0xFFFFFFFF], axis=1).astype(np.int32)


def blank_borders(
    sketch: NDArray[np.uint8], labels: NDArray[np.int32], threshold: int
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Tell how much of the common border of two segments has no line.

    A ball that does not pass a gap leaves a border there, and so does one that is too large for a narrow corner.

    Args:
        sketch: uint8 (H, W), 255 = paper.
        labels: int32 (H, W), segments that fill the picture.
        threshold: pixels above this value are paper, the others line.

    Returns:
        The pairs of segments that meet, int32 (n, 2), the lower id first, each once, in ascending order; and the share
        of their border that is without line, float64 (n,) in 0..1.
    """
    around = 2 * max(2, round(REACH * min(sketch.shape))) + 1
    paper = cv2.erode((sketch > threshold).astype(np.uint8), np.ones((around, around), np.uint8))
    edges = [(keys, paper[before] & paper[after]) for keys, before, after in contacts(labels)]
    keys, blank = (np.concatenate(parts) for parts in zip(*edges, strict=True))
    pairs, index = np.unique(keys, return_inverse=True)
    return pairs_of(pairs), np.bincount(index, blank) / np.bincount(index)
