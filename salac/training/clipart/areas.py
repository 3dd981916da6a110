"""The areas of one color that a picture without lines is made of, and which of them are shade of one another.

A gradient is one area. A darker or brighter patch of one hue is shade: it has the color of what it lies on, though an
artist may draw its edge.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from ...stages.view import fill_nearest
from ...tbs import segment_colors
from ..illustrations import Picture, Square

Labels = npt.NDArray[np.int32]

_EVEN = 10
"""Levels by which neighbors of one area may differ."""
_SPECK = 24
"""Areas smaller than this are none, px."""
_ALIKE = 9.0
"""CIE76 difference below which two colors are one."""
_HUE, _GRAY = np.radians(16), 8.0
"""Angle between the hues of a color and its shade; chroma below which a color has no hue."""
_DARKER, _DARKER_GRAY = 0.22, 0.12
"""How much darker shade is, as a share of the brighter lightness: of colors, and of grays."""


class Areas(NamedTuple):
    """The areas of a picture.

    Attributes:
        labels: int32 (H, W), 0 = background.
        colors: uint8 (areas, 3); white for the background.
        kind: int (areas,), equal for areas that are shade of one another.
    """

    labels: Labels
    colors: npt.NDArray[np.uint8]
    kind: npt.NDArray[np.intp]

    def flat(self) -> Picture:
        """The picture with every area, and its shade, in the color that most of it has."""
        return self.colors[self.kind][self.labels]


def find_areas(square: Square) -> Areas:
    """Find the areas of a picture whose artist drew no lines."""
    picture = cv2.medianBlur(square.picture, 3)
    red, green, blue = cv2.split(cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    even = ((cv2.max(cv2.max(red, green), blue) <= _EVEN) & ~square.background).astype(np.uint8)
    _, pieces, facts, _ = cv2.connectedComponentsWithStats(even, connectivity=4)
    numbers = np.zeros(len(facts), np.int32)
    kept = np.flatnonzero(facts[:, cv2.CC_STAT_AREA] >= _SPECK)
    kept = kept[kept > 0]
    numbers[kept] = np.arange(2, len(kept) + 2)
    cores = numbers[pieces]
    cores[square.background] = 1  # 0 is what has no area yet
    labels = fill_nearest(cores) - 1
    colors = segment_colors((cores - 1).clip(0), picture)
    colors[0] = 255
    return Areas(labels, colors, _kinds(labels, colors))


def _kinds(labels: Labels, colors: npt.NDArray[np.uint8]) -> npt.NDArray[np.intp]:
    """Number every area by the one that it is shade of, itself where it is none."""
    sizes = np.bincount(labels.ravel(), minlength=len(colors))
    lab = cv2.cvtColor(colors[None].astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[0]
    kind = np.arange(len(colors))
    for area, others in _neighbors(labels).items():
        bases = [other for other in others if sizes[other] > sizes[area] and _is_shade(lab[area], lab[other])]
        if bases:
            kind[area] = max(bases, key=lambda other: sizes[other])
    # Shade of shade belongs to the base.
    while (kind != kind[kind]).any():
        kind = kind[kind]
    return kind


def _is_shade(color: npt.NDArray[np.float32], base: npt.NDArray[np.float32]) -> bool:
    """Whether a color, CIELAB, is that of a base in shadow or in light."""
    if np.linalg.norm(color - base) < _ALIKE:
        return True
    darker = abs(color[0] - base[0]) / max(color[0], base[0], 1)
    chroma, base_chroma = np.hypot(*color[1:]), np.hypot(*base[1:])
    if max(chroma, base_chroma) < _GRAY:
        return bool(darker < _DARKER_GRAY)
    alike = color[1:] @ base[1:] > np.cos(_HUE) * chroma * base_chroma
    return bool(min(chroma, base_chroma) >= _GRAY and alike and darker < _DARKER)


def _neighbors(labels: Labels) -> dict[int, set[int]]:
    """The areas beside every area of the figure, the background left out."""
    beside: dict[int, set[int]] = {}
    for one, other in ((labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])):
        differ = (one != other) & (one > 0) & (other > 0)
        for a, b in np.unique(np.stack([one[differ], other[differ]], 1), axis=0).tolist():
            beside.setdefault(a, set()).add(b)
            beside.setdefault(b, set()).add(a)
    return beside
