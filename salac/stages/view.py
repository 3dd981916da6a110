"""How nets see a drawing: reduced to the size they were trained at, its segments kept, however small."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ..types import Segments

MOST_TOKENS = 511
"""Segments that a net tells apart in one drawing; smaller ones are seen as part of their surroundings."""


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A drawing at net size.

    Attributes:
        sketch: float32 (1, 1, h, w) in [0, 1], 1 = paper.
        labels: int64 (1, h, w), tokens below `count`.
        count: number of tokens, token 0 (nothing) among them.
        tokens: int64 (segments.count + 1,), the token that stands for each segment.
    """

    sketch: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    count: int
    tokens: npt.NDArray[np.int64]

    def arrays(self) -> dict[str, Any]:
        """What nets are shown of it, by the names that they know it by."""
        return {"sketch": self.sketch, "labels": self.labels, "count": np.int64(self.count)}


def net_shape(height: int, width: int, size: int, multiple: int) -> tuple[int, int]:
    """Height and width for a net trained at `size` x `size`: the same area, the drawing's aspect, up to 4 : 1."""
    aspect = float(np.clip(height / width, 0.25, 4.0))
    sides = size * aspect**0.5, size / aspect**0.5
    return max(multiple, round(sides[0] / multiple) * multiple), max(multiple, round(sides[1] / multiple) * multiple)


def cell_centres(size: tuple[int, ...], shape: tuple[int, ...]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Index of the pixels of a picture of `size` (H, W) at the centres of `shape`'s (h, w) cells."""
    rows, columns = (((np.arange(n) + 0.5) * full / n).astype(np.intp) for n, full in zip(shape, size, strict=False))
    return rows[:, None], columns[None, :]


def reduce_sketch(sketch: npt.NDArray[np.uint8], shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Resize a sketch (H, W) to `shape` -> float32 (1, 1, h, w) in [0, 1]."""
    shrinks = sketch.shape[0] >= shape[0] and sketch.shape[1] >= shape[1]
    small = cv2.resize(sketch, shape[::-1], interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    unit: npt.NDArray[np.float32] = small.astype(np.float32) / 255
    return unit[None, None]


def reduce_labels(labels: npt.NDArray[np.int32], shape: tuple[int, int]) -> npt.NDArray[np.int32]:
    """Sample a label map (H, W) at the centres of `shape`'s cells; line pixels take the nearest label."""
    return fill_nearest(labels[cell_centres(labels.shape, shape)])


def one_hot(classes: npt.NDArray[np.uint8], count: int, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
    """Sample a class map (H, W) at the centres of `shape`'s cells -> one-hot float32 (1, count, h, w)."""
    rows, columns = cell_centres(classes.shape, shape)
    hot: npt.NDArray[np.float32] = (classes[rows, columns] == np.arange(count)[:, None, None]).astype(np.float32)
    return hot[None]


def fill_nearest(labels: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Give every 0 of a label map the nearest label that is not 0; a map of zeros stays one."""
    empty = labels == 0
    if not empty.any() or empty.all():
        return labels
    _, cells = cv2.distanceTransformWithLabels(
        empty.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    label_of_cell = np.zeros(cells.max() + 1, labels.dtype)
    label_of_cell[cells[~empty]] = labels[~empty]
    return label_of_cell[cells]


def view(sketch: npt.NDArray[np.uint8], segments: Segments, size: int, multiple: int = 16) -> View:
    """Reduce a drawing to net size.

    Segments too thin or small to meet the centre of any cell are stamped onto the cell of their centroid (where
    two meet, the larger wins), so that the white of a small eye still has a say.

    Args:
        sketch: uint8 (H, W), 255 = paper.
        segments: of the same size.
        size: side of the square the net was trained at, px.
        multiple: height and width are multiples of this.
    """
    height, width = sketch.shape
    shape = net_shape(height, width, size, multiple)
    small = reduce_labels(segments.labels, shape)
    scale = np.array(shape) / sketch.shape
    centres = ((np.nan_to_num(segments.centroids) + 0.5) * scale).astype(np.intp)
    absent = np.flatnonzero(np.bincount(small.ravel(), minlength=segments.count + 1)[1:] == 0) + 1
    by_area = absent[np.argsort(segments.areas[absent], kind="stable")]
    small[centres[by_area, 0], centres[by_area, 1]] = by_area

    areas = np.bincount(small.ravel(), minlength=segments.count + 1)
    areas[0] = 0
    seen = np.argsort(-areas, kind="stable")[: min(MOST_TOKENS, int((areas > 0).sum()))]
    tokens = np.zeros(segments.count + 1, np.int64)
    tokens[seen] = np.arange(1, len(seen) + 1)
    labels = fill_nearest(tokens[small].astype(np.int32))
    # What has no token of its own speaks through the one that is seen at its centroid.
    mute = np.flatnonzero(tokens == 0)
    tokens[mute] = labels[centres[mute, 0], centres[mute, 1]]
    return View(
        sketch=reduce_sketch(sketch, shape),
        labels=labels.astype(np.int64)[None],
        count=len(seen) + 1,
        tokens=tokens,
    )
