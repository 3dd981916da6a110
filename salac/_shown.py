"""What of a picture has a color: areas, black ones too, but no plain background and no lines it is drawn with."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]

_PLAIN, _PLAIN_SHARE = 8, 0.5
"""A plain background varies by so many levels, and takes so much of the picture's rim."""
_DARK, _MARKED = 110, 40
"""Lines are darker than this, and darker than what they are drawn on by so many levels."""
_BROADEST = 1.5
"""A line may be broader than most lines of its picture by this factor; what is broader than that is a black area."""
_LEAST = 0.02
"""A picture of less than this share of anything else is all background, or all line."""
_MOST_SIDE, _MOST_SKETCH_SIDE = 1024, 512
"""Of larger pictures and sketches every second, third, ... row and column tells as much."""


def shown(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The pixels of a picture that have a color of their own: uint8 (N, 3).

    Character art stands on white or on one flat color, and has black lines: whoever takes its colors means neither.
    A background is plain where at least half of the picture's rim is of one color; it reaches as far as that color does
    from the rim. Lines are what is dark, and no broader than most dark strokes of the picture.

    Args:
        picture: uint8 (H, W, 3), sRGB.
    """
    picture = _thinned(picture, _MOST_SIDE)
    kept = np.ones(picture.shape[:2], bool)
    background = background_of(picture, _PLAIN, _PLAIN_SHARE)
    for unmeant in (background, lines_of(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))):
        if unmeant is not None and (kept & ~unmeant).sum() > _LEAST * kept.size:
            kept &= ~unmeant
    colors: npt.NDArray[np.uint8] = picture[kept]
    return colors


def black_share(sketch: npt.NDArray[np.uint8], labels: npt.NDArray[np.int32]) -> float:
    """How much of a drawing's figure its artist has filled black: hair, boots, shadows; 0 for mere lines.

    Args:
        sketch: uint8 (H, W), 255 = paper.
        labels: int32 (H, W), its segments; those that reach the rim are taken for paper.
    """
    sketch, labels = _thinned(sketch, _MOST_SKETCH_SIDE), _thinned(labels, _MOST_SKETCH_SIDE)
    black = (sketch < _DARK) & ~lines_of(sketch)
    rim = np.zeros(int(labels.max()) + 1, bool)
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        rim[side] = True
    figure = black | ~rim[labels]
    return float(black.sum() / max(figure.sum(), 1))


def _thinned(picture: npt.NDArray[Any], most: int) -> npt.NDArray[Any]:
    step = -(-max(picture.shape) // most)
    return picture[::step, ::step]


def background_of(picture: npt.NDArray[np.uint8], levels: int, share: float) -> Mask | None:
    """Find the background of a figure on one flat color: what is of the rim's color and joined to the rim.

    Args:
        picture: uint8 (H, W, 3), sRGB.
        levels: by which a plain background may vary.
        share: of the rim that it takes at least.

    Returns:
        bool (H, W), or None where the rim is not of one color.
    """
    rim = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]]).astype(np.int16)
    color = np.median(rim, axis=0)
    if (np.abs(rim - color).max(axis=1) <= levels).mean() < share:
        return None
    # Levels are whole, so a median between two of them draws either bound inwards.
    alike = cv2.inRange(picture, np.ceil(color - levels).clip(0), np.floor(color + levels).clip(None, 255))
    framed = cv2.copyMakeBorder(alike, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    cv2.floodFill(framed, None, (0, 0), 128)
    background: Mask = framed[1:-1, 1:-1] == 128
    return background


def lines_of(gray: npt.NDArray[np.uint8]) -> Mask:
    """Find the lines of a picture: what is dark, and no broader than most of its dark strokes.

    Args:
        gray: uint8 (H, W), of a sketch or of a picture drawn in lines.

    Returns:
        bool (H, W), with the pixel around a line where it is mixed with what lies beside it.
    """
    dark = (gray < _DARK).astype(np.uint8)
    nothing: Mask = np.zeros(gray.shape, bool)
    if dark.all():
        return nothing
    depth = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    middle = (depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))
    if not middle.any():
        return nothing
    # Areas have few middle points beside their size, so the median is of lines wherever there are lines.
    reach = int(np.ceil(_BROADEST * np.median(depth[middle])))
    if reach > max(gray.shape) // 8:  # a dark thing, not lines, and a disk that would take minutes
        return nothing
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    around = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, disk)
    line = (dark > 0) & (around.astype(np.int16) - gray > _MARKED)
    if not line.any():
        return nothing
    # A dark color squeezed between two lines is not as dark as they are.
    line &= gray < np.median(gray[line]) + _MARKED
    lines: Mask = cv2.dilate(line.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return lines
