"""Inked things behind the figure, on bare paper: sky, hills, windows, trees, and small drifting shapes."""

import math
from collections.abc import Callable

import numpy as np

from . import cel, depths
from .chance import chance, choose
from .curves import ellipse, join, outline, polygon, spline, star
from .render import View
from .scene import Scene

PART = "scenery"


def draw_scenery(scene: Scene, view: View) -> str:
    """Sometimes draw something behind the figure, filling `view`; returns its name, "none" mostly."""
    if not chance(scene.rng, 0.25):
        return "none"
    kind = choose(scene.rng, SCENERY)
    with scene.placed(view.left, view.top, 0, (view.side, view.side)):
        SCENERY[kind](scene)
    return kind


# All scenery is drawn in a square of side 1.


def _clouds(scene: Scene) -> None:
    rng = scene.rng
    for _ in range(int(rng.integers(2, 5))):
        x, y = rng.random(2)
        puffs = [
            ellipse(x + d * 0.075, y - (1 - abs(d) / 1.6) * 0.025, rng.uniform(0.045, 0.075), rng.uniform(0.033, 0.055))
            for d in (-1.3, -0.6, 0, 0.7, 1.3)
        ]
        cel.crescent(scene, scene.shape(puffs, PART, "object.1", depths.SCENERY + 2, 0.9), 0.02)


def _hills(scene: Scene) -> None:
    rng = scene.rng
    for i in range(int(rng.integers(1, 4))):
        ridge = spline([(x, 0.6 + 0.13 * i + rng.normal(0, 0.05)) for x in np.linspace(-0.1, 1.1, 7)])
        ground = join(ridge, [ridge[-1], (1.1, 1.2), (-0.1, 1.2), ridge[0]])
        scene.shape(ground, PART, f"object.{1 + i}", depths.SCENERY + 2 + i)


def _window(scene: Scene) -> None:
    frame = polygon([(0.08, 0.06), (0.92, 0.06), (0.92, 0.75), (0.08, 0.75)])
    scene.shape(frame, PART, "object.1", depths.SCENERY, 1.2)
    for x in (0.12, 0.52):
        for y in (0.09, 0.42):
            pane = polygon([(x, y), (x + 0.36, y), (x + 0.36, y + 0.30), (x, y + 0.30)])
            scene.shape(pane, PART, "object.2", depths.SCENERY + 1, 0.9)


def _tree(scene: Scene) -> None:
    rng = scene.rng
    x = 0.1 if chance(rng, 0.5) else 0.88
    trunk = outline([
        (x - 0.04, 1.1, 1), (x - 0.028, 0.5), (x - 0.033, 0.2, 1), (x + 0.033, 0.2, 1), (x + 0.028, 0.5),
        (x + 0.045, 1.1, 1),
    ])  # fmt: skip
    scene.shape(trunk, PART, "object.1", depths.SCENERY)
    leaves = [
        ellipse(x + rng.normal(0, 0.1), 0.16 + rng.normal(0, 0.08), rng.uniform(0.07, 0.12), rng.uniform(0.055, 0.1))
        for _ in range(10)
    ]
    cel.crescent(scene, scene.shape(leaves, PART, "object.2", depths.SCENERY + 1), 0.045)


def _moon(scene: Scene) -> None:
    x = scene.rng.uniform(0.2, 0.8)
    scene.shape(ellipse(x, 0.3, 0.3, 0.3, 48), PART, "object.1", depths.SCENERY)


def _wall(scene: Scene) -> None:
    """A horizon of bricks or boards behind the figure's lower half."""
    rng = scene.rng
    top, rows = rng.uniform(0.45, 0.7), int(rng.integers(3, 6))
    wall = scene.shape(polygon([(-0.1, top), (1.1, top), (1.1, 1.1), (-0.1, 1.1)]), PART, "object.1", depths.SCENERY)
    height = (1.0 - top) / rows
    for i in range(rows):
        y = top + (i + 1) * height
        scene.stroke(wall, [(-0.1, y), (1.1, y)], 0.7, (0, 0))
        for j in range(6):
            x = (j + 0.5 * (i & 1)) * 0.2
            scene.stroke(wall, [(x, y - height), (x, y)], 0.7, (0.3, 0.3))


def _drifting(draw: Callable[[Scene, float, float, float], None]) -> Callable[[Scene], None]:
    """Scenery made of many small shapes all over the picture."""

    def scatter(scene: Scene) -> None:
        rng = scene.rng
        for _ in range(int(rng.integers(8, 22))):
            x, y = rng.random(2)
            draw(scene, x, y, rng.uniform(0.012, 0.042))

    return scatter


def _star(scene: Scene, x: float, y: float, size: float) -> None:
    scene.shape(star(x, y, size, turn=scene.rng.uniform(0, 6)), PART, "object.1", depths.SCENERY + 2, 0.8)


def _bubble(scene: Scene, x: float, y: float, size: float) -> None:
    bubble = scene.shape(ellipse(x, y, size, size), PART, "object.1", depths.SCENERY + 2, 0.8)
    cel.crescent(scene, bubble, size * 0.3)


def _heart(scene: Scene, x: float, y: float, size: float) -> None:
    heart = outline([(0, 1, 1), (-1, 0), (-0.55, -0.7), (0, -0.25, 1), (0.55, -0.7), (1, 0)])
    with scene.placed(x, y, scene.rng.normal(0, 0.3), (size, size)):
        scene.shape(heart, PART, "object.1", depths.SCENERY + 2, 0.8)


def _flower(scene: Scene, x: float, y: float, size: float) -> None:
    petal = outline([(0, 0, 1), (-0.5, -0.7), (0, -1.15), (0.5, -0.7)])
    with scene.placed(x, y, scene.rng.uniform(0, 6), (size, size)):
        for i in range(5):
            with scene.placed(rotate=i * 2 * math.pi / 5):
                scene.shape(petal, PART, "object.1", depths.SCENERY + 2, 0.7)
        scene.shape(ellipse(0, 0, 0.3, 0.3, 12), PART, "object.2", depths.SCENERY + 2.1, 0.7)


SCENERY: dict[str, Callable[[Scene], None]] = {
    "clouds": _clouds,
    "hills": _hills,
    "window": _window,
    "tree": _tree,
    "moon": _moon,
    "wall": _wall,
    "stars": _drifting(_star),
    "bubbles": _drifting(_bubble),
    "hearts": _drifting(_heart),
    "flowers": _drifting(_flower),
}
