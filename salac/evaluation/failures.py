"""How often a model fails in the ways that Fig. A.5 of the thesis shows, and in those that flat colors have besides.

A failure is a share of something, such as of all skin, and how much of it a reader would notice. Most ask what each
segment shows, which is known of figures that are drawn here; the others ask for no more than the artist's colors, so
that drawings by hands are counted, too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from ..histogram import RGBuvHistogram
from ..stages.color_proposal import ALMOST_PAPER, BLACK
from ..training.build import DRAWN, is_held_out
from ..training.drawing import PARTS
from ..training.palettes import draw_palette
from .colors import PAPER, VISIBLE, Colors, chance_difference, color_difference, differences
from .drawings import Judged, Stored, Subject
from .methods import Method

SPECK = 0.003
"""A segment that is a smaller share of the figure and stands out from what is around it is a speck."""
FIRST_SEED = 1 << 62
"""Data sets are drawn with smaller seeds."""

SKIN, HAIR = [PARTS.index("skin")], [PARTS.index("hair")]
CLOTHES = [PARTS.index(name) for name in ("upper", "lower", "legwear", "shoes")]


@dataclass(frozen=True, eq=False)
class Probe:
    """A drawing that failures are counted in.

    Attributes:
        subject: its segments, and how much of the figure is in each.
        true: uint8 (count + 1, 3), the right color of every segment.
        parts: uint8 (count + 1,), index into `PARTS` of what a segment shows; None where nobody says.
        merged: share of the figure that lies in a segment which is mostly something else, of another color; None where
            nobody says.
    """

    subject: Subject
    true: Colors
    parts: npt.NDArray[np.uint8] | None = None
    merged: float | None = None

    @property
    def areas(self) -> npt.NDArray[np.int64]:
        """Pixels of the figure in each segment, (count + 1,)."""
        return self.subject.areas

    @property
    def histogram(self) -> npt.NDArray[np.float32]:
        """The right colors as a histogram: float32 (L, h, h), sums to 1."""
        return RGBuvHistogram().from_palette(self.true, self.areas)

    def vivid(self) -> "Probe":
        """The same in overly saturated colors: twice the saturation, and as bright as hue and saturation allow."""
        hsv = cv2.cvtColor(self.true[None].astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
        hsv[..., 1] = (2 * hsv[..., 1]).clip(0, 1)
        hsv[..., 2] = np.where(hsv[..., 1] > 0.2, hsv[..., 2].clip(0.8, 1), hsv[..., 2])
        levels = np.rint(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0] * 255).clip(0, PAPER - 1)
        return replace(self, true=levels.astype(np.uint8))

    def of(self, parts: list[int]) -> npt.NDArray[np.int64] | None:
        """Pixels of some parts in each segment, (count + 1,); None where there are none, or nobody says."""
        if self.parts is None:
            return None
        areas = np.where(np.isin(self.parts, parts), self.areas, 0)
        return areas if areas.any() else None

    def wears(self, colors: Colors) -> npt.NDArray[np.uint8]:
        """The part whose color each segment was given, uint8 (count + 1,), its own where that is of its own color."""
        assert self.parts is not None
        here = self.areas > 0
        groups = np.unique(np.column_stack([self.parts, self.true])[here], axis=0)
        far = differences(colors[:, None], groups[None, :, 1:])
        worn = groups[far.argmin(1), 0]
        return np.where(differences(colors, self.true) > VISIBLE, worn, self.parts)


class Failure(NamedTuple):
    """A way to fail.

    Attributes:
        amount: how much of it colors show, uint8 (count + 1, 3) one a segment; None where a drawing cannot show it.
        limit: a drawing fails where there is more of it.
        about: what is measured, for the table.
        vivid: whether overly saturated colors are asked for.
    """

    amount: Callable[[Probe, Colors], float | None]
    limit: float
    about: str
    vivid: bool = False


def _share(here: npt.NDArray[np.bool_], areas: npt.NDArray[np.int64] | None) -> float | None:
    return None if areas is None else float(np.average(here, weights=areas))


def _merged(probe: Probe, colors: Colors) -> float | None:
    return probe.merged


def _beside_chance(probe: Probe, colors: Colors) -> float | None:
    chance = chance_difference(probe.true, probe.areas)
    # A figure of hardly more than one color says nothing.
    return color_difference(colors, probe.true, probe.areas) / chance if chance > VISIBLE else None


def _unrecognized(probe: Probe, colors: Colors) -> float | None:
    if probe.parts is None:
        return None
    painted = ~(colors == PAPER).all(1)
    return _share((probe.wears(colors) != probe.parts) & painted, probe.areas)


def _blackened(probe: Probe, colors: Colors) -> float | None:
    black, dark = ((c < 255 * BLACK).all(1) for c in (colors, probe.true))
    return _share(black & ~dark & (differences(colors, probe.true) > VISIBLE), probe.areas)


def _specks(probe: Probe, colors: Colors) -> float | None:
    """Small segments that differ from the larger one that most surrounds them, and should not."""
    small = (probe.areas > 0) & (probe.areas < SPECK * probe.areas.sum())
    contacts = probe.subject.segments.adjacency
    pairs = np.concatenate([contacts.pairs, contacts.pairs[:, ::-1]])
    lengths = np.concatenate([contacts.lengths, contacts.lengths])
    order = np.lexsort((lengths, pairs[:, 0]))
    around = np.zeros(len(probe.areas), np.int32)
    around[pairs[order, 0]] = pairs[order, 1]  # the longest contact comes last
    alike = differences(probe.true, probe.true[around]) < VISIBLE
    apart = differences(colors, colors[around]) > VISIBLE
    return float(np.count_nonzero(small & ~small[around] & (probe.areas[around] > 0) & alike & apart))


def _in_two_colors(parts: list[int]) -> Callable[[Probe, Colors], float | None]:
    """The largest share of one thing, of one true color, that is not in the color of most of it."""

    def amount(probe: Probe, colors: Colors) -> float | None:
        areas = probe.of(parts)
        if areas is None or probe.parts is None:
            return None
        keys = np.column_stack([probe.parts, probe.true])
        _, thing = np.unique(keys, axis=0, return_inverse=True)
        shares = []
        for one in np.unique(thing[areas > 0]):
            here = np.where(thing.ravel() == one, areas, 0)
            if here.sum() > 0.02 * probe.areas.sum():
                apart = differences(colors[:, None], colors[here > 0][None]) > VISIBLE
                shares.append(min(_share(column, here) or 0.0 for column in apart.T))
        return max(shares, default=None)

    return amount


def _in_colors_of(parts: list[int], others: list[int]) -> Callable[[Probe, Colors], float | None]:
    """The share of some parts that is in the color of others."""

    def amount(probe: Probe, colors: Colors) -> float | None:
        areas = probe.of(parts)
        return None if areas is None else _share(np.isin(probe.wears(colors), others), areas)

    return amount


def _white_on_skin(probe: Probe, colors: Colors) -> float | None:
    wrong = (colors > ALMOST_PAPER).all(1) & (differences(colors, probe.true) > VISIBLE)
    return _share(wrong, probe.of(SKIN))


def _paper_in_clothes(probe: Probe, colors: Colors) -> float | None:
    return _share(_left_as_paper(probe, colors), probe.of(CLOTHES))


def _paper_in_figure(probe: Probe, colors: Colors) -> float | None:
    return _share(_left_as_paper(probe, colors), probe.areas)


def _left_as_paper(probe: Probe, colors: Colors) -> npt.NDArray[np.bool_]:
    """Where paper shows that should not: a white shirt may be paper."""
    left: npt.NDArray[np.bool_] = (colors == PAPER).all(1) & (differences(colors, probe.true) > VISIBLE)
    return left


def _background_painted(probe: Probe, colors: Colors) -> float | None:
    around = np.where(probe.areas == 0, probe.subject.segments.areas, 0)
    around[0] = 0
    return _share(differences(colors, np.full_like(colors, PAPER)) > VISIBLE, around) if around.any() else None


FAILURES = {
    "merged": Failure(_merged, 0.05, "part of the figure in a segment with something else of another color"),
    "chance": Failure(_beside_chance, 1.0, "difference to the artist's colors beside that of random ones"),
    "vivid": Failure(_beside_chance, 1.0, "the same, overly saturated colors asked for", vivid=True),
    "unrecognized": Failure(_unrecognized, 1 / 3, "part of the figure in another part's color"),
    "blackened": Failure(_blackened, 0.02, "part of the figure that is black and should not be"),
    "specks": Failure(_specks, 5, "how many small segments stand out from what they belong to"),
    "skin-in-two": Failure(_in_two_colors(SKIN), 0.1, "skin that is not in the color of most skin"),
    "clothes-in-two": Failure(_in_two_colors(CLOTHES), 0.1, "sleeve, shoe ... that is not in the color of its garment"),
    "hair-as-skin": Failure(_in_colors_of(HAIR, SKIN), 0.05, "hair in the color of skin"),
    "skin-as-cloth": Failure(_in_colors_of(SKIN, CLOTHES), 0.05, "skin in the color of clothes"),
    "white-on-skin": Failure(_white_on_skin, 0.02, "skin left as paper, or white as eyes are"),
    "paper-in-clothes": Failure(_paper_in_clothes, 0.02, "clothes left as paper"),
    "paper-in-figure": Failure(_paper_in_figure, 0.02, "part of the figure left as paper"),
    "background": Failure(_background_painted, 0.02, "part of the background that was painted"),
}
"""By name: first those of Fig. A.5 in its order, but that `chance` stands for drawings of a kind never seen."""


def amounts(method: Method, probe: Probe) -> dict[str, float | None]:
    """Measure how much of every failure a drawing shows, its own colors given.

    Args:
        method: that colors it.
        probe: the drawing.

    Returns:
        By name of the failure; None where the drawing cannot show it.
    """
    ready = method.on(probe.subject)
    asked = {False: probe, True: probe.vivid()}
    colors = {vivid: ready.colors(one.histogram, 0) for vivid, one in asked.items()}
    return {name: f.amount(asked[f.vivid], colors[f.vivid]) for name, f in FAILURES.items()}


def rate(name: str, found: Sequence[Mapping[str, float | None]]) -> tuple[float, int]:
    """Tell how often drawings fail.

    Args:
        name: of the failure.
        found: what `amounts` says of every drawing.

    Returns:
        The share of drawings that fail among those that can, 0 where none can, and how many can.
    """
    able = [one[name] for one in found if one[name] is not None]
    failed = sum(amount > FAILURES[name].limit for amount in able if amount is not None)
    return failed / max(len(able), 1), len(able)


def hand_drawn(drawing: Judged) -> Probe:
    """Take a drawing whose artist's colors are known, and nothing else.

    Raises:
        InputError: as for `Subject`.
    """
    subject = Subject(drawing)
    return Probe(subject, subject.true)


def held_out_figures(most: int) -> Iterator[Probe]:
    """Draw figures that no data set holds: each has a part that training never shows, and a seed beyond its seeds.

    Args:
        most: how many.

    Raises:
        MissingExtraError: what draws them is not installed.
    """
    numbers = (number for number in count(FIRST_SEED))
    drawn = (figure for number in numbers if (figure := _figure(number)) is not None)
    return islice(drawn, most)


def _figure(number: int) -> Probe | None:
    from ..training.figures import draw_figure

    drawing = draw_figure(number, DRAWN)
    if not any(map(is_held_out, drawing.identity)):
        return None
    colors = draw_palette(np.random.default_rng(number))[list(drawing.roles)]
    kinds = np.array(drawing.parts, np.uint8)
    shown = (kinds > 0)[drawing.group]
    stored = Stored(
        name=str(number - FIRST_SEED),
        source="figures",
        sketch=drawing.ink,
        picture=np.where(shown[..., None], colors[drawing.group], PAPER).astype(np.uint8),
        mask=shown,
    )
    subject = Subject(stored)
    labels, groups = subject.segments.labels.astype(np.int64), len(kinds)
    # What lies under the line shows nothing, unless a segment has nothing else.
    seen = (drawing.ink / 255 + 0.01) * shown
    votes = np.bincount((labels * groups + drawing.group).ravel(), seen.ravel(), len(subject.areas) * groups)
    votes = votes.reshape(-1, groups)
    group = votes.argmax(1)
    inside = subject.areas > 0
    true = np.where(inside[:, None], colors[group], PAPER).astype(np.uint8)
    foreign = differences(true[:, None], colors[None]) > VISIBLE
    return Probe(subject, true, np.where(inside, kinds[group], 0), float((votes * foreign).sum() / votes.sum()))
