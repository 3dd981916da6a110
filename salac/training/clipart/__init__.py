"""Clip art: drawings by artists, openly licensed, in the colors that they gave them.

Figures of our own and kits have few hands. Clip art is drawn with brush, pen and mouse, of people, animals, food and
things: what nets meet, and have not seen a thousand times. Some of it has lines of its own, the rest gets some.
"""

from collections.abc import Iterable
from functools import partial
from io import BytesIO
from xml.etree import ElementTree

import cv2
import numpy as np
from PIL import Image

from ...errors import InputError
from ..build import GROUP, PAINT, Sample
from ..illustrations import Square, centred, colorfulness, drawn_lines, extracted_lines, plain_background, sample_of
from .areas import find_areas
from .emoji import EMOJI, emoji
from .openclipart import openclipart
from .pens import pen_lines
from .piece import Piece

__all__ = ["SOURCES", "Piece", "draw_clipart", "pieces"]

SOURCES = {"openclipart": openclipart} | {name: partial(emoji, name) for name in EMOJI}
"""Every source by name."""

_SIDE, _MOST_SIDE = 640, 2048
_PAGE = 0.97
"""Share of its box that a page fills, whereas a figure leaves more of it free."""
_GREYEST = 6.0
"""Colorfulness below which a drawing is not colored."""
_ENCLOSED = 0.6
"""Share of a figure that its lines must enclose; elsewhere it runs together with the paper."""
_FREE = 0.9
"""Share of the ground that must be no part of it."""
_FEWEST_SEGMENTS, _FEWEST_COLORS = 5, 3
"""Segments and colors that a figure must have; with fewer it is a sign."""
_EXTRACTED = 0.15
"""Share of the pictures whose lines are extracted, as the thesis' are, though they could be had otherwise."""
_NEARLY_WHITE, _MOST_WHITE = 242, 0.4
"""Level from which all channels look like paper, and the share of a figure that may."""


def pieces(names: Iterable[str]) -> list[Piece]:
    """The drawings of some sources, fetched if need be, in a fixed order.

    Args:
        names: names in `SOURCES`.

    Raises:
        InputError: a source has no such name.
        MissingExtraError: a source cannot be fetched.
    """
    for name in names:
        if name not in SOURCES:
            raise InputError(f"there is no clip art {name!r}; choose from {', '.join(SOURCES)}")
    return [piece for name, source in SOURCES.items() if name in names for piece in source()]


def draw_clipart(piece: Piece, rng: np.random.Generator) -> Sample | None:
    """Render a drawing, and find its lines, segments and colors.

    Args:
        piece: one of `pieces`.
        rng: decides how its lines are had.

    Returns:
        The maps, uint8 (4, 256, 256), and a line of the index; None for what has no color, stands on no plain ground,
        is not enclosed by lines, looks like paper or has too little to see, and for what cannot be rendered.
    """
    square = _render(piece.markup())
    if square is None or colorfulness(square.picture[~square.background]) < _GREYEST:
        return None
    ink = drawn_lines(square.picture, rng)
    if ink is None:
        ink, flat = pen_lines(find_areas(square), rng)
        square = square._replace(picture=flat)
    if rng.random() < _EXTRACTED:
        ink = extracted_lines(square.picture, rng, enlarge=None)
    sample = sample_of(square, ink)
    if sample is None or not _is_fit(sample, square):
        return None
    about = {
        "source": piece.source,
        "licence": piece.licence,
        "attribution": piece.attribution,
        "identity": [piece.identity],
    }
    return _grouped(Sample(maps=sample.maps[: PAINT.start], entry=about | sample.entry))


def _is_fit(sample: Sample, square: Square) -> bool:
    """Whether lines part a figure from the paper, and its areas from one another, and it does not look like paper."""
    group, colors = sample.maps[GROUP], np.array(sample.entry["colors"])
    seen = colors[group[group > 0]]
    figure = ~cv2.resize(square.background.astype(np.uint8), group.shape).astype(bool)
    return bool(
        len(seen)
        and np.count_nonzero(sample.entry["segment_groups"]) >= _FEWEST_SEGMENTS
        and len(np.unique(colors[1:], axis=0)) >= _FEWEST_COLORS
        and (group[figure] > 0).mean() >= _ENCLOSED
        and (group[~figure] == 0).mean() >= _FREE
        and (seen >= _NEARLY_WHITE).all(1).mean() <= _MOST_WHITE
    )


def _grouped(sample: Sample) -> Sample:
    """Make what has one color one group: the two eyes of a face, and a coat with its shade."""
    entry, maps = sample.entry, sample.maps.copy()
    colors = np.array(entry["colors"], np.uint8)
    palette, numbers = np.unique(colors[1:], axis=0, return_inverse=True)
    group_of = np.concatenate([[0], numbers.ravel() + 1]).astype(np.uint8)
    maps[GROUP] = group_of[maps[GROUP]]
    grouped = {
        "parts": entry["parts"][: len(palette) + 1],
        "segment_groups": group_of[entry["segment_groups"]].tolist(),
        "colors": [colors[0].tolist(), *palette.tolist()],
    }
    return Sample(maps=maps, entry=entry | grouped)


def _render(markup: str) -> Square | None:
    """A drawing on white with a margin around it; None for what cannot be rendered or fills its page."""
    import resvg_py

    try:
        ElementTree.fromstring(markup)
        page = Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=markup, width=_SIDE)))).convert("RGBA")
    except (ValueError, OSError, ElementTree.ParseError):
        return None
    box = page.getbbox(alpha_only=True)
    if box is None or max(page.size) > _MOST_SIDE:
        return None
    figure = page.crop(box)
    margin = max(8, round(0.04 * max(figure.size)))
    paper = Image.new("RGBA", (figure.width + 2 * margin, figure.height + 2 * margin), "white")
    paper.alpha_composite(figure, (margin, margin))
    picture = np.asarray(paper.convert("RGB"))
    clear = np.pad(np.asarray(figure)[..., 3] < 128, margin, constant_values=True)
    is_page = (~clear).sum() > _PAGE * figure.width * figure.height
    ground = plain_background(picture) if is_page else clear
    return None if ground is None else centred(picture, ground)
