"""The six color categories of the thesis, Algorithm 1 that assigns them, and palettes given as hex colors.

A category is a spectrum, not a color, so each is described by several anchors across it; a pixel belongs to the
category of the nearest anchor by CIEDE2000 (thesis section 3.3.1). The distances are taken once, for a grid over the
RGB cube, and pixels look their category up.
"""

import functools
import math
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from salac.errors import InputError
from salac.types import Segments

CATEGORIES = ("black", "white", "brown", "red/yellow/orange", "blue/green/purple", "fair/pink")
"""Names of the categories, in the order of their indices."""

ANCHORS = {
    # Black ends, and white begins, at middle grey: a dark grey coat is drawn as black, a light grey one as white.
    "black": "#000000 #14161c #1f1a1c #26222b #34343a #48484c #5e5e62 #707074",
    "white": "#ffffff #faf7f2 #f2f5fb #e6e6ea #d2d2d8 #bebec4 #a8a8ae #929298",
    # Dark brown hair stays brown however dark it is, as long as it is warm; tan and bronze skin are brown too.
    "brown": "#2b1810 #3a2a24 #4a2d1c #5f3d28 #75482f #8b5a35 #a56d49 #b98050 #8a6a4a #a58a68 #6b5a4a #8c7a6c",
    "red/yellow/orange": (
        "#4d0d14 #7a1420 #a31c28 #c8202a #e62e33 #ff0000 #e8503a #c1452a #f0702a #ff8c1a #d98020 #f5a050 #f6b73c "
        "#d9a82c #b08a1e #dcb460 #ffd21f #f3d687 #fff04a #fdf2a8 #c9bd3a"
    ),
    "blue/green/purple": (
        "#0d1230 #1f2740 #27365f #1f3f8f #0000ff #2f62c8 #5a8ade #8fb9ec #c4dcf5 #56657f #8496b0 #35424f "
        "#0f3a44 #1f7a80 #2fb5b8 #7ad8d4 #00ffff #c8efea "
        "#16301f #2a5a3a #1f8a3f #00e000 #6fbf5a #8fc79a #cdebc4 #55602e #87934a #a5c83a #6f8578 "
        "#24143f #4a2a86 #7a4fc4 #a98ae6 #d6c8f5 #5a1a6b #9a2fb5 #c05ad6 #ff00ff #dca6ea #6f6080"
    ),
    "fair/pink": (
        "#ffefe6 #fde0d0 #fbd0b8 #f6c9ae #efb592 #dda580 #ead9c4 #d8c2a8 "
        "#ffe4ec #ffccd8 #f7a8c0 #ee7fa5 #e2548c #c23a78 #ff5ca8 #f5a39a #e88080 #d69aa2 #b8707e #d8b8b4"
    ),
}
"""Anchor sRGB colors of every category: its range from dark to light, vivid to muted."""

CATEGORY_COLORS: npt.NDArray[np.uint8] = np.array(
    [[34, 32, 40], [244, 243, 240], [122, 78, 48], [232, 86, 52], [70, 112, 204], [250, 196, 184]], np.uint8
)
"""One sRGB color per category for display, uint8 (6, 3)."""

_GRID_BITS = 5
_HEX_COLOR = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})(?::(.+))?", re.IGNORECASE)
_SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE_D65 = _SRGB_TO_XYZ.sum(axis=1)


def to_lab(colors: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Convert sRGB to CIELAB (D65).

    Args:
        colors: (..., 3), sRGB in [0, 1].

    Returns:
        float64 (..., 3): L in 0..100, a and b around -128..127.
    """
    srgb = np.asarray(colors, np.float64)
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    relative = linear @ _SRGB_TO_XYZ.T / _WHITE_D65
    root = np.where(relative > 216 / 24389, np.cbrt(relative), (24389 / 27 * relative + 16) / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def from_lab(colors: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Convert CIELAB (D65) to sRGB; what sRGB cannot show is clipped.

    Args:
        colors: (..., 3), see `to_lab`.

    Returns:
        float64 (..., 3) in [0, 1].
    """
    lightness, a, b = np.moveaxis(np.asarray(colors, np.float64), -1, 0)
    y = (lightness + 16) / 116
    root = np.stack([y + a / 500, y, y - b / 200], -1)
    relative = np.where(root > 6 / 29, root**3, (116 * root - 16) * 27 / 24389)
    linear = (relative * _WHITE_D65 @ np.linalg.inv(_SRGB_TO_XYZ).T).clip(0, 1)
    srgb: npt.NDArray[np.float64] = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return srgb


def _parse_hex(digits: str) -> tuple[int, int, int]:
    """Convert "rgb" or "rrggbb" to three levels 0..255."""
    full = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    red, green, blue = bytes.fromhex(full)
    return red, green, blue


@functools.cache
def _category_table() -> npt.NDArray[np.uint8]:
    """Build the category of every cell of a 32 x 32 x 32 grid over RGB, by Algorithm 1 at the cell's center."""
    from skimage.color import deltaE_ciede2000

    axis = np.arange(2**_GRID_BITS)
    cells = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    size = 256 >> _GRID_BITS
    grid = to_lab((size * cells + (size - 1) / 2) / 255).astype(np.float32)
    nearest = np.zeros(len(grid), np.uint8)
    shortest = np.full(len(grid), np.inf, np.float32)
    for k, category in enumerate(CATEGORIES):
        for anchor in ANCHORS[category].split():
            distance = deltaE_ciede2000(grid, to_lab([np.divide(_parse_hex(anchor[1:]), 255)]).astype(np.float32))
            nearest[distance < shortest] = k
            np.minimum(distance, shortest, out=shortest)
    return nearest


def categories_of(colors: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Tell the category of every color.

    Args:
        colors: uint8 (..., 3), sRGB.

    Returns:
        uint8 (...), indices into `CATEGORIES`.

    Raises:
        InputError: if colors are not uint8 with three channels last.

    Example:
        >>> [CATEGORIES[k] for k in categories_of(np.array([[250, 208, 184], [47, 79, 159]], np.uint8))]
        ['fair/pink', 'blue/green/purple']
    """
    if colors.dtype != np.uint8 or colors.ndim < 1 or colors.shape[-1] != 3:
        raise InputError(f"colors must be uint8 (..., 3), sRGB, but are {colors.dtype} {colors.shape}")
    cells = (colors >> (8 - _GRID_BITS)).astype(np.uint16)
    index = (cells[..., 0] << 2 * _GRID_BITS) | (cells[..., 1] << _GRID_BITS) | cells[..., 2]
    return _category_table().take(index)


def color_categories(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Assign every pixel the category of its color (thesis Algorithm 1, CreateColorProposals).

    Args:
        picture: uint8 (H, W, 3), sRGB.

    Returns:
        uint8 (H, W), indices into `CATEGORIES`.

    Raises:
        InputError: if the picture is not uint8 (H, W, 3).
    """
    if picture.ndim != 3:
        raise InputError(f"picture must be uint8 (H, W, 3), but is {picture.dtype} {picture.shape}")
    return categories_of(picture)


def categories_of_segments(segments: Segments, categories: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Tell the category that most pixels of every segment have.

    Args:
        segments: of a drawing.
        categories: uint8 (H, W) in 0..5.

    Returns:
        uint8 (count + 1,), indices into `CATEGORIES`; 0 for an id without a pixel.
    """
    pairs = segments.labels.ravel() * np.int64(len(CATEGORIES)) + categories.ravel()
    votes = np.bincount(pairs, minlength=(segments.count + 1) * len(CATEGORIES))
    found: npt.NDArray[np.uint8] = votes.reshape(-1, len(CATEGORIES)).argmax(1).astype(np.uint8)
    return found


def parse_palette(palette: Sequence[str]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """Read a palette given as hex colors, each with an optional weight: ``["#f7d7c4", "#3b4cc0:2"]``.

    Args:
        palette: "#rrggbb" or "#rgb", the # may be left out; ":weight" after it says how much of the picture the color
            takes beside the others, and is 1 where it is left out.

    Returns:
        Colors uint8 (K, 3), sRGB, and their shares float32 (K,), which sum to 1.

    Raises:
        InputError: if the palette is empty, or an entry is no hex color or has no positive weight.

    Example:
        >>> colors, shares = parse_palette(["#f7d7c4", "3b4cc0:3"])
        >>> colors.tolist(), shares.tolist()
        ([[247, 215, 196], [59, 76, 192]], [0.25, 0.75])
    """
    if isinstance(palette, str) or not palette:
        raise InputError(f'palette must be a list of hex colors such as ["#f7d7c4", "#3b4cc0:2"], but is {palette!r}')
    colors, weights = [], []
    for entry in palette:
        match = _HEX_COLOR.fullmatch(entry.strip()) if isinstance(entry, str) else None
        if match is None:
            raise InputError(f"palette entry {entry!r} is no hex color: write #rrggbb or #rrggbb:weight")
        colors.append(_parse_hex(match[1]))
        weights.append(_parse_weight(entry, match[2]))
    shares = np.array(weights)
    return np.array(colors, np.uint8), (shares / shares.sum()).astype(np.float32)


def _parse_weight(entry: str, text: str | None) -> float:
    """Read the weight of a palette entry; none given means 1."""
    try:
        weight = float(text) if text is not None else 1.0
    except ValueError:
        weight = math.nan
    if not 0 < weight < math.inf:
        raise InputError(f"palette entry {entry!r} has weight {text!r}: give a number above 0, as in #3b4cc0:2")
    return weight
