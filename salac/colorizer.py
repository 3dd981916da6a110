"""The whole chain: sketch, segments, style clusters, color categories, proposal, refinement (thesis 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import torch

from .color import parse_palette
from .errors import InputError
from .histogram import HistogramBank, RGBuvHistogram
from .image import MAX_PIXELS, PictureSource, read_drawing, read_picture
from .stages import ColorCategories, ColorProposal, Refiner, StyleClusters
from .tbs import segment
from .types import Colorization, Segments, StyleClusterMaps
from .zoo.hub import BUNDLED, ModelSource

HISTOGRAMS_FILE = "histograms.safetensors"

Histogram = npt.NDArray[np.float32]


class Colorizer:
    """Every stage of a model, composed. Calls change nothing in it, so threads may share one."""

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
    def from_pretrained(
        cls,
        model: str | Path = BUNDLED,
        *,
        device: str | torch.device | None = None,
        revision: str | None = None,
        cache_dir: str | Path | None = None,
        token: str | bool | None = None,
        local_files_only: bool = False,
    ) -> Self:
        """Load a model. Without arguments it is the bundled one, which needs no network.

        Args:
            model: a bundled model's name, a folder, or `org/name` on the Hugging Face Hub.
            device: where to run; None takes CUDA where there is one, else the CPU.
            revision: branch, tag or commit on the Hub.
            cache_dir: where downloads are kept, the Hub's own cache by default.
            token: for private models, as in huggingface_hub.
            local_files_only: take what is cached and ask no network.

        Raises:
            ModelError: the model or a file of it cannot be had, is damaged or does not fit.
        """
        source = ModelSource(
            model, revision=revision, cache_dir=cache_dir, token=token, local_files_only=local_files_only
        )
        return cls(
            StyleClusters.from_source(source, device),
            ColorCategories.from_source(source, device),
            ColorProposal.from_source(source, device),
            Refiner.from_source(source, device),
            HistogramBank.load(source.file(HISTOGRAMS_FILE)),
        )

    def __call__(
        self,
        sketch: PictureSource,
        *,
        seed: int = 0,
        histogram: Histogram | None = None,
        reference: PictureSource | None = None,
        palette: Sequence[str] | None = None,
        refine: bool = True,
        max_pixels: int = MAX_PIXELS,
    ) -> Colorization:
        """Color a line drawing.

        The colors are those of a histogram, sampled from the model's training distribution by `seed` or given in one of
        three other ways.

        Args:
            sketch: path, bytes, file, PIL image, array or tensor; see `salac.image.read_drawing`.
            seed: which histogram of the bank.
            histogram: a color histogram, as in `Colorization.histogram` of another drawing.
            reference: a picture whose colors to take, its plain background left out.
            palette: hex colors such as "#f7d7c4", or "#3b4cc0:2" with a weight.
            refine: whether to shade the proposal; False leaves flat colors under the line.
            max_pixels: refuse larger sketches.

        Raises:
            InputError: the sketch or what steers it cannot be used.
        """
        drawing = self._prepare(sketch, max_pixels)
        asked = self._histogram(seed, histogram, reference, palette)
        given = histogram is not None or reference is not None or palette is not None
        return next(self._color(drawing, [(asked, None if given else seed)], refine))

    def variations(
        self,
        sketch: PictureSource,
        n: int = 8,
        *,
        seed: int = 0,
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
            refine: as when called.
            max_pixels: refuse larger sketches.

        Raises:
            InputError: the sketch cannot be used.
        """
        drawing = self._prepare(sketch, max_pixels)
        yield from self._color(drawing, ((self.histograms.sample(k), k) for k in range(seed, seed + n)), refine)

    def _prepare(
        self, sketch: PictureSource, max_pixels: int
    ) -> tuple[npt.NDArray[np.uint8], Segments, Segments, StyleClusterMaps, npt.NDArray[np.uint8]]:
        """Everything that no histogram changes: sketch, segments, segments over the line, clusters, categories."""
        gray = read_drawing(sketch, max_pixels=max_pixels)
        segments = segment(gray)
        covering = segments.nearest()
        clusters = self.style_clusters(gray, covering)
        return gray, segments, covering, clusters, self.color_categories(gray, covering, clusters)

    def _color(
        self,
        drawing: tuple[npt.NDArray[np.uint8], Segments, Segments, StyleClusterMaps, npt.NDArray[np.uint8]],
        histograms: Iterable[tuple[Histogram, int | None]],
        refine: bool,
    ) -> Iterator[Colorization]:
        """Color a prepared drawing by histograms, each with the seed that it was sampled by.

        They go through the nets one by one: a batch of them is hardly faster on a CPU, and its sums are rounded
        differently, so that a seed's picture would depend on what else was asked for.
        """
        gray, segments, covering, clusters, categories = drawing
        propose = self.color_proposal.on(gray, covering, categories)
        for histogram, seed in histograms:
            proposal = propose(histogram)
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

    def _histogram(
        self,
        seed: int,
        histogram: Histogram | None,
        reference: PictureSource | None,
        palette: Sequence[str] | None,
    ) -> Histogram:
        given = [
            name
            for name, value in (("histogram", histogram), ("reference", reference), ("palette", palette))
            if value is not None
        ]
        if len(given) > 1:
            raise InputError(f"colors come from one place: pass {' or '.join(given)}, not both")
        if histogram is not None:
            return np.asarray(histogram, np.float32)
        if reference is not None:
            return RGBuvHistogram().from_reference(read_picture(reference))
        if palette is not None:
            return RGBuvHistogram().from_palette(*parse_palette(palette))
        return self.histograms.sample(seed)


@lru_cache(maxsize=1)
def _bundled() -> Colorizer:
    return Colorizer.from_pretrained()


def colorize(
    sketch: PictureSource,
    *,
    seed: int = 0,
    histogram: Histogram | None = None,
    reference: PictureSource | None = None,
    palette: Sequence[str] | None = None,
    refine: bool = True,
    max_pixels: int = MAX_PIXELS,
) -> Colorization:
    """Color a line drawing with the bundled model, which is loaded once; arguments as in `Colorizer.__call__`."""
    return _bundled()(
        sketch,
        seed=seed,
        histogram=histogram,
        reference=reference,
        palette=palette,
        refine=refine,
        max_pixels=max_pixels,
    )
