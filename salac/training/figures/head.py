"""The head: its turn, its contour, ears and nose. Head units: the cranium has radius 1, built facing right."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from . import cel, depths
from .body import SIDES, Body
from .chance import Rng, between, chance, choose, side
from .curves import Outline, Points, array, ellipse, mix, outline, spline
from .manners import MANNERS, Manner
from .scene import Scene, Shape

# Contours run clockwise from the crown over the right cheek to the chin and back up the left one.
_FRONT = array([
    (0, -.95), (.62, -.75), (.90, -.25), (.89, .25), (.82, .62), (.60, .97), (.26, 1.21), (0, 1.29),
    (-.26, 1.21), (-.60, .97), (-.82, .62), (-.89, .25), (-.90, -.25), (-.62, -.75),
])  # fmt: skip
_THREE_QUARTER = array([
    (.05, -.95), (.62, -.72), (.84, -.25), (.79, .20), (.83, .56), (.71, .92), (.50, 1.19), (.30, 1.28),
    (.04, 1.18), (-.40, .92), (-.66, .56), (-.80, .2), (-.88, -.25), (-.62, -.75),
])  # fmt: skip
_PROFILE = array([
    (0, -.95), (.55, -.78), (.80, -.3), (.75, .2), (.91, .60), (.79, .68), (.80, .81), (.745, .885), (.775, .97),
    (.70, 1.06), (.70, 1.24), (.50, 1.32), (.08, 1.10), (-.16, .72), (-.2, .3), (-.8, -.2), (-.6, -.75),
])  # fmt: skip
_SAMPLES = 9


@dataclass(frozen=True, slots=True)
class Head:
    """A head's build and view.

    Attributes:
        turn: 0 frontal to 1 three-quarter view.
        mirrored: it looks to the left; the drawing is mirrored.
        profile: seen from the side.
        roll: tilt in radians.
        jaw, chin: width of the jaw and length of the chin relative to the usual.
        male, chibi: build.
        style: name of the manner in which the face is drawn.
        nose, ears: their sizes.
    """

    turn: float
    mirrored: bool
    profile: bool
    roll: float
    jaw: float
    chin: float
    male: bool
    chibi: bool
    style: str
    nose: float
    ears: float

    @property
    def manner(self) -> Manner:
        """The manner in which the face is drawn."""
        return MANNERS[self.style]

    @contextmanager
    def placed(self, scene: Scene) -> Iterator[None]:
        """The head's frame; mirrored where it looks to the left."""
        with scene.placed(0, 0, self.roll, (-1.0 if self.mirrored else 1.0, 1.0)):
            yield

    @property
    def facing(self) -> int:
        """1 where the picture's right is the head's right, else -1."""
        return -1 if self.mirrored else 1

    def across(self, place: float, shift: float = 0.25) -> float:
        """The x of a feature at `place` in -1..1 across the face, under the head's turn."""
        if self.profile:
            return 0.61 + place * 0.55
        return place * mix(1, 0.82 if place > 0 else 0.95, self.turn) + shift * self.turn


def make_head(rng: Rng, body: Body, style: str) -> Head:
    """Draw lots for the head of a body, to be drawn in a manner of `MANNERS`."""
    manner = MANNERS[style]
    chin = rng.uniform(-0.06, 0.08) + (0.06 if body.male else 0.0) - (0.1 if body.chibi else 0.0)
    return Head(
        turn=abs(body.yaw),
        mirrored=body.yaw < 0,
        profile=body.profile,
        roll=rng.normal(0, 0.09),
        jaw=between(rng, manner.jaw) + (manner.male_jaw if body.male else 0.0),
        chin=chin,
        male=body.male,
        chibi=body.chibi,
        style=style,
        nose=between(rng, manner.nose),
        ears=between(rng, manner.ears),
    )


def draw_face(scene: Scene, head: Head, back: bool) -> Shape:
    """Ears and face, or the `back` of the head; returns its shape, onto which hair throws its shadow."""
    for s in SIDES:
        hidden = s > 0 and (head.turn > 0.3 or head.profile)
        if not hidden:
            _draw_ear(scene, head, s)
    contour = outline(_contour(head).tolist(), _SAMPLES)
    last = 13 if head.profile else 10 if head.turn > 0.45 else 12
    jawline = contour.points[2 * _SAMPLES : last * _SAMPLES]
    face = scene.shape(Outline(contour.points, (jawline,)), "skin", "skin", depths.FACE, 1.1, taper=(0.8, 0.8))
    if chance(scene.rng, 0.7):
        cel.crescent(scene, face, scene.rng.uniform(0.06, 0.13))
    if not head.profile and not back:
        if chance(scene.rng, 0.3 if head.style == "anime" else 0.1):
            _draw_blush(scene, head)
        elif chance(scene.rng, 0.12):
            _draw_mark(scene, head)
    return face


def draw_skull(scene: Scene, head: Head, face: Shape) -> None:
    """Outline the crown of a bald head."""
    contour = outline(_contour(head).tolist(), _SAMPLES).points
    last = 13 if head.profile else 10 if head.turn > 0.45 else 12
    scene.stroke(face, np.concatenate([contour[last * _SAMPLES :], contour[: 2 * _SAMPLES + 1]]), 1.1, (0.2, 0.2))


def jaw(head: Head) -> Points:
    """The contour of the lower face, from below the right ear over the chin to the left one; heads in profile: from
    the lip to the ear.
    """
    first, last = (9, 14) if head.profile else (4, 10)
    return outline(_contour(head).tolist(), _SAMPLES).points[first * _SAMPLES : last * _SAMPLES + 1]


def _contour(head: Head) -> Points:
    contour = _PROFILE.copy() if head.profile else _FRONT + (_THREE_QUARTER - _FRONT) * head.turn
    low = np.clip(contour[:, 1] - 0.2, 0, 1)
    if head.profile:
        contour[4, 0] += head.nose
        contour[5, 0] += 0.25 * head.nose
    elif head.manner.round:
        angle = np.arctan2(contour[:, 1] - 0.16, contour[:, 0])
        ball = np.stack([0.05 * head.turn + 0.98 * np.cos(angle), 0.16 + 1.06 * np.sin(angle)], 1)
        return contour + 0.85 * (ball - contour)
    contour[:, 0] *= 1 + (head.jaw - 1) * low
    contour[:, 1] += head.chin * low**2
    return contour


def _draw_ear(scene: Scene, head: Head, s: int) -> None:
    x = s * 0.93 if s > 0 else -0.2 if head.profile else mix(-0.95, -0.63, head.turn)
    rim = [(-0.06, 0.12), (0.08, 0.05), (0.16, 0.17), (0.10, 0.42), (-0.02, 0.56), (-0.08, 0.5)]
    depth = depths.EAR if head.turn < 0.45 else depths.FEATURE + 0.2
    with scene.placed(x, 0.3, 0, (s * head.ears, head.ears)):
        ear = scene.shape(outline([(dx, y - 0.3) for dx, y in rim]), "skin", "skin", depth, 0.9)
        scene.stroke(ear, spline([(0.02, -0.14), (0.09, -0.1), (0.04, 0.1)]), 0.6)
    cel.crescent(scene, ear, 0.1)


def _draw_blush(scene: Scene, head: Head) -> None:
    """Short slanted lines on both cheeks."""
    lines = scene.ghost(depths.FEATURE)
    for place in (-0.58, 0.58):
        for k in (-1, 0, 1):
            x = head.across(place) + k * 0.07
            scene.stroke(lines, [(x + 0.025, 0.69), (x - 0.025, 0.77)], 0.5)


def _draw_mark(scene: Scene, head: Head) -> None:
    """A mole, freckles, a plaster, a tear or whiskers."""
    rng, lines = scene.rng, scene.ghost(depths.FEATURE)
    s = side(rng)
    x = head.across(0.5 * s)
    kind = choose(rng, ("mole", "freckles", "plaster", "tear", "whiskers"))
    if kind == "mole":
        scene.shape(ellipse(x, 0.86, 0.025, 0.025, 10), "skin", "ink", depths.FEATURE, 0.5)
    elif kind == "freckles":
        for place in (-0.62, -0.5, -0.4, 0.4, 0.5, 0.62):
            dot = head.across(place), 0.72 + rng.normal(0, 0.03)
            scene.stroke(lines, [dot, (dot[0] + 0.012, dot[1] + 0.01)], 0.8, (0, 0))
    elif kind == "plaster":
        with scene.placed(x, 0.78, rng.uniform(-0.6, 0.6)):
            strip = outline([(-0.18, -0.06), (0.18, -0.06), (0.18, 0.06), (-0.18, 0.06)])
            plaster = scene.shape(strip, "accessory", "cloth.4", depths.FEATURE, 0.7)
            scene.stroke(plaster, [(-0.06, -0.07), (-0.06, 0.07)], 0.5, (0.2, 0.2))
            scene.stroke(plaster, [(0.06, -0.07), (0.06, 0.07)], 0.5, (0.2, 0.2))
    elif kind == "tear":
        drop = outline([(x, 0.7, 1), (x + 0.06, 0.84), (x, 0.9), (x - 0.06, 0.84)])
        scene.shape(drop, "skin", "object.1", depths.FEATURE + 0.9, 0.7)
    else:
        for cheek in SIDES:
            for k in (-1, 0, 1):
                end = head.across(0.85 * cheek)
                start = head.across(0.5 * cheek)
                scene.stroke(lines, [(start, 0.78 + 0.05 * k), (end, 0.75 + 0.1 * k)], 0.6, (0.3, 1.2))
