"""Colors of segments beside the artist's: CIEDE2000, what chance would reach, and color categories.

Everything here takes one color a segment and the area of each segment inside the figure, so that a picture's size and
its paper have no say.
"""

import numpy as np
import numpy.typing as npt

from ..color import categories_of, to_lab

Colors = npt.NDArray[np.uint8]
Areas = npt.NDArray[np.floating] | npt.NDArray[np.integer]

PAPER = 255
VISIBLE = 10.0
"""Colors that differ by more, in CIEDE2000, are two colors to anyone; shades of one color differ by less."""
_MOST_COLORS = 1000
"""The heaviest colors of a picture that chance draws from; more of them would change nothing but the time."""


def differences(some: Colors, others: Colors) -> npt.NDArray[np.float64]:
    """CIEDE2000 between colors uint8 (..., 3), sRGB, of shapes that fit together: float64 (...)."""
    from skimage.color import deltaE_ciede2000

    found: npt.NDArray[np.float64] = deltaE_ciede2000(to_lab(some / 255), to_lab(others / 255))
    return found


def color_difference(colors: Colors, true: Colors, areas: Areas) -> float:
    """Measure how far colors are from the artist's: mean CIEDE2000 by area (Sharma et al. 2005).

    Args:
        colors: uint8 (N, 3), sRGB, one a segment.
        true: uint8 (N, 3), the artist's.
        areas: (N,), >= 0, not all 0.

    Returns:
        0 for equal colors; 2.3 is barely visible, black beside white is 100.
    """
    here = areas > 0
    return float(np.average(differences(colors[here], true[here]), weights=areas[here]))


def chance_difference(true: Colors, areas: Areas) -> float:
    """Measure what random colors of the same picture on the same segments would reach, in the mean over all draws.

    Every segment is given the color of a part of the picture that is drawn by area. This is the yard of
    `color_difference`: a model's difference divided by this one is below 1 where it knows more than the palette.

    Args:
        true: uint8 (N, 3), sRGB, the artist's, one a segment.
        areas: (N,), >= 0, not all 0.
    """
    from skimage.color import deltaE_ciede2000

    palette, which = np.unique(true[areas > 0], axis=0, return_inverse=True)
    weights = np.bincount(which.ravel(), areas[areas > 0])
    heaviest = np.argsort(-weights, kind="stable")[:_MOST_COLORS]
    shares = weights[heaviest] / weights[heaviest].sum()
    lab = to_lab(palette[heaviest] / 255)
    expected = [deltaE_ciede2000(one[None], lab) @ shares for one in lab]
    return float(expected @ shares)


def mean_color(colors: Colors, areas: Areas) -> Colors:
    """The mean of colors by area: uint8 (3,), sRGB."""
    mean: Colors = np.rint(np.average(colors, axis=0, weights=areas)).astype(np.uint8)
    return mean


def category_accuracy(categories: npt.NDArray[np.uint8], true: Colors, areas: Areas) -> float:
    """Tell the share of the figure whose color category is that of the artist's color (thesis Algorithm 1).

    Args:
        categories: uint8 (N,) in 0..5, one a segment.
        true: uint8 (N, 3), sRGB, the artist's.
        areas: (N,), >= 0, not all 0.
    """
    return float(np.average(categories == categories_of(true), weights=areas))


def lost_to_paper(colors: Colors, areas: Areas) -> float:
    """Tell the share of the figure that was left as paper, pure white.

    Args:
        colors: uint8 (N, 3), sRGB, one a segment.
        areas: (N,), >= 0, not all 0.
    """
    return float(np.average((colors == PAPER).all(1), weights=areas))
