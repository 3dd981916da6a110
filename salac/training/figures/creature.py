"""What makes a figure more than human: ears, horns, tails, wings and halos, as a table of creatures."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from . import cel, depths
from .body import SIDES
from .chance import Rng, chance, side, weigh
from .curves import array, bezier, ellipse, join, mix, outline, spline, tube, vector
from .locks import Hairdo
from .scene import Scene

Controls = list[tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Ears:
    """Upright ears: height and half width in head units, whether the tip is round, color role; or hanging ones."""

    tall: float
    wide: float
    round_tip: bool = False
    role: str = "hair"
    hanging: bool = False


@dataclass(frozen=True, slots=True)
class Creature:
    """A kind of creature: how often it is drawn, and which parts it has."""

    share: float
    ears: Ears | None = None
    horns: bool = False
    halo: bool = False
    tail: str = ""
    wings: str = ""


CREATURES = {
    "human": Creature(78),
    "cat": Creature(6, Ears(0.62, 0.34), tail="long"),
    "fox": Creature(3.5, Ears(0.85, 0.36), tail="bushy"),
    "rabbit": Creature(3, Ears(1.5, 0.22, round_tip=True, role="cloth.4")),
    "dog": Creature(3, Ears(0.55, 0.3, hanging=True), tail="bushy"),
    "demon": Creature(3.5, horns=True, tail="arrow", wings="leather"),
    "dragon": Creature(1.5, horns=True, tail="thick", wings="leather"),
    "angel": Creature(1.5, halo=True, wings="feather"),
}
"""Creatures by name. Tails and wings are drawn with some of them only."""

TAILS = {
    "long": (0.14, 0.15, 0.15, 0.14, 0.11),
    "bushy": (0.12, 0.34, 0.52, 0.44, 0.05),
    "arrow": (0.10, 0.09, 0.08, 0.07, 0.06),
    "thick": (0.50, 0.42, 0.30, 0.18, 0.02),
}
"""Half widths of tails from root to tip."""


def choose_creature(rng: Rng) -> str:
    """Draw lots for what a figure is."""
    return weigh(rng, {name: creature.share for name, creature in CREATURES.items()})


def draw_creature_body(scene: Scene, kind: str) -> None:
    """Tail and wings, behind the body, in the body's frame."""
    creature = CREATURES[kind]
    if creature.tail and chance(scene.rng, 0.7):
        _draw_tail(scene, creature.tail)
    if creature.wings and chance(scene.rng, 0.7):
        for s in SIDES:
            if creature.wings == "feather":
                _draw_feathered_wing(scene, s)
            else:
                _draw_leather_wing(scene, s)


def draw_creature_head(hair: Hairdo, kind: str) -> None:
    """Ears, horns and halo, in the head's frame; heads in profile go without."""
    creature = CREATURES[kind]
    if hair.head.profile:
        return
    if creature.ears:
        for s in SIDES:
            if creature.ears.hanging:
                _draw_hanging_ear(hair, creature.ears, s)
            else:
                _draw_upright_ear(hair, creature.ears, s)
    if creature.horns:
        for s in SIDES:
            _draw_horn(hair, s)
    if creature.halo:
        ring = ellipse(0, hair.top - 0.45, 0.72, 0.17)
        hole = ellipse(0, hair.top - 0.45, 0.56, 0.09)
        band = join(ring.edges[0], hole.edges[0][::-1])
        hair.scene.shape(band, "accessory", "metal", depths.SPIKES - 0.2, 0.9)


def _draw_upright_ear(hair: Hairdo, ears: Ears, s: int) -> None:
    scene, turn, tall, wide = hair.scene, hair.head.turn, ears.tall, ears.wide
    x, y = s * 0.58 * mix(1, 0.88, turn) + 0.06 * turn, hair.top * 0.80
    tip = (x + s * 0.22, y - tall) if ears.round_tip else (x + s * 0.22, y - tall, 1)
    rim: Controls = [
        (x - s * wide * 0.9, y + 0.12, 1), (x - s * wide * 0.35, y - tall * 0.5), tip,
        (x + s * (wide * 0.9 + 0.12), y - tall * 0.42), (x + s * wide * 1.1, y + 0.35, 1),
    ]  # fmt: skip
    ear = scene.shape(outline(rim), "accessory", ears.role, depths.ANIMAL_EAR, 1.05)
    cel.crescent(scene, ear, 0.1)
    center_x, center_y = x + s * 0.08, y - tall * 0.25
    inner = [(mix(center_x, c[0], 0.58), mix(center_y, c[1], 0.62), *c[2:]) for c in rim]
    scene.shape(outline(inner), "accessory", "lips", depths.ANIMAL_EAR + 0.1, 0.75)


def _draw_hanging_ear(hair: Hairdo, ears: Ears, s: int) -> None:
    scene, turn = hair.scene, hair.head.turn
    x, y = s * 0.58 * mix(1, 0.88, turn) + 0.06 * turn, hair.top * 0.80
    flap = outline([
        (x - s * 0.15, y - 0.1, 1), (x + s * 0.3, y - 0.22), (x + s * 0.62, y + 0.25), (x + s * 0.55, y + 0.6, 1),
        (x + s * 0.3, y + 0.35), (x + s * 0.12, y + 0.2, 1),
    ])  # fmt: skip
    cel.crescent(scene, scene.shape(flap, "accessory", ears.role, depths.ANIMAL_EAR, 1.05), 0.1)


def _draw_horn(hair: Hairdo, s: int) -> None:
    scene, turn = hair.scene, hair.head.turn
    x, y = s * 0.55 * mix(1, 0.9, turn) + 0.05 * turn, hair.top * 0.82
    cut = tube([(x - s * 0.1, y + 0.3), (x + s * 0.3, y - 0.2), (x + s * 0.25, y - 0.7)], [0.16, 0.13, 0.01])
    horn = scene.shape(cut, "accessory", "leather", depths.SPIKES - 0.3)
    cel.crescent(scene, horn, 0.08)
    left, right = cut.edges[0], cut.edges[2][::-1]
    for place in (4, 7):
        dip = (left[place] + right[place]) / 2 + vector(0, -0.06)
        scene.stroke(horn, bezier(left[place], dip, right[place]), 0.6, (0.2, 0.2))


def _draw_tail(scene: Scene, kind: str) -> None:
    """A tail that rises from behind the hips to one side."""
    s, lift = side(scene.rng), scene.rng.uniform(0, 1.2)
    spine = array(
        [(s * 0.2, 3.1), (s * 1.3, 4.4), (s * 2.3, 3.9 - 0.4 * lift), (s * 2.4, 2.7 - lift), (s * 3.0, 2.0 - lift)]
    )
    role = "leather" if kind in ("arrow", "thick") else "hair"
    depth = depths.CAPE_BACK - 0.5
    tail = scene.shape(tube(spine, TAILS[kind], cap=kind == "long", samples=10), "accessory", role, depth)
    cel.crescent(scene, tail, 0.14)
    end = spine[-1]
    if kind == "bushy" and chance(scene.rng, 0.6):
        zigzag = [
            end + vector(s * dx, dy) for dx, dy in ((-1.3, 0.7), (-0.9, 0.35), (-0.75, 0.75), (-0.4, 0.5), (-0.2, 1.0))
        ]
        tip = join(
            array(zigzag),
            array([end + vector(s * 0.6, 0.9), end + vector(s * 0.6, -0.8), end + vector(-s * 1.5, -0.5)]),
        )
        scene.printed([tip], "cloth.4", tail, 0.7)
    if kind == "arrow":
        with scene.placed(end[0], end[1], math.atan2(-0.7, s * 0.6)):
            head = outline([(0.45, 0, 1), (0.05, -0.26), (-0.12, -0.3, 1), (0, 0), (-0.12, 0.3, 1), (0.05, 0.26)])
            scene.shape(head, "accessory", role, depth + 0.1)


def _draw_leather_wing(scene: Scene, s: int) -> None:
    """A bat's wing: an arm, fingers, and skin scalloped between them."""
    root = vector(s * 0.3, 0.9)
    wrist = root + vector(s * 1.7, -1.8)
    tips = [root + vector(s * dx, dy) for dx, dy in ((4.0, -1.5), (3.8, 0.3), (2.9, 1.3), (1.5, 1.6))]
    edges = [bezier(root, root + vector(s * 0.6, -1.4), wrist), bezier(wrist, wrist + vector(s * 1.5, -0.3), tips[0])]
    for near, far in pairwise(tips):
        edges.append(bezier(near, (near + far) / 2 + (wrist - (near + far) / 2) * 0.3, far))
    edges.append(bezier(tips[-1], (tips[-1] + root) / 2 + vector(0, -0.2), root))
    wing = scene.shape(join(*edges), "accessory", "leather", depths.CAPE_BACK - 1)
    cel.crescent(scene, wing, 0.2)
    for tip in tips[1:]:
        scene.stroke(wing, bezier(wrist, (wrist + tip) / 2 + vector(s * 0.25, 0), tip), 0.9, (0.1, 0.6))


def _draw_feathered_wing(scene: Scene, s: int) -> None:
    """A bird's wing: three rows of feathers hanging from a bowed arm, the longest behind."""
    for row, (count, length) in enumerate(((7, 2.6), (6, 1.7), (5, 0.9))):
        for i in range(count):
            share = i / (count - 1)
            base = vector(s * (0.4 + 2.3 * share), 0.9 - 1.9 * math.sin(share * 1.9))
            turn = mix(0.15, 1.1, share) + 0.05 * row
            tip = base + length * mix(0.75, 1.15, share) * vector(s * math.sin(turn), math.cos(turn))
            middle = (base + tip) / 2
            feather = tube([base, middle, tip], [0.16, 0.27, 0.1], cap=True)
            plume = scene.shape(
                feather.inked(0, 1, 2), "accessory", "cloth.4", depths.CAPE_BACK - 1 + 0.1 * row + 0.01 * i, 0.85
            )
            cel.crescent(scene, plume, 0.1, 0.8)
    arm = spline([(s * 0.3, 1.0), (s * 0.9, -0.2), (s * 1.9, -1.05), (s * 2.8, -0.75)])
    ridge = tube(arm[::4], np.linspace(0.22, 0.14, len(arm[::4])).tolist(), cap=True)
    cel.crescent(scene, scene.shape(ridge, "accessory", "cloth.4", depths.CAPE_BACK - 0.6), 0.1)
