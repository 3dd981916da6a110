"""The painter's list: shapes with a depth, a part and a role, each with its ink and its cel tones."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import skia

from .chance import Rng
from .curves import Outline, Point, Points, array
from .ink import Polygon, Stroke

Warp = Callable[[Points], Points]
Box = tuple[float, float, float, float]


def closed_path(contours: Iterable[Polygon]) -> skia.Path:
    """A skia path of closed polygons; overlapping ones of equal orientation unite."""
    path = skia.Path()
    line = path.lineTo
    for contour in contours:
        path.moveTo(*contour[0])
        for x, y in contour:
            line(x, y)
        path.close()
    return path


@dataclass(slots=True)
class Tone:
    """One layer of cel shading inside a shape: `path` (all of the shape where None) painted with `paint`.

    `level` is the tone level where it is flat, None for gradients.
    """

    paint: skia.Paint
    path: skia.Path | None
    level: int | None


@dataclass
class Shape:
    """One closed area of the painter's list, or, without contours, only ink above what lies below.

    Attributes:
        part: name in `PARTS`.
        role: name in `ROLES`.
        depth: place in the painter's list; larger is nearer.
        contours: closed polygons in world units; their union is the area.
        clip: the shape is seen only inside this one (an iris inside the eye).
        printed: a print on the cloth below: it recolors, but covers neither ink nor tone.
        solid: filled with black ink, strokes left white.
        under: strokes drawn before the area, which hides their inner half.
        strokes: strokes drawn on top of the area.
        tones: cel shading, clipped to the area.
    """

    part: str
    role: str
    depth: float
    contours: tuple[Points, ...] = ()
    clip: "Shape | None" = None
    printed: bool = False
    solid: bool = False
    under: list[Stroke] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)

    @cached_property
    def path(self) -> skia.Path:
        """The area as a skia path."""
        return closed_path(contour.tolist() for contour in self.contours)

    @cached_property
    def box(self) -> Box:
        """Left, top, right, bottom in world units."""
        low = np.min([contour.min(0) for contour in self.contours], 0)
        high = np.max([contour.max(0) for contour in self.contours], 0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


@dataclass(frozen=True, slots=True)
class Place:
    """A coordinate frame: points go through `matrix`, then `warp`, then the `base` frame."""

    matrix: Points
    warp: Warp | None = None
    base: "Place | None" = None

    def __call__(self, points: Points) -> Points:
        """`points` of this frame in world units."""
        placed = points @ self.matrix[:2, :2].T + self.matrix[:2, 2]
        if self.warp is not None and self.base is not None:
            return self.base(self.warp(placed))
        return placed


def _area(contour: Points) -> float:
    """Twice the signed area of a closed contour, positive where it runs clockwise as seen on paper."""
    x, y = contour[:, 0], contour[:, 1]
    return float(x[-1] * y[0] - x[0] * y[-1] + x[:-1] @ y[1:] - x[1:] @ y[:-1])


def _clockwise(contour: Points) -> Points:
    """The contour, reversed where its signed area is negative, so that overlapping contours unite."""
    return contour if _area(contour) >= 0 else contour[::-1]


class Scene:
    """Collects the shapes of one picture.

    Args:
        rng: source of all chance.
        light: (2,) direction the light comes from.
        pen: width of a stroke of weight 1 in world units, as far as known before the final framing.
        plain: leave out fine inner lines, because the figure is small on the page.
    """

    def __init__(self, rng: Rng, light: Points, pen: float, plain: bool):
        self.rng, self.light, self.pen, self.plain = rng, light, pen, plain
        self.shapes: list[Shape] = []
        self.nearness = 0.0
        self.recast: dict[str, str] = {}
        self.blackened: frozenset[str] = frozenset()
        self._places = [Place(np.eye(3))]

    @contextmanager
    def placed(
        self,
        x: float = 0.0,
        y: float = 0.0,
        rotate: float = 0.0,
        scale: tuple[float, float] = (1.0, 1.0),
        warp: Warp | None = None,
    ) -> Iterator[None]:
        """Draw in a frame at (x, y), rotated by radians, scaled along its axes; `warp` bends its points first."""
        cosine, sine = math.cos(rotate), math.sin(rotate)
        step = np.array(
            [[cosine * scale[0], -sine * scale[1], x], [sine * scale[0], cosine * scale[1], y], [0, 0, 1]], np.float64
        )
        here = self._places[-1]
        place = Place(here.matrix @ step, here.warp, here.base)
        self._places.append(place if warp is None else Place(np.eye(3), warp, place))
        try:
            yield
        finally:
            self._places.pop()

    def world(self, points: Sequence[Point] | Points) -> Points:
        """Points of the current frame in world units."""
        return self._places[-1](array(points))

    def scale(self) -> float:
        """World units per unit of the current frame."""
        low, high = self.world([(0, 0), (1, 1)])
        return math.hypot(*(high - low)) / math.sqrt(2)

    def shape(
        self,
        area: Outline | Sequence[Outline],
        part: str,
        role: str,
        depth: float,
        ink: float = 1.0,
        *,
        clip: Shape | None = None,
        taper: tuple[float, float] = (0.6, 0.6),
    ) -> Shape:
        """Add an area in the current frame.

        Args:
            area: one outline, or several whose union is drawn with a line around the whole.
            part: name in `PARTS`.
            role: name in `ROLES`.
            depth: place in the painter's list.
            ink: weight of the outline; 0 leaves it without line.
            clip: shape outside of which it is hidden.
            taper: thinning of each edge's stroke at its ends.
        """
        outlines = [area] if isinstance(area, Outline) else list(area)
        united = len(outlines) > 1
        solid = part in self.blackened
        contours = [self.world(each.points) for each in outlines]
        shape = Shape(
            part,
            "ink" if solid else self.recast.get(role, role),
            depth + self.nearness,
            tuple(_clockwise(contour) for contour in contours),
            clip,
            solid=solid,
        )
        if ink > 0:
            for each, contour in zip(outlines, contours, strict=True):
                outward = -1 if _area(contour) >= 0 else 1
                for edge in map(self.world, each.edges):
                    if united:
                        shape.under.append(Stroke(edge, ink * 1.8, (0, 0), outward=outward))
                    else:
                        shape.strokes.append(Stroke(edge, ink, taper, outward=outward))
        self.shapes.append(shape)
        return shape

    def ghost(self, depth: float, clip: Shape | None = None) -> Shape:
        """Add a shape without area, to hold ink drawn over whatever lies below."""
        shape = Shape("background", "paper", depth + self.nearness, clip=clip)
        self.shapes.append(shape)
        return shape

    def printed(self, area: Sequence[Outline], role: str, cloth: Shape, ink: float = 0.0) -> Shape:
        """Add a print on `cloth`: the same part in another role, following the cloth's own ink and tone."""
        contours = tuple(_clockwise(self.world(each.points)) for each in area)
        shape = Shape(cloth.part, self.recast.get(role, role), cloth.depth, contours, clip=cloth, printed=True)
        if ink > 0:
            shape.strokes = [Stroke(self.world(edge), ink, (0, 0)) for each in area for edge in each.edges]
        self.shapes.append(shape)
        return shape

    def stroke(
        self,
        shape: Shape,
        points: Sequence[Point] | Points,
        weight: float = 0.75,
        taper: tuple[float, float] = (1.0, 1.0),
        outward: int = 0,
    ) -> None:
        """Add a line to a shape; `outward` as in `Stroke` where it is part of its outline."""
        shape.strokes.append(Stroke(self.world(points), weight, taper, outward=outward))

    def part(self, shape: Shape, lines: Iterable[Sequence[Point] | Points], weight: float = 0.75) -> None:
        """Draw lines across a shape, cut off at its edge: they part it into closed pieces of one color."""
        self.part_by(shape, [Stroke(self.world(line), weight, (0, 0)) for line in lines])

    def part_by(self, shape: Shape, strokes: list[Stroke]) -> None:
        """The same with strokes in world units."""
        self.shapes.append(Shape("background", "paper", shape.depth, clip=shape, solid=shape.solid, strokes=strokes))

    def blade(self, shape: Shape, points: Points, widths: tuple[float, ...]) -> None:
        """Add a line with its own widths (in world units, evenly spaced along it): lashes, lids, brows."""
        shape.strokes.append(Stroke(self.world(points), widths=widths))
