"""Notionists by Zoish: half figures in ink, with patterned clothes and gestures, drawn in black on white alone."""

import numpy as np
import skia

from salac.training.kits import dicebear
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Stroke
from salac.training.kits.svg import Shape

_ODDS = {"beard": 0.12, "gesture": 0.2, "glasses": 0.2, "clothesGraphic": 0.3}
_UNDRAWN = frozenset({"handPhone"})
"""The phone and the hand that holds it are one white."""
_HEAD = skia.Rect(420, 260, 1300, 1250)
_LOWER_EDGE = 1744.0

_FLATS = {
    "head": Flat("skin", "skin"),
    "gesture": Flat("skin", "skin"),
    "nose": Flat("skin", "skin"),
    "hair": Flat("accessory", "cloth.3"),
    "clothes": Flat("upper", "cloth.1"),
    "clothesGraphic": Flat("upper", "cloth.3"),
    "mouth": Flat("mouth", "teeth"),
    "glasses": Flat("accessory", "sclera"),
}
"""What the white shapes of a component are."""

_SOLIDS = {
    "hair": ("hair", "hair"),
    "beard": ("hair", "hair"),
    "eyebrows": ("hair", "hair"),
    "clothes": ("upper", "cloth.2"),
    "mouth": ("mouth", "lips"),
    "eyes": ("iris", "pupil"),
    "glasses": ("accessory", "accent"),
}
"""What the wide black places of a component are, once they are hollowed out to be colored."""


def _mark(shape: Shape, color: str | None, *, colored: bool) -> Mark | None:
    if color is None:
        return None
    if color != "ink":
        return _FLATS.get(shape.component, Flat("upper", "cloth.1"))
    if shape.component not in _SOLIDS:
        return Ink()
    part, role = _SOLIDS[shape.component]
    hollow = colored and shape.component != "eyes"
    return Ink((part, role if hollow or role == "pupil" else "ink"), hollow=hollow)


def _compose(rng: np.random.Generator) -> Composition:
    style = dicebear.Style.load("notionists")
    choice = style.choose(rng, _ODDS, _UNDRAWN)
    colored = bool(rng.random() < 0.75)
    return Composition(
        strokes=[
            Stroke(
                shape,
                fill=_mark(shape, shape.fill, colored=colored),
                stroke=_mark(shape, shape.stroke, colored=colored),
            )
            for shape in style.shapes(choice)
        ],
        identity=tuple(f"notionists:{component}:{variant}" for component, variant in choice.items()),
        head=_HEAD,
        cut=_LOWER_EDGE,
        line=11.0,
    )


KIT = Kit(
    name="notionists",
    licence="CC0-1.0",
    attribution="Notionists by Zoish, remixed, CC0 1.0",
    homepage="https://heyzoish.gumroad.com/l/notionists",
    compose=_compose,
    missing=dicebear.missing,
    weight=2.0,
)
