"""Curves of a drawing: splines, closed outlines with corners, ellipses and tubes.

Points are float64 arrays of shape (N, 2), x to the right and y down, in drawing units (a head's cranium has radius 1).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Point = Sequence[float] | Points


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed outline and the open edges a pen draws it with.

    Attributes:
        points: (N, 2), the closed polygon.
        edges: pieces between corners; each is one pen stroke. An edge left out stays without ink.
    """

    points: Points
    edges: tuple[Points, ...]

    def inked(self, *edges: int) -> "Outline":
        """The same outline with only the given edges inked."""
        return Outline(self.points, tuple(self.edges[i] for i in edges))


def array(points: Sequence[Point] | Points) -> Points:
    """Points as a float64 array (N, 2)."""
    return np.asarray(points, np.float64)


def vector(x: float, y: float) -> Points:
    """One point or direction as an array (2,)."""
    return np.array((x, y), np.float64)


def mix(start: float, end: float, share: float) -> float:
    """The number `share` of the way from `start` to `end`."""
    return start + (end - start) * share


def along(start: Points, end: Points, share: float) -> Points:
    """The point `share` of the way from `start` to `end`."""
    return start + (end - start) * share


def unit(direction: Points) -> Points:
    """`direction` scaled to length 1."""
    return direction / (math.hypot(direction[0], direction[1]) + 1e-9)


def across(direction: Points) -> Points:
    """`direction` turned by a quarter: (x, y) -> (-y, x)."""
    return vector(-direction[1], direction[0])


@cache
def _spline_basis(samples: int) -> Points:
    """Catmull-Rom weights (samples, 4) of the four control points of a span."""
    t = (np.arange(samples) / samples)[:, None]
    powers = np.hstack([np.ones_like(t), t, t**2, t**3])
    return powers @ (0.5 * np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]], np.float64))


def spline(points: Sequence[Point] | Points, closed: bool = False, samples: int = 8) -> Points:
    """A Catmull-Rom curve through `points`, with `samples` points per span; a closed one does not repeat its start."""
    knots = array(points)
    if closed:
        padded = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    spans = np.stack([padded[:-3], padded[1:-2], padded[2:-1], padded[3:]])
    curve = np.tensordot(_spline_basis(samples), spans, 1).transpose(1, 0, 2).reshape(-1, knots.shape[1])
    return curve if closed else np.concatenate([curve, knots[-1:]])


@cache
def _bezier_basis(samples: int) -> Points:
    t = np.linspace(0, 1, samples)[:, None]
    return np.hstack([(1 - t) ** 2, 2 * t * (1 - t), t**2])


def bezier(start: Point, control: Point, end: Point, samples: int = 14) -> Points:
    """A quadratic Bezier curve of `samples` points."""
    return _bezier_basis(samples) @ array([start, control, end])


def outline(controls: Sequence[Sequence[float]], samples: int = 8) -> Outline:
    """A smooth closed outline through `controls`; a control (x, y, 1) is a corner, where one pen stroke ends."""
    corners = [i for i, control in enumerate(controls) if len(control) > 2]
    knots = array([control[:2] for control in controls])
    if not corners:
        curve = spline(knots, closed=True, samples=samples)
        return Outline(curve, (np.concatenate([curve, curve[:1]]),))
    count = len(controls)
    edges = []
    for first, last in zip(corners, [*corners[1:], corners[0] + count], strict=True):
        span = knots[[i % count for i in range(first, last + 1)]]
        edges.append(spline(span, samples=samples) if len(span) > 2 else span)
    return Outline(np.concatenate([edge[:-1] for edge in edges]), tuple(edges))


def polygon(corners: Sequence[Point] | Points) -> Outline:
    """A closed outline with straight sides, drawn in one stroke."""
    points = array(corners)
    return Outline(points, (np.concatenate([points, points[:1]]),))


def join(*edges: Sequence[Point] | Points) -> Outline:
    """A closed outline of open curves laid end to end; each is one pen stroke."""
    curves = tuple(array(edge) for edge in edges)
    return Outline(np.concatenate(curves), curves)


@cache
def _circle(count: int) -> Points:
    angle = np.arange(count) * 2 * math.pi / count - math.pi / 2
    return np.stack([np.cos(angle), np.sin(angle)], 1)


def ellipse(x: float, y: float, radius_x: float, radius_y: float, count: int = 28) -> Outline:
    """An axis-parallel ellipse around (x, y); its stroke starts at the top."""
    return polygon(_circle(count) * (radius_x, radius_y) + (x, y))


def arc(x: float, y: float, radius: float, start: float, end: float, count: int = 12) -> Points:
    """An open circular arc between two angles in radians."""
    angle = np.linspace(start, end, count)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], 1)


def star(x: float, y: float, radius: float, points: int = 5, turn: float = 0.0) -> Outline:
    """A regular star around (x, y)."""
    angle = np.arange(2 * points) * math.pi / points - math.pi / 2 + turn
    reach = np.where(np.arange(2 * points) % 2, radius * 0.45, radius)
    return polygon(np.stack([x + reach * np.cos(angle), y + reach * np.sin(angle)], 1))


def normals(points: Points) -> Points:
    """Unit normals (N, 2) of an open curve."""
    step = np.empty_like(points)
    step[1:-1] = points[2:] - points[:-2]
    step[0], step[-1] = points[1] - points[0], points[-1] - points[-2]
    length = np.sqrt(step[:, 0] ** 2 + step[:, 1] ** 2) + 1e-9
    return np.stack([-step[:, 1] / length, step[:, 0] / length], 1)


def tube(
    centers: Sequence[Point] | Points, half_widths: Sequence[float], cap: bool = False, samples: int = 6
) -> Outline:
    """A band around a smooth center line.

    Args:
        centers: points of the center line.
        half_widths: half the band's width at each of them.
        cap: round the end instead of cutting it straight.
        samples: curve points per span.

    Returns:
        An outline with edges 0 left, 1 end, 2 right (running back), 3 start.
    """
    spine = spline(np.column_stack([array(centers), half_widths]), samples=samples)
    line, width = np.ascontiguousarray(spine[:, :2]), np.maximum(spine[:, 2:], 0.005)
    normal = normals(line)
    left, right = line + normal * width, (line - normal * width)[::-1]
    if cap:
        angle = math.atan2(normal[-1, 1], normal[-1, 0])
        end = arc(line[-1, 0], line[-1, 1], width[-1, 0], angle, angle - math.pi, 8)
    else:
        end = np.stack([left[-1], right[0]])
    return join(left, end, right, np.stack([right[-1], left[0]]))
