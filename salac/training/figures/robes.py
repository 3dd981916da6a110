"""Flowing and working dress: robes, cloaks, ponchos, tunics, gowns, uniforms."""

from . import cel, depths
from .body import SIDES
from .chance import between, chance
from .curves import bezier, ellipse, join, outline, polygon, spline, star, vector
from .tailor import Tailor
from .trimmings import belt, buttons, leather_belt, neck_width


def robe_front(tailor: Tailor) -> None:
    """The front of a robe: bands along its opening, a rope around the waist with hanging ends."""
    scene, neck = tailor.scene, neck_width(tailor)
    for s in SIDES:
        band = outline([
            (s * (neck - 0.02), -0.1, 1), (s * (neck + 0.24), 0.02, 1), (s * 0.3, 1.1), (s * 0.16, 2.2, 1), (0, 2.2, 1),
            (s * 0.06, 1.0),
        ])  # fmt: skip
        scene.shape(band, "upper", "cloth.3", depths.TOP_DETAIL, 0.9)
    fall = scene.ghost(depths.SKIRT + 0.5)
    scene.stroke(fall, bezier((0.02, 2.4), (0.06, 5.0), (-0.04, 8.0)), 0.85, (0.2, 0.6))
    for x in (-0.16, 0.12):
        end = outline([(x, 2.3, 1), (x + 0.1, 2.3, 1), (x + 0.12, 3.6, 1), (x - 0.06, 3.65, 1)])
        scene.shape(end, "accessory", "accent", depths.COAT - 0.5, 0.7)
    belt(tailor, 2.1, 0.2, "accent")


def cloak(tailor: Tailor) -> None:
    """A cloak that hides shoulders and arms, parted in front, with a brooch."""
    scene, body, rng, neck = tailor.scene, tailor.body, tailor.scene.rng, neck_width(tailor)
    w, length, gap = body.shoulder + 0.42, body.falls(between(rng, (6.5, 8.6))), rng.uniform(0.1, 0.5)
    role = "cloth.1" if chance(rng, 0.7) else "cloth.2"
    for s in SIDES:
        half = outline([
            (s * neck * 0.8, -0.05, 1), (s * (neck + 0.5), 0.08), (s * w, 0.75), (s * (w + 0.35), 2.6),
            (s * (w + 0.75), length, 1), (s * 1.2, length + 0.22), (s * (gap + 0.45), length + 0.05, 1),
            (s * (gap + 0.15), 3.4), (s * 0.04, 0.62, 1),
        ])  # fmt: skip
        cloth = scene.shape(half, "upper", role, depths.CAPE + 0.1 * (s > 0), 1.1)
        cel.crescent(scene, cloth, 0.3)
        for x in (0.55, 0.95, 1.35):
            tailor.fold(cloth, (s * (x + 0.35), length - 0.1), (s * x, rng.uniform(1.6, 3.4)), 0.03 * s)
        tailor.fold(cloth, (s * 0.35, 0.75), (s * 0.9, 1.5), -0.15 * s)
    collar = outline([
        (-neck - 0.15, -0.2, 1), (0, 0.1), (neck + 0.15, -0.2, 1), (neck + 0.5, 0.22), (0, 0.72), (-neck - 0.5, 0.22),
    ])  # fmt: skip
    cel.crescent(scene, scene.shape(collar, "upper", role, depths.CAPE + 0.5), 0.1)
    brooch = scene.shape(ellipse(0, 0.62, 0.17, 0.17, 16), "accessory", "metal", depths.CAPE + 1, 0.9)
    cel.crescent(scene, brooch, 0.06)


def poncho(tailor: Tailor) -> None:
    """A poncho with a patterned band and a fringe."""
    scene, w, neck = tailor.scene, tailor.body.shoulder, neck_width(tailor)
    low = spline([(-w - 0.75, 2.3), (-0.8, 2.75), (0, 3.1), (0.8, 2.75), (w + 0.75, 2.3)])
    right = spline([(w + 0.75, 2.3), (w + 0.1, 0.6), (neck, 0.0)])
    left = spline([(-neck, 0.0), (-w - 0.1, 0.6), (-w - 0.75, 2.3)])
    cloth = scene.shape(
        join(left, low, right, bezier((neck, 0), (0, 0.5), (-neck, 0))), "upper", "cloth.1", depths.CAPE
    )
    cel.crescent(scene, cloth, 0.25)
    band = join(low - vector(0, 0.62), (low - vector(0, 0.34))[::-1])
    scene.printed([band], "cloth.3", cloth, 0.6)
    fringe = scene.ghost(depths.CAPE + 0.1)
    for x, y in low[::3]:
        scene.stroke(fringe, [(x, y), (x, y + 0.25)], 0.7, (0.1, 0.8))


def tunic(tailor: Tailor) -> None:
    """The belt of a tunic, laces at its neck and the trim of its hem."""
    scene = tailor.scene
    leather_belt(tailor)
    lines = scene.ghost(depths.TOP_DETAIL)
    for y in (0.45, 0.65):
        scene.stroke(lines, [(-0.12, y), (0.12, y + 0.12)], 0.65, (0.1, 0.1))
        scene.stroke(lines, [(0.12, y), (-0.12, y + 0.12)], 0.65, (0.1, 0.1))


def uniform(tailor: Tailor) -> None:
    """A dress uniform: stand-up collar, two rows of buttons, epaulettes, a cord and a belt."""
    scene, body, rng, neck = tailor.scene, tailor.body, tailor.scene.rng, neck_width(tailor)
    collar = outline([
        (-neck, -0.3, 1), (0, -0.12, 1), (neck, -0.3, 1), (neck + 0.14, 0.12, 1), (0, 0.34, 1), (-neck - 0.14, 0.12, 1),
    ])  # fmt: skip
    scene.shape(collar, "upper", "cloth.3", depths.COLLAR, 0.95)
    front = scene.ghost(depths.TOP_DETAIL)
    scene.stroke(front, spline([(0.1, 0.34), (0.55, 0.6), (0.42, 2.6)]), 0.8, (0.1, 0.3))
    for x in (-0.36, 0.3):
        buttons(tailor, x, (0.75, 1.15, 1.55))
    for s in SIDES:
        x, y = s * body.shoulder, 0.22
        board = outline([
            (x - s * 0.62, y - 0.12, 1), (x + s * 0.02, y + 0.02), (x + s * 0.06, y + 0.26, 1), (x - s * 0.55,
            y + 0.14, 1),
        ])  # fmt: skip
        scene.shape(board, "accessory", "accent", depths.CAPE, 0.85)
        fringe = scene.ghost(depths.CAPE)
        for k in range(5):
            scene.stroke(
                fringe, [(x + s * (0.06 - 0.1 * k), y + 0.22), (x + s * (0.1 - 0.1 * k), y + 0.44)], 0.6, (0, 0.6)
            )
    if chance(rng, 0.5):
        cord = scene.ghost(depths.TOP_DETAIL + 0.5)
        scene.stroke(cord, bezier((body.shoulder - 0.2, 0.4), (0.9, 1.5), (0.3, 0.8)), 1.1, (0.1, 0.1))
    if chance(rng, 0.4):
        scene.shape(star(-0.62, 1.0, 0.16), "accessory", "metal", depths.TOP_DETAIL + 0.5, 0.7)
    leather_belt(tailor)


def pinafore(tailor: Tailor) -> None:
    """The bib and straps of a pinafore dress."""
    scene, body = tailor.scene, tailor.body
    bib = polygon([(-0.55, 1.0), (0.55, 1.0), (body.waist, 2.2), (-body.waist, 2.2)])
    for s in SIDES:
        strap = outline([
            (s * body.shoulder * 0.62, 0.1, 1), (s * (body.shoulder * 0.62 - 0.25), 0.1, 1), (s * 0.36, 1.05, 1),
            (s * 0.58, 1.05, 1),
        ])  # fmt: skip
        scene.shape(strap, "lower", "cloth.2", depths.TOP_DETAIL, 0.85)
    cel.crescent(scene, scene.shape(bib, "lower", "cloth.2", depths.TOP_DETAIL + 0.1, 0.95), 0.12)
    for x in (-0.45, 0.45):
        buttons(tailor, x, (1.12,))


def polo(tailor: Tailor) -> None:
    """The placket of a polo shirt with its two buttons."""
    front = tailor.scene.ghost(depths.TOP_DETAIL)
    tailor.scene.stroke(front, [(-0.1, 0.42), (-0.1, 1.15), (0.1, 1.15), (0.1, 0.42)], 0.7, (0.1, 0.1))
    buttons(tailor, 0, (0.62, 0.95), "cloth.4")
