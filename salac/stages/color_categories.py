"""Color category prediction (thesis 3.3.1): which of six color spectra every segment of a sketch belongs to."""

from collections.abc import Mapping
from typing import Self

import numpy as np
import numpy.typing as npt
import torch

from ..image import PictureSource
from ..nets.refinenet import RefineNet
from ..nets.segments import segment_classes
from ..nets.weights import AnyNet, load_net
from ..types import Segments, StyleClusterMaps
from ..zoo.hub import ModelSource
from .memory import memory_watched
from .stage import Stage, as_drawing, check_classes, pick_device
from .style_clusters import CLUSTERS
from .view import one_hot, view

FILE = "color-categories.safetensors"


class ColorCategories(Stage):
    """A RefineNet that proposes a rough color, one of `salac.color.CATEGORIES`, for every part of a sketch."""

    def __init__(self, net: RefineNet, device: torch.device):
        """Take a net; see `from_pretrained` for a trained one."""
        self.device, self.net = device, net.to(device)

    @classmethod
    def from_source(cls, source: ModelSource, device: str | torch.device | None) -> Self:
        """Load this stage from the files of a model that is known already."""
        return cls(load_net(source.file(FILE), RefineNet), pick_device(device))

    def nets(self) -> Mapping[str, AnyNet]:
        """The net, by the name of its file."""
        return {FILE: self.net}

    @memory_watched()
    @torch.inference_mode()
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
        seen = view(gray, segments, self.net.config.size)
        shape = seen.sketch.shape[2:]
        if clusters is None:
            priors = torch.zeros(1, sum(CLUSTERS.values()), *shape)
        else:
            priors = torch.cat([one_hot(m, n, shape) for m, n in zip(clusters, CLUSTERS.values(), strict=True)], 1)
        labels = seen.labels.to(self.device)
        logits = self.net(seen.sketch.to(self.device), labels, seen.count, priors.to(self.device))
        chosen = segment_classes(logits, labels, seen.count)[0].to(torch.uint8).cpu().numpy()
        categories: npt.NDArray[np.uint8] = chosen[seen.tokens][segments.labels]
        return categories
