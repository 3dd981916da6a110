"""Outfits as a table, and how one is put on: skirt or trousers, torso, sleeves, trimmings."""

from collections.abc import Callable
from dataclasses import dataclass

from . import armory, backs, depths, outerwear, robes, trimmings
from .body import Body
from .chance import Rng, between, chance, choose, weigh
from .scene import Scene
from .tailor import Skirt, Tailor, Top, Trousers


@dataclass(frozen=True, slots=True)
class Outfit:
    """An outfit: the cut of its top, its trimmings, and, unless any bottoms go with it, its own skirt.

    `sometimes` are trimmings of which at most one is drawn; `female` outfits are not given to male figures; `arms` are
    the arm poses in which it can be worn, () for all.
    """

    top: Top
    trimmings: tuple[str, ...] = ()
    sometimes: tuple[str, ...] = ()
    skirt: Skirt | None = None
    ruffled: bool = False
    female: bool = False
    narrow: bool = False
    arms: tuple[str, ...] = ()


_UNDER_CLOAK = ("stand", "relax")

OUTFITS = {
    "sailor": Outfit(
        Top((2.4, 2.5), necklines=("v",), depth=(0.7, 0.8), sleeves=(0.5, 2.0), sleeve_width=1.25, cuffs=("cloth.2",)),
        ("sailor_collar",),
        female=True,
    ),
    "blazer": Outfit(
        Top((2.7, 3.3), 1.08, necklines=("v",), depth=(0.9, 0.9), cuffs=("", "", "cloth.3")), ("lapels", "tie_or_bow")
    ),
    "hoodie": Outfit(Top((2.9, 3.1), 1.12, 0.2, sleeve_width=1.6, cuffs=("cloth.1", "cloth.3")), ("hood",)),
    "tshirt": Outfit(
        Top((2.5, 2.9), 1.1, 0.12, ("round", "v"), sleeves=(0.55,), sleeve_width=1.45, cuffs=("", "cloth.3"),
            sleeve_roles=("", "", "cloth.3")),
        ("emblem",),
    ),
    "jersey": Outfit(
        Top((2.5, 2.9), 1.1, 0.12, ("round", "v"), sleeves=(1.0, 2.0), sleeve_width=1.45, cuffs=("", "cloth.3"),
            sleeve_roles=("", "cloth.3")),
        ("emblem",),
    ),
    "shirt": Outfit(
        Top((2.4, 2.7), 1.04, 0.08, ("v",), (0.1, 0.2), sleeves=(0.6, 2.0), cuffs=("cloth.4",), role="cloth.4"),
        ("shirt_collar",), ("buttons", "short_tie_or_bow", "leather_belt"),
    ),
    "tank": Outfit(
        Top((2.35, 2.9), 1.06, 0.03, ("round", "square"), (0.65, 0.65), open=1.2, sleeves=(0.0,)), (), ("emblem",)
    ),
    "sweater": Outfit(Top((2.35, 2.7), 1.06, 0.1, sleeve_width=1.5, cuffs=("cloth.1",)), ("turtleneck",)),
    "cardigan": Outfit(
        Top((2.6, 3.0), 1.08, 0.12, ("v",), (0.9, 0.9), sleeve_width=1.5, cuffs=("cloth.1", "cloth.3")), ("cardigan",),
        ("short_tie_or_bow",),
    ),
    "vest": Outfit(
        Top((2.35, 2.9), 1.06, 0.1, ("v",), (0.75, 0.75), sleeves=(0.6, 2.0), cuffs=("cloth.4",),
        sleeve_roles=("cloth.4",)),
        ("shirt_front", "shirt_collar", "short_tie_or_bow"),
    ),
    "dress": Outfit(
        Top((2.2, 2.2), necklines=("round", "square", "v"), depth=(0.25, 0.5), sleeves=(0.5, 2.0, 0.0),
        sleeve_width=1.3,
            cuffs=("", "cloth.3")),
        ("belt",), ("chest_bow", "waist_bow"),
        skirt=Skirt((4.3, 7.5), (1.6, 2.4), (5, 10), 2.1, "upper", "cloth.1"), ruffled=True, female=True,
    ),
    "puff_dress": Outfit(
        Top((2.2, 2.2), necklines=("square", "round"), depth=(0.25, 0.45), sleeves=(0.5,),
        puff=True, cuffs=("cloth.3",)),
        ("belt",), ("chest_bow", "waist_bow", "shirt_collar"),
        skirt=Skirt((4.0, 5.5), (1.8, 2.5), (6, 11), 2.1, "upper", "cloth.1"), ruffled=True, female=True,
    ),
    "maid": Outfit(
        Top((2.2, 2.2), necklines=("square",), depth=(0.25, 0.4), sleeves=(0.5,), puff=True, cuffs=("cloth.4",),
        role="cloth.2"),
        ("apron",),
        skirt=Skirt((4.3, 6.5), (1.6, 2.3), (5, 10), 2.1), ruffled=True, female=True,
    ),
    "kimono": Outfit(
        Top((2.5, 2.5), necklines=("v",), depth=(1.2, 1.2), sleeves=(1.9,), sleeve_width=1.7, sleeve_flare=2.0),
        ("sash",),
        skirt=Skirt((8.9, 9.2), (1.2, 1.3), (2, 3), 2.3, "upper", "cloth.1"), narrow=True,
    ),
    "coat": Outfit(
        Top((2.5, 2.5), depth=(0.3, 0.4),
        sleeve_width=1.5, sleeve_flare=1.15, role="cloth.3", sleeve_roles=("cloth.1",),
            cuffs=("", "cloth.2")),
        ("coat",),
    ),
    "cape": Outfit(
        Top((2.5, 2.5), depth=(0.3, 0.4), sleeves=(0.5, 2.0), sleeve_width=1.2, role="cloth.3"),
        ("cape", "leather_belt"),
    ),
    "tracksuit": Outfit(
        Top((2.6, 2.9), 1.08, 0.14, depth=(0.1, 0.15), sleeve_width=1.5, cuffs=("cloth.3", "cloth.1")), ("zipper",)
    ),
    "suspenders": Outfit(
        Top((2.3, 2.5), 1.03, 0.08, ("v",), (0.1, 0.2), sleeves=(0.6, 2.0), cuffs=("cloth.4",), role="cloth.4"),
        ("suspenders", "shirt_collar"), ("short_tie_or_bow",),
    ),
    "overalls": Outfit(
        Top((2.4, 2.6), 1.04, 0.1, ("round",), (0.2, 0.3), sleeves=(0.55, 2.0), sleeve_width=1.4), ("bib",),
    ),
    "off_shoulder": Outfit(
        Top((2.3, 2.6), 1.04, 0.06, ("square",), (0.62, 0.7), open=2.0, sleeves=(0.0,)), ("frill",), ("leather_belt",),
        female=True,
    ),
    "qipao": Outfit(
        Top((2.2, 2.2), depth=(0.02, 0.05), sleeves=(0.5, 0.0), sleeve_width=1.2, cuffs=("cloth.3",)),
        ("slanted_opening",),
        skirt=Skirt((4.6, 8.0), (1.05, 1.25), (2, 3), 2.1, "upper", "cloth.1"), female=True, narrow=True,
    ),
    "armor": Outfit(Top((2.5, 2.5), sleeve_width=1.2, role="cloth.3"), ("armor",)),
    "plate": Outfit(
        Top((2.5, 2.5), sleeve_width=1.15, role="metal", depth=(0.1, 0.2), cuffs=("leather",)), ("plate",)
    ),
    "mail": Outfit(Top((2.5, 2.5), sleeve_width=1.3, role="metal", cuffs=("", "leather")), ("mail",)),
    "leather_armor": Outfit(Top((2.5, 2.5), necklines=("v",), sleeve_width=1.35, role="cloth.4"), ("leather_armor",)),
    "robe": Outfit(
        Top((2.5, 2.5), 1.05, 0.1, ("v",), (0.4, 0.7), sleeves=(1.95,), sleeve_width=1.6, sleeve_flare=2.1),
        ("robe_front",), ("cape",),
        skirt=Skirt((8.4, 9.1), (1.5, 1.9), (4, 6), 2.2, "upper", "cloth.1"), narrow=True,
    ),
    "cloak": Outfit(Top((2.5, 2.5), sleeve_width=1.2, role="cloth.3"), ("leather_belt", "cloak"), arms=_UNDER_CLOAK),
    "uniform": Outfit(
        Top((2.8, 3.1), 1.06, 0.06, depth=(0.05, 0.1), sleeve_width=1.3, cuffs=("cloth.3", "accent")), ("uniform",)
    ),
    "lab_coat": Outfit(
        Top((2.5, 2.5), necklines=("v", "round"), sleeve_width=1.5, role="cloth.1", sleeve_roles=("cloth.4",)),
        ("lab_coat",), ("short_tie_or_bow", "shirt_collar"),
    ),
    "bomber": Outfit(
        Top((2.3, 2.5), 1.1, 0.2, depth=(0.1, 0.15), sleeve_width=1.7, cuffs=("cloth.3",), sleeve_roles=("",
        "cloth.3")),
        ("zipper",),
    ),
    "polo": Outfit(
        Top((2.6, 2.9), 1.08, 0.1, ("round",), (0.2, 0.3), sleeves=(0.55,), cuffs=("", "cloth.4")),
        ("polo", "shirt_collar"),
    ),
    "gown": Outfit(
        Top((2.2, 2.2), necklines=("square", "v"), depth=(0.45, 0.6), open=1.6, sleeves=(0.0, 0.0, 2.0)),
        (), ("chest_bow", "belt", "frill"),
        skirt=Skirt((8.2, 9.0), (2.4, 3.4), (6, 11), 2.05, "upper", "cloth.1"), ruffled=True, female=True,
    ),
    "tunic": Outfit(
        Top((3.4, 3.9), 1.25, 0.12, ("v",), (0.35, 0.5), sleeves=(0.55, 1.0, 2.0), sleeve_width=1.5,
            cuffs=("", "cloth.3")),
        ("tunic",), ("cape",),
    ),
    "poncho": Outfit(Top((2.5, 2.5), sleeve_width=1.3, role="cloth.4"), ("poncho",), arms=_UNDER_CLOAK),
    "pinafore": Outfit(
        Top((2.4, 2.4), sleeves=(0.5, 2.0), sleeve_width=1.35, role="cloth.4", cuffs=("cloth.4",)),
        ("pinafore", "shirt_collar"), ("short_tie_or_bow",),
        skirt=Skirt((4.2, 5.6), (1.5, 2.0), (5, 10), 2.15), female=True,
    ),
    "raincoat": Outfit(
        Top((4.2, 4.8), 1.4, 0.2, depth=(0.1, 0.15), sleeve_width=1.7, cuffs=("", "cloth.1")), ("hood", "zipper")
    ),
}  # fmt: skip

TRIMMINGS: dict[str, Callable[[Tailor], None]] = {
    "sailor_collar": trimmings.sailor_collar,
    "shirt_collar": trimmings.shirt_collar,
    "shirt_front": lambda tailor: trimmings.shirt_front(tailor, 1.0),
    "lapels": trimmings.lapels,
    "tie_or_bow": trimmings.tie_or_bow,
    "short_tie_or_bow": trimmings.short_tie_or_bow,
    "belt": trimmings.belt,
    "leather_belt": trimmings.leather_belt,
    "hood": outerwear.hood,
    "emblem": trimmings.emblem,
    "turtleneck": trimmings.turtleneck,
    "cardigan": trimmings.cardigan,
    "apron": outerwear.apron,
    "sash": outerwear.sash,
    "coat": outerwear.coat,
    "cape": outerwear.cape,
    "armor": armory.armor,
    "plate": armory.plate,
    "mail": armory.mail,
    "leather_armor": armory.leather_armor,
    "robe_front": robes.robe_front,
    "cloak": robes.cloak,
    "poncho": robes.poncho,
    "tunic": robes.tunic,
    "uniform": robes.uniform,
    "pinafore": robes.pinafore,
    "polo": robes.polo,
    "lab_coat": lambda tailor: outerwear.coat(tailor, "cloth.4"),
    "zipper": trimmings.zipper,
    "suspenders": trimmings.suspenders,
    "bib": outerwear.bib,
    "frill": trimmings.frill,
    "slanted_opening": trimmings.slanted_opening,
    "chest_bow": lambda tailor: trimmings.draw_bow(tailor.scene, 0, 0.62, 0.36, depths.COAT + 0.5),
    "waist_bow": lambda tailor: trimmings.draw_bow(tailor.scene, 0, 2.2, 0.36, depths.COAT + 0.5),
    "buttons": lambda tailor: trimmings.buttons(tailor, 0, (0.6, 1.0, 1.4, 1.8), "cloth.3"),
}
"""What an outfit may carry, by name."""
BEHIND: dict[str, Callable[[Tailor], None]] = {
    **{name: TRIMMINGS[name] for name in ("belt", "leather_belt", "poncho", "turtleneck")},
    "hood": backs.hood,
    "cape": backs.cape,
    "cloak": backs.cape,
    "coat": backs.coat,
    "lab_coat": lambda tailor: backs.coat(tailor, "cloth.4"),
    "sailor_collar": backs.sailor_flap,
    "apron": backs.apron_bow,
    "bib": backs.straps,
    "pinafore": backs.straps,
    "sash": lambda tailor: trimmings.draw_bow(tailor.scene, 0, 2.2, 0.8, depths.COAT + 0.5, role="cloth.2"),
}
"""What of it is seen from behind, and how it looks there."""

BOTTOMS: dict[str, Skirt | Trousers] = {
    "skirt": Skirt((4.2, 5.0), (1.5, 1.95), (6, 12)),
    "miniskirt": Skirt((3.9, 4.3), (1.3, 1.6), (5, 9)),
    "longskirt": Skirt((6.0, 8.2), (1.6, 2.4), (4, 8)),
    "trousers": Trousers((1.75, 2.0), (1.05, 1.32), (0.9, 1.6)),
    "shorts": Trousers((0.35, 0.75), (1.1, 1.3), (1.1, 1.2)),
}
_FEMALE_BOTTOMS = {"skirt": 35.0, "trousers": 25, "shorts": 15, "miniskirt": 15, "longskirt": 10}
_MALE_BOTTOMS = {"trousers": 75.0, "shorts": 25}


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """What a figure wears, by name, chosen before its pose because a long skirt restricts the legs."""

    outfit: str
    bottoms: str

    @property
    def narrow(self) -> bool:
        """The legs have to stay together."""
        return OUTFITS[self.outfit].narrow or self.bottoms == "longskirt"

    @property
    def arms(self) -> tuple[str, ...]:
        """Arm poses in which it can be worn, () for all."""
        return OUTFITS[self.outfit].arms


def choose_clothes(rng: Rng, male: bool) -> Wardrobe:
    """Draw lots for an outfit and what goes with it."""
    outfit = choose(rng, [name for name, each in OUTFITS.items() if not (male and each.female)])
    bottoms = weigh(rng, _MALE_BOTTOMS if male else _FEMALE_BOTTOMS)
    return Wardrobe(outfit, "none" if OUTFITS[outfit].skirt else bottoms)


def draw_clothes(scene: Scene, body: Body, wardrobe: Wardrobe) -> None:
    """Dress the body, in the body's frame; arms and hands are drawn with the sleeves."""
    rng, outfit = scene.rng, OUTFITS[wardrobe.outfit]
    tailor = Tailor(scene, body)
    tailor.choose_prints()
    with body.chest(scene):
        cut = outfit.skirt or BOTTOMS[wardrobe.bottoms]
        if isinstance(cut, Skirt):
            tailor.skirt(cut, ruffle="cloth.3" if outfit.ruffled and chance(rng, 0.6) else "")
    if isinstance(cut, Trousers):
        tailor.trousers(cut)
    top = outfit.top
    role = top.sleeve_roles[int(rng.integers(len(top.sleeve_roles)))] or top.role
    length = top.sleeves[int(rng.integers(len(top.sleeves)))]
    cuff = top.cuffs[int(rng.integers(len(top.cuffs)))]
    tailor.sleeves(top, length, role, cuff)
    with body.chest(scene):
        waist = body.waist + 0.08 if outfit.skirt else None
        tailor.torso(top, between(rng, top.hem), waist=waist)
        for name in outfit.trimmings:
            if draw := (BEHIND if body.back else TRIMMINGS).get(name):
                draw(tailor)
        if outfit.sometimes and not body.back and chance(rng, 0.6):
            TRIMMINGS[choose(rng, outfit.sometimes)](tailor)
