"""Many variations of one drawing: leave out those that look alike, pick by color, look at all of them at once.

Everything here takes results as they come, `Colorizer.variations(sketch, n=500)` for instance, and keeps only what it
needs of each, so that any number of them goes through the memory of a few.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from .color import parse_palette, to_lab
from .errors import InputError, MissingExtraError
from .types import Colorization

Floats = npt.NDArray[np.float64]

PAPER = 255
GLANCE = 48
"""Side of the picture by which variations are compared, px."""
LIKENESS = 20.0
"""CIELAB distance at which a color counts for 1/e of another."""
GAP, CAPTION = 6, 14
"""Between tiles, and below each for its seed, px."""
ROOM = 1.5
"""Cells of a map for each picture: room for clusters to stand apart."""


def distinct(results: Iterable[Colorization], difference: float = 6.0) -> Iterator[Colorization]:
    """Leave out the variations that look like an earlier one.

    Args:
        results: of one drawing, in any number.
        difference: of the flat colors of two, the mean CIELAB distance over what is painted in either, above which both
            are kept; 2 is barely visible, 10 a different mood.
    """
    seen: list[tuple[Floats, npt.NDArray[np.bool_]]] = []
    for result in results:
        lab, painted = _glance(result)
        if all(_difference((lab, painted), other) > difference for other in seen):
            seen.append((lab, painted))
            yield result


def nearest(results: Iterable[Colorization], color: str, n: int = 8) -> list[Colorization]:
    """Pick the variations with most of a color.

    Args:
        results: in any number; only the best `n` are kept in memory.
        color: hex, such as "#c8202a".
        n: how many.

    Returns:
        At most n, the one with most of it first; of equal ones the earlier.

    Raises:
        InputError: the color is none.
    """
    wanted = to_lab(parse_palette([color])[0] / 255)
    best: list[tuple[float, int, Colorization]] = []
    for number, result in enumerate(results):
        lab, painted = _glance(result)
        distance = np.linalg.norm(lab[painted] - wanted, axis=-1)
        share = float(np.exp(-((distance / LIKENESS) ** 2)).mean()) if painted.any() else 0.0
        push = heapq.heappush if len(best) < n else heapq.heappushpop
        push(best, (share, -number, result))
    return [result for _, _, result in sorted(best, key=lambda entry: entry[:2], reverse=True)]


def contact_sheet(results: Iterable[Colorization], *, tile: int = 200, columns: int | None = None) -> Image.Image:
    """Draw variations side by side, each with its seed below (thesis Fig. A.3).

    Args:
        results: in any number, at least one.
        tile: side of each, px.
        columns: by default as many as make the sheet about as wide as high.

    Raises:
        InputError: there is no result.

    Example:
        >>> import numpy as np, salac
        >>> sketch = np.full((120, 100), 255, np.uint8)
        >>> sketch[20:100, [20, 80]] = sketch[[20, 60, 100], 20:81] = 0  # a box of two rooms
        >>> results = salac.Colorizer.from_pretrained().variations(sketch, n=6)
        >>> contact_sheet(results, tile=100, columns=3).size
        (324, 246)
    """
    tiles = [_tile(result, tile) for result in results]
    across = columns or math.ceil(math.sqrt(len(tiles)))
    return _lay_out(tiles, [divmod(k, across) for k in range(len(tiles))])


def color_map(results: Iterable[Colorization], *, tile: int = 96, seed: int = 0) -> Image.Image:
    """Draw variations so that those of similar colors lie together (thesis Fig. A.4).

    t-SNE places the proposals, in small and in CIELAB, on a plane; then each takes a cell of a grid near its place, so
    that none covers another. (Histograms say less here: those of two palettes seldom share a cell, so that all are as
    far apart.)

    Args:
        results: of one drawing, in any number, at least 3.
        tile: side of each, px.
        seed: of t-SNE.

    Raises:
        InputError: there are fewer than 3 results.
        MissingExtraError: scikit-learn is not installed.
    """
    try:
        from sklearn.manifold import TSNE
    except ModuleNotFoundError as error:
        raise MissingExtraError('scikit-learn is not installed: pip install "salac[explore]"') from error
    from scipy.optimize import linear_sum_assignment

    tiles, looks = [], []
    for result in results:
        tiles.append(_tile(result, tile))
        looks.append(_glance(result)[0].astype(np.float32).ravel())
    if len(tiles) < 3:
        raise InputError(f"a map needs at least 3 results, not {len(tiles)}: raise n")
    perplexity = min(30.0, (len(tiles) - 1) / 3)
    points = np.stack(looks)
    # There is no principal axis where all look the same.
    start = "pca" if np.ptp(points, axis=0).any() else "random"
    places = TSNE(perplexity=perplexity, random_state=seed, init=start).fit_transform(points)
    low, high = places.min(0), places.max(0)
    side = math.ceil(math.sqrt(ROOM * len(tiles)))
    at = (places - low) / np.maximum(high - low, 1e-6) * (side - 1)
    cells = np.stack(np.divmod(np.arange(side * side), side), axis=1)
    _, chosen = linear_sum_assignment(((at[:, None] - cells) ** 2).sum(2))
    return _lay_out(tiles, [divmod(int(cell), side) for cell in chosen])


def _glance(result: Colorization) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """A proposal in small: CIELAB (GLANCE, GLANCE, 3), and where it is painted."""
    small = cv2.resize(result.proposal, (GLANCE, GLANCE), interpolation=cv2.INTER_NEAREST_EXACT)
    return to_lab(small / 255), (small < PAPER).any(2)


def _difference(one: tuple[Floats, npt.NDArray[np.bool_]], other: tuple[Floats, npt.NDArray[np.bool_]]) -> float:
    painted = one[1] | other[1]
    return float(np.linalg.norm(one[0] - other[0], axis=-1)[painted].mean()) if painted.any() else 0.0


def _tile(result: Colorization, side: int) -> Image.Image:
    picture = result.image
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    tile = Image.new("RGB", (side, side + CAPTION), "white")
    tile.paste(Image.fromarray(small), ((side - size[0]) // 2, (side - size[1]) // 2))
    if result.seed is not None:
        font = ImageFont.load_default(CAPTION - 3)
        ImageDraw.Draw(tile).text((side / 2, side), str(result.seed), "#606060", font, anchor="ma")
    return tile


def _lay_out(tiles: list[Image.Image], cells: list[tuple[int, int]]) -> Image.Image:
    """Tiles of one size on a white sheet, each in its (row, column)."""
    if not tiles:
        raise InputError("there is no result to draw: pass at least one")
    across, down = tiles[0].width + GAP, tiles[0].height + GAP
    rows, columns = (max(axis) + 1 for axis in zip(*cells, strict=True))
    sheet = Image.new("RGB", (columns * across + GAP, rows * down + GAP), "white")
    for tile, (row, column) in zip(tiles, cells, strict=True):
        sheet.paste(tile, (GAP + column * across, GAP + row * down))
    return sheet
