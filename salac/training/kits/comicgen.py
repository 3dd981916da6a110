"""Comicgen by Gramener: full figures, an outfit in a pose under a head with an expression.

Lines are black paths without a stroke, drawn over loose fills; the fill colors of every outfit tell its garments apart.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from salac.training.drawing import BASE_TONE, LIGHT_TONE
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Shade, Stroke, tone_of
from salac.training.kits.svg import Shape, bounds_of, read_svg
from salac.training.npm import Package

_PACKAGE = Package(
    name="comicgen",
    version="1.9.9",
    integrity="F5WKCwR9OhwiYejBio1RXcs6oVTsnkW3hzuuIdXIfhLJonktYcpbJt5xKZTWtr2JJ2hqck+VAd4jrYZ9WSDG3A==",
    wanted=tuple(f"svg/{character}/" for character in ("aavatar", "aryan", "bill", "ethan", "sophie")),
)

_UNDRAWN = frozenset({"stickfigure", "superman", "wonderwoman"})
"""Stick figures have no flats; the others are characters that someone owns."""

_SKIN = frozenset({"#eeddc5", "#eddcc5", "#f8c59a", "#ffc89e", "#edcba8", "#f3d4ca"})
_LINE = frozenset({"#000", "#171717", "#1a1a1a", "#6b6b6b", "#231f20", "#020202", "#494949"})
_WHITE = frozenset({"#fff", "#fefefe"})

_SUIT = "#00325f"
_TOP, _TOP_2, _TOP_3 = Flat("upper", "cloth.1"), Flat("upper", "cloth.2"), Flat("upper", "cloth.3")
_BOTTOM, _SHOES, _TIE = Flat("lower", "cloth.2"), Flat("shoes", "leather"), Flat("accessory", "accent")

_OUTFITS: Mapping[str, Mapping[str, Flat]] = {
    "bodycon": {"#e39279": _TOP, "#af2a00": _TOP},
    "casualfullsleevetee": {"#bdc59a": _TOP, "#bcd1ec": _TOP, "#1e1e1e": _BOTTOM},
    "casualtee": {"#bcd1ec": _TOP, "#282828": _BOTTOM},
    "formal": {"#b1dbf2": _TOP, "#1a1a1a": _BOTTOM},
    "formalsuit": {_SUIT: _TOP, "#003156": _BOTTOM, "#9e1300": _TIE, "#890f02": _TIE, "#663f00": _SHOES},
    "fullsleeveshirt": {"#8b9fdc": _TOP, "#161616": _BOTTOM},
    "saree": {"#3e606f": _TOP, "#79bd8f": _TOP_2, "#e39279": _TOP_3},
    "tuckedinshirt": {"#ea9a00": _TOP, "#40627c": _BOTTOM},
    "uniform": {"#f796b3": _TOP, "#3a4e5c": _BOTTOM},
    "aryan": {"#ea9a00": _TOP, "#40627c": _BOTTOM},
    "ethan": {"#b1dbf2": _TOP},
    "sophie": {"#50789b": _TOP, "#366284": Flat("upper", "cloth.1", 84), "#c2c1c0": Flat("accessory", "metal")},
}
"""Garments by outfit and fill color. Colors that are missing are shoes near the ground and props elsewhere."""
_OUTFITS = {**_OUTFITS, "bill": _OUTFITS["formalsuit"]}

_HAIR = frozenset({"#f5d28e", "#492e06", "#bdbdaf", "#543016"})
_HEIGHT = 600.0
"""Every character is brought to this height of canvas, on which a line is up to 5 units wide."""
_COLLAR_HEIGHT, _WAIST_HEIGHT = 205.0, 290.0
_MOUTH_HEIGHT = {"bill": 100.0, "ethan": 105.0, "sophie": 125.0}
"""Below it white is teeth and color is lips; above it they are eyes. 130 for all others."""
_BROAD_STROKE = 2.0
"""Wider strokes on a head are curls, brows and beards."""
_TEARS = frozenset({"#7ddef4", "#6a9ad2", "#0096ba", "#2696a1", "#418c96"})
_WITH_PROP = re.compile("bag|bike|board|book|coffee|cycle|desk|laptop|mobile|paper|stick|umbrella")
"""Poses that hold or sit on something."""


@dataclass(frozen=True, kw_only=True)
class _Figure:
    """Files of one drawing, back to front, below the folder of all characters."""

    outfit: str
    head: tuple[str, ...]
    pose: str
    pose_first: bool


def _figure(rng: np.random.Generator) -> _Figure:
    def pick(folder: str) -> str:
        files = _files(folder)
        return files[rng.integers(len(files))]

    character = rng.choice(["aavatar", "sophie", "bill", "ethan", "aryan"], p=[0.82, 0.05, 0.05, 0.06, 0.02])
    if character == "aavatar":
        pose = pick("aavatar/pose")
        head = (pick("aavatar/gender"), pick("aavatar/expression"))
        return _Figure(outfit=pose.split("/")[2], head=head, pose=pose, pose_first=False)
    view = str(character)
    if character == "ethan":
        view = f"ethan/{rng.choice(['straight', 'side', 'back'], p=[0.5, 0.35, 0.15])}"
    return _Figure(
        outfit=str(character),
        head=(pick(f"{view}/emotion"),),
        pose=pick(f"{view}/pose"),
        pose_first=character != "ethan",
    )


@cache
def _files(folder: str) -> tuple[str, ...]:
    root = _PACKAGE.folder() / "svg"
    paths = [path.relative_to(root) for path in sorted((root / folder).rglob("*.svg"))]
    return tuple(path.as_posix() for path in paths if _UNDRAWN.isdisjoint((*path.parts, path.stem)))


@lru_cache(maxsize=256)
def _shapes(file: str) -> tuple[Shape, ...]:
    markup = (_PACKAGE.folder() / "svg" / file).read_text("utf-8")
    view = re.search(r'viewBox="([^"]+)"', markup)
    height = float(view[1].split()[3]) if view else _HEIGHT
    if abs(height - _HEIGHT) > 10:
        markup = f'<g transform="scale({_HEIGHT / height})">{markup}</g>'
    _, _, component = Path(file).parent.as_posix().partition("/")
    return read_svg(markup, component=component, variant=Path(file).stem)


def _name(file: str) -> str:
    return file.removesuffix(".svg").replace("/", ":")


def _fill(shape: Shape, outfit: str, *, colored: bool) -> Mark | None:
    color, opacity = shape.fill, shape.fill_opacity
    if color is None:
        return None
    if opacity < 0.8:
        if color in _WHITE:
            return Shade(round(BASE_TONE + (LIGHT_TONE - BASE_TONE) * opacity))
        return Shade(tone_of(opacity)) if color in _LINE else None
    if color in _SKIN:
        return Flat("skin", "skin")
    if "pose" in shape.component:
        return _garment(shape, outfit, colored=colored)
    if "gender" in shape.component:
        return _hair(shape, colored=colored)
    return _face(shape, outfit, colored=colored)


def _garment(shape: Shape, outfit: str, *, colored: bool) -> Mark:
    color, bounds, with_prop = shape.fill, shape.path.getBounds(), _WITH_PROP.search(shape.variant) is not None
    height = bounds.centerY()
    # Feet are drawn up where a figure sits on the floor; beside a prop, only the lowest shapes are surely shoes.
    shoe_height = 505.0 if with_prop else 370.0
    mark = _OUTFITS[outfit].get(color or "")
    if mark is not None:
        # Trousers share their color with a blouse's edge, an umbrella and a bean bag, a suit's with its jacket.
        if mark.part == "lower" and height < _COLLAR_HEIGHT:
            return _TOP_2
        if mark.part == "lower" and with_prop and (height < _WAIST_HEIGHT or bounds.width() > 180):
            return Flat("prop", "object.1")
        if mark is _TOP and with_prop and height < 100:
            return Flat("prop", "object.1")
        if color == _SUIT and height > _WAIST_HEIGHT:
            return Flat("lower", mark.role)
        return mark
    if color in _LINE:
        if outfit == "ethan" or (height > _WAIST_HEIGHT and not with_prop):
            return _solid(*(("shoes", "leather") if height > 520 else ("lower", "cloth.2")), colored=colored)
        return _solid("prop", "object.2", colored=colored) if with_prop else Ink()
    if color in _WHITE and (height < _COLLAR_HEIGHT or not with_prop):
        return _TOP_3
    return _SHOES if height > shoe_height else Flat("prop", "object.1")


def _hair(shape: Shape, *, colored: bool) -> Mark:
    if shape.fill in _LINE or shape.fill == "#241f20":
        return _solid("hair", "hair", colored=colored)
    if shape.fill in _HAIR or (shape.fill in _WHITE and shape.variant != "turban"):
        return Flat("hair", "hair")
    return Flat("accessory", "cloth.3")


def _face(shape: Shape, outfit: str, *, colored: bool) -> Mark:
    """An expression; characters of their own have their hair and beard in the same file."""
    color, height = shape.fill, shape.path.getBounds().centerY()
    eye = height < _MOUTH_HEIGHT.get(outfit, 130.0)
    if color in _HAIR:
        return Flat("hair", "hair")
    if color in _LINE:
        if outfit in ("aryan", "ethan"):
            return _solid("hair", "hair", colored=colored)
        return Ink(("iris", "pupil") if eye else ("mouth", "ink"))
    if color in _TEARS:
        return Flat("prop", "object.3")
    if shape.variant == "mask":
        return Flat("accessory", "cloth.3")
    if color in _WHITE:
        return Flat("eye_white", "sclera") if eye else Flat("mouth", "teeth")
    return Flat("iris", "iris") if eye else Flat("mouth", "lips")


def _solid(part: str, role: str, *, colored: bool) -> Ink:
    """Black ink whose wide places are a fill, black as drawn or hollowed out to be colored."""
    return Ink((part, role if colored else "ink"), hollow=colored)


def _stroke(shape: Shape, outfit: str, *, weight: float, colored: bool) -> Stroke:
    fill = _fill(shape, outfit, colored=colored)
    line = Ink() if shape.stroke in _LINE and shape.stroke_opacity > 0.5 else None
    if line is not None and "gender" in shape.component and shape.stroke_width > _BROAD_STROKE:
        line = _solid("hair", "hair", colored=colored)
    if isinstance(fill, Ink) and line is not None:
        # A stroke around black ink belongs to it: alone it would cut the solid place into rim and core.
        line = fill
    return Stroke(replace(shape, stroke_width=shape.stroke_width * weight), fill=fill, stroke=line)


def _compose(rng: np.random.Generator) -> Composition:
    figure = _figure(rng)
    colored = bool(rng.random() < 0.65)
    weight = rng.uniform(1.0, 1.6)
    head = [shape for file in figure.head for shape in _shapes(file)]
    pose = list(_shapes(figure.pose))
    shapes = pose + head if figure.pose_first else head + pose
    return Composition(
        strokes=[_stroke(shape, figure.outfit, weight=weight, colored=colored) for shape in shapes],
        identity=tuple(f"comicgen:{_name(file)}" for file in (*figure.head, figure.pose)),
        head=bounds_of(head),
        line=2.6,
        bare_edges=True,
    )


KIT = Kit(
    name="comicgen",
    licence="CC0-1.0",
    attribution=(
        "Comicgen characters Aavatar, Ethan, Bill, Sophie and Aryan by Devarani B, Ramya Mylavarapu, Renel McCullum, "
        "Shawf Designs and Swetha Mylavarapu for Gramener, CC0 1.0"
    ),
    homepage="https://github.com/gramener/comicgen",
    compose=_compose,
    missing=_PACKAGE.missing,
    fetch=_PACKAGE.fetch,
    weight=4.0,
)
