"""Whether colors that are asked for come: obedience, diversity and coherence over histograms, smoothness between two.

The distance of two pictures' colors is taken in a histogram that no model knows, so that none is judged by the measure
that it was trained with: CIELAB in 8 x 11 x 11 soft cells.
"""

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from ..color import to_lab
from .colors import VISIBLE, Areas, Colors, color_difference, differences

Floats = npt.NDArray[np.float64]

_HEAVIEST = 120
"""Segments that pairs are made of: nearly all of a figure."""

CELLS = (8, 11, 11)
"""Cells along L, a and b."""
_LOW, _HIGH = np.array([0.0, -110.0, -110.0]), np.array([100.0, 110.0, 110.0])
"""Centers of the first and last cells: sRGB reaches from a = -86 to 98 and from b = -108 to 94."""


def lab_histogram(colors: npt.NDArray[np.number], weights: Areas) -> Floats:
    """Compute the CIELAB histogram of colored areas; each spreads over the 8 cells around it with trilinear weights.

    Args:
        colors: (N, 3), sRGB: uint8 0..255 or floating in [0, 1].
        weights: (N,), >= 0, not all 0.

    Returns:
        float64 (8, 11, 11), sums to 1.
    """
    unit = colors / 255 if colors.dtype == np.uint8 else colors
    last = np.array(CELLS) - 1
    position = ((to_lab(unit) - _LOW) / (_HIGH - _LOW) * last).clip(0, last)
    low = np.minimum(position.astype(np.intp), last - 1)
    above = position - low
    histogram = np.zeros(CELLS)
    for corner in np.ndindex(2, 2, 2):
        share = np.where(corner, above, 1 - above).prod(1)
        np.add.at(histogram, tuple((low + corner).T), share * weights)
    mean: Floats = histogram / histogram.sum()
    return mean


def disobedience(asked: Floats, got: Floats) -> float:
    """Hellinger distance between the histogram asked for and the one got: 0 = the same, 1 = no cell in common.

    Args:
        asked: as `lab_histogram` returns it.
        got: likewise.
    """
    return float(np.linalg.norm(np.sqrt(asked) - np.sqrt(got)) / np.sqrt(2))


def diversity(variations: Sequence[Colors], areas: Areas) -> float:
    """Tell how different variations of one drawing are: mean CIEDE2000 by area between two of them.

    Args:
        variations: at least two, uint8 (N, 3) each, one color a segment.
        areas: (N,), >= 0, not all 0.
    """
    return float(np.mean([color_difference(one, other, areas) for one, other in combinations(variations, 2)]))


def coherence(variations: Sequence[Colors], true: Colors, areas: Areas) -> float:
    """Tell how whole things stay: how often two segments of one color in the artist's picture share a color in ours.

    Pairs count by the product of their areas, among the heaviest segments. One mean color everywhere is coherent, too:
    this belongs beside `diversity`.

    Args:
        variations: uint8 (N, 3) each, one color a segment.
        true: uint8 (N, 3), the artist's.
        areas: (N,), >= 0, not all 0.

    Returns:
        1 where all pairs share their color, or there is none; as a mean over the variations.
    """
    heaviest = np.argsort(-areas, kind="stable")[:_HEAVIEST]
    pairs = np.triu_indices(int(np.count_nonzero(areas[heaviest])), 1)
    one, other = heaviest[pairs[0]], heaviest[pairs[1]]

    def alike(colors: Colors) -> npt.NDArray[np.bool_]:
        return differences(colors[one], colors[other]) <= VISIBLE

    belong = alike(true)
    if not belong.any():
        return 1.0
    one, other = one[belong], other[belong]
    weights = areas[one].astype(np.float64) * areas[other]
    return float(np.mean([np.average(alike(colors), weights=weights) for colors in variations]))


def largest_step(steps: Sequence[Colors], areas: Areas) -> float:
    """Tell how evenly colors change on the way from one histogram to another.

    Args:
        steps: at least two, uint8 (N, 3) each: the colors at equal distances along the way, both ends included.
        areas: (N,), >= 0, not all 0.

    Returns:
        The share of all change, in CIEDE2000 by area, that its largest step makes: 1 / (steps - 1) where every step is
        alike, 1 where everything changes at once or nothing does.
    """
    changes = [color_difference(one, other, areas) for one, other in pairwise(steps)]
    return max(changes) / sum(changes) if any(changes) else 1.0


def detour(steps: Sequence[Colors], areas: Areas) -> float:
    """Tell how far colors stray on the way from one histogram to another.

    An even way may be even because it wanders: this belongs beside `largest_step`.

    Args:
        steps: as for `largest_step`.
        areas: (N,), >= 0, not all 0.

    Returns:
        All change, in CIEDE2000 by area, beside that from one end to the other: 1 where no color leaves the straight
        way, and where both ends are alike.
    """
    straight = color_difference(steps[0], steps[-1], areas)
    changes = [color_difference(one, other, areas) for one, other in pairwise(steps)]
    return sum(changes) / straight if straight else 1.0
