"""Cel shading: what flat colors become in shadow and in light, in the light of one picture.

Shadows are darker, a little more saturated and lean to the tint of the light; skin in shadow turns warm, for blood
shines through it. Highlights are lighter and paler.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_SKIN_SHADOW = np.array([0.93, 0.76, 0.74], np.float32)
"""What a full shadow leaves of skin's red, green and blue: a peach shade, never grey."""

_TINTS = (
    ((-0.05, -0.03, 0.10), (255.0, 252.0, 243.0)),  # blue shadow, sunlight
    ((0.01, -0.06, 0.08), (255.0, 250.0, 244.0)),  # violet shadow, lamplight
    ((0.06, -0.05, -0.01), (255.0, 247.0, 236.0)),  # rose shadow, evening
    ((0.0, 0.0, 0.0), (255.0, 255.0, 255.0)),  # neutral
)
_TINT_SHARES = (0.36, 0.34, 0.16, 0.14)
"""Tint of the shadow as relative factors on red, green and blue, the glow of the highlights, and how often each."""


@dataclass(frozen=True, kw_only=True)
class Light:
    """The light of one picture.

    Attributes:
        shadow: (3,) factors on red, green and blue in full shadow, 0..1; their differences are the tint.
        saturation: factor on the distance from grey in full shadow, >= 1.
        highlight: how far a full highlight goes toward `glow`, 0..1.
        glow: (3,) sRGB color of the highlights, 0..255.
    """

    shadow: tuple[float, float, float]
    saturation: float
    highlight: float
    glow: tuple[float, float, float]


DAYLIGHT = Light(shadow=(0.74, 0.71, 0.8), saturation=1.15, highlight=0.4, glow=(255.0, 252.0, 243.0))
"""A light that suits any picture: shadows lean to violet, highlights are warm."""


def draw_light(rng: np.random.Generator) -> Light:
    """Draw a light: most shadows lean cool (blue to violet), some warm, a few stay neutral.

    Args:
        rng: source of all randomness.

    Returns:
        The light of one picture.
    """
    depth = rng.uniform(0.66, 0.86)
    tint, glow = _TINTS[rng.choice(len(_TINTS), p=_TINT_SHARES)]
    strength = rng.uniform(0.4, 1.0)
    red, green, blue = (depth * (1 + strength * t) for t in tint)
    return Light(
        shadow=(red, green, blue), saturation=rng.uniform(1.05, 1.25), highlight=rng.uniform(0.3, 0.6), glow=glow
    )


def skin_likeness(colors: Floats) -> Floats:
    """Tell how much a color looks like skin: 1 for fair to brown skin, 0 for hues and greys far from it.

    Args:
        colors: float32 (..., 3), sRGB 0..255.

    Returns:
        float32 (..., 1), 0..1.
    """
    red, green, blue = colors[..., 0:1], colors[..., 1:2], colors[..., 2:3]
    warmth = (red - blue) / np.maximum(red, 1)  # 0.12 porcelain, 0.55 dark brown
    peach = (green - blue) / np.maximum(red - blue, 1)  # 0 pink, 0.4 skin, 1 yellow
    warm = np.minimum(warmth, 0.65 - warmth) / 0.1
    peachy = np.minimum(peach - 0.1, 0.85 - peach) / 0.15
    bright = (red - 60) / 50
    likeness: Floats = warm.clip(0, 1) * peachy.clip(0, 1) * bright.clip(0, 1)
    return likeness


def shadowed(colors: Floats, light: Light) -> Floats:
    """Return colors float32 (..., 3), sRGB 0..255, as they look in full shadow."""
    grey = (colors @ _LUMA)[..., None]
    shadow = (grey + (colors - grey) * np.float32(light.saturation)) * np.array(light.shadow, np.float32)
    depth = np.float32(np.mean(light.shadow) / 0.81)
    skin = skin_likeness(colors)
    dark: Floats = (shadow + skin * (colors * (_SKIN_SHADOW * depth) - shadow)).clip(0, 255)
    return dark


def highlighted(colors: Floats, light: Light) -> Floats:
    """Return colors float32 (..., 3), sRGB 0..255, as they look in full highlight; dark cloth gains less than light
    cloth.
    """
    brightness = colors.max(axis=-1, keepdims=True) / 255
    gain = np.float32(light.highlight) * (0.35 + 0.65 * brightness)
    bright: Floats = colors + gain * (np.array(light.glow, np.float32) - colors).clip(0)
    return bright
