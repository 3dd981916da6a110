"""Reads the small part of SVG that avatar kits use into a painter's list of shapes.

Colors are kept as the strings they were written as: a kit decides by them, and by the component that a shape belongs
to, what is ink and which (part, role) a fill is.
"""

import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import skia

_PAINT_ATTRIBUTES = frozenset(
    {
        "fill",
        "fill-rule",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-opacity",
        "stroke-miterlimit",
    }
)
_SHAPE_TAGS = frozenset({"path", "rect", "circle", "ellipse", "line", "polygon", "polyline"})
_UNDRAWN_TAGS = frozenset({"defs", "clipPath", "mask", "title", "desc", "metadata", "style", "linearGradient"})

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_COMMAND = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])([^MmZzLlHhVvCcSsQqTtAa]*)")
_NUMBERS = re.compile(_NUMBER)
# The two flags of an arc are single digits that minified files write without separators: «a1 1 0 013 4».
_ARC = re.compile(
    rf"({_NUMBER})[\s,]*({_NUMBER})[\s,]*({_NUMBER})[\s,]*([01])[\s,]*([01])[\s,]*({_NUMBER})[\s,]*({_NUMBER})"
)
_TRANSFORM = re.compile(r"(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^)]*)\)")
_OPERANDS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2}

CAPS = {"butt": skia.Paint.kButt_Cap, "round": skia.Paint.kRound_Cap, "square": skia.Paint.kSquare_Cap}
JOINS = {"miter": skia.Paint.kMiter_Join, "round": skia.Paint.kRound_Join, "bevel": skia.Paint.kBevel_Join}


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One filled and/or stroked path, in the units of its document.

    Attributes:
        path: the outline, all transforms applied, fill rule set.
        fill: color as written, lower case, or None.
        stroke: color as written, lower case, or None.
        stroke_width: in document units, transforms applied.
        cap: stroke-linecap.
        join: stroke-linejoin.
        fill_opacity: in [0, 1], that of all enclosing groups included.
        stroke_opacity: the same for the stroke.
        clip: region outside which nothing is drawn, or None.
        component: name of the kit component that the shape is part of, such as "hair".
        variant: name of the component's variant, such as "long12".
    """

    path: skia.Path
    fill: str | None
    stroke: str | None = None
    stroke_width: float = 1.0
    cap: str = "butt"
    join: str = "miter"
    fill_opacity: float = 1.0
    stroke_opacity: float = 1.0
    clip: skia.Path | None = None
    component: str = ""
    variant: str = ""

    def moved(self, matrix: skia.Matrix, *, keep_line: bool = False) -> "Shape":
        """The same shape seen through a transform.

        Args:
            matrix: maps this shape's units to the wanted ones.
            keep_line: leave the stroke as wide as it is.
        """
        return replace(
            self,
            path=_mapped(self.path, matrix),
            stroke_width=self.stroke_width * (1.0 if keep_line else _scale_of(matrix)),
            clip=None if self.clip is None else _mapped(self.clip, matrix),
        )


def read_svg(markup: str, *, component: str = "", variant: str = "") -> tuple[Shape, ...]:
    """Reads an SVG document, or a fragment of one, in painting order.

    Args:
        markup: SVG text; a fragment may have several roots.
        component: name stored with every shape.
        variant: name stored with every shape.

    Raises:
        xml.etree.ElementTree.ParseError: the markup is not well formed.
    """
    markup = re.sub(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>", "", markup)
    root = ElementTree.fromstring(f'<g xmlns:xlink="http://www.w3.org/1999/xlink">{markup}</g>')
    return read_element(root, component=component, variant=variant)


def read_element(root: ElementTree.Element, *, component: str = "", variant: str = "") -> tuple[Shape, ...]:
    """Reads a parsed SVG element and all below it, in painting order.

    Args:
        root: an element such as `<svg>` or `<g>`; attributes `component` and `variant` on a group below it rename
            the shapes that it holds.
        component: name stored with every shape.
        variant: name stored with every shape.
    """
    by_id = {element.get("id", ""): element for element in root.iter()}
    start = _Context(paint={}, matrix=skia.Matrix(), opacity=1.0, clip=None, component=component, variant=variant)
    return tuple(_walk(root, start, by_id))


def bounds_of(shapes: tuple[Shape, ...] | list[Shape]) -> skia.Rect:
    """Smallest rectangle that holds the paths of all shapes.

    Args:
        shapes: at least one shape.
    """
    box = skia.Rect.MakeEmpty()
    for shape in shapes:
        box.join(shape.path.computeTightBounds())
    return box


@dataclass(frozen=True, kw_only=True)
class _Context:
    """What an element inherits from those around it."""

    paint: Mapping[str, str]
    matrix: skia.Matrix
    opacity: float
    clip: skia.Path | None
    component: str
    variant: str


def _walk(element: ElementTree.Element, context: _Context, by_id: Mapping[str, ElementTree.Element]) -> Iterator[Shape]:
    tag = _local(element.tag)
    if tag in _UNDRAWN_TAGS:
        return
    context = _enter(element, context, by_id)
    if tag in _SHAPE_TAGS:
        yield from _shape(tag, element, context)
    elif tag == "use":
        target = by_id.get(_href(element))
        if target is not None:
            yield from _walk(target, context, by_id)
    for child in element:
        yield from _walk(child, context, by_id)


def _enter(element: ElementTree.Element, context: _Context, by_id: Mapping[str, ElementTree.Element]) -> _Context:
    attributes = {_local(name): value for name, value in element.attrib.items()}
    for declaration in attributes.get("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            attributes[name.strip()] = value.strip()
    paint = {name: value for name, value in attributes.items() if name in _PAINT_ATTRIBUTES}
    matrix = context.matrix
    if "transform" in attributes:
        matrix = skia.Matrix.Concat(matrix, read_transform(attributes["transform"]))
    clip = context.clip
    for name in ("clip-path", "mask"):
        reference = re.match(r"url\(['\"]?#([^)'\"]+)", attributes.get(name, ""))
        if reference and reference[1] in by_id:
            region = _region(by_id[reference[1]], matrix, by_id)
            clip = region if clip is None else skia.Op(clip, region, skia.PathOp.kIntersect_PathOp)
    return _Context(
        paint={**context.paint, **paint},
        matrix=matrix,
        opacity=context.opacity * float(attributes.get("opacity", 1.0)),
        clip=clip,
        component=attributes.get("component", context.component),
        variant=attributes.get("variant", context.variant),
    )


def _shape(tag: str, element: ElementTree.Element, context: _Context) -> Iterator[Shape]:
    path = _outline(tag, element)
    if path is None or path.isEmpty():
        return
    path = _mapped(path, context.matrix)
    if context.paint.get("fill-rule") == "evenodd":
        path.setFillType(skia.PathFillType.kEvenOdd)
    paint = context.paint
    fill, stroke = paint.get("fill", "#000").lower(), paint.get("stroke", "none").lower()
    if fill == "none" and stroke == "none":
        return
    yield Shape(
        path=path,
        fill=None if fill == "none" else fill,
        stroke=None if stroke == "none" else stroke,
        stroke_width=_length(paint.get("stroke-width"), 1.0) * _scale_of(context.matrix),
        cap=paint.get("stroke-linecap", "butt"),
        join=paint.get("stroke-linejoin", "miter"),
        fill_opacity=context.opacity * float(paint.get("fill-opacity", 1.0)),
        stroke_opacity=context.opacity * float(paint.get("stroke-opacity", 1.0)),
        clip=context.clip,
        component=context.component,
        variant=context.variant,
    )


def _region(element: ElementTree.Element, matrix: skia.Matrix, by_id: Mapping[str, ElementTree.Element]) -> skia.Path:
    """The union of a clip path's or mask's shapes; kits use masks as clips, with one opaque shape."""
    context = _Context(paint={}, matrix=matrix, opacity=1.0, clip=None, component="", variant="")
    region = skia.Path()
    for child in element:
        for shape in _walk(child, context, by_id):
            region = shape.path if region.isEmpty() else skia.Op(region, shape.path, skia.PathOp.kUnion_PathOp)
    return region


def _outline(tag: str, element: ElementTree.Element) -> skia.Path | None:
    def number(name: str, default: float = 0.0) -> float:
        return _length(element.get(name), default)

    if tag == "path":
        # A copy, because the cached path must stay as it was read.
        return skia.Path(read_path(element.get("d", "")))
    path = skia.Path()
    if tag == "rect":
        box = skia.Rect.MakeXYWH(number("x"), number("y"), number("width"), number("height"))
        radius_x = number("rx", number("ry"))
        path.addRoundRect(box, radius_x, number("ry", radius_x))
    elif tag == "circle":
        path.addCircle(number("cx"), number("cy"), number("r"))
    elif tag == "ellipse":
        center_x, center_y, radius_x, radius_y = number("cx"), number("cy"), number("rx"), number("ry")
        path.addOval(skia.Rect(center_x - radius_x, center_y - radius_y, center_x + radius_x, center_y + radius_y))
    elif tag == "line":
        path.moveTo(number("x1"), number("y1")).lineTo(number("x2"), number("y2"))
    else:
        values = [float(value) for value in _NUMBERS.findall(element.get("points", ""))]
        points = [skia.Point(x, y) for x, y in zip(values[::2], values[1::2], strict=False)]
        if points:
            path.addPoly(points, tag == "polygon")
    return path


@lru_cache(maxsize=8192)
def read_path(data: str) -> skia.Path:
    """Parses the `d` attribute of a path (SVG 1.1, section 8.3).

    Args:
        data: path data, minified or not.
    """
    path = skia.Path()
    x = y = start_x = start_y = 0.0
    # The last control point, which S and T mirror; it counts only straight after a curve of the same degree.
    control_x = control_y = 0.0
    previous = ""
    for letter, text in _COMMAND.findall(data):
        command, relative = letter.upper(), letter.islower()
        if command == "Z":
            path.close()
            x, y, previous = start_x, start_y, command
            continue
        if command == "A":
            for radius_x, radius_y, tilt, large, sweep, end_x, end_y in _ARC.findall(text):
                x, y = (x + float(end_x), y + float(end_y)) if relative else (float(end_x), float(end_y))
                path.arcTo(
                    float(radius_x),
                    float(radius_y),
                    float(tilt),
                    skia.Path.kLarge_ArcSize if large == "1" else skia.Path.kSmall_ArcSize,
                    skia.PathDirection.kCW if sweep == "1" else skia.PathDirection.kCCW,
                    x,
                    y,
                )
            previous = command
            continue
        numbers = [float(value) for value in _NUMBERS.findall(text)]
        width = _OPERANDS[command]
        for first in range(0, len(numbers) - width + 1, width):
            operands = numbers[first : first + width]
            if command == "H":
                operands = [operands[0] + x if relative else operands[0], y]
            elif command == "V":
                operands = [x, operands[0] + y if relative else operands[0]]
            elif relative:
                operands = [value + (y if index % 2 else x) for index, value in enumerate(operands)]
            mirror = (2 * x - control_x, 2 * y - control_y)
            if command == "M" and first == 0:
                path.moveTo(*operands)
                start_x, start_y = operands
            elif command in "MLHV":
                path.lineTo(*operands)
            elif command == "C":
                path.cubicTo(*operands)
                control_x, control_y = operands[2:4]
            elif command == "S":
                path.cubicTo(*(mirror if previous in ("C", "S") else (x, y)), *operands)
                control_x, control_y = operands[:2]
            elif command == "Q":
                path.quadTo(*operands)
                control_x, control_y = operands[:2]
            else:
                control_x, control_y = mirror if previous in ("Q", "T") else (x, y)
                path.quadTo(control_x, control_y, *operands)
            x, y = operands[-2:]
            previous = command
    return path


def read_transform(text: str) -> skia.Matrix:
    """Parses a `transform` attribute.

    Args:
        text: any list of matrix, translate, scale, rotate, skewX and skewY.
    """
    matrix = skia.Matrix()
    for name, operands in _TRANSFORM.findall(text):
        values = [float(value) for value in _NUMBERS.findall(operands)]
        step = skia.Matrix()
        if name == "matrix":
            a, b, c, d, e, f = values
            step = skia.Matrix.MakeAll(a, c, e, b, d, f, 0, 0, 1)
        elif name == "translate":
            step = skia.Matrix.Translate(values[0], values[1] if len(values) > 1 else 0.0)
        elif name == "scale":
            step = skia.Matrix.Scale(values[0], values[1] if len(values) > 1 else values[0])
        elif name == "rotate":
            step.setRotate(*values)
        elif name == "skewX":
            step = skia.Matrix.MakeAll(1, _tangent(values[0]), 0, 0, 1, 0, 0, 0, 1)
        else:
            step = skia.Matrix.MakeAll(1, 0, 0, _tangent(values[0]), 1, 0, 0, 0, 1)
        matrix = skia.Matrix.Concat(matrix, step)
    return matrix


def _tangent(degrees: float) -> float:
    return math.tan(math.radians(degrees))


def _mapped(path: skia.Path, matrix: skia.Matrix) -> skia.Path:
    result = skia.Path(path)
    result.transform(matrix)
    return result


def _scale_of(matrix: skia.Matrix) -> float:
    """Geometric mean of a matrix's scales: what happens to the width of a stroke."""
    area = matrix.getScaleX() * matrix.getScaleY() - matrix.getSkewX() * matrix.getSkewY()
    return float(abs(area) ** 0.5)


def _length(text: str | None, default: float) -> float:
    """A length without its unit; the default where it is absent or, as in «none», no number."""
    found = _NUMBERS.match(text or "")
    return float(found[0]) if found else default


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _href(element: ElementTree.Element) -> str:
    for name, value in element.attrib.items():
        if _local(name) == "href":
            return value.lstrip("#")
    return ""
