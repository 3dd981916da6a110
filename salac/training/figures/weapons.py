"""Arms carried in one hand, each along the y axis of its own frame: the palm at the origin, the point upward."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from . import cel
from .curves import Outline, bezier, ellipse, join, outline, polygon, tube
from .scene import Scene


@dataclass(frozen=True, slots=True)
class Weapon:
    """How far it reaches above and below the palm, how often it is carried, and how it is drawn at a depth."""

    reach: float
    back: float
    share: float
    draw: Callable[[Scene, float], None]


def _sword(scene: Scene, depth: float) -> None:
    blade = scene.shape(
        outline([(-0.14, -0.35, 1), (-0.13, -3.4), (0, -4.0, 1), (0.13, -3.4), (0.14, -0.35, 1)]),
        "prop",
        "metal",
        depth,
    )
    cel.patch(scene, blade, [(0, -0.3), (0, -4.1), (0.3, -4), (0.3, -0.3)])
    scene.stroke(blade, [(0, -0.4), (0, -3.3)], 0.7)
    scene.shape(polygon([(-0.1, -0.4), (0.1, -0.4), (0.09, 0.6), (-0.09, 0.6)]), "prop", "leather", depth + 0.01, 0.9)
    guard = outline([(-0.5, -0.42), (0, -0.35), (0.5, -0.42), (0.5, -0.28), (0, -0.22), (-0.5, -0.28)])
    scene.shape(guard, "prop", "accent", depth + 0.02, 0.95)


def _saber(scene: Scene, depth: float) -> None:
    edge, back = bezier((0.1, -0.2), (0.2, -2.2), (0.9, -3.6)), bezier((0.9, -3.6), (-0.1, -2.2), (-0.12, -0.2))
    blade = scene.shape(join(edge, back), "prop", "metal", depth)
    cel.gloss(scene, blade, 0.05)
    scene.shape(polygon([(-0.09, -0.3), (0.09, -0.3), (0.08, 0.6), (-0.08, 0.6)]), "prop", "leather", depth + 0.01, 0.9)
    scene.shape(ellipse(0, -0.3, 0.34, 0.1, 16), "prop", "accent", depth + 0.02, 0.9)


def _staff(scene: Scene, depth: float) -> None:
    scene.shape(_pole(-3, 3), "prop", "leather", depth)
    orb = scene.shape(ellipse(0, -3.2, 0.35, 0.35), "prop", "accent", depth + 0.01)
    cel.crescent(scene, orb, 0.15)


def _spear(scene: Scene, depth: float) -> None:
    scene.shape(_pole(-3.6, 3.2), "prop", "leather", depth)
    head = scene.shape(
        outline([(0, -4.6, 1), (0.26, -3.9), (0, -3.4, 1), (-0.26, -3.9)]), "prop", "metal", depth + 0.02
    )
    scene.stroke(head, [(0, -4.5), (0, -3.45)], 0.6, (0, 0))
    scene.shape(
        polygon([(-0.12, -3.5), (0.12, -3.5), (0.12, -3.1), (-0.12, -3.1)]), "prop", "accent", depth + 0.01, 0.8
    )


def _axe(scene: Scene, depth: float) -> None:
    scene.shape(_pole(-2.8, 1.0), "prop", "leather", depth)
    for s in (1, -1) if scene.rng.random() < 0.35 else (1,):
        blade = outline([
            (0, -2.6, 1), (s * 0.4, -2.55), (s * 0.95, -3.0, 1), (s * 1.12, -2.3), (s * 0.95, -1.6, 1),
            (s * 0.4, -2.05), (0, -2.0, 1),
        ])  # fmt: skip
        steel = scene.shape(blade, "prop", "metal", depth + 0.01)
        scene.part(steel, [bezier((s * 0.78, -3.0), (s * 0.92, -2.3), (s * 0.78, -1.6))], 0.6)


def _bow(scene: Scene, depth: float) -> None:
    limb = [(0.55, -2.3), (0.05, -1.9), (-0.12, -0.8), (0, 0), (-0.12, 0.8), (0.05, 1.9), (0.55, 2.3)]
    wood = scene.shape(tube(limb, [0.05, 0.09, 0.1, 0.12, 0.1, 0.09, 0.05]), "prop", "leather", depth)
    cel.crescent(scene, wood, 0.05)
    scene.stroke(scene.ghost(depth), [(0.55, -2.3), (0.55, 2.3)], 0.45, (0, 0))


def _club(scene: Scene, depth: float) -> None:
    cut = tube([(0, 0.5), (0, -1.0), (0, -2.6)], [0.1, 0.14, 0.34], cap=True)
    cel.crescent(scene, scene.shape(cut, "prop", "leather", depth), 0.12)


def _umbrella(scene: Scene, depth: float) -> None:
    scene.shape(_pole(-2.4, 0.5), "prop", "metal", depth)
    rim = [(1.9, -2.0), (1.2, -2.25), (0.62, -2.0), (0, -2.25), (-0.62, -2.0), (-1.2, -2.25), (-1.9, -2.0)]
    roof = join(bezier((-1.9, -2.0), (-1.4, -3.6), (0, -3.7)), bezier((0, -3.7), (1.4, -3.6), (1.9, -2.0)),
                *(bezier(a, ((a[0] + b[0]) / 2, -2.32), b, 6) for a, b in pairwise(rim)))  # fmt: skip
    canopy = scene.shape(roof, "prop", "object.1", depth + 0.01)
    cel.crescent(scene, canopy, 0.25)
    scene.part(canopy, [bezier((0, -3.7), (x * 1.3, -3.3), (x * 1.05, -1.9)) for x in (-1.2, -0.4, 0.4, 1.2)])


def _broom(scene: Scene, depth: float) -> None:
    scene.shape(_pole(-2.2, 2.4), "prop", "leather", depth)
    brush = outline([(-0.14, -2.1, 1), (-0.6, -3.5, 1), (0, -3.65), (0.6, -3.5, 1), (0.14, -2.1, 1)])
    straw = scene.shape(brush, "prop", "object.2", depth + 0.01)
    scene.part(straw, [[(0.2 * x, -2.0), (x, -3.8)] for x in (-0.35, -0.1, 0.2, 0.4)], 0.6)
    scene.part(straw, [[(-1, -2.4), (1, -2.4)]])


def _pole(top: float, bottom: float) -> Outline:
    return polygon([(-0.07, top), (0.07, top), (0.07, bottom), (-0.07, bottom)])


WEAPONS = {
    "sword": Weapon(4.0, 0.6, 4, _sword),
    "saber": Weapon(3.6, 0.6, 1.5, _saber),
    "staff": Weapon(3.5, 3.0, 1.5, _staff),
    "spear": Weapon(4.6, 3.2, 1.5, _spear),
    "axe": Weapon(3.0, 1.0, 1.5, _axe),
    "bow": Weapon(2.3, 2.3, 1.5, _bow),
    "club": Weapon(2.9, 0.5, 0.5, _club),
}
"""What fighters carry, by name."""

STICKS = {
    "staff": Weapon(3.5, 3.0, 1, _staff),
    "umbrella": Weapon(3.7, 0.5, 1.5, _umbrella),
    "broom": Weapon(3.6, 2.4, 1, _broom),
}
"""What others carry in the same way, by name."""
