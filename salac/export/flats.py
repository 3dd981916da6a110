"""The flats of a colorization: which segments share a color, as a list, a palette and a region map."""

from __future__ import annotations

import json
import os
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..color import CATEGORIES, categories_of
from ..image import whole_file, write_picture
from ..tbs import segment_colors
from ..types import Colorization, Segments
from .segments import id_picture

PAPER = 255


class Flat(NamedTuple):
    """The segments of one color.

    Attributes:
        color: sRGB, 0..255.
        category: that the color belongs to, index into `salac.color.CATEGORIES`.
        segments: their ids, ascending.
        area: pixels, those under the line among them.
    """

    color: tuple[int, int, int]
    category: int
    segments: npt.NDArray[np.intp]
    area: int

    @property
    def hex(self) -> str:
        """The color as "#rrggbb"."""
        return "#{:02x}{:02x}{:02x}".format(*self.color)


def flats(result: Colorization, covering: Segments | None = None) -> list[Flat]:
    """Group the segments that are not paper by color; flats of one category follow one another, the largest first.

    Args:
        result: of any drawing; a segment whose proposal was painted over counts by its median color.
        covering: its segments grown over the line; made here if None.
    """
    covering = covering or result.segments.nearest()
    colors = segment_colors(covering, result.proposal)
    colored = np.flatnonzero((colors < PAPER).any(1) & (covering.areas > 0))
    found = []
    for color in np.unique(colors[colored], axis=0):
        ids = colored[(colors[colored] == color).all(1)]
        red, green, blue = map(int, color)
        found.append(Flat((red, green, blue), int(categories_of(color)), ids, int(covering.areas[ids].sum())))
    return sorted(found, key=lambda flat: (flat.category, -flat.area))


def palette(result: Colorization) -> list[str]:
    """The colors of a proposal with their shares of what is painted, heaviest first: ["#f7d7c4:0.31", ...]."""
    groups = sorted(flats(result), key=lambda flat: -flat.area)
    whole = sum(flat.area for flat in groups)
    return [f"{flat.hex}:{flat.area / whole:.4g}" for flat in groups]


def save_regions(result: Colorization, path: str | os.PathLike[str], *, overwrite: bool = True) -> None:
    """Write the segments' ids as a picture, 0 = line; see `salac.export.segments.id_picture` for how to read it.

    Raises:
        OutputError: it cannot be written, or holds no such ids: .png does.
    """
    write_picture(path, id_picture(result.segments.labels), overwrite=overwrite)


def save_palette(result: Colorization, path: str | os.PathLike[str], *, overwrite: bool = True) -> None:
    """Write which color every segment has as JSON; `palette=` reads it again.

    Raises:
        OutputError: it cannot be written.
    """
    groups = flats(result)
    whole = sum(flat.area for flat in groups)
    colored = [segment for flat in groups for segment in flat.segments.tolist()]
    facts = {
        "size": [result.sketch.shape[1], result.sketch.shape[0]],
        "seed": result.seed,
        "colors": [
            {
                "color": flat.hex,
                "share": round(flat.area / whole, 4),
                "category": CATEGORIES[flat.category],
                "segments": flat.segments.tolist(),
            }
            for flat in groups
        ],
        "paper": np.setdiff1d(np.arange(1, result.segments.count + 1), colored).tolist(),
    }
    with whole_file(path, overwrite=overwrite) as file:
        file.write(json.dumps(facts, indent=1).encode())
