"""What figures hold in both hands before them, play, or carry on a strap; in the body's frame."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import cel, depths
from .body import SIDES, Body
from .chance import chance, choose
from .curves import bezier, ellipse, outline, polygon, tube, unit, vector
from .scene import Scene

_HELD = 46.6
"""Depth of things between the body and the hands."""
_HUGGED = 44.8
"""Depth of things that the arms press to the chest."""
_STRAP = depths.COAT + 0.7


@dataclass(frozen=True, slots=True)
class Belonging:
    """A thing: how often it is held, how it is drawn, the poses of the left and the right arm that hold it, and whether
    it is seen from behind as well.
    """

    share: float
    draw: Callable[[Scene, Body], None]
    arms: tuple[str, str] | None = None
    behind: bool = False


def _middle(body: Body) -> tuple[float, float]:
    """The place between both palms."""
    place = (body.arms[-1].palm + body.arms[1].palm) / 2
    return float(place[0]), float(place[1])


def _book(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    with scene.placed(x, y - 0.6, scene.rng.normal(0, 0.08), (1.3, 1.3)):
        cover = outline(
            [(-1.05, -0.55, 1), (0, -0.42, 1), (1.05, -0.55, 1), (1.05, 0.6, 1), (0, 0.72, 1), (-1.05, 0.6, 1)]
        )
        scene.shape(cover, "prop", "object.1", _HELD)
        if chance(scene.rng, 0.5):  # its pages toward us
            for s in SIDES:
                page = outline([(0, -0.38, 1), (s * 0.5, -0.56), (s * 0.97, -0.48, 1), (s * 0.97, 0.48, 1),
                                (s * 0.5, 0.42), (0, 0.6, 1)])  # fmt: skip
                paper = scene.shape(page, "prop", "cloth.4", _HELD + 0.01, 0.9)
                for line in np.linspace(-0.25, 0.25, 4):
                    scene.stroke(paper, [(s * 0.2, line), (s * 0.8, line)], 0.45, (0.2, 0.2))
        else:
            scene.stroke(scene.shapes[-1], [(0, -0.42), (0, 0.72)], 0.8, (0, 0))
            scene.shape(polygon([(0.25, -0.3), (0.8, -0.36), (0.8, 0.0), (0.25, 0.06)]), "prop", "object.2", _HELD, 0.8)


def _closed_book(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    with scene.placed(x, y - 0.75, scene.rng.normal(0, 0.15)):
        cover = outline([(-0.7, -0.85, 1), (0.7, -0.85, 1), (0.7, 0.85, 1), (-0.7, 0.85, 1)])
        leather = scene.shape(cover, "prop", "object.1", _HUGGED)
        cel.crescent(scene, leather, 0.1)
        scene.part(leather, [[(-0.52, -1), (-0.52, 1)]])
        scene.shape(ellipse(0.1, -0.2, 0.28, 0.28, 16), "prop", "accent", _HUGGED + 0.01, 0.8)


def _laptop(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    with scene.placed(x, y - 0.6, 0, (1.3, 1.3)):
        lid = outline([(-1.0, -0.95, 1), (1.0, -0.95, 1), (1.12, 0.4, 1), (-1.12, 0.4, 1)])
        cel.crescent(scene, scene.shape(lid, "prop", "metal", _HELD), 0.12)
        scene.shape(ellipse(0, -0.3, 0.15, 0.17, 14), "prop", "accent", _HELD + 0.01, 0.7)
        base = outline([(-1.15, 0.4, 1), (1.15, 0.4, 1), (1.2, 0.55, 1), (-1.2, 0.55, 1)])
        scene.shape(base, "prop", "object.1", _HELD + 0.01, 0.9)


def _cup(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    with scene.placed(x, y - 0.3, 0, (1.2, 1.2)):
        handle = tube([(0.3, -0.3), (0.68, -0.2), (0.62, 0.15), (0.28, 0.22)], [0.06, 0.06, 0.06, 0.06])
        scene.shape(handle.inked(0, 2), "prop", "object.1", _HELD, 0.8)
        mug = outline([(-0.36, -0.5, 1), (0.36, -0.5, 1), (0.32, 0.4, 1), (0, 0.46), (-0.32, 0.4, 1)])
        china = scene.shape(mug, "prop", "object.1", _HELD + 0.01)
        cel.crescent(scene, china, 0.12)
        scene.shape(ellipse(0, -0.5, 0.36, 0.1, 18), "prop", "leather", _HELD + 0.02, 0.8)
        if chance(scene.rng, 0.5):
            steam = scene.ghost(_HELD)
            for dx in (-0.12, 0.12):
                scene.stroke(steam, bezier((dx, -0.65), (dx + 0.15, -0.85), (dx, -1.1)), 0.5)
        if chance(scene.rng, 0.5):
            scene.part(china, [[(-1, -0.2), (1, -0.2)], [(-1, 0.1), (1, 0.1)]])


def _parcel(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    tall, wide = scene.rng.uniform(0.6, 1.0), scene.rng.uniform(0.8, 1.2)
    with scene.placed(x, y - tall * 0.8):
        box = outline([(-wide, -tall, 1), (wide, -tall, 1), (wide, tall, 1), (-wide, tall, 1)])
        front = scene.shape(box, "prop", "object.1", _HELD)
        lid = outline(
            [(-wide, -tall, 1), (-wide * 0.8, -tall - 0.35, 1), (wide * 0.8, -tall - 0.35, 1), (wide, -tall, 1)]
        )
        cel.whole(scene.shape(lid, "prop", "object.1", _HELD), -0.5)
        if chance(scene.rng, 0.6):
            for bar in (polygon([(-0.15, -tall), (0.15, -tall), (0.15, tall), (-0.15, tall)]),
                        polygon([(-wide, -0.1), (wide, -0.1), (wide, 0.15), (-wide, 0.15)])):  # fmt: skip
                scene.shape(bar, "prop", "accent", _HELD + 0.01, 0.8)
        else:
            scene.part(front, [[(-2, -tall * 0.5), (2, -tall * 0.5)]])


def _bouquet(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    rng = scene.rng
    with scene.placed(x, y - 0.5, 0, (1.25, 1.25)):
        for i in range(int(rng.integers(4, 8))):
            angle, far = rng.uniform(-1.0, 1.0), rng.uniform(0.7, 1.15)
            fx, fy = far * math.sin(angle), -far * math.cos(angle) - 0.1
            role, size = ("accent", "object.1", "cloth.4")[i % 3], rng.uniform(0.2, 0.3)
            petals = [ellipse(fx + size * math.cos(a), fy + size * math.sin(a), size * 0.62, size * 0.62, 12)
                      for a in np.arange(5) * 1.2566]  # fmt: skip
            scene.shape(petals, "prop", role, _HELD + 0.01 + 0.001 * i, 0.7)
            scene.shape(
                ellipse(fx, fy, size * 0.42, size * 0.42, 10), "prop", "object.2", _HELD + 0.0105 + 0.001 * i, 0.6
            )
        for angle in (-1.1, -0.4, 0.4, 1.1):
            tip = vector(1.25 * math.sin(angle), -1.25 * math.cos(angle) + 0.1)
            scene.shape(tube([(0, 0), tip / 2, tip], [0.05, 0.22, 0.02]), "prop", "object.3", _HELD, 0.8)
        wrap = outline([(-0.75, -0.7, 1), (0, -0.35), (0.75, -0.7, 1), (0.16, 0.6, 1), (-0.16, 0.6, 1)])
        paper = scene.shape(wrap, "prop", "cloth.4", _HELD + 0.03)
        scene.part(
            paper, [bezier((0.05, 0.7), (0.1, 0), (-0.4, -0.8)), bezier((0.05, 0.7), (0.15, 0), (0.5, -0.8))], 0.7
        )


def _ball(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    ball = scene.shape(ellipse(x, y - 0.6, 0.95, 0.95), "prop", "object.1", _HELD)
    cel.crescent(scene, ball, 0.25)
    with scene.placed(x, y - 0.6, scene.rng.uniform(0, 3)):
        lines = [
            bezier((-1, -0.4), (0, scene.rng.uniform(-0.4, 0.2)), (1, -0.4)),
            bezier((-0.1, -1), (0.2, 0), (-0.1, 1)),
        ]
        scene.part(ball, [*lines, bezier((-1, 0.5), (0, 0.1), (1, 0.5))])


def _plush(scene: Scene, body: Body) -> None:
    """A toy bear."""
    x, y = _middle(body)
    with scene.placed(x, y - 0.5, 0, (1.1, 1.1)):
        for s in SIDES:
            for place, size in (((0.5, -0.95), 0.24), ((0.68, 0.15), 0.3), ((0.5, 0.85), 0.34)):
                cel.crescent(
                    scene, scene.shape(ellipse(s * place[0], place[1], size, size), "prop", "object.1", _HELD), 0.08
                )
        trunk = scene.shape(ellipse(0, 0.35, 0.62, 0.68), "prop", "object.1", _HELD + 0.01)
        cel.crescent(scene, trunk, 0.12)
        scene.shape(ellipse(0, 0.42, 0.36, 0.42), "prop", "object.2", _HELD + 0.02, 0.8)
        head = scene.shape(ellipse(0, -0.55, 0.62, 0.54), "prop", "object.1", _HELD + 0.03)
        cel.crescent(scene, head, 0.1)
        scene.shape(ellipse(0, -0.4, 0.26, 0.2), "prop", "object.2", _HELD + 0.04, 0.7)
        for dx, dy in ((-0.24, -0.66), (0.24, -0.66), (0, -0.46)):
            scene.shape(ellipse(dx, dy, 0.06, 0.06, 10), "prop", "ink", _HELD + 0.05, 0.8)


def _tray(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    with scene.placed(x, y - 0.15):
        plate = outline([(-1.4, -0.1), (0, -0.28), (1.4, -0.1), (1.3, 0.12), (0, 0.22), (-1.3, 0.12)])
        scene.shape(plate, "prop", "metal", _HELD)
        for cx, role in ((-0.6, "object.1"), (0.5, "object.2")):
            glass = outline([(cx - 0.25, -0.85, 1), (cx + 0.25, -0.85, 1), (cx + 0.2, -0.05, 1), (cx - 0.2, -0.05, 1)])
            drink = scene.shape(glass, "prop", role, _HELD + 0.01, 0.9)
            scene.part(drink, [[(cx - 1, -0.6), (cx + 1, -0.6)]], 0.7)


def _guitar(scene: Scene, body: Body) -> None:
    hand = body.arms[1].palm
    start = vector(-0.35, 2.6)
    way = unit(hand - start)
    reach = float(np.hypot(*(hand - start)))
    with scene.placed(start[0], start[1], math.atan2(way[1], way[0])):
        neck = polygon([(0.4, -0.1), (reach + 0.6, -0.08), (reach + 0.6, 0.08), (0.4, 0.1)])
        scene.shape(neck, "prop", "leather", _HELD + 0.02, 0.9)
        end = reach + 0.5
        head = outline([(end, -0.14, 1), (end + 0.6, -0.22, 1), (end + 0.65, 0.2, 1), (end, 0.14, 1)])
        scene.shape(head, "prop", "leather", _HELD + 0.02, 0.9)
        half = [(1.0, 0.18), (0.75, -0.5), (0.2, -0.58), (-0.15, -0.46), (-0.6, -0.86), (-1.25, -0.62)]
        case = outline([*half, (-1.42, 0.0), *((px, -py) for px, py in reversed(half[1:]))])
        wood = scene.shape(case, "prop", "object.1", _HELD)
        cel.crescent(scene, wood, 0.15)
        scene.shape(ellipse(0.1, 0, 0.28, 0.28), "prop", "ink", _HELD + 0.01, 0.8)
        scene.shape(
            polygon([(-0.85, -0.3), (-0.7, -0.3), (-0.7, 0.3), (-0.85, 0.3)]), "prop", "leather", _HELD + 0.01, 0.8
        )
        strings = scene.ghost(_HELD + 0.025)
        for dy in (-0.05, 0.05):
            scene.stroke(strings, [(-0.78, dy), (reach, dy)], 0.35, (0, 0))
    strap = tube([(-1.2, 2.9), (-0.6, 1.2), (body.shoulder * 0.7, 0.15)], [0.09, 0.09, 0.09])
    scene.shape(strap.inked(0, 2), "prop", "accent", _STRAP, 0.8)


def _violin(scene: Scene, body: Body) -> None:
    hand, bow_hand = body.arms[1].palm, body.arms[-1].palm
    start = vector(0.75, 0.5)
    way = unit(hand - start)
    reach = float(np.hypot(*(hand - start)))
    with scene.placed(start[0], start[1], math.atan2(way[1], way[0])):
        half = [(0.72, -0.3), (0.35, -0.36), (0.12, -0.22), (-0.12, -0.26), (-0.5, -0.42)]
        case = outline([*half, (-0.75, 0.0), *((px, -py) for px, py in reversed(half))])
        wood = scene.shape(case, "prop", "object.1", _HELD)
        cel.crescent(scene, wood, 0.1)
        scene.shape(
            polygon([(0.2, -0.06), (reach, -0.05), (reach, 0.05), (0.2, 0.06)]), "prop", "ink", _HELD + 0.01, 0.8
        )
        scene.shape(ellipse(reach + 0.1, 0, 0.14, 0.12, 14), "prop", "leather", _HELD + 0.01, 0.8)
    far = start + (start - bow_hand) * 0.9 + vector(0.4, -0.3)
    stick = tube([bow_hand, (bow_hand + far) / 2 + vector(0, -0.1), far], [0.04, 0.035, 0.02])
    scene.shape(stick, "prop", "leather", _HELD + 0.1, 0.7)
    scene.stroke(scene.ghost(_HELD + 0.1), [bow_hand, far], 0.4, (0, 0))


def _clarinet(scene: Scene, body: Body) -> None:
    x, y = _middle(body)
    top = vector(0.05, -0.4)
    end = top + (vector(x, y) - top) * 1.35
    pipe = tube([top, (top + end) / 2, end - unit(end - top) * 0.3, end], [0.07, 0.1, 0.12, 0.32])
    wood = scene.shape(pipe, "prop", "object.1", _HELD + 0.1)
    cel.crescent(scene, wood, 0.05)
    for share in (0.3, 0.45, 0.6, 0.72):
        place = top + (end - top) * share
        scene.shape(ellipse(place[0], place[1], 0.06, 0.06, 10), "prop", "metal", _HELD + 0.11, 0.6)


def _drum(scene: Scene, body: Body) -> None:
    side = polygon([(-1.1, 2.7), (1.1, 2.7), (1.1, 3.9), (-1.1, 3.9)]).points
    low = bezier((1.1, 3.9), (0, 4.3), (-1.1, 3.9), 12)
    shell = scene.shape(outline([*side[:2].tolist(), *low.tolist()]), "prop", "object.1", _STRAP + 0.1)
    cel.crescent(scene, shell, 0.2)
    zigzag = [(x, 2.9 if i % 2 else 4.0) for i, x in enumerate(np.linspace(-1.2, 1.2, 9))]
    scene.part(shell, [zigzag], 0.6)
    scene.part(shell, [bezier((-1.3, 3.6), (0, 4.05), (1.3, 3.6))], 0.8)
    scene.shape(ellipse(0, 2.7, 1.1, 0.26), "prop", "cloth.4", _STRAP + 0.2)
    strap = tube([(-1.0, 2.75), (-0.2, 1.4), (body.shoulder * 0.7, 0.15)], [0.08, 0.08, 0.08])
    scene.shape(strap.inked(0, 2), "prop", "accent", _STRAP, 0.8)
    for s in SIDES:
        hand = body.arms[s].palm
        stick = tube([hand + vector(s * 0.15, 0.2), hand - vector(s * 0.55, 0.35)], [0.05, 0.06], cap=True)
        scene.shape(stick, "prop", "leather", body.arms[s].hand_depth - 0.01, 0.8)


def _shoulder_bag(scene: Scene, body: Body) -> None:
    """A bag at the hip, its strap across the chest or down from one shoulder."""
    rng = scene.rng
    s = 1 if chance(rng, 0.5) else -1
    top = -s if chance(rng, 0.7) else s
    x, y = s * (body.hip + 0.25), rng.uniform(2.9, 3.5)
    strap = tube(
        [(top * body.shoulder * 0.66, 0.12), (0.25 * (s + top), 1.5), (x - 0.15 * s, y - 0.3)], [0.08, 0.09, 0.08]
    )
    scene.shape(strap.inked(0, 2), "prop", "leather", _STRAP, 0.85)
    with scene.placed(x, y, -0.08 * s):
        cut = outline([(-0.7, -0.45, 1), (0.7, -0.45, 1), (0.75, 0.55), (0.6, 0.75), (-0.6, 0.75), (-0.75, 0.55)])
        bag = scene.shape(cut, "prop", "leather", _STRAP + 0.1)
        cel.crescent(scene, bag, 0.15)
        flap = outline([(-0.72, -0.46, 1), (0.72, -0.46, 1), (0.7, 0.1), (0, 0.3), (-0.7, 0.1)])
        role = choose(rng, ("leather", "leather", "cloth.3"))
        scene.shape(flap, "prop", role, _STRAP + 0.2, 0.9)
        scene.shape(ellipse(0, 0.22, 0.08, 0.08, 10), "prop", "metal", _STRAP + 0.3, 0.7)


def _backpack(scene: Scene, body: Body) -> None:
    """Straps over both shoulders; the pack behind, or, seen from behind, before the back."""
    w = body.shoulder
    role = choose(scene.rng, ("leather", "cloth.3", "object.1"))
    depth = depths.CAPE + 0.5 if body.back else depths.CAPE_BACK + 0.5
    half = [(w * 0.7, 0.25), (w + 0.15, 0.9), (w + 0.2, 2.6), (w * 0.8, 3.0)]
    pack = outline([*half, *((-x, y) for x, y in reversed(half))])
    canvas = scene.shape(pack, "prop", role, depth)
    cel.crescent(scene, canvas, 0.25)
    if body.back:
        scene.part(canvas, [bezier((-3, 1.2), (0, 1.5), (3, 1.2))], 0.9)
        pocket = outline([(-w * 0.7, 1.75, 1), (w * 0.7, 1.75, 1), (w * 0.68, 2.7), (-w * 0.68, 2.7)])
        scene.shape(pocket, "prop", role, depth + 0.1, 0.9)
        return
    for s in SIDES:
        strap = tube([(s * w * 0.62, 0.08), (s * w * 0.66, 1.0), (s * (w - 0.05), 1.9)], [0.13, 0.13, 0.11])
        scene.shape(strap.inked(0, 2), "prop", role, _STRAP, 0.9)


BELONGINGS = {
    "book": Belonging(3, _book, ("hold", "hold")),
    "closed_book": Belonging(1.5, _closed_book, ("crossed_under", "crossed_over")),
    "laptop": Belonging(1.5, _laptop, ("hold", "hold")),
    "cup": Belonging(2, _cup, ("present", "present")),
    "parcel": Belonging(2, _parcel, ("hold", "hold")),
    "bouquet": Belonging(1.5, _bouquet, ("hold", "hold")),
    "ball": Belonging(1, _ball, ("hold", "hold")),
    "plush": Belonging(1.5, _plush, ("hold", "hold")),
    "tray": Belonging(1, _tray, ("hold", "hold")),
    "guitar": Belonging(2, _guitar, ("strum", "neck")),
    "violin": Belonging(1.2, _violin, ("chest", "neck")),
    "clarinet": Belonging(1, _clarinet, ("hold", "present")),
    "drum": Belonging(1, _drum, ("front", "front")),
    "shoulder_bag": Belonging(4, _shoulder_bag),
    "backpack": Belonging(4, _backpack, behind=True),
}
"""Things by name."""
