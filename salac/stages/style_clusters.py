"""High-level segmentation (thesis 3.2.2): which style cluster every pixel of a sketch belongs to."""

from collections.abc import Mapping
from typing import Self

import cv2
import numpy as np

from ..image import PictureSource
from ..types import Segments, StyleClusterMaps
from .arrays import ArrayNet, NetSource
from .stage import Stage, as_drawing
from .view import view

LAYER7_FILE, LAYER9_FILE = "style-clusters-7.safetensors", "style-clusters-9.safetensors"
CLUSTERS = {7: 7, 9: 6}
"""Number of style clusters by layer of the StyleGAN2 (thesis 3.2.2)."""


class StyleClusters(Stage):
    """Two RefineNets that name the style clusters which a StyleGAN2 would have, had it drawn the sketch."""

    def __init__(self, layer7: ArrayNet, layer9: ArrayNet):
        """Take two nets; see `from_pretrained` for trained ones."""
        self.layer7, self.layer9 = layer7, layer9

    @classmethod
    def from_source(cls, source: NetSource) -> Self:
        """Take the nets of this stage from those of a model."""
        return cls(source.net(LAYER7_FILE, "refinenet"), source.net(LAYER9_FILE, "refinenet"))

    def nets(self) -> Mapping[str, ArrayNet]:
        """Both nets, by the names of their files."""
        return {LAYER7_FILE: self.layer7, LAYER9_FILE: self.layer9}

    def __call__(self, sketch: PictureSource, segments: Segments | None = None) -> StyleClusterMaps:
        """Predict the style clusters of a sketch.

        Args:
            sketch: anything `salac.image.read_drawing` takes; an array uint8 (H, W) counts as read already.
            segments: of the same size; made here if None.

        Raises:
            InputError: the sketch cannot be read, or the segments are of another size.
        """
        gray, segments = as_drawing(sketch, segments)
        seen = view(gray, segments, self.layer7.config["size"])
        maps = []
        for net in (self.layer7, self.layer9):
            logits = net("classify", **seen.arrays())["logits"]
            small = logits[0].argmax(0).astype(np.uint8)
            maps.append(cv2.resize(small, gray.shape[::-1], interpolation=cv2.INTER_NEAREST_EXACT))
        return StyleClusterMaps(*maps)
