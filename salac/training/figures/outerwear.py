"""What is worn over a garment: hoods, coats, capes, aprons, sashes and bibs."""

from . import cel, depths
from .body import SIDES
from .chance import between, chance
from .curves import bezier, ellipse, outline, tube
from .tailor import Skirt, Tailor
from .trimmings import belt, buttons, draw_bow, neck_width, shirt_collar


def hood(tailor: Tailor) -> None:
    """The hood of a hoodie: lying behind the neck and falling open in front, with its strings, and a pocket."""
    scene, neck = tailor.scene, neck_width(tailor)
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
    scene, body, neck = tailor.scene, tailor.body, neck_width(tailor)
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


def coat(tailor: Tailor, role: str = "cloth.1") -> None:
    """The open fronts of a long coat of cloth `role` with its collar."""
    scene, body, rng, neck = tailor.scene, tailor.body, tailor.scene.rng, neck_width(tailor)
    length = body.falls(between(rng, (4.5, 7.0)))
    collar_role = "cloth.2" if chance(rng, 0.5) and role == "cloth.1" else role
    for s in SIDES:
        gap, w = between(rng, (0.15, 0.5)), body.shoulder
        front = outline([
            (s * (neck + 0.05), -0.05, 1), (s * w * 0.75, 0.1), (s * (w + 0.04), 0.36), (s * (w - 0.02), 1.0),
            (s * (body.waist + 0.15), 2.1), (s * (body.hip + 0.5), length, 1), (s * (gap + 0.35), length + 0.15, 1),
            (s * gap, 2.2), (s * gap * 0.9, 1.0),
        ])  # fmt: skip
        cloth = scene.shape(front, "upper", role, depths.COAT, 1.1)
        cel.crescent(scene, cloth, 0.25)
        tailor.fold(cloth, (s * (body.hip + 0.1), length - 0.2), (s * body.waist, 3.0), 0.05)
        tailor.fold(cloth, (s * (body.hip - 0.25), length), (s * (body.waist - 0.1), 3.6), 0.04)
        if chance(rng, 0.6):
            scene.stroke(cloth, [(s * (gap + 0.25), 3.1), (s * (gap + 0.6), 2.95)], 0.8)
        tailor.finish(cloth, role)
        flap = outline([
            (s * (neck - 0.02), -0.12, 1), (s * (neck + 0.45), 0.35), (s * (neck + 0.5), 0.95, 1), (s * (gap + 0.02),
            1.5, 1),
            (s * neck * 0.8, 0.5),
        ])  # fmt: skip
        cel.crescent(scene, scene.shape(flap, "upper", collar_role, depths.COLLAR), 0.1)


def cape(tailor: Tailor) -> None:
    """A short cape over the shoulders, a long one behind, and the clasp."""
    scene, body, rng, neck = tailor.scene, tailor.body, tailor.scene.rng, neck_width(tailor)
    w, length = body.shoulder, body.falls(between(rng, (4.5, 7.5)))
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


def bib(tailor: Tailor) -> None:
    """The bib and straps of overalls, with buttons and a pocket."""
    scene, body = tailor.scene, tailor.body
    for s in SIDES:
        strap = tube([(s * body.shoulder * 0.52, 0.12), (s * 0.55, 0.6), (s * 0.46, 1.1)], [0.1, 0.1, 0.1])
        scene.shape(strap.inked(0, 2), "lower", "cloth.2", depths.TOP_DETAIL, 0.9)
    waist = body.waist + 0.1
    front = outline([
        (-0.58, 0.95, 1), (0.58, 0.95, 1), (0.66, 1.6), (waist, 2.05, 1), (waist + 0.04, 2.75, 1), (0, 2.82),
        (-waist - 0.04, 2.75, 1), (-waist, 2.05, 1), (-0.66, 1.6),
    ])  # fmt: skip
    cloth = scene.shape(front, "lower", "cloth.2", depths.TOP_DETAIL + 0.1)
    cel.crescent(scene, cloth, 0.15)
    pocket = outline([(-0.32, 1.25, 1), (0.32, 1.25, 1), (0.3, 1.7, 1), (0, 1.8, 1), (-0.3, 1.7, 1)])
    scene.shape(pocket, "lower", "cloth.2", depths.TOP_DETAIL + 0.2, 0.8)
    for x in (-0.46, 0.46):
        buttons(tailor, x, (1.05,))
