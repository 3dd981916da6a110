"""Scribbles on a transparent layer: which segments they mean, and in what color."""

import numpy as np
import numpy.typing as npt

from salac.errors import InputError
from salac.types import Segments

OPAQUE = 128
"""Alpha from which on a pixel is a hint; less is the soft rim of a brush."""
ALIKE = 8
"""Levels by which the pixels of one scribble may differ in a channel."""
SPILL = 0.2
"""A scribble means a segment where it has at least this share of its pixels in the segment that has most of them ..."""
COVER = 0.5
"""... or where it covers this share of the segment, however small."""


def hinted_colors(
    layer: npt.NDArray[np.uint8], segments: Segments
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Tell which segments a layer of scribbles colors, and how.

    A scribble is what hangs together in one color. It may slip over a line: segments in which it has but few of its
    pixels are not meant. Of several colors in a segment the one with most pixels wins, exactly as it was drawn.

    Args:
        layer: uint8 (H, W, 4), sRGB with straight alpha; transparent = no hint.
        segments: of the same size, grown over the line.

    Returns:
        Ids (K,), ascending, and their colors uint8 (K, 3).

    Raises:
        InputError: the layer has another size, or is opaque everywhere.
    """
    if layer.shape[:2] != segments.labels.shape:
        (height, width), (rows, columns) = layer.shape[:2], segments.labels.shape
        raise InputError(
            f"hints are {width}x{height}, the sketch is {columns}x{rows}: draw them on a layer of its size"
        )
    opaque = (layer[..., 3] >= OPAQUE) & (segments.labels > 0)
    if opaque.all():
        raise InputError("hints are opaque everywhere: draw them on a transparent layer, without the sketch")
    if not opaque.any():
        return np.empty(0, np.int64), np.empty((0, 3), np.uint8)

    red, green, blue = (layer[..., channel][opaque].astype(np.int32) for channel in range(3))
    packed, of_color = np.unique(red << 16 | green << 8 | blue, return_inverse=True)
    colors = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1).astype(np.uint8)
    groups = _alike(colors, np.bincount(of_color))
    segment = segments.labels[opaque].astype(np.int64)
    meant = _meant(opaque, groups[of_color], segment, segments.areas)

    pairs, pixels = np.unique(segment[meant] * len(colors) + of_color[meant], return_counts=True)
    label, color = np.divmod(pairs, len(colors))
    _, vote = np.unique(label * len(colors) + groups[color], return_inverse=True)
    votes = np.bincount(vote, pixels)[vote]
    order = np.lexsort((pixels, votes, label))
    strongest = order[np.flatnonzero(np.diff(label[order], append=-1))]
    return label[strongest], colors[color[strongest]]


def _alike(colors: npt.NDArray[np.uint8], counts: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Group colors (K, 3) around the most frequent ones -> the group of each (K,)."""
    groups = np.full(len(colors), -1, np.intp)
    levels = colors.astype(np.int16)
    for number, center in enumerate(np.argsort(-counts, kind="stable")):
        if groups[center] < 0:
            groups[(groups < 0) & (np.abs(levels - levels[center]).max(1) <= ALIKE)] = number
    return groups


def _meant(
    opaque: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.intp],
    segment: npt.NDArray[np.int64],
    areas: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Which of the opaque pixels lie in a segment that their scribble means."""
    from skimage.measure import label

    canvas = np.zeros(opaque.shape, np.int64)
    canvas[opaque] = groups + 1
    scribble = label(canvas, background=0, connectivity=2)[opaque].astype(np.int64)
    places, of_place, pixels = np.unique(scribble * len(areas) + segment, return_inverse=True, return_counts=True)
    owner, place = places // len(areas), places % len(areas)
    most = np.zeros(owner.max() + 1, np.int64)
    np.maximum.at(most, owner, pixels)
    real = (pixels >= SPILL * most[owner]) | (pixels >= COVER * areas[place])
    meant: npt.NDArray[np.bool_] = real[of_place]
    return meant
