"""What the thesis does to one illustration before it is learnt from (section 4.1): judged, centred, boosted, drawn.

An illustration somebody painted becomes the same record as a drawing of our own, but its colors are fixed: every
segment of the extracted lines is a group, colored by Algorithm 2, and its paint is stored beside the maps.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from .._shown import background_of, lines_of
from ..stages.view import fill_nearest
from ..tbs import segment, segment_colors
from .build import DRAWN, STORED, Sample, fold_segments
from .drawing import BASE_TONE, LIGHT_TONE, PARTS, SHADOW_TONE, UNKNOWN_PART
from .xdog import random_xdog

Picture = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

STRONGEST_BOOST = 0.4
"""How much the saturation of the least colorful picture that is kept grows; the most colorful one's does not."""
FEWEST_SEGMENTS = 4
"""Segments that a figure must have to be worth learning from."""

_PLAIN_LEVELS = 14
"""Levels by which a plain background may vary, JPEG's marks included."""
_PLAIN_SHARE = 0.6
"""Share of the rim that a plain background takes."""
_HASH_SIDE, _HASH_INPUT = 16, 64
_FULL_SHADOW, _FULL_LIGHT = 0.24, 0.25
"""How much darker than its flat color a full shadow is, and how much brighter a full highlight, as shares."""
_SHADED_LEVELS, _LEAST_SHADE = 16, 0.06
"""A picture is shaded where its tone departs from the flat one by so many levels on so much of its area; details of
another color that have no segment of their own make up half as much."""
_PAPER_FROM, _LINE_BELOW = 250, 220
_STEP, _PARTED = 24, 0.55
"""Where paint changes by so many levels areas meet; a picture is drawn in lines if so many of these places are line."""
_EXTRACTED = 0.25
"""Share of the pictures drawn in lines whose lines are extracted all the same."""
_BLACK = 60


class Square(NamedTuple):
    """A centred figure, DRAWN x DRAWN px: its picture, white where it is background, and where that is."""

    picture: Picture
    background: Mask


def plain_background(picture: Picture) -> Mask | None:
    """Find the background of a figure on one flat color: what is of the rim's color and joined to the rim.

    Args:
        picture: uint8 (H, W, 3), sRGB.

    Returns:
        bool (H, W), or None where the rim is not of one color.
    """
    return background_of(picture, _PLAIN_LEVELS, _PLAIN_SHARE)


def centred(picture: Picture, background: Mask | None) -> Square:
    """Cut or pad an illustration to a square with its figure in the horizontal centre, and resize it to DRAWN.

    The figure keeps its height in the picture unless it is wider than that. A picture without a plain background is cut
    at its sides or at its bottom, where portraits end.

    Args:
        picture: uint8 (H, W, 3), sRGB.
        background: bool (H, W), or None for none.
    """
    height, width = picture.shape[:2]
    if background is None:
        side = min(height, width)
        left = (width - side) // 2
        square, empty = picture[:side, left : left + side], np.zeros((side, side), bool)
    else:
        weights = (~background).sum(axis=0)
        present = np.flatnonzero(weights)
        middle = round(float((np.arange(width) * weights).sum() / weights.sum()))
        half = max(middle - int(present[0]), int(present[-1]) - middle) + 1
        side = max(height, 2 * half)
        # A figure cut by the lower border stays cut by it.
        above = side - height if (~background[-1]).any() else (side - height) // 2
        margins = (above, side - height - above, side, side)
        clean = np.where(background[..., None], np.uint8(255), picture)
        wide = cv2.copyMakeBorder(clean, *margins, cv2.BORDER_CONSTANT, value=(255, 255, 255))
        around = cv2.copyMakeBorder(background.astype(np.uint8), *margins, cv2.BORDER_CONSTANT, value=1)
        left = side + middle - side // 2
        square, empty = wide[:, left : left + side], around[:, left : left + side] > 0
    how = cv2.INTER_AREA if side >= DRAWN else cv2.INTER_CUBIC
    resized = cv2.resize(square, (DRAWN, DRAWN), interpolation=how)
    return Square(resized, cv2.resize(empty.astype(np.uint8), (DRAWN, DRAWN), interpolation=cv2.INTER_NEAREST) > 0)


def colorfulness(pixels: npt.NDArray[np.uint8]) -> float:
    """How colorful pixels look: 0 for greys, about 80 and more for vivid pictures.

    Args:
        pixels: uint8 (N, 3), sRGB.

    Source: Hasler and Süsstrunk 2003, "Measuring colorfulness in natural images"; thesis section 4.1.
    """
    red, green, blue = pixels.reshape(-1, 3).astype(np.float32).T
    across, along = red - green, (red + green) / 2 - blue
    spread = float(np.sqrt(across.var() + along.var()))
    return spread + 0.3 * float(np.hypot(across.mean(), along.mean()))


def boost_saturation(picture: Picture, factor: float) -> Picture:
    """Multiply the saturation of a picture in HSV; greys stay grey (thesis section 4.1)."""
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV_FULL)
    levels = np.rint(np.arange(256) * factor).clip(0, 255).astype(np.uint8)
    hsv[..., 1] = levels[hsv[..., 1]]
    boosted: Picture = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB_FULL)
    return boosted


def perceptual_hash(picture: Picture) -> bytes:
    """256 bits that hardly change when a picture is resized or compressed anew: signs of its lowest frequencies.

    Source: Zauner 2010, "Implementation and benchmarking of perceptual image hash functions" (the DCT hash).
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (_HASH_INPUT, _HASH_INPUT), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:_HASH_SIDE, :_HASH_SIDE].ravel()
    return np.packbits(low > np.median(low)).tobytes()


def prepare_illustration(
    square: Square, rng: np.random.Generator, *, boost: float, enlarge: Callable[[Picture], Picture] | None
) -> Sample | None:
    """Extract lines, segments and the color of every segment.

    Args:
        square: see `centred`.
        rng: source of the XDoG parameters.
        boost: factor on the saturation.
        enlarge: fourfold super-resolution; None for Lanczos.

    Returns:
        The maps, uint8 (7, 256, 256), and what of the index follows from them; None where there is too little to see.
    """
    picture = boost_saturation(square.picture, boost)
    ink = drawn_lines(picture, rng)
    if ink is None or rng.random() < _EXTRACTED:
        ink = extracted_lines(picture, rng, enlarge=enlarge)
    return sample_of(square._replace(picture=picture), ink)


def sample_of(square: Square, ink: Picture) -> Sample | None:
    """Find the segments of a picture's lines and the color of every segment.

    Args:
        square: see `centred`.
        ink: uint8 (DRAWN, DRAWN), 255 = paper.

    Returns:
        The maps, uint8 (7, 256, 256), and what of the index follows from them; None where there is too little to see.
    """
    picture = square.picture
    segments = segment(ink)
    kept = fold_segments(segments.labels)
    count = int(kept.max()) + 1
    # Lines would darken a small segment's median, so it is taken of the pixels beside them.
    beside = np.where(segments.labels > 0, kept, 0)
    colors = segment_colors(beside, picture)
    empty = np.bincount(kept.ravel(), weights=square.background.ravel(), minlength=count)
    is_background = empty > 0.5 * np.bincount(kept.ravel(), minlength=count)
    groups = np.where(is_background, 0, np.arange(count))
    if count - np.count_nonzero(is_background) < FEWEST_SEGMENTS:
        return None
    colors[groups == 0] = 255
    paint = _without_lines(picture, ink)
    tone = _tone(paint, colors[groups][kept])
    half = (slice(None, None, DRAWN // STORED),) * 2
    size = (STORED, STORED)
    maps = np.stack(
        [
            cv2.resize(ink, size, interpolation=cv2.INTER_AREA),
            groups[kept][half].astype(np.uint8),
            cv2.resize(tone, size, interpolation=cv2.INTER_AREA),
            kept[half].astype(np.uint8),
            *cv2.resize(paint, size, interpolation=cv2.INTER_AREA).transpose(2, 0, 1),
        ]
    )
    parts = [PARTS.index("background"), *[UNKNOWN_PART] * (count - 1)]
    entry: dict[str, Any] = {
        "parts": parts,
        "light": _light(tone, kept),
        "segment_groups": groups.tolist(),
        "colors": colors.tolist(),
    }
    return Sample(maps=maps, entry=entry)


def extracted_lines(
    picture: Picture, rng: np.random.Generator, *, enlarge: Callable[[Picture], Picture] | None
) -> Picture:
    """The lines that XDoG finds, its paper white: uint8 (H, W), 255 = paper; see `random_xdog`."""
    ink = random_xdog(picture, rng, enlarge=enlarge)
    ink[ink >= _PAPER_FROM] = 255
    return ink


def drawn_lines(picture: Picture, rng: np.random.Generator) -> Picture | None:
    """The lines that a picture was drawn with, as on the sketch beneath it.

    What an artist filled black stays black half of the time; else it is outlined, as before it was filled.

    Args:
        picture: uint8 (H, W, 3), sRGB.
        rng: decides on the black areas.

    Returns:
        uint8 (H, W), 255 = paper; None for a picture whose areas are not parted by dark lines.
    """
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    line = lines_of(gray)
    paint = cv2.medianBlur(_without_lines(picture, np.where(line, np.uint8(0), np.uint8(255))), 3).astype(np.int16)
    steps = np.zeros(line.shape, bool)
    steps[1:] |= np.abs(np.diff(paint, axis=0)).max(2) > _STEP
    steps[:, 1:] |= np.abs(np.diff(paint, axis=1)).max(2) > _STEP
    black = (gray < _BLACK) & ~line
    parted = line | (cv2.dilate(black.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0)
    if not line.any() or (steps & parted).sum() < _PARTED * steps.sum():
        return None
    # Ink is as dark as the darkest of its line, whatever color it was drawn in.
    darkest = int(np.percentile(gray[line], 10))
    ink = ((gray.astype(np.float32) - darkest) * (255 / max(_LINE_BELOW - darkest, 1))).clip(0, 255).astype(np.uint8)
    ink[~line] = 255
    if rng.random() < 0.5:
        ink[black] = 0
    else:
        ink[black & (cv2.erode(black.astype(np.uint8), np.ones((5, 5), np.uint8)) == 0)] = 0
    return ink


def _tone(paint: Picture, flat: Picture) -> npt.NDArray[np.uint8]:
    """The shade that makes a flat picture the painted one, read from how bright they are: uint8 (H, W)."""
    bright, even = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) + 1 for picture in (paint, flat))
    gain = bright / even - 1
    shadow, light = (-gain / _FULL_SHADOW).clip(0, 1), (gain / _FULL_LIGHT).clip(0, 1)
    tone = BASE_TONE + shadow * (SHADOW_TONE - BASE_TONE) + light * (LIGHT_TONE - BASE_TONE)
    # Beside lines, flat and paint differ by where each ends: only what is broader than that is shade.
    shade: npt.NDArray[np.uint8] = cv2.medianBlur(np.rint(tone).astype(np.uint8), 9)
    return shade


def _light(tone: npt.NDArray[np.uint8], labels: npt.NDArray[np.int32]) -> str | None:
    """The side that the light falls from, "left" or "right", where segments are brightest; None for flat pictures."""
    shade = tone.ravel().astype(np.float64) - BASE_TONE
    if (np.abs(shade) > _SHADED_LEVELS).mean() < _LEAST_SHADE:
        return None
    columns = np.tile(np.arange(tone.shape[1], dtype=np.float64), tone.shape[0])
    flat = labels.ravel()
    middle = np.bincount(flat, weights=columns) / np.maximum(np.bincount(flat), 1)
    return "right" if (shade * (columns - middle[flat])).sum() > 0 else "left"


def _without_lines(picture: Picture, ink: Picture) -> Picture:
    """The paint under the lines: their pixels take the color of the nearest pixel beside them."""
    # The line that XDoG finds is finer than the one that was drawn.
    lined = cv2.erode(ink, np.ones((3, 3), np.uint8)) < _LINE_BELOW
    numbers = np.arange(1, lined.size + 1, dtype=np.int32).reshape(lined.shape)
    nearest = fill_nearest(np.where(lined, 0, numbers)) - 1
    paint: Picture = picture.reshape(-1, 3)[nearest]
    return paint
