"""What is sewn onto a garment: collars, bows, ties, belts, buttons, zips, prints on the chest."""

import numpy as np

from . import cel, depths
from .body import SIDES
from .chance import between, chance
from .curves import bezier, ellipse, join, outline, polygon, spline, star, tube
from .scene import Scene
from .tailor import Tailor


def draw_bow(
    scene: Scene,
    x: float,
    y: float,
    size: float,
    depth: float = depths.BOW,
    *,
    role: str = "accent",
    tails: bool = True,
) -> None:
    """A tied ribbon around (x, y), its loops `size` wide."""
    with scene.placed(x, y, 0, (size, size)):
        for s in SIDES if tails else ():
            tail = outline([
                (0, 0, 1), (s * 0.55, 0.8), (s * 0.75, 1.6, 1), (s * 0.42, 1.45, 1), (s * 0.2, 1.65, 1),
                (s * 0.05, 0.8),
            ])  # fmt: skip
            cel.crescent(scene, scene.shape(tail, "accessory", role, depth, 0.9), 0.15)
        for s in SIDES:
            loop = outline([
                (0, -0.06, 1), (s * 0.6, -0.5), (s * 1.05, -0.45, 1), (s * 1.12, 0), (s, 0.48, 1), (s * 0.5, 0.35),
                (0, 0.1, 1),
            ])  # fmt: skip
            ribbon = scene.shape(loop, "accessory", role, depth + 0.1, 0.95)
            cel.crescent(scene, ribbon, 0.2)
            scene.stroke(ribbon, bezier((s * 0.15, 0), (s * 0.45, -0.12), (s * 0.65, -0.1)), 0.6)
        knot = outline([(-0.2, -0.2), (0.2, -0.2), (0.22, 0.22), (-0.22, 0.22)])
        cel.crescent(scene, scene.shape(knot, "accessory", role, depth + 0.2, 0.9), 0.1)


def neck_width(tailor: Tailor) -> float:
    """Half width of a collar around the neck."""
    return tailor.body.neck * 1.25


def sailor_collar(tailor: Tailor) -> None:
    """The wide collar of a sailor suit with its stripe and bow."""
    scene, w, neck = tailor.scene, tailor.body.shoulder, neck_width(tailor)
    for s in SIDES:
        flap = outline([
            (s * neck, -0.08, 1), (s * w * 0.86, 0.16, 1), (s * w * 0.80, 0.85, 1), (s * 0.04, 1.28, 1),
            (s * 0.34, 0.6),
        ])  # fmt: skip
        collar = scene.shape(flap, "upper", "cloth.2", depths.COLLAR)
        cel.crescent(scene, collar, 0.12)
        stripe = spline([(s * (w * 0.86 - 0.12), 0.18), (s * (w * 0.80 - 0.12), 0.76), (s * 0.1, 1.12)])
        scene.stroke(collar, stripe, 0.6, (0.1, 0.1))
    draw_bow(scene, 0, 1.32, 0.48, depths.COLLAR + 1)


def shirt_collar(tailor: Tailor) -> None:
    """The turned-down collar of a shirt."""
    scene, neck = tailor.scene, neck_width(tailor)
    for s in SIDES:
        flap = [(neck * 1.05, -0.16, 1), (neck * 1.5, 0.1), (neck + 0.12, 0.5, 1), (0.02, 0.3, 1), (neck * 0.6, 0.12)]
        cut = outline([(s * control[0], *control[1:]) for control in flap])
        cel.crescent(scene, scene.shape(cut, "upper", "cloth.4", depths.COAT + 0.2, 0.95), 0.08)


def shirt_front(tailor: Tailor, depth: float = 1.65) -> None:
    """The shirt seen in the opening of a jacket."""
    neck = neck_width(tailor) + 0.1
    front = outline([(-neck, -0.05, 1), (0, 0.36, 1), (neck, -0.05, 1), (0.03, depth, 1), (-0.03, depth, 1)])
    tailor.scene.shape(front.inked(2, 4), "upper", "cloth.4", depths.TOP_DETAIL, 0.9)


def lapels(tailor: Tailor) -> None:
    """Jacket lapels over a shirt front, with front edge, buttons and pocket."""
    scene, neck, rng = tailor.scene, neck_width(tailor), tailor.scene.rng
    shirt_front(tailor)
    for s in SIDES:
        cut = [
            (neck + 0.1, -0.02, 1),
            (neck + 0.42, 0.62, 1),
            (neck + 0.2, 0.66, 1),
            (neck + 0.34, 0.84, 1),
            (0.03, 1.65, 1),
        ]
        flap = outline([*((s * control[0], *control[1:]) for control in cut), (s * 0.2, 0.8)])
        cel.crescent(scene, scene.shape(flap, "upper", "cloth.1", depths.COAT, 0.95), 0.1)
    shirt_collar(tailor)
    front = scene.ghost(depths.TOP_DETAIL)
    scene.stroke(front, [(0, 1.65), (0, 2.7)], 0.8, (0.1, 0.3))
    buttons(tailor, 0.13, (1.85, 2.2))
    if chance(rng, 0.6):
        scene.stroke(front, [(0.35, 1.3), (0.75, 1.25)], 0.7)


def necktie(tailor: Tailor, end: float = 1.75) -> None:
    """A tie, sometimes striped."""
    scene = tailor.scene
    blade = polygon([(-0.13, 0.48), (0.13, 0.48), (0.24, end - 0.22), (0, end), (-0.24, end - 0.22)])
    cloth = scene.shape(blade, "accessory", "accent", depths.TOP_DETAIL + 0.5, 0.95)
    cel.crescent(scene, cloth, 0.1)
    knot = outline([(-0.18, 0.25, 1), (0.18, 0.25, 1), (0.12, 0.52, 1), (-0.12, 0.52, 1)])
    scene.shape(knot, "accessory", "accent", depths.TOP_DETAIL + 0.6, 0.95)
    if chance(scene.rng, 0.4):
        bars = [polygon([(-0.3, y + 0.2), (0.3, y), (0.3, y + 0.12), (-0.3, y + 0.32)]) for y in (0.6, 0.95, 1.3)]
        scene.printed(bars, "cloth.3", cloth, 0.5)


def tie_or_bow(tailor: Tailor) -> None:
    """A necktie or a small bow at the collar."""
    if chance(tailor.scene.rng, 0.55):
        necktie(tailor)
    else:
        draw_bow(tailor.scene, 0, 0.52, 0.34)


def short_tie_or_bow(tailor: Tailor) -> None:
    """The same above a vest."""
    if chance(tailor.scene.rng, 0.5):
        necktie(tailor, 1.2)
    else:
        draw_bow(tailor.scene, 0, 0.47, 0.3)


def buttons(
    tailor: Tailor, x: float, heights: tuple[float, ...], role: str = "metal", depth: float = depths.COAT + 0.5
) -> None:
    """A row of buttons."""
    for y in heights:
        tailor.scene.shape(ellipse(x, y, 0.07, 0.07, 12), "accessory", role, depth, 0.7)


def belt(
    tailor: Tailor, y: float = 2.12, height: float = 0.24, role: str = "cloth.3", depth: float = depths.COAT - 0.4
) -> None:
    """A band around the waist."""
    w = tailor.body.waist + 0.09
    band = outline([
        (-w, y, 1), (0, y + 0.08), (w, y, 1), (w + 0.02, y + height, 1), (0, y + height + 0.08),
        (-w - 0.02, y + height, 1),
    ])  # fmt: skip
    cel.crescent(tailor.scene, tailor.scene.shape(band, "accessory", role, depth, 0.95), 0.12)


def leather_belt(tailor: Tailor) -> None:
    """A belt with a buckle."""
    belt(tailor, 2.14, 0.22, "leather")
    buckle = outline([(-0.14, 2.2), (0.14, 2.2), (0.14, 2.46), (-0.14, 2.46)])
    tailor.scene.shape(buckle, "accessory", "metal", depths.COAT - 0.3, 0.85)


def emblem(tailor: Tailor) -> None:
    """What is printed on a shirt's chest: a band, a star, a disc, a heart, or nothing."""
    scene, rng, w = tailor.scene, tailor.scene.rng, tailor.body.shoulder
    kind, y = int(rng.integers(6)), between(rng, (1.0, 1.4))
    if kind == 0:
        cloth = next(
            shape
            for shape in reversed(scene.shapes)
            if shape.depth == depths.TOP + scene.nearness and shape.contours and not shape.printed
        )
        band = outline([(-w, y), (0, y + 0.05), (w, y), (w, y + 0.35), (0, y + 0.4), (-w, y + 0.35)])
        scene.printed([band], "cloth.3", cloth, 0.7)
    elif kind == 1:
        scene.shape(star(0, y, between(rng, (0.28, 0.42))), "upper", "accent", depths.TOP + 0.3, 0.8)
    elif kind == 2:
        scene.shape(ellipse(0, y, 0.38, 0.38), "upper", "accent", depths.TOP + 0.3, 0.8)
    elif kind == 3:
        heart = outline([(0, 0.34, 1), (-0.36, 0.0), (-0.2, -0.27), (0, -0.1, 1), (0.2, -0.27), (0.36, 0.0)])
        with scene.placed(0, y):
            scene.shape(heart, "upper", "accent", depths.TOP + 0.3, 0.8)


def turtleneck(tailor: Tailor) -> None:
    """A rolled collar and a ribbed hem."""
    scene, neck = tailor.scene, neck_width(tailor)
    roll = outline([
        (-neck - 0.08, -0.2, 1), (0, -0.1), (neck + 0.08, -0.2, 1), (neck + 0.2, 0.12), (0, 0.34), (-neck - 0.2, 0.12),
    ])  # fmt: skip
    cel.crescent(scene, scene.shape(roll, "upper", "cloth.1", depths.COLLAR), 0.1)
    ribs = scene.ghost(depths.TOP_DETAIL)
    for x in np.linspace(-0.8, 0.8, 5):
        scene.stroke(ribs, [(x, 2.2), (x, 2.38)], 0.55, (0.2, 0.2))


def cardigan(tailor: Tailor) -> None:
    """An open front over a shirt, with buttons along its edge."""
    shirt_front(tailor, 1.9)
    scene = tailor.scene
    edge = scene.ghost(depths.TOP_DETAIL + 0.1)
    scene.stroke(edge, [(0, 1.9), (0, 2.6)], 0.8, (0.1, 0.3))
    buttons(tailor, 0.1, (2.05, 2.35))
    shirt_collar(tailor)


def zipper(tailor: Tailor) -> None:
    """The stand-up collar and zip of a tracksuit, with stripes over the shoulders."""
    scene, neck = tailor.scene, neck_width(tailor)
    collar = outline([
        (-neck - 0.02, -0.28, 1), (0, -0.1), (neck + 0.02, -0.28, 1), (neck + 0.18, 0.14), (0, 0.36),
        (-neck - 0.18, 0.14),
    ])  # fmt: skip
    band = scene.shape(collar, "upper", "cloth.3", depths.COLLAR)
    cel.crescent(scene, band, 0.08)
    scene.stroke(band, [(0, -0.12), (0, 0.36)], 0.8, (0.1, 0.1))
    front = scene.ghost(depths.TOP_DETAIL)
    scene.stroke(front, [(0, 0.3), (0, 2.6)], 0.85, (0.1, 0.3))
    for s in SIDES:
        scene.stroke(front, [(s * 0.5, 1.95), (s * 0.75, 2.4)], 0.8)
    scene.shape(
        outline([(-0.05, 0.5), (0.05, 0.5), (0.04, 0.68), (-0.04, 0.68)]), "accessory", "metal", depths.BOW, 0.7
    )


def suspenders(tailor: Tailor) -> None:
    """Two straps from the shoulders to the waist."""
    scene, body = tailor.scene, tailor.body
    for s in SIDES:
        strap = tube([(s * body.shoulder * 0.5, 0.14), (s * 0.56, 1.1), (s * 0.5, 2.2)], [0.09, 0.09, 0.09])
        scene.shape(strap.inked(0, 2), "accessory", "leather", depths.TOP_DETAIL, 0.9)
        clip = outline([(s * 0.4, 2.06), (s * 0.6, 2.06), (s * 0.6, 2.24), (s * 0.4, 2.24)])
        scene.shape(clip, "accessory", "metal", depths.TOP_DETAIL + 0.1, 0.8)


def frill(tailor: Tailor) -> None:
    """The frill around bare shoulders."""
    scene, w, rng = tailor.scene, tailor.body.shoulder, tailor.scene.rng
    upper = spline([(-w - 0.22, 0.72), (-0.5, 0.66), (0, 0.7), (0.5, 0.66), (w + 0.22, 0.72)])
    hem = [(x, 1.25 + 0.09 * (i % 2) - 0.12 * (x / w) ** 2) for i, x in enumerate(np.linspace(w + 0.3, -w - 0.3, 13))]
    role = "cloth.3" if chance(rng, 0.5) else "cloth.1"
    band = scene.shape(join(upper, spline(hem, samples=5)), "upper", role, depths.CAPE - 0.2)
    cel.crescent(scene, band, 0.1)
    for x, y in hem[2:-2:2]:
        scene.stroke(band, [(x, y), (x * 0.96, y - 0.28)], 0.65, (0, 1.5))


def slanted_opening(tailor: Tailor) -> None:
    """The stand-up collar of a qipao and its opening, slanting to one side with knotted buttons."""
    scene, neck = tailor.scene, neck_width(tailor)
    collar = outline([
        (-neck + 0.04, -0.26, 1), (0, -0.06, 1), (neck - 0.04, -0.26, 1), (neck + 0.12, 0.08, 1), (0, 0.3),
        (-neck - 0.12, 0.08, 1),
    ])  # fmt: skip
    scene.shape(collar, "upper", "cloth.3", depths.COLLAR, 0.95)
    lines = scene.ghost(depths.TOP_DETAIL)
    edge = spline([(0, 0.25), (0.35, 0.55), (0.75, 0.8), (tailor.body.shoulder - 0.1, 1.15)])
    scene.stroke(lines, edge, 1.2, (0.1, 0.3))
    for place in (4, 12, 20):
        x, y = edge[place]
        scene.shape(ellipse(x, y, 0.07, 0.05, 10), "accessory", "accent", depths.TOP_DETAIL + 0.1, 0.7)
