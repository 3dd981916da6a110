"""Seams: lines that run from edge to edge of a garment and part it into closed pieces of one and the same cloth.

What learns from a drawing meets them on every real one: a yoke, a placket, a fold from armpit to hem. The seams of each
kind of garment are a table of lines in the garment's own measure; they are cut off at its edge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .body import SIDES, Body, half_width
from .chance import Rng, chance, weigh
from .curves import Points, across, along, array, bezier, spline, unit, vector
from .ink import Stroke
from .scene import Scene, Shape

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Seam:
    """Lines across a garment: x in half widths (1 is its edge), y from 0 at its upper end to 1 at its hem.

    Attributes:
        lines: a smooth curve through the points of each.
        share: how often it is drawn.
        mirrored: the same on the other side.
    """

    lines: tuple[Line, ...]
    share: float = 1.0
    mirrored: bool = False


def _level(*heights: float, sag: float = 0.02) -> tuple[Line, ...]:
    """Lines straight across, sagging a little in the middle."""
    return tuple(((-1.4, y), (0, y + sag), (1.4, y)) for y in heights)


def _upright(*places: float) -> tuple[Line, ...]:
    """Lines from above the garment to below it."""
    return tuple(((0.8 * x, -0.2), (x, 0.5), (1.1 * x, 1.3)) for x in places)


TOPS = {
    "yoke": Seam(_level(0.26), 2.5),
    "bowed_yoke": Seam(_level(0.22, sag=0.07), 1.5),
    "pointed_yoke": Seam((((-1.4, 0.2), (-0.6, 0.27), (-0.55, 0.34), (-0.5, 0.27), (0, 0.22)),), 1, mirrored=True),
    "raglan": Seam((((0.22, -0.05), (0.5, 0.2), (1.25, 0.5)),), 2.5, mirrored=True),
    "shoulders": Seam((((0.3, -0.1), (0.45, 0.09), (1.4, 0.22)),), 1.5, mirrored=True),
    "princess": Seam((((1.3, 0.3), (0.6, 0.48), (0.48, 0.75), (0.6, 1.2)),), 2, mirrored=True),
    "sides": Seam((((0.82, 0.1), (0.8, 0.6), (0.82, 1.2)),), 2, mirrored=True),
    "placket": Seam((((-0.1, -0.1), (-0.1, 1.2)), ((0.1, -0.1), (0.1, 1.2))), 2),
    "front": Seam((((0, -0.1), (0.01, 0.5), (0, 1.2)),), 2),
    "half_placket": Seam((((-0.11, -0.1), (-0.1, 0.45), (0.1, 0.45), (0.11, -0.1)),), 1),
    "waist": Seam(_level(0.72), 1.5),
    "bust": Seam((((-1.4, 0.46), (-0.5, 0.55), (0, 0.48), (0.5, 0.55), (1.4, 0.46)),), 1.2),
    "hem_band": Seam(_level(0.88), 1.5),
    "bands": Seam(_level(0.4, 0.55), 1),
    "quilted": Seam(_level(0.25, 0.42, 0.58, 0.74, 0.9), 0.7),
    "wrapped": Seam((((0.3, -0.1), (0.1, 0.3), (-0.4, 0.6), (-1.4, 0.8)),), 1),
    "drape": Seam((((1.3, 0.25), (0.5, 0.55), (-0.2, 0.75), (-0.4, 1.2)),), 1),
    "chest_pockets": Seam((((0.24, 0.34), (0.24, 0.52), (0.43, 0.56), (0.62, 0.52), (0.62, 0.34), (0.24, 0.34)),
                           ((0.2, 0.34), (0.66, 0.34), (0.66, 0.4), (0.43, 0.43), (0.2, 0.4), (0.2, 0.34))), 1,
                          mirrored=True),
    "breast_pocket": Seam((((0.25, 0.35), (0.25, 0.52), (0.43, 0.55), (0.62, 0.52), (0.62, 0.35), (0.25, 0.35)),), 1),
    "side_pockets": Seam((((0.3, 1.2), (0.45, 0.75), (1.4, 0.68)),), 1.2, mirrored=True),
    "pouch": Seam((((-0.75, 1.2), (-0.45, 0.66), (0.45, 0.66), (0.75, 1.2)),), 1),
    "armpit_folds": Seam((((1.3, 0.28), (0.62, 0.42), (0.66, 0.6), (1.3, 0.66)),), 1.2, mirrored=True),
    "belly_folds": Seam((((-1.4, 0.6), (-0.2, 0.72), (1.4, 0.66)), ((-1.4, 0.8), (0.3, 0.76), (1.4, 0.7))), 1),
}  # fmt: skip
"""Seams of what covers the chest."""
_ONLY_IN_FRONT = (
    "placket",
    "half_placket",
    "bust",
    "wrapped",
    "chest_pockets",
    "breast_pocket",
    "side_pockets",
    "pouch",
)
_BACKS = {name: seam for name, seam in TOPS.items() if name not in _ONLY_IN_FRONT}

SKIRTS = {
    "waistband": Seam(_level(0.09), 3),
    "yoke": Seam(_level(0.28, sag=0.05), 2),
    "tiers": Seam(_level(0.36, 0.68, sag=0.05), 1.5),
    "hem_band": Seam(_level(0.86, sag=0.05), 2),
    "middle": Seam((((0, -0.1), (0.03, 0.5), (0, 1.3)),), 1.5),
    "panels": Seam(_upright(-0.45, 0.45), 2),
    "gores": Seam(_upright(-0.7, -0.25, 0.25, 0.7), 1.5),
    "wrapped": Seam((((0.55, -0.1), (0.5, 0.4), (0.15, 1.3)),), 1),
    "pockets": Seam((((0.35, -0.1), (0.55, 0.2), (1.5, 0.3)),), 1, mirrored=True),
    "apron": Seam((((-0.6, -0.1), (-0.75, 0.5), (-0.4, 0.8), (0, 0.86), (0.4, 0.8), (0.75, 0.5), (0.6, -0.1)),), 0.7),
    "fold": Seam((((-1.3, 0.1), (-0.3, 0.5), (-0.35, 1.3)),), 1),
}  # fmt: skip
"""Seams of skirts."""

_NUMBER = {0: 0.26, 1: 0.28, 2: 0.26, 3: 0.20}
"""How many kinds of seams a garment has, and how often."""


def _choose(rng: Rng, seams: Mapping[str, Seam]) -> list[Seam]:
    number = weigh(rng, {str(count): share for count, share in _NUMBER.items()})
    shares = {name: seam.share for name, seam in seams.items()}
    return [seams[name] for name in dict.fromkeys(weigh(rng, shares) for _ in range(int(number)))]


def _lines(rng: Rng, seam: Seam) -> list[Points]:
    """The lines of a seam, moved a little, and their mirror images."""
    shift = rng.normal(0, (0.03, 0.02))
    lines = [array(line) + shift for line in seam.lines]
    return lines + [line * (-1, 1) for line in lines] if seam.mirrored else lines


def _smooth(line: Points) -> Points:
    return spline(line) if len(line) > 2 else line


def part_top(scene: Scene, body: Body, cloth: Shape, hem: float) -> None:
    """Part a garment of the torso that ends at height `hem`, in the frame of the chest."""
    for seam in _choose(scene.rng, _BACKS if body.back else TOPS):
        lines = []
        for line in _lines(scene.rng, seam):
            heights = line[:, 1] * hem
            widths = np.array([half_width(body, y) for y in heights])
            lines.append(_smooth(np.stack([line[:, 0] * widths, heights], 1)))
        scene.part(cloth, lines, 0.8)


def part_skirt(scene: Scene, cloth: Shape, waist: Points, hem: Points) -> None:
    """Part a skirt between the curve of its waist and that of its hem, both from left to right."""
    for seam in _choose(scene.rng, SKIRTS):
        lines = []
        for line in _lines(scene.rng, seam):
            place = (line[:, 0] + 1) / 2 * (len(hem) - 1)
            steps = np.arange(len(hem))
            ends = [
                np.stack([np.interp(place, steps, edge[:, 0]), np.interp(place, steps, edge[:, 1])], 1)
                for edge in (waist, hem)
            ]
            aside = np.where(np.abs(line[:, 0]) > 1, line[:, 0] - np.sign(line[:, 0]), 0)
            points = ends[0] + (ends[1] - ends[0]) * line[:, 1:]
            lines.append(_smooth(points + np.stack([aside, np.zeros(len(aside))], 1)))
        scene.part(cloth, lines, 0.8)


def ring(start: Points, end: Points, share: float, width: float, bow: float = 0.12) -> Points:
    """A line across the limb from `start` to `end`, at a share of its length, bowed as around a cylinder."""
    middle, aside = along(start, end, share), across(unit(end - start)) * width
    return bezier(middle - aside, middle + unit(end - start) * bow, middle + aside, 9)


def part_limb(
    scene: Scene, shape: Shape, joints: Sequence[Points], width: float, *, often: float, length: float = 2.0
) -> None:
    """Part a sleeve, the leg of trousers or a bare limb by rings, a seam along it, or a patch on its joint.

    Args:
        scene: where to draw, in the body's frame.
        shape: what is parted.
        joints: shoulder, elbow, wrist, or hip, knee, ankle.
        width: half width of the limb.
        often: how often each of the ways is taken.
        length: where it ends: 1 elbow, 2 wrist.
    """
    rng = scene.rng
    root, joint, tip = joints
    lines = []
    for bone, share in ((0, 0.3), (0, 0.55), (0, 0.95), (1, 0.2), (1, 0.5), (1, 0.85)):
        if bone + share < length and chance(rng, 0.35 * often):
            start, end = (root, joint) if bone == 0 else (joint, tip)
            bow = rng.uniform(-0.15, 0.2)
            lines.append(ring(start, end, share + rng.uniform(-0.08, 0.08), 1.6 * width, bow))
    if chance(rng, 0.5 * often):
        aside = rng.uniform(-0.3, 0.3) * width
        ways = [across(unit(joint - root)), across(unit(tip - joint))]
        lines.append(spline([root, along(root, joint, 0.5) + ways[0] * aside, joint + ways[0] * aside,
                             along(joint, tip, 0.5) + ways[1] * aside, tip + (tip - joint) * 0.1]))  # fmt: skip
    if length > 1.3 and chance(rng, 0.2 * often):
        patch = np.array([(-0.7, -1), (0.7, -1), (0.75, 1), (-0.75, 1), (-0.7, -1)]) * (width, 1.3 * width)
        way = unit(tip - root)
        lines.append(joint + patch[:, :1] * across(way) + patch[:, 1:] * way)
    if lines:
        scene.part(shape, lines, 0.75)


def part_seat(scene: Scene, cloth: Shape, body: Body) -> None:
    """Part the upper end of trousers: waistband, fly, pockets, and the legs from each other."""
    rng, waist, hip = scene.rng, body.waist, body.hip
    middle = body.lean * 3.2
    lines: list[Points] = []
    if chance(rng, 0.6):
        lines.append(bezier((-waist - 0.4, 2.46), (middle, 2.56), (waist + 0.4, 2.46)))
    if chance(rng, 0.6):
        lines.append(bezier((middle * 0.8, 2.2), (middle + 0.05, 3.1), (middle, 4.1)))
    if chance(rng, 0.35):
        lines.append(spline([(middle + 0.02, 2.3), (middle + 0.22, 2.5), (middle + 0.22, 3.0), (middle, 3.3)]))
    if chance(rng, 0.4):
        for s in SIDES:
            lines.append(bezier((middle + s * 0.62 * waist, 2.2), (middle + s * 0.66 * hip, 2.85),
                                (middle + s * (hip + 0.4), 2.95)))  # fmt: skip
    if chance(rng, 0.25):
        lines.append(bezier((-hip - 0.5, 3.1), (middle, 3.25), (hip + 0.5, 3.05)))
    if lines:
        scene.part(cloth, lines, 0.8)


_CREASED = {"upper": 0.3, "lower": 0.22, "legwear": 0.2, "shoes": 0.18, "accessory": 0.1, "prop": 0.08}
"""How often a piece of each part has folds that run from edge to edge."""
_CREASED_FROM = 0.7
"""Shorter side, in world units, from which a piece is worth a fold."""


def crease(scene: Scene, shapes: Sequence[Shape]) -> None:
    """Draw folds from edge to edge across some of the larger pieces of a figure, whatever they are."""
    rng = scene.rng
    for shape in shapes:
        if not shape.contours or shape.printed or shape.clip or not chance(rng, _CREASED.get(shape.part, 0.0)):
            continue
        left, top, right, bottom = shape.box
        if min(right - left, bottom - top) < _CREASED_FROM:
            continue
        low, size = vector(left, top), vector(right - left, bottom - top)
        strokes = []
        for _ in range(int(rng.integers(1, 3))):
            start, end = (rng.uniform(0.1, 0.9), -0.05), (rng.uniform(0.1, 0.9), 1.05)
            if chance(rng, 0.45 if size[1] > size[0] else 0.65):
                start, end = start[::-1], end[::-1]
            middle = (array([start])[0] + end) / 2 + rng.normal(0, 0.16, 2)
            strokes.append(Stroke(low + bezier(start, middle, end) * size, 0.7, (0, 0)))
        scene.part_by(shape, strokes)
