"""What a user asks a drawing's colors to be: a histogram for all of it, and fixed colors for some segments."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .color import CATEGORIES, categories_of, categories_of_segments, from_lab, parse_palette, to_lab
from .errors import InputError
from .hints import hinted_colors
from .histogram import RGBuvHistogram
from .image import MAX_PIXELS, PictureSource, read_layer, read_picture
from .palette_files import read_palette
from .tbs import paint
from .types import Segments

Histogram = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]

References: TypeAlias = "PictureSource | list[PictureSource] | tuple[PictureSource, ...]"
"""One picture or several."""
Palette: TypeAlias = Sequence[str] | str | os.PathLike[str]
"""Hex colors, or the path of a palette file."""
Locks: TypeAlias = Mapping[int | str, str]
"""Hex colors for segments, by id, and for color categories, by name."""

PAPER = 255


def given_histogram(
    histogram: Histogram | None, reference: References | None, palette: Palette | None
) -> Histogram | None:
    """The histogram that is given in one of three ways; None where none is.

    Raises:
        InputError: it is given in several ways, or cannot be used.
    """
    given = [
        name
        for name, value in (("histogram", histogram), ("reference", reference), ("palette", palette))
        if value is not None
    ]
    if len(given) > 1:
        raise InputError(f"colors come from one place: pass {' or '.join(given)}, not both")
    form = RGBuvHistogram()
    if histogram is not None:
        return np.asarray(histogram, np.float32)
    if reference is not None:
        pictures = reference if isinstance(reference, list | tuple) else [reference]
        if not pictures:
            raise InputError("reference is an empty list: pass at least one picture")
        mean: Histogram = np.mean([form.from_reference(read_picture(one)) for one in pictures], axis=0)
        return mean
    if palette is not None:
        entries = read_palette(palette) if isinstance(palette, str | os.PathLike) else palette
        return form.from_palette(*parse_palette(entries))
    return None


def faded(first: Picture, second: Picture, share: float) -> Picture:
    """Colors on the way from one to another, straight through CIELAB.

    Args:
        first: uint8 (N, 3), sRGB; pure white is paper.
        second: likewise.
        share: in [0, 1]: 0 gives the first, 1 the second.

    Returns:
        uint8 (N, 3): paper where both are.
    """
    if share in (0, 1):
        return (second if share else first).copy()
    between = (1 - share) * to_lab(first / PAPER) + share * to_lab(second / PAPER)
    colors: Picture = np.rint(from_lab(between) * PAPER).clip(0, PAPER - 1).astype(np.uint8)
    colors[((first == PAPER) & (second == PAPER)).all(1)] = PAPER
    return colors


class LocalColors:
    """Colors that certain segments of a drawing must have, whatever the histogram says."""

    def __init__(
        self,
        segments: Segments,
        categories: Picture,
        hints: PictureSource | None = None,
        lock: Locks | None = None,
    ):
        """Find out which segments are meant; where hints and locks disagree, the lock of a segment wins.

        Args:
            segments: grown over the line.
            categories: uint8 (H, W) in 0..5.
            hints: a layer of scribbles, see `salac.hints`; transparent = no hint.
            lock: colors of segments and of categories.

        Raises:
            InputError: the hints have another size, or a lock names no segment, category or color.
        """
        self.segments, count = segments, segments.count + 1
        self.category = categories_of_segments(segments, categories)
        self.colors, self.given = np.zeros((count, 3), np.uint8), np.zeros(count, bool)
        self.hinted = np.zeros(count, bool)
        self.by_category: dict[int, Picture] = {}
        # One pixel of every segment tells its color in a proposal.
        self.sample = np.zeros(count, np.intp)
        self.sample[segments.labels.ravel()] = np.arange(segments.labels.size)
        if hints is not None:
            ids, colors = hinted_colors(read_layer(hints, max_pixels=max(segments.labels.size, MAX_PIXELS)), segments)
            self.colors[ids], self.given[ids], self.hinted[ids] = colors, True, True
        for key, value in (lock or {}).items():
            color = parse_palette([value])[0][0]
            if isinstance(key, str) and key in CATEGORIES:
                self.by_category[CATEGORIES.index(key)] = color
            elif isinstance(key, int | np.integer) and 1 <= key <= segments.count:
                self.colors[key], self.given[key], self.hinted[key] = color, True, False
            else:
                names = ", ".join(map(repr, CATEGORIES))
                raise InputError(f"lock {key!r} is neither a segment in 1..{segments.count} nor a category: {names}")

    def on_categories(self, categories: Picture) -> Picture:
        """The color categories, where a segment's color is given that color's own: uint8 (H, W)."""
        if not self.given.any():
            return categories
        here = self.given[self.segments.labels]
        own = categories_of(self.colors)[self.segments.labels]
        return np.where(here, own, categories).astype(np.uint8)

    def on_proposal(self, proposal: Picture) -> Picture:
        """A proposal with the given colors in their segments: uint8 (H, W, 3).

        What the net gave the color of a hinted segment goes with the hint: it has taken them for parts of one thing.
        A lock is for its segment alone.
        """
        proposed = proposal.reshape(-1, 3)[self.sample]
        painted = (proposed < PAPER).any(1)
        colors = proposed.copy()
        # Of two hints in one color the larger segment's is laid on last, and stays.
        hinted = np.flatnonzero(self.hinted & painted)
        for segment in hinted[np.argsort(self.segments.areas[hinted], kind="stable")]:
            colors[(proposed == proposed[segment]).all(1)] = self.colors[segment]
        for category, color in self.by_category.items():
            colors[painted & (self.category == category)] = color
        colors[self.given] = self.colors[self.given]
        return paint(self.segments, colors)

    def on_histogram(self, histogram: Histogram, proposal: Picture) -> Histogram:
        """The histogram that now has been asked for: that of the proposal, whose colors were in part exchanged.

        Args:
            histogram: that was asked for; stays where nothing is painted.
            proposal: uint8 (H, W, 3), with the given colors.
        """
        colors = proposal.reshape(-1, 3)[self.sample]
        areas = (colors < PAPER).any(1) * self.segments.areas
        return RGBuvHistogram().from_palette(colors, areas) if areas.any() else histogram
