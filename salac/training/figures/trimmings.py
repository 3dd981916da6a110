"""What is sewn onto a garment: collars, bows, ties, belts, buttons, pockets, aprons, plates of armor."""

from collections.abc import Callable

import numpy as np

from . import cel, depths
from .body import SIDES
from .chance import between, chance
from .curves import along, bezier, ellipse, outline, polygon, spline, star, tube
from .scene import Scene
from .tailor import Skirt, Tailor


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


def _neck(tailor: Tailor) -> float:
    return tailor.body.neck * 1.25


def sailor_collar(tailor: Tailor) -> None:
    """The wide collar of a sailor suit with its stripe and bow."""
    scene, w, neck = tailor.scene, tailor.body.shoulder, _neck(tailor)
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
    scene, neck = tailor.scene, _neck(tailor)
    for s in SIDES:
        flap = [(neck * 1.05, -0.16, 1), (neck * 1.5, 0.1), (neck + 0.12, 0.5, 1), (0.02, 0.3, 1), (neck * 0.6, 0.12)]
        cut = outline([(s * control[0], *control[1:]) for control in flap])
        cel.crescent(scene, scene.shape(cut, "upper", "cloth.4", depths.COAT + 0.2, 0.95), 0.08)


def shirt_front(tailor: Tailor, depth: float = 1.65) -> None:
    """The shirt seen in the opening of a jacket."""
    neck = _neck(tailor) + 0.1
    front = outline([(-neck, -0.05, 1), (0, 0.36, 1), (neck, -0.05, 1), (0.03, depth, 1), (-0.03, depth, 1)])
    tailor.scene.shape(front.inked(2, 4), "upper", "cloth.4", depths.TOP_DETAIL, 0.9)


def lapels(tailor: Tailor) -> None:
    """Jacket lapels over a shirt front, with front edge, buttons and pocket."""
    scene, neck, rng = tailor.scene, _neck(tailor), tailor.scene.rng
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


def hood(tailor: Tailor) -> None:
    """The hood of a hoodie: lying behind the neck and falling open in front, with its strings, and a pocket."""
    scene, neck = tailor.scene, _neck(tailor)
    behind = outline([
        (-neck - 0.55, 0.35), (-neck - 0.42, -0.2), (0, -0.42), (neck + 0.42, -0.2), (neck + 0.55, 0.35), (0, 0.55),
    ])  # fmt: skip
    cel.whole(scene.shape(behind, "upper", "cloth.1", depths.HOOD), 0.8)
    for s in SIDES:
        front = [(neck + 0.5, 0.12), (neck + 0.34, -0.2, 1), (neck * 0.8, 0.12), (0, 0.6, 1), (0.35, 0.62)]
        flap = scene.shape(
            outline([(s * control[0], *control[1:]) for control in front]), "upper", "cloth.1", depths.COLLAR
        )
        cel.crescent(scene, flap, 0.1)
        string = tube([(s * 0.22, 0.5), (s * 0.26, 0.9), (s * 0.22, 1.25)], [0.03, 0.03, 0.04], cap=True)
        scene.shape(string, "accessory", "cloth.4", depths.COLLAR + 0.2, 0.6)
    pocket = outline([(-0.55, 2.0, 1), (0.55, 2.0, 1), (0.8, 2.72, 1), (-0.8, 2.72, 1)])
    scene.shape(pocket, "upper", "cloth.1", depths.TOP_DETAIL, 0.85)
    lines = scene.ghost(depths.TOP_DETAIL)
    scene.stroke(lines, bezier((-1.1, 2.85), (0, 2.98), (1.1, 2.85)), 0.7)
    if chance(scene.rng, 0.4):
        scene.stroke(lines, [(0, 0.6), (0, 3.0)], 0.8, (0.1, 0.1))


def emblem(tailor: Tailor) -> None:
    """What is printed on a shirt's chest: a band, a star, a disc, a heart, or nothing."""
    scene, rng, w = tailor.scene, tailor.scene.rng, tailor.body.shoulder
    kind, y = int(rng.integers(6)), between(rng, (1.0, 1.4))
    if kind == 0:
        cloth = next(
            shape
            for shape in reversed(scene.shapes)
            if shape.depth == depths.TOP + scene.nearness and not shape.printed
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
    scene, neck = tailor.scene, _neck(tailor)
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


def apron(tailor: Tailor) -> None:
    """A maid's apron over bodice and skirt, collar and bow."""
    scene, rng = tailor.scene, tailor.scene.rng
    bib = outline([
        (-0.62, 0.2, 1), (-0.5, 1.0), (-0.55, 2.2, 1), (0.55, 2.2, 1), (0.5, 1.0), (0.62, 0.2, 1), (0.25, 0.75),
        (-0.25, 0.75),
    ])  # fmt: skip
    scene.shape(bib, "upper", "cloth.4", depths.TOP_DETAIL, 0.9)
    tailor.skirt(
        Skirt((3.7, 4.2), (1.0, 1.05), (4, 6), top=2.2, part="upper", role="cloth.4"), depths.APRON,
        ruffle="cloth.4" if chance(rng, 0.5) else "",
    )  # fmt: skip
    shirt_collar(tailor)
    draw_bow(scene, 0, 0.5, 0.3)
    belt(tailor, 2.08, 0.24, "cloth.4")


def sash(tailor: Tailor) -> None:
    """A kimono's crossed collar, its wide sash and cord."""
    scene, body, neck = tailor.scene, tailor.body, _neck(tailor)
    for s, depth in ((1, 0.0), (-1, 0.2)):
        band = outline([
            (s * (neck - 0.05), -0.12, 1), (s * (neck + 0.2), 0.0, 1), (s * 0.1, 1.2), (-s * 0.45, 2.3, 1),
            (-s * 0.7, 2.2, 1), (-s * 0.1, 1.0),
        ])  # fmt: skip
        scene.shape(band, "upper", "cloth.3", depths.TOP_DETAIL + depth, 0.95)
    w = body.waist
    obi = outline([
        (-w - 0.14, 1.75, 1), (0, 1.85), (w + 0.14, 1.75, 1), (w + 0.18, 2.6, 1), (0, 2.7), (-w - 0.18, 2.6, 1),
    ])  # fmt: skip
    cel.crescent(scene, scene.shape(obi, "accessory", "cloth.2", depths.COAT), 0.2)
    belt(tailor, 2.1, 0.12, "accent", depths.COAT + 0.2)
    fall = scene.ghost(depths.SKIRT + 0.5)
    scene.stroke(fall, bezier((0.3, 2.7), (0.1, 5.2), (0.35, 7.6)), 0.8)


def coat(tailor: Tailor) -> None:
    """The open fronts of a long coat with its collar."""
    scene, body, rng, neck = tailor.scene, tailor.body, tailor.scene.rng, _neck(tailor)
    length = between(rng, (4.5, 7.0)) * (0.8 if body.chibi else 1)
    collar_role = "cloth.2" if chance(rng, 0.5) else "cloth.1"
    for s in SIDES:
        gap, w = between(rng, (0.15, 0.5)), body.shoulder
        front = outline([
            (s * (neck + 0.05), -0.05, 1), (s * w * 0.75, 0.1), (s * (w + 0.04), 0.36), (s * (w - 0.02), 1.0),
            (s * (body.waist + 0.15), 2.1), (s * (body.hip + 0.5), length, 1), (s * (gap + 0.35), length + 0.15, 1),
            (s * gap, 2.2), (s * gap * 0.9, 1.0),
        ])  # fmt: skip
        cloth = scene.shape(front, "upper", "cloth.1", depths.COAT, 1.1)
        cel.crescent(scene, cloth, 0.25)
        tailor.fold(cloth, (s * (body.hip + 0.1), length - 0.2), (s * body.waist, 3.0), 0.05)
        tailor.fold(cloth, (s * (body.hip - 0.25), length), (s * (body.waist - 0.1), 3.6), 0.04)
        if chance(rng, 0.6):
            scene.stroke(cloth, [(s * (gap + 0.25), 3.1), (s * (gap + 0.6), 2.95)], 0.8)
        tailor.finish(cloth, "cloth.1")
        flap = outline([
            (s * (neck - 0.02), -0.12, 1), (s * (neck + 0.45), 0.35), (s * (neck + 0.5), 0.95, 1), (s * (gap + 0.02),
            1.5, 1),
            (s * neck * 0.8, 0.5),
        ])  # fmt: skip
        cel.crescent(scene, scene.shape(flap, "upper", collar_role, depths.COLLAR), 0.1)


def cape(tailor: Tailor) -> None:
    """A short cape over the shoulders, a long one behind, and the clasp."""
    scene, body, rng, neck = tailor.scene, tailor.body, tailor.scene.rng, _neck(tailor)
    w, length = body.shoulder, between(rng, (4.5, 7.5)) * (0.8 if body.chibi else 1)
    if chance(rng, 0.7):
        for s in SIDES:
            flap = outline([
                (s * neck * 0.9, -0.05, 1), (s * (w + 0.12), 0.3), (s * (w + 0.35), 1.1), (s * (w + 0.45), 2.2, 1),
                (s * 0.5, 2.35), (s * 0.05, 0.65, 1),
            ])  # fmt: skip
            cloth = scene.shape(flap, "upper", "cloth.1", depths.CAPE, 1.1)
            cel.crescent(scene, cloth, 0.22)
            tailor.fold(cloth, (s * 0.9, 2.25), (s * 0.7, 1.1), 0.05)
            tailor.fold(cloth, (s * 1.2, 2.2), (s * 1.1, 1.3), 0.04)
    behind = outline([
        (-w, 0.3), (-w - 1.0, length * 0.6), (-w - 1.2, length, 1), (-0.6, length + 0.3), (0.4, length + 0.05),
        (w + 1.2, length + 0.1, 1), (w + 0.9, length * 0.6), (w, 0.3),
    ])  # fmt: skip
    back = scene.shape(behind, "upper", "cloth.1", depths.CAPE_BACK, 1.1)
    cel.whole(back, 0.9)
    for x in (-1.5, -0.7, 0.6, 1.5):
        tailor.fold(back, (x, length - 0.05), (x * 0.7, 2), 0.03)
    collar = outline([
        (-neck - 0.1, -0.1, 1), (0, 0.42), (neck + 0.1, -0.1, 1), (neck + 0.35, 0.2), (0, 0.78), (-neck - 0.35, 0.2),
    ])  # fmt: skip
    cel.crescent(scene, scene.shape(collar, "upper", "cloth.1", depths.CAPE + 0.5), 0.1)
    scene.shape(ellipse(0, 0.6, 0.16, 0.18, 18), "accessory", "accent", depths.CAPE + 1, 0.9)


def armor(tailor: Tailor) -> None:
    """A breastplate, shoulder plates and bracers."""
    scene, body = tailor.scene, tailor.body
    w, waist = body.shoulder, body.waist
    plate = outline([
        (-w * 0.82, 0.42, 1), (-0.4, 0.55), (0, 0.48), (0.4, 0.55), (w * 0.82, 0.42, 1), (w * 0.88, 1.1),
        (waist * 0.9, 1.75, 1), (0, 2.05, 1), (-waist * 0.9, 1.75, 1), (-w * 0.88, 1.1),
    ])  # fmt: skip
    chest = scene.shape(plate, "upper", "metal", depths.TOP_DETAIL, 1.1)
    cel.crescent(scene, chest, 0.28)
    cel.patch(scene, chest, [(-0.5, 0.6), (-0.28, 0.62), (-0.5, 1.5), (-0.62, 1.3)], -0.9)
    scene.stroke(chest, [(0, 0.6), (0, 1.95)], 0.8)
    for s in SIDES:
        arm = body.arms[s]
        bracer = tube(
            [along(arm.elbow, arm.wrist, 0.35), along(arm.elbow, arm.wrist, 0.9)], [0.31 * body.bulk, 0.25 * body.bulk]
        )
        steel = scene.shape(bracer, "accessory", "metal", arm.hand_depth + 0.3)
        cel.gloss(scene, steel, 0.05)
        x, y = arm.shoulder
        for i in (0, 1):
            pauldron = outline([
                (x - s * 0.42, y - 0.3 + i * 0.28, 1), (x + s * 0.1, y - 0.5 + i * 0.33),
                (x + s * 0.52, y - 0.1 + i * 0.35),
                (x + s * 0.55, y + 0.28 + i * 0.35, 1), (x, y + 0.18 + i * 0.3),
            ])  # fmt: skip
            steel = scene.shape(pauldron, "accessory", "metal", depths.CAPE + 1 - i)
            cel.crescent(scene, steel, 0.16)
    leather_belt(tailor)


TRIMMINGS: dict[str, Callable[[Tailor], None]] = {
    "sailor_collar": sailor_collar,
    "shirt_collar": shirt_collar,
    "shirt_front": lambda tailor: shirt_front(tailor, 1.0),
    "lapels": lapels,
    "tie_or_bow": tie_or_bow,
    "short_tie_or_bow": short_tie_or_bow,
    "belt": belt,
    "leather_belt": leather_belt,
    "hood": hood,
    "emblem": emblem,
    "turtleneck": turtleneck,
    "cardigan": cardigan,
    "apron": apron,
    "sash": sash,
    "coat": coat,
    "cape": cape,
    "armor": armor,
    "chest_bow": lambda tailor: draw_bow(tailor.scene, 0, 0.62, 0.36, depths.COAT + 0.5),
    "waist_bow": lambda tailor: draw_bow(tailor.scene, 0, 2.2, 0.36, depths.COAT + 0.5),
    "buttons": lambda tailor: buttons(tailor, 0, (0.6, 1.0, 1.4, 1.8), "cloth.3"),
}
"""What an outfit may carry, by name."""
