"""Avatar Illustration System by Micah Lanier: outlined busts with flat hair, shirt and glasses."""

from dataclasses import replace

import numpy as np
import skia

from salac.training.drawing import LIGHT_TONE, SHADOW_TONE
from salac.training.kits import dicebear
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Shade, Stroke, tone_of
from salac.training.kits.svg import Shape

_ODDS = {"earrings": 0.35, "facialHair": 0.12, "glasses": 0.25}
_HEAD = skia.Rect(60, 20, 310, 300)
_LOWER_EDGE = 360.0

_MARKS: dict[str, Mark] = {
    "base": Flat("skin", "skin"),
    "hair": Flat("hair", "hair"),
    "facialhair": Flat("hair", "hair"),
    "shirt": Flat("upper", "cloth.1"),
    "eyeshadow": Flat("skin", "accent"),
    "earring": Flat("accessory", "metal"),
    "eyes": Ink(("iris", "pupil")),
    "mouth": Ink(("mouth", "ink")),
    "#fc909f": Flat("mouth", "lips"),
    "#fcfdff": Shade(LIGHT_TONE),
}
"""What each color token of the style stands for."""
_WHITE = {"mouth": Flat("mouth", "teeth"), "clothes": Flat("upper", "cloth.2"), "earrings": Flat("accessory", "metal")}


def _fill(shape: Shape) -> Mark | None:
    if shape.fill is None:
        return None
    if shape.fill_opacity < 1:
        return Shade(max(SHADOW_TONE, tone_of(shape.fill_opacity)))
    if shape.fill == "white":
        return _WHITE.get(shape.component)
    if shape.fill == "hair" and shape.variant == "turban":
        return Flat("accessory", "cloth.2")
    return _MARKS.get(shape.fill, Ink())


def _line(shape: Shape) -> Mark | None:
    if shape.stroke is None:
        return None
    return Flat("hair", "hair") if shape.stroke == "hair" else Ink()


def _compose(rng: np.random.Generator) -> Composition:
    style = dicebear.Style.load("micah")
    choice = style.choose(rng, _ODDS)
    weight = rng.uniform(0.7, 1.3)
    shapes = [replace(shape, stroke_width=shape.stroke_width * weight) for shape in style.shapes(choice)]
    return Composition(
        strokes=[Stroke(shape, fill=_fill(shape), stroke=_line(shape)) for shape in shapes],
        identity=tuple(f"micah:{component}:{variant}" for component, variant in choice.items()),
        head=_HEAD,
        cut=_LOWER_EDGE,
        line=3.5,
        bare_edges=True,
    )


KIT = Kit(
    name="micah",
    licence="CC-BY-4.0",
    attribution="Avatar Illustration System by Micah Lanier, remixed, CC BY 4.0",
    homepage="https://www.figma.com/community/file/829741575478342595",
    compose=_compose,
    missing=dicebear.missing,
    weight=0.7,
)
