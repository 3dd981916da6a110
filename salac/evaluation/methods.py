"""What is compared: a model whole and with parts of it left out, chance, one mean color, and G'MIC's Smart Coloring."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .._tbs.carry import lay_line
from ..color import categories_of_segments
from ..colorizer import Colorizer
from ..histogram import RGBuvHistogram
from ..stages.color_proposal import ALMOST_PAPER
from ..tbs import paint, segment_colors
from ..training.baselines.picture import Painter
from .colors import PAPER, Colors, mean_color
from .drawings import Subject

Histogram = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]

MEASURES = ("colors", "lpips", "fid", "steering")
"""Groups of figures, in the order of their columns."""
UNSTEERED = ("colors", "lpips", "fid")
"""Those that mean something where no histogram steers."""

_PALETTE = 24
"""Colors that are read out of a histogram for chance and for the mean; a shaded figure has hardly more."""


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A method that has looked at one drawing.

    Attributes:
        colors: from a histogram and a seed to the color of every segment, uint8 (count + 1, 3).
        image: from the same to the finished picture, uint8 (H, W, 3).
        automatic: the same where nobody asked for the histogram, but it was drawn by lot; None where that is no other.
        categories: that were predicted, uint8 (count + 1,) in 0..5; None where there is no such stage.
    """

    colors: Callable[[Histogram, int], Colors]
    image: Callable[[Histogram, int], Picture]
    automatic: "Ready | None" = None
    categories: npt.NDArray[np.uint8] | None = None


class Method(Protocol):
    """One row of the table."""

    @property
    def name(self) -> str:
        """In the table."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Those of `MEASURES` that say something about it."""

    def on(self, subject: Subject) -> Ready:
        """Look at a drawing."""


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A model's stages, all of them or without some.

    Attributes:
        colorizer: the model.
        name: in the table.
        clusters: whether the category stage is told the style clusters.
        categories: whether the proposal stage is told the categories.
        refine: whether the proposal is shaded.
        measures: that say something about it.
    """

    colorizer: Colorizer
    name: str
    clusters: bool = True
    categories: bool = True
    refine: bool = True
    measures: tuple[str, ...] = MEASURES

    def on(self, subject: Subject) -> Ready:
        """Look at a drawing: everything that no histogram changes."""
        model, gray, segments = self.colorizer, subject.gray, subject.segments
        categories = None
        if self.categories:
            clusters = model.style_clusters(gray, segments) if self.clusters else None
            categories = model.color_categories(gray, segments, clusters)
        propose = model.color_proposal.on(gray, segments, categories)

        predicted = None if categories is None else categories_of_segments(segments, categories)

        def colors(histogram: Histogram, seed: int, *, sampled: bool) -> Colors:
            return subject.colors_of(propose(histogram, sampled=sampled))

        def image(histogram: Histogram, seed: int, *, sampled: bool) -> Picture:
            flats = propose(histogram, sampled=sampled)
            return lay_line(model.refiner.paint(gray, segments, proposal=flats) if self.refine else flats, gray)

        def ready(sampled: bool, automatic: Ready | None = None) -> Ready:
            return Ready(
                colors=partial(colors, sampled=sampled),
                image=partial(image, sampled=sampled),
                categories=predicted,
                automatic=automatic,
            )

        return ready(False, automatic=ready(True))


@dataclass(frozen=True)
class RandomColors:
    """Every segment of the figure takes a color of the histogram by its share; it is told where the figure is."""

    name: str = "random colors"
    measures: tuple[str, ...] = field(default=MEASURES)

    def on(self, subject: Subject) -> Ready:
        """Look at a drawing: at where its figure is."""

        def colors(histogram: Histogram, seed: int) -> Colors:
            palette, shares = _palette(histogram)
            rng = np.random.default_rng(seed)
            return _on_figure(subject, palette[rng.choice(len(palette), len(subject.areas), p=shares)])

        return _flat(subject, colors)


@dataclass(frozen=True)
class MeanColor:
    """The whole figure takes the histogram's mean color; it is told where the figure is."""

    name: str = "one mean color"
    measures: tuple[str, ...] = field(default=MEASURES)

    def on(self, subject: Subject) -> Ready:
        """Look at a drawing: at where its figure is."""

        def colors(histogram: Histogram, seed: int) -> Colors:
            return _on_figure(subject, np.tile(mean_color(*_palette(histogram)), (len(subject.areas), 1)))

        return _flat(subject, colors)


@dataclass(frozen=True)
class SmartColoring:
    """G'MIC's Colorize Lineart [Smart Coloring] (Fourey et al. 2018) with random colors, which no histogram steers."""

    name: str = "G'MIC Smart Coloring"
    measures: tuple[str, ...] = UNSTEERED

    def on(self, subject: Subject) -> Ready:
        """Look at a drawing: at its size."""

        def colors(histogram: Histogram, seed: int) -> Colors:
            return segment_colors(subject.segments, _smart_coloring(subject.gray, seed))

        return _flat(subject, colors)


@dataclass(frozen=True)
class OnePass:
    """A trained baseline, which paints the picture in one pass; every segment is judged by the median of its paint."""

    painter: Painter

    @property
    def name(self) -> str:
        """In the table."""
        return self.painter.name

    @property
    def measures(self) -> tuple[str, ...]:
        """Of what no histogram steers, obedience says nothing."""
        return MEASURES if self.painter.steered else UNSTEERED

    def on(self, subject: Subject) -> Ready:
        """Look at a drawing: at nothing that could be known before the histogram."""

        def colors(histogram: Histogram, seed: int) -> Colors:
            found = segment_colors(subject.segments, self.painter(subject.gray, histogram))
            found[(found > ALMOST_PAPER).all(1)] = PAPER
            return found

        def image(histogram: Histogram, seed: int) -> Picture:
            return lay_line(self.painter(subject.gray, histogram), subject.gray)

        return Ready(colors=colors, image=image)


def methods_of(colorizer: Colorizer, name: str, trained: Sequence[Painter] = ()) -> list[Method]:
    """Every method that can be had here: the model, the model without parts of it, and the baselines.

    Args:
        colorizer: the model.
        name: of the model.
        trained: baselines that are.
    """
    unrefined = ("lpips", "fid")  # its colors are the model's
    methods: list[Method] = [
        Chain(colorizer=colorizer, name=name),
        Chain(colorizer=colorizer, name="without style clusters", clusters=False),
        Chain(colorizer=colorizer, name="without categories", categories=False),
        Chain(colorizer=colorizer, name="without refiner", refine=False, measures=unrefined),
        *map(OnePass, trained),
        RandomColors(),
        MeanColor(),
    ]
    return [*methods, SmartColoring()] if find_spec("gmic") else methods


def _palette(histogram: Histogram) -> tuple[Colors, npt.NDArray[np.float64]]:
    colors, shares = RGBuvHistogram().palette(histogram, _PALETTE)
    exact = shares.astype(np.float64)
    # One level below white, for pure white is paper.
    return np.rint(colors * 255).clip(0, PAPER - 1).astype(np.uint8), exact / exact.sum()


def _on_figure(subject: Subject, colors: Colors) -> Colors:
    colors[subject.areas == 0] = PAPER
    return colors


def _flat(subject: Subject, colors: Callable[[Histogram, int], Colors]) -> Ready:
    """A method whose pictures are its colors under the line."""
    return Ready(colors=colors, image=lambda *asked: lay_line(paint(subject.segments, colors(*asked)), subject.gray))


def _smart_coloring(gray: Picture, seed: int) -> Picture:
    """The colors that G'MIC lays under a line drawing: uint8 (H, W, 3)."""
    import gmic

    levels = np.repeat(gray[..., None], 3, axis=2).astype(np.float32)
    # The filter's own settings; its first is the mode that makes up colors.
    how = "0,95,0,0,1,24,200,0,75,2,60,20,90,1,10,1,0"
    layers = gmic.run(f"srand {seed} fx_colorize_lineart_smart {how}", gmic.ImageList([gmic.Image.from_yxc(levels)]))
    colors = np.asarray(layers[1].to_numpy())[:, :, 0, :3].transpose(1, 0, 2)
    return np.ascontiguousarray(colors.clip(0, 255).round().astype(np.uint8))
