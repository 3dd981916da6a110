"""What figures hold or carry: things in both hands, weapons and sticks in one, shields and bags."""

import math

from . import cel, depths
from .belongings import BELONGINGS
from .body import Arm, Body
from .chance import Rng, chance, side, weigh
from .curves import across, bezier, ellipse, outline, vector
from .scene import Scene
from .weapons import STICKS, WEAPONS, Weapon

_ARMED = ("armor", "cape", "plate", "mail", "leather_armor", "tunic", "uniform", "cloak")
_CLEARANCE = 1.5
"""Distance from the head's center that a long thing keeps, in world units."""


def choose_belonging(rng: Rng, outfit: str, *, armless: bool) -> str:
    """Draw lots for a thing that both arms hold or that hangs on a strap; "" for none.

    Args:
        rng: source of chance.
        outfit: name of the outfit; fighters rarely read.
        armless: the clothes leave the arms no freedom.
    """
    if armless or not chance(rng, 0.06 if outfit in _ARMED else 0.2):
        return ""
    return weigh(rng, {name: each.share for name, each in BELONGINGS.items()})


def draw_props(scene: Scene, body: Body, outfit: str, belonging: str) -> list[str]:
    """Draw the chosen belonging, or sometimes a thing in one hand, in the body's frame; returns their names."""
    rng = scene.rng
    if belonging:
        thing = BELONGINGS[belonging]
        if body.back and not thing.behind:
            return []
        thing.draw(scene, body)
        return [belonging]
    s = side(rng)
    arm, armed = body.arms[s], outfit in _ARMED
    if chance(rng, 0.6) if armed else chance(rng, 0.05):
        kinds = WEAPONS if armed else STICKS
        name = weigh(rng, {name: each.share for name, each in kinds.items()})
        held = [name] if _draw_in_hand(scene, body, arm, s, kinds[name]) else []
        other = body.arms[-s]
        if armed and not body.back and other.depth > depths.TORSO and chance(rng, 0.3):
            _draw_shield(scene, other)
            held.append("shield")
        return held
    if abs(arm.angle) < 0.5 and arm.depth > depths.TORSO and chance(rng, 0.13):
        _draw_bag(scene, arm)
        return ["bag"]
    return []


def _draw_in_hand(scene: Scene, body: Body, arm: Arm, s: int, thing: Weapon) -> bool:
    """Hold a long thing across the palm, on the side away from the face; False where it would cross the face."""
    x, y = arm.palm
    forearm = vector(s * math.sin(arm.angle), math.cos(arm.angle))
    upward = across(forearm) if across(forearm)[1] < 0 else -across(forearm)
    if upward[0] * s < 0.15:  # lean outward, away from the head
        upward = vector(s * abs(upward[0]) + s * 0.25, upward[1])
    head = -body.root / body.scale
    near = min(
        math.hypot(x + upward[0] * t - head[0], y + upward[1] * t - head[1])
        for t in (-thing.back, 0, *(thing.reach * share for share in (0.25, 0.5, 0.75, 1)))
    )
    if near * body.scale < _CLEARANCE:
        return False
    with scene.placed(x, y, math.atan2(upward[0], -upward[1])):
        thing.draw(scene, arm.hand_depth - 0.04)
    return True


def _draw_shield(scene: Scene, arm: Arm) -> None:
    """A round or a pointed shield on a forearm, with a rim and a sign."""
    rng, depth = scene.rng, arm.hand_depth + 0.6
    x, y = (arm.elbow + arm.wrist) / 2
    with scene.placed(x, y, rng.normal(0, 0.1), (1.15, 1.15)):
        if chance(rng, 0.5):
            rim, field = ellipse(0, 0, 1.15, 1.15), ellipse(0, 0, 0.92, 0.92)
        else:
            cut = [(-0.95, -1.0, 1), (0, -1.12), (0.95, -1.0, 1), (0.85, 0.3), (0, 1.5, 1), (-0.85, 0.3)]
            rim, field = outline(cut), outline([(0.8 * c[0], 0.8 * c[1], *c[2:]) for c in cut])
        cel.crescent(scene, scene.shape(rim, "prop", "metal", depth), 0.15)
        front = scene.shape(field, "prop", "object.1", depth + 0.01, 0.9)
        if chance(rng, 0.5):
            scene.part(front, [[(-2, 0), (2, 0)], [(0, -2), (0, 2)]])
        scene.shape(ellipse(0, 0, 0.28, 0.28, 16), "prop", "accent", depth + 0.02, 0.9)


def _draw_bag(scene: Scene, arm: Arm) -> None:
    x, y = arm.palm
    with scene.placed(x, y):
        handle = scene.ghost(arm.depth - 0.06)
        scene.stroke(handle, bezier((-0.3, 0.42), (0, -0.35), (0.3, 0.42)), 1.4, (0, 0))
        cut = outline([(-0.6, 0.4), (0.6, 0.4), (0.68, 1.3), (-0.68, 1.3)])
        bag = scene.shape(cut, "prop", "leather", arm.hand_depth - 0.01)
        cel.crescent(scene, bag, 0.18)
        scene.stroke(bag, [(-0.62, 0.75), (0.62, 0.75)], 0.8, (0.1, 0.1))
