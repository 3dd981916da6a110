"""Worn on the head and around the neck: glasses, ribbons, headphones, scarves, pendants."""

from collections.abc import Callable
from dataclasses import dataclass

from . import cel, depths
from .body import SIDES, Body
from .chance import between, chance, choose, side
from .curves import Outline, bezier, ellipse, join, mix, outline, spline, star
from .hats import UNIFORMS, draw_hat
from .locks import Hairdo
from .scene import Scene, Shape
from .trimmings import draw_bow


def _glasses(hair: Hairdo) -> None:
    scene, head, turn = hair.scene, hair.head, hair.head.turn
    kind, y = choose(scene.rng, ("round", "square", "half")), 0.42
    rims = scene.ghost(depths.GLASSES)
    for s in SIDES:
        x, w, h = head.across(s * 0.43), 0.34 * mix(1, 0.8 if s > 0 else 0.97, turn), 0.30
        if kind == "round":
            rim = ellipse(x, y, w, h).edges[0]
        elif kind == "square":
            corners = [
                (x - w, y - h * 0.8),
                (x + w, y - h * 0.8),
                (x + w * 0.9, y + h * 0.8),
                (x - w * 0.9, y + h * 0.8),
            ]
            rim = outline(corners).edges[0]
        else:
            rim = spline([
                (x - w, y - h * 0.2), (x - w * 0.85, y + h * 0.7), (x, y + h * 0.9), (x + w * 0.85, y + h * 0.7),
                (x + w, y - h * 0.2),
            ])  # fmt: skip
        scene.stroke(rims, rim, 1.3, (0, 0))
        if s < 0:
            temple = bezier((x - w, y - 0.05), (x - w - 0.15, y - 0.12), (mix(-0.9, -0.62, turn), y - 0.1))
            scene.stroke(rims, temple, 1.1, (0, 0.5))
    left, right = head.across(-0.43) + 0.33 * mix(1, 0.97, turn), head.across(0.43) - 0.33 * mix(1, 0.8, turn)
    scene.stroke(rims, bezier((left, y - 0.05), (head.across(0), y - 0.12), (right, y - 0.05)), 1.2, (0, 0))


def _headphones(hair: Hairdo) -> None:
    scene, left, right, top = hair.scene, hair.left, hair.right, hair.top
    outer = spline(
        [(left * 1.02, 0.1), (left * 1.04, -0.6), (0, top * 1.08), (right * 1.04, -0.6), (right * 1.02, 0.1)]
    )
    inner = spline(
        [(right * 0.95, 0.1), (right * 0.95, -0.55), (0, top * 0.97), (left * 0.95, -0.55), (left * 0.95, 0.1)]
    )
    scene.shape(join(outer, inner), "accessory", "cloth.3", depths.HEADBAND)
    for x in (left, right):
        cup = scene.shape(ellipse(x * 0.97, 0.22, 0.2, 0.32), "accessory", "accent", depths.HEADBAND + 0.1)
        cel.crescent(scene, cup, 0.1)


def _headband(hair: Hairdo) -> None:
    scene, left, right, top = hair.scene, hair.left, hair.right, hair.top
    upper = spline([(left, 0.15), (left * 0.9, -0.5), (0, top * 0.96), (right * 0.9, -0.5), (right, 0.1)])
    lower = spline(
        [(right * 0.93, 0.12), (right * 0.80, -0.45), (0, top * 0.84), (left * 0.80, -0.45), (left * 0.93, 0.15)]
    )
    band = scene.shape(join(upper, lower), "accessory", "accent", depths.SIDE_LOCK - 0.5, 0.95)
    cel.crescent(scene, band, 0.06)


def _ribbon(hair: Hairdo) -> None:
    scene, s = hair.scene, side(hair.scene.rng)
    x, y, tilt = ((s * 0.62, hair.top * 0.72, s * 0.4), (s * 0.95, -0.1, s * 1.2), (0.05, hair.top * 0.98, 0.0))[
        int(scene.rng.integers(3))
    ]
    with scene.placed(x, y, tilt):
        draw_bow(scene, 0, 0, between(scene.rng, (0.28, 0.5)), depths.RIBBON, tails=chance(scene.rng, 0.5))


def _hairpin(hair: Hairdo) -> None:
    scene, rng = hair.scene, hair.scene.rng
    x, kind = 0.6 * side(rng), int(rng.integers(3))
    if kind == 0:
        for i in range(int(rng.integers(1, 3))):
            with scene.placed(x, -0.15 + i * 0.14, rng.uniform(-0.5, 0.5)):
                clip = outline([(-0.17, -0.04), (0.17, -0.04), (0.17, 0.04), (-0.17, 0.04)])
                scene.shape(clip, "accessory", "accent", depths.HEADBAND, 0.8)
    elif kind == 1:
        scene.shape(star(x, -0.2, 0.17), "accessory", "accent", depths.HEADBAND, 0.8)
    else:
        with scene.placed(x, -0.3, rng.uniform(0, 6)):
            for i in range(5):
                with scene.placed(rotate=i * 1.2566):
                    petal = outline([(0, 0, 1), (-0.09, -0.12), (0, -0.2), (0.09, -0.12)])
                    scene.shape(petal, "accessory", "accent", depths.HEADBAND, 0.7)
            scene.shape(ellipse(0, 0, 0.06, 0.06, 12), "accessory", "metal", depths.HEADBAND + 0.1, 0.7)


def _earrings(hair: Hairdo) -> None:
    scene = hair.scene
    for s in SIDES:
        if s > 0 and hair.head.turn > 0.3:
            continue
        x = s * 0.96 if s > 0 else mix(-0.98, -0.66, hair.head.turn)
        gem = outline([(x, 0.56, 1), (x + 0.06, 0.72), (x, 0.8), (x - 0.06, 0.72)])
        scene.shape(gem, "accessory", "metal", depths.FEATURE + 0.5, 0.7)


def _eyepatch(hair: Hairdo) -> None:
    scene, head = hair.scene, hair.head
    x = head.across(-0.43)
    strap = scene.ghost(depths.GLASSES)
    scene.stroke(strap, [(x - 0.28, 0.2), (mix(-0.92, -0.66, head.turn), 0.0)], 1.3, (0, 0))
    scene.stroke(strap, [(x + 0.28, 0.2), (head.across(0.95), -0.3)], 1.3, (0, 0))
    patch = outline(
        [(x - 0.32, 0.12, 1), (x, 0.06), (x + 0.32, 0.12, 1), (x + 0.28, 0.52), (x, 0.74), (x - 0.28, 0.52)]
    )
    cel.crescent(scene, scene.shape(patch, "accessory", "leather", depths.GLASSES + 0.1), 0.08)


@dataclass(frozen=True, slots=True)
class Accessory:
    """One thing worn on the head: how likely it is, how it is drawn, whether it goes with a hat."""

    share: float
    draw: Callable[[Hairdo], None]
    with_hat: bool = True


HEADWEAR = {
    "glasses": Accessory(0.14, _glasses),
    "eyepatch": Accessory(0.025, _eyepatch),
    "earrings": Accessory(0.08, _earrings),
    "headphones": Accessory(0.06, _headphones, with_hat=False),
    "ribbon": Accessory(0.15, _ribbon, with_hat=False),
    "hairpin": Accessory(0.14, _hairpin),
    "headband": Accessory(0.07, _headband, with_hat=False),
}


def draw_headwear(hair: Hairdo, crowned: bool, outfit: str) -> list[str]:
    """Draw what is worn on the head, in the head's frame; returns the names.

    Args:
        hair: the hair below it.
        crowned: ears or horns leave no room for a hat.
        outfit: name of the outfit, with which some hats go.
    """
    rng, worn = hair.scene.rng, list[str]()
    if chance(rng, 0.5 if outfit in UNIFORMS else 0.16) and not (crowned or hair.head.profile):
        worn.append(draw_hat(hair, outfit))
    hatted = bool(worn)
    for name, accessory in HEADWEAR.items():
        blocked = (hatted and not accessory.with_hat) or hair.head.profile
        if chance(rng, accessory.share) and not blocked:
            accessory.draw(hair)
            worn.append(name)
    return worn


def draw_neckwear(scene: Scene, body: Body, neck: Shape) -> list[str]:
    """Sometimes a scarf, a choker or a pendant, in the frame of the chest; returns the names."""
    rng = scene.rng
    if chance(rng, 0.06):
        tail = outline([(0.2, 0.2, 1), (0.55, 0.3, 1), (0.75, 1.5), (0.7, 2.2, 1), (0.3, 2.25, 1), (0.35, 1.4)])
        cel.crescent(scene, scene.shape(tail, "accessory", "accent", depths.SCARF), 0.12)
        roll = outline([
            (-0.75, -0.25), (0, -0.1), (0.75, -0.25), (0.85, 0.15), (0.4, 0.45), (0, 0.52), (-0.4, 0.45), (-0.85, 0.15),
        ])  # fmt: skip
        scarf = scene.shape(roll, "accessory", "accent", depths.SCARF + 0.2, 1.05)
        cel.crescent(scene, scarf, 0.15)
        scene.stroke(scarf, bezier((-0.75, 0.0), (0, 0.25), (0.6, 0.1)), 0.7)
        return ["scarf"]
    if chance(rng, 0.08):
        k = body.neck * 1.04
        band: Outline = outline([(-k, -0.35, 1), (0, -0.25), (k, -0.35, 1), (k, -0.2, 1), (0, -0.1), (-k, -0.2, 1)])
        scene.shape(band, "accessory", "accent", depths.CHOKER, 0.85, clip=neck)
        return ["choker"]
    if chance(rng, 0.06):
        drop = between(rng, (0.7, 1.2))
        chain = scene.ghost(depths.BOW)
        for s in SIDES:
            scene.stroke(chain, bezier((s * body.neck * 1.1, 0.0), (s * 0.3, drop * 0.6), (0, drop)), 0.7, (0.2, 0.2))
        gem = outline([(0, drop - 0.04, 1), (0.12, drop + 0.12), (0, drop + 0.26, 1), (-0.12, drop + 0.12)])
        cel.crescent(scene, scene.shape(gem, "accessory", "metal", depths.BOW + 0.1, 0.8), 0.06)
        return ["pendant"]
    return []
