"""What the stages hand to each other: frozen records of numpy arrays."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from salac.errors import InputError

if TYPE_CHECKING:
    from PIL import Image


class StyleClusterMaps(NamedTuple):
    """Style clusters of a sketch (thesis 3.2.2).

    Attributes:
        layer7: uint8 (H, W) in 0..6, clusters of the generator's 7th layer.
        layer9: uint8 (H, W) in 0..5, clusters of its 9th layer.
    """

    layer7: NDArray[np.uint8]
    layer9: NDArray[np.uint8]


class Adjacency(NamedTuple):
    """Which segments touch.

    Attributes:
        pairs: int32 (n, 2): two segments that share a pixel edge, the lower id first; each pair once, in ascending
            order.
        lengths: int64 (n,): how many pixel edges they share.
    """

    pairs: NDArray[np.int32]
    lengths: NDArray[np.int64]


class Leak(NamedTuple):
    """A narrow passage between two lobes of one segment: a gap in the line, perhaps, that two rooms run together by.

    Attributes:
        segment: its id.
        ends: the pixels (y, x) beside the passage, on either side: a line from one to the other closes it.
        width: how many pixels of the segment lie between the ends.
        areas: pixels of the two lobes, each as far as its narrow passages.
    """

    segment: int
    ends: tuple[tuple[int, int], tuple[int, int]]
    width: float
    areas: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Segments:
    """The segments of a drawing: thesis 3.2.1, the TBS map.

    Entry 0 of every array stands for the line, entry i for segment i. What is not stored is computed when first asked
    for.

    Attributes:
        labels: int32 (H, W): the segment of every pixel; 0 = line, ids from 1 in raster order of first pixel.
        count: how many segments there are.
        areas: int64 (count + 1,): pixels.
        radius: int64 (count + 1,): the radius of the ball that a segment was found with, in pixels; 0 = no ball fitted.
    """

    labels: NDArray[np.int32]
    count: int
    areas: NDArray[np.int64]
    radius: NDArray[np.int64]

    @classmethod
    def from_labels(cls, labels: NDArray[np.integer[Any]]) -> Segments:
        """Take a label map that was edited, or made elsewhere.

        To merge segments give them one id, to split one give a part of it an id that is free. Ids are renumbered from
        1, in raster order of first pixel; no ball is known, so every radius is 0.

        Args:
            labels: (H, W) of any ids; 0 = line.

        Raises:
            InputError: it is no integer map of at least one pixel.

        Example:
            >>> import numpy as np, salac
            >>> segments = salac.Segments.from_labels(np.array([[7, 7, 0, 3]]))
            >>> segments.labels.tolist(), segments.areas.tolist()
            ([[1, 1, 0, 2]], [1, 2, 1])
        """
        if labels.ndim != 2 or labels.dtype.kind not in "iu" or not labels.size:
            raise InputError(f"labels are {labels.dtype} {labels.shape}: pass an integer map (H, W), 0 = line")
        ids, first, dense = np.unique(labels, return_index=True, return_inverse=True)
        order = np.argsort(np.where(ids == 0, -1, first))
        rank = np.empty(len(ids), np.int32)
        rank[order] = np.arange(len(ids)) + (0 not in ids)
        renumbered = rank[dense].reshape(labels.shape)
        count = int(rank.max())
        return cls(
            renumbered, count, np.bincount(renumbered.ravel(), minlength=count + 1), np.zeros(count + 1, np.int64)
        )

    @cached_property
    def centroids(self) -> NDArray[np.float64]:
        """Mean (y, x) of every segment's pixels, (count + 1, 2); NaN where there is no pixel."""
        from salac._tbs.measure import measure

        area = np.where(self.areas > 0, self.areas, np.nan)
        return measure(self.labels, self.count).total / area[:, None]

    @cached_property
    def boxes(self) -> NDArray[np.int64]:
        """Bounding boxes (top, left, bottom, right), bottom and right exclusive, (count + 1, 4); 0 for no pixel."""
        from salac._tbs.measure import measure

        return measure(self.labels, self.count).box

    @cached_property
    def adjacency(self) -> Adjacency:
        """The segments that share a pixel edge. Across a line nothing touches: see `nearest` for that."""
        from salac._tbs.borders import contacts, pairs_of

        keys = np.concatenate([keys for keys, _, _ in contacts(self.labels)])
        found, lengths = np.unique(keys[keys >> 32 > 0], return_counts=True)
        return Adjacency(pairs_of(found), lengths)

    def nearest(self) -> Segments:
        """The same segments, grown over the line: every line pixel takes the nearest one (5-7 chamfer distance).

        Ids and radii stay what they were. In a drawing without a segment the pixels stay 0.
        """
        from salac._tbs.chamfer import spread

        labels = spread(self.labels)
        areas = np.bincount(labels.ravel(), minlength=self.count + 1)
        return Segments(labels, self.count, areas, self.radius)


@dataclass(frozen=True, kw_only=True, eq=False)
class Colorization:
    """A colored drawing and everything on the way to it.

    Attributes:
        sketch: uint8 (H, W), the drawing as it was read, 255 = paper.
        segments: its trapped-ball segmentation.
        style_clusters: two maps uint8 (H, W), `layer7` in 0..6 and `layer9` in 0..5.
        categories: uint8 (H, W) in 0..5, index into `salac.color.CATEGORIES`.
        histogram: float32, sums to 1: the color distribution that was asked for.
        proposal: uint8 sRGB (H, W, 3), the color-filled segments; pure white is paper.
        paint: uint8 sRGB (H, W, 3), the proposal refined, still without the line; the proposal itself where refinement
            was left out.
        seed: that the histogram was sampled by; None where it was given.
    """

    sketch: NDArray[np.uint8]
    segments: Segments
    style_clusters: StyleClusterMaps
    categories: NDArray[np.uint8]
    histogram: NDArray[np.float32]
    proposal: NDArray[np.uint8]
    paint: NDArray[np.uint8]
    seed: int | None

    @cached_property
    def image(self) -> NDArray[np.uint8]:
        """The colored drawing, uint8 sRGB (H, W, 3) of its own size: the line multiplied over the paint."""
        from salac._tbs.carry import lay_line

        return lay_line(self.paint, self.sketch)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = True) -> None:
        """Write the colored drawing to a file, or its colors, the format chosen by the suffix.

        Args:
            path: .png, .webp, .jpg, ... for `image`; .psd or .ora for layers to go on painting in: paper, flats grouped
                by color category, shade, light, and the line on top; .gpl, .aco, .ase for its palette alone.
            overwrite: whether a file that is already there may be replaced.

        Raises:
            OutputError: it cannot be written; an older file of that name is left as it was.
        """
        from salac.image import LAYERED, write_picture
        from salac.palette_files import WRITTEN, write_palette

        if os.fspath(path).lower().endswith(LAYERED):
            from salac.export.layers import save_layers

            save_layers(self, path, overwrite=overwrite)
        elif os.fspath(path).lower().endswith(WRITTEN):
            write_palette(path, self.palette(), overwrite=overwrite)
        else:
            write_picture(path, self.image, overwrite=overwrite)

    def palette(self) -> list[str]:
        """The colors of the proposal with their shares, heaviest first: ["#f7d7c4:0.31", ...], as `palette=` takes."""
        from salac.export.flats import palette

        return palette(self)

    def sheet(self, side: int = 512) -> Image.Image:
        """Draw every stage side by side, each at most `side` px wide and high."""
        from salac.export.sheet import stage_sheet

        return stage_sheet(self, side)
