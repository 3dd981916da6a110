"""Heads seen from behind: hair all over, ears at its sides, tails and braids in front of the clothes."""

import math

from . import cel, depths
from .body import SIDES
from .chance import between, chance, choose
from .curves import bezier, join, spline, vector
from .hair import HAIR_STYLES, HairStyle
from .head import Head
from .locks import Hairdo, make_hairdo
from .scene import Scene

_FALLS = depths.CAP + 0.3
"""Depth of hair that falls over the back."""


def draw_hair_from_behind(scene: Scene, head: Head) -> str:
    """Draw a head of hair as seen from behind, in the head's frame; returns the name of its style."""
    rng = scene.rng
    name = choose(rng, [
        name for name, each in HAIR_STYLES.items()
        if each.covers and not each.ropes and not (each.spikes and each.spikes.crest)
        and (each.male if head.male else each.female)
    ])  # fmt: skip
    style, hair = HAIR_STYLES[name], make_hairdo(scene, head)
    if style.curls:
        hair.draw_curls(between(rng, style.curls), style.fluff, depths.CAP)
        return name
    if style.spikes and not style.cropped:
        _draw_spikes(hair, style.spikes.reach)
    _draw_cap(hair, style)
    _draw_bunches(hair, style)
    return name


def _draw_cap(hair: Hairdo, style: HairStyle) -> None:
    """The hair on the back of the head, down to its nape or over the back."""
    scene, rng, left, right, top = hair.scene, hair.scene.rng, hair.left, hair.right, hair.top
    long = style.back is not None and style.back.length[1] > 1.0
    length = between(rng, style.back.length) if style.back and long else rng.uniform(0.78, 0.98)
    length *= 0.8 if hair.head.chibi and length > 2 else 1.0
    spread = between(rng, style.back.spread) if style.back and long else 0.78
    half = [(1.0, -0.05), (0.93, top * 0.40), (0.72, top * 0.74), (0.38, top * 0.95)]
    low = [(0.97 if long else 0.98, 0.35), (0.5 + 0.5 * spread if long else 0.9, 0.35 + 0.35 * (length - 0.35))]
    flank = [(spread, length * 0.97), *reversed(low), *half]
    rim = spline([*((left * x, y) for x, y in flank), (0, top * 1.01), *((right * x, y) for x, y in reversed(flank))])
    hem, valleys = hair.hem(rim[-1], rim[0], length, chance(rng, style.back.straight if style.back else 0.0))
    mass = scene.shape(join(rim, *hem), "hair", "hair", depths.CAP, 0)
    for edge in (rim, *hem):
        scene.stroke(mass, edge, 1.1, (0.5, 0.5))
    cel.crescent(scene, mass, 0.2)
    hair.front.append(mass)
    whorl = vector(0.12 * hair.sweep, top * 0.8)
    for valley in valleys:
        start, end = sorted(rng.uniform(0.0, 0.75, 2))
        line = bezier(valley, vector(valley[0] * 1.05, (valley[1] + whorl[1]) / 2), whorl, 30)
        if hair.parted and chance(rng, 0.7):
            scene.part(mass, [line], 0.8)
            continue
        scene.stroke(mass, line[int(30 * start * 0.4) : int(30 * end) + 5], 0.75, (0.2, 2))
    for _ in range(int(3 + 6 * hair.detail)):
        end = vector(rng.uniform(left, right) * 0.9, rng.uniform(-0.6, 0.4))
        line = bezier(whorl, vector(end[0] * 1.1, whorl[1] * 0.7), end, 16)
        scene.stroke(mass, line[int(rng.integers(0, 5)) : int(rng.integers(9, 16))], 0.6, (1.4, 1.8))
    if chance(rng, 0.6):
        hair.draw_ring()


def _draw_bunches(hair: Hairdo, style: HairStyle) -> None:
    """Tails, braids and buns, all nearer than the body."""
    rng, shrink = hair.scene.rng, 0.8 if hair.head.chibi else 1.0
    tails = style.tails
    if tails and tails.where == "behind":
        y = tails.heights[int(rng.integers(2))]
        tip = (rng.normal(0, 0.25), y + between(rng, tails.length) * shrink)
        hair.draw_tail((0, y), tip, int(rng.integers(4, 7)), 0.32, bow=rng.normal(0, 0.04), depth=_FALLS)
        hair.draw_tie((0, y), 0.18, _FALLS + 0.5)
    for s in SIDES:
        edge = hair.left if s < 0 else hair.right
        if tails and tails.where != "behind" and (tails.where == "both" or s == hair.sweep):
            x, y = edge * 0.9, between(rng, (min(tails.heights), max(tails.heights)))
            tip = (x + s * rng.uniform(0.2, 0.9), y + between(rng, tails.length) * shrink)
            hair.draw_tail((x, y), tip, int(rng.integers(4, 7)), 0.3, bow=-0.2 * s, depth=_FALLS)
            hair.draw_tie((x, y), 0.16, _FALLS + 0.5)
        if style.buns == 2:
            hair.draw_bun(edge * 0.72, hair.top * 0.86, between(rng, (0.3, 0.46)))
        if style.braids == 2:
            hair.draw_braid([(edge * 0.5, 0.8), (edge * 0.6, 1.6), (edge * 0.5, 2.9 * shrink)], 0.2, _FALLS)
    if style.braids == 1:
        hair.draw_braid([(0, 0.7), (0.1, 1.6), (0.0, rng.uniform(2.6, 4.2) * shrink)], 0.22, _FALLS)
    if style.buns == 1:
        hair.draw_bun(0, hair.top * rng.uniform(0.3, 1.1), between(rng, (0.32, 0.45)), _FALLS)


def _draw_spikes(hair: Hairdo, reach: float) -> None:
    rng = hair.scene.rng
    for angle in rng.permutation(13) / 12 * (math.pi + 0.5) - 0.25:
        x, y = math.cos(angle) * hair.right, math.sin(angle) * hair.top * 0.95
        far = 1 + reach * rng.uniform(0.4, 1.2)
        tip = (x * far, y * far + 0.4 * abs(math.cos(angle)) ** 1.5)
        hair.lock((x * 0.6, y * 0.6), tip, rng.uniform(0.15, 0.26), 0.1, depths.SPIKES, bare=0.4, strand=False)
