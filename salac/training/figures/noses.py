"""Noses as a table: from the hint of an anime nose over the cartoonist's knobs to one with wings and nostrils."""

from dataclasses import dataclass

from . import cel, depths
from .chance import between, choose
from .curves import Points, array, outline, spline, vector
from .head import Head
from .scene import Scene, Shape

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Nose:
    """A nose seen from the front, around its tip, in head units.

    Attributes:
        manners: in which it is drawn.
        lines: its strokes.
        knob: a closed outline of its own, for noses that stand out round.
        shadow: a patch below the tip.
        weight: of its strokes.
    """

    manners: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    knob: Line = ()
    shadow: Line = ()
    weight: float = 0.85


_TOON, _ROUND = ("cartoon",), ("cartoon", "sticker")

NOSES = {
    "hook": Nose(("anime",), (((0, -0.05), (0.04, 0.02), (-0.02, 0.05)),)),
    "dash": Nose(("anime", "sticker"), (((-0.02, 0.02), (0.02, 0.035)),)),
    "bridge": Nose(("anime",), (((-0.01, -0.14), (0.04, 0.02), (-0.02, 0.05)),), weight=0.7),
    "shade": Nose(
        ("anime",), (((-0.03, 0.05), (0.03, 0.055)),), shadow=((-0.02, -0.02), (0.05, 0.05), (-0.05, 0.06)), weight=0.6
    ),
    "cup": Nose(_ROUND, (((-0.11, -0.04), (-0.09, 0.04), (0, 0.08), (0.09, 0.04), (0.11, -0.04)),)),
    "corner": Nose(_TOON, (((-0.03, -0.24), (0.08, 0.0), (0.1, 0.05), (-0.05, 0.06)),)),
    "beak": Nose(_TOON, (((-0.05, -0.3), (0.1, -0.06), (0.17, 0.04), (0.04, 0.09), (-0.08, 0.05)),)),
    "knob": Nose(_TOON, knob=((0, -0.13), (0.13, -0.06), (0.14, 0.07), (0, 0.13), (-0.14, 0.07), (-0.13, -0.06))),
    "potato": Nose(_TOON, knob=((0, -0.18), (0.1, -0.12), (0.2, 0.02), (0.15, 0.12), (0, 0.14), (-0.15, 0.12),
                                (-0.2, 0.02), (-0.1, -0.12))),
    "dots": Nose(_ROUND, (((-0.05, 0.02), (-0.035, 0.03)), ((0.035, 0.03), (0.05, 0.02))), weight=1.1),
    "snub": Nose(_TOON, (((-0.12, 0.03), (-0.09, -0.03)), ((0.12, 0.03), (0.09, -0.03)),
                         ((-0.06, 0.06), (0, 0.08), (0.06, 0.06)))),
    "straight": Nose(
        ("lifelike",), (((0.02, -0.32), (0.05, -0.16), (0.07, -0.02)), ((-0.12, 0.02), (-0.13, 0.07), (-0.09, 0.09)),
        ((0.12, 0.02), (0.13, 0.07), (0.09, 0.09)), ((-0.05, 0.09), (0, 0.115), (0.05, 0.09))),
        shadow=((-0.06, 0.1), (0.06, 0.1), (0.1, 0.16), (-0.06, 0.16)), weight=0.7,
    ),
    "broad": Nose(
        ("lifelike", "cartoon"), (((-0.11, -0.02), (-0.17, 0.05), (-0.11, 0.09), (-0.05, 0.07), (0, 0.1), (0.05, 0.07),
        (0.11, 0.09), (0.17, 0.05), (0.11, -0.02)),), shadow=((-0.1, 0.09), (0.1, 0.09), (0.06, 0.15), (-0.06, 0.15)),
        weight=0.75,
    ),
    "aquiline": Nose(
        ("lifelike", "cartoon"), (((-0.03, -0.36), (0.06, -0.22), (0.08, -0.06), (0.06, 0.08), (-0.03, 0.1)),
        ((-0.11, 0.0), (-0.14, 0.06), (-0.08, 0.08))), weight=0.75,
    ),
    "hinted": Nose(("lifelike",), (((-0.06, 0.06), (-0.02, 0.09), (0.03, 0.085)), ((0.1, 0.0), (0.115, 0.05))),
                   weight=0.7),
}  # fmt: skip
"""Noses by name."""


def draw_nose(scene: Scene, head: Head, face: Shape) -> str:
    """Draw a nose in the head's frame, heads in profile excepted; returns its name."""
    rng = scene.rng
    kind = choose(rng, [name for name, nose in NOSES.items() if head.style in nose.manners])
    nose = NOSES[kind]
    size = 1.0 if head.style == "anime" else between(rng, (0.85, 1.35))
    x, y = head.across(0, 0.34), head.manner.eye_line + (0.30 if head.style == "anime" else 0.32)

    def placed(line: Line) -> Points:
        points = array(line) * size
        points[:, 0] += head.turn * (0.06 - 0.12 * points[:, 1])
        return points + vector(x, y)

    lines = scene.ghost(depths.FEATURE)
    for line in nose.lines:
        scene.stroke(lines, spline(placed(line)), nose.weight)
    if nose.knob:
        knob = scene.shape(outline(placed(nose.knob).tolist()), "skin", "skin", depths.FEATURE + 0.3, 0.9)
        cel.crescent(scene, knob, 0.07)
    if nose.shadow:
        cel.patch(scene, face, placed(nose.shadow))
    return kind
