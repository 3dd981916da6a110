"""Cutting garments to a posed body: torsos, sleeves, skirts, trousers, and the folds in them."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from . import cel, depths
from .anatomy import draw_arm, draw_arm_bones
from .body import SIDES, Body, bone, half_width, shoulder_root, two_bones
from .chance import Range, between, chance
from .curves import (
    Outline,
    Point,
    Points,
    across,
    along,
    array,
    bezier,
    ellipse,
    join,
    mix,
    outline,
    spline,
    tube,
    unit,
    vector,
)
from .prints import draw_print, random_print
from .scene import Scene, Shape
from .seams import part_limb, part_seat, part_skirt, part_top


@dataclass(frozen=True, slots=True)
class Top:
    """The cut of a garment for the torso.

    Attributes:
        hem: height of its lower edge below the neck (2.05 is the waist, 3 the hips).
        flare, loose: width at the hem relative to the hips; slack of the cloth.
        necklines: "round", "v" or "square".
        depth: how deep the neckline is cut.
        open: extra width of the neckline.
        sleeves: lengths to choose from: 0 none, 0.5 short, 1 elbow, 2 wrist.
        sleeve_width, sleeve_flare: width of the sleeve and of its end.
        puff: short puffed sleeves.
        cuffs: roles to choose from, "" for none.
        role, sleeve_roles: color roles of the torso and, to choose from, of the sleeves ("" as the torso).
    """

    hem: Range
    flare: float = 1.0
    loose: float = 0.06
    necklines: tuple[str, ...] = ("round",)
    depth: Range = (0.2, 0.35)
    open: float = 0.5
    sleeves: tuple[float, ...] = (2.0,)
    sleeve_width: float = 1.35
    sleeve_flare: float = 1.0
    puff: bool = False
    cuffs: tuple[str, ...] = ("",)
    role: str = "cloth.1"
    sleeve_roles: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Skirt:
    """A skirt from `top` to `length` below the neck, its hem's half width, its number of pleats."""

    length: Range
    hem: Range
    pleats: tuple[int, int]
    top: float = 2.15
    part: str = "lower"
    role: str = "cloth.2"


@dataclass(frozen=True, slots=True)
class Trousers:
    """Trousers down to `length` (1 knee, 2 ankle), with the legs' width and flare."""

    length: Range
    width: Range
    flare: Range


@dataclass
class Tailor:
    """Draws the garments of one body, in the body's frame.

    `prints` holds the pattern of each role that is woven or printed: kind, repeat, inked edges.
    """

    scene: Scene
    body: Body
    prints: dict[str, tuple[str, float, bool]] = field(default_factory=dict)

    def choose_prints(self) -> None:
        """Draw lots for which cloth carries a print."""
        for role, share in (("cloth.1", 0.16), ("cloth.2", 0.22)):
            if chance(self.scene.rng, share):
                self.prints[role] = random_print(self.scene)

    def finish(self, shape: Shape, role: str, angle: float = 0.0) -> None:
        """Print a finished piece of cloth where its role has a pattern."""
        if role in self.prints:
            kind, step, inked = self.prints[role]
            draw_print(self.scene, shape, kind, "cloth.3", step * self.scene.scale(), angle, inked)

    def fold(self, shape: Shape, start: Point, end: Point, bow: float = 0.1, weight: float = 0.65) -> None:
        """A crease in the cloth, thinning out from `start` to `end`."""
        first, last = array([start])[0], array([end])[0]
        self.scene.stroke(
            shape, bezier(first, (first + last) / 2 + across(last - first) * bow, last), weight, (0.3, 1.6)
        )

    # Torso and arms

    def torso(self, top: Top, hem: float, *, waist: float | None = None, neckline: str = "") -> Shape:
        """The torso of a garment; `waist` overrides its half width at the hem."""
        scene, body, rng = self.scene, self.body, self.scene.rng
        shape_of_neck = "round" if body.back else neckline or top.necklines[int(rng.integers(len(top.necklines)))]
        depth = between(rng, top.depth) if not body.back else min(0.12, top.depth[0])
        w, loose = body.shoulder + top.loose * 0.5, top.loose
        bottom = waist or mix(body.waist, body.hip, min(max((hem - 2) / 1.2, 0), 1)) * top.flare + loose
        neck = body.neck * 1.25 + top.open * 0.25
        left: list[tuple[float, ...]] = [
            (-neck, 0.02 + max(0.0, neck - 0.5) * 0.45, 1), (-w * 0.7, 0.14), (-w + 0.1, 0.38), (-w + 0.1, 0.95),
            (-body.waist - loose, min(2.05, hem * 0.75)), (-bottom, hem, 1),
        ]  # fmt: skip
        right = [(-control[0], *control[1:]) for control in reversed(left)]
        collar: dict[str, list[tuple[float, ...]]] = {
            "v": [(0, depth + 0.25, 1)],
            "square": [(neck * 0.9, depth, 1), (-neck * 0.9, depth, 1)],
            "round": [(neck * 0.6, depth * 0.8), (0, depth), (-neck * 0.6, depth * 0.8)],
        }
        cut = outline([*left, (0, hem + 0.1), *right, *collar[shape_of_neck]])
        cloth = scene.shape(cut, "upper", top.role, depths.TOP, 1.1)
        cel.crescent(scene, cloth, rng.uniform(0.15, 0.32))
        if body.back:
            self._back_folds(cloth, w, hem)
        else:
            self._chest_folds(cloth, w, loose, hem)
        part_top(scene, body, cloth, hem)
        self.finish(cloth, top.role)
        return cloth

    def _back_folds(self, cloth: Shape, w: float, hem: float) -> None:
        """The spine, the shoulder blades and the slack above the waist."""
        rng = self.scene.rng
        self.fold(cloth, (0.02, min(hem, 2.3)), (0, rng.uniform(0.9, 1.4)), 0.02)
        for s in SIDES:
            self.fold(cloth, (s * (w - 0.15), 0.95), (s * 0.35, 1.3 + rng.uniform(-0.1, 0.2)), 0.12 * s)
            if chance(rng, 0.6):
                self.fold(cloth, (s * (self.body.waist), 1.95), (s * 0.25, 1.75), -0.1 * s, 0.55)

    def _chest_folds(self, cloth: Shape, w: float, loose: float, hem: float) -> None:
        scene, body, rng = self.scene, self.body, self.scene.rng
        if not body.male and chance(rng, 0.8):
            for s in SIDES:
                under = spline([(s * 0.12, 1.32), (s * 0.45, 1.42), (s * 0.8, 1.18), (s * 0.5, 1.30)])
                cel.patch(scene, cloth, under, 0.8)
            if chance(rng, 0.5):
                for s in SIDES:
                    scene.stroke(cloth, bezier((s * 0.2, 1.36), (s * 0.5, 1.48), (s * 0.86, 1.14)), 0.6, (1.5, 0.8))
        for s in SIDES:
            jitter = rng.uniform(-0.1, 0.2, 4)
            if chance(rng, 0.8):
                self.fold(cloth, (s * (w - 0.12), 1.0), (s * (w - 0.5), 1.25 + jitter[0]), 0.15 * s)
            if scene.plain or hem < 2:
                continue
            if chance(rng, 0.45):
                self.fold(cloth, (s * (w - 0.16), 0.86), (s * (w - 0.62), 0.92 + jitter[1]), 0.12 * s, 0.55)
            waist = body.waist + loose - 0.03
            if chance(rng, 0.7):
                self.fold(cloth, (s * waist, 2.0), (s * waist * 0.5, 2.15 + jitter[2]), 0.1 * s)
            if chance(rng, 0.5):
                self.fold(cloth, (s * waist, 1.88), (s * waist * 0.62, 1.72 + jitter[3]), -0.1 * s, 0.55)

    def sleeves(self, top: Top, length: float, role: str, cuff: str) -> None:
        """Both sleeves with the bare arms that come out of them."""
        parted = self.scene.rng.uniform(0, 1)
        for s in SIDES:
            if length <= 0:
                draw_arm(self.scene, self.body, s)
                continue
            draw_arm(self.scene, self.body, s, max(0.12, (0.5 if top.puff else length) - 0.3))
            arm = self.body.arms[s]
            if top.puff:
                cloth = self._puffed_sleeve(s, role, cuff or "cloth.3")
            elif length <= 1.02:
                cloth = self._short_sleeve(s, top, length, role, cuff)
            else:
                cloth = self._long_sleeve(s, top, length, role, cuff)
            if length <= 1.02 or top.puff:
                cel.crescent(self.scene, cloth, 0.17)
            if not top.puff:
                width = 0.25 * self.body.bulk * top.sleeve_width
                part_limb(
                    self.scene, cloth, (arm.shoulder, arm.elbow, arm.wrist), width, often=parted, length=length - 0.1
                )
            way = arm.elbow - arm.shoulder
            self.finish(cloth, role, math.atan2(-way[0], way[1]))

    def _puffed_sleeve(self, s: int, role: str, cuff: str) -> Shape:
        scene, arm, k = self.scene, self.body.arms[s], self.body.bulk
        middle, end = along(arm.shoulder, arm.elbow, 0.13), along(arm.shoulder, arm.elbow, 0.36)
        ball = ellipse(middle[0], middle[1] - 0.02, 0.42 * k, 0.46 * k)
        cloth = scene.shape(ball, "upper", role, arm.depth + 0.1)
        way = unit(arm.elbow - arm.shoulder)
        band = tube([end - way * 0.08, end + way * 0.12], [0.3 * k, 0.3 * k])
        scene.shape(band, "upper", cuff, arm.depth + 0.11, 0.9)
        for place in (-0.15, 0, 0.15):
            start = end + across(way) * place - way * 0.08
            self.fold(cloth, start, end + across(way) * place * 2 - way * 0.4)
        return cloth

    def _short_sleeve(self, s: int, top: Top, length: float, role: str, cuff: str) -> Shape:
        scene, arm, k, wide = self.scene, self.body.arms[s], self.body.bulk, top.sleeve_width
        start, end = arm.shoulder, along(arm.shoulder, arm.elbow, max(length, 0.42))
        start_width, end_width = 0.33 * k * wide**0.6, 0.25 * k * wide
        widths = [start_width * 0.25, start_width, mix(start_width, end_width, 0.4) * 1.05]
        sleeve = tube(
            [shoulder_root(arm, s), along(start, end, 0.3), along(start, end, 0.6), end],
            [*widths, end_width * 1.18 * top.sleeve_flare],
        )
        cloth = scene.shape(sleeve.inked(0, 1, 2), "upper", role, arm.depth + 0.1, 1.05)
        way = unit(end - start)
        if cuff:
            width = end_width * 1.2 * top.sleeve_flare
            band = tube([end - way * 0.16, end + way * 0.02], [width, width * 1.02])
            scene.shape(band, "upper", cuff, arm.depth + 0.11, 0.9)
        else:
            self.fold(
                cloth, end + across(way) * end_width * 0.5, end - way * 0.35 + across(way) * end_width * 0.3, 0.1, 0.55
            )
        return cloth

    def _long_sleeve(self, s: int, top: Top, length: float, role: str, cuff: str) -> Shape:
        scene, arm, k, wide, rng = self.scene, self.body.arms[s], self.body.bulk, top.sleeve_width, self.scene.rng
        end = along(arm.elbow, arm.wrist, length - 1)
        start, joint, tip = 0.34 * k * wide**0.6, 0.25 * k * wide, 0.19 * k * wide * top.sleeve_flare
        upper = (start * 0.25, start, mix(start, joint, 0.5) * 1.05, joint)
        lower = (joint, mix(joint, tip, 0.35) * 1.06, mix(joint, tip, 0.8) * 1.02, tip)
        bones = two_bones(arm.shoulder, arm.elbow, end, upper, lower, root=shoulder_root(arm, s), closed=True)
        cloth = draw_arm_bones(scene, bones, arm, "upper", role, arm.depth + 0.1, 0.17)
        way = unit(end - arm.elbow)
        aside = across(way)
        inward = unit(along(arm.shoulder, arm.wrist, 0.5) - arm.elbow)
        crook = arm.elbow + inward * joint * 0.95
        folds = 0 if arm.folded else int(rng.integers(0, 2) if scene.plain else rng.integers(0, 3))
        for _ in range(folds):  # fanning out of the crook
            fan = rng.uniform(0.15, 0.45) * (1 if chance(rng, 0.5) else -1)
            self.fold(cloth, crook, arm.elbow - inward * joint * 0.1 + way * fan, 0.1)
        if not scene.plain and chance(rng, 0.6):
            for edge in SIDES:
                start_point = end + aside * tip * 0.85 * edge - way * rng.uniform(0.2, 0.35)
                self.fold(cloth, start_point, start_point - aside * tip * 1.1 * edge + way * 0.06, 0.2 * edge, 0.55)
        if cuff:
            band = tube([end - way * 0.2, end + way * 0.04], [tip * 1.08, tip * 1.1])
            scene.shape(band, "upper", cuff, arm.hand_depth + 0.11, 0.95)
        return cloth

    # Skirts and trousers

    def skirt(self, cut: Skirt, depth: float = depths.SKIRT, ruffle: str = "", hem: float | None = None) -> Shape:
        """A pleated skirt; `ruffle` is the role of a band along its hem."""
        scene, body, rng = self.scene, self.body, self.scene.rng
        top, bottom, wide = cut.top, between(rng, cut.length), hem or between(rng, cut.hem)
        bottom = top + (bottom - top) * (0.75 if body.chibi and bottom > 5.5 else 1.0)
        waist = half_width(body, top) + 0.04
        sway = rng.normal(0, 0.12)
        if body.low:
            knees = [leg.knee for leg in body.legs.values()]
            bottom = min(bottom, min(float(knee[1]) for knee in knees) + 0.3)
            left_knee, right_knee = sorted(float(knee[0]) for knee in knees)
            wide = max(wide * 0.8, (right_knee - left_knee) / 2 + 0.42 * body.bulk)
            sway = (left_knee + right_knee) / 2
        hip, hip_y = max(body.hip + 0.1, mix(waist, wide, 0.4)), min(top + (bottom - top) * 0.35, 3.2)
        left = spline([(-waist, top), (-hip, hip_y), (-wide + sway, bottom)])
        right = spline([(wide + sway, bottom), (hip, hip_y), (waist, top)])
        pleats = int(rng.integers(*cut.pleats))
        bend = np.sin(np.linspace(-1, 1, pleats + 1) * math.pi / 2)
        lower = np.stack([bend * wide + sway, bottom + 0.22 * (1 - bend**2)], 1)
        upper = np.stack([bend * waist, top + 0.06 * (1 - bend**2)], 1)
        edge = self._pleated_edge(lower)
        belt = np.concatenate([right[-1:], upper[::-1], left[:1]])
        cloth = scene.shape(join(left, edge, right, belt), cut.part, cut.role, depth, 1.1)
        cel.crescent(scene, cloth, 0.22)
        whole = chance(rng, 0.45)
        for i in range(1, pleats):
            rise = upper[i] if whole else along(lower[i], upper[i], rng.uniform(0.55, 1))
            taper = (0.0, 0.0 if whole else 1.5)
            scene.stroke(cloth, bezier(lower[i], along(lower[i], upper[i], 0.5), rise), 0.75, taper)
            if i % 2 or chance(rng, 0.3):
                tip = along(lower[i], lower[min(pleats, i + 1)], 0.55)
                cel.patch(scene, cloth, [lower[i], tip, along(upper[i], lower[i], 0.1)], 0.9)
        part_skirt(scene, cloth, upper, lower)
        self.finish(cloth, cut.role)
        if ruffle:
            line = spline(lower)
            scene.shape(
                join(line - vector(0, 0.22), (line + vector(0, 0.12))[::-1]), cut.part, ruffle, depth + 0.1, 0.9
            )
        return cloth

    def _pleated_edge(self, lower: Points) -> Points:
        """The hem: a small step at every pleat, or a soft wave."""
        if chance(self.scene.rng, 0.35):
            return spline(lower, samples=6)
        steps = [corner for a, b in pairwise(lower) for corner in (a, b + vector(0, 0.07))]
        return array([*steps, lower[-1]])

    def trousers(self, cut: Trousers) -> Shape:
        """Trousers or shorts."""
        scene, body, k, rng = self.scene, self.body, self.body.bulk, self.scene.rng
        length, wide, flare = between(rng, cut.length), between(rng, cut.width), between(rng, cut.flare)
        waist, hip = body.waist + 0.05, body.hip
        drift = body.lean
        seat = outline([
            (-waist + drift * 2.25, 2.25, 1), (-hip - 0.08 + drift * 3, 3.0), (-hip * 0.98 + drift * 3.3, 3.6),
            (-hip * 0.5 + drift * 3.3, 4.05), (drift * 3.3, 3.98), (hip * 0.5 + drift * 3.3, 4.05),
            (hip * 0.98 + drift * 3.3, 3.6), (hip + 0.08 + drift * 3, 3.0), (waist + drift * 2.25, 2.25, 1),
        ])  # fmt: skip
        pieces: list[Outline] = [seat]
        for s in SIDES:
            leg = body.legs[s]
            thigh = min(0.49 * k * wide, hip * 0.5 + 0.12)
            if length <= 1:
                end = along(leg.hip, leg.knee, length)
                pieces.append(bone(leg.hip, end, (thigh * 0.9, thigh * 1.02, 0.45 * k * wide * flare), closed=True))
            else:
                end = along(leg.knee, leg.ankle, length - 1)
                knee, foot = 0.355 * k * wide, 0.25 * k * wide * flare
                upper, lower = (
                    (thigh, thigh, mix(thigh, knee, 0.6), knee),
                    (knee, mix(knee, foot, 0.4), mix(knee, foot, 0.85), foot),
                )
                bones = two_bones(leg.hip, leg.knee, end, upper, lower, closed=True)
                pieces += bones[:1] + bones[2:] if leg.folded else bones
                if leg.folded:
                    shank = scene.shape(bones[1:], "lower", "cloth.2", depths.TROUSERS + 0.1 + 0.02 * s, 1.1)
                    cel.crescent(scene, shank, 0.2)
        cloth = scene.shape(pieces, "lower", "cloth.2", depths.TROUSERS, 1.1)
        cel.crescent(scene, cloth, 0.2)
        part_seat(scene, cloth, body)
        parted = rng.uniform(0, 1)
        for s in SIDES:
            leg = body.legs[s]
            if not leg.forward:
                part_limb(scene, cloth, (leg.hip, leg.knee, leg.ankle), 0.45 * k * wide, often=parted, length=length)
        if body.low:
            self._laps(0.5 * k * wide**0.5)
            self.finish(cloth, "cloth.2")
            return cloth
        self._trouser_folds(cloth, length, drift)
        self.finish(cloth, "cloth.2")
        return cloth

    def _laps(self, width: float) -> None:
        """The cloth over thighs that point at the viewer, with folds from the hip and below the knee."""
        for s in SIDES:
            leg = self.body.legs[s]
            if not leg.forward:
                continue
            lap = self.scene.shape(leg.lap(width), "lower", "cloth.2", depths.TROUSERS + 0.3 + 0.02 * s)
            cel.crescent(self.scene, lap, 0.2)
            start = leg.hip + vector(s * 0.42, 0.1)
            self.fold(lap, start, start + vector(-s * 0.45, 0.3), 0.12 * s)
            self.fold(lap, leg.knee + vector(-0.3, 0.05), leg.knee + vector(0.1, 0.25), 0.15)
            self.finish(lap, "cloth.2")

    def _trouser_folds(self, cloth: Shape, length: float, drift: float) -> None:
        scene, body, k, rng = self.scene, self.body, self.body.bulk, self.scene.rng
        middle = drift * 3.2
        scene.stroke(cloth, bezier((drift * 2.5, 2.5), (middle + 0.05, 3.1), (middle, 3.8)), 0.75, (0.2, 1))
        for s in SIDES:
            self.fold(cloth, (middle + s * 0.05, 3.75), (middle + s * 0.5, 3.5), 0.12 * s)
            if chance(rng, 0.6):
                self.fold(cloth, (middle + s * 0.04, 3.9), (middle + s * 0.55, 3.82), 0.15 * s, 0.6)
            self.fold(cloth, (middle + s * (body.hip - 0.02), 3.05), (middle + s * (body.hip - 0.4), 3.3), 0.15 * s)
            leg = body.legs[s]
            if length > 1.2:
                knee = leg.knee
                self.fold(cloth, knee + vector(-0.3 * k, 0.05), knee + vector(0.05, 0.15))
                self.fold(cloth, knee + vector(0.3 * k, 0.2), knee + vector(0, 0.3), -0.1)
                end = along(leg.knee, leg.ankle, length - 1)
                for edge in SIDES:
                    if chance(rng, 0.7):
                        self.fold(
                            cloth,
                            end + vector(edge * 0.24 * k, -0.25),
                            end + vector(-edge * 0.05, -0.14),
                            0.15 * edge,
                            0.6,
                        )
