"""Things held in a hand: swords, staffs, bags. None of them may cross the face."""

import math

from . import cel, depths
from .body import Arm, Body
from .chance import chance, side
from .curves import across, bezier, ellipse, outline, polygon, vector
from .scene import Scene

_ARMED = ("armor", "cape", "plate", "mail", "leather_armor", "tunic", "uniform")
_CLEARANCE = 1.5
"""Distance from the head's center that a long prop keeps, in world units."""


def draw_prop(scene: Scene, body: Body, outfit: str) -> list[str]:
    """Sometimes put a thing into one hand, in the body's frame; returns its name."""
    rng = scene.rng
    s = side(rng)
    arm = body.arms[s]
    armed = chance(rng, 0.5) if outfit in _ARMED else chance(rng, 0.03)
    if armed:
        kind = "sword" if outfit in _ARMED and chance(rng, 0.7) else "staff"
        return [kind] if _draw_long_prop(scene, body, arm, s, kind) else []
    if abs(arm.angle) < 0.5 and arm.depth > depths.TORSO and chance(rng, 0.13):
        _draw_bag(scene, arm)
        return ["bag"]
    return []


def _palm(arm: Arm, s: int) -> tuple[float, float]:
    return (float(arm.wrist[0] + s * math.sin(arm.angle) * 0.4), float(arm.wrist[1] + math.cos(arm.angle) * 0.4))


def _draw_long_prop(scene: Scene, body: Body, arm: Arm, s: int, kind: str) -> bool:
    """Hold a sword or staff across the palm, on the side away from the face; False where it would cross the face."""
    x, y = _palm(arm, s)
    forearm = vector(s * math.sin(arm.angle), math.cos(arm.angle))
    upward = across(forearm) if across(forearm)[1] < 0 else -across(forearm)
    if upward[0] * s < 0.15:  # lean outward, away from the head
        upward = vector(s * abs(upward[0]) + s * 0.25, upward[1])
    head = -body.root / body.scale
    reach, back = (4.0, 0.6) if kind == "sword" else (3.5, 3.0)
    near = min(
        math.hypot(x + upward[0] * t - head[0], y + upward[1] * t - head[1])
        for t in (-back, 0, reach * 0.25, reach * 0.5, reach * 0.75, reach)
    )
    if near * body.scale < _CLEARANCE:
        return False
    with scene.placed(x, y, math.atan2(upward[0], -upward[1])):
        if kind == "sword":
            _draw_sword(scene, arm.hand_depth - 0.01)
        else:
            _draw_staff(scene, arm.hand_depth - 0.01)
    return True


def _draw_sword(scene: Scene, depth: float) -> None:
    blade = scene.shape(
        outline([(-0.14, -0.35, 1), (-0.13, -3.4), (0, -4.0, 1), (0.13, -3.4), (0.14, -0.35, 1)]),
        "prop",
        "metal",
        depth,
    )
    cel.patch(scene, blade, [(0, -0.3), (0, -4.1), (0.3, -4), (0.3, -0.3)])
    scene.stroke(blade, [(0, -0.4), (0, -3.3)], 0.7)
    scene.shape(polygon([(-0.1, -0.4), (0.1, -0.4), (0.09, 0.6), (-0.09, 0.6)]), "prop", "leather", depth + 0.01, 0.9)
    guard = outline([(-0.5, -0.42), (0, -0.35), (0.5, -0.42), (0.5, -0.28), (0, -0.22), (-0.5, -0.28)])
    scene.shape(guard, "prop", "accent", depth + 0.02, 0.95)


def _draw_staff(scene: Scene, depth: float) -> None:
    scene.shape(polygon([(-0.07, -3), (0.07, -3), (0.07, 3), (-0.07, 3)]), "prop", "leather", depth)
    orb = scene.shape(ellipse(0, -3.2, 0.35, 0.35), "prop", "accent", depth + 0.01)
    cel.crescent(scene, orb, 0.15)


def _draw_bag(scene: Scene, arm: Arm) -> None:
    x, y = _palm(arm, 1 if arm.wrist[0] > 0 else -1)
    with scene.placed(x, y):
        handle = scene.ghost(arm.depth - 0.06)
        scene.stroke(handle, bezier((-0.3, 0.42), (0, -0.35), (0.3, 0.42)), 1.4, (0, 0))
        cut = outline([(-0.6, 0.4), (0.6, 0.4), (0.68, 1.3), (-0.68, 1.3)])
        bag = scene.shape(cut, "prop", "leather", arm.hand_depth - 0.01)
        cel.crescent(scene, bag, 0.18)
        scene.stroke(bag, [(-0.62, 0.75), (0.62, 0.75)], 0.8, (0.1, 0.1))
