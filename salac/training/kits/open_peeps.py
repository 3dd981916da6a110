"""Open Peeps by Pablo Stanley: hand-drawn busts with bold, often solid black, hair."""

import numpy as np
import skia

from salac.training.kits import dicebear
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Stroke
from salac.training.kits.svg import Shape

_ODDS = {"accessories": 0.25, "facialHair": 0.2, "mask": 0.04}
_HEAD = skia.Rect(180, 60, 620, 640)
_HEADWEAR = frozenset({"hatBeanie", "hatHip", "hijab", "turban"})
_UNDRAWN = frozenset({"bear"})
"""Heads that are no person: their fur would be taken for skin."""
_LOWER_EDGE = 1215.0
_EYE_LINE = 420.0
"""White shapes above this height are eyes, those below it are teeth."""


def _mark(shape: Shape, *, colored_hair: bool) -> Mark:
    color = shape.fill or ""
    headwear = shape.component == "head" and shape.variant in _HEADWEAR
    if color in ("ink", "black"):
        match shape.component:
            case "head" if shape.variant.startswith("noHair"):
                return Ink()
            case "head":
                part, role = ("accessory", "cloth.2") if headwear else ("hair", "hair")
            case "facialHair":
                part, role = "hair", "hair"
            case "accessories":
                part, role = "accessory", "accent"
            case _:
                return Ink()
        return Ink(solid=(part, role if colored_hair else "ink"), hollow=colored_hair)
    match shape.component, color:
        case _, "skin":
            return Flat("skin", "skin")
        case _, "clothing":
            return Flat("accessory", "cloth.2") if shape.component == "head" else Flat("upper", "cloth.1")
        case "head" | "facialHair", "headcontrast":
            return Flat("accessory", "cloth.2") if headwear else Flat("hair", "hair")
        case "expression", "white" if shape.path.getBounds().centerY() < _EYE_LINE:
            return Flat("eye_white", "sclera")
        case "expression", "white":
            return Flat("mouth", "teeth")
        case "expression", _:
            return Flat("mouth", "lips")
        case "mask", _:
            return Flat("accessory", "cloth.3")
        case _:
            return Flat("accessory", "accent")


def _compose(rng: np.random.Generator) -> Composition:
    style = dicebear.Style.load("open-peeps")
    choice = style.choose(rng, _ODDS, _UNDRAWN)
    colored_hair = bool(rng.random() < 0.7)
    return Composition(
        strokes=[Stroke(shape, fill=_mark(shape, colored_hair=colored_hair)) for shape in style.shapes(choice)],
        identity=tuple(f"open-peeps:{component}:{variant}" for component, variant in choice.items()),
        head=_HEAD,
        cut=_LOWER_EDGE,
        line=12.0,
    )


KIT = Kit(
    name="open-peeps",
    licence="CC0-1.0",
    attribution="Open Peeps by Pablo Stanley, remixed, CC0 1.0",
    homepage="https://www.openpeeps.com/",
    compose=_compose,
    missing=dicebear.missing,
    weight=1.0,
)
