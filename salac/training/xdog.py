"""XDoG: the extended difference of Gaussians that turns an illustration into its sketch (thesis section 4.1)."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from ..errors import InputError

PAPER = 254
"""Level of bare paper in an XDoG sketch: 255 * (1 + tanh) saturates at 510, which wraps to 254 in a byte.

Black fills come out as 255 and everything that resizing leaves of paper lies just below 254, so readers take 250..255
as paper.
"""

LATE_RESIZING = 4
"""How much larger than the illustration the picture is that lines are extracted from."""

_BYTES = np.arange(256, dtype=np.float64)


def xdog(
    picture: npt.NDArray[np.uint8],
    *,
    sigma: float,
    k: float,
    gamma: float,
    epsilon: float = -0.5,
    phi: float = 1e9,
) -> npt.NDArray[np.uint8]:
    """Extract the lines of a picture, byte for byte as the preprocessor of Tag2Pix does.

    Args:
        picture: uint8 (H, W) grey or (H, W, 3) sRGB.
        sigma: standard deviation of the narrow Gaussian, in pixels.
        k: ratio of the wide Gaussian's standard deviation to `sigma`.
        gamma: weight of the wide Gaussian; below 1, flat areas become paper.
        epsilon: responses below it become paper (white lines on black are not lines).
        phi: steepness of the threshold; 1e9 makes every pixel either ink or paper.

    Returns:
        uint8 (H, W): 0 is ink, `PAPER` (254) is paper, 255 is black fill.

    Raises:
        InputError: the picture is not uint8 (H, W) or (H, W, 3).

    Source: thesis section 4.1, Listing 4.1; Winnemöller et al. 2012, "XDoG: An eXtended difference-of-Gaussians
    compendium".
    """
    grey = _grey(picture)
    narrow = cv2.GaussianBlur(grey, (0, 0), sigma)
    wide = cv2.GaussianBlur(grey, (0, 0), sigma * k)
    # Both blurs are rounded to bytes, so every response there can be fits a 256 x 256 table.
    difference = (_BYTES[:, None] - gamma * _BYTES) / 255
    level = np.where(difference < epsilon, 255.0, 255 * (1 + np.tanh(phi * difference)))
    table = (level.astype(np.int64) & 255).astype(np.uint8)
    return table.ravel()[(narrow.astype(np.uint16) << 8) | wide]


def random_xdog(
    picture: npt.NDArray[np.uint8],
    rng: np.random.Generator,
    *,
    size: tuple[int, int] | None = None,
    enlarge: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.uint8]] | None = None,
) -> npt.NDArray[np.uint8]:
    """Draw the sketch of an illustration with random XDoG parameters and late resizing.

    Args:
        picture: uint8 (H, W, 3) sRGB or (H, W) grey, at the illustration's own size.
        rng: source of the parameters: sigma in [0.3, 0.7), k in [2, 5), gamma in [0.94, 0.96).
        size: (height, width) of the sketch, in pixels; None keeps the illustration's own.
        enlarge: super-resolution that makes the picture `LATE_RESIZING` times as large; None resamples by Lanczos.

    Returns:
        uint8 (height, width): antialiased lines, dark on paper of about `PAPER` (254).

    Raises:
        InputError: the picture is not uint8 (H, W) or (H, W, 3).

    Source: thesis section 4.1, Listing 4.1.
    """
    grey = _grey(picture)
    height, width = grey.shape
    if enlarge is not None:
        large = enlarge(picture)
    else:
        large = cv2.resize(grey, (width * LATE_RESIZING, height * LATE_RESIZING), interpolation=cv2.INTER_LANCZOS4)
    sketch = xdog(large, sigma=rng.uniform(0.3, 0.7), k=rng.uniform(2, 5), gamma=rng.uniform(0.94, 0.96))
    rows, columns = size or (height, width)
    return cv2.resize(sketch, (columns, rows), interpolation=cv2.INTER_AREA)


def _grey(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] != 3):
        raise InputError(
            f"picture is {picture.dtype} {picture.shape}; XDoG needs uint8 (H, W) grey or (H, W, 3) sRGB: convert it"
        )
    return picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
