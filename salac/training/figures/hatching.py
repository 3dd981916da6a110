"""Shade in ink: hatching, cross-hatching and screentone where shadow lies, screentone over whole garments."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ..drawing import BASE_TONE, PARTS, ROLES, SHADOW_TONE
from .chance import Rng, between, choose, weigh
from .render import Layers

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Texture:
    """How shade is inked: its share, the angles of its lines relative to the first, or dots, and over what it lies."""

    share: float
    turns: tuple[float, ...] = ()
    dots: bool = False
    whole: bool = False


TEXTURES = {
    "none": Texture(80),
    "hatching": Texture(9, (0.0,)),
    "cross_hatching": Texture(3, (0.0, 1.1)),
    "screentone": Texture(4, dots=True),
    "toned_cloth": Texture(4, dots=True, whole=True),
}
"""Textures by name."""

_SHADED_PARTS = tuple(PARTS.index(part) for part in ("skin", "hair", "upper", "lower", "legwear", "shoes", "accessory"))
_TONED_ROLES = ("hair", "cloth.1", "cloth.2", "cloth.3")
_DEEP = (BASE_TONE + SHADOW_TONE) // 2


def choose_texture(rng: Rng) -> str:
    """Draw lots for how shade is inked; mostly not at all."""
    return weigh(rng, {name: texture.share for name, texture in TEXTURES.items()})


def shade_in_ink(rng: Rng, layers: Layers, kind: str, pen: float, light: npt.NDArray[np.float64]) -> None:
    """Draw a texture into `layers.ink`.

    Args:
        rng: source of chance.
        layers: a rendered scene; its ink is drawn upon.
        kind: name of the texture.
        pen: width of a stroke of weight 1 in pixels.
        light: (2,) direction the light comes from; lines run across it.
    """
    texture = TEXTURES[kind]
    if not (texture.turns or texture.dots):
        return
    lies = np.isin(np.array(layers.parts), _SHADED_PARTS)[layers.group] & (layers.tone < _DEEP)
    if texture.whole:
        role = ROLES.index(choose(rng, _TONED_ROLES))
        lies = (np.array(layers.roles) == role)[layers.group]
    unit = len(layers.ink) / 512
    step = between(rng, (6.5, 11.0)) * unit
    if texture.dots:
        dark = _dots(lies, step, between(rng, (0.2, 0.33)))
    else:
        first = math.atan2(light[1], light[0]) + rng.normal(0, 0.35)
        thick = max(0.8, between(rng, (0.35, 0.7)) * pen)
        lines = [_lines(rng, lies, first + turn, step, thick) for turn in texture.turns]
        dark = np.max(lines, axis=0)
    np.minimum(layers.ink, np.rint(255 - 255 * dark).astype(np.uint8), out=layers.ink)


def _plane(size: int, angle: float) -> tuple[Floats, Floats]:
    """Coordinates (size, size) in pixels along a direction and across it."""
    place = np.arange(size, dtype=np.float32)
    cosine, sine = np.float32(math.cos(angle)), np.float32(math.sin(angle))
    return cosine * place + sine * place[:, None], cosine * place[:, None] - sine * place


def _lines(rng: Rng, lies: Mask, angle: float, step: float, thick: float) -> Floats:
    """Parallel lines `step` apart, each by its own pull: a little bent, ending a little before or behind the shade."""
    size = len(lies)
    across, _ = _plane(size, angle)
    bend = rng.normal(0, 0.35 * step, (5, 5)).astype(np.float32)
    across += cv2.resize(bend, (size, size), interpolation=cv2.INTER_CUBIC)
    place = across / np.float32(step)
    line = np.floor(place)
    off = np.abs(place - line - np.float32(0.5)) * np.float32(step)
    reach = rng.uniform(0.3, 0.65, 4096).astype(np.float32)[line.astype(np.int32) % 4096]
    width = max(3, round(step * 1.3)) | 1
    inside = cv2.blur(lies.astype(np.float32), (width, width))
    return (np.float32(thick / 2 + 0.5) - off).clip(0, 1) * ((inside - reach) * 8).clip(0, 1)


def _dots(lies: Mask, step: float, radius: float) -> Floats:
    """A raster of dots at 45 degrees, `step` apart, with a radius relative to it."""
    along, across = _plane(len(lies), math.pi / 4)
    x, y = (plane / np.float32(step) % 1 - np.float32(0.5) for plane in (along, across))
    return ((np.float32(radius) - np.sqrt(x * x + y * y)) * np.float32(step) + 0.5).clip(0, 1) * lies
