"""Still lifes: things on a table, each in a color of its own, one before the other."""

import math
from collections.abc import Callable

import numpy as np

from . import cel
from .chance import Rng, chance, choose, weigh
from .curves import Outline, bezier, ellipse, join, outline, polygon, tube, vector
from .scene import Scene, Shape

_COLORS = ("object.1", "object.2", "object.3", "cloth.1", "cloth.2", "cloth.3", "cloth.4", "accent", "leather", "metal")


def _piece(scene: Scene, area: Outline | list[Outline], role: str, depth: float, clip: Shape | None = None) -> Shape:
    shape = scene.shape(area, "prop", role, depth, clip=clip)
    cel.crescent(scene, shape, 0.14)
    return shape


def _color(rng: Rng) -> str:
    return choose(rng, _COLORS)


# Things stand at the origin of their own frame, about 2 wide and up to 3 tall, y up being negative.


def _bottle(scene: Scene, depth: float) -> None:
    rng = scene.rng
    w, tall, neck = rng.uniform(0.35, 0.6), rng.uniform(1.9, 3.0), rng.uniform(0.13, 0.2)
    half = [(neck, -tall, 1), (neck, -tall * 0.72), (w, -tall * 0.55), (w, -0.12), (w * 0.9, 0, 1)]
    glass = _piece(scene, outline([*half, *((-x, *rest) for x, *rest in reversed(half))]), _color(rng), depth)
    cap = polygon([(-neck * 1.2, -tall), (neck * 1.2, -tall), (neck * 1.2, -tall - 0.22), (-neck * 1.2, -tall - 0.22)])
    _piece(scene, cap, _color(rng), depth + 0.1)
    if chance(rng, 0.7):
        label = polygon([(-2, -tall * 0.45), (2, -tall * 0.45), (2, -tall * 0.15), (-2, -tall * 0.15)])
        _piece(scene, label, _color(rng), depth + 0.1, clip=glass)
    if chance(rng, 0.5):
        y = -tall * rng.uniform(0.5, 0.62)
        scene.part(glass, [bezier((-1, y), (0, y + 0.12), (1, y))], 0.7)


def _fruit(scene: Scene, x: float, y: float, size: float, depth: float) -> None:
    rng = scene.rng
    kind, role = choose(rng, ("apple", "orange", "pear", "banana", "grapes")), _color(rng)
    with scene.placed(x, y, rng.normal(0, 0.2), (size, size)):
        if kind == "banana":
            cut = join(bezier((-1, -0.4), (0, 1.1), (1.1, -0.5)), bezier((1.1, -0.5), (0, 0.35), (-1, -0.4)))
            peel = _piece(scene, cut, role, depth)
            scene.part(peel, [bezier((-1, -0.4), (0, 0.8), (1.1, -0.5))], 0.6)
            return
        if kind == "grapes":
            for i, (row, place) in enumerate((r, c) for r in range(4) for c in range(4 - r)):
                gx, gy = (place - (3 - row) / 2) * 0.5, row * 0.45 - 0.5
                _piece(scene, ellipse(gx, gy, 0.29, 0.29, 16), role, depth + 0.01 * i)
            return
        if kind == "pear":
            cut = outline(
                [(0, -1.2), (0.35, -0.7), (0.75, 0.2), (0.4, 0.85), (-0.4, 0.85), (-0.75, 0.2), (-0.35, -0.7)]
            )
            skin = _piece(scene, cut, role, depth)
        elif kind == "apple":
            cut = outline([(0, -0.6, 1), (0.5, -0.85), (0.95, -0.2), (0.5, 0.85), (0, 0.75), (-0.5, 0.85),
                           (-0.95, -0.2), (-0.5, -0.85)])  # fmt: skip
            skin = _piece(scene, cut, role, depth)
            leaf = tube([(0.02, -0.85), (0.35, -1.15), (0.75, -1.1)], [0.02, 0.18, 0.02])
            scene.shape(leaf, "prop", "object.3", depth + 0.1, 0.8)
        else:
            skin = _piece(scene, ellipse(0, 0, 0.85, 0.85), role, depth)
        if chance(rng, 0.4):
            scene.part(skin, [bezier((-0.2, -1.2), (-0.9, 0), (-0.1, 1.2))], 0.6)
        scene.stroke(skin, [(0, -0.6), (0.06, -1.0)], 1.2, (0, 0.2))


def _bowl(scene: Scene, depth: float) -> None:
    """A bowl of fruit."""
    rng = scene.rng
    w = rng.uniform(1.2, 1.6)
    for i, x in enumerate(rng.permutation(int(rng.integers(3, 6)))):
        _fruit(scene, (x - 1.5) * 0.62, -1.05 - rng.uniform(0, 0.5), rng.uniform(0.42, 0.6), depth + 0.06 * i)
    cut = join(bezier((-w, -0.95), (0, -0.7), (w, -0.95)), bezier((w, -0.95), (w * 0.75, 0.05), (0.3, 0)),
               bezier((-0.3, 0), (-w * 0.75, 0.05), (-w, -0.95)))  # fmt: skip
    china = _piece(scene, cut, _color(rng), depth + 0.6)
    if chance(rng, 0.5):
        scene.part(china, [bezier((-2, -0.75), (0, -0.4), (2, -0.75)), bezier((-2, -0.55), (0, -0.2), (2, -0.55))], 0.7)


def _jug(scene: Scene, depth: float) -> None:
    rng, role = scene.rng, _color(scene.rng)
    handle = tube([(0.6, -1.5), (1.15, -1.4), (1.1, -0.7), (0.65, -0.5)], [0.1, 0.1, 0.1, 0.1])
    _piece(scene, handle.inked(0, 2), role, depth)
    cut = outline([(-0.5, -1.8, 1), (0.45, -1.8, 1), (0.5, -1.4), (0.75, -0.7), (0.5, 0, 1), (-0.5, 0, 1),
                   (-0.75, -0.7), (-0.5, -1.4), (-0.72, -1.85)])  # fmt: skip
    clay = _piece(scene, cut, role, depth + 0.1)
    lines = [bezier((-2, y), (0, y + 0.2), (2, y)) for y in (-1.35, -0.35) if chance(rng, 0.5)]
    scene.part(clay, lines, 0.7)
    scene.shape(ellipse(0, -1.8, 0.48, 0.12, 20), "prop", "leather", depth + 0.2, 0.8)


def _vase(scene: Scene, depth: float) -> None:
    """A vase of flowers with leaves."""
    rng = scene.rng
    for i in range(int(rng.integers(3, 6))):
        tip = vector(rng.uniform(-1.1, 1.1), -rng.uniform(2.0, 3.1))
        stem = tube([(0.1 * tip[0], -1.0), tip * (0.6, 0.7), tip], [0.05, 0.05, 0.05])
        scene.shape(stem.inked(0, 2), "prop", "object.3", depth, 0.8)
        if chance(rng, 0.6):
            leaf = tube([tip * (0.6, 0.7), tip * (0.9, 0.75) + vector(0.2, 0), tip * (1.2, 0.8)], [0.03, 0.2, 0.02])
            scene.shape(leaf, "prop", "object.3", depth + 0.01, 0.8)
        role, size, petals = _color(rng), rng.uniform(0.28, 0.42), int(rng.integers(5, 9))
        ring = [ellipse(tip[0] + size * math.cos(a), tip[1] + size * math.sin(a), size * 0.5, size * 0.5, 12)
                for a in np.arange(petals) * 2 * math.pi / petals]  # fmt: skip
        if chance(rng, 0.5):
            scene.shape(ring, "prop", role, depth + 0.1 + 0.02 * i, 0.8)
        else:
            for petal in ring:  # closed one by one
                scene.shape(petal, "prop", role, depth + 0.1 + 0.02 * i, 0.8)
        scene.shape(ellipse(tip[0], tip[1], size * 0.5, size * 0.5, 14), "prop", "accent", depth + 0.11 + 0.02 * i, 0.8)
    half = [(0.32, -1.3, 1), (0.22, -1.05), (rng.uniform(0.45, 0.75), -0.5), (0.3, 0, 1)]
    clay = _piece(scene, outline([*half, *((-x, *rest) for x, *rest in reversed(half))]), _color(rng), depth + 0.4)
    if chance(rng, 0.5):
        scene.part(clay, [[(-2, -0.7), (2, -0.7)], [(-2, -0.4), (2, -0.4)]], 0.7)


def _box(scene: Scene, depth: float) -> None:
    """A box seen from a corner: three faces, one color."""
    rng, role = scene.rng, _color(scene.rng)
    w, tall, far = rng.uniform(0.6, 1.1), rng.uniform(0.6, 1.6), rng.uniform(0.3, 0.6)
    front = _piece(scene, polygon([(-w, -tall), (w * 0.5, -tall), (w * 0.5, 0), (-w, 0)]), role, depth)
    top = [(-w, -tall), (-w + far, -tall - far * 0.6), (w * 0.5 + far, -tall - far * 0.6), (w * 0.5, -tall)]
    cel.whole(scene.shape(polygon(top), "prop", role, depth), -0.6)
    aside = [(w * 0.5, -tall), (w * 0.5 + far, -tall - far * 0.6), (w * 0.5 + far, -far * 0.6), (w * 0.5, 0)]
    cel.whole(scene.shape(polygon(aside), "prop", role, depth), 0.8)
    if chance(rng, 0.5):
        x = -w * 0.4
        _piece(scene, polygon([(x, -3), (x + 0.3, -3), (x + 0.3, 1), (x, 1)]), _color(rng), depth + 0.1, clip=front)
    elif chance(rng, 0.5):
        scene.part(front, [[(-2, -tall * 0.6), (2, -tall * 0.6)]])


def _books(scene: Scene, depth: float) -> None:
    """A pile of books."""
    rng, y = scene.rng, 0.0
    for i in range(int(rng.integers(2, 6))):
        tall, w, x = rng.uniform(0.22, 0.4), rng.uniform(0.8, 1.2), rng.normal(0, 0.1)
        cover = polygon([(x - w, y - tall), (x + w, y - tall), (x + w, y), (x - w, y)])
        back = _piece(scene, cover, _color(rng), depth + 0.02 * i)
        if chance(rng, 0.5):
            pages = [
                (x - w * 0.9, y - tall * 0.8),
                (x + w, y - tall * 0.8),
                (x + w, y - tall * 0.2),
                (x - w * 0.9, y - tall * 0.2),
            ]
            scene.shape(polygon(pages), "prop", "cloth.4", depth + 0.02 * i + 0.01, 0.7)
        else:
            scene.part(back, [[(x - w * 0.7, -9), (x - w * 0.7, 9)], [(x + w * 0.7, -9), (x + w * 0.7, 9)]], 0.7)
        y -= tall


def _mug(scene: Scene, depth: float) -> None:
    rng, role = scene.rng, _color(scene.rng)
    w, tall = rng.uniform(0.4, 0.6), rng.uniform(0.7, 1.1)
    handle = tube(
        [(w, -tall * 0.8), (w + 0.45, -tall * 0.75), (w + 0.4, -tall * 0.25), (w * 0.9, -tall * 0.2)], [0.08] * 4
    )
    _piece(scene, handle.inked(0, 2), role, depth)
    _piece(scene, outline([(-w, -tall, 1), (w, -tall, 1), (w * 0.85, 0, 1), (-w * 0.85, 0, 1)]), role, depth + 0.1)
    scene.shape(ellipse(0, -tall, w, 0.12, 20), "prop", "leather", depth + 0.2, 0.9)


def _candle(scene: Scene, depth: float) -> None:
    rng = scene.rng
    tall = rng.uniform(0.8, 1.8)
    _piece(scene, polygon([(-0.17, -tall), (0.17, -tall), (0.17, -0.2), (-0.17, -0.2)]), _color(rng), depth)
    _piece(
        scene,
        outline([(0, -tall - 0.75, 1), (0.16, -tall - 0.3), (0, -tall - 0.1), (-0.16, -tall - 0.3)]),
        "accent",
        depth,
    )
    _piece(scene, outline([(-0.6, -0.22, 1), (0.6, -0.22, 1), (0.45, 0, 1), (-0.45, 0, 1)]), "metal", depth + 0.1)


def _lamp(scene: Scene, depth: float) -> None:
    rng = scene.rng
    _piece(scene, tube([(0, 0), (0, -2.0)], [0.09, 0.07]), "metal", depth)
    _piece(scene, ellipse(0, -0.08, 0.55, 0.15), _color(rng), depth + 0.1)
    shade = _piece(scene, outline([(-0.45, -2.9, 1), (0.45, -2.9, 1), (0.95, -1.8, 1), (0, -1.65), (-0.95, -1.8, 1)]),
                   _color(rng), depth + 0.2)  # fmt: skip
    if chance(rng, 0.6):
        scene.part(shade, [[(x * 0.4, -3), (x, -1.5)] for x in (-0.6, -0.2, 0.2, 0.6)], 0.7)


def _plant(scene: Scene, depth: float) -> None:
    rng = scene.rng
    for i, angle in enumerate(rng.permutation(np.linspace(-1.3, 1.3, int(rng.integers(5, 10))))):
        reach = rng.uniform(1.0, 1.9)
        tip = vector(reach * math.sin(angle), -0.8 - reach * math.cos(angle))
        middle = vector(0.45 * tip[0], -0.8 - 0.7 * reach)
        leaf = scene.shape(
            tube([(0, -0.8), middle, tip], [0.06, 0.24, 0.02]), "prop", "object.3", depth + 0.01 * i, 0.9
        )
        if chance(rng, 0.6):
            scene.part(leaf, [bezier((0, -0.8), middle, tip)], 0.6)
    _piece(scene, outline([(-0.6, -0.85, 1), (0.6, -0.85, 1), (0.42, 0, 1), (-0.42, 0, 1)]), _color(rng), depth + 0.3)
    _piece(
        scene, polygon([(-0.68, -1.0), (0.68, -1.0), (0.68, -0.72), (-0.68, -0.72)]), scene.shapes[-1].role, depth + 0.4
    )


def _loose_fruit(scene: Scene, depth: float) -> None:
    _fruit(scene, 0, -0.5, 0.6, depth)


THINGS: dict[str, tuple[float, Callable[[Scene, float], None]]] = {
    "bottle": (3, _bottle),
    "bowl": (2, _bowl),
    "jug": (1.5, _jug),
    "vase": (1.5, _vase),
    "box": (2, _box),
    "books": (1.5, _books),
    "mug": (1.5, _mug),
    "candle": (1, _candle),
    "lamp": (1, _lamp),
    "plant": (1.5, _plant),
    "fruit": (2, _loose_fruit),
}
"""Things by name: how often each stands on the table, and how it is drawn at a depth."""


def draw_still_life(scene: Scene) -> list[str]:
    """Draw some things, mostly on a table or a cloth; returns their identity."""
    rng = scene.rng
    count = int(rng.integers(2, 6))
    shares = {name: share for name, (share, _) in THINGS.items()}
    names = [weigh(rng, shares) for _ in range(count)]
    x = 0.0
    for i, name in enumerate(names):
        near = rng.uniform(0, 1.4)
        with scene.placed(x, 0.9 * near, 0.0, (1.0, 1.0) if chance(rng, 0.5) else (-1.0, 1.0)):
            THINGS[name][1](scene, 10 * near + 20 + 0.01 * i)
        x += rng.uniform(0.7, 1.5)
    if chance(rng, 0.6):
        edge = rng.uniform(1.7, 2.3)
        table = polygon([(-1.8, -0.7), (x + 0.6, -0.7), (x + 1.2, edge), (-2.4, edge)])
        role = _color(rng)
        top = scene.shape(table, "scenery", role, 5.0)
        cel.crescent(scene, top, 0.1)
        rim = polygon([(-2.4, edge), (x + 1.2, edge), (x + 1.2, edge + 0.4), (-2.4, edge + 0.4)])
        scene.shape(rim, "scenery", role, 5.1)
        if chance(rng, 0.4):
            scene.part(top, [[(-3, y), (x + 3, y)] for y in (-0.2, 0.5)], 0.6)
    return [f"thing:{name}" for name in dict.fromkeys(names)]
