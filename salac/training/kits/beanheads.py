"""Beanheads by Robert Broersma: big-headed busts with a thick outline and cel shadows.

The artwork is the JSX of React components. Their markup is plain but for names in braces: colors such as `{skin.base}`,
which are kept as color tokens, and a few conditions.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

import numpy as np
import skia

from salac.training.drawing import BASE_TONE, LIGHT_TONE, SHADOW_TONE
from salac.training.kits.kit import Kit
from salac.training.kits.painter import Composition, Flat, Ink, Mark, Shade, Stroke, tone_of
from salac.training.kits.svg import Shape, read_svg
from salac.training.npm import Package

_PACKAGE = Package(
    name="beanheads",
    version="0.3.3",
    integrity="xcL8FA02+5mIsonwXxnXqd11eXR534VgXCusogBn0t5JXNckaD1UgH0C65wq5h1osK8bbv+2IYpNQM9OplVFVQ==",
    wanted=("src/components/", "LICENSE"),
)

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "hats": ("", "", "", "Beanie", "Turban"),
    "hair": ("Afro", "BaldingHair", "BobCut", "BunHair", "BuzzCut", "LongHair", "PixieCut", "ShortHair", ""),
    "bodies": ("Chest", "Breasts"),
    "clothing": ("Dress", "DressShirt", "Shirt", "TankTop", "VNeck"),
    "facialHair": ("", "", "", "Stubble", "MediumBeard"),
    "eyes": (
        "ContentEyes",
        "DizzyEyes",
        "HappyEyes",
        "HeartEyes",
        "LeftTwitchEyes",
        "NormalEyes",
        "SimpleEyes",
        "SquintEyes",
        "Wink",
    ),
    "mouths": ("Grin", "Lips", "OpenMouth", "Sad", "SeriousMouth", "SmileOpen", "Tongue"),
    "eyebrows": ("AngryEyebrows", "ConcernedEyebrows", "LeftLoweredEyebrows", "Normal", "SeriousEyebrows"),
    "accessories": ("", "", "", "RoundGlasses", "Shades", "TinyGlasses"),
}
"""Files of every kind of component; an empty name leaves it out."""

_ORDER = (
    ("hats", "Back"),
    ("hair", "Back"),
    ("base", ""),
    ("bodies", "Back"),
    ("clothing", "Back"),
    ("bodies", "Front"),
    ("clothing", "Front"),
    ("facialHair", "Front"),
    ("eyes", "Front"),
    ("mouths", "Front"),
    ("hair", "Front"),
    ("eyebrows", "Front"),
    ("hats", "Front"),
    ("accessories", "Front"),
)
"""Layers back to front. Files with one component draw it in front, except garments, which lie behind the beard."""

_COLORED: Mapping[str, tuple[str, str]] = {
    "hats": ("accessory", "cloth.3"),
    "hair": ("hair", "hair"),
    "facialHair": ("hair", "hair"),
    "bodies": ("upper", "cloth.1"),
    "clothing": ("upper", "cloth.1"),
    "mouths": ("mouth", "lips"),
}
"""What a component's own color, `base` and its `shadow`, is."""

_SOLID: Mapping[str, tuple[str, str]] = {"eyes": ("iris", "pupil"), "accessories": ("accessory", "ink")}
"""Components whose wide black places are a fill."""

_HEAD = skia.Rect(150, 60, 850, 790)
_LOWER_EDGE = 990.0
_NO_HAT = frozenset({"Afro", "BaldingHair"})
_WIDE_HAT = frozenset({"BobCut", "LongHair"})

_EXPORT = re.compile(r"export const (\w+) = \([^()]*\) => (?:<></>|\{(.*?)\n\})", re.DOTALL)
_CONDITION = re.compile(r"\{(!?)(\w+) && ([^{}]*)\}")


@cache
def _components(file: str) -> dict[str, str]:
    """Markup of every component that a source file exports, color names as color values."""
    text = (_PACKAGE.folder() / "src" / "components" / f"{file}.tsx").read_text("utf-8")
    text = re.sub(r"\{/\*.*?\*/\}", "", text, flags=re.DOTALL)
    markup = {}
    for name, body in _EXPORT.findall(text):
        start, end = body.find("return ("), body.rfind(")")
        markup[name] = _plain(body[start + len("return (") : end]) if start >= 0 else ""
    return markup


def _plain(jsx: str) -> str:
    """JSX without braces around values, fragments and camel case."""
    jsx = re.sub(r"style=\{\{[^}]*\}\}|transform=\{`[^`]*`\}|<Graphic />", "", jsx)
    jsx = re.sub(r"=\{([^{}]*)\}", r'="\1"', jsx)
    jsx = jsx.replace("<>", "<g>").replace("</>", "</g>")
    return re.sub(r"\b(stroke|fill)([A-Z])(\w+)=", lambda found: f"{found[1]}-{found[2].lower()}{found[3]}=", jsx)


@cache
def _base() -> str:
    """Head and neck: the paths that the base component draws itself."""
    text = (_PACKAGE.folder() / "src" / "components" / "Base.tsx").read_text("utf-8")
    paths = text[text.index("<path", text.index("<BackHair")) : text.index("<BackBody")]
    return _plain(paths)


@lru_cache(maxsize=512)
def _shapes(kind: str, file: str, layer: str, flags: frozenset[str]) -> tuple[Shape, ...]:
    if kind == "base":
        return read_svg(_base(), component="base")
    components = _components(f"{kind}/{file}")
    single = {"Front", "Back"}.isdisjoint(components)
    if single:
        layer = next(iter(components)) if layer == ("Back" if kind == "clothing" else "Front") else ""
    markup = components.get(layer, "")
    markup = _CONDITION.sub(
        lambda found: found[3].strip("() \n") if (found[2] in flags) != bool(found[1]) else "", markup
    )
    for lash, lines in _components("eyes/Lashes").items():
        markup = markup.replace(f"<{lash} />", lines)
    if kind == "hats" and "wide" in flags:
        markup = f'<g transform="translate(500 495) scale(1.12) translate(-500 -495)">{markup}</g>'
    return read_svg(markup, component=kind, variant=file)


def _mark(shape: Shape, color: str | None, opacity: float) -> Mark | None:
    if color is None:
        return None
    kind = shape.component
    if opacity < 0.9:
        return Shade(round(BASE_TONE + 92 * opacity) if color == "white" else tone_of(opacity))
    match color.removeprefix("colors."):
        case "outline":
            return Ink(_SOLID.get(kind))
        case "skin.base":
            return Flat("skin", "skin")
        case "skin.shadow":
            return Flat("skin", "skin", SHADOW_TONE)
        case "base":
            return Flat(*_COLORED[kind])
        case "shadow":
            return Flat(*_COLORED[kind], SHADOW_TONE)
        case "white" if kind in ("hair", "hats", "facialHair"):
            return Flat(*_COLORED[kind], LIGHT_TONE)
        case "white" if kind == "eyes":
            return Flat("eye_white", "sclera")
        case "white" if kind == "mouths":
            return Flat("mouth", "teeth")
        case "white" if kind == "accessories":
            return Flat("accessory", "sclera")
        case "white":
            return Flat("upper", "cloth.4")
        case "clothing.white.shadow":
            return Flat("upper", "cloth.4", SHADOW_TONE)
        case "tongue":
            return Flat("mouth", "lips")
        case "#e2495b":
            return Flat("iris", "iris")
        case _:
            return Ink()


def _compose(rng: np.random.Generator) -> Composition:
    choice = {kind: files[rng.integers(len(files))] for kind, files in _CHOICES.items()}
    if choice["hair"] in _NO_HAT:
        choice["hats"] = ""
    if choice["bodies"] == "Breasts":
        choice["facialHair"] = ""
    if choice["clothing"] == "DressShirt":
        choice["bodies"] = "Chest"
    flags = {"wide"} if choice["hair"] in _WIDE_HAT else set()
    flags |= {"withLashes"} if rng.random() < 0.5 else set()
    flags |= {"hasHat"} if choice["hats"] else set()
    flags |= {"braStraps"} if choice["clothing"] != "Dress" else set()
    layers = [(kind, choice.get(kind, ""), layer) for kind, layer in _ORDER if kind == "base" or choice[kind]]
    shapes = [shape for kind, file, layer in layers for shape in _shapes(kind, file, layer, frozenset(flags))]
    return Composition(
        strokes=[
            Stroke(
                shape,
                fill=_mark(shape, shape.fill, shape.fill_opacity),
                stroke=_mark(shape, shape.stroke, shape.stroke_opacity),
            )
            for shape in shapes
        ],
        identity=tuple(f"beanheads:{kind}:{file}" for kind, file in choice.items() if file),
        head=_HEAD,
        cut=_LOWER_EDGE,
        line=8.0,
    )


KIT = Kit(
    name="beanheads",
    licence="MIT",
    attribution="Beanheads by Robert Broersma, MIT",
    homepage="https://github.com/RobertBroersma/beanheads",
    compose=_compose,
    missing=_PACKAGE.missing,
    fetch=_PACKAGE.fetch,
    weight=1.0,
)
