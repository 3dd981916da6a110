"""Adventurer by Lisa Wischofsky: heads with big hair, eyes and mouths of many moods."""

import numpy as np
import skia

from salac.training.drawing import SHADOW_TONE
from salac.training.kits import dicebear
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Shade, Stroke, tone_of
from salac.training.kits.svg import Shape

_ODDS = {"details": 0.25, "earrings": 0.35, "glasses": 0.2}
_HEAD = skia.Rect(120, 130, 660, 640)

_MARKS: dict[str, Mark] = {
    "ink": Ink(),
    "skin": Flat("skin", "skin"),
    "hair": Flat("hair", "hair"),
    "sclera": Flat("eye_white", "sclera"),
    "lips": Flat("mouth", "lips"),
    "tongue": Flat("mouth", "lips"),
    "uvula": Flat("mouth", "lips"),
    "throat": Flat("mouth", "lips", SHADOW_TONE),
    "teeth": Flat("mouth", "teeth"),
    "earrings": Ink(),
}
"""What each color token of the style stands for; those that are missing may be black or colored, see `_mark`."""


def _mark(shape: Shape, *, colored_eyes: bool, colored_brows: bool, colored_lenses: bool) -> Mark:
    color = shape.fill or ""
    if shape.fill_opacity < 1:
        return Shade(tone_of(shape.fill_opacity))
    if color == "eyes":
        return Ink(solid=("iris", "iris" if colored_eyes else "pupil"), hollow=colored_eyes)
    if color == "glasses":
        return Ink(solid=("accessory", "accent" if colored_lenses else "ink"), hollow=colored_lenses)
    if color == "ink" and (shape.component == "eyebrows" or shape.variant == "mustache"):
        return Ink(solid=("hair", "hair" if colored_brows else "ink"), hollow=colored_brows)
    if color in _MARKS:
        return _MARKS[color]
    match shape.component:
        case "hair":
            return Flat("accessory", "accent")
        case "details":
            return Shade(96)
        case "mouth":
            return Flat("prop", "object.1")
        case "glasses":
            return Flat("accessory", "sclera")
        case _:
            return Flat("accessory", "metal")


def _compose(rng: np.random.Generator) -> Composition:
    style = dicebear.Style.load("adventurer")
    choice = style.choose(rng, _ODDS)
    shapes = style.shapes(choice)
    fashion = {name: bool(rng.random() < 0.5) for name in ("colored_eyes", "colored_brows", "colored_lenses")}
    return Composition(
        strokes=[Stroke(shape, fill=_mark(shape, **fashion)) for shape in shapes],
        identity=tuple(f"adventurer:{component}:{variant}" for component, variant in choice.items()),
        head=_HEAD,
        line=6.0,
    )


KIT = Kit(
    name="adventurer",
    licence="CC-BY-4.0",
    attribution="Adventurer by Lisa Wischofsky, remixed, CC BY 4.0",
    homepage="https://www.figma.com/community/file/1184595184137881796",
    compose=_compose,
    missing=dicebear.missing,
    weight=3.0,
)
