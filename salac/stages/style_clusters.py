"""High-level segmentation (thesis 3.2.2): which style cluster every pixel of a sketch belongs to."""

from collections.abc import Mapping
from typing import Self

import cv2
import torch

from ..image import PictureSource
from ..nets.refinenet import RefineNet
from ..nets.weights import AnyNet, load_net
from ..types import Segments, StyleClusterMaps
from ..zoo.hub import ModelSource
from .memory import memory_watched
from .stage import Stage, as_drawing, pick_device
from .view import view

LAYER7_FILE, LAYER9_FILE = "style-clusters-7.safetensors", "style-clusters-9.safetensors"
CLUSTERS = {7: 7, 9: 6}
"""Number of style clusters by layer of the StyleGAN2 (thesis 3.2.2)."""


class StyleClusters(Stage):
    """Two RefineNets that name the style clusters which a StyleGAN2 would have, had it drawn the sketch."""

    def __init__(self, layer7: RefineNet, layer9: RefineNet, device: torch.device):
        """Take two nets; see `from_pretrained` for trained ones."""
        self.device = device
        self.layer7, self.layer9 = layer7.to(device), layer9.to(device)

    @classmethod
    def from_source(cls, source: ModelSource, device: str | torch.device | None) -> Self:
        """Load this stage from the files of a model that is known already."""
        layer7, layer9 = (load_net(source.file(name), RefineNet) for name in (LAYER7_FILE, LAYER9_FILE))
        return cls(layer7, layer9, pick_device(device))

    def nets(self) -> Mapping[str, AnyNet]:
        """Both nets, by the names of their files."""
        return {LAYER7_FILE: self.layer7, LAYER9_FILE: self.layer9}

    @memory_watched()
    @torch.inference_mode()
    def __call__(self, sketch: PictureSource, segments: Segments | None = None) -> StyleClusterMaps:
        """Predict the style clusters of a sketch.

        Args:
            sketch: anything `salac.image.read_drawing` takes; an array uint8 (H, W) counts as read already.
            segments: of the same size; made here if None.

        Raises:
            InputError: the sketch cannot be read, or the segments are of another size.
        """
        gray, segments = as_drawing(sketch, segments)
        seen = view(gray, segments, self.layer7.config.size)
        maps = []
        for net in (self.layer7, self.layer9):
            logits = net(seen.sketch.to(self.device), seen.labels.to(self.device), seen.count)
            small = logits[0].argmax(0).to(torch.uint8).cpu().numpy()
            maps.append(cv2.resize(small, gray.shape[::-1], interpolation=cv2.INTER_NEAREST_EXACT))
        return StyleClusterMaps(*maps)
