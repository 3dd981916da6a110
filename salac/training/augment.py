"""What hands, pencils, paper and scanners do to clean ink, so that nets meet drawings as they are.

Nets see a drawing after `salac.paper.normalise_paper` has brought its paper to white and its ink to dark, so the color
of the paper, the shade that lies on it and most of its grain are gone by then. What is drawn here is what that leaves:
uneven lines, traces of texture within them, specks, and the marks of compression.

Every blemish is a function of ink, float32 (h, w) in [0, 1] with 1 = black, and a source of chance.
"""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from .drawing import BASE_TONE
from .xdog import xdog

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]
Blemish = Callable[[Floats, np.random.Generator], Floats]

_PAPER_FROM = 250
"""Grey level from which paper is white: XDoG leaves it at 254."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def augment(ink: Bytes, rng: np.random.Generator) -> Bytes:
    """Draw clean ink as a hand might have drawn it and a scanner read it.

    Args:
        ink: uint8 (h, w), 255 = paper.
        rng: source of all randomness.

    Returns:
        uint8 (h, w), 255 = paper.
    """
    dark: Floats = (255 - ink).astype(np.float32) * np.float32(1 / 255)
    for blemish, share in BLEMISHES:
        if rng.random() < share:
            dark = blemish(dark, rng)
    return _to_bytes(dark)


def extract_lines(colors: Bytes, group: Bytes, tone: Bytes, ink: Bytes, rng: np.random.Generator) -> Bytes:
    """Extract the lines of a colored drawing by XDoG, as the thesis makes its sketches: edges of shade and color too.

    Args:
        colors: uint8 (groups, 3), sRGB.
        group: uint8 (h, w), index into `colors`.
        tone: uint8 (h, w), its cel shading, see `Drawing`.
        ink: uint8 (h, w), its lines, 255 = paper.
        rng: source of all randomness.

    Returns:
        uint8 (h, w), 255 = paper.

    Source: thesis section 4.1, Listing 4.1, at twice the size instead of four times, for speed.
    """
    grey = (colors @ _LUMA)[group]
    shaded = grey * np.minimum(tone, BASE_TONE) * np.float32(0.5 / BASE_TONE) + grey * np.float32(0.5)
    finished = np.rint(shaded * (ink * np.float32(1 / 255))).astype(np.uint8)
    large = cv2.resize(finished, None, fx=2, fy=2, interpolation=cv2.INTER_LANCZOS4)
    sketch = xdog(large, sigma=rng.uniform(0.3, 0.7), k=rng.uniform(2, 5), gamma=rng.uniform(0.94, 0.96))
    small: Bytes = cv2.resize(sketch, ink.shape[::-1], interpolation=cv2.INTER_AREA)
    small[small >= _PAPER_FROM] = 255
    return small


# --- the hand --------------------------------------------------------------------------------------------------------


def restroke(dark: Floats, rng: np.random.Generator) -> Floats:
    """Draw lines twice, the second time not quite on the first, as in a rough."""
    drift = rng.normal(0, 1.6, (2, 3, 3)).astype(np.float32)
    columns, rows = (cv2.resize(plane, dark.shape[::-1], interpolation=cv2.INTER_CUBIC) for plane in drift)
    columns += np.arange(dark.shape[1], dtype=np.float32)
    rows += np.arange(dark.shape[0], dtype=np.float32)[:, None]
    second = cv2.remap(dark, columns, rows, cv2.INTER_LINEAR)
    return np.maximum(dark, second * np.float32(rng.uniform(0.3, 0.8)))


def widen(dark: Floats, rng: np.random.Generator) -> Floats:
    """Draw with a broader pen."""
    broad = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
    return cv2.addWeighted(broad, share := rng.uniform(0.2, 1.0), dark, 1 - share, 0)


def narrow(dark: Floats, rng: np.random.Generator) -> Floats:
    """Draw with a finer pen; what is drawn finely already becomes faint."""
    fine = cv2.erode(dark, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
    return cv2.addWeighted(fine, share := rng.uniform(0.2, 0.6), dark, 1 - share, 0)


def soften(dark: Floats, rng: np.random.Generator) -> Floats:
    """Draw with a soft tip, or scan out of focus."""
    return cv2.GaussianBlur(dark, (3, 3), rng.uniform(0.4, 0.9)) * np.float32(rng.uniform(1.0, 1.6))


def interrupt(dark: Floats, rng: np.random.Generator) -> Floats:
    """Lift the pen here and there: broken lines."""
    gaps = _field(rng, dark.shape, 24, 0.0, 1.0)
    return dark * ((gaps - np.float32(rng.uniform(0.08, 0.2))) * 12).clip(0, 1)


def press(dark: Floats, rng: np.random.Generator) -> Floats:
    """Press harder here and less there; colored pencils leave some lines light grey altogether."""
    lightest = rng.uniform(0.25, 0.8)
    return dark * _field(rng, dark.shape, int(rng.integers(3, 8)), lightest, 1.1)


def texture(dark: Floats, rng: np.random.Generator) -> Floats:
    """Leave the tooth of the paper in pencil strokes."""
    tooth = cv2.GaussianBlur(_noise(rng, dark.shape), (3, 3), rng.uniform(0.4, 1.0))
    return dark * (1 + np.float32(rng.uniform(0.8, 2.0)) * tooth).clip(0, 1)


def construct(dark: Floats, rng: np.random.Generator) -> Floats:
    """Leave faint construction lines: an axis, ellipses about masses."""
    height, width = dark.shape
    plane = np.zeros(dark.shape, np.uint8)
    for _ in range(int(rng.integers(2, 7))):
        centre = int(rng.normal(width / 2, width / 5)), int(rng.normal(height / 2, height / 4))
        axes = int(width * rng.uniform(0.05, 0.3)), int(height * rng.uniform(0.05, 0.3))
        if rng.random() < 0.6:
            start = float(rng.uniform(0, 360))
            span = float(rng.uniform(120, 400))
            cv2.ellipse(plane, centre, axes, float(rng.uniform(-40, 40)), start, start + span, 255, 1, cv2.LINE_AA)
        else:
            end = centre[0] + int(rng.normal(0, 0.2 * width)), centre[1] + int(rng.normal(0, 0.5 * height))
            cv2.line(plane, centre, end, 255, 1, cv2.LINE_AA)
    return np.maximum(dark, plane * np.float32(rng.uniform(0.08, 0.35) / 255))


def fade(dark: Floats, rng: np.random.Generator) -> Floats:
    """Draw paler on the whole, with more or less contrast between strong and weak lines."""
    dark = dark.clip(0, 1)
    bend = np.float32(rng.uniform(-0.6, 0.6))
    return (dark + bend * dark * (1 - dark)) * np.float32(rng.uniform(0.6, 1.0))


# --- paper and scanner -----------------------------------------------------------------------------------------------


def grain(dark: Floats, rng: np.random.Generator) -> Floats:
    """Leave what is left of the paper's grain: noise within lines and beside them, specks on bare paper."""
    noise = _noise(rng, dark.shape)
    near_lines = cv2.blur(dark, (5, 5))
    # Specks of dust are larger than a pixel of the noise.
    dust = cv2.GaussianBlur((noise > 0.495).astype(np.float32), (3, 3), 0.8)
    return dark + np.float32(rng.uniform(0.1, 0.5)) * noise * near_lines + np.float32(rng.uniform(0, 0.5)) * dust


def shade(dark: Floats, rng: np.random.Generator) -> Floats:
    """Leave a grey remainder of a shadow or stain that was taken for a mark, and pale lines where light was strong."""
    cloud = _field(rng, dark.shape, int(rng.integers(3, 6)), -1.0, 1.0)
    stain = (cloud - np.float32(rng.uniform(0.35, 0.8))).clip(0, None) * np.float32(rng.uniform(0.05, 0.3))
    return dark * (1 + np.float32(0.3) * cloud).clip(0, 1) + stain


def compress(dark: Floats, rng: np.random.Generator) -> Floats:
    """Save as JPEG; the faintest of its marks on paper become paper again."""
    _, encoded = cv2.imencode(".jpg", _to_bytes(dark), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 85))])
    decoded: Bytes = np.array(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.uint8)
    decoded[decoded >= _PAPER_FROM] = 255
    compressed: Floats = (255 - decoded).astype(np.float32) * np.float32(1 / 255)
    return compressed


BLEMISHES: tuple[tuple[Blemish, float], ...] = (
    (restroke, 0.1),
    (widen, 0.25),
    (narrow, 0.12),
    (soften, 0.2),
    (interrupt, 0.3),
    (press, 0.35),
    (texture, 0.25),
    (construct, 0.1),
    (fade, 0.7),
    (grain, 0.25),
    (shade, 0.08),
    (compress, 0.15),
)
"""Every blemish in the order in which they befall a drawing, and the share of drawings that each befalls."""


def _field(rng: np.random.Generator, shape: tuple[int, ...], cells: int, low: float, high: float) -> Floats:
    """A surface that wanders between two values over about `cells` hills a side: float32 `shape`."""
    hills = rng.uniform(low, high, (cells, cells)).astype(np.float32)
    surface: Floats = cv2.resize(hills, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return surface


def _noise(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Even noise in [-0.5, 0.5): float32 `shape`."""
    bytes_drawn = np.frombuffer(rng.bytes(shape[0] * shape[1]), np.uint8).reshape(shape)
    return bytes_drawn.astype(np.float32) * np.float32(1 / 256) - np.float32(0.5)


def _to_bytes(dark: Floats) -> Bytes:
    ink: Bytes = np.rint(255 - 255 * dark.clip(0, 1)).astype(np.uint8)
    return ink
