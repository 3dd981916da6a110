"""Streamline Emojis: about 120 drawn people with an even outline and true cel shading in two or three tones."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache

import numpy as np
import skia

from salac.training.drawing import BASE_TONE, LIGHT_TONE, SHADOW_TONE
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Stroke
from salac.training.kits.svg import Shape, read_svg
from salac.training.npm import Package

_PACKAGE = Package(
    name="@iconify-json/streamline-emojis",
    version="1.2.4",
    integrity="iNr9T9XuZVTyQPJO8ZlLxBzPkpi7qMl+z1l0C31vpEMqhPMelth3n7CeWQYtixdetDPdI81yeG4ROqjWpYJE6A==",
    wanted=("icons.json",),
)

_PEOPLE = re.compile(
    r"(?:astronaut|baby|boy|bride|couple|detective|family|girl|guard|kiss-|man-|men-|old-|person|pregnant|prince"
    r"|santa|selfie|two-|woman-|women-).*-[23]$"
)
"""Pictures come in several skins under one drawing; number 1 is the plain yellow one."""

_LINE = "#45413c"
_MOUTH = frozenset({"#ff6242", "#ffa694"})

_RAMPS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "skin": (
        ("#ffdcd1", "#ffe9bd", "#e09f7e", "#dea47a"),
        ("#ffcebf", "#ffda8f", "#d18660"),
        ("#ffb59e", "#ffbe3d", "#bd704a"),
    ),
    "hair": (("#de926a", "#947063", "#ffdb94"), ("#a86c4d", "#614b44", "#ffc44d"), ()),
    "blue": (("#4acfff",), ("#00b8f0",), ("#009fd9",)),
    "sky": (("#e5feff", "#b8ecff"), ("#80ddff",), ()),
    "pink": (("#ffb0ca",), ("#ff87af",), ("#ff6196",)),
    "red": (("#ff866e", "#ffa694"), ("#ff6242",), ("#e04122",)),
    "purple": (("#dabff5",), ("#bf8df2",), ("#9f5ae5",)),
    "green": (("#00f5bc",), ("#00dba8",), ("#00ad85",)),
    "teal": ((), ("#00dfeb",), ("#00c9d4",)),
    "lime": (("#9ceb60",), ("#6dd627",), ("#46b000",)),
    "orange": (("#ffaa54",), ("#ff8a14",), ("#eb6d00",)),
    "yellow": (("#fff48c",), ("#ffe500",), ("#ebcb00",)),
    "grey": (("#87898c",), ("#656769",), ("#525252",)),
    "tan": (("#f0d5a8", "#f7e5c6", "#fff5e3"), ("#debb7e",), ("#b89558",)),
    "steel": (("#e8f4fa", "#daedf7"), ("#c0dceb",), ()),
    "slate": ((), ("#adc4d9",), ("#8ca4b8", "#627b8c")),
    "white": ((), ("#fff",), ("#f0f0f0", "#e0e0e0", "#bdbec0")),
    "wood": (("#bf8256",), ("#915e3a",), ("#724f3d",)),
}
"""Light, base and shadow of every color: what differs in tone alone is one color."""
_TONES = {
    color: (ramp, tone)
    for ramp, levels in _RAMPS.items()
    for colors, tone in zip(levels, (LIGHT_TONE, BASE_TONE, SHADOW_TONE), strict=True)
    for color in colors
}

_WHOLE_BODY = re.compile("bunny|dancing|holding|levitating|running|walking")
_HEAD = skia.Rect(12, 6, 36, 32)


@cache
def _pictures() -> dict[str, str]:
    """SVG fragments of the people, by name."""
    icons = json.loads((_PACKAGE.folder() / "icons.json").read_text("utf-8"))["icons"]
    return {name: icons[name]["body"] for name in sorted(icons) if _PEOPLE.match(name)}


@lru_cache(maxsize=256)
def _shapes(name: str) -> tuple[Shape, ...]:
    # The translucent ellipse is the shadow on the ground, which no outline tells.
    return tuple(shape for shape in read_svg(_pictures()[name], variant=name) if shape.fill_opacity == 1)


def _part(shape: Shape) -> str:
    """What a colored shape is, by where it lies on the canvas of 48 units."""
    box = shape.path.getBounds()
    x, y = box.centerX(), box.centerY()
    if _WHOLE_BODY.search(shape.variant):
        return "accessory" if y < 13 else "upper" if y < 29 else "lower" if y < 40 else "shoes"
    if y < 30:
        return "accessory" if abs(x - 24) < 9 else "prop"
    return "upper" if abs(x - 24) < 17 else "prop"


def _mark(shape: Shape, color: str | None, cloths: dict[str, int]) -> Mark | None:
    if color is None:
        return None
    if color == _LINE:
        return Ink(("iris", "pupil"))
    box = shape.path.getBounds()
    ramp, tone = _TONES.get(color, (color, BASE_TONE))
    if color in _MOUTH and box.width() < 14 and box.height() < 9 and not _WHOLE_BODY.search(shape.variant):
        return Flat("mouth", "lips", tone)
    if ramp == "white" and (shape.variant.startswith("old-") or (shape.variant.startswith("santa") and box.top() > 20)):
        return Flat("hair", "hair", tone)
    if ramp in ("skin", "hair"):
        return Flat(ramp, ramp, tone)
    part, number = _part(shape), cloths.setdefault(ramp, len(cloths))
    if part == "prop":
        return Flat("prop", f"object.{number % 3 + 1}", tone)
    return Flat(part, f"cloth.{number % 4 + 1}", tone)


def _compose(rng: np.random.Generator) -> Composition:
    names = list(_pictures())
    name = names[rng.integers(len(names))]
    weight = rng.uniform(0.7, 1.2)
    cloths: dict[str, int] = {}
    strokes = []
    for shape in _shapes(name):
        fill, line = _mark(shape, shape.fill, cloths), _mark(shape, shape.stroke, cloths)
        thin = replace(shape, stroke_width=shape.stroke_width * weight)
        strokes.append(Stroke(thin, fill=fill, stroke=Ink() if isinstance(line, Ink) and shape.fill is None else line))
    return Composition(
        strokes=strokes,
        identity=(f"streamline-emojis:{name.rpartition('-')[0]}",),
        head=_HEAD,
        line=0.75,
        bare_edges=True,
    )


KIT = Kit(
    name="streamline-emojis",
    licence="CC-BY-4.0",
    attribution="Streamline Emojis by Streamline, CC BY 4.0",
    homepage="https://github.com/webalys-hq/streamline-vectors",
    compose=_compose,
    missing=_PACKAGE.missing,
    fetch=_PACKAGE.fetch,
    weight=0.7,
)
