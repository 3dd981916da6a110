"""Prints and weaves on cloth: stripes, plaid, checks and dots as areas of another role."""

import math

import numpy as np

from .chance import between, chance, choose
from .curves import Points, ellipse, polygon, vector
from .ink import Stroke
from .scene import Scene, Shape

PRINTS = ("stripes", "pinstripes", "plaid", "checks", "diamonds", "dots")
_SMALLEST_STEPS = 40


def draw_print(scene: Scene, cloth: Shape, kind: str, role: str, step: float, angle: float, inked: bool) -> None:
    """Cover a garment with a print.

    Args:
        scene: where it is drawn.
        cloth: the garment.
        kind: one of `PRINTS`.
        role: the print's color role.
        step: repeat of the pattern in world units; widened where it would get too fine.
        angle: of the weave, in radians.
        inked: draw the pattern's edges as thin lines.
    """
    left, top, right, bottom = cloth.box
    width, height = right - left, bottom - top
    step = max(step, (width + height) / _SMALLEST_STEPS)
    radius = 0.6 * math.hypot(width, height) + step
    tiles = [
        tile @ _rotation(angle + (math.pi / 4 if kind == "diamonds" else 0)).T for tile in _tiles(kind, step, radius)
    ]
    center = ((left + right) / 2, (top + bottom) / 2)
    areas = [polygon(tile + center) for tile in tiles]
    shape = Shape(
        cloth.part, scene.recast.get(role, role), cloth.depth, tuple(a.points for a in areas), cloth, printed=True
    )
    if inked:
        shape.strokes = [Stroke(area.edges[0], 0.45, (0, 0)) for area in areas]
    scene.shapes.append(shape)


def random_print(scene: Scene) -> tuple[str, float, bool]:
    """Draw lots for a print: its kind, its repeat and whether its edges are inked."""
    rng = scene.rng
    kind = choose(rng, PRINTS)
    return kind, between(rng, (0.18, 0.5)), chance(rng, 0.5)


def _rotation(angle: float) -> Points:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _bars(step: float, radius: float, share: float, upright: bool) -> list[Points]:
    bars = []
    for i in range(-int(radius / step) - 1, int(radius / step) + 2):
        a, b = i * step, (i + share) * step
        bar = np.array([(a, -radius), (b, -radius), (b, radius), (a, radius)], np.float64)
        bars.append(bar if upright else np.ascontiguousarray(bar[::-1, ::-1]))
    return bars


def _tiles(kind: str, step: float, radius: float) -> list[Points]:
    """The polygons of a print around the origin."""
    if kind == "stripes":
        return _bars(step, radius, 0.45, upright=False)
    if kind == "pinstripes":
        return _bars(step, radius, 0.4, upright=True)
    if kind == "plaid":
        return _bars(1.5 * step, radius, 0.33, upright=True) + _bars(1.5 * step, radius, 0.33, upright=False)
    count = int(radius / step) + 1
    if kind == "dots":
        return [
            ellipse((i + (j & 1) * 0.5) * step, j * step, step * 0.22, step * 0.22, 12).points
            for i in range(-count, count + 1)
            for j in range(-count, count + 1)
        ]
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64) * step
    return [
        square + vector(i * step, j * step)
        for i in range(-count, count + 1)
        for j in range(-count, count + 1)
        if (i + j) & 1
    ]
