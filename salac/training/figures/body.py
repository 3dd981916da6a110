"""Build, pose and skeleton of a figure. Body units: origin at the base of the neck, y down, an arm is about 4 long."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from .chance import Rng, chance, choose, side
from .curves import Outline, Points, ellipse, tube, unit, vector
from .scene import Scene

SIDES = (-1, 1)
FOLDED = 0.2
"""How much nearer than the upper arm a folded forearm lies."""
_GRIP = 1.5
"""How much nearer than the arm a hand lies that holds something before the body."""


@dataclass(frozen=True, slots=True)
class ArmPose:
    """Angles of the two arm bones in degrees from hanging, outward; depth in the painter's list; hand shapes; whether
    the other arm has to go with it; how long the forearm looks; whether the hand lies upon what it holds.
    """

    upper: float
    fore: float
    depth: float
    hands: tuple[str, ...] = ("relaxed", "fist")
    paired: bool = False
    length: float = 1.0
    grips: bool = False


ARM_POSES = {
    "stand": ArmPose(12, 6, 40),
    "hips": ArmPose(42, -50, 36, ("fist",)),
    "wave": ArmPose(60, 168, 40, ("open", "open", "point")),
    "behind": ArmPose(24, -22, 10),
    "chest": ArmPose(16, -128, 45.5, ("fist", "relaxed", "open")),
    "front": ArmPose(10, -40, 40),
    "spread": ArmPose(62, 84, 38, ("open",)),
    "up": ArmPose(148, 170, 40, ("open", "fist")),
    "peace": ArmPose(34, 152, 40, ("peace",)),
    "reach": ArmPose(40, 62, 40, ("open", "relaxed", "point")),
    "cheek": ArmPose(24, -160, 45.5, ("relaxed", "fist")),
    "relax": ArmPose(18, -8, 40),
    "cheer": ArmPose(115, 176, 40, ("fist", "open")),
    "shrug": ArmPose(22, 112, 40, ("open",)),
    "belly": ArmPose(20, -74, 40),
    "lap": ArmPose(14, -28, 45.5, ("relaxed",)),
    "run_ahead": ArmPose(22, -112, 45.5, ("fist",)),
    "run_behind": ArmPose(42, 66, 17, ("fist",)),
    "guard": ArmPose(32, -152, 45.5, ("fist",)),
    "lean": ArmPose(34, 12, 17),
    "hold": ArmPose(14, -72, 45.5, ("relaxed", "fist"), paired=True, length=0.5, grips=True),
    "present": ArmPose(16, -118, 45.5, ("relaxed", "fist"), paired=True, length=0.62, grips=True),
    "strum": ArmPose(20, -66, 45.5, ("relaxed", "fist"), paired=True, grips=True),
    "neck": ArmPose(20, 138, 45.5, ("fist",), paired=True, grips=True),
    "crossed_under": ArmPose(22, -96, 45, ("relaxed",), paired=True),
    "crossed_over": ArmPose(22, -88, 45.6, ("relaxed",), paired=True),
}
FROM_BEHIND = ("stand", "hips", "wave", "spread", "up", "relax")
"""Arm poses that read well from behind."""


@dataclass(frozen=True, slots=True)
class LegPose:
    """Thigh and shank of the left and the right leg of the picture: degrees from vertical, outward.

    Attributes:
        left, right: angles of thigh and shank.
        lengths: how long the two bones of the left and of the right leg look: short where they point at the viewer.
        seat: what the figure sits on, "" for nothing.
    """

    left: tuple[float, float]
    right: tuple[float, float]
    lengths: tuple[tuple[float, float], tuple[float, float]] = ((1.0, 1.0), (1.0, 1.0))
    seat: str = ""

    @property
    def low(self) -> bool:
        """Whether the figure sits or kneels."""
        return self.lengths[0][0] < 1


LEG_POSES = {
    "stand": LegPose((3, 2), (3, 2)),
    "wide": LegPose((14, 12), (14, 12)),
    "contrapposto": LegPose((2, 1), (12, 5)),
    "walk": LegPose((-6, -2), (14, -10)),
    "cross": LegPose((-5, -9), (2, 3)),
    "jump": LegPose((24, -38), (8, -20)),
    "pigeon": LegPose((6, -5), (6, -5)),
    "step": LegPose((4, 2), (20, -30)),
    "lunge": LegPose((26, 8), (10, 24)),
    "sit": LegPose((24, -3), (24, -3), ((0.36, 0.95), (0.36, 0.95)), "stool"),
    "sit_apart": LegPose((52, 2), (52, 2), ((0.42, 0.95), (0.42, 0.95)), "stool"),
    "sit_together": LegPose((6, 3), (10, -2), ((0.36, 0.95), (0.36, 0.95)), "chair"),
    "sit_aside": LegPose((16, -22), (20, 16), ((0.36, 0.93), (0.36, 0.93)), "bench"),
    "kneel": LegPose((14, 0), (14, 0), ((0.4, 0.08), (0.4, 0.08))),
    "one_knee": LegPose((30, -2), (10, 0), ((0.4, 0.92), (1.1, 0.08))),
    "sit_turned": LegPose((-74, 2), (80, 0), ((0.72, 0.95), (0.74, 0.95)), "bench"),
    "cross_legged": LegPose((72, -80), (72, -80), ((0.78, 0.95), (0.78, 0.95))),
    "sit_beside": LegPose((-50, -84), (62, 96), ((0.62, 0.8), (0.75, 0.82))),
    "crouch": LegPose((48, -10), (48, -10), ((0.5, 0.62), (0.5, 0.62))),
    "crouch_low": LegPose((20, 4), (62, -14), ((0.45, 0.6), (0.55, 0.66))),
    "run": LegPose((4, 3), (28, -38), ((1.0, 1.0), (0.8, 0.7))),
    "stride": LegPose((24, 62), (48, -6)),
    "leap": LegPose((58, 74), (60, 26)),
}
_RUNNING = ("run", "stride", "leap")
"""Poses that swing the arms."""
NARROW_LEG_POSES = ("stand", "pigeon", "cross")
"""Poses possible in a long, tight skirt."""


@dataclass(frozen=True, slots=True)
class Arm:
    """Joints of one posed arm, its forearm's angle in radians from hanging, its depth and its hand's shape."""

    shoulder: Points
    elbow: Points
    wrist: Points
    angle: float
    depth: float
    hand: str
    grips: bool = False

    @property
    def folded(self) -> bool:
        """Whether the elbow is bent so far that the forearm lies upon the upper arm."""
        return float(unit(self.shoulder - self.elbow) @ unit(self.wrist - self.elbow)) > 0.25

    @property
    def palm(self) -> Points:
        """Where it holds things."""
        return self.wrist + 0.4 * unit(self.wrist - self.elbow)

    @property
    def hand_depth(self) -> float:
        """Depth of the forearm's end."""
        return self.depth + (_GRIP if self.grips else FOLDED if self.folded else 0.0)


@dataclass(frozen=True, slots=True)
class Leg:
    """Joints of one posed leg, its shank's angle in radians, whether its shank is tucked away behind its knee,
    whether its thigh points at the viewer.
    """

    hip: Points
    knee: Points
    ankle: Points
    angle: float
    tucked: bool = False
    forward: bool = False

    @property
    def folded(self) -> bool:
        """Whether the knee is bent so far that the shank lies upon the thigh."""
        return not self.tucked and float(unit(self.hip - self.knee) @ unit(self.ankle - self.knee)) > 0.25

    @property
    def nearness(self) -> float:
        """How much nearer than the thigh shank and foot lie."""
        return FOLDED if self.folded else 0.0

    def lap(self, width: float) -> Outline:
        """A thigh that points at the viewer, its knee round and near."""
        below = self.knee + vector(0, 0.12)
        return tube([self.hip, (self.hip + below) / 2, below], [0.88 * width, 1.06 * width, width], cap=True).inked(
            0, 1, 2
        )


@dataclass(frozen=True, slots=True)
class Body:
    """A posed body; widths are half widths in body units.

    Attributes:
        male, chibi: build.
        shoulder, waist, hip, neck: half widths.
        bulk: thickness of the limbs relative to the usual.
        scale: world units per body unit (the head keeps its size; chibi bodies are small).
        root: base of the neck in world units; the head's center is the world's origin.
        tilt: rotation of the body about the neck, radians.
        lean: sideways drift of the torso per unit of height.
        yaw: where the face turns, -1 (left) to 1 (right).
        turn: the same for the chest.
        profile: the head is seen from the side.
        back: the figure is seen from behind.
        arms, legs: by side, -1 left and 1 right of the picture.
        pose: name of the pose.
        low: the figure sits or kneels.
        seat: what it sits on, "" for nothing.
    """

    male: bool
    chibi: bool
    shoulder: float
    waist: float
    hip: float
    neck: float
    bulk: float
    scale: float
    root: Points
    tilt: float
    lean: float
    yaw: float
    turn: float
    profile: bool
    back: bool
    arms: dict[int, Arm]
    legs: dict[int, Leg]
    pose: str
    low: bool
    seat: str

    @contextmanager
    def placed(self, scene: Scene) -> Iterator[None]:
        """The body's frame without the turn of the chest: for limbs."""
        squeeze = 1 - 0.12 * abs(self.turn)
        with scene.placed(self.root[0], self.root[1], self.tilt, (self.scale * squeeze, self.scale)):
            yield

    @contextmanager
    def chest(self, scene: Scene) -> Iterator[None]:
        """The frame of neck and torso, to be entered inside `placed`: its middle line bends with turn and lean."""
        with scene.placed(warp=self._turned):
            yield

    def _turned(self, points: Points) -> Points:
        x, y = points[:, 0], points[:, 1]
        front = np.clip(1 - (x / 1.6) ** 2, 0, 1) * np.clip(y / 1.1, 0, 1)
        shift = 0.34 * self.turn * front + self.lean * np.clip(y, 0, 3.4)
        return np.stack([x + shift, y], 1)

    @property
    def feet(self) -> float:
        """Height of the soles."""
        return max(float(leg.ankle[1]) for leg in self.legs.values()) + 0.7

    def falls(self, length: float) -> float:
        """How far down a coat or cape of `length` reaches: not below the ground."""
        length *= 0.8 if self.chibi else 1.0
        return min(length, self.feet + 0.1) if self.low else length


def make_body(
    rng: Rng,
    *,
    chibi: bool,
    male: bool,
    narrow: bool,
    calm: bool,
    size: float,
    only: tuple[str, ...],
    hold: tuple[str, str] | None = None,
) -> Body:
    """Draw lots for a build and a pose.

    Args:
        rng: source of chance.
        chibi: a small body under a large head.
        male: build.
        narrow: a long, tight skirt keeps the legs together.
        size: of the body under its head, relative to the usual.
        only: arm poses that the clothes allow, () for all.
        hold: arm poses of the left and the right arm, where both hold something.
        calm: no raised arms, for frames in which they would only cross the picture.
    """
    shoulder = rng.uniform(1.34, 1.58) if male else rng.uniform(1.0, 1.18)
    waist = rng.uniform(0.95, 1.1) if male else rng.uniform(0.70, 0.84)
    hip = rng.uniform(0.95, 1.06) if male else rng.uniform(0.95, 1.12)
    bulk = (1.22 if male else 1.0) * rng.uniform(0.93, 1.08)
    scale, stretch, neck_length = size, rng.uniform(0.82, 1.03), 1.53
    if chibi:
        scale, stretch, neck_length = rng.uniform(0.50, 0.62), rng.uniform(0.5, 0.68), 1.36
        bulk, shoulder, waist, hip = bulk * 1.35, shoulder * 0.95, waist * 1.25, hip * 1.1
    profile = chance(rng, 0.08) and not chibi
    back = chance(rng, 0.06) and not profile
    yaw = float(rng.choice([0, rng.uniform(-0.35, 0.35), rng.uniform(-1, 1)], p=[0.2, 0.3, 0.5]))
    if profile:
        yaw = float(side(rng))
    if back:
        yaw, only = rng.uniform(-0.3, 0.3), only or FROM_BEHIND
    lean = rng.normal(0, 0.035)
    leg_pose = choose(
        rng, NARROW_LEG_POSES if narrow else [n for n, each in LEG_POSES.items() if not (back and each.low)]
    )
    poses = [
        name
        for name, pose in ARM_POSES.items()
        if name in (only or ARM_POSES) and not pose.paired and not (calm and max(pose.upper, pose.fore) > 100)
    ]
    left = choose(rng, poses)
    right = left if chance(rng, 0.4) else choose(rng, poses)
    if hold and not back:
        left, right = hold
    elif leg_pose in _RUNNING and not only and chance(rng, 0.7):
        left, right = "run_behind", "run_ahead"
    elif not only and not chibi and chance(rng, 0.1):
        left, right = "crossed_under", "crossed_over"
    reach = (1.5, 1.3) if chibi else (2.05, 1.8)
    arms = {
        -1: _pose_arm(rng, ARM_POSES[left], -1, shoulder, reach),
        1: _pose_arm(rng, ARM_POSES[right], 1, shoulder, reach),
    }
    mirrored = chance(rng, 0.5) and leg_pose not in _RUNNING
    legs = {s: _pose_leg(rng, LEG_POSES[leg_pose], s, mirrored, hip, lean, stretch) for s in SIDES}
    return Body(
        male=male,
        chibi=chibi,
        shoulder=shoulder,
        waist=waist,
        hip=hip,
        neck=0.38 if male else 0.29,
        bulk=bulk,
        scale=scale,
        root=vector(rng.normal(0, 0.06), neck_length),
        tilt=rng.normal(0, 0.05),
        lean=lean,
        yaw=yaw,
        turn=float(np.clip(yaw * rng.uniform(0, 1.2), -1, 1)),
        profile=profile,
        back=back,
        arms=arms,
        legs=legs,
        pose=f"{left}+{right}/{leg_pose}",
        low=LEG_POSES[leg_pose].low,
        seat=LEG_POSES[leg_pose].seat,
    )


def _pose_arm(rng: Rng, pose: ArmPose, s: int, shoulder: float, reach: tuple[float, float]) -> Arm:
    upper, fore = math.radians(pose.upper + rng.normal(0, 5)), math.radians(pose.fore + rng.normal(0, 7))
    lift = 0.12 * max(0.0, math.sin(upper / 2)) ** 2
    start = vector(s * (shoulder - 0.2 - lift), 0.42 - 2 * lift)
    elbow = start + reach[0] * vector(s * math.sin(upper), math.cos(upper))
    wrist = elbow + reach[1] * pose.length * vector(s * math.sin(fore), math.cos(fore))
    return Arm(start, elbow, wrist, fore, pose.depth + 0.5 * (s > 0), choose(rng, pose.hands), pose.grips)


def _pose_leg(rng: Rng, pose: LegPose, s: int, mirrored: bool, hip: float, lean: float, stretch: float) -> Leg:
    right = (s > 0) != mirrored
    angles, lengths = (pose.right if right else pose.left), pose.lengths[right]
    thigh, shank = (math.radians(angle + rng.normal(0, 2)) for angle in angles)
    start = vector(s * hip * 0.50 + lean * 3.25, 3.25)
    knee = start + 3.3 * lengths[0] * stretch * vector(s * math.sin(thigh), math.cos(thigh))
    ankle = knee + 3.1 * lengths[1] * stretch * vector(s * math.sin(shank), math.cos(shank))
    return Leg(start, knee, ankle, shank, tucked=lengths[1] < 0.2, forward=lengths[0] < 0.6)


def bone(start: Points, end: Points, widths: tuple[float, ...], bow: float = 0.0, closed: bool = False) -> Outline:
    """One segment of a limb: half widths at evenly spaced places, its middle bowed sideways by a share of its length.

    Only its long sides are inked; `closed` also inks the end (a cuff).
    """
    way = end - start
    places = np.linspace(0, 1, len(widths))
    offset = np.sin(places * math.pi)[:, None] * bow * vector(-way[1], way[0])
    centers = start + places[:, None] * way + offset
    return tube(centers, widths).inked(*((0, 1, 2) if closed else (0, 2)))


def two_bones(
    start: Points,
    joint: Points,
    end: Points,
    upper: tuple[float, float, float, float],
    lower: tuple[float, float, float, float],
    *,
    root: Points | None = None,
    closed: bool = False,
) -> list[Outline]:
    """A limb of two bones for a united shape: the joint is rounded, both bones bow a little like living ones.

    Args:
        start: upper end of the upper bone: shoulder or hip.
        joint: elbow or knee.
        end: wrist or ankle, or where a sleeve ends above it.
        upper: half widths at evenly spaced places of the upper bone.
        lower: the same of the lower bone.
        root: where the limb grows out of the trunk; the upper bone then curves over the shoulder.
        closed: ink the end too (a cuff).
    """
    first, second = joint - start, end - joint
    bow = -0.025 if first[0] * second[1] > first[1] * second[0] else 0.025
    if root is None:
        top = bone(start, joint, upper, bow)
    else:
        aside = bow * vector(-first[1], first[0])
        top = tube([root, start + 0.14 * first, start + 0.55 * first + aside, joint], upper).inked(0, 2)
    return [top, bone(joint, end, lower, bow, closed), ellipse(joint[0], joint[1], lower[0], lower[0], 18)]


def shoulder_root(arm: Arm, s: int) -> Points:
    """The place on the slope of the shoulder where the arm on side `s` grows out of the trunk."""
    return arm.shoulder + vector(-0.27 * s, -0.14)


def half_width(body: Body, height: float) -> float:
    """Half width of the trunk at a height below the neck: shoulder, waist and hip joined smoothly."""
    return float(np.interp(height, [0.9, 2.05, 3.0], [body.shoulder - 0.1, body.waist, body.hip]))
