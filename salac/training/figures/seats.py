"""What seated figures sit on."""

from . import cel, depths
from .body import SIDES, Body
from .curves import ellipse, outline, polygon
from .scene import Scene

_BEHIND = depths.TORSO - 2.0
PART = "scenery"


def draw_seat(scene: Scene, body: Body) -> None:
    """A stool, a chair or a bench under a seated figure, in the body's frame."""
    if not body.seat:
        return
    floor, top, wide = body.feet - 0.05, 3.72, body.hip + 0.65
    if body.seat == "chair":
        back = outline([(-wide, 0.9, 1), (0, 0.78), (wide, 0.9, 1), (wide * 0.95, top, 1), (-wide * 0.95, top, 1)])
        cel.crescent(scene, scene.shape(back, PART, "object.1", _BEHIND - 1), 0.15)
        inner = outline([(-wide * 0.75, 1.2, 1), (wide * 0.75, 1.2, 1), (wide * 0.72, 2.6, 1), (-wide * 0.72, 2.6, 1)])
        scene.shape(inner, PART, "object.2", _BEHIND - 0.9, 0.8)
    reach = 2.2 * wide if body.seat == "bench" else wide
    for s in SIDES:
        x = s * reach * 0.82
        leg = polygon([(x - 0.13, top), (x + 0.13, top), (x + 0.1 + 0.05 * s, floor), (x - 0.1 + 0.05 * s, floor)])
        scene.shape(leg, PART, "object.1", _BEHIND, 0.9)
    if body.seat == "stool":
        seat = scene.shape(ellipse(0, top + 0.05, reach, 0.28), PART, "object.1", _BEHIND + 0.2)
    else:
        board = outline([
            (-reach, top - 0.2, 1), (reach, top - 0.2, 1), (reach * 1.04, top + 0.2, 1), (-reach * 1.04, top + 0.2, 1),
        ])  # fmt: skip
        seat = scene.shape(board, PART, "object.1", _BEHIND + 0.2)
    cel.crescent(scene, seat, 0.1)
