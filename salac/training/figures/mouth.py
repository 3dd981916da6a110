"""Mouths: closed ones are lines, open ones hold tongue and teeth. Points are (x in half widths, y in head units)."""

from dataclasses import dataclass

from . import cel, depths
from .chance import between, chance, choose
from .curves import array, ellipse, outline, polygon, spline
from .head import Head
from .scene import Scene

Controls = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class OpenMouth:
    """An open mouth: its outline's controls, the height of the upper teeth (0 none), chances of tongue and fang."""

    outline: Controls
    teeth: float = 0.0
    tongue: float = 1.0
    fang: bool = False


CLOSED_MOUTHS: dict[str, tuple[Controls, ...]] = {
    "smile": (((-1, -0.04), (0, 0.015), (1, -0.04)),),
    "soft": (((-1, -0.02), (0, 0.008), (1, -0.02)),),
    "flat": (((-0.8, 0.0), (0, 0.003), (0.8, 0.0)),),
    "tiny": (((-0.35, 0.0), (0, -0.018), (0.35, 0.0)),),
    "frown": (((-0.8, 0.03), (0, -0.015), (0.8, 0.03)),),
    "cat": (((-1, -0.03), (-0.5, 0.03), (0, -0.02)), ((1, -0.03), (0.5, 0.03), (0, -0.02))),
    "wavy": (((-1, 0.0), (-0.5, -0.035), (0, 0.025), (0.5, -0.035), (1, 0.01)),),
    "pout": (((-0.5, 0.04), (-0.25, 0.0), (0, -0.025)), ((0.5, 0.04), (0.25, 0.0), (0, -0.025))),
    "smirk": (((-0.8, 0.02), (0, 0.03), (1, -0.06)),),
}

OPEN_MOUTHS = {
    "open": OpenMouth(((-1, -0.05, 1), (0, -0.03), (1, -0.05, 1), (0.6, 0.1), (0, 0.15), (-0.6, 0.1)), teeth=0.035),
    "o": OpenMouth(((0, -0.07), (0.4, 0.0), (0.38, 0.06), (0, 0.11), (-0.38, 0.06), (-0.4, 0.0)), tongue=0),
    "shout": OpenMouth(
        ((-0.8, -0.09, 1), (0, -0.11), (0.8, -0.09, 1), (1, 0.1), (0.6, 0.17), (0, 0.18), (-0.6, 0.17), (-1, 0.1)),
        teeth=0.04,
    ),
    "laugh": OpenMouth(
        ((-1.2, -0.07, 1), (0, -0.02), (1.2, -0.07, 1), (0.75, 0.12), (0, 0.2), (-0.75, 0.12)), teeth=0.04
    ),
    "fang": OpenMouth(((-0.9, -0.04, 1), (0, -0.03), (0.9, -0.04, 1), (0, 0.13)), tongue=0.5, fang=True),
}

LIPS: dict[str, tuple[Controls, Controls]] = {
    "full_lips": (
        ((-1, 0, 1), (-0.4, -0.065), (0, -0.045), (0.4, -0.065), (1, 0, 1), (0.45, 0.0), (0, 0.012), (-0.45, 0.0)),
        ((-0.9, 0.004, 1), (0, 0.014), (0.9, 0.004, 1), (0.5, 0.075), (0, 0.095), (-0.5, 0.075)),
    ),
    "thin_lips": (
        ((-1, 0, 1), (-0.3, -0.035), (0, -0.022), (0.3, -0.035), (1, 0, 1), (0, 0.008)),
        ((-0.8, 0.006, 1), (0, 0.01), (0.8, 0.006, 1), (0.4, 0.045), (-0.4, 0.045)),
    ),
    "smiling_lips": (
        ((-1.2, -0.05, 1), (-0.4, -0.05), (0, -0.03), (0.4, -0.05), (1.2, -0.05, 1), (0.5, 0.01), (0, 0.025),
         (-0.5, 0.01)),
        ((-1.1, -0.035, 1), (0, 0.03), (1.1, -0.035, 1), (0.5, 0.07), (0, 0.095), (-0.5, 0.07)),
    ),
}  # fmt: skip
"""Upper and lower lip of closed mouths."""
GRIN: Controls = ((-1.2, -0.07, 1), (0, -0.02), (1.2, -0.07, 1), (0.7, 0.07), (0, 0.1), (-0.7, 0.07))
"""A grin shows closed teeth."""
IN_PROFILE = ("smile", "soft", "flat", "frown", "open", "o")
MOUTHS = (*CLOSED_MOUTHS, *OPEN_MOUTHS, "grin")
_ANIME_ONLY = ("cat", "fang")


def mouth_place(head: Head) -> tuple[float, float]:
    """The middle of the mouth in the head's frame."""
    low = 0.97 if head.style == "anime" else 0.93
    return head.across(0, 0.27), low + head.chin * 0.5


def draw_mouth(scene: Scene, head: Head) -> str:
    """Draw a mouth in the head's frame; returns its name."""
    rng = scene.rng
    anime = head.style == "anime"
    if chance(rng, head.manner.lips) and not head.profile:
        kind = choose(rng, LIPS)
    else:
        kind = choose(rng, IN_PROFILE if head.profile else [n for n in MOUTHS if anime or n not in _ANIME_ONLY])
    width = between(rng, (0.13, 0.22) if anime else (0.2, 0.32))
    width *= 0.55 if head.profile else 1 - 0.15 * head.turn
    with scene.placed(*mouth_place(head)):
        if kind in LIPS:
            _draw_lips(scene, *LIPS[kind], width)
        elif kind in CLOSED_MOUTHS:
            _draw_closed(scene, kind, width)
        elif kind == "grin":
            teeth = scene.shape(outline(_scaled(GRIN, width)), "mouth", "teeth", depths.FEATURE + 0.1, 0.9)
            if chance(rng, 0.5):
                scene.stroke(teeth, spline([(-width, 0), (0, 0.025), (width, 0)]), 0.5)
        else:
            _draw_open(scene, OPEN_MOUTHS[kind], width)
    return kind


def _scaled(controls: Controls, width: float) -> list[tuple[float, ...]]:
    return [(control[0] * width, *control[1:]) for control in controls]


def _draw_closed(scene: Scene, kind: str, width: float) -> None:
    lines = scene.ghost(depths.FEATURE + 0.1)
    halves = CLOSED_MOUTHS[kind]
    for controls in halves:
        scene.stroke(lines, spline(_scaled(controls, width)), 0.95, (1, 1 if len(halves) == 1 else 0))
    if kind in ("smile", "soft") and chance(scene.rng, 0.5):
        scene.stroke(lines, [(-0.04, 0.1), (0.04, 0.1)], 0.5)


def _draw_lips(scene: Scene, upper: Controls, lower: Controls, width: float) -> None:
    for lip, weight in ((lower, 0.6), (upper, 0.7)):
        shape = scene.shape(outline(_scaled(lip, width)), "mouth", "lips", depths.FEATURE + 0.1, weight)
        if lip is upper:
            cel.whole(shape, 0.6)
    (x, y), middle = upper[0][:2], lower[1][1]
    parting = scene.ghost(depths.FEATURE + 0.12)
    scene.stroke(parting, spline(_scaled(((x, y), (0, middle), (-x, y)), width)), 1.0)


def _draw_open(scene: Scene, mouth: OpenMouth, width: float) -> None:
    rng = scene.rng
    inside = scene.shape(outline(_scaled(mouth.outline, width)), "mouth", "lips", depths.FEATURE + 0.1, 0.95)
    cel.whole(inside, 0.8)
    heights = array([control[:2] for control in mouth.outline])[:, 1]
    if chance(rng, mouth.tongue):
        scene.shape(
            ellipse(0, float(heights.max()), width * 0.7, width * 0.5), "mouth", "lips", depths.FEATURE + 0.11, 0.5,
            clip=inside,
        )  # fmt: skip
    if mouth.teeth and chance(rng, 0.6):
        top = float(heights.min())
        row = [(-width * 1.3, top - 0.05), (width * 1.3, top - 0.05), (width * 1.2, top + 0.04 + mouth.teeth)]
        scene.shape(
            polygon([*row, (-width * 1.2, top + 0.04 + mouth.teeth)]), "mouth", "teeth", depths.FEATURE + 0.12, 0.5,
            clip=inside,
        )  # fmt: skip
    if mouth.fang:
        fang = [(width * 0.3, -0.05), (width * 0.62, -0.05), (width * 0.45, 0.035)]
        scene.shape(polygon(fang), "mouth", "teeth", depths.FEATURE + 0.13, 0.5)
