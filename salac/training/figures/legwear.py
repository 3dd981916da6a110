"""Socks, stockings and shoes."""

from dataclasses import dataclass

import numpy as np

from . import cel, depths
from .anatomy import draw_legs
from .body import SIDES, Body, Leg, bone, two_bones
from .chance import chance, choose, weigh
from .curves import Points, along, bezier, outline, tube, unit, vector
from .scene import Scene
from .seams import ring
from .seats import draw_seat

SOCKS = {"ankle": 20.0, "knee": 25, "thigh": 25, "tights": 15, "bare": 15}
"""How high the legwear reaches, and how often it is drawn."""


@dataclass(frozen=True, slots=True)
class Shoe:
    """A shoe: the height of its opening over the ankle, its sole's role, and how far up a boot's shaft begins.

    `shaft` is the share of the shank from the knee that stays free; 1 means no shaft.
    """

    opening: float
    sole: str
    shaft: float = 1.0
    laces: bool = False
    strap: bool = False


SHOES = {
    "loafer": Shoe(-0.02, "leather", strap=True),
    "sneaker": Shoe(-0.12, "cloth.4", laces=True),
    "heel": Shoe(0.02, "leather"),
    "boot": Shoe(-0.3, "leather", shaft=0.62),
    "longboot": Shoe(-0.3, "leather", shaft=0.12),
}


_UPPERS = {"toe_cap": 0.4, "tongue": 0.3, "counter": 0.3, "foxing": 0.2}
"""Seams of a shoe's upper, and how often they are drawn; both shoes have the same."""


def _seam(name: str, toe: float) -> Points:
    """A seam across a shoe that points to the right, its toe `toe` long."""
    if name == "toe_cap":
        return bezier((0.08 + toe * 0.2, 0.75), (0.0 + toe * 0.2, 0.4), (0.3 + toe * 0.3, 0.1))
    if name == "tongue":
        return bezier((0.0, -0.4), (-0.02, 0.3), (0.35 + toe * 0.3, 0.36))
    if name == "counter":
        return bezier((-0.05, -0.4), (-0.08, 0.3), (0.06, 0.75))
    return bezier((-0.4, 0.44), (0.1, 0.42), (0.4 + toe, 0.5))


def draw_legwear(scene: Scene, body: Body) -> tuple[str, str]:
    """Legs with socks and shoes, in the body's frame; returns the names of both."""
    rng = scene.rng
    draw_legs(scene, body)
    draw_seat(scene, body)
    sock, shoe = weigh(rng, SOCKS), choose(rng, SHOES)
    sock_role = choose(rng, ("cloth.4", "cloth.4", "cloth.3", "accent"))
    shoe_role = choose(rng, ("leather", "leather", "cloth.2", "cloth.3", "accent"))
    garter = chance(rng, 0.5)
    cut = tuple(name for name, share in _UPPERS.items() if chance(rng, share))
    for s in SIDES:
        leg = body.legs[s]
        depth = depths.LEG + 0.1 + 0.5 * (s > 0) + leg.nearness
        _draw_sock(scene, body, leg, sock, sock_role, garter, depth)
        if leg.tucked:
            continue
        _draw_shoe(scene, body, leg, s, SHOES[shoe], shoe_role, cut, depth + (2.2 if leg.folded else 0.2))
    return sock, shoe


def _draw_sock(scene: Scene, body: Body, leg: Leg, kind: str, role: str, garter: bool, depth: float) -> None:
    k = body.bulk
    if kind in ("ankle", "knee"):
        high = kind == "knee"
        top = along(leg.knee, leg.ankle, 0.22 if high else 0.75)
        widths = (0.345 * k, 0.33 * k, 0.26 * k, 0.2 * k) if high else (0.225 * k, 0.205 * k, 0.2 * k)
        sock = scene.shape(bone(top, leg.ankle, widths), "legwear", role, depth)
        way = unit(leg.ankle - top)
        if not scene.plain:
            band = tube([top, top + way * 0.16], [widths[0] * 1.05, widths[0] * 1.05])
            scene.shape(band, "legwear", role, depth + 0.02, 0.85)
        cel.crescent(scene, sock, 0.12)
    elif kind in ("thigh", "tights"):
        start = along(leg.hip, leg.knee, 0.5 if kind == "thigh" else 0.0)
        first = 0.46 * k if kind == "thigh" else 0.51 * k
        upper, lower = (first, 0.435 * k, 0.37 * k, 0.335 * k), (0.325 * k, 0.345 * k, 0.28 * k, 0.2 * k)
        stocking = scene.shape(two_bones(start, leg.knee, leg.ankle, upper, lower), "legwear", role, depth)
        cel.crescent(scene, stocking, 0.15)
        if kind == "thigh":
            way = unit(leg.knee - start)
            band = tube([start - way * 0.1, start + way * 0.14], [0.485 * k, 0.475 * k])
            scene.shape(band, "legwear", "cloth.3" if garter else role, depth + 0.02, 0.9)


def _draw_shoe(
    scene: Scene, body: Body, leg: Leg, s: int, shoe: Shoe, role: str, cut: tuple[str, ...], depth: float
) -> None:
    rng, k = scene.rng, body.bulk
    toe = 0.3 if shoe is SHOES["heel"] else rng.uniform(0.3, 0.9)
    if shoe.shaft < 1:
        top = along(leg.knee, leg.ankle, shoe.shaft)
        widths = (0.36 * k, 0.36 * k, 0.29 * k, 0.26 * k) if shoe.shaft < 0.5 else (0.29 * k, 0.27 * k, 0.26 * k)
        shaft = scene.shape(bone(top, leg.ankle + vector(0, 0.12), widths), "shoes", role, depth + 0.02)
        cel.crescent(scene, shaft, 0.14)
        if "counter" in cut:
            scene.part(shaft, [ring(top, leg.ankle, 0.55, 0.5, 0.1), ring(top, leg.ankle, 0.85, 0.5, 0.06)])
        if "tongue" in cut:
            scene.part(shaft, [np.stack([top, leg.ankle]) + vector(0.1 * s, 0)])
        way = unit(leg.ankle - top)
        band = tube([top - way * 0.03, top + way * 0.16], [widths[0] * 1.06, widths[0] * 1.05])
        scene.shape(band, "shoes", role, depth + 0.04, 0.9)
    with scene.placed(leg.ankle[0], leg.ankle[1], -s * leg.angle * (1.0 if leg.folded else 0.6), (s * k**0.5, k**0.5)):
        upper = outline([
            (-0.22, shoe.opening, 1), (-0.25, 0.3), (-0.24, 0.56, 1), (0.05 + toe * 0.5, 0.62),
            (0.25 + toe * 0.55, 0.60, 1),
            (0.3 + toe * 0.5, 0.44), (0.15 + toe * 0.2, 0.22), (0.21, shoe.opening, 1),
        ])  # fmt: skip
        top_edge = upper if shoe.shaft >= 1 else upper.inked(0, 1, 2)
        leather = scene.shape(top_edge, "shoes", role, depth, 1.05)
        cel.crescent(scene, leather, 0.12)
        scene.part(leather, [_seam(name, toe) for name in cut], 0.7)
        sole = outline([
            (-0.25, 0.52, 1), (0.05 + toe * 0.5, 0.56), (0.26 + toe * 0.56, 0.53, 1), (0.25 + toe * 0.56, 0.66, 1),
            (0.05, 0.68),
            (-0.26, 0.66, 1),
        ])  # fmt: skip
        scene.shape(sole, "shoes", shoe.sole, depth + 0.01, 0.8)
        if shoe.laces:
            for place in (0.0, 0.12, 0.24):
                scene.stroke(leather, [(-0.02 + place * toe, place), (0.2 + place * toe, place + 0.04)], 0.6)
        if shoe.strap:
            scene.stroke(leather, bezier((-0.05, 0.22), (0.15, 0.3), (0.22 + toe * 0.2, 0.26)), 0.7)
