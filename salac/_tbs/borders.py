"""Where segments meet although no line was drawn between them."""

import cv2
import numpy as np
from numpy.typing import NDArray

REACH = 1 / 256
"""A line so near divides, of the drawing's shorter side; 2 px at least."""


def undivided(sketch: NDArray[np.uint8], labels: NDArray[np.int32], threshold: int, share: float) -> NDArray[np.int32]:
    """Find pairs of segments along whose common border no line was drawn, or little of one.

    A ball that does not pass a gap leaves a border there, and so does one that is too large for a narrow corner.

    Args:
        sketch: uint8 (H, W), 255 = paper.
        labels: int32 (H, W), segments that fill the picture.
        threshold: pixels above this value are paper, the others line.
        share: of the common border that must be without line.

    Returns:
        int32 (n, 2): the pairs, the lower id first, each once, in ascending order.
    """
    around = 2 * max(2, round(REACH * min(sketch.shape))) + 1
    paper = cv2.erode((sketch > threshold).astype(np.uint8), np.ones((around, around), np.uint8))
    keys, blank = [], []
    for before, after in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        one, other = labels[before], labels[after]
        rows, columns = np.nonzero(one != other)
        one, other = one[rows, columns], other[rows, columns]
        keys.append(np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other))
        blank.append(paper[before][rows, columns] & paper[after][rows, columns])
    pairs, index = np.unique(np.concatenate(keys), return_inverse=True)
    found = pairs[np.bincount(index, np.concatenate(blank)) >= share * np.bincount(index)]
    return np.stack([found >> 32, found & 0xFFFFFFFF], axis=1).astype(np.int32)
