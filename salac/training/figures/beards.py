"""Beards and moustaches as tables, drawn below the mouth, above the face; and the lines of old age."""

from dataclasses import dataclass

import numpy as np

from . import cel, depths
from .chance import Range, between, chance, choose
from .curves import Points, array, bezier, mix, outline, spline, vector
from .head import Head, jaw
from .scene import Scene, Shape


@dataclass(frozen=True, slots=True)
class Beard:
    """A beard: a band of hair along the jaw.

    Attributes:
        top: its upper edge from the ear to the middle, (x, y) in head units for the right half of a frontal face.
        length: how far it hangs below the chin.
        narrow: how much it narrows toward its end: 0 not, 1 to a point.
        chin: the share of the jaw, from the chin, that it covers.
        tips: points of its hem; 0 for a smooth one.
        moustache: always with one.
        forked: parted in two at its end.
    """

    top: tuple[tuple[float, float], ...]
    length: Range
    narrow: float = 0.3
    chin: float = 1.0
    tips: int = 0
    moustache: bool = False
    forked: bool = False


_CHEEK = ((0.74, 0.56), (0.58, 0.80), (0.32, 0.80), (0.12, 0.72), (0.0, 0.74))
_BELOW_LIP = ((0.76, 0.6), (0.56, 0.93), (0.28, 1.06), (0.0, 1.1))
_CHIN = ((0.2, 1.1), (0.0, 1.08))

BEARDS = {
    "full": Beard(_CHEEK, (0.06, 0.2), tips=0),
    "bushy": Beard(_CHEEK, (0.3, 0.6), 0.2, tips=7, moustache=True),
    "long": Beard(_CHEEK, (0.9, 1.7), 0.5, tips=5, moustache=True),
    "wizard": Beard(_CHEEK, (1.8, 3.0), 0.85, tips=3, moustache=True),
    "forked": Beard(_CHEEK, (0.7, 1.4), 0.3, tips=4, moustache=True, forked=True),
    "curtain": Beard(_BELOW_LIP, (0.04, 0.3), tips=5),
    "goatee": Beard(_CHIN, (0.12, 0.45), 0.8, chin=0.26, tips=3),
    "chin_puff": Beard(_CHIN, (0.05, 0.12), 0.3, chin=0.3),
    "sideburns": Beard(((0.7, 0.5), (0.62, 0.9), (0.4, 1.1)), (0.02, 0.03), chin=1.0),
}
"""Beards by name; `sideburns` leave the chin bare."""

MOUSTACHES: dict[str, tuple[tuple[float, ...], ...]] = {
    "chevron": ((0, -0.13, 1), (0.2, -0.1), (0.34, 0.02, 1), (0.16, -0.02), (0, -0.035, 1)),
    "handlebar": ((0, -0.12, 1), (0.24, -0.09), (0.42, -0.06), (0.52, -0.2, 1), (0.44, 0.05), (0.2, 0.0),
                  (0, -0.03, 1)),
    "walrus": ((0, -0.15, 1), (0.28, -0.12), (0.44, 0.12, 1), (0.3, 0.11), (0.18, 0.06), (0, 0.03, 1)),
    "horseshoe": ((0, -0.13, 1), (0.28, -0.1), (0.36, 0.1), (0.36, 0.34, 1), (0.24, 0.32, 1), (0.22, 0.04),
                  (0, -0.035, 1)),
    "pencil": ((0, -0.08, 1), (0.14, -0.085), (0.25, -0.02, 1), (0.12, -0.045), (0, -0.04, 1)),
    "imperial": ((0, -0.12, 1), (0.3, -0.06), (0.62, 0.02), (0.72, -0.06, 1), (0.56, 0.12), (0.22, 0.02),
                 (0, -0.03, 1)),
    "drooping": ((0, -0.13, 1), (0.25, -0.08), (0.4, 0.2), (0.42, 0.55, 1), (0.3, 0.24), (0.16, 0.0), (0, -0.04, 1)),
}  # fmt: skip
"""Moustaches by name: controls of the right half around the mouth."""


def draw_beard(scene: Scene, head: Head, mouth: tuple[float, float]) -> list[str]:
    """Sometimes give a man a beard, a moustache or both, in the head's frame; returns their names.

    Args:
        scene: where it is drawn.
        head: whose.
        mouth: middle of the mouth.
    """
    rng = scene.rng
    if not head.male or head.chibi or not chance(rng, head.manner.beard):
        return []
    role = "hair" if chance(rng, 0.9) else "hair.2"
    names = []
    if chance(rng, 0.75):
        names.append(choose(rng, BEARDS))
        _draw_beard(scene, head, BEARDS[names[0]], role)
    if not head.profile and (not names or BEARDS[names[0]].moustache or chance(rng, 0.4)):
        names.append(choose(rng, MOUSTACHES))
        _draw_moustache(scene, head, mouth, names[-1], role)
    return names


def _draw_beard(scene: Scene, head: Head, beard: Beard, role: str) -> None:
    rng, edge = scene.rng, jaw(head)
    reach = between(rng, beard.length)
    ends = 0.5 - 0.5 * beard.chin, 0.5 + 0.5 * beard.chin
    first, last = (0, len(edge) - 1) if head.profile else (round(end * (len(edge) - 1)) for end in ends)
    outer = edge[first : last + 1].copy()
    middle = head.across(0, 0.30)
    share = np.sin(np.linspace(0, np.pi, len(outer))) ** 1.5
    outer[:, 0] = middle + (outer[:, 0] - middle) * (1.03 - beard.narrow * share * min(1, reach))
    outer[:, 1] += share * reach + 0.02
    if beard.forked:
        outer[:, 1] -= 0.5 * reach * np.exp(-(((outer[:, 0] - middle) / 0.12) ** 2))
    if beard.tips:
        places = np.linspace(0, beard.tips, len(outer))
        ragged = np.abs(places % 1 - 0.5) * rng.uniform(0.6, 1.3, beard.tips + 1)[places.astype(int)]
        outer[:, 1] += share * (0.1 + 0.25 * min(1, reach)) * (0.25 - ragged)
    inner = _upper_edge(head, beard)
    hair = scene.shape(
        outline([(*outer[0], 1), *outer[1:-1:3].tolist(), (*outer[-1], 1), *inner[1:-1].tolist()]),
        "hair", role, depths.FACE + 0.4 if reach < 0.5 else depths.BEARD, 0.95, taper=(0.4, 0.4),
    )  # fmt: skip
    cel.crescent(scene, hair, 0.1 + 0.06 * min(1, reach))
    _draw_strands(scene, hair, outer, inner)


def _upper_edge(head: Head, beard: Beard) -> Points:
    """From the left end of the jaw line over the middle to its right end."""
    if head.profile:
        return array([(-0.16, 0.3), (0.04, 0.45), (0.22, 0.85), (0.5, 0.98), (0.66, 1.02)])
    right = array(beard.top)
    left = right * (-1, 1)
    points = np.concatenate([left, right[::-1][1:]])
    points[:, 0] = [head.across(x, 0.30) for x in points[:, 0]]
    return points


def _draw_strands(scene: Scene, hair: Shape, outer: Points, inner: Points) -> None:
    rng = scene.rng
    upper = spline(inner[::-1])
    for _ in range(int(rng.integers(2, 4) if scene.plain else rng.integers(4, 12))):
        place = rng.uniform(0.12, 0.88)
        top, bottom = (line[round(place * (len(line) - 1))] for line in (upper, outer))
        start, end = sorted(rng.uniform(0.2, 0.97, 2))
        bend = (top + bottom) / 2 + vector(rng.normal(0, 0.03), 0)
        line = bezier(top, bend, bottom, 20)[int(start * 20) : max(int(end * 20), int(start * 20) + 4)]
        if len(line) > 2:
            scene.stroke(hair, line, 0.6, (1.2, 1.5))


def _draw_moustache(scene: Scene, head: Head, mouth: tuple[float, float], kind: str, role: str) -> None:
    right = array([control[:2] for control in MOUSTACHES[kind]])
    size = between(scene.rng, (0.9, 1.25))
    halves = []
    for s in (-1, 1):
        narrow = mix(1, 0.8 if s > 0 else 0.98, head.turn) * size
        halves.append(
            outline([
                (mouth[0] + s * x * narrow, mouth[1] + y * size, *control[2:])
                for (x, y), control in zip(right, MOUSTACHES[kind], strict=True)
            ]).inked(*range(sum(len(control) > 2 for control in MOUSTACHES[kind]) - 1))
        )  # fmt: skip
    hair = scene.shape(halves, "hair", role, depths.MOUSTACHE, 0.8)
    cel.crescent(scene, hair, 0.04)
    if not scene.plain:
        for s in (-1, 1):
            start = (mouth[0] + s * 0.05, mouth[1] - 0.09)
            scene.stroke(hair, bezier(start, (start[0] + s * 0.1, start[1]), (start[0] + s * 0.18, start[1] + 0.05)),
                         0.55, (0.6, 1.4))  # fmt: skip


def draw_age(scene: Scene, head: Head, mouth: tuple[float, float]) -> None:
    """The lines of an old face, in the head's frame: forehead, eyes, cheeks."""
    if head.profile or not chance(scene.rng, head.manner.old):
        return
    rng, lines, y = scene.rng, scene.ghost(depths.FEATURE), head.manner.eye_line
    for s in (-1, 1):
        nose, corner = head.across(s * 0.17, 0.3), head.across(s * 0.36, 0.28)
        cheek = bezier((nose, y + 0.33), (corner, mouth[1] - 0.18), (corner, mouth[1] + rng.uniform(0.0, 0.1)))
        scene.stroke(lines, cheek, 0.7, (0.8, 1.2))
        if scene.plain:
            continue
        x = head.across(s * 0.43)
        scene.stroke(lines, bezier((x - 0.15, y + 0.2), (x, y + 0.27), (x + 0.14, y + 0.2)), 0.55, (1, 1.2))
        for k in (-1, 0, 1):
            start = head.across(s * 0.7)
            scene.stroke(lines, [(start, y + 0.05 * k), (head.across(s * 0.79), y + 0.09 * k - 0.01)], 0.5, (0.3, 1.4))
    for k in range(1 if scene.plain else int(rng.integers(1, 4))):
        x, wide, high = head.across(0), rng.uniform(0.25, 0.42), y - 0.44 - 0.11 * k
        scene.stroke(lines, spline([(x - wide, high + 0.02), (x, high - 0.02), (x + wide, high + 0.02)]), 0.55)
