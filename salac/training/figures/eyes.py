"""Anime eyes: lids, iris, pupil, highlights, lashes and brows.

Eye units: x runs from the inner corner (-1) to the outer one (1), y from the upper lid (-1) to the lower one (1).
"""

from dataclasses import dataclass

import numpy as np

from ..drawing import BASE_TONE
from . import cel, depths
from .chance import Rng, between, chance, weigh
from .curves import Points, bezier, ellipse, join, mix, spline, vector
from .head import Head
from .scene import Scene, Shape
from .toon_eyes import draw_toon_eyes


@dataclass(frozen=True, slots=True)
class EyeKind:
    """The cut of an eye.

    Attributes:
        inner, outer: how far the two corners sink (positive) or rise (negative).
        height: of the upper lid relative to a round eye.
        closed: 0 open, 1 closed smiling (arched up), -1 closed asleep (arched down).
        share: how often it is drawn.
    """

    inner: float = 0.1
    outer: float = 0.0
    height: float = 1.0
    closed: int = 0
    share: float = 1.0


EYES = {
    "round": EyeKind(0.12, -0.10, share=27),
    "tsurime": EyeKind(0.30, -0.42, share=23),
    "tareme": EyeKind(-0.05, 0.28, share=16),
    "narrow": EyeKind(0.20, -0.12, share=10),
    "half": EyeKind(0.15, 0.0, height=0.55, share=8),
    "sharp": EyeKind(0.34, -0.30, height=0.72, share=6),
    "closed_smile": EyeKind(closed=1, share=6),
    "closed_sleep": EyeKind(closed=-1, share=5),
    "wink": EyeKind(0.12, -0.10, share=5),
}
"""Kinds of eyes; a wink is a round eye beside a smiling closed one."""

PUPILS = {"oval": (0.36, 0.52), "slit": (0.13, 0.70), "small": (0.22, 0.30), "ring": (0.40, 0.55)}
"""Half width and half height of the pupil; without any of them the iris is plain."""
_PUPIL_SHARES = {"oval": 55.0, "slit": 8, "small": 15, "ring": 12, "none": 10}


@dataclass(frozen=True, slots=True)
class EyeStyle:
    """How one figure's eyes are drawn, the same on both sides."""

    width: float
    height: float
    iris: float
    gaze: tuple[float, float]
    pupil: str
    solid_pupil: bool
    black_cap: bool
    two_tone: bool
    highlights: int
    lash: float
    flicks: int
    crease: bool
    lower_lid: bool
    first_lash: int
    brow: float
    brow_tilt: float
    brow_lift: float
    brow_low: float
    brow_depth: float


def _make_style(rng: Rng, head: Head, kind: str, plain: bool) -> EyeStyle:
    lifelike = head.style == "lifelike"
    height = between(rng, head.manner.eye_height) * (0.78 if head.male and not lifelike else 1)
    height *= 1.12 if head.chibi else 1
    return EyeStyle(
        width=between(rng, head.manner.eye_width) * (1.06 if head.chibi else 1),
        height=height * (0.68 if kind == "narrow" else 1),
        iris=between(rng, (0.5, 0.6) if lifelike else (0.58, 0.74)),
        gaze=(0.28 * head.facing if head.profile else rng.normal(0, 0.1), rng.normal(0, 0.05)),
        pupil=weigh(rng, _PUPIL_SHARES),
        solid_pupil=chance(rng, 0.55),
        black_cap=chance(rng, 0.2) and not plain,
        two_tone=chance(rng, 0.4),
        highlights=int(rng.integers(1, 3 if plain else 4)),
        lash=between(rng, (0.4, 0.8) if lifelike else (0.6, 1.25)) * (0.8 if head.male else 1),
        flicks=0 if lifelike else int(rng.integers(0, 2 if head.male else 4)),
        crease=chance(rng, 0.2 if plain else 0.7),
        lower_lid=chance(rng, 0.7) and not plain,
        first_lash=int(rng.integers(0, 8)),
        brow=between(rng, (0.6, 1.5)) * (1.3 if head.male else 1),
        brow_tilt=rng.normal(0, 0.12),
        brow_lift=between(rng, (-0.04, 0.1)),
        brow_low=0.22 if lifelike else 0.0,
        brow_depth=depths.BROW if chance(rng, 0.6) else depths.BROW_OVER_HAIR,
    )


def draw_eyes(scene: Scene, head: Head) -> str:
    """Draw both eyes in the head's frame; returns the kind's name."""
    rng = scene.rng
    if chance(rng, head.manner.toon_eyes):
        return draw_toon_eyes(scene, head)
    kind = weigh(rng, {name: each.share for name, each in EYES.items()})
    style = _make_style(rng, head, kind, scene.plain)
    spacing = between(rng, (0.40, 0.46))
    odd = chance(rng, 0.07)
    for s in (-1, 1):
        far = s > 0
        if far and head.profile:
            continue
        x = 0.46 if head.profile else head.across(s * spacing)
        narrowing = 0.62 if head.profile else mix(1, 0.77 if far else 0.97, head.turn)
        cut = EYES["closed_smile"] if kind == "wink" and far else EYES[kind]
        with scene.placed(x, head.manner.eye_line, 0, (s * style.width * narrowing, style.height)):
            if cut.closed:
                _draw_closed(scene, style, cut.closed)
            else:
                _draw_open(scene, style, cut, s * head.facing, odd and not far)
            _draw_brow(scene, style)
    return kind


def _lash_width(scene: Scene, style: EyeStyle) -> float:
    return max(scene.pen * 2.0, 0.055) * style.lash


def _draw_closed(scene: Scene, style: EyeStyle, arch: int) -> None:
    lash = _lash_width(scene, style)
    lines = scene.ghost(depths.LASH)
    lid = spline([
        (-0.95, 0.25 + 0.25 * arch), (-0.4, 0.25 - 0.22 * arch), (0.1, 0.25 - 0.33 * arch), (0.6, 0.25 - 0.2 * arch),
        (1.0, 0.25 + 0.12 * arch),
    ])  # fmt: skip
    scene.blade(lines, lid, (0.01, lash * 0.6, lash * 0.85, lash * 0.6, lash * 0.15))
    for i in range(min(2, style.flicks)):
        root = lid[-1 - 4 * i]
        flick = bezier(root, root + vector(0.12, -0.02 * arch), root + vector(0.25, 0.05 - 0.12 * arch), 6)
        scene.blade(lines, flick, (lash * 0.45, lash * 0.3, 0.004))


def _lids(cut: EyeKind) -> tuple[Points, Points]:
    """The upper lid from the inner to the outer corner, the lower one back."""
    h, inner, outer = cut.height, cut.inner, cut.outer
    upper = spline([
        (-1, 0.2 + inner * 0.5), (-0.68, -0.45 * h + inner * 0.3), (-0.1, -0.95 * h), (0.5, -0.82 * h + outer * 0.35),
        (0.86, -0.38 * h + outer * 0.8), (1.02, 0.05 + outer),
    ], samples=6)  # fmt: skip
    lower = spline([
        (1.02, 0.05 + outer), (0.82, 0.55 + outer * 0.4), (0.4, 0.92), (-0.2, 0.96), (-0.7, 0.72),
        (-1, 0.2 + inner * 0.5),
    ], samples=6)  # fmt: skip
    return upper, lower


def _draw_open(scene: Scene, style: EyeStyle, cut: EyeKind, outward: int, odd: bool) -> None:
    upper, lower = _lids(cut)
    white = scene.shape(join(upper, lower), "eye_white", "sclera", depths.EYE, 0)
    cel.patch(scene, white, np.concatenate([upper, (upper + vector(0, 0.3))[::-1]]))
    _draw_iris(scene, style, white, outward, odd)
    lash, h, outer = _lash_width(scene, style), cut.height, cut.outer
    lines = scene.ghost(depths.LASH)
    lid = upper[style.first_lash :]
    scene.blade(lines, lid, (lash * 0.15, lash * 0.7, lash * 0.95, lash * 1.1, lash * 0.8))
    for i in range(style.flicks):
        root = upper[-1 - 3 * i]
        flick = bezier(root, root + vector(0.14, -0.05), root + vector(0.26 - 0.03 * i, -0.28 + 0.05 * i), 6)
        scene.blade(lines, flick, (lash * 0.7, lash * 0.5, 0.004))
    end = -5 if style.lower_lid else len(lower) * 4 // 7
    scene.stroke(lines, lower[len(lower) // 8 : end], 0.75, (0.6, 1))
    if style.crease:
        scene.stroke(lines, spline([(-0.55, -0.98 * h), (0.0, -1.32 * h), (0.7, -1.12 * h + outer * 0.4)]), 0.65)


def _draw_iris(scene: Scene, style: EyeStyle, white: Shape, outward: int, odd: bool) -> None:
    x, y, radius = style.gaze[0] * outward - 0.02, 0.02 + style.gaze[1], style.iris
    iris = scene.shape(
        ellipse(x, y, radius, 0.97), "iris", "iris.2" if odd else "iris", depths.EYE + 0.1, 0.75, clip=white
    )
    cel.ramp(scene, iris, -0.9, 0.7, 50, BASE_TONE + 10)
    if style.two_tone:
        bowl = np.concatenate(
            [bezier((x - radius, y + 0.25), (x, y + 0.55), (x + radius, y + 0.25)), [(x + 1, 1.2), (x - 1, 1.2)]]
        )
        glow = scene.printed([join(bowl)], "iris" if odd else "iris.2", iris)
        glow.depth = iris.depth + 0.01
    cel.patch(scene, iris, ellipse(x, y + 0.62, radius * 0.72, 0.32, 16).points, -0.8)
    if style.black_cap:
        cap = scene.ghost(depths.EYE + 0.15, clip=iris)
        scene.blade(
            cap,
            bezier((x - radius, y - 0.55), (x, y - 0.95), (x + radius, y - 0.55), 8),
            (0.02, 0.13, 0.15, 0.13, 0.02),
        )
    if style.pupil in PUPILS:
        wide, high = PUPILS[style.pupil]
        pupil = scene.shape(
            ellipse(x, y, wide * radius / 0.65, high, 20),
            "iris", "pupil", depths.EYE + 0.2, 0 if style.solid_pupil else 0.6,
            clip=white,
        )  # fmt: skip
        pupil.solid = style.solid_pupil
        if style.pupil == "ring":
            cel.patch(scene, pupil, ellipse(x, y, 0.2, 0.28, 14).points, -0.7)
    lit = outward * (1 if scene.light[0] > 0 else -1)
    spots = ((0.3, -0.48, 0.24, 0.27), (-0.3, 0.45, 0.13, 0.14), (0.12, 0.62, 0.07, 0.08))
    for dx, dy, wide, high in spots[: style.highlights]:
        spark = ellipse(x + dx * lit, y + dy, wide, high, 16)
        scene.shape(spark, "eye_white", "sclera", depths.EYE + 0.3, 0.45, clip=white)


def _draw_brow(scene: Scene, style: EyeStyle) -> None:
    """A brow at a fixed height of the head, whatever the eye's own."""
    y = (-0.52 - style.brow_lift - (style.height - 0.26) * 0.5 + style.brow_low) / style.height
    tilt = style.brow_tilt / style.height
    thick = max(scene.pen * 1.1, 0.03 * style.brow)
    brow = spline([(-0.85, y + tilt + 0.12), (0, y - 0.05), (1.0, y - tilt + 0.2)])
    lines = scene.ghost(style.brow_depth)
    scene.blade(lines, brow, (thick * 0.8, thick, thick * 0.7, 0.006))
