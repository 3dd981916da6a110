"""Lines for pictures that were painted without any: drawn along the edges of their areas, by a hand with a pen.

Artists of line art draw where one thing ends and another begins; edges of shade they mostly leave out. They fill eyes
black, or outline them, and draw what is thin and dark with one stroke.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from ...stages.view import fill_nearest
from ..illustrations import Picture
from .areas import Areas

Floats = npt.NDArray[np.float32]

_SHADE_DRAWN = (0.0, 0.0, 0.0, 0.5, 1.0)
"""Shares of the edges of shade that are drawn; one of these is drawn by lot for every picture."""
_THIN = 4.0
"""Half the breadth of a stroke at most, px of 512."""
_BLACK, _DARKER = 60, 40
"""Brightness below which an area is black, and how much darker than what it lies on a stroke is."""
_SMALL = 0.03
"""Share of a figure that a small area takes at most."""


class Pen(NamedTuple):
    """How a hand draws: px of 512.

    Attributes:
        width: of its lines.
        contour: factor on the width where the figure ends.
        pressure: share by which the width changes along the way.
        tremor: by which lines leave the edge.
        level: gray level of the ink.
    """

    width: float
    contour: float
    pressure: float
    tremor: float
    level: float


def draw_pen(rng: np.random.Generator) -> Pen:
    """Choose a pen: fineliner, brush, pencil or marker."""
    kind = rng.integers(4)
    width = (rng.uniform(1.8, 3.2), rng.uniform(2.4, 4.0), rng.uniform(2.0, 3.0), rng.uniform(3.5, 5.0))[kind]
    pressure = (0.05, rng.uniform(0.35, 0.6), 0.25, 0.1)[kind]
    level = (0.0, 0.0, rng.uniform(20, 80), rng.uniform(0, 30))[kind]
    contour = rng.uniform(1.3, 2.0) if rng.random() < 0.3 else 1.0
    return Pen(float(width), float(contour), float(pressure), float(rng.uniform(0, 1.4)), float(level))


def pen_lines(areas: Areas, rng: np.random.Generator) -> tuple[Picture, Picture]:
    """Draw the edges of areas.

    Args:
        areas: see `find_areas`.
        rng: decides on the pen, on black areas and on edges of shade.

    Returns:
        The ink, uint8 (H, W), 255 = paper; and the flat picture beneath it, uint8 (H, W, 3).
    """
    pen = draw_pen(rng)
    labels, strokes = _take_strokes(areas)
    areas = areas._replace(labels=labels)
    drawn = _drawn_edges(areas, rng)
    inside = np.outer(areas.kind > 0, areas.kind > 0)
    contour = _edges(labels, drawn & ~inside)
    inner = _edges(labels, drawn & inside)
    breadth = pen.width * (1 + pen.pressure * _waves(rng, labels.shape))
    ink = np.maximum(_line(inner, breadth), _line(contour, breadth * pen.contour))
    solid = strokes | _blackened(areas, rng)[labels]
    ink = np.maximum(ink, cv2.GaussianBlur(solid.astype(np.float32), (0, 0), 0.7))
    dx, dy = (pen.tremor * _waves(rng, labels.shape, 24) for _ in range(2))
    y, x = np.indices(labels.shape, np.float32)
    ink = cv2.remap(ink, x + dx, y + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    paper: Picture = np.rint(255 - ink.clip(0, 1) * (255 - pen.level)).astype(np.uint8)
    return paper, areas.flat()


def _take_strokes(areas: Areas) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Take thin dark areas out: the labels of the rest, and where the strokes are."""
    labels = areas.labels
    edge = _edges(labels, ~np.eye(len(areas.colors), dtype=bool))
    depth = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, 3)
    deepest = np.zeros(len(areas.colors), np.float32)
    np.maximum.at(deepest, labels.ravel(), depth.ravel())
    bright = areas.colors.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    thin = deepest < _THIN
    thin[0] = False
    if thin[1:].all() or not thin.any():
        return labels, np.zeros(labels.shape, bool)
    left = fill_nearest(np.where(thin[labels], 0, labels + 1)) - 1
    under = np.zeros(len(areas.colors))
    np.add.at(under, labels.ravel(), bright[left].ravel())
    under /= np.maximum(np.bincount(labels.ravel(), minlength=len(under)), 1)
    stroke = thin & (bright < under - _DARKER)
    strokes = stroke[labels]
    return fill_nearest(np.where(strokes, 0, labels + 1)) - 1, strokes


def _drawn_edges(areas: Areas, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Between which areas a line is drawn: bool (areas, areas)."""
    kind = areas.kind
    share = rng.choice(_SHADE_DRAWN)
    lots = rng.random((len(kind), len(kind)))
    drawn: npt.NDArray[np.bool_] = (kind[:, None] != kind) | (np.maximum(lots, lots.T) < share)
    np.fill_diagonal(drawn, False)
    return drawn


def _blackened(areas: Areas, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """The black areas that are filled with ink, bool (areas,): mostly pupils and the like, seldom hair and coats."""
    sizes = np.bincount(areas.labels.ravel(), minlength=len(areas.colors))
    small = sizes < _SMALL * sizes[1:].sum()
    black = areas.colors.max(1) < _BLACK
    filled: npt.NDArray[np.bool_] = black & ((small & (rng.random() < 0.6)) | (~small & (rng.random() < 0.2)))
    filled[0] = False
    return filled


def _edges(labels: npt.NDArray[np.int32], drawn: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The pixels on both sides of drawn edges."""
    edges = np.zeros(labels.shape, bool)
    for one, other in (((slice(None), slice(-1)), (slice(None), slice(1, None))), ((slice(-1),), (slice(1, None),))):
        between = drawn[labels[one], labels[other]]
        edges[one] |= between
        edges[other] |= between
    return edges


def _line(edges: npt.NDArray[np.bool_], breadth: Floats) -> Floats:
    """Soft lines as broad as `breadth` along edges, the stairs of their pixels smoothed: float32 (H, W) in [0, 1]."""
    away = cv2.distanceTransform((~edges).astype(np.uint8), cv2.DIST_L2, 5)
    smooth = cv2.GaussianBlur(away, (0, 0), 1.2) - 0.5
    line: Floats = (breadth / 2 - smooth + 0.5).clip(0, 1).astype(np.float32)
    return line


def _waves(rng: np.random.Generator, shape: tuple[int, ...], cells: int = 12) -> Floats:
    """Smooth noise of deviation about 1."""
    waves: Floats = cv2.resize(
        rng.normal(size=(cells, cells)).astype(np.float32), shape[::-1], interpolation=cv2.INTER_CUBIC
    )
    return waves
