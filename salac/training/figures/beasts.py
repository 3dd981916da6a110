"""Cartoon animals that stand upright: tail, legs, body, what they wear, arms, and the head."""

import math

import numpy as np

from . import cel, depths
from .bestiary import BEASTS, Artist
from .body import SIDES
from .chance import between, chance, side, weigh
from .curves import bezier, ellipse, outline, spline, tube, vector
from .muzzles import draw_beast_head
from .scene import Scene, Shape
from .trimmings import draw_bow


def draw_beast(scene: Scene) -> list[str]:
    """Draw one animal with its head at the origin of the current frame; returns its identity."""
    rng = scene.rng
    name = weigh(rng, {name: beast.share for name, beast in BEASTS.items()})
    beast = BEASTS[name]
    artist = Artist(scene, beast, between(rng, beast.width), rng.uniform(3.6, 4.8))
    first = len(scene.shapes)
    _draw_tail(artist)
    _draw_legs(artist)
    body = _draw_body(artist)
    worn = _dress(artist, body)
    _draw_arms(artist, worn)
    draw_beast_head(artist)
    if chance(rng, 0.6):
        _draw_tufts(artist, [shape for shape in scene.shapes[first:] if shape.contours])
    return [f"beast:{name}", f"outfit:{worn or 'none'}"]


def _draw_tail(artist: Artist) -> None:
    s, low, rng, kind = side(artist.rng), artist.low, artist.rng, artist.beast.tail
    ways = {
        "stub": ([(s * artist.width * 0.8, low - 0.6), (s * (artist.width + 0.35), low - 0.7)], [0.3, 0.3]),
        "thin": ([(0, low - 0.4), (s * 1.9, low + 0.1), (s * 2.4, low - 0.9), (s * 2.2, low - 1.8)], [0.15] * 4),
        "bushy": ([(0, low - 0.4), (s * 1.7, low), (s * 2.5, low - 1.2), (s * 2.9, low - 2.3)], [0.2, 0.55, 0.6, 0.03]),
        "curled": ([(s * 0.4, low - 0.2), (s * 1.9, low - 0.4), (s * 2.4, low - 2.0), (s * 2.1, low - 3.3),
                    (s * 2.9, low - 3.5), (s * 2.9, low - 2.9)], [0.4, 0.7, 0.8, 0.7, 0.5, 0.2]),
        "thick": ([(0, low - 0.7), (s * 1.6, low + 0.2), (s * 2.7, low), (s * 3.3, low - 0.8)], [0.9, 0.6, 0.3, 0.02]),
        "fan": ([(s * 0.6, low - 0.3), (s * (artist.width + 0.6), low + 0.1)], [0.3, 0.5]),
    }  # fmt: skip
    if kind not in ways:
        return
    spine, widths = ways[kind]
    tail = artist.fur(tube(spine, widths, cap=kind != "thick", samples=10), depths.CAPE_BACK)
    line = spline(spine)
    if kind in ("bushy", "curled", "thin") and chance(rng, 0.6):
        end = line[-1]
        scene_tip = ellipse(float(end[0]), float(end[1]), 0.75, 0.75)
        tip = artist.scene.printed([scene_tip], artist.beast.belly, tail, 0.7)
        tip.tones = []
    if kind in ("bushy", "thick") and chance(rng, 0.5):
        artist.scene.part(tail, [line], 0.7)


def _draw_legs(artist: Artist) -> None:
    """Short legs with big feet, the toes or claws closed one by one."""
    scene, rng, low, beast = artist.scene, artist.rng, artist.low, artist.beast
    foot_role = "accent" if beast.wings else beast.coat[1]
    long, wide = rng.uniform(0.5, 1.0), rng.uniform(0.42, 0.6)
    toes, sole = int(rng.integers(2, 4)), chance(rng, 0.2)
    for s in SIDES:
        x = s * artist.width * 0.52
        bone = [(x, low - 0.45), (x, low + 0.5)]
        if beast.wings:
            leg = scene.shape(tube(bone, [0.14, 0.12]).inked(0, 2), "skin", foot_role, depths.TORSO - 0.5)
        else:
            leg = artist.fur(tube(bone, [0.5, 0.46]).inked(0, 2), depths.TORSO - 0.5)
        center = vector(x + s * long * 0.25, low + 0.55)
        cut = ellipse(center[0], center[1], wide + 0.2 * long, 0.34)
        foot = scene.shape(cut, "skin" if beast.wings else beast.coat[0], foot_role, depths.LEG + 0.5)
        cel.crescent(scene, foot, 0.1)
        for i in range(toes):
            dx = (i - (toes - 1) / 2) * 0.32
            scene.stroke(foot, [center + vector(dx, 0.34), center + vector(dx * 0.9, 0.08)], 0.7, (0, 0.6))
        if sole and not beast.wings:
            artist.pale(ellipse(center[0], center[1] + 0.04, 0.28, 0.18, 18), depths.LEG + 0.6, 0.7)
        if chance(rng, 0.2):
            scene.part(leg, [[(x - 1, low), (x + 1, low + 0.05)]])


def _draw_body(artist: Artist) -> Shape:
    """A pear, its belly patch, and rings across that of a dragon."""
    scene, rng, w, low = artist.scene, artist.rng, artist.width, artist.low
    neck = w * rng.uniform(0.5, 0.75)
    half = [(neck, 0.6), (w * 0.85, 1.6), (w, low * 0.66), (w * 0.85, low - 0.1)]
    body = artist.fur(outline([*half, (0, low + 0.15), *((-x, y) for x, y in reversed(half)), (0, 0.4)]), depths.TORSO)
    if chance(rng, 0.85):
        middle, tall = (low + 1.5) / 2, (low - 1.0) / 2
        belly = artist.pale(ellipse(0, middle, w * rng.uniform(0.55, 0.75), tall), depths.TORSO + 0.1, clip=body)
        cel.crescent(scene, belly, 0.1)
        if artist.beast.scaly or chance(rng, 0.15):
            heights = np.arange(1.3, low, rng.uniform(0.35, 0.6))
            scene.part(belly, [bezier((-w, y), (0, y + 0.2), (w, y)) for y in heights], 0.7)
    if artist.beast.snout == "beak" and chance(rng, 0.5):  # rows of feathers
        for y in np.arange(1.6, low - 0.4, 0.5):
            for x in np.linspace(-0.6, 0.6, 4):
                scene.stroke(body, bezier((x * w - 0.14, y), (x * w, y + 0.24), (x * w + 0.14, y)), 0.55, (0.3, 0.3))
    return body


_WORN = {"": 50.0, "scarf": 12, "bow": 8, "vest": 12, "shirt": 16, "cape": 4}


def _dress(artist: Artist, body: Shape) -> str:
    """Sometimes put something on; returns its name."""
    scene, rng, w, low = artist.scene, artist.rng, artist.width, artist.low
    kind = weigh(rng, _WORN)
    if kind == "scarf":
        scarf = scene.shape(outline([(-0.95, 0.75), (0, 1.05), (0.95, 0.75), (1.0, 1.15), (0, 1.5), (-1.0, 1.15)]),
                            "accessory", "accent", depths.SCARF)  # fmt: skip
        end = tube([(0.4, 1.2), (0.55, 1.8), (0.5, 2.5)], [0.2, 0.24, 0.27])
        scene.part(scene.shape(end, "accessory", "accent", depths.SCARF + 0.1), [[(0, 2.2), (1.2, 2.2)]], 0.7)
        cel.crescent(scene, scarf, 0.1)
    elif kind == "bow":
        draw_bow(scene, 0, 1.2, 0.5)
    elif kind == "cape":
        cape = outline([(-0.8, 0.8), (-w - 0.9, low), (0, low + 0.3), (w + 0.9, low), (0.8, 0.8)])
        scene.shape(cape, "upper", "cloth.1", depths.CAPE_BACK + 0.5)
        draw_bow(scene, 0, 1.1, 0.35)
    elif kind:
        hem = low * rng.uniform(0.62, 0.85)
        cut = [(-3, -1), (-3, hem), (0, hem + 0.25), (3, hem), (3, -1)]
        cloth = scene.shape(outline([(x, y, 1) for x, y in cut]), "upper", "cloth.1", depths.TOP, clip=body)
        cel.crescent(scene, cloth, 0.2)
        scene.part(cloth, [bezier((-3, hem - 0.25), (0, hem), (3, hem - 0.25))], 0.7)
        if kind == "vest":
            gap = outline([(-0.12, 0.2, 1), (0.12, 0.2, 1), (0.5, hem + 0.6, 1), (-0.5, hem + 0.6, 1)])
            artist.pale(gap, depths.TOP + 0.1, clip=body)
        elif chance(rng, 0.5):
            scene.part(cloth, [[(0, 0), (0.03, low)]], 0.8)
        for y in (1.6, 2.1):
            scene.shape(
                ellipse(0.3 if kind == "vest" else 0.12, y, 0.08, 0.08, 10), "accessory", "metal", depths.TOP + 0.2, 0.7
            )
    return kind


def _draw_arms(artist: Artist, worn: str) -> None:
    """Arms with paws, sleeves on them, or wings of three rows of feathers."""
    scene, rng, w, beast = artist.scene, artist.rng, artist.width, artist.beast
    for s in SIDES:
        shoulder, angle = (
            vector(s * w * 0.72, 1.45),
            math.radians(rng.choice([20, 45, 100, 150, -20]) + rng.normal(0, 8)),
        )
        way = vector(s * math.sin(angle), math.cos(angle))
        reach = rng.uniform(1.5, 2.1)
        hand = shoulder + reach * way
        depth = 40.0 + 0.3 * s
        if beast.wings:
            wing = tube([shoulder, (shoulder + hand) / 2, hand + 0.3 * way], [0.3, 0.55, 0.1], cap=True)
            plume = artist.fur(wing, depth)
            for share in (0.4, 0.65):
                middle = shoulder + (hand - shoulder) * share
                aside = vector(-way[1], way[0])
                scene.part(plume, [bezier(middle - aside, middle + 0.3 * way, middle + aside)], 0.7)
            continue
        elbow = (shoulder + hand) / 2 + vector(s * rng.uniform(0, 0.25), 0.1)
        arm = artist.fur(
            tube([shoulder - 0.3 * way, shoulder, elbow, hand], [0.1, 0.36, 0.4, 0.36], cap=True).inked(0, 1, 2), depth
        )
        if worn == "shirt":
            sleeve = tube([shoulder - 0.35 * way, shoulder, elbow], [0.12, 0.42, 0.46])
            cel.crescent(scene, scene.shape(sleeve.inked(0, 1, 2), "upper", "cloth.1", depth + 0.05), 0.1)
        if chance(rng, 0.5):
            aside = vector(-way[1], way[0])
            scene.part(arm, [bezier(hand - aside, hand - 0.3 * way, hand + aside)], 0.7)
        for k in (-1, 0, 1):
            aside = vector(-way[1], way[0]) * 0.16 * k
            scene.stroke(arm, [hand + 0.36 * way + aside, hand + 0.14 * way + aside], 0.7, (0, 0.6))


def _draw_tufts(artist: Artist, shapes: list[Shape]) -> None:
    """Zigzags of fur across pieces of the coat, from edge to edge."""
    rng = artist.rng
    for shape in shapes:
        if shape.part == artist.beast.coat[0] and chance(rng, 0.12):
            left, top, right, bottom = shape.box
            y = rng.uniform(0.35, 0.75)
            zigzag = [(left + (right - left) * t, top + (bottom - top) * (y + 0.06 * (i % 2))) for i, t in
                      enumerate(np.linspace(-0.05, 1.05, 11))]  # fmt: skip
            artist.scene.part(shape, [zigzag], 0.65)
