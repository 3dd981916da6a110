"""Refinement (thesis 3.4): from flat color to a cel-shaded illustration, the artist's own line on top."""

from collections.abc import Mapping
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..image import PictureSource
from ..shading import DAYLIGHT, highlighted, shadowed
from ..tbs import segment_colors
from ..types import Segments
from .arrays import ArrayNet, NetSource
from .stage import Stage, as_drawing
from .view import cell_centres, net_shape, reduce_labels, reduce_sketch

FILE = "refiner.safetensors"
MULTIPLE = 32
SMOOTH = 1.2
"""Standard deviation, in px of the net, by which chances are smoothed: shade is outlined as by a brush."""
LIKELY = (0.45, 0.42)
"""From which chance on a pixel is in shadow, and in highlight. Chances of thin shapes stay low even where they surely
lie somewhere near, so less than a half is asked; with less still, faces by other hands turn blotchy."""
SURE = 0.6
"""What chances must reach somewhere in a shape of shadow or highlight: one that is all doubt is a blotch."""


class Refiner(Stage):
    """The refinement generator: shadow and light, found at net size and drawn at the drawing's own."""

    def __init__(self, net: ArrayNet):
        """Take a net; see `from_pretrained` for a trained one."""
        self.net = net

    @classmethod
    def from_source(cls, source: NetSource) -> Self:
        """Take the net of this stage from those of a model."""
        return cls(source.net(FILE, "tone-refiner"))

    def nets(self) -> Mapping[str, ArrayNet]:
        """The net, by the name of its file."""
        return {FILE: self.net}

    def __call__(
        self, sketch: PictureSource, segments: Segments | None = None, *, proposal: npt.NDArray[np.uint8]
    ) -> npt.NDArray[np.uint8]:
        """Finish a proposal.

        Args:
            sketch: anything `salac.image.read_drawing` takes; an array uint8 (H, W) counts as read already.
            segments: of the same size; made here if None.
            proposal: uint8 sRGB (H, W, 3), color-filled segments; pure white is paper and stays.

        Returns:
            uint8 sRGB (H, W, 3): paint with the sketch's line multiplied over it.

        Raises:
            InputError: the sketch cannot be read, or what belongs to it is of another size.
        """
        from .._tbs.carry import lay_line

        gray, segments = as_drawing(sketch, segments)
        return lay_line(self.paint(gray, segments, proposal=proposal), gray)

    def paint(
        self, sketch: PictureSource, segments: Segments | None = None, *, proposal: npt.NDArray[np.uint8]
    ) -> npt.NDArray[np.uint8]:
        """Finish a proposal, the line left out; arguments and errors as when called.

        Returns:
            uint8 sRGB (H, W, 3): the shaded proposal.
        """
        from .._tbs.carry import shade_segments

        gray, segments = as_drawing(sketch, segments)
        if proposal.shape != (*gray.shape, 3) or proposal.dtype != np.uint8:
            raise InputError(
                f"proposal is {proposal.dtype} {proposal.shape}, the sketch {gray.shape}: pass uint8 {(*gray.shape, 3)}"
            )
        height, width = gray.shape
        shape = net_shape(height, width, self.net.config["size"], MULTIPLE)
        labels = reduce_labels(segments.labels, shape)
        flat = proposal[cell_centres(gray.shape, shape)].astype(np.float32) / 255
        tones = self.net("tone", sketch=reduce_sketch(gray, shape), proposal=flat.transpose(2, 0, 1)[None])
        chances = np.ascontiguousarray(tones["chances"][0].transpose(1, 2, 0))
        chances = cv2.GaussianBlur(chances, (0, 0), SMOOTH)
        flats = segment_colors(segments.labels, proposal).astype(np.float32)
        shifts = np.stack([shadowed(flats, DAYLIGHT) - flats, highlighted(flats, DAYLIGHT) - flats], 1)
        return shade_segments(proposal, segments.labels, chances, labels, shifts, LIKELY, SURE)
