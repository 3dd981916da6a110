"""Armor and fighting dress: plates, mail and leather."""

import numpy as np

from . import cel, depths
from .body import SIDES, Arm
from .curves import along, bezier, ellipse, outline, polygon, tube, vector
from .ink import Stroke
from .scene import Shape
from .tailor import Tailor
from .trimmings import belt, leather_belt, neck_width


def armor(tailor: Tailor) -> None:
    """A breastplate, shoulder plates and bracers over cloth."""
    _breastplate(tailor)
    _bracers(tailor)
    _pauldrons(tailor, "metal", 2)
    leather_belt(tailor)


def plate(tailor: Tailor) -> None:
    """A knight's plates: gorget, breast and fauld, pauldrons of three plates, couters, gauntlets' cuffs, tassets."""
    scene, body, neck = tailor.scene, tailor.body, neck_width(tailor)
    gorget = outline([
        (-neck - 0.05, -0.28, 1), (0, -0.12), (neck + 0.05, -0.28, 1), (neck + 0.35, 0.2, 1), (0, 0.55, 1),
        (-neck - 0.35, 0.2, 1),
    ])  # fmt: skip
    cel.crescent(scene, scene.shape(gorget, "upper", "metal", depths.COLLAR), 0.1)
    for i in (2, 1, 0):
        y, w = 2.0 + 0.3 * i, body.waist + 0.12 + 0.12 * i
        fauld = outline([
            (-w, y, 1), (0, y + 0.1), (w, y, 1), (w + 0.06, y + 0.34, 1), (0, y + 0.48), (-w - 0.06, y + 0.34, 1),
        ])  # fmt: skip
        cel.crescent(scene, scene.shape(fauld, "upper", "metal", depths.TOP_DETAIL + 0.3 - 0.1 * i), 0.1)
    for s in SIDES:
        x = 0.52 * body.hip
        tasset = outline([
            (s * (x - 0.4), 2.75, 1), (s * (x + 0.5), 2.7, 1), (s * (x + 0.55), 3.5), (s * x, 3.95, 1),
            (s * (x - 0.42), 3.45),
        ])  # fmt: skip
        cel.crescent(scene, scene.shape(tasset, "lower", "metal", depths.APRON), 0.16)
    _breastplate(tailor)
    for s in SIDES:
        arm, k = body.arms[s], body.bulk
        couter = ellipse(float(arm.elbow[0]), float(arm.elbow[1]), 0.34 * k, 0.34 * k, 18)
        steel = scene.shape(couter, "accessory", "metal", arm.hand_depth + 0.35)
        cel.crescent(scene, steel, 0.12)
    _bracers(tailor)
    _pauldrons(tailor, "metal", 3)


def mail(tailor: Tailor) -> None:
    """A surcoat over mail, whose rings are hinted at on the sleeves, with a belt and a coat of arms."""
    scene, body = tailor.scene, tailor.body
    w = body.shoulder
    for shape in [each for each in scene.shapes if each.role == "metal" and each.part == "upper" and each.contours]:
        _rings(tailor, shape)
    coat = outline([
        (-w * 0.62, 0.12, 1), (-0.3, 0.42), (0.3, 0.42), (w * 0.62, 0.12, 1), (w * 0.72, 1.0),
        (body.waist + 0.05, 2.05),
        (body.hip + 0.25, 4.4, 1), (0, 4.55), (-body.hip - 0.25, 4.4, 1), (-body.waist - 0.05, 2.05), (-w * 0.72, 1.0),
    ])  # fmt: skip
    cloth = scene.shape(coat, "upper", "cloth.1", depths.TOP_DETAIL, 1.05)
    cel.crescent(scene, cloth, 0.22)
    for x in (-0.6, 0.1, 0.7):
        tailor.fold(cloth, (x, 4.4), (x * 0.7, 3.0), 0.04)
    cross = [polygon([(-0.09, 0.8), (0.09, 0.8), (0.09, 1.75), (-0.09, 1.75)]),
             polygon([(-0.4, 1.05), (0.4, 1.05), (0.4, 1.25), (-0.4, 1.25)])]  # fmt: skip
    scene.printed(cross, "accent", cloth)
    leather_belt(tailor)


def leather_armor(tailor: Tailor) -> None:
    """A jerkin laced in front, with straps, shoulder pieces and bracers."""
    scene, body = tailor.scene, tailor.body
    w, waist = body.shoulder, body.waist
    jerkin = outline([
        (-w * 0.75, 0.22, 1), (-0.42, 0.5), (0, 0.8, 1), (0.42, 0.5), (w * 0.75, 0.22, 1), (w * 0.85, 1.0),
        (waist + 0.06, 2.05), (body.hip + 0.1, 2.9, 1), (0, 3.05, 1), (-body.hip - 0.1, 2.9, 1), (-waist - 0.06, 2.05),
        (-w * 0.85, 1.0),
    ])  # fmt: skip
    leather = scene.shape(jerkin, "upper", "leather", depths.TOP_DETAIL, 1.05)
    cel.crescent(scene, leather, 0.2)
    scene.stroke(leather, [(0, 0.8), (0, 3.0)], 0.8, (0.1, 0.1))
    for y in np.arange(0.95, 1.9, 0.2):
        scene.stroke(leather, [(-0.14, y), (0.14, y + 0.14)], 0.6, (0.1, 0.1))
        scene.stroke(leather, [(0.14, y), (-0.14, y + 0.14)], 0.6, (0.1, 0.1))
    strap = tube([(-w * 0.7, 0.25), (0.1, 1.3), (waist, 2.1)], [0.1, 0.1, 0.1])
    scene.shape(strap.inked(0, 2), "accessory", "leather", depths.TOP_DETAIL + 0.2, 0.8)
    belt(tailor, 2.1, 0.2, "cloth.3")
    _pauldrons(tailor, "leather", 1)
    _bracers(tailor, "leather")


def _breastplate(tailor: Tailor) -> None:
    scene, w, waist = tailor.scene, tailor.body.shoulder, tailor.body.waist
    cut = outline([
        (-w * 0.82, 0.42, 1), (-0.4, 0.55), (0, 0.48), (0.4, 0.55), (w * 0.82, 0.42, 1), (w * 0.88, 1.1),
        (waist * 0.9, 1.75, 1), (0, 2.05, 1), (-waist * 0.9, 1.75, 1), (-w * 0.88, 1.1),
    ])  # fmt: skip
    chest = scene.shape(cut, "upper", "metal", depths.TOP_DETAIL + 0.5, 1.1)
    cel.crescent(scene, chest, 0.28)
    cel.patch(scene, chest, [(-0.5, 0.6), (-0.28, 0.62), (-0.5, 1.5), (-0.62, 1.3)], -0.9)
    scene.stroke(chest, [(0, 0.6), (0, 1.95)], 0.8)


def _bracers(tailor: Tailor, role: str = "metal") -> None:
    scene, k = tailor.scene, tailor.body.bulk
    for s in SIDES:
        arm: Arm = tailor.body.arms[s]
        ends = [along(arm.elbow, arm.wrist, 0.35), along(arm.elbow, arm.wrist, 0.9)]
        steel = scene.shape(tube(ends, [0.31 * k, 0.25 * k]), "accessory", role, arm.hand_depth + 0.3)
        if role == "metal":
            cel.gloss(scene, steel, 0.05)
        else:
            cel.crescent(scene, steel, 0.1)


def _pauldrons(tailor: Tailor, role: str, plates: int) -> None:
    scene = tailor.scene
    for s in SIDES:
        x, y = tailor.body.arms[s].shoulder
        for i in range(plates):
            cut = outline([
                (x - s * 0.42, y - 0.3 + i * 0.28, 1), (x + s * 0.1, y - 0.5 + i * 0.33), (x + s * 0.52,
                y - 0.1 + i * 0.35),
                (x + s * 0.55, y + 0.28 + i * 0.35, 1), (x, y + 0.18 + i * 0.3),
            ])  # fmt: skip
            steel = scene.shape(cut, "accessory", role, depths.CAPE + 1 - 0.5 * i)
            cel.crescent(scene, steel, 0.16)


def _rings(tailor: Tailor, cloth: Shape) -> None:
    """Rows of small arcs here and there, as inkers hint at mail."""
    scene, rng = tailor.scene, tailor.scene.rng
    left, top, right, bottom = cloth.box
    size = 0.11 * scene.scale()
    marks = scene.ghost(cloth.depth - scene.nearness + 0.01, clip=cloth)
    ring = bezier((-1, 0), (0, 1.3), (1, 0), 5) * size
    for _ in range(12 if scene.plain else 36):
        x, y = rng.uniform(left, right), rng.uniform(top, bottom)
        for i in range(3):
            marks.strokes.append(Stroke(ring + vector(x + 2.2 * size * i, y), 0.5, (0.2, 0.2)))
