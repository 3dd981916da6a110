"""Lines that cut a face in two: shadow lines, cheeks, muzzles and wrinkles that run from edge to edge, as a table."""

from dataclasses import dataclass

from .chance import chance, weigh
from .curves import Points, array, ellipse, spline
from .head import Head
from .scene import Scene, Shape

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class FaceLine:
    """Lines across a face: x from -1 to 1 across it, y in head units; those of a profile look to the right.

    Attributes:
        lines: a smooth curve through the points of each; those that leave the face are cut off at its edge.
        share: how often it is drawn.
        sides: "both", "one" or "" for lines that are not mirrored.
    """

    lines: tuple[Line, ...]
    share: float = 1.0
    sides: str = ""


FRONT = {
    "half": FaceLine((((0.1, -1.1), (0.06, -0.2), (0.02, 0.3), (0.13, 0.66), (0.0, 0.74), (0.03, 0.95), (0, 1.5)),), 3),
    "brow_to_mouth": FaceLine((((-0.6, -0.6), (-0.16, 0.1), (-0.06, 0.4), (-0.15, 0.68), (-0.02, 0.75), (0.05, 0.95),
                                (0.02, 1.5)),), 2, "one"),
    "shadow": FaceLine((((0.4, -1.0), (0.5, 0.0), (0.36, 0.4), (0.5, 0.7), (0.4, 0.95), (0.25, 1.5)),), 2, "one"),
    "jagged_shadow": FaceLine((((0.45, -1.0), (0.55, -0.2)), ((0.55, -0.2), (0.3, 0.5)), ((0.3, 0.5), (0.48, 0.7)),
                               ((0.48, 0.7), (0.1, 1.5))), 1, "one"),
    "cheeks": FaceLine((((1.2, 0.5), (0.68, 0.6), (0.52, 0.8), (0.66, 1.02), (1.1, 1.05)),), 2, "both"),
    "cheekbone": FaceLine((((1.2, 0.45), (0.75, 0.62), (0.5, 0.9), (0.4, 1.5)),), 2, "both"),
    "folds_to_jaw": FaceLine((((0.14, 0.6), (0.3, 0.78), (0.4, 0.98), (0.36, 1.5)),
                              ((0.14, 0.6), (0.1, 0.2), (0.3, -0.6))), 2, "both"),
    "muzzle": FaceLine((((0, 0.62), (0.4, 0.68), (0.55, 0.95), (0.3, 1.22), (0, 1.26), (-0.3, 1.22), (-0.55, 0.95),
                         (-0.4, 0.68), (0, 0.62)),), 1.5),
    "stubble": FaceLine((((-1.3, 0.4), (-0.75, 0.72), (-0.4, 0.82), (0, 0.76), (0.4, 0.82), (0.75, 0.72), (1.3, 0.4)),),
                        2),
    "chin": FaceLine((((-0.6, 1.3), (-0.25, 1.08), (0, 1.05), (0.25, 1.08), (0.6, 1.3)),), 1),
    "forehead": FaceLine((((-1.3, -0.1), (-0.4, 0.0), (0, -0.03), (0.4, 0.0), (1.3, -0.1)),), 1),
    "mask": FaceLine((((-1.3, 0.1), (-0.5, 0.08), (0, 0.14), (0.5, 0.08), (1.3, 0.1)),
                      ((-1.3, 0.5), (-0.5, 0.62), (0, 0.5), (0.5, 0.62), (1.3, 0.5))), 0.6),
    "sockets": FaceLine((((0.1, 0.3), (0.2, 0.08), (0.5, 0.02), (0.78, 0.2), (0.72, 0.55), (0.4, 0.62), (0.15, 0.52),
                          (0.1, 0.3)),), 1, "both"),
}  # fmt: skip
"""Lines of faces seen from the front or at an angle."""

PROFILE = {
    "cheek": FaceLine((((1.0, 0.15), (0.6, 0.55), (0.45, 0.9), (0.5, 1.5)),), 2),
    "jaw": FaceLine((((-0.3, 0.2), (0.1, 0.75), (0.4, 1.0), (0.8, 1.05)),), 2),
    "shadow": FaceLine((((0.35, -0.9), (0.5, 0.0), (0.3, 0.5), (0.42, 0.8), (0.2, 1.5)),), 1),
}
"""Lines of faces in profile."""

_CUT = {"anime": 0.1, "cartoon": 0.24, "sticker": 0.1, "lifelike": 0.32}
"""How often a face is cut, by its manner."""


def cut_face(scene: Scene, head: Head, face: Shape) -> None:
    """Sometimes part a face by lines that run from edge to edge, in the head's frame."""
    rng = scene.rng
    if chance(rng, _CUT[head.style]):
        kinds = PROFILE if head.profile else FRONT
        cut = kinds[weigh(rng, {name: kind.share for name, kind in kinds.items()})]
        sides = (-1, 1) if cut.sides == "both" else (1 if not cut.sides or chance(rng, 0.5) else -1,)
        scene.part(face, [_placed(head, line, s) for line in cut.lines for s in sides], rng.uniform(0.55, 0.95))
    if chance(rng, 0.06) and not head.profile:  # round cheeks, of the skin's own color
        size = rng.uniform(0.11, 0.2)
        rounds = [ellipse(head.across(s * 0.58), 0.78, size, 0.75 * size, 16) for s in (-1, 1)]
        scene.part(face, [each.edges[0] for each in rounds], 0.6)


def _placed(head: Head, line: Line, s: int) -> Points:
    points = array(line) if head.profile else array([(head.across(s * x), y) for x, y in line])
    return spline(points) if len(points) > 2 else points
