"""From what the proposal generator says of segments to one color for each.

Segments that were colored each for itself would be likely one by one and not together: two sleeves that may be red or
white would be red and white. So those that no line divides choose together, and so do those that the net holds for one
color and that point at much the same; and all of them share the palette out as it is asked for.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .arrays import Arrays

Floats = npt.NDArray[np.floating[Any]]

BACKGROUND, SKIN = 0, 1
"""The semantic parts that are paper, and that have one color whoever is drawn."""
SURE, SURE_ENCLOSED, DOUBT = 0.5, 0.95, 0.2
"""How sure the net must be that a segment is background: where it reaches the picture's rim, and where the figure
encloses it, for a hole in a cheek is worse than a painted gap; and from which chance on it counts as in doubt."""
ALL_AROUND = 0.95
"""A segment that is so much of the picture's rim is what the figure stands on, whatever it looks like: a blank page."""

UNSEEN = 1e-4
"""The least share of skin that a color is taken to have."""

SAME = 0.45
"""Mean chance of having one color, from which on segments are taken for one thing: less than a half, for a garment in
two colors is worse than two garments in one. Settled by figures of our own."""
TWINS = 2.0
"""What the chance of twins to have one color gains, in logits."""
UNHEARD_OF = 1e-4
"""Two segments agree with at least this chance, and with at most 1 less it."""

ASKED, SAMPLED = 16.0, 5.0
"""Fidelity, that is, what the squared Hellinger distance of the shares asked for and got weighs beside the mean log
chance of colors: where somebody asked for them; and where they were drawn by lot, and no face turns blue for it."""
IMPOSSIBLE = 3.0
"""A color this much less likely (nats) than certain is none for a thing, whatever is asked for."""
MOST_CHANGES, MOST_SWAPPED, WORTHLESS = 200, 32, 1e-9
"""Steps of the search, things that it tries to swap two by two (the largest), and a gain that is none."""
UNLIKELY = 1e-9
"""The least chance of a color."""

NEVER = -1e4
"""Logit of what cannot be."""


NONE = np.zeros((0, 2), np.intp)
"""No pairs of segments."""


def choose(
    answer: Arrays,
    shares: Floats,
    labels: npt.NDArray[np.int64],
    fidelity: float = ASKED,
    undivided: npt.NDArray[np.integer[Any]] = NONE,
    twins: npt.NDArray[np.integer[Any]] = NONE,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Decide what each segment is.

    Args:
        answer: of the function "color" of a `ProposalGenerator` on one drawing; of it `pointer` (count, slots + 2),
            `alike` (count, count) and `parts` (count, parts) are read.
        shares: (slots,), the share of the figure asked for each color of the palette; 0 marks an empty slot.
        labels: int64 (h, w), the segments that were asked about, below count.
        fidelity: >= 0, how closely the shares are to be met; `ASKED` or `SAMPLED`.
        undivided: (n, 2), pairs of segments that no line divides: they have one color, where both are figure.
        twins: (n, 2), pairs of segments of one shape, such as two shoes: they are likelier to have one color.

    Returns:
        Which color a segment has, intp (count,), and whether it is paper instead, bool (count,).
    """
    pointer, count = answer["pointer"].astype(np.float64), len(answer["pointer"])
    parts = _softmax(answer["parts"].astype(np.float64))
    paper = _is_paper(parts[:, BACKGROUND], labels)
    areas = np.bincount(labels.ravel(), minlength=count).astype(np.float64)
    pointer += parts[:, SKIN, None] * _colors_of_skin(pointer, parts[:, SKIN], areas)
    # What might have been paper and is not has a color: it must not be white merely because paper is.
    pointer[parts[:, BACKGROUND] >= DOUBT, len(shares)] = NEVER
    figure = np.flatnonzero(~paper & (areas > 0))
    slots = pointer.argmax(1)
    if len(figure):
        # By the root of the area, as in training: a large segment is better seen, but not as much as it is larger.
        weights = np.sqrt(areas[figure])
        room = _rooms(undivided, figure, count)
        members = np.eye(room.max() + 1)[room] * weights[:, None]
        members /= members.sum(0)
        alike = answer["alike"].astype(np.float64) / 2
        alike[tuple(twins.T)] += TWINS
        alike[tuple(twins.T[::-1])] += TWINS
        alike = alike[figure][:, figure] + _agreement(pointer[figure]) / 2
        thing = things(members.T @ alike @ members)[room]
        sizes = np.bincount(thing, areas[figure])
        sums = np.zeros((len(sizes), pointer.shape[1]))
        np.add.at(sums, thing, weights[:, None] * pointer[figure])
        chances = _softmax(sums / np.bincount(thing, weights)[:, None])
        slots[figure] = share_out(np.log(chances.clip(UNLIKELY)), sizes / sizes.sum(), shares, fidelity)[thing]
    return slots, paper


def _colors_of_skin(pointer: Floats, skin: Floats, areas: Floats) -> npt.NDArray[np.float64]:
    """The log share of each color (slots + 2,) in what is believed to be skin, given each segment's chance of being it.

    An ear, or a hand on a sleeve, that is skin but for its color is so told what the face points at. By the chances'
    squares, for many a large garment is a little likely to be skin.
    """
    members = skin**2 * np.sqrt(areas)
    shares: npt.NDArray[np.float64] = (members @ _softmax(pointer) / max(members.sum(), UNLIKELY)).clip(UNSEEN)
    return np.log(shares)


def _rooms(undivided: npt.NDArray[np.integer[Any]], figure: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
    """The number of the room that each segment of the figure belongs to: what is joined by undivided pairs is one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    joined = coo_array((np.ones(len(undivided)), tuple(undivided.T)), (count, count)).tocsr()[figure][:, figure]
    rooms: npt.NDArray[np.intp] = connected_components(joined, directed=False)[1].astype(np.intp)
    return rooms


def things(alike: Floats) -> npt.NDArray[np.intp]:
    """Group segments that have one color, by the mean chance between two groups (average linkage).

    Args:
        alike: (N, N), logits of having one color.

    Returns:
        intp (N,), the number of each segment's group.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(alike) < 2:
        return np.zeros(len(alike), np.intp)
    unlike = 1 / (1 + np.exp((alike + alike.T) / 2))
    np.fill_diagonal(unlike, 0)
    groups: npt.NDArray[np.intp] = fcluster(linkage(squareform(unlike, checks=False), "average"), 1 - SAME, "distance")
    return groups.astype(np.intp) - 1


def share_out(likely: Floats, areas: Floats, shares: Floats, fidelity: float = ASKED) -> npt.NDArray[np.intp]:
    """Give every thing a color so that colors are likely where they are, and have the shares that are asked for.

    What is torn between two colors does not know what the others choose; each would take the likelier one, and a color
    that was asked for would appear nowhere, or a shirt and trousers in one another's. From the likeliest colors on, the
    best single change is made as long as one helps: one thing takes another color, two things swap theirs, or two
    colors swap everything that has them.

    Args:
        likely: (N, slots + 2), the log chance of each color.
        areas: (N,), > 0, sum to 1.
        shares: (slots,), sum to 1, 0 for an empty slot. Of the fixed colors that follow nothing is asked for.
        fidelity: >= 0, what shares weigh.

    Returns:
        intp (N,), the color of each thing, which maximises the mean of `likely` by the root of the area, as in
        training, for a face is small beside a coat and wrong colors show most there; less `fidelity` times the squared
        Hellinger distance between `shares` and those that come out; up to single changes.
    """
    asked = np.append(shares, np.zeros(likely.shape[1] - len(shares)))
    largest = np.argsort(-areas, kind="stable")[:MOST_SWAPPED]
    weights = np.sqrt(areas) / np.sqrt(areas).sum()
    task = _Task(weights[:, None] * likely, (likely > -IMPOSSIBLE) & (asked > 0), areas, asked, largest, fidelity)
    slots: npt.NDArray[np.intp] = likely.argmax(1)
    for _ in range(MOST_CHANGES):
        got = np.bincount(slots, areas, len(asked)).astype(np.float64)
        gain, changed = max((look(task, slots, got) for look in (_one, _two, _all)), key=lambda found: found[0])
        if gain <= WORTHLESS:
            break
        slots = changed
    return slots


class _Task(NamedTuple):
    """What `share_out` is given: by thing and color the worth and whether it may be, areas, shares asked for, which
    things swap, and the fidelity.
    """

    worth: Floats
    possible: npt.NDArray[np.bool_]
    areas: Floats
    asked: Floats
    largest: npt.NDArray[np.intp]
    fidelity: float

    def fit(self, got: Floats, asked: Floats) -> Floats:
        """What a color adds to the goal by its share; the squared Hellinger distance is 1 less the sum of the roots."""
        fit: Floats = self.fidelity * np.sqrt(got.clip(0) * asked)
        return fit


def _one(task: _Task, slots: npt.NDArray[np.intp], got: Floats) -> tuple[float, npt.NDArray[np.intp]]:
    """The best change of one thing's color, given the shares that come out: what it gains, and the colors then."""
    each = np.arange(len(slots))
    before = task.fit(got, task.asked)
    left = task.fit(got[slots] - task.areas, task.asked[slots]) - before[slots] - task.worth[each, slots]
    gains = task.worth + left[:, None] + task.fit(got + task.areas[:, None], task.asked) - before
    gains[~task.possible] = -np.inf
    gains[each, slots] = -np.inf
    thing, color = np.unravel_index(gains.argmax(), gains.shape)
    changed = slots.copy()
    changed[thing] = color
    return float(gains[thing, color]), changed


def _two(task: _Task, slots: npt.NDArray[np.intp], got: Floats) -> tuple[float, npt.NDArray[np.intp]]:
    """The best swap of two things' colors."""
    large = task.largest
    own, areas, asked = slots[large], task.areas[large], task.asked[slots[large]]
    exchanged = task.worth[large[:, None], own] - task.worth[large, own][:, None]
    refit = task.fit(got[own][:, None] + areas - areas[:, None], asked[:, None]) - task.fit(got[own], asked)[:, None]
    possible = task.possible[large[:, None], own]
    gains = np.where(possible & possible.T & (own[:, None] != own), exchanged + exchanged.T + refit + refit.T, -np.inf)
    one, other = np.unravel_index(gains.argmax(), gains.shape)
    changed = slots.copy()
    changed[large[[one, other]]] = own[[other, one]]
    return float(gains[one, other]), changed


def _all(task: _Task, slots: npt.NDArray[np.intp], got: Floats) -> tuple[float, npt.NDArray[np.intp]]:
    """The best swap of two colors, wherever they are."""
    members = np.eye(len(task.asked))[:, slots]
    worth = members @ task.worth
    exchanged = worth - np.diag(worth)[:, None]
    refit = task.fit(got, task.asked[:, None]) - task.fit(got, task.asked)[:, None]
    possible = (members @ ~task.possible == 0) & (task.asked > 0)
    swapped = (got > 0)[:, None] & ~np.eye(len(got), dtype=bool)
    gains = np.where(possible & possible.T & swapped, exchanged + exchanged.T + refit + refit.T, -np.inf)
    one, other = np.unravel_index(gains.argmax(), gains.shape)
    changed = np.where(slots == one, other, np.where(slots == other, one, slots))
    return float(gains[one, other]), changed


def _agreement(pointer: Floats) -> npt.NDArray[np.float64]:
    """Logits (N, N) of two segments pointing at one color, each for itself."""
    chances = _softmax(pointer)
    both: npt.NDArray[np.float64] = (chances @ chances.T).clip(UNHEARD_OF, 1 - UNHEARD_OF)
    return np.log(both) - np.log1p(-both)


def _is_paper(background: Floats, labels: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which segments are paper, given the chance of each to be background."""
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    share = np.bincount(rim, minlength=len(background)) / len(rim)
    paper: npt.NDArray[np.bool_] = (background > np.where(share > 0, SURE, SURE_ENCLOSED)) | (share > ALL_AROUND)
    return paper


def _softmax(logits: Floats) -> npt.NDArray[np.float64]:
    raised = np.exp(logits - logits.max(1, keepdims=True))
    chances: npt.NDArray[np.float64] = raised / raised.sum(1, keepdims=True)
    return chances
