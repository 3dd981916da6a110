"""Procedural figures: endless illustrations of characters with exact ink, color groups and cel tones.

A figure is a painter's list of shapes, each covering the ink below it, so occlusion is right in every layer.
Hair styles, outfits, eyes, mouths, poses, hats and scenery are tables; a seed draws one of each.
"""

from dataclasses import dataclass

import numpy as np

from ..drawing import Drawing
from . import cel, depths
from .accessories import draw_headwear, draw_neckwear
from .anatomy import draw_torso
from .beards import draw_age, draw_beard
from .beasts import draw_beast
from .behind import draw_hair_from_behind
from .belongings import BELONGINGS
from .body import Body, make_body
from .chance import Rng, chance, weigh
from .clothes import choose_clothes, draw_clothes
from .creature import choose_creature, draw_creature_body, draw_creature_head
from .curves import vector
from .eyes import draw_eyes
from .facelines import cut_face
from .framing import CALM, FRAMINGS, Framing, frame
from .hair import draw_hair
from .hatching import choose_texture, shade_in_ink
from .head import Head, draw_face, make_head
from .legwear import draw_legwear
from .manners import MANNERS
from .mouth import draw_mouth, mouth_place
from .noses import draw_nose
from .pens import choose_pen
from .props import choose_belonging, draw_props
from .render import render
from .scene import Scene
from .scenery import draw_scenery
from .seams import crease
from .still_life import draw_still_life

__all__ = ["draw_figure"]

_SECOND_CAST = {
    "hair": "hair.2",
    "hair.2": "hair",
    "iris": "iris.2",
    "iris.2": "iris",
    "cloth.1": "cloth.3",
    "cloth.2": "cloth.4",
    "cloth.3": "cloth.1",
    "cloth.4": "cloth.2",
}
"""Roles of the second figure of a picture, so that the two do not wear the same colors."""


_SUBJECTS = {"people": 92.0, "beast": 5, "things": 3}
"""What is drawn, and how often."""
_THICK = 3.6
"""Width of a pen in pixels of a picture of 512 from which fine inner lines are left out."""
_BLACKS = {"hair": 0.06, "shoes": 0.12, "legwear": 0.05, "lower": 0.04, "upper": 0.03}
"""How often a part is filled black, its lines and highlights left white, as inkers do."""


@dataclass(frozen=True, slots=True)
class _Figure:
    body: Body
    identity: list[str]


def draw_figure(seed: int, size: int = 512) -> Drawing:
    """Draw one picture of a character, or of two; now and then of a cartoon animal, or of things on a table.

    Args:
        seed: any non-negative integer; the same seed gives the same picture.
        size: side of the square picture in pixels.

    Returns:
        The drawing; `identity` names its creature, hair, bangs, eyes, mouth, outfit, bottoms, pose, framing,
        accessories and scenery as "kind:name", or the animal or the things that it shows instead, and `meta` holds the
        seed, the framing, the side the light comes from and the yaw of each head.
    """
    rng = np.random.default_rng(seed)
    style = weigh(rng, {name: manner.share for name, manner in MANNERS.items()})
    manner = MANNERS[style]
    allowed = manner.framings or FRAMINGS
    subject = weigh(rng, _SUBJECTS)
    if subject == "people":
        name = weigh(rng, {name: framing.share for name, framing in FRAMINGS.items() if name in allowed})
    else:
        name = "upper" if subject == "beast" and chance(rng, 0.3) else "full"
    framing = FRAMINGS[name]
    side = "left" if chance(rng, 0.7) else "right"
    light = vector(-0.62 if side == "left" else 0.62, -0.78)
    pen = choose_pen(rng, manner.pens)
    width = framing.pen * min(pen.width * rng.lognormal(0, 0.22), 2.2)
    scene = Scene(rng, light, width * framing.span / 512, plain=False)
    scene.plain = manner.plain or framing.span > 9.8 or width > _THICK
    identity, bodies = [f"framing:{name}", f"manner:{style}"], list[Body]()
    if subject == "people":
        figures = _draw_people(scene, name, style)
        bodies = [figure.body for figure in figures]
        identity += [part for figure in figures for part in figure.identity]
    else:
        with scene.placed(rotate=rng.normal(0, 0.03)):
            identity += draw_beast(scene) if subject == "beast" else draw_still_life(scene)
        crease(scene, scene.shapes[:])
    view = frame(rng, framing, scene, bodies)
    identity.append(f"scenery:{draw_scenery(scene, view)}")
    width *= (size / 512) ** 0.8
    texture = choose_texture(rng)
    layers = render(scene, view, size, pen, width)
    shade_in_ink(rng, layers, texture, width, light)
    identity += [f"pen:{pen.kind}", f"texture:{texture}"]
    return Drawing(
        ink=layers.ink,
        group=layers.group,
        tone=layers.tone,
        parts=layers.parts,
        roles=layers.roles,
        identity=tuple(identity),
        source="figures",
        licence="Apache-2.0",
        meta={"seed": seed, "framing": name, "light": side, "yaw": tuple(round(body.yaw, 2) for body in bodies)},
    )


def _draw_people(scene: Scene, framing: str, style: str) -> list[_Figure]:
    """Draw one character, or two beside each other; their head lies at the origin, or beside it."""
    rng = scene.rng
    count = 2 if framing == "duo" else 1
    figures = []
    for i in range(count):
        aside = (2 * i - 1) * rng.uniform(1.6, 2.2) if count == 2 else 0.0
        scene.nearness, scene.recast = i * depths.NEXT_FIGURE, _SECOND_CAST if i else {}
        scene.blackened = _choose_blacks(rng)
        tilt = rng.normal(0, 0.15 if chance(rng, 0.06) else 0.035)
        with scene.placed(aside, rng.normal(0, 0.25) * i, tilt):
            figures.append(_draw_one(scene, FRAMINGS[framing], style, calm=framing in CALM))
    scene.nearness, scene.recast, scene.blackened = 0.0, {}, frozenset()
    return figures


def _choose_blacks(rng: Rng) -> frozenset[str]:
    """Draw lots for the parts that are filled black."""
    return frozenset(part for part, share in _BLACKS.items() if chance(rng, share))


def _draw_one(scene: Scene, framing: Framing, style: str, calm: bool) -> _Figure:
    """Draw one character with its head at the origin of the current frame."""
    rng = scene.rng
    first = len(scene.shapes)
    male = chance(rng, 0.3 if style == "anime" else 0.5)
    clothes = choose_clothes(rng, male)
    creature = choose_creature(rng)
    belonging = choose_belonging(rng, clothes.outfit, armless=bool(clothes.arms))
    body = make_body(
        rng,
        chibi=framing.chibi,
        male=male,
        narrow=clothes.narrow,
        calm=calm,
        size=MANNERS[style].body,
        only=clothes.arms,
        hold=BELONGINGS[belonging].arms if belonging else None,
    )
    worn = [f"creature:{creature}"]
    with body.placed(scene):
        scene.nearness += depths.BEHIND if body.back else 0.0
        draw_creature_body(scene, creature)
        scene.nearness -= depths.BEHIND if body.back else 0.0
        neck = draw_torso(scene, body)
        if framing.legs:
            sock, shoe = draw_legwear(scene, body)
            worn += [f"legwear:{sock}", f"shoes:{shoe}"]
        draw_clothes(scene, body, clothes)
        held = draw_props(scene, body, clothes.outfit, belonging)
        if not body.back:
            with body.chest(scene):
                held += draw_neckwear(scene, body, neck)
    head = make_head(rng, body, style)
    with head.placed(scene):
        worn += _draw_head(scene, head, body, creature, clothes.outfit)
    crease(scene, scene.shapes[first:])
    if chance(rng, 0.25):
        strength = rng.uniform(0.15, 0.5)
        for shape in scene.shapes[first:]:
            if shape.part in ("hair", "upper", "lower") and shape.contours and not shape.printed:
                cel.airbrush(shape, strength)
    worn.append(f"outfit:{clothes.outfit}")
    worn += [f"bottoms:{clothes.bottoms}", f"pose:{body.pose}", *(f"accessory:{name}" for name in held)]
    return _Figure(body, worn)


def _draw_head(scene: Scene, head: Head, body: Body, creature: str, outfit: str) -> list[str]:
    """Draw the head in its own frame; returns the names of what it shows."""
    face = draw_face(scene, head, body.back)
    if body.back:
        return [f"hair:{draw_hair_from_behind(scene, head)}", "bangs:none", "eyes:none", "mouth:none", "view:back"]
    cut_face(scene, head, face)
    eyes = draw_eyes(scene, head)
    nose = "profile" if head.profile else draw_nose(scene, head, face)
    mouth = draw_mouth(scene, head)
    draw_age(scene, head, mouth_place(head))
    beards = draw_beard(scene, head, mouth_place(head))
    hair, style, bangs = draw_hair(scene, head, face)
    draw_creature_head(hair, creature)
    shown = [f"hair:{style}", f"bangs:{bangs}", f"eyes:{eyes}", f"mouth:{mouth}", f"nose:{nose}"]
    shown += [f"beard:{name}" for name in beards]
    crowned = creature != "human"
    return shown + [f"accessory:{name}" for name in draw_headwear(hair, crowned=crowned, outfit=outfit)]
