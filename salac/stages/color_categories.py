"""Color category prediction (thesis 3.3.1): which of six color spectra every segment of a sketch belongs to."""

from collections.abc import Mapping
from typing import Self

import numpy as np
import numpy.typing as npt

from ..image import PictureSource
from ..types import Segments, StyleClusterMaps
from .arrays import ArrayNet, NetSource
from .stage import Stage, as_drawing, check_classes
from .style_clusters import CLUSTERS
from .view import one_hot, view

FILE = "color-categories.safetensors"


class ColorCategories(Stage):
    """A RefineNet that proposes a rough color, one of `salac.color.CATEGORIES`, for every part of a sketch."""

    def __init__(self, net: ArrayNet):
        """Take a net; see `from_pretrained` for a trained one."""
        self.net = net

    @classmethod
    def from_source(cls, source: NetSource) -> Self:
        """Take the net of this stage from those of a model."""
        return cls(source.net(FILE, "refinenet"))

    def nets(self) -> Mapping[str, ArrayNet]:
        """The net, by the name of its file."""
        return {FILE: self.net}

    def __call__(
        self, sketch: PictureSource, segments: Segments | None = None, clusters: StyleClusterMaps | None = None
    ) -> npt.NDArray[np.uint8]:
        """Predict the color category of every pixel; a segment has one, that of its mean logits.

        Args:
            sketch: anything `salac.image.read_drawing` takes; an array uint8 (H, W) counts as read already.
            segments: of the same size; made here if None.
            clusters: style clusters of the same sketch; None says nothing of them.

        Returns:
            uint8 (H, W) in 0..5, index into `salac.color.CATEGORIES`.

        Raises:
            InputError: the sketch cannot be read, or what belongs to it is of another size.
        """
        gray, segments = as_drawing(sketch, segments)
        for classes, count in zip(clusters or (), CLUSTERS.values(), strict=False):
            check_classes("style clusters", classes, count, gray)
        seen = view(gray, segments, self.net.config["size"])
        shape = seen.sketch.shape[2:]
        if clusters is None:
            priors = np.zeros((1, sum(CLUSTERS.values()), *shape), np.float32)
        else:
            maps = [one_hot(m, n, shape) for m, n in zip(clusters, CLUSTERS.values(), strict=True)]
            priors = np.concatenate(maps, 1)
        logits = self.net("classify", **seen.arrays(), priors=priors)["logits"]
        sums = [np.bincount(seen.labels.ravel(), plane.ravel(), seen.count) for plane in logits[0]]
        chosen = np.argmax(sums, 0).astype(np.uint8)
        categories: npt.NDArray[np.uint8] = chosen[seen.tokens][segments.labels]
        return categories
