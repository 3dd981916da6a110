"""The whole chain: sketch, segments, style clusters, color categories, proposal, refinement (thesis 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from .color import CATEGORIES
from .errors import InputError
from .histogram import HistogramBank, interpolate_histograms
from .image import MAX_PIXELS, PictureSource, read_drawing
from .stages import ColorCategories, ColorProposal, Refiner, StyleClusters
from .stages.arrays import NetSource
from .stages.pretrained import Pretrained
from .steering import LocalColors, Locks, Palette, References, faded, given_histogram
from .tbs import paint, segment, segment_colors
from .types import Colorization, Segments, StyleClusterMaps

HISTOGRAMS_FILE = "histograms.safetensors"

Histogram = npt.NDArray[np.float32]


class _Drawing(NamedTuple):
    """Everything that no histogram changes."""

    gray: npt.NDArray[np.uint8]
    segments: Segments
    covering: Segments
    """The segments grown over the line."""
    clusters: StyleClusterMaps
    categories: npt.NDArray[np.uint8]


class Colorizer(Pretrained):
    """Every stage of a model, composed. Calls change nothing in it, so threads may share one.

    Example:
        >>> import numpy as np, salac
        >>> sketch = np.full((120, 100), 255, np.uint8)
        >>> sketch[20:100, [20, 80]] = sketch[[20, 60, 100], 20:81] = 0  # a box of two rooms
        >>> colorizer = salac.Colorizer.from_pretrained()  # load once
        >>> [result.seed for result in colorizer.variations(sketch, n=3, seed=5)]
        [5, 6, 7]
        >>> result = colorizer(sketch, seed=5, hints=None)
        >>> locked = colorizer.resume(result, lock={2: "#c8202a"})  # segments are kept, their second is red now
        >>> locked.proposal[40, 50].tolist()
        [200, 32, 42]
    """

    def __init__(
        self,
        style_clusters: StyleClusters,
        color_categories: ColorCategories,
        color_proposal: ColorProposal,
        refiner: Refiner,
        histograms: HistogramBank,
    ):
        """Compose stages; see `from_pretrained` for a trained model."""
        self.style_clusters = style_clusters
        self.color_categories = color_categories
        self.color_proposal = color_proposal
        self.refiner = refiner
        self.histograms = histograms

    @classmethod
    def from_source(cls, source: NetSource) -> Self:
        """Take the nets of every stage, and the histograms, from those of a model."""
        return cls(
            StyleClusters.from_source(source),
            ColorCategories.from_source(source),
            ColorProposal.from_source(source),
            Refiner.from_source(source),
            HistogramBank.load(source.file(HISTOGRAMS_FILE)),
        )

    def save_files(self, folder: Path) -> None:
        """Write the weights of every stage, and the histograms, into an existing folder."""
        for stage in (self.style_clusters, self.color_categories, self.color_proposal, self.refiner):
            stage.save_files(folder)
        self.histograms.save(folder / HISTOGRAMS_FILE)

    def export_files(self, folder: Path) -> None:
        """Write the nets of every stage as ONNX, and the histograms, into an existing folder."""
        for stage in (self.style_clusters, self.color_categories, self.color_proposal, self.refiner):
            stage.export_files(folder)
        self.histograms.save(folder / HISTOGRAMS_FILE)

    def __call__(
        self,
        sketch: PictureSource,
        *,
        seed: int = 0,
        histogram: Histogram | None = None,
        reference: References | None = None,
        palette: Palette | None = None,
        hints: PictureSource | None = None,
        lock: Locks | None = None,
        refine: bool = True,
        max_pixels: int = MAX_PIXELS,
    ) -> Colorization:
        """Color a line drawing.

        The colors are those of a histogram, sampled from the model's training distribution by `seed` or given in one of
        three other ways. Hints and locks then fix the colors of some segments.

        Args:
            sketch: path, bytes, file, PIL image, array or tensor; see `salac.image.read_drawing`.
            seed: which histogram of the bank.
            histogram: a color histogram, as in `Colorization.histogram` of another drawing.
            reference: a picture whose colors to take, its plain background and its lines left out; or a list of
                pictures, each of which counts alike.
            palette: hex colors such as "#f7d7c4", or "#3b4cc0:2" with a weight; or a palette file, see
                `salac.palette_files`.
            hints: a layer of the sketch's size with scribbles on it, such as uint8 (H, W, 4); transparent = no hint. A
                segment that is scribbled in gets exactly that color, and what had its color before goes with it; pure
                white makes it paper.
            lock: hex colors for segments, by id, and for color categories, by name: `{7: "#c8202a", "fair/pink":
                "#f7d7c4"}`. What is paper stays paper unless it is locked by id.
            refine: whether to shade the proposal; False leaves flat colors under the line.
            max_pixels: refuse larger sketches.

        Raises:
            InputError: the sketch or what steers it cannot be used.
        """
        # The colors first: a mistake in them is told before any work.
        asked = self._asked(seed, histogram, reference, palette)
        return next(self._color(self._prepare(sketch, max_pixels), [asked], hints, lock, refine))

    def variations(
        self,
        sketch: PictureSource,
        n: int = 8,
        *,
        seed: int = 0,
        hints: PictureSource | None = None,
        lock: Locks | None = None,
        refine: bool = True,
        max_pixels: int = MAX_PIXELS,
    ) -> Iterator[Colorization]:
        """Color a drawing by `n` histograms, those of seeds `seed`, `seed + 1`, ...

        What no histogram changes is done once; each variation costs a proposal and a refinement, and is made when it is
        asked for, so that any number of them takes the memory of one.

        Args:
            sketch: as when called.
            n: how many.
            seed: of the first.
            hints: as when called.
            lock: as when called.
            refine: as when called.
            max_pixels: refuse larger sketches.

        Raises:
            InputError: the sketch or what steers it cannot be used.
        """
        self.histograms.sample(seed)  # refuses an unusable seed before any work
        drawing = self._prepare(sketch, max_pixels)
        asked = ((self.histograms.sample(k), k) for k in range(seed, seed + n))
        yield from self._color(drawing, asked, hints, lock, refine)

    def resume(
        self,
        result: Colorization,
        *,
        segments: Segments | None = None,
        categories: npt.NDArray[np.uint8] | None = None,
        proposal: npt.NDArray[np.uint8] | None = None,
        seed: int | None = None,
        histogram: Histogram | None = None,
        reference: References | None = None,
        palette: Palette | None = None,
        hints: PictureSource | None = None,
        lock: Locks | None = None,
        refine: bool = True,
    ) -> Colorization:
        """Change something in a result and run on from there; what lies before it is kept, and so are the colors.

        Args:
            result: of this or another model.
            segments: divided otherwise, see `Segments.from_labels`; categories, proposal and paint are made anew.
            categories: uint8 (H, W) in 0..5; proposal and paint are made anew.
            proposal: uint8 sRGB (H, W, 3), pure white is paper; only the paint is made anew.
            seed: as when called; like the next three, other colors for the same drawing.
            histogram: as when called.
            reference: as when called.
            palette: as when called.
            hints: as when called; where nothing but hints and locks is given, they are laid on the proposal as it is.
            lock: likewise.
            refine: as when called; a result of flats alone is refined where nothing else is asked for.

        Raises:
            InputError: what is given cannot be used, or does not fit the drawing.
        """
        gray = result.sketch
        _check("segments.labels", None if segments is None else segments.labels, gray.shape, np.int32)
        _check("categories", categories, gray.shape, np.uint8)
        _check("proposal", proposal, (*gray.shape, 3), np.uint8)
        if categories is not None and categories.max(initial=0) >= len(CATEGORIES):
            raise InputError(f"categories go up to {categories.max()}: they are indices in 0..{len(CATEGORIES) - 1}")
        recolored = any(value is not None for value in (segments, categories, seed, histogram, reference, palette))
        steered = hints is not None or bool(lock)
        if proposal is not None and (recolored or steered):
            raise InputError("a proposal has its segments and colors: pass it alone")
        if not recolored:
            return self._repaint(result, result.proposal if proposal is None else proposal, hints, lock, refine)
        clusters = result.style_clusters
        if segments is None:
            segments, covering = result.segments, result.segments.nearest()
            categories = result.categories if categories is None else categories
        else:
            covering = segments.nearest()
            clusters = self.style_clusters(gray, covering)
            if categories is None:
                categories = self.color_categories(gray, covering, clusters)
        asked = (result.histogram, result.seed)
        if any(value is not None for value in (seed, histogram, reference, palette)):
            asked = self._asked(seed or 0, histogram, reference, palette)
        drawing = _Drawing(gray, segments, covering, clusters, categories)
        return next(self._color(drawing, [asked], hints, lock, refine))

    def between(self, first: Colorization, second: Colorization, share: float, *, refine: bool = True) -> Colorization:
        """Color a drawing between two of its colorings, every segment on the way from its color in one to the other's.

        Under histograms between those of both, segments would change places at once. Here all colors drift, evenly
        in CIELAB, as a film needs it.

        Args:
            first: of this or another model.
            second: of the same drawing, divided alike.
            share: in [0, 1]: 0 gives the colors of the first, 1 those of the second.
            refine: as when called.

        Raises:
            InputError: the two are of different drawings or divisions, or the share is out of its range.
        """
        if not np.array_equal(first.segments.labels, second.segments.labels):
            raise InputError("the colorings have other segments: make one by `resume` or `variations` of the other")
        histogram = interpolate_histograms(first.histogram, second.histogram, share)
        covering = first.segments.nearest()
        start, end = (segment_colors(covering, result.proposal) for result in (first, second))
        between = replace(first, histogram=histogram, seed=None)
        return self.resume(between, proposal=paint(covering, faded(start, end, share)), refine=refine)

    def _repaint(
        self,
        result: Colorization,
        proposal: npt.NDArray[np.uint8],
        hints: PictureSource | None,
        lock: Locks | None,
        refine: bool,
    ) -> Colorization:
        """Give a result another proposal, with hints and locks laid on it; earlier ones, and edits, stay in it."""
        gray, covering = result.sketch, result.segments.nearest()
        if hints is not None or lock:
            local = LocalColors(covering, result.categories, hints, lock)
            proposal = local.on_proposal(proposal)
            histogram = local.on_histogram(result.histogram, proposal)
            result = replace(result, categories=local.on_categories(result.categories), histogram=histogram)
        painted = self.refiner.paint(gray, covering, proposal=proposal) if refine else proposal
        return replace(result, proposal=proposal, paint=painted)

    def _prepare(self, sketch: PictureSource, max_pixels: int) -> _Drawing:
        gray = read_drawing(sketch, max_pixels=max_pixels)
        segments = segment(gray, close_below=True)
        covering = segments.nearest()
        clusters = self.style_clusters(gray, covering)
        return _Drawing(gray, segments, covering, clusters, self.color_categories(gray, covering, clusters))

    def _color(
        self,
        drawing: _Drawing,
        asked: Iterable[tuple[Histogram, int | None]],
        hints: PictureSource | None,
        lock: Locks | None,
        refine: bool,
    ) -> Iterator[Colorization]:
        """Color a prepared drawing by the histograms that are asked for, each with the seed that it was sampled by.

        They go through the nets one by one: a batch of them is hardly faster on a CPU, and its sums are rounded
        differently, so that a seed's picture would depend on what else was asked for.
        """
        gray, segments, covering, clusters, categories = drawing
        local = LocalColors(covering, categories, hints, lock) if hints is not None or lock else None
        propose = self.color_proposal.on(gray, covering, categories)
        if local:
            categories = local.on_categories(categories)
        for histogram, seed in asked:
            proposal = propose(histogram, sampled=seed is not None)
            if local:
                proposal = local.on_proposal(proposal)
                histogram = local.on_histogram(histogram, proposal)
            yield Colorization(
                sketch=gray,
                segments=segments,
                style_clusters=clusters,
                categories=categories,
                histogram=histogram,
                proposal=proposal,
                paint=self.refiner.paint(gray, covering, proposal=proposal) if refine else proposal,
                seed=seed,
            )

    def _asked(
        self, seed: int, histogram: Histogram | None, reference: References | None, palette: Palette | None
    ) -> tuple[Histogram, int | None]:
        """The histogram that is given, or else the seed's, with the seed."""
        given = given_histogram(histogram, reference, palette)
        return (self.histograms.sample(seed), seed) if given is None else (given, None)


def _check(name: str, array: npt.NDArray[Any] | None, shape: tuple[int, ...], dtype: type[np.integer[Any]]) -> None:
    if array is not None and (array.shape != shape or array.dtype != dtype):
        asked = f"{np.dtype(dtype)} {shape}"
        raise InputError(f"{name} is {array.dtype} {array.shape}, the drawing asks for {asked}: pass that")


@lru_cache(maxsize=1)
def _bundled() -> Colorizer:
    return Colorizer.from_pretrained()


def colorize(
    sketch: PictureSource,
    *,
    seed: int = 0,
    histogram: Histogram | None = None,
    reference: References | None = None,
    palette: Palette | None = None,
    hints: PictureSource | None = None,
    lock: Locks | None = None,
    refine: bool = True,
    max_pixels: int = MAX_PIXELS,
) -> Colorization:
    """Color a line drawing with the bundled model, which is loaded once; arguments as in `Colorizer.__call__`.

    Example:
        >>> import numpy as np, salac
        >>> sketch = np.full((120, 100), 255, np.uint8)
        >>> sketch[20:100, [20, 80]] = sketch[[20, 60, 100], 20:81] = 0  # a box of two rooms
        >>> result = salac.colorize(sketch, palette=["#c8202a", "#2f4f9f"])
        >>> result.image.shape, result.segments.count
        ((120, 100, 3), 3)
        >>> result.save("colored.png")
    """
    return _bundled()(
        sketch,
        seed=seed,
        histogram=histogram,
        reference=reference,
        palette=palette,
        hints=hints,
        lock=lock,
        refine=refine,
        max_pixels=max_pixels,
    )
