"""Heads of cartoon animals: ears, eyes, snouts, and marks of the face."""

import math

import numpy as np

from . import cel, depths
from .bestiary import Artist
from .body import SIDES
from .chance import chance, choose, side
from .curves import Points, array, bezier, ellipse, outline, star, tube, vector
from .scene import Scene, Shape

_EARS: dict[str, tuple[tuple[float, ...], ...]] = {
    "round": ((-0.3, 0.1), (-0.2, -0.42), (0.3, -0.5), (0.55, 0), (0.3, 0.4)),
    "pointed": ((-0.38, 0.1, 1), (-0.05, -0.4), (0.25, -0.85, 1), (0.45, -0.3), (0.4, 0.4, 1)),
    "tufts": ((-0.28, 0.1, 1), (0.08, -0.35), (0.35, -0.75, 1), (0.32, -0.2), (0.3, 0.3, 1)),
    "long": ((-0.4, 0.2, 1), (-0.35, -1.0), (-0.05, -1.6), (0.25, -1.0), (0.15, 0.2, 1)),
    "hanging": ((-0.2, 0, 1), (0.35, -0.2), (0.85, 0.5), (0.7, 1.3), (0.4, 0.9), (0.2, 0.4, 1)),
    "frills": ((0, 0, 1), (0.9, -0.35), (1.15, 0.5), (0.8, 1.35), (0.1, 0.9, 1)),
}
"""Right ears around their roots."""


def draw_beast_head(artist: Artist) -> None:
    """Head, ears, eyes, snout and marks of an animal, around the origin."""
    scene, rng, beast = artist.scene, artist.rng, artist.beast
    wide, tall, turn = rng.uniform(0.98, 1.25), rng.uniform(0.85, 1.02), rng.uniform(-0.25, 0.25)
    for s in SIDES:
        _draw_ear(artist, s, wide, tall)
    if "mane" in beast.marks:
        ray = [
            (1.5 if i % 2 else 1.75) * vector(math.cos(a), math.sin(a)) for i, a in enumerate(np.arange(24) * 0.2618)
        ]
        mane = scene.shape(outline([(x, y) for x, y in ray]), "hair", "hair.2", depths.EAR - 1)
        scene.part(mane, [[0.9 * tip, 1.9 * tip] for tip in ray[::2] if chance(rng, 0.5)], 0.7)
    cheeks = outline([(0, -tall), (wide * 0.75, -tall * 0.7), (wide, 0.1), (wide * 0.8, tall * 0.75), (0, tall),
                      (-wide * 0.8, tall * 0.75), (-wide, 0.1), (-wide * 0.75, -tall * 0.7)])  # fmt: skip
    head = artist.fur(cheeks, depths.FACE, 1.1)
    _draw_marks(artist, head, wide, tall)
    x, y = turn, 0.35
    eyes, size = rng.uniform(0.36, 0.55), rng.uniform(0.12, 0.3)
    lines = scene.ghost(depths.BROW)
    style = choose(rng, ("dot", "round", "oval", "shut"))
    for s in SIDES:
        _draw_eye(scene, turn * 0.8 + s * eyes, -0.12, size, style)
    _draw_snout(artist, x, y)
    if chance(rng, 0.3):
        for s in SIDES:
            scene.stroke(lines, bezier((x + s * 0.3, -0.5), (x + s * 0.5, -0.62), (x + s * 0.65, -0.5)), 0.9)
    if chance(rng, 0.25):
        for s in SIDES:
            scene.shape(ellipse(turn + s * 0.68, 0.32, 0.16, 0.1, 14), "skin", "lips", depths.FEATURE, 0.5)


def _draw_eye(scene: Scene, x: float, y: float, size: float, style: str) -> None:
    if style == "shut":
        scene.stroke(scene.ghost(depths.EYE), bezier((x - size, y), (x, y - size), (x + size, y)), 1.1, (0.3, 0.3))
        return
    if style == "dot":
        scene.shape(ellipse(x, y, size * 0.6, size * 0.7, 16), "iris", "pupil", depths.EYE, 0.8)
        scene.shape(
            ellipse(x - 0.05, y - 0.06, size * 0.18, size * 0.18, 8), "eye_white", "sclera", depths.EYE + 0.1, 0.4
        )
        return
    tall = 1.3 if style == "oval" else 1.0
    white = scene.shape(ellipse(x, y, size, size * tall), "eye_white", "sclera", depths.EYE, 0.95)
    scene.shape(ellipse(x, y + 0.03, size * 0.68, size * 0.75, 20), "iris", "iris", depths.EYE + 0.1, 0.8, clip=white)
    scene.shape(ellipse(x, y + 0.03, size * 0.36, size * 0.42, 16), "iris", "pupil", depths.EYE + 0.2, 0.6, clip=white)
    scene.shape(ellipse(x - size * 0.25, y - size * 0.25, size * 0.18, size * 0.18, 10), "eye_white", "sclera",
                depths.EYE + 0.3, 0.4)  # fmt: skip


def _draw_ear(artist: Artist, s: int, wide: float, tall: float) -> None:
    kind, x, y = artist.beast.ears, s * wide * 0.68, -tall * 0.72
    if kind not in _EARS:
        return
    rim = [(x + s * dx, y + dy, *corner) for dx, dy, *corner in _EARS[kind]]
    depth = depths.FEATURE + 0.5 if kind == "hanging" else depths.EAR
    artist.fur(outline(rim), depth)
    if kind != "hanging" and chance(artist.rng, 0.85):
        middle = np.mean([c[:2] for c in rim], 0)
        inner = [(middle[0] + 0.6 * (c[0] - middle[0]), middle[1] + 0.6 * (c[1] - middle[1]), *c[2:]) for c in rim]
        artist.pale(outline(inner), depth + 0.1, 0.75)


def _draw_marks(artist: Artist, head: Shape, wide: float, tall: float) -> None:
    scene, rng, marks = artist.scene, artist.rng, artist.beast.marks
    if "disc" in marks:
        disc = outline([(0, -0.35, 1), (0.5, -0.75), (wide, -0.2), (0.75, 0.8), (0, tall * 1.1), (-0.75, 0.8),
                        (-wide, -0.2),
                        (-0.5, -0.75)])  # fmt: skip
        artist.pale(disc, depths.FACE + 0.1, clip=head)
    if "mask" in marks:
        mask = outline([(-wide * 1.1, 0.25), (-0.5, -0.5), (0, -0.2), (0.5, -0.5), (wide * 1.1, 0.25), (0.5, 0.25),
                        (0, 0.1),
                        (-0.5, 0.25)])  # fmt: skip
        artist.pale(mask, depths.FACE + 0.1, clip=head)
    if "patches" in marks:
        for s in SIDES if chance(rng, 0.6) else (side(rng),):
            artist.pale(ellipse(s * 0.45, -0.1, 0.36, 0.42), depths.FACE + 0.2, clip=head)
    if "blaze" in marks and chance(rng, 0.6):
        artist.pale(outline([(-0.12, -1.3), (0.12, -1.3), (0.16, 0.2), (-0.16, 0.2)]), depths.FACE + 0.15, clip=head)
    if "stripes" in marks and chance(rng, 0.6):
        bars = [tube([(x, -1.2), (x * 0.8, -0.55)], [0.1, 0.03]) for x in (-0.3, 0, 0.3)]
        for bar in bars:
            artist.pale(bar, depths.FACE + 0.12, 0.7, clip=head)
    if "horns" in marks:
        for s in SIDES:
            horn = tube([(s * 0.5, -tall * 0.8), (s * 0.9, -tall - 0.3), (s * 0.85, -tall - 0.9)], [0.17, 0.13, 0.01])
            bone = scene.shape(horn, "accessory", "leather", depths.EAR + 0.3)
            scene.part(
                bone,
                [[(s * 0.4, -tall - 0.35), (s * 1.2, -tall - 0.35)], [(s * 0.4, -tall - 0.6), (s * 1.2, -tall - 0.55)]],
                0.6,
            )
    if "antlers" in marks:
        for s in SIDES:
            for way in (
                [(s * 0.4, -0.8), (s * 0.7, -1.5), (s * 0.6, -2.2)],
                [(s * 0.6, -1.3), (s * 1.0, -1.6), (s * 1.1, -2.0)],
            ):
                scene.shape(
                    tube(way, [0.09, 0.08, 0.04], cap=True).inked(0, 1, 2), "accessory", "leather", depths.EAR - 0.2
                )
    if "spikes" in marks:
        for i, x in enumerate((-0.35, 0.0, 0.35)):
            spike = outline([(x - 0.18, -tall * 0.85, 1), (x, -tall - 0.5, 1), (x + 0.18, -tall * 0.85, 1)])
            scene.shape(spike, "accessory", "accent", depths.EAR + 0.1 * i)


def _draw_snout(artist: Artist, x: float, y: float) -> None:
    scene, rng, kind = artist.scene, artist.rng, artist.beast.snout
    lines = scene.ghost(depths.FEATURE + 0.8)
    if kind == "beak":
        cut = outline([(x - 0.32, y - 0.1, 1), (x, y - 0.32), (x + 0.32, y - 0.1, 1), (x, y + 0.42, 1)])
        beak = scene.shape(cut, "skin", "accent", depths.FEATURE + 0.5)
        cel.crescent(scene, beak, 0.08)
        if chance(rng, 0.6):
            scene.part(beak, [bezier((x - 0.5, y - 0.05), (x, y + 0.18), (x + 0.5, y - 0.05))], 0.8)
        return
    if kind == "trunk":
        way = array([(x, y - 0.3), (x, y + 0.5), (x + 0.2, y + 1.2), (x + 0.75, y + 1.35)])
        trunk = artist.fur(tube(way, [0.36, 0.3, 0.24, 0.2], cap=True).inked(0, 1, 2), depths.FEATURE + 0.5)
        rings: list[Points] = [bezier((x - 0.6, y + d), (x, y + d + 0.15), (x + 0.6, y + d)) for d in (0.1, 0.4, 0.7)]
        scene.part(trunk, rings[: int(rng.integers(0, 4))], 0.6)
        return
    if kind in ("muzzle", "long") and chance(rng, 0.85):
        wide, tall = (0.52, 0.4) if kind == "muzzle" else (0.4, 0.48)
        muzzle = artist.pale(ellipse(x, y + 0.05, wide, tall), depths.FEATURE + 0.5)
        cel.crescent(scene, muzzle, 0.08)
    nose = outline([(x - 0.16, y - 0.22), (x + 0.16, y - 0.22), (x, y - 0.02)])
    scene.shape(nose, "skin", choose(rng, ("ink", "ink", "lips")), depths.FEATURE + 0.7, 0.8)
    scene.stroke(lines, [(x, y - 0.02), (x, y + 0.14)], 0.8, (0.1, 0.1))
    if chance(rng, 0.25):
        mouth = outline([(x - 0.24, y + 0.14, 1), (x, y + 0.2), (x + 0.24, y + 0.14, 1), (x, y + 0.42)])
        scene.shape(mouth, "mouth", "lips", depths.FEATURE + 0.75, 0.8)
    else:
        for s in SIDES:
            scene.stroke(
                lines, bezier((x, y + 0.14), (x + s * 0.12, y + 0.3), (x + s * 0.28, y + 0.14)), 0.85, (0.1, 0.6)
            )
    if chance(rng, 0.3):
        for s in SIDES:
            for k in (-1, 0, 1):
                scene.stroke(lines, [(x + s * 0.35, y + 0.08 * k), (x + s * 1.0, y + 0.16 * k - 0.05)], 0.5, (0.3, 1))
    if chance(rng, 0.2):
        scene.shape(star(x + 0.3, 0.9, 0.12), "accessory", "metal", depths.FEATURE, 0.6)
