"""Segments that come in pairs, such as two shoes, sleeves or eyes: of one shape, and most often of one color."""

import cv2
import numpy as np
import numpy.typing as npt

SMALLEST = 10
"""Pixels that a segment must have at net size for its shape to be known."""
GRID = 12
"""Shapes are compared on a grid of so many cells a side."""
LEVEL = 0.04
"""How much higher one twin may be than the other, of the picture's height."""
ALIKE = 0.65
"""Least likeness of twins: overlap of their shapes, by the ratios of their heights, widths and areas."""


def find_twins(labels: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Find pairs of segments on one level that have one shape, mirrored or not.

    Args:
        labels: int64 (h, w), segments at net size.

    Returns:
        intp (n, 2), the pairs, the lower label first.
    """
    from scipy.ndimage import find_objects

    boxes = find_objects(labels + 1)
    areas = np.bincount(labels.ravel(), minlength=len(boxes))
    seen = np.flatnonzero(areas >= SMALLEST)
    if len(seen) < 2:
        return np.zeros((0, 2), np.intp)
    sides = np.array([[(s.start, s.stop) for s in boxes[k]] for k in seen], np.float64)
    heights, widths = np.diff(sides)[..., 0].T
    middles = sides[:, 0].mean(1)
    ratios = _ratios(heights) * _ratios(widths) * _ratios(areas[seen].astype(np.float64))
    level = np.abs(middles[:, None] - middles) < LEVEL * len(labels)
    one, other = np.nonzero(np.triu(level & (ratios > ALIKE), 1))
    shapes = np.stack([_on_grid(labels[boxes[k]] == k) for k in seen])
    overlap = np.maximum(_overlap(shapes[one], shapes[other]), _overlap(shapes[one], shapes[other][..., ::-1]))
    return seen[np.column_stack([one, other])[overlap * ratios[one, other] > ALIKE]]


def _ratios(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The smaller of two values by the larger, for each pair."""
    ratios: npt.NDArray[np.float64] = np.minimum.outer(values, values) / np.maximum.outer(values, values)
    return ratios


def _on_grid(shape: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    how = cv2.INTER_AREA if min(shape.shape) >= GRID else cv2.INTER_LINEAR
    grid: npt.NDArray[np.float32] = cv2.resize(shape.astype(np.float32), (GRID, GRID), interpolation=how)
    return grid


def _overlap(some: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Intersection over union, shape by shape: (n,) of (n, GRID, GRID)."""
    over: npt.NDArray[np.float32] = np.minimum(some, others).sum((1, 2)) / np.maximum(some, others).sum((1, 2))
    return over
