"""Hats, helmets, hoods and wraps as a table of pieces cut to the head that wears them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import cel, depths
from .chance import choose, weigh
from .curves import ellipse, outline, spline
from .locks import Hairdo
from .scene import Shape

Controls = list[tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a hat: its outline, color role, how far above the hat's depth it lies, its inner lines."""

    controls: Controls
    role: str
    above: float = 0.0
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The head that a hat is cut to: extent of its hair, its turn, and where the brow line lies."""

    left: float
    right: float
    top: float
    turn: float
    across: Callable[[float], float]

    @property
    def brow(self) -> float:
        """Height of a hat's rim."""
        return self.top * 0.55

    def dome(self, high: float = 1.17, wide: float = 1.0, drop: float = 0.0) -> Controls:
        """A cap over the skull, `high` tops tall."""
        left, right, top, y = self.left * wide, self.right * wide, self.top, self.brow
        return [
            (left, y + 0.2 + drop, 1), (left * 0.97, y - 0.4), (left * 0.6, top * (high - 0.12)), (0, top * high),
            (right * 0.6, top * (high - 0.12)), (right * 0.97, y - 0.4), (right, y + 0.2 + drop, 1),
            (0, y - 0.06 + drop),
        ]  # fmt: skip

    def tower(self, high: float, foot: float, head: float) -> Controls:
        """The crown of a hat, from half width `foot` (relative) to `head` at `high` tops."""
        left, right, y, top = self.left, self.right, self.brow, self.top * high
        return [
            (left * foot, y + 0.05, 1), (left * head, top + 0.04, 1), (0, top - 0.04), (right * head, top + 0.04, 1),
            (right * foot, y + 0.05, 1), (0, y - 0.12),
        ]  # fmt: skip

    def band(self, width: float, start: float, height: float) -> Controls:
        """A band around the rim."""
        left, right, y = self.left * width, self.right * width, self.brow
        return [
            (left, y + start, 1), (0, y + start - 0.14), (right, y + start, 1), (right, y + start + height, 1),
            (0, y + start + height - 0.12), (left, y + start + height, 1),
        ]  # fmt: skip

    def brim(self, wide: float, curl: float = 0.0) -> Controls:
        """A brim, `wide` to each side, its ends raised by `curl`."""
        y, half = self.brow, wide / 2
        return [
            (-wide, y + 0.2 - curl), (-half, y - 0.06), (0, y - 0.14), (half, y - 0.06), (wide, y + 0.2 - curl),
            (half, y + 0.26), (0, y + 0.2), (-half, y + 0.26),
        ]  # fmt: skip

    def visor(self) -> Controls:
        """The peak of a cap, toward where the head looks."""
        left, right, turn, y = self.left, self.right, self.turn, self.brow
        return [
            (left * 0.75 + turn * 0.4, y + 0.05, 1), (0.4 * turn, y - 0.22), (right * 0.9 + 0.1 * turn, y + 0.05, 1),
            (right * 0.85 + 0.3 * turn, y + 0.32), (0.1 + 0.5 * turn, y + 0.22), (left * 0.6 + 0.4 * turn, y + 0.3),
        ]  # fmt: skip

    def opening(self, wide: float, high: float, low: float, hem: float, crown: float = 1.12) -> Controls:
        """What surrounds the face: an opening of half width `wide` from `high` to `low`, cloth down to `hem`."""
        left, right, x = self.left, self.right, self.across
        return [
            (left * 1.0, hem, 1), (left * 1.12, 0.55), (left * 1.1, -0.2), (left * 0.75, self.top * 0.93),
            (0, self.top * crown), (right * 0.75, self.top * 0.93), (right * 1.1, -0.2), (right * 1.12, 0.55),
            (right * 1.0, hem, 1), (x(wide * 0.75), low, 1), (x(wide), (high + low) / 2 + 0.15),
            (x(wide * 0.72), high * 0.8),
            (x(0), high), (x(-wide * 0.72), high * 0.8), (x(-wide), (high + low) / 2 + 0.15), (x(-wide * 0.75), low, 1),
        ]  # fmt: skip


def _beret(b: Block) -> list[Piece]:
    y = b.brow
    cap: Controls = [
        (b.left * 0.85, y + 0.1), (b.left * 1.05, y - 0.35), (-0.1, b.top * 1.22), (b.right * 1.1, y - 0.5),
        (b.right * 0.8, y), (0, y - 0.22),
    ]  # fmt: skip
    return [Piece(cap, "cloth.2")]


def _crown(b: Block) -> list[Piece]:
    spikes: Controls = [(-0.5 + i / 10, b.top * (0.98 if i % 2 == 0 else 1.3) - 0.1, 1) for i in range(11)]
    return [Piece([(-0.5, b.top * 0.82, 1), *spikes, (0.5, b.top * 0.82, 1), (0, b.top * 0.76)], "metal")]


def _frill(b: Block) -> list[Piece]:
    edge: Controls = []
    for place in np.linspace(-1, 1, 9):
        x, lift = float(place) * b.right * 0.75, 0.42 * float(place) ** 2
        edge += [(x, b.top + lift, 1), (x + 0.08, b.top * 1.13 + lift)]
    low = b.top * 0.8 + 0.42
    return [Piece([*edge[:-1], (b.right * 0.72, low, 1), (0, b.top * 0.84), (b.left * 0.72, low, 1)], "cloth.4")]


def _witch(b: Block) -> list[Piece]:
    y = b.brow
    cone: Controls = [
        (b.left * 0.97, y + 0.05, 1), (b.left * 0.62, y - 0.6), (0.15, b.top * 1.75), (0.55, b.top * 2.0, 1),
        (b.right * 0.55, y - 0.6), (b.right * 0.97, y + 0.05, 1),
    ]  # fmt: skip
    return [
        Piece(b.brim(1.8), "cloth.2"),
        Piece(cone, "cloth.2", 0.2, (((0.05, b.top * 1.5), (0.3, b.top * 1.44)),)),
        Piece(b.band(0.98, -0.2, 0.26), "accent", 0.3),
    ]


def _straw(b: Block) -> list[Piece]:
    return [
        Piece(b.brim(1.8), "object.3"),
        Piece(b.tower(1.22, 0.98, 0.8), "object.3", 0.2),
        Piece(b.band(0.98, -0.2, 0.26), "accent", 0.3),
    ]


def _cowboy(b: Block) -> list[Piece]:
    crown = b.tower(1.4, 0.92, 0.62)
    crown[2] = (0, b.top * 1.28)
    return [
        Piece(b.brim(1.75, curl=0.4), "leather"),
        Piece(crown, "leather", 0.2),
        Piece(b.band(0.92, -0.16, 0.2), "accent", 0.3),
    ]


def _bowler(b: Block) -> list[Piece]:
    return [
        Piece(b.brim(1.35, curl=0.12), "cloth.2"),
        Piece(b.dome(1.22, 0.9, -0.1), "cloth.2", 0.2),
        Piece(b.band(0.9, -0.16, 0.22), "cloth.3", 0.3),
    ]


def _top_hat(b: Block) -> list[Piece]:
    return [
        Piece(b.brim(1.4, curl=0.1), "cloth.2"),
        Piece(b.tower(1.85, 0.85, 0.95), "cloth.2", 0.2),
        Piece(b.band(0.86, -0.26, 0.3), "accent", 0.3),
    ]


def _hard_hat(b: Block) -> list[Piece]:
    ridge = tuple((x, b.top * 1.2 + 0.9 * (x / 0.2) ** 2 * 0.04) for x in (-0.2, 0.0, 0.2))
    lines = tuple(((x, b.brow - 0.1), (x * 0.9, b.top * 0.9), (x * 0.6, b.top * 1.16)) for x in (-0.22, 0.22))
    return [Piece(b.brim(1.25), "accent"), Piece(b.dome(1.24, 0.97), "accent", -0.1, (ridge, *lines))]


def _police_cap(b: Block) -> list[Piece]:
    y = b.brow
    plate: Controls = [
        (b.left * 0.95, y, 1), (b.left * 1.25, y - 0.45), (b.left * 0.7, b.top * 1.18), (0, b.top * 1.25),
        (b.right * 0.7, b.top * 1.18), (b.right * 1.25, y - 0.45), (b.right * 0.95, y, 1), (0, y - 0.16),
    ]  # fmt: skip
    badge: Controls = [
        (b.across(-0.14), y - 0.45), (b.across(0.14), y - 0.45), (b.across(0.1), y - 0.18), (b.across(-0.1), y - 0.18),
    ]  # fmt: skip
    return [
        Piece(plate, "cloth.2"), Piece(b.band(0.96, -0.06, 0.24), "cloth.3", 0.1), Piece(b.visor(), "leather", 0.2),
        Piece(badge, "metal", 0.3),
    ]  # fmt: skip


def _chef(b: Block) -> list[Piece]:
    puff: Controls = [
        (b.left * 0.85, b.top * 1.15), (b.left * 1.15, b.top * 1.5), (b.left * 0.7, b.top * 1.85), (0, b.top * 1.75),
        (b.right * 0.7, b.top * 1.85), (b.right * 1.15, b.top * 1.5), (b.right * 0.85, b.top * 1.15), (0, b.top * 1.05),
    ]  # fmt: skip
    folds = tuple(((x, b.top * 1.2), (x * 1.1, b.top * 1.45)) for x in (-0.45, 0.0, 0.4))
    return [Piece(b.tower(1.2, 0.88, 0.85), "cloth.4"), Piece(puff, "cloth.4", 0.1, folds)]


def _party(b: Block) -> list[Piece]:
    cone: Controls = [(-0.5, b.top * 0.88, 1), (0.05, b.top * 1.9, 1), (0.55, b.top * 0.88, 1), (0, b.top * 0.8)]
    return [
        Piece(cone, "cloth.3"),
        Piece([*ellipse(0.05, b.top * 1.92, 0.14, 0.14, 10).points.tolist()], "accent", 0.2),
    ]


def _stocking_cap(b: Block) -> list[Piece]:
    y = b.brow
    sack: Controls = [
        (b.left * 0.95, y + 0.1, 1), (b.left * 0.85, y - 0.55), (-0.2, b.top * 1.4), (b.right * 0.9, b.top * 1.25),
        (b.right * 1.45, y - 0.1), (b.right * 1.4, y + 0.15, 1), (b.right * 1.2, y - 0.2), (b.right * 0.95, y + 0.1, 1),
    ]  # fmt: skip
    tip = ellipse(b.right * 1.43, y + 0.25, 0.2, 0.2, 12).points.tolist()
    return [Piece(sack, "accent"), Piece(b.band(1.03, 0, 0.34), "cloth.4", 0.1), Piece(tip, "cloth.4", 0.2)]


def _turban(b: Block) -> list[Piece]:
    y = b.brow
    wrap: Controls = [
        (b.left * 0.98, y + 0.32, 1), (b.left * 1.15, y - 0.2), (b.left * 0.85, b.top * 1.25), (0, b.top * 1.45),
        (b.right * 0.85, b.top * 1.25), (b.right * 1.15, y - 0.2), (b.right * 0.98, y + 0.32, 1),
        (b.across(0), y - 0.2),
    ]  # fmt: skip
    x = b.across(0)
    folds = tuple(
        spline([(x + 0.02 * s, y - 0.2 - 0.22 * k), (s * 0.6, y - 0.05 - 0.28 * k), (s * 1.05, y + 0.1 - 0.26 * k)])
        for s in (-1, 1) for k in range(3)
    )  # fmt: skip
    lines = tuple(tuple(map(tuple, fold.tolist())) for fold in folds)
    return [Piece(wrap, "cloth.3", 0.0, lines)]


def _headscarf(b: Block) -> list[Piece]:
    return [Piece(b.opening(0.76, -0.55, 1.12, 1.75), "cloth.3", 0.0, (
        ((b.left * 0.98, 0.4), (b.left * 0.8, 1.1), (-0.35, 1.5)),
        ((b.right * 0.98, 0.5), (b.right * 0.8, 1.05), (0.3, 1.45)),
        ((-0.4, b.top), (-0.72, -0.5), (-0.85, 0.1)),
    ))]  # fmt: skip


def _hood(b: Block) -> list[Piece]:
    shell = b.opening(0.84, -0.72, 1.3, 1.7, crown=1.28)
    return [Piece(shell, "cloth.1", 0.0, (
        ((0.0, b.top * 1.26), (-0.45, -0.9), (-0.75, -0.5)),
        ((b.left * 1.05, 0.5), (b.left * 0.95, 1.0), (-0.85, 1.3)),
        ((b.right * 1.05, 0.6), (b.right * 0.95, 1.0), (0.8, 1.3)),
    ))]  # fmt: skip


def _coif(b: Block) -> list[Piece]:
    rows = tuple(
        tuple((float(x), y + 0.04 * (i % 2)) for i, x in enumerate(np.linspace(-0.8, 0.8, 15)))
        for y in (b.top * 1.0 + 0.06, b.top * 0.86)
    )
    return [Piece(b.opening(0.75, -0.5, 1.1, 1.75), "metal", 0.0, rows)]


def _barbute(b: Block) -> list[Piece]:
    x = b.across
    shell: Controls = [
        (b.left * 0.95, 1.2, 1), (b.left * 1.08, 0.4), (b.left * 1.06, -0.3), (b.left * 0.7, b.top * 0.98),
        (0, b.top * 1.2),
        (b.right * 0.7, b.top * 0.98), (b.right * 1.06, -0.3), (b.right * 1.08, 0.4), (b.right * 0.95, 1.2, 1),
        (x(0.42), 1.25, 1), (x(0.5), 0.75), (x(0.74), 0.45, 1), (x(0.68), 0.02, 1), (x(0.2), -0.12), (x(0), -0.05),
        (x(-0.2), -0.12), (x(-0.68), 0.02, 1), (x(-0.74), 0.45, 1), (x(-0.5), 0.75), (x(-0.42), 1.25, 1),
    ]  # fmt: skip
    return [Piece(shell, "metal", 0.0, (((0, b.top * 1.18), (x(0), -0.1)),))]


def _kettle(b: Block) -> list[Piece]:
    lines = (((0.0, b.top * 1.22), (b.across(0), b.brow - 0.1)),)
    return [Piece(b.brim(1.45), "metal", 0.1), Piece(b.dome(1.24, 0.95), "metal", 0.0, lines)]


def _nasal(b: Block) -> list[Piece]:
    x, y = b.across, b.brow
    guard: Controls = [(x(-0.11), y - 0.1, 1), (x(0.11), y - 0.1, 1), (x(0.1) + 0.03 * b.turn, 0.6), (x(-0.1), 0.6)]
    return [
        Piece(b.dome(1.32, 1.02), "metal"), Piece(b.band(1.03, 0.0, 0.24), "leather", 0.1), Piece(guard, "metal", 0.2),
    ]  # fmt: skip


def _horned(b: Block) -> list[Piece]:
    horns = [
        Piece([
            (s * 0.95, b.brow - 0.35, 1), (s * 1.35, b.brow - 0.5), (s * 1.6, b.brow - 1.25, 1),
            (s * 1.75, b.brow - 0.5),
            (s * 1.45, b.brow - 0.08), (s * 1.0, b.brow + 0.02, 1),
        ], "cloth.4", -0.2)
        for s in (-1, 1)
    ]  # fmt: skip
    middle = (((0.0, b.top * 1.2), (b.across(0), b.brow)),)
    return [*horns, Piece(b.dome(1.24, 1.02), "metal", 0.0, middle), Piece(b.band(1.03, 0.0, 0.24), "accent", 0.1)]


def _circlet(b: Block) -> list[Piece]:
    y, x = b.brow + 0.12, b.across(0)
    gem: Controls = [(x, y - 0.22, 1), (x + 0.09, y - 0.08), (x, y + 0.06, 1), (x - 0.09, y - 0.08)]
    return [Piece(b.band(0.98, 0.1, 0.1), "metal"), Piece(gem, "accent", 0.1)]


@dataclass(frozen=True, slots=True)
class Hat:
    """A hat: how often it is worn, how it is cut, what becomes of the hair below it.

    `flat` hair must not stick out above it; a `hooding` one surrounds the face and hides the hair behind it.
    """

    share: float
    cut: Callable[[Block], list[Piece]]
    flat: bool = True
    hooding: bool = False


HATS = {
    "beret": Hat(8, _beret),
    "beanie": Hat(8, lambda b: [Piece(b.dome(), "cloth.3"), Piece(b.band(1.03, 0, 0.34), "accent", 0.1)]),
    "cap": Hat(9, lambda b: [Piece(b.dome(), "cloth.2"), Piece(b.visor(), "cloth.3", 0.2)]),
    "crown": Hat(6, _crown, flat=False),
    "frill": Hat(5, _frill, flat=False),
    "witch": Hat(6, _witch),
    "straw": Hat(7, _straw),
    "cowboy": Hat(3, _cowboy),
    "bowler": Hat(3, _bowler),
    "top_hat": Hat(4, _top_hat),
    "hard_hat": Hat(4, _hard_hat),
    "police_cap": Hat(4, _police_cap),
    "chef": Hat(3, _chef),
    "party": Hat(2, _party, flat=False),
    "stocking_cap": Hat(3, _stocking_cap),
    "turban": Hat(5, _turban),
    "headscarf": Hat(6, _headscarf, hooding=True),
    "hood": Hat(8, _hood, hooding=True),
    "coif": Hat(3, _coif, hooding=True),
    "barbute": Hat(4, _barbute, hooding=True),
    "kettle": Hat(3, _kettle),
    "nasal": Hat(4, _nasal),
    "horned": Hat(4, _horned),
    "circlet": Hat(3, _circlet, flat=False),
}
"""Hats by name."""

UNIFORMS = {
    "plate": ("barbute", "nasal", "circlet", "kettle"),
    "armor": ("barbute", "nasal", "horned", "circlet"),
    "mail": ("coif", "kettle", "nasal", "horned"),
    "leather_armor": ("hood", "horned", "nasal"),
    "robe": ("hood", "witch", "turban"),
    "cloak": ("hood", "hood", "circlet"),
    "uniform": ("police_cap", "beret"),
    "raincoat": ("hood",),
    "maid": ("frill",),
}
"""Hats that go with an outfit."""


def draw_hat(hair: Hairdo, outfit: str) -> str:
    """Draw a hat that goes with an outfit, in the head's frame; returns its name."""
    rng = hair.scene.rng
    if outfit in UNIFORMS:
        kind = choose(rng, UNIFORMS[outfit])
    else:
        kind = weigh(rng, {name: hat.share for name, hat in HATS.items()})
    put_on(hair, kind)
    return kind


def put_on(hair: Hairdo, kind: str) -> None:
    """Draw the named hat, in the head's frame."""
    scene, hat = hair.scene, HATS[kind]
    if hat.flat or hat.hooding:
        _flatten(hair, hooding=hat.hooding)
    block = Block(hair.left, hair.right, hair.top, hair.head.turn, hair.head.across)
    for piece in hat.cut(block):
        cloth = scene.shape(outline(piece.controls), "accessory", piece.role, depths.HAT + piece.above, 1.1)
        cel.crescent(scene, cloth, 0.18 if piece.above < 0.25 else 0.05)
        for line in piece.lines:
            scene.stroke(cloth, spline(line) if len(line) > 2 else line, 0.7, (0.4, 1.0))


def _flatten(hair: Hairdo, *, hooding: bool) -> None:
    """Remove locks that would stick out above a hat, or all but the locks at the face below a hood."""
    scene = hair.scene
    limit = float(scene.world([(0, hair.top * 1.02)])[0, 1]) - 0.08
    scene.shapes[:] = [
        shape for shape in scene.shapes if shape.part != "hair" or not _hidden(hair, shape, limit, hooding)
    ]


def _hidden(hair: Hairdo, shape: Shape, limit: float, hooding: bool) -> bool:
    depth = shape.depth - hair.scene.nearness
    if depth < 0 or depth >= depths.NEXT_FIGURE:
        return False
    beard = depths.FACE < depth < depths.GLASSES
    if hooding and not beard:
        return depth < depths.CAP or shape.box[1] < limit
    return depth > depths.FACE and shape.box[1] < limit
