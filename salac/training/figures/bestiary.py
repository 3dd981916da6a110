"""The builds of cartoon animals that stand upright, as a table: bear, squirrel, owl, dragon and their like.

Their fur is drawn as hair, their bellies and muzzles in a second color; their clothes are those of people.
"""

from dataclasses import dataclass

from . import cel
from .chance import Range, Rng
from .curves import Outline
from .scene import Scene, Shape


@dataclass(frozen=True, slots=True)
class Beast:
    """The build of an animal.

    Attributes:
        share: how often it is drawn.
        ears: "round", "pointed", "long", "hanging", "tufts", "frills" or "".
        snout: "muzzle", "long", "beak", "trunk" or "flat".
        tail: "stub", "bushy", "curled", "thick", "thin", "fan" or "".
        width: half width of the body.
        coat: part and role of its body.
        belly: role of belly, muzzle and inner ears.
        marks: what its face or back may carry: "mask", "patches", "blaze", "stripes", "spikes", "mane", "horns",
            "antlers", "disc".
        wings: arms are wings.
        scaly: the belly is ringed.
    """

    share: float
    ears: str
    snout: str
    tail: str
    width: Range = (1.1, 1.5)
    coat: tuple[str, str] = ("hair", "hair")
    belly: str = "hair.2"
    marks: tuple[str, ...] = ()
    wings: bool = False
    scaly: bool = False


_SCALES = ("skin", "object.1")

BEASTS = {
    "bear": Beast(3, "round", "muzzle", "stub", (1.35, 1.7), belly="cloth.4"),
    "panda": Beast(1, "round", "muzzle", "stub", (1.35, 1.7), ("hair", "cloth.4"), "hair", marks=("patches",)),
    "squirrel": Beast(2, "tufts", "muzzle", "curled", (1.0, 1.2)),
    "cat": Beast(2, "pointed", "flat", "thin", (1.0, 1.3), marks=("stripes", "blaze")),
    "fox": Beast(2, "pointed", "long", "bushy", (0.95, 1.2), belly="cloth.4", marks=("disc",)),
    "raccoon": Beast(1, "round", "long", "bushy", (1.1, 1.4), marks=("mask",)),
    "rabbit": Beast(2, "long", "flat", "stub", (1.0, 1.3), belly="cloth.4", marks=("blaze",)),
    "dog": Beast(2, "hanging", "muzzle", "thin", (1.05, 1.4), marks=("patches", "blaze")),
    "mouse": Beast(1, "round", "long", "thin", (0.95, 1.2), belly="lips"),
    "lion": Beast(1, "round", "muzzle", "thin", (1.2, 1.5), marks=("mane",)),
    "deer": Beast(1, "hanging", "long", "stub", (0.95, 1.15), belly="cloth.4", marks=("antlers",)),
    "cow": Beast(1, "hanging", "muzzle", "thin", (1.3, 1.6), ("hair", "cloth.4"), "lips", marks=("horns", "patches")),
    "elephant": Beast(1, "frills", "trunk", "thin", (1.4, 1.7), ("skin", "metal"), "object.2"),
    "owl": Beast(2, "tufts", "beak", "fan", (1.25, 1.6), marks=("disc",), wings=True),
    "penguin": Beast(1.5, "", "beak", "", (1.2, 1.5), ("hair", "cloth.2"), "cloth.4", marks=("disc",), wings=True),
    "chick": Beast(1, "", "beak", "fan", (1.2, 1.5), ("hair", "accent"), "cloth.4", wings=True),
    "dragon": Beast(2.5, "frills", "long", "thick", (1.2, 1.5), _SCALES, "object.2", ("horns", "spikes"), scaly=True),
    "frog": Beast(1, "", "flat", "", (1.2, 1.5), _SCALES, "object.2", scaly=False),
}  # fmt: skip
"""Animals by name."""


@dataclass
class Artist:
    """One animal while it is drawn, in world units: the head around the origin with radius 1."""

    scene: Scene
    beast: Beast
    width: float
    low: float

    @property
    def rng(self) -> Rng:
        """Source of all chance."""
        return self.scene.rng

    def fur(self, area: Outline | list[Outline], depth: float, ink: float = 1.0) -> Shape:
        """A piece of the coat."""
        shape = self.scene.shape(area, *self.beast.coat, depth, ink)
        cel.crescent(self.scene, shape, 0.16)
        return shape

    def pale(self, area: Outline, depth: float, ink: float = 0.85, clip: Shape | None = None) -> Shape:
        """A piece in the color of the belly."""
        return self.scene.shape(area, self.beast.coat[0], self.beast.belly, depth, ink, clip=clip)
