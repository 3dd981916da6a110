"""Hair styles as a table, and the way a style is put together from cap, back, sides, tails and fringe."""

import math
from dataclasses import dataclass

import numpy as np

from . import cel, depths
from .bangs import BANGS, NONE, SLICKED, draw_bangs
from .body import SIDES
from .chance import Range, between, chance, choose
from .curves import bezier, mix, polygon
from .head import Head, draw_skull
from .locks import Hairdo, make_hairdo
from .scene import Scene, Shape


@dataclass(frozen=True, slots=True)
class Back:
    """The mass behind: how far down it reaches (y in head units), how wide, how its hem is cut."""

    length: Range
    spread: Range = (1.0, 1.15)
    straight: float = 0.0
    inward: float = 0.0
    wave: float = 0.0


@dataclass(frozen=True, slots=True)
class Sides:
    """Locks beside the face: how far down they reach, how many a side, their half width."""

    length: Range
    count: int = 1
    width: float = 0.14
    blunt: bool = False
    wave: float = 0.0


@dataclass(frozen=True, slots=True)
class Tails:
    """Tied bunches: "both" sides, "one" side or "behind"; height of the roots and length."""

    where: str
    heights: tuple[float, ...]
    length: Range = (1.6, 4.2)
    low: bool = False
    ringlet: bool = False


@dataclass(frozen=True, slots=True)
class Spikes:
    """Locks standing off the skull: how far, whether they hang at the sides, whether only along the middle."""

    reach: float
    hanging: bool = True
    crest: bool = False


@dataclass(frozen=True, slots=True)
class HairStyle:
    """Everything about a hair style; what is None is absent.

    `cropped` hair lies close to the skull with a drawn hairline, `balding` leaves the crown bare, `ropes` are that many
    thick strands; `fluff` is the size of curls; with `crest` spikes stand along the middle only.
    """

    back: Back | None = None
    sides: Sides | None = None
    tails: Tails | None = None
    spikes: Spikes | None = None
    braids: int = 0
    buns: int = 0
    curls: Range | None = None
    fluff: float = 1.0
    cropped: bool = False
    balding: bool = False
    ropes: int = 0
    bangs: str = ""
    wave: float = 0.0
    male: bool = False
    female: bool = True
    profile: bool = False

    @property
    def covers(self) -> bool:
        """Whether hair covers the crown."""
        return self.back is not None or self.curls is not None or self.spikes is not None


_TIED_BACK = Back((0.85, 0.9), (0.88, 0.92), inward=0.4)
_CURTAIN = Sides((0.8, 1.5))

HAIR_STYLES = {
    "bob": HairStyle(Back((1.15, 1.5), straight=0.5, inward=0.12), Sides((1.0, 1.3), 2, 0.2), profile=True),
    "long": HairStyle(Back((2.2, 6.5), (1.0, 1.35)), Sides((1.0, 2.6), 2, 0.16), male=True, profile=True),
    "wavy": HairStyle(
        Back((2.2, 5.5), (1.1, 1.4), wave=0.1), Sides((1.0, 2.6), 2, 0.16, wave=0.05), wave=0.03, profile=True
    ),
    "hime": HairStyle(
        Back((2.8, 6.5), straight=0.6), Sides((0.85, 1.2), 1, 0.2, blunt=True), bangs="blunt", profile=True
    ),
    "halfup": HairStyle(Back((2.0, 4.5), (1.0, 1.3)), Sides((1.0, 2.0), 1, 0.15), buns=1),
    "twintails": HairStyle(_TIED_BACK, _CURTAIN, Tails("both", (-0.65, -0.2))),
    "lowtails": HairStyle(_TIED_BACK, _CURTAIN, Tails("both", (0.75, 0.85), (1.2, 2.8), low=True)),
    "sidetail": HairStyle(_TIED_BACK, _CURTAIN, Tails("one", (-0.4, -0.2))),
    "drills": HairStyle(_TIED_BACK, _CURTAIN, Tails("both", (-0.1, 0.35), (1.3, 2.4), ringlet=True)),
    "ponytail": HairStyle(
        _TIED_BACK, _CURTAIN, Tails("behind", (-0.75, 0.5), (2.0, 3.8)), male=True, profile=True
    ),
    "braids": HairStyle(Back((0.85, 0.9), (0.9, 0.92), inward=0.35), _CURTAIN, braids=2),
    "sidebraid": HairStyle(Back((0.95, 1.1), (0.92, 0.98), inward=0.3), _CURTAIN, braids=1),
    "buns": HairStyle(_TIED_BACK, Sides((0.8, 1.5), 2), buns=2),
    "bunned_tails": HairStyle(_TIED_BACK, _CURTAIN, Tails("both", (-0.6, -0.5), (2.4, 4.4)), buns=2),
    "curly": HairStyle(Back((0.85, 0.9)), Sides((0.8, 1.4), 2, 0.18, wave=0.07), curls=(0.6, 2.0), wave=0.03),
    "spiky": HairStyle(_TIED_BACK, Sides((0.55, 0.95), 2), spikes=Spikes(0.5, False), male=True, profile=True),
    "messy": HairStyle(
        Back((1.1, 1.2), (0.9, 1.0), inward=0.3), Sides((0.55, 0.95), 2), spikes=Spikes(0.2), male=True, profile=True
    ),
    "short": HairStyle(_TIED_BACK, Sides((0.45, 0.85), 2), spikes=Spikes(0.06), male=True, profile=True),
    "wolf": HairStyle(
        Back((1.6, 1.9), (0.9, 1.0), inward=0.2), Sides((0.6, 1.0), 2), spikes=Spikes(0.22), male=True, profile=True
    ),
    "pageboy": HairStyle(
        Back((0.95, 1.2), (1.0, 1.05), straight=1.0, inward=0.1), Sides((0.9, 1.1), 1, 0.22, blunt=True), bangs="blunt",
        male=True, profile=True,
    ),
    "bowl": HairStyle(
        Back((0.55, 0.7), (0.92, 0.96), straight=1.0, inward=0.3), Sides((0.35, 0.45), 1, 0.24, blunt=True),
        bangs="blunt", male=True, profile=True,
    ),
    "lob": HairStyle(Back((1.7, 2.1), (1.0, 1.1), straight=0.7), Sides((1.3, 1.8), 2, 0.18), profile=True),
    "pixie": HairStyle(_TIED_BACK, Sides((0.4, 0.6), 2, 0.12), spikes=Spikes(0.03), bangs="swept", profile=True),
    "curtained": HairStyle(
        Back((0.8, 0.95), (0.95, 1.0), inward=0.3), Sides((0.55, 0.8), 2, 0.15), bangs="curtain", male=True,
        profile=True,
    ),
    "center_parted": HairStyle(Back((2.4, 5.5), (1.0, 1.2)), Sides((1.5, 2.8), 2, 0.15), bangs="center", male=True),
    "swept_back": HairStyle(
        Back((0.8, 1.3), (0.9, 1.0), inward=0.3), spikes=Spikes(0.05), bangs="slicked", male=True
    ),
    "shoulder_tail": HairStyle(_TIED_BACK, _CURTAIN, Tails("one", (0.8, 0.95), (1.4, 2.6), low=True), male=True),
    "high_tail": HairStyle(_TIED_BACK, _CURTAIN, Tails("behind", (-1.0, -0.85), (2.2, 4.0)), male=True, profile=True),
    "long_tails": HairStyle(Back((2.2, 4.0)), _CURTAIN, Tails("both", (-0.5, -0.3), (1.2, 2.4))),
    "curled_ends": HairStyle(
        Back((1.6, 2.6), (1.15, 1.3), wave=0.16), Sides((1.2, 1.9), 2, 0.18, wave=0.09), wave=0.05, profile=True
    ),
    "mane": HairStyle(
        Back((1.9, 3.4), (1.15, 1.35)), Sides((0.9, 1.5), 2, 0.18), spikes=Spikes(0.3), male=True, profile=True
    ),
    "afro": HairStyle(curls=(0.55, 0.8), fluff=1.5, cropped=True, male=True),
    "cloud": HairStyle(sides=Sides((0.6, 1.0), 2, 0.18, wave=0.07), curls=(0.9, 1.5), fluff=1.25, male=True),
    "puffs": HairStyle(Back((0.5, 0.6), (0.86, 0.9), inward=0.5), buns=2, fluff=1.7, cropped=True),
    "topknot": HairStyle(Back((0.5, 0.6), (0.86, 0.9), inward=0.5), buns=1, cropped=True, male=True),
    "chignon": HairStyle(_TIED_BACK, Sides((0.7, 1.2), 1, 0.1), buns=1, bangs="parted"),
    "mohawk": HairStyle(spikes=Spikes(0.75, False, crest=True), cropped=True, male=True),
    "crew_cut": HairStyle(
        Back((0.45, 0.5), (0.85, 0.88), inward=0.5), spikes=Spikes(0.03, False), cropped=True, male=True, female=False,
        profile=True,
    ),
    "cropped": HairStyle(Back((0.45, 0.5), (0.85, 0.88), inward=0.5), cropped=True, male=True, profile=True),
    "side_parted": HairStyle(
        Back((0.5, 0.6), (0.88, 0.92), inward=0.5), Sides((0.25, 0.4), 1, 0.1), bangs="swept", male=True
    ),
    "dreadlocks": HairStyle(Back((0.9, 1.0), (0.9, 0.95), inward=0.3), ropes=9, bangs="none", male=True),
    "balding": HairStyle(balding=True, male=True, female=False),
    "bald": HairStyle(male=True, female=False, profile=True),
}  # fmt: skip


def draw_hair(scene: Scene, head: Head, face: Shape) -> tuple[Hairdo, str, str]:
    """Draw hair in the head's frame; returns it with the names of its style and its bangs."""
    rng = scene.rng
    name = choose(rng, [
        name for name, each in HAIR_STYLES.items()
        if (each.male if head.male else each.female) and (each.profile or not head.profile)
    ])  # fmt: skip
    hair, bangs = draw_hair_style(scene, head, face, name)
    return hair, name, bangs


def draw_hair_style(scene: Scene, head: Head, face: Shape, name: str) -> tuple[Hairdo, str]:
    """Draw the named style in the head's frame; returns the hair and the name of its bangs."""
    rng, style = scene.rng, HAIR_STYLES[name]
    hair = make_hairdo(scene, head)
    first = len(scene.shapes)
    if not style.covers:
        draw_skull(scene, head, face)
        if style.balding:
            hair.draw_fringe_of_hair()
        return hair, NONE
    bangs = _choose_bangs(hair, style)
    hair.draw_cap(smooth=style.curls is None, hairline=bangs == NONE)
    _draw_back(hair, style)
    _draw_bunches(hair, style)
    if style.spikes:
        _draw_spikes(hair, style.spikes)
    if style.ropes:
        _draw_ropes(hair, style.ropes)
    if style.sides:
        _draw_sides(hair, style.sides)
    draw_bangs(hair, bangs, style.wave)
    if chance(rng, 0.3 if head.style == "anime" else 0.05) and not style.cropped:
        _draw_stray_strands(hair)
    if chance(rng, 0.3) and not style.cropped:
        _draw_loose_strands(hair)
    if chance(rng, 0.85):
        hair.draw_ring()
    if chance(rng, 0.1):
        _dye_tips(scene, scene.shapes[first:], between(rng, (0.2, 1.4)))
    drop = (-scene.light[0] * 0.06, between(rng, (0.06, 0.14)))
    cel.cast(face, [*hair.shadows, *hair.front[:1]], *drop)
    return hair, bangs


def _choose_bangs(hair: Hairdo, style: HairStyle) -> str:
    rng = hair.scene.rng
    if style.cropped:
        return NONE
    kinds = [kind for kind in BANGS if not (hair.scene.plain and kind == "sparse")]
    return style.bangs or (SLICKED if chance(rng, 0.1) and not hair.head.profile else choose(rng, kinds))


def _draw_back(hair: Hairdo, style: HairStyle) -> None:
    rng, back = hair.scene.rng, style.back
    if style.curls:
        hair.draw_curls(between(rng, style.curls), style.fluff)
    if back is None:
        return
    shrink = 0.8 if hair.head.chibi and back.length[1] > 2 else 1.0
    hair.draw_back(
        between(rng, back.length) * shrink,
        between(rng, back.spread),
        straight_hem=chance(rng, back.straight),
        inward=back.inward,
        wave=back.wave,
    )


def _draw_bunches(hair: Hairdo, style: HairStyle) -> None:
    """Tails, braids and buns."""
    rng, head = hair.scene.rng, hair.head
    shrink = 0.8 if head.chibi else 1.0
    for s in SIDES:
        edge = hair.left if s < 0 else hair.right
        if style.tails and style.tails.where != "behind" and (style.tails.where == "both" or s == hair.sweep):
            _draw_side_tail(hair, style.tails, s, edge, shrink)
        if style.braids == 2 or (style.braids == 1 and s == hair.sweep):
            x, end = edge * 0.85, between(rng, (2.7, 3.8)) * shrink
            hair.draw_braid([(x, 0.85), (x + s * 0.18, 1.5), (x + s * 0.05, 2.2), (x - s * 0.1, end)], 0.2)
        if style.buns == 2:
            hair.draw_bun(edge * 0.72, hair.top * 0.86, between(rng, (0.3, 0.46)) * style.fluff**0.5)
    if style.buns == 1:
        hair.draw_bun(-0.2 * head.turn, hair.top * 1.12, between(rng, (0.32, 0.45)))
    if style.tails and style.tails.where == "behind":
        y = style.tails.heights[int(rng.integers(2))]
        root = (hair.left * 0.78, y)
        tip = (root[0] - rng.uniform(0.2, 0.9), y + between(rng, style.tails.length) * shrink)
        hair.draw_tail(root, tip, int(rng.integers(4, 7)), 0.32, bow=0.28, wave=0.04 * chance(rng, 0.3))
        hair.draw_tie(root, 0.16, depths.GLASSES)


def _draw_side_tail(hair: Hairdo, tails: Tails, s: int, edge: float, shrink: float) -> None:
    rng = hair.scene.rng
    x, y, length = (
        edge * 0.93,
        between(rng, (min(tails.heights), max(tails.heights))),
        between(rng, tails.length) * shrink,
    )
    depth = depths.TAIL
    if tails.low:
        depth = depths.BRAID
    elif s < 0 and hair.head.turn > 0.3:
        depth = depths.FRONT_TAIL
    if tails.ringlet:
        for k in (0, 1):
            hair.draw_ringlet((x + s * (0.12 + 0.34 * k), y + 0.15 * k), length * (1 - 0.2 * k), 0.24, depth - 0.2 * k)
    else:
        tip = (x + s * rng.uniform(0.3, 1.1), y + length)
        bow = -s * rng.uniform(0.1, 0.28)
        hair.draw_tail((x, y), tip, int(rng.integers(4, 7)), 0.3, bow=bow, depth=depth, wave=0.04 * chance(rng, 0.25))
    hair.draw_tie((x, y), 0.15, depths.ANIMAL_EAR if not tails.low else depths.BRAID + 1)


def _draw_spikes(hair: Hairdo, spikes: Spikes) -> None:
    """Locks around the skull, behind and before the cap."""
    rng = hair.scene.rng
    count = int(rng.integers(11, 18))
    first, last = (0.7 if hair.head.profile else -0.25), math.pi + 0.25
    if spikes.crest:
        first, last, count = 1.25, math.pi - 1.25, 6
    for i in range(count):
        angle = mix(first, last, (i + 0.5) / count) + rng.normal(0, 0.05)
        cosine, sine = math.cos(angle), math.sin(angle)
        x, y = cosine * (hair.right if cosine > 0 else -hair.left), sine * hair.top * 0.95
        reach = 1 + spikes.reach * rng.uniform(0.4, 1.2)
        if spikes.hanging:
            aside = 0.02 * cosine - 0.12 * cosine * abs(cosine) ** 3
            drop = rng.uniform(0.55, 0.95) * abs(cosine) ** 1.5
        else:
            aside, drop = 0.18 * cosine, 0.35 * abs(cosine) ** 1.5
        tip = (x * reach + aside - 0.1 * hair.sweep * spikes.reach, y * reach + drop)
        bend = float(np.sign(cosine)) * rng.uniform(-0.02, 0.2)
        depth = depths.SPIKES if chance(rng, 0.75) else depths.CAP + 0.5
        root = (x * 0.62, y * 0.62 - 0.1)
        hair.lock(root, tip, rng.uniform(0.15, 0.26), bend, depth, bare=0.4, belly=0.3, strand=False)


def _draw_ropes(hair: Hairdo, count: int) -> None:
    """Thick strands of even width from the crown, behind the face and beside it."""
    rng, turn = hair.scene.rng, hair.head.turn
    length = rng.uniform(0.9, 2.6)
    for i in range(count):
        place = 2 * i / (count - 1) - 1
        inner = abs(place) < 0.55
        x = place * (hair.right if place > 0 else -hair.left) * (1.0 if inner else 1.06) + 0.05 * turn
        depth = depths.BACK_HAIR + 1 if inner else depths.SIDE_LOCK - 0.2 * abs(place)
        tip = (x + 0.15 * place + rng.normal(0, 0.04), length * rng.uniform(0.85, 1.1))
        hair.lock(
            (x * 0.75, -0.75 + 0.3 * abs(place)), tip, 0.12, -0.1 * place, depth, bare=0.12, blunt=True, strand=False
        )


def _draw_sides(hair: Hairdo, sides: Sides) -> None:
    rng, turn, head = hair.scene.rng, hair.head.turn, hair.head
    length = between(rng, sides.length)
    for s in SIDES:
        far = s > 0
        if far and head.profile:
            continue
        for i in range(sides.count):
            if far:
                x = mix(0.86 + 0.09 * i, 0.80 + 0.07 * i, turn)
            elif head.profile:
                x = 0.04 - 0.16 * i
            else:
                x = mix(-0.86 - 0.09 * i, -0.66 - 0.17 * i, turn)
            tip = (x + s * rng.uniform(-0.12, 0.06) - s * 0.05, length * rng.uniform(0.8, 1.1) * (1 - 0.15 * i))
            width = sides.width * rng.uniform(0.8, 1.25) * (mix(1, 0.7, turn) if far else 1)
            lock = hair.lock(
                (x * 0.82, -0.42 - 0.1 * i), tip, width, -s * rng.uniform(0.02, 0.1), depths.SIDE_LOCK - 0.1 * i,
                bare=rng.uniform(0.2, 0.35), blunt=sides.blunt, wave=sides.wave, belly=rng.uniform(0.35, 0.6),
            )  # fmt: skip
            hair.front.append(lock)
            if i == 0:
                hair.shadows.append(lock)


def _draw_stray_strands(hair: Hairdo) -> None:
    """One or two strands that stand up at the crown."""
    rng = hair.scene.rng
    for _ in range(int(rng.integers(1, 3))):
        s = 1 if chance(rng, 0.5) else -1
        x, y = hair.parting[0], hair.top * 0.98
        tip = (x + s * rng.uniform(0.2, 0.55), y - rng.uniform(0.15, 0.5))
        hair.lock(
            (x, y + 0.1), tip, 0.07, -s * rng.uniform(0.2, 0.45), depths.STRAND, bare=0.1, belly=0.5, strand=False
        )


def _draw_loose_strands(hair: Hairdo) -> None:
    """Single strands that leave the hair and come back to it: background, face or hair shows through between."""
    scene, rng = hair.scene, hair.scene.rng
    for _ in range(int(rng.integers(1, 5))):
        s = -1 if hair.head.profile or chance(rng, 0.5) else 1
        edge = hair.left if s < 0 else hair.right
        y, long = rng.uniform(-0.8, 0.4), rng.uniform(0.5, 1.3)
        if chance(rng, 0.5):  # beside the hair
            ends, reach = (0.97 * edge, 0.92 * edge), edge * rng.uniform(1.15, 1.5)
        else:  # across the face
            ends, reach = (0.7 * edge, 0.82 * edge), edge * rng.uniform(0.2, 0.62)
        strand = bezier((ends[0], y), (reach, y + 0.5 * long), (ends[1], y + long), 16)
        if chance(rng, 0.5):
            scene.stroke(scene.ghost(depths.STRAND), strand, 0.6, (0.1, 0.1))
        else:
            hair.lock(
                strand[0], strand[-1], rng.uniform(0.02, 0.05), depth=depths.STRAND, bare=0, spine=strand, strand=False
            )


def _dye_tips(scene: Scene, shapes: list[Shape], height: float) -> None:
    """Give all hair below a height the second hair color, parted by a wavy line."""
    x = np.linspace(-9, 9, 60)
    edge = np.stack([x, height + 0.12 * np.sin(x * 4.0)], 1)
    below = np.concatenate([edge, [(9, 12), (-9, 12)]])
    for shape in shapes:
        if shape.part == "hair" and not shape.solid:
            scene.printed([polygon(below)], "hair.2", shape)
