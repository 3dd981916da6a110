"""The bare body: torso, neck, arms, legs and hands."""

from dataclasses import dataclass

import numpy as np

from . import cel, depths
from .body import FOLDED, SIDES, Arm, Body, shoulder_root, two_bones
from .chance import chance
from .curves import Outline, along, array, bezier, outline, spline, tube, unit, vector
from .scene import Scene, Shape
from .seams import part_limb


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand in its own frame: wrist at the origin, fingers along +y, thumb on the +x side.

    Attributes:
        palm: controls of the palm's outline, its first corner to its last being the inked edge.
        fingers: each as three center points; fingers unite with the palm.
        thickness: half widths of a finger at these points.
        thumb: three center points.
        creases: inner lines.
    """

    palm: tuple[tuple[float, ...], ...]
    fingers: tuple[tuple[tuple[float, float], ...], ...] = ()
    thickness: tuple[float, float, float] = (0.062, 0.064, 0.045)
    thumb: tuple[tuple[float, float], ...] = ((0.10, 0.12), (0.26, 0.30), (0.27, 0.50))
    creases: tuple[tuple[tuple[float, float], ...], ...] = ()


_PALM = ((-0.155, -0.08, 1), (-0.20, 0.14), (-0.205, 0.34), (-0.14, 0.44), (0.12, 0.44), (0.19, 0.24), (0.15, -0.08, 1))
_FIST = (
    (-0.155, -0.08, 1),
    (-0.23, 0.18),
    (-0.22, 0.42),
    (-0.1, 0.52),
    (0.1, 0.53),
    (0.21, 0.44),
    (0.22, 0.2),
    (0.15, -0.08, 1),
)
_FOLDED_THUMB = ((0.17, 0.12), (0.17, 0.32), (-0.02, 0.40))

HANDS = {
    "relaxed": Hand(
        palm=_PALM,
        fingers=(
            ((-0.15, 0.34), (-0.185, 0.52), (-0.15, 0.66)),
            ((-0.055, 0.36), (-0.075, 0.60), (-0.03, 0.78)),
            ((0.045, 0.36), (0.045, 0.62), (0.075, 0.78)),
            ((0.13, 0.34), (0.15, 0.55), (0.165, 0.70)),
        ),
    ),
    "mitten": Hand(
        palm=(
            (-0.155, -0.08, 1),
            (-0.21, 0.22),
            (-0.20, 0.52),
            (-0.08, 0.78),
            (0.05, 0.78),
            (0.14, 0.6),
            (0.19, 0.28),
            (0.15, -0.08, 1),
        ),
    ),
    "fist": Hand(
        palm=_FIST,
        thumb=_FOLDED_THUMB,
        creases=(((-0.12, 0.36), (-0.12, 0.5)), ((-0.02, 0.44), (-0.02, 0.53)), ((0.09, 0.44), (0.09, 0.52))),
    ),
    "open": Hand(
        palm=_PALM,
        fingers=(
            ((-0.155, 0.32), (-0.24, 0.52), (-0.31, 0.68)),
            ((-0.065, 0.36), (-0.10, 0.62), (-0.13, 0.84)),
            ((0.035, 0.36), (0.045, 0.64), (0.05, 0.88)),
            ((0.125, 0.34), (0.17, 0.58), (0.22, 0.78)),
        ),
        thumb=((0.10, 0.10), (0.29, 0.24), (0.42, 0.38)),
        creases=(((0.12, 0.12), (0.03, 0.26), (0.05, 0.38)),),
    ),
    "peace": Hand(
        palm=_FIST,
        fingers=(((-0.02, 0.40), (-0.07, 0.66), (-0.13, 0.92)), ((0.11, 0.40), (0.15, 0.66), (0.22, 0.90))),
        thumb=_FOLDED_THUMB,
        creases=(((-0.13, 0.36), (-0.12, 0.5)),),
    ),
    "point": Hand(
        palm=_FIST,
        fingers=(((0.11, 0.40), (0.125, 0.68), (0.12, 0.94)),),
        thumb=_FOLDED_THUMB,
        creases=(((-0.13, 0.36), (-0.12, 0.5)), ((-0.03, 0.40), (-0.03, 0.53))),
    ),
}
"""Hand shapes; `mitten` stands in for relaxed and open fingers where a figure is small."""


def draw_torso(scene: Scene, body: Body) -> Shape:
    """Trunk and neck, without limbs; returns the neck, onto which hair and chin throw their shadow."""
    with body.chest(scene):
        w, neck = body.shoulder, body.neck
        right = [
            (w - 0.12, 0.36),
            (w - 0.12, 0.95),
            (body.waist, 2.05),
            (body.hip, 3.0),
            (body.hip * 0.95, 3.5, 1),
        ]
        left = [(-control[0], *control[1:]) for control in reversed(right)]
        collar = [(-neck * 1.25, 0.02), (-w * 0.6, 0.12)]
        trunk = scene.shape(
            outline([*collar, *reversed(left), (0, 3.7), *reversed(right), (w * 0.6, 0.12), (neck * 1.25, 0.02)]),
            "skin", "skin", depths.TORSO,
        )  # fmt: skip
        cel.crescent(scene, trunk, 0.18)
        for s in SIDES:
            scene.stroke(trunk, bezier((s * 0.1, 0.42), (s * 0.5, 0.36), (s * 0.78, 0.24)), 0.7)
        if not body.male:
            for s in SIDES:
                scene.stroke(trunk, bezier((s * 0.14, 1.36), (s * 0.5, 1.52), (s * 0.82, 1.22)), 0.6)
        return _draw_neck(scene, body)


def _draw_neck(scene: Scene, body: Body) -> Shape:
    w = body.shoulder
    head_x, chin = -body.root[0] / body.scale, (0.95 - body.root[1]) / body.scale
    thick = body.neck / max(0.75, body.scale) ** 0.6
    left, right = (
        spline([
            (head_x * 0.5 + s * thick, chin), (s * thick * 0.97, -0.3), (s * thick * 1.25, 0.04), (s * w * 0.62, 0.2),
        ])
        for s in SIDES
    )  # fmt: skip
    neck = scene.shape(
        Outline(np.concatenate([left, right[::-1]]), (left, right)), "skin", "skin", depths.NECK, taper=(0.3, 1.2)
    )
    for s in SIDES:
        scene.stroke(neck, bezier((s * thick * 0.5, -0.2), (s * thick * 0.35, 0.1), (s * 0.06, 0.38)), 0.55)
    cel.patch(
        scene,
        neck,
        [(-thick * 2, chin - 0.2), (thick * 2, chin - 0.2), (thick * 1.3, chin * 0.1 - 0.1), (0, 0.18),
         (-thick * 1.3, chin * 0.1 - 0.15)],
    )  # fmt: skip
    if chance(scene.rng, 0.2):  # its sinews, from chin to collar
        scene.part(neck, [bezier((s * thick, chin), (s * thick * 0.6, -0.05), (s * 0.05, 0.6)) for s in SIDES], 0.65)
    if chance(scene.rng, 0.12):
        scene.part(neck, [bezier((-thick * 2, 0.0), (0, scene.rng.uniform(0, 0.3)), (thick * 2, 0.0))], 0.65)
    if not scene.plain and chance(scene.rng, 0.12):
        for place in np.linspace(-0.9, 0.7, 7):
            start = vector(place * thick, chin * 0.35 - 0.12)
            scene.stroke(neck, [start, start + vector(0.12, 0.22)], 0.45, (0.3, 1.2))
    return neck


def draw_arm(scene: Scene, body: Body, s: int, bare_from: float = 0.0) -> None:
    """A bare arm and its hand.

    Args:
        scene: where to draw, in the body's frame.
        body: whose arm.
        s: side, -1 or 1.
        bare_from: where the sleeve ends: 0 shoulder, 1 elbow, 2 wrist.
    """
    arm, k = body.arms[s], body.bulk
    if bare_from < 1:
        upper, lower = (0.08 * k, 0.27 * k, 0.25 * k, 0.215 * k), (0.21 * k, 0.225 * k, 0.185 * k, 0.145 * k)
        root = shoulder_root(arm, s) if bare_from <= 0 else None
        bones = two_bones(along(arm.shoulder, arm.elbow, bare_from), arm.elbow, arm.wrist, upper, lower, root=root)
        skin = draw_arm_bones(scene, bones, arm, "skin", "skin", arm.depth)
        part_limb(scene, skin, (arm.shoulder, arm.elbow, arm.wrist), 0.22 * k, often=scene.rng.uniform(0, 0.4))
    else:
        start = along(arm.elbow, arm.wrist, bare_from - 1)
        skin = scene.shape(tube([start, arm.wrist], [0.19 * k, 0.145 * k]).inked(0, 2), "skin", "skin", arm.hand_depth)
        cel.crescent(scene, skin, 0.12)
    _draw_hand(scene, body, arm, s)


def draw_arm_bones(
    scene: Scene, bones: list[Outline], arm: Arm, part: str, role: str, depth: float, shade: float = 0.12
) -> Shape:
    """Draw a bare arm or its sleeve from the outlines of `two_bones`; returns the piece that covers the forearm.

    A folded forearm lies upon the upper arm as a piece of its own; otherwise both unite, with a crease in the crook.
    """
    upper, lower, elbow = bones
    if arm.folded:
        cel.crescent(scene, scene.shape([upper, elbow], part, role, depth), shade)
        forearm = scene.shape([lower, elbow.inked()], part, role, depth + FOLDED)
        cel.crescent(scene, forearm, shade)
        return forearm
    whole = scene.shape(bones, part, role, depth)
    cel.crescent(scene, whole, shade)
    inward = along(arm.shoulder, arm.wrist, 0.5) - arm.elbow
    if np.hypot(*inward) > 0.45:
        width = float(np.ptp(elbow.points[:, 0])) / 2
        root, tip = arm.elbow + unit(inward) * width * 1.05, arm.elbow - unit(inward) * width * 0.15
        scene.stroke(whole, bezier(root, along(root, tip, 0.5) + vector(0.05, 0.03), tip), 0.7, (0.2, 1.4))
    return whole


def _draw_hand(scene: Scene, body: Body, arm: Arm, s: int) -> None:
    kind = "mitten" if scene.plain and arm.hand in ("relaxed", "open") else arm.hand
    hand = HANDS[kind]
    k = 0.95 * (1.1 if body.male else 1.0) * (1.15 if body.chibi else 1.0)
    with scene.placed(arm.wrist[0], arm.wrist[1], -s * arm.angle, (-s * k, k)):
        fingers = [tube(finger, hand.thickness, cap=True) for finger in hand.fingers]
        if len(fingers) > 2 and not scene.plain and chance(scene.rng, 0.35):  # one by one, each closed at its root
            for finger in fingers:
                scene.shape(finger, "skin", "skin", arm.hand_depth + 0.025, 0.75, taper=(0, 0))
            fingers = []
        fingers = [finger.inked(0, 1, 2) for finger in fingers]
        thumb = tube(hand.thumb, (0.09, 0.08, 0.055), cap=True).inked(0, 1, 2)
        palm = outline(hand.palm).inked(0)
        folded = hand.thumb is _FOLDED_THUMB
        united = [palm, *fingers] if folded else [palm, *fingers, thumb]
        if len(united) > 1:
            skin = scene.shape(united, "skin", "skin", arm.hand_depth + 0.02, 0.85)
        else:
            skin = scene.shape(palm, "skin", "skin", arm.hand_depth + 0.02, 0.95, taper=(0, 0))
        for crease in hand.creases:
            scene.stroke(skin, array(crease) if len(crease) < 3 else spline(crease), 0.55, (0.8, 0.3))
        cel.crescent(scene, skin, 0.08)
        if folded:
            scene.shape(thumb, "skin", "skin", arm.hand_depth + 0.03, 0.8)


def draw_legs(scene: Scene, body: Body) -> None:
    """Both bare legs, to the ankles."""
    k = body.bulk
    for s in SIDES:
        leg = body.legs[s]
        thigh, shank = (0.50 * k, 0.49 * k, 0.41 * k, 0.325 * k), (0.31 * k, 0.335 * k, 0.27 * k, 0.185 * k)
        bones = two_bones(leg.hip, leg.knee, leg.ankle, thigh, shank)
        depth = depths.LEG + 0.5 * (s > 0)
        skin = scene.shape(bones[:1] + bones[2:] if leg.folded else bones, "skin", "skin", depth)
        cel.crescent(scene, skin, 0.16)
        if leg.folded:
            cel.crescent(scene, scene.shape(bones[1:], "skin", "skin", depth + leg.nearness), 0.16)
        part_limb(scene, skin, (leg.hip, leg.knee, leg.ankle), 0.36 * k, often=scene.rng.uniform(0, 0.35))
        if leg.forward:
            lap = scene.shape(leg.lap(0.47 * k), "skin", "skin", depths.LEG + 0.9 + 0.02 * s)
            cel.crescent(scene, lap, 0.16)
            continue
        scene.stroke(skin, leg.knee + bezier((-0.12, 0.1), (0, 0.22), (0.12, 0.08)), 0.6)
