"""Garments as seen from behind: hoods, capes, coats, sailor flaps, apron bows, the crossed straps of bibs."""

from . import cel, depths
from .body import SIDES
from .chance import between, chance
from .curves import bezier, outline, tube
from .tailor import Tailor
from .trimmings import belt, draw_bow, neck_width


def hood(tailor: Tailor) -> None:
    """A hood hanging down on the back."""
    scene, neck = tailor.scene, neck_width(tailor)
    low = between(scene.rng, (1.0, 1.7))
    cut = outline([
        (-neck - 0.3, -0.2, 1), (0, -0.35), (neck + 0.3, -0.2, 1), (neck + 0.62, 0.35), (neck * 0.6 + 0.1, low * 0.9),
        (0, low, 1), (-neck * 0.6 - 0.1, low * 0.9), (-neck - 0.62, 0.35),
    ])  # fmt: skip
    cloth = scene.shape(cut, "upper", "cloth.1", depths.COLLAR)
    cel.crescent(scene, cloth, 0.15)
    scene.part(cloth, [bezier((-neck - 0.9, 0.1), (0, 0.62), (neck + 0.9, 0.1))], 0.8)
    if chance(scene.rng, 0.6):
        scene.part(cloth, [bezier((0, 0.3), (0.05, 1.0), (0, 2.0))], 0.7)


def cape(tailor: Tailor) -> None:
    """A cape that covers back and arms, its folds from collar to hem."""
    scene, body, rng, neck = tailor.scene, tailor.body, tailor.scene.rng, neck_width(tailor)
    w, length = body.shoulder + 0.2, body.falls(between(rng, (4.5, 8.0)))
    cut = outline([
        (-neck, -0.1, 1), (-w, 0.45), (-w - 0.35, 2.4), (-w - 0.8, length, 1), (-w * 0.5, length + 0.22),
        (0.1, length + 0.05), (w * 0.6, length + 0.25), (w + 0.8, length, 1), (w + 0.35, 2.4), (w, 0.45),
        (neck, -0.1, 1),
    ])  # fmt: skip
    cloth = scene.shape(cut, "upper", "cloth.1", depths.CAPE, 1.1)
    cel.crescent(scene, cloth, 0.25)
    for x in (-1.1, -0.5, 0.1, 0.7, 1.2):
        if chance(rng, 0.5):
            scene.part(cloth, [bezier((x * 1.6, length + 0.4), (x * 1.1, length * 0.5), (x * 0.5, -0.2))], 0.75)
        else:
            tailor.fold(cloth, (x * 1.6, length), (x * 0.8, rng.uniform(0.8, 3.0)), 0.03)
    collar = outline([
        (-neck - 0.1, -0.3, 1), (0, -0.18), (neck + 0.1, -0.3, 1), (neck + 0.25, 0.15), (0, 0.36), (-neck - 0.25, 0.15),
    ])  # fmt: skip
    cel.crescent(scene, scene.shape(collar, "upper", "cloth.1", depths.CAPE + 0.5), 0.1)


def coat(tailor: Tailor, role: str = "cloth.1") -> None:
    """The back of a long coat: a middle seam, a half belt and a vent."""
    scene, body, rng, neck = tailor.scene, tailor.body, tailor.scene.rng, neck_width(tailor)
    w, length = body.shoulder, body.falls(between(rng, (4.5, 7.0)))
    half = [
        (neck, -0.05, 1), (w * 0.75, 0.1), (w + 0.02, 0.36), (w - 0.02, 1.0), (body.waist + 0.15, 2.1),
        (body.hip + 0.5, length, 1),
    ]  # fmt: skip
    cut = outline([*half, (0, length + 0.15), *((-x, y, *corner) for x, y, *corner in reversed(half))])
    cloth = scene.shape(cut, "upper", role, depths.COAT, 1.1)
    cel.crescent(scene, cloth, 0.25)
    scene.part(cloth, [[(0, 0), (0, length + 1)] if chance(rng, 0.5) else [(0, 3.2), (0.04, length + 1)]], 0.8)
    if chance(rng, 0.5):
        scene.part(cloth, [bezier((-3, y), (0, y + 0.12), (3, y)) for y in (2.0, 2.3)], 0.8)
    for x in (-0.7, 0.7):
        tailor.fold(cloth, (x * 1.3, length), (x, 2.8), 0.04)
    collar = outline([
        (-neck - 0.05, -0.25, 1), (0, -0.18), (neck + 0.05, -0.25, 1), (neck + 0.4, 0.3), (0, 0.42), (-neck - 0.4, 0.3),
    ])  # fmt: skip
    cel.crescent(scene, scene.shape(collar, "upper", role, depths.COLLAR), 0.1)


def sailor_flap(tailor: Tailor) -> None:
    """The square flap of a sailor suit with its stripes."""
    scene, w, neck = tailor.scene, tailor.body.shoulder, neck_width(tailor)
    cut = outline([
        (-neck - 0.05, -0.1, 1), (0, 0.05), (neck + 0.05, -0.1, 1), (w * 0.86, 0.2, 1), (w * 0.82, 1.15, 1),
        (0, 1.25), (-w * 0.82, 1.15, 1), (-w * 0.86, 0.2, 1),
    ])  # fmt: skip
    cloth = scene.shape(cut, "upper", "cloth.2", depths.COLLAR)
    cel.crescent(scene, cloth, 0.12)
    inner = [(-w * 0.74, 0.0), (-w * 0.7, 1.02), (0, 1.1), (w * 0.7, 1.02), (w * 0.74, 0.0)]
    scene.part(cloth, [inner], 0.65)


def apron_bow(tailor: Tailor) -> None:
    """The band and the bow that tie an apron."""
    belt(tailor, 2.08, 0.24, "cloth.4")
    for s in SIDES:
        strap = tube([(s * tailor.body.shoulder * 0.6, 0.12), (-s * 0.1, 1.3), (-s * 0.5, 2.1)], [0.12, 0.12, 0.12])
        tailor.scene.shape(strap.inked(0, 2), "upper", "cloth.4", depths.TOP_DETAIL + 0.1 * s, 0.9)
    draw_bow(tailor.scene, 0, 2.2, 0.6, depths.COAT + 0.5, role="cloth.4")


def straps(tailor: Tailor) -> None:
    """Straps that cross between the shoulder blades, of the trousers' or skirt's cloth."""
    for s in SIDES:
        strap = tube([(s * tailor.body.shoulder * 0.55, 0.12), (0, 1.35), (-s * 0.5, 2.3)], [0.1, 0.1, 0.1])
        tailor.scene.shape(strap.inked(0, 2), "lower", "cloth.2", depths.TOP_DETAIL + 0.1 * s, 0.9)
