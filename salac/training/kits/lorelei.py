"""Lorelei by Lisa Wischofsky: fine-lined portraits; hair is a black shape in the original, outlined here."""

from dataclasses import replace

import numpy as np
import skia

from salac.training.kits import dicebear
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Stroke
from salac.training.kits.svg import Shape

_ODDS = {"beard": 0.08, "earrings": 0.4, "freckles": 0.1, "glasses": 0.2, "hairAccessories": 0.15}
_HEAD = skia.Rect(200, 150, 800, 900)

_INKED = frozenset({"outline", "mouth", "nose", "freckles", "earrings", "glasses", "hairaccessories"})


def _stroke(shape: Shape, *, colored_eyes: bool, colored_brows: bool) -> Stroke:
    fill: Mark
    color = shape.fill or ""
    if shape.component == "beard" and color == "white":
        # The mouth under a beard is a pale shape cut out of the black: with a colored beard it is a line.
        return Stroke(shape, fill=Ink())
    match color:
        case "hair" | "skin":
            outlined = replace(shape, stroke="#000", stroke_width=6.0, join="round")
            return Stroke(outlined, fill=Flat(color, color), stroke=Ink())
        case "eyes":
            fill = Ink(solid=("iris", "iris" if colored_eyes else "pupil"), hollow=colored_eyes)
        case "eyebrows":
            fill = Ink(solid=("hair", "hair" if colored_brows else "ink"), hollow=colored_brows)
        case color if color in _INKED:
            fill = Ink()
        case _:
            fill = Flat("eye_white", "sclera") if shape.component == "eyes" else Flat("accessory", "accent")
    return Stroke(shape, fill=fill)


def _compose(rng: np.random.Generator) -> Composition:
    style = dicebear.Style.load("lorelei")
    choice = style.choose(rng, _ODDS)
    fashion = {name: bool(rng.random() < 0.5) for name in ("colored_eyes", "colored_brows")}
    return Composition(
        strokes=[_stroke(shape, **fashion) for shape in style.shapes(choice)],
        identity=tuple(f"lorelei:{component}:{variant}" for component, variant in choice.items()),
        head=_HEAD,
        line=6.0,
    )


KIT = Kit(
    name="lorelei",
    licence="CC0-1.0",
    attribution="Lorelei by Lisa Wischofsky, remixed, CC0 1.0",
    homepage="https://www.figma.com/community/file/1198749693280469639",
    compose=_compose,
    missing=dicebear.missing,
    weight=3.0,
)
