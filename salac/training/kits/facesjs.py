"""faces.js by Jeremy Scheff: busts in jerseys, with features placed, turned, mirrored and scaled on a head."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np
import skia

from salac.training.drawing import SHADOW_TONE
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Shade, Stroke
from salac.training.kits.svg import Shape, bounds_of, read_svg
from salac.training.npm import Package

_PACKAGE = Package(
    name="facesjs",
    version="5.0.3",
    integrity="oOlOcjkjgkc9bl8v8bBUSC7h5uTiw33xkUm75i5I84iz6U3TmaJEJZD+k49ksYGAJ8GQ1jETg4ImrIN8LMS8cA==",
    wanted=("build/svgs.js", "LICENSE"),
)

_PLACES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "hairBg": (),
    "body": (),
    "jersey": (),
    "ear": ((55, 325), (345, 325)),
    "head": (),
    "eyeLine": (),
    "smileLine": ((150, 435), (250, 435)),
    "miscLine": (),
    "facialHair": (),
    "eye": ((140, 310), (260, 310)),
    "eyebrow": ((140, 270), (260, 270)),
    "mouth": ((200, 440),),
    "nose": ((200, 370),),
    "hair": (),
    "glasses": (),
    "accessories": (),
}
"""Features back to front, with the centers they are put at; those without a center are drawn where they are."""

_AS_WIDE_AS_THE_HEAD = frozenset({"hairBg", "head", "facialHair", "hair", "glasses", "accessories"})
_ABSENT = {"glasses": 0.75, "accessories": 0.75, "miscLine": 0.7, "smileLine": 0.5, "eyeLine": 0.6, "hairBg": 0.5}
"""Chance that an optional feature is left out."""
_LOWER_EDGE = 600.0
_HATS = frozenset({"hat", "hat2", "hat3", "santa-hat"})

_FLATS: Mapping[str, Mapping[str, Flat]] = {
    "jersey": {
        "$[primary]": Flat("upper", "cloth.1"),
        "$[secondary]": Flat("upper", "cloth.2"),
        "$[accent]": Flat("upper", "cloth.3"),
        "#fff": Flat("upper", "cloth.4"),
    },
    "accessories": {
        "$[primary]": Flat("accessory", "cloth.1"),
        "$[secondary]": Flat("accessory", "cloth.2"),
        "$[accent]": Flat("accessory", "cloth.3"),
        "#e50002": Flat("accessory", "cloth.2"),
        "#eeeaef": Flat("accessory", "cloth.3"),
    },
    "glasses": {"$[primary]": Flat("accessory", "accent"), "$[secondary]": Flat("accessory", "accent")},
    "eye": {"#fff": Flat("eye_white", "sclera"), "#f5f3ee": Flat("eye_white", "sclera")},
    "mouth": {"#fff": Flat("mouth", "teeth")},
}
"""What the fill colors of a feature stand for, apart from skin and hair."""


@cache
def _artwork() -> Mapping[str, Mapping[str, str]]:
    """SVG fragments by feature and id, from the module that exports them as one JSON object."""
    text = (_PACKAGE.folder() / "build" / "svgs.js").read_text("utf-8")
    artwork: dict[str, dict[str, str]] = json.loads(text[text.index("{") :].rstrip().rstrip(";"))
    return artwork


@lru_cache(maxsize=512)
def _shapes(feature: str, variant: str) -> tuple[Shape, ...]:
    return read_svg(_artwork()[feature][variant], component=feature, variant=variant)


def _choose(rng: np.random.Generator) -> dict[str, str]:
    """One id for every feature that is there. Ids that begin with «female» go together, and without a beard."""
    female = rng.random() < 0.5
    choice = {}
    for feature in _PLACES:
        ids = sorted(name for name, markup in _artwork()[feature].items() if markup)
        if any(name.startswith("female") for name in ids):
            ids = [name for name in ids if name.startswith("female") == female]
        if feature == "miscLine":
            ids = [name for name in ids if not name.startswith("chin")] if female else ids
        variant = ids[rng.integers(len(ids))]
        absent = 1.0 if feature == "facialHair" and female else _ABSENT.get(feature, 0.0)
        absent = 0.55 if feature == "facialHair" and not female else absent
        if rng.random() >= absent:
            choice[feature] = variant
    if choice.get("accessories") in _HATS:
        choice.pop("hairBg", None)
        choice["hair"] = "short"
    return choice


def _placed(feature: str, variant: str, rng: np.random.Generator, fatness: float) -> list[Shape]:
    """A feature's shapes on the head, twice where it is one of a pair."""
    shapes = _shapes(feature, variant)
    if not shapes:
        return []
    box = bounds_of(shapes)
    center = box.centerX(), box.centerY()
    if not _PLACES[feature]:
        width = 0.8 + 0.2 * fatness if feature in _AS_WIDE_AS_THE_HEAD else 1.0
        return [shape.moved(_about(center, width, 1.0), keep_line=True) for shape in shapes]
    angle = float(rng.uniform(-10, 12)) if feature in ("eye", "eyebrow") else 0.0
    scale = float(rng.uniform(0.6, 1.2)) if feature in ("ear", "nose", "smileLine") else 1.0
    placed = []
    for index, (x, y) in enumerate(_PLACES[feature]):
        side = -1.0 if index == 1 else 1.0
        matrix = skia.Matrix.Translate(x - center[0], y - center[1])
        matrix.preConcat(skia.Matrix().setRotate(side * angle, *center))
        matrix.preConcat(_about(center, side * scale, scale))
        if feature == "ear":
            # Ears sit at the edge of the head, which a thin face draws in.
            matrix.preTranslate(31 * (1 - fatness) - box.left(), -box.top())
        placed += [shape.moved(matrix, keep_line=True) for shape in shapes]
    return placed


def _about(center: tuple[float, float], scale_x: float, scale_y: float) -> skia.Matrix:
    matrix = skia.Matrix()
    matrix.setScale(scale_x, scale_y, *center)
    return matrix


def _mark(shape: Shape, color: str | None, opacity: float, *, colored_eyes: bool, stubble: bool) -> Mark | None:
    if color is None or (shape.component == "glasses" and color in ("#fff", "rgba(150,150,175,.5)")):
        return None
    if color == "$[skincolor]":
        return Flat("skin", "skin")
    if color == "$[haircolor]":
        return Flat("hair", "hair")
    if color in ("$[faceshave]", "$[headshave]"):
        return Shade(104) if stubble else None
    if opacity < 0.9:
        return Shade(104) if opacity > 0.1 else None
    if color == "url(#a)":
        # Hair shaved to a fade: a gradient of black over the skin.
        return Shade(SHADOW_TONE)
    flat = _FLATS.get(shape.component, {}).get(color)
    if flat is not None:
        return flat
    if shape.component == "eye":
        return Ink(("iris", "iris" if colored_eyes else "pupil"), hollow=colored_eyes)
    return Ink(("mouth", "ink")) if shape.component == "mouth" else Ink()


def _stroke(shape: Shape, *, colored_eyes: bool, stubble: bool) -> Stroke:
    fill = _mark(shape, shape.fill, shape.fill_opacity, colored_eyes=colored_eyes, stubble=stubble)
    line: Mark | None = None
    if isinstance(fill, Ink) and shape.stroke is not None:
        line = fill
    elif shape.stroke is not None and shape.stroke.startswith("#000"):
        line = Ink() if shape.stroke_opacity > 0.5 else None
    elif shape.stroke is not None:
        line = _mark(shape, shape.stroke, shape.stroke_opacity, colored_eyes=False, stubble=False)
    return Stroke(shape, fill=fill, stroke=line)


def _compose(rng: np.random.Generator) -> Composition:
    choice, fatness = _choose(rng), float(rng.random())
    colored_eyes, stubble = bool(rng.random() < 0.5), bool(rng.random() < 0.2)
    shapes = [shape for feature in choice for shape in _placed(feature, choice[feature], rng, fatness)]
    return Composition(
        strokes=[_stroke(shape, colored_eyes=colored_eyes, stubble=stubble) for shape in shapes],
        identity=tuple(f"facesjs:{feature}:{variant}" for feature, variant in choice.items()),
        head=bounds_of([shape for shape in shapes if shape.component in ("head", "hair")]),
        cut=_LOWER_EDGE,
        line=4.0,
        bare_edges=True,
    )


KIT = Kit(
    name="facesjs",
    licence="Apache-2.0",
    attribution="faces.js by Jeremy Scheff, Apache-2.0",
    homepage="https://github.com/zengm-games/facesjs",
    compose=_compose,
    missing=_PACKAGE.missing,
    fetch=_PACKAGE.fetch,
    weight=2.0,
)
