"""The fringe over the forehead, as a table of styles."""

from dataclasses import dataclass

import numpy as np

from . import depths
from .curves import mix
from .locks import Hairdo


@dataclass(frozen=True, slots=True)
class Bangs:
    """How the locks of a fringe lie, as changes to an even row of locks.

    Attributes:
        parting: they part at the hair's "line", the face's "middle", or not at all ("").
        fan: how far parted locks sweep outward.
        lift: change of the tips' height (negative is higher).
        drop: how much lower the tips hang per unit away from the parting.
        sweep: how far all tips move to the side the hair falls to.
        blunt: cut straight.
        width: of the locks relative to the usual.
        ragged: deviation of the tips' heights.
        cover: how much lower the tips hang on the side that covers an eye.
    """

    parting: str = ""
    fan: float = 0.0
    lift: float = 0.0
    drop: float = 0.0
    sweep: float = 0.0
    blunt: bool = False
    width: float = 1.0
    ragged: float = 0.07
    cover: float = 0.0


BANGS = {
    "zigzag": Bangs(),
    "parted": Bangs(parting="line", fan=0.26, lift=-0.10, drop=0.25),
    "center": Bangs(parting="middle", fan=0.26, lift=-0.35, drop=0.5),
    "curtain": Bangs(parting="middle", fan=0.34, lift=-0.10, drop=0.5),
    "swept": Bangs(sweep=0.22),
    "blunt": Bangs(blunt=True, ragged=0.006),
    "micro": Bangs(blunt=True, ragged=0.02, lift=-0.22),
    "sparse": Bangs(width=0.62, ragged=0.14),
    "eyecover": Bangs(sweep=0.1, cover=0.42),
    "shaggy": Bangs(sweep=0.12, ragged=0.13, lift=0.08, width=0.9),
}
SLICKED = "slicked"
"""No fringe: two wide locks leave the forehead bare."""
NONE = "none"
"""Neither fringe nor locks: the cap ends in a hairline."""


def draw_bangs(hair: Hairdo, kind: str, wave: float) -> None:
    """Draw a fringe of the named kind."""
    if kind == NONE:
        return
    if kind == SLICKED:
        _draw_slicked(hair)
        return
    style, scene, rng, turn = BANGS[kind], hair.scene, hair.scene.rng, hair.head.turn
    left, right = (0.0, 0.86) if hair.head.profile else (mix(-0.86, -0.60, turn), mix(0.86, 0.84, turn))
    count = int(rng.integers(3, 6) if scene.plain else rng.integers(4, 8))
    base = rng.uniform(-0.16, 0.12) + hair.head.manner.fringe
    middle, reach = (left + right) / 2, (right - left) / 2
    bounds = np.linspace(left, right, count + 1) + rng.normal(0, 0.03, count + 1)
    if style.blunt:
        base = base * 0.6 + 0.03
    locks = []
    for x, width in zip((bounds[:-1] + bounds[1:]) / 2, np.diff(bounds) / 2, strict=True):
        place = (x - middle) / reach
        tip_x, tip_y = x, base + style.lift + rng.normal(0, style.ragged) + (0.05 if style.blunt else 0.18) * place**2
        bend = (-0.05 if style.blunt else -0.12) * place
        root = (hair.parting[0] + (x - hair.parting[0]) * 0.55, hair.top * 0.66 + 0.22 * place**2)
        if style.parting:
            center = hair.parting[0] if style.parting == "line" else middle + 0.1 * turn
            away, s = abs(x - center), 1 if x > center else -1
            tip_x += s * style.fan * (1 - away * 0.5)
            tip_y += style.drop * away
            bend = -s * 0.16
            root = (center + (x - center) * 0.3, hair.top * 0.86)
        elif not style.blunt:
            tip_x += rng.normal(0, 0.04) + style.sweep * hair.sweep
            bend -= 0.45 * style.sweep * hair.sweep
        if style.cover and place * hair.sweep > 0.1:
            tip_y += style.cover
        wide = width * (1.08 if style.blunt else rng.uniform(1.2, 1.5)) * style.width
        locks.append((abs(place + 0.3 * hair.sweep), root, (tip_x, tip_y), wide, bend))
    for _, root, tip, wide, bend in sorted(locks, reverse=True):
        lock = hair.lock(
            root, tip, wide, bend, bare=rng.uniform(0.18, 0.5), blunt=style.blunt, wave=wave,
            belly=rng.uniform(0.3, 0.5),
        )  # fmt: skip
        hair.front.append(lock)
        hair.shadows.append(lock)
    if not scene.plain and (style.width < 1 or rng.random() < 0.3):
        for _ in range(int(rng.integers(1, 4))):
            x = rng.uniform(left, right) * 0.7
            root = (hair.parting[0] + (x - hair.parting[0]) * 0.5, hair.top * 0.66)
            tip = (x + rng.normal(0, 0.1), base + rng.uniform(0.05, 0.25))
            bend = rng.normal(0, 0.1)
            hair.front.append(hair.lock(root, tip, 0.05, bend, depths.BANGS + 0.5, bare=0.45, strand=False))


def _draw_slicked(hair: Hairdo) -> None:
    for edge, bend in ((hair.left, 0.22), (hair.right, -0.22)):
        root, tip = (hair.parting[0], hair.top * 0.9), (edge * 0.93, 0.15)
        hair.front.append(hair.lock(root, tip, 0.3, bend, bare=0.3))
