"""Generative color proposal (thesis 3.3.2): a color for every segment, out of a histogram."""

from collections.abc import Mapping
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from .._shown import black_share
from .._tbs.borders import blank_borders
from ..color import CATEGORIES
from ..histogram import RGBuvHistogram
from ..image import PictureSource
from ..tbs import THRESHOLD, paint, segment_colors
from ..types import Segments
from .arrays import ArrayNet, Arrays, NetSource
from .choice import ASKED, SAMPLED, choose
from .stage import Stage, as_drawing, check_classes
from .twins import find_twins
from .view import one_hot, view

FILE = "color-proposal.safetensors"
ALMOST_PAPER = 244
"""A painted segment brighter than this in every channel is meant to be paper."""
BLACK = 0.25
"""What an artist fills with ink is of a color darker than this in every channel, of 1."""
BLANK = 0.2
"""Segments are undivided where so much of their common border is without line: of 6,114 such pairs 97 % have one color
in the true pictures (benchmarks/undivided.py).
"""
PAPER = 255
"""Pure white is paper and nothing else; the white of a shirt is at most one level below."""


class Propose(Protocol):
    """Colors a drawing that a `ColorProposal` has looked at."""

    def __call__(self, histogram: npt.NDArray[np.float32], *, sampled: bool = False) -> npt.NDArray[np.uint8]:
        """Propose a color for every segment; arguments and result as of `ColorProposal.__call__`."""


class ColorProposal(Stage):
    """The proposal generator: hands the colors of a histogram out to the segments of a sketch."""

    def __init__(self, net: ArrayNet):
        """Take a net; see `from_pretrained` for a trained one."""
        self.net = net

    @classmethod
    def from_source(cls, source: NetSource) -> Self:
        """Take the net of this stage from those of a model."""
        return cls(source.net(FILE, "segment-palette-generator", "conv-generator"))

    def nets(self) -> Mapping[str, ArrayNet]:
        """The net, by the name of its file."""
        return {FILE: self.net}

    def __call__(
        self,
        sketch: PictureSource,
        segments: Segments | None = None,
        categories: npt.NDArray[np.uint8] | None = None,
        *,
        histogram: npt.NDArray[np.float32],
        sampled: bool = False,
    ) -> npt.NDArray[np.uint8]:
        """Propose a color for every segment.

        Args:
            sketch: anything `salac.image.read_drawing` takes; an array uint8 (H, W) counts as read already.
            segments: of the same size; made here if None.
            categories: uint8 (H, W) in 0..5, the color categories; None says nothing of them.
            histogram: float32, the color distribution to draw from, see `salac.histogram`.
            sampled: whether it was drawn by lot, and nobody asked for it. Its shares then give way where they would
                make colors unlikely.

        Returns:
            uint8 sRGB (H, W, 3), one color a segment; paper is pure white.

        Raises:
            InputError: the sketch or the histogram cannot be used, or what belongs to the sketch is of another size.
        """
        return self.on(sketch, segments, categories)(histogram, sampled=sampled)

    def on(
        self,
        sketch: PictureSource,
        segments: Segments | None = None,
        categories: npt.NDArray[np.uint8] | None = None,
    ) -> Propose:
        """Look at a drawing once, to propose colors for it many times; arguments and errors as when called.

        Most of what the net computes knows nothing of the histogram, so a further proposal costs a fraction of one.

        Returns:
            A function from a histogram, and whether it was `sampled`, to the proposal that a call with them gives, bit
            for bit.
        """
        gray, segments = as_drawing(sketch, segments)
        seen = view(gray, segments, self.net.config["size"])
        shape = seen.sketch.shape[2:]
        prior = np.zeros((1, len(CATEGORIES), *shape), np.float32)
        if categories is not None:
            check_classes("categories", categories, len(CATEGORIES), gray)
            prior = one_hot(categories, len(CATEGORIES), shape)
        drawing = seen.arrays()
        known = self.net("see", **drawing, categories=prior)
        black = black_share(gray, segments.labels)
        pairs, blank = blank_borders(gray, segments.labels, THRESHOLD)
        undivided = seen.tokens[pairs[blank >= BLANK]]
        twins = find_twins(seen.labels[0])

        def propose(histogram: npt.NDArray[np.float32], *, sampled: bool = False) -> npt.NDArray[np.uint8]:
            palette = self._palette(histogram, black)
            answer = self.net("color", **drawing, **known, **palette)
            if "picture" in answer:
                filling = _cleaned(answer["picture"], seen.labels)
            else:
                own = {name: values[0] for name, values in answer.items()}
                filling = _pointed_at(own, palette, seen.labels, SAMPLED if sampled else ASKED, undivided, twins)
            return paint(segments, filling[seen.tokens])

        return propose

    def _palette(self, histogram: npt.NDArray[np.float32], black: float) -> Arrays:
        """The main colors of a histogram (1, slots, 3) and their shares (1, slots), 0 where a slot is empty.

        Of what is asked to be black, the share `black` of the figure is so already.
        """
        slots = self.net.config["slots"]
        colors, weights = RGBuvHistogram().palette(histogram, slots)
        dark = (colors < BLACK).all(1)
        if dark.any() and not dark.all():
            weights[dark] *= max(0.0, 1 - black / float(weights[dark].sum()))
            colors, weights = colors[weights > 0], weights[weights > 0] / weights.sum()
        palette, shares = np.zeros((1, slots, 3), np.float32), np.zeros((1, slots), np.float32)
        palette[0, : len(colors)], shares[0, : len(colors)] = colors, weights
        return {"palette": palette, "shares": shares}


def _pointed_at(
    answer: Arrays,
    palette: Arrays,
    labels: npt.NDArray[np.int64],
    fidelity: float,
    undivided: npt.NDArray[np.int64],
    twins: npt.NDArray[np.intp],
) -> npt.NDArray[np.uint8]:
    """The color that every token points at: uint8 (count, 3)."""
    slots, paper = choose(answer, palette["shares"][0], labels[0], fidelity, undivided, twins)
    levels = np.rint(answer["colors"] * 255).clip(0, PAPER - 1).astype(np.uint8)
    colors: npt.NDArray[np.uint8] = levels[slots]
    colors[paper] = PAPER
    return colors


def _cleaned(painted: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """A painted proposal cleaned by filling its segments with respect to itself (thesis 3.3.2): uint8 (count, 3)."""
    picture = np.rint(painted[0].transpose(1, 2, 0) * 255).astype(np.uint8)
    colors = segment_colors(labels[0], picture)
    colors[(colors > ALMOST_PAPER).all(1)] = PAPER
    return colors
