"""What is said of every region of a label map: its pixels, where they are, and the box around them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from salac._tbs.jit import kernel

Counts = NDArray[np.int64]


class Measures(NamedTuple):
    """Entry i is about label i, entry 0 about the line.

    Attributes:
        area: int64 (count + 1,): pixels.
        total: int64 (count + 1, 2): the sums of their rows and of their columns.
        box: int64 (count + 1, 4): top, left, bottom, right, the latter two exclusive; 0 where there is no pixel.
    """

    area: Counts
    total: Counts
    box: Counts


def measure(labels: NDArray[np.int32], count: int) -> Measures:
    """Measure the labels 0..count of a map (H, W)."""
    measures = Measures(*(np.zeros(shape, np.int64) for shape in (count + 1, (count + 1, 2), (count + 1, 4))))
    _measure(labels, *measures)
    return measures


@kernel
def _measure(labels: NDArray[np.int32], area: Counts, total: Counts, box: Counts) -> None:
    height, width = labels.shape
    for y in range(height):
        left = 0
        while left < width:
            # A run of one label at a time: all of it lies in one row.
            label = labels[y, left]
            right = left + 1
            while right < width and labels[y, right] == label:
                right += 1
            if area[label] == 0:
                box[label, 0], box[label, 1] = y, left
            length = right - left
            area[label] += length
            total[label, 0] += length * y
            total[label, 1] += length * (left + right - 1) // 2
            box[label, 1] = min(box[label, 1], left)
            box[label, 2] = y + 1
            box[label, 3] = max(box[label, 3], right)
            left = right
