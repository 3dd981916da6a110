"""What a figure is inked with, as a table: nib, brush, pencil, marker, and how a hand uses each."""

from dataclasses import dataclass

from .chance import Range, Rng, between, chance, weigh


@dataclass(frozen=True, slots=True)
class PenKind:
    """The habits of a hand with one kind of pen; every figure draws its own values from these ranges.

    Attributes:
        share: how often it is used.
        width: of its strokes relative to the usual.
        contrast: exponent of every stroke's weight: above 1 inner lines are much thinner than outlines, 0 all alike.
        tremor: of the hand, in widths of the pen.
        swell: how far strokes swell along their way.
        taper: length over which strokes thin at their ends, in widths; (0, 0) where they keep their width.
        lift: chance that a long stroke is interrupted.
        short: how far strokes may stop before their end, in widths.
        searching: chance that every stroke is drawn a second time beside the first.
        shadow: how much heavier outlines are on the side that faces away from the light.
        silhouette: how much thicker the line around a whole figure is, in widths.
    """

    share: float
    width: Range = (0.9, 1.15)
    contrast: Range = (0.9, 1.2)
    tremor: Range = (0.0, 0.3)
    swell: Range = (0.05, 0.45)
    taper: Range = (8.0, 22.0)
    lift: Range = (0.0, 0.04)
    short: Range = (0.0, 0.0)
    searching: float = 0.0
    shadow: Range = (0.0, 0.0)
    silhouette: Range = (0.0, 0.0)


PENS = {
    "nib": PenKind(34),
    "loose_nib": PenKind(10, lift=(0.05, 0.15), short=(1.0, 5.0), shadow=(0.0, 0.4)),
    "fineliner": PenKind(11, swell=(0, 0), taper=(0, 0), contrast=(0.2, 1.0), silhouette=(0, 0.4)),
    "brush": PenKind(12, (1.1, 1.6), (1.2, 1.8), swell=(0.35, 0.8), taper=(12, 30), shadow=(0.3, 0.7)),
    "comic_pen": PenKind(13, (1.1, 1.5), (1.5, 2.3), taper=(6, 16), shadow=(0.15, 0.5), silhouette=(0.4, 1.2)),
    "felt_pen": PenKind(12, (1.7, 2.4), (0.0, 0.5), swell=(0, 0.1), taper=(0, 0), silhouette=(0, 0.3)),
    "pencil": PenKind(8, (0.75, 1.1), tremor=(0.1, 0.4), lift=(0, 0.1), short=(0, 3), searching=0.7),
}
"""Kinds of pens by name."""


@dataclass(frozen=True, slots=True)
class Pen:
    """One figure's pen; the fields are those of `PenKind`."""

    kind: str
    width: float
    contrast: float
    tremor: float
    swell: float
    taper: float
    lift: float
    short: float
    searching: bool
    shadow: float
    silhouette: float


def choose_pen(rng: Rng, kinds: tuple[str, ...] = ()) -> Pen:
    """Draw lots for a pen, of one of `kinds` where some are given."""
    name = weigh(rng, {name: kind.share for name, kind in PENS.items() if not kinds or name in kinds})
    kind = PENS[name]
    return Pen(
        name,
        width=between(rng, kind.width),
        contrast=between(rng, kind.contrast),
        tremor=between(rng, kind.tremor),
        swell=between(rng, kind.swell),
        taper=between(rng, kind.taper),
        lift=between(rng, kind.lift),
        short=between(rng, kind.short),
        searching=chance(rng, kind.searching),
        shadow=between(rng, kind.shadow),
        silhouette=between(rng, kind.silhouette),
    )
