"""Cel shading: crescents, cast shadows, highlights and gradients, as tones of a shape."""

from collections.abc import Iterable, Sequence

import skia

from ..drawing import BASE_TONE, LIGHT_TONE, SHADOW_TONE
from .curves import Point, Points
from .scene import Scene, Shape, Tone, closed_path


def _level(strength: float) -> int:
    """Tone of a shadow (positive) or light (negative) of relative strength up to 1."""
    full = SHADOW_TONE if strength > 0 else LIGHT_TONE
    return round(BASE_TONE + (full - BASE_TONE) * min(abs(strength), 1.0))


def _flat(level: int) -> skia.Paint:
    return skia.Paint(AntiAlias=True, Color=skia.Color(level, level, level))


def _moved(shape: Shape, x: float, y: float) -> skia.Path:
    path = skia.Path(shape.path)
    path.offset(float(x), float(y))
    return path


def crescent(scene: Scene, shape: Shape, depth: float, strength: float = 1.0) -> None:
    """Shade the rim that faces away from the light, `depth` wide (units of the current frame)."""
    reach = depth * scene.scale()
    shade = _level(strength)
    lit = _moved(shape, scene.light[0] * reach, scene.light[1] * reach)
    shape.tones[0:0] = [Tone(_flat(shade), None, shade), Tone(_flat(BASE_TONE), lit, BASE_TONE)]


def gloss(scene: Scene, shape: Shape, depth: float) -> None:
    """Light the rim that faces the light, as on metal; to be called before other tones."""
    reach = depth * scene.scale()
    rest = _moved(shape, -scene.light[0] * reach, -scene.light[1] * reach)
    shape.tones[0:0] = [Tone(_flat(LIGHT_TONE), None, LIGHT_TONE), Tone(_flat(BASE_TONE), rest, BASE_TONE)]


def cast(shape: Shape, casters: Iterable[Shape], x: float, y: float, strength: float = 1.0) -> None:
    """Throw the shadow of `casters`, moved by (x, y) world units, onto `shape`."""
    level = _level(strength)
    shape.tones += [Tone(_flat(level), _moved(caster, x, y), level) for caster in casters]


def patch(scene: Scene, shape: Shape, points: Sequence[Point] | Points, strength: float = 1.0) -> None:
    """Shade (or, with negative strength, light) the part of a shape inside a polygon of the current frame."""
    level = _level(strength)
    shape.tones.append(Tone(_flat(level), closed_path([scene.world(points).tolist()]), level))


def whole(shape: Shape, strength: float = 1.0) -> None:
    """Shade all of a shape."""
    level = _level(strength)
    shape.tones.insert(0, Tone(_flat(level), None, level))


def ramp(scene: Scene, shape: Shape, top: float, bottom: float, start: int, end: int) -> None:
    """Blend the tone level from `start` at height `top` to `end` at `bottom` of the current frame."""
    high, low = scene.world([(0, top), (0, bottom)])
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(*map(float, high)), skia.Point(*map(float, low))],
        [skia.Color(start, start, start), skia.Color(end, end, end)],
    )
    shape.tones.insert(0, Tone(skia.Paint(AntiAlias=True, Shader=shader), None, None))


def airbrush(shape: Shape, strength: float) -> None:
    """Darken a shape softly toward its lower end, over its other tones."""
    _, top, _, bottom = shape.box
    shade = SHADOW_TONE
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(0, top + 0.3 * (bottom - top)), skia.Point(0, bottom)],
        [skia.Color(shade, shade, shade, 0), skia.Color(shade, shade, shade, round(255 * strength))],
    )
    shape.tones.append(Tone(skia.Paint(AntiAlias=True, Shader=shader), None, None))
