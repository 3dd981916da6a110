"""From what the proposal generator says of segments to one color for each.

Segments that were colored each for itself would be likely one by one and not together: two sleeves that may be red or
white would be red and white. So those that the net holds for one color, and that point at much the same, choose
together; and all of them share the palette out as it is asked for.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import Arrays

Floats = npt.NDArray[np.floating[Any]]

BACKGROUND = 0
"""The semantic part that is paper."""
SURE, SURE_ENCLOSED, DOUBT = 0.5, 0.95, 0.2
"""How sure the net must be that a segment is background: where it reaches the picture's rim, and where the figure
encloses it, for a hole in a cheek is worse than a painted gap; and from which chance on it counts as in doubt."""
ALL_AROUND = 0.95
"""A segment that is so much of the picture's rim is what the figure stands on, whatever it looks like: a blank page."""

SAME = 0.6
"""Mean chance of having one color, from which on segments are taken for one thing."""
UNHEARD_OF = 1e-4
"""Two segments agree with at least this chance, and with at most 1 less it."""

BALANCE_ROUNDS, SHARPEST, MOST_BIAS, FULL_SHARE, NEGLIGIBLE = 40, 2.0, 3.0, 0.04, 1e-4
"""Steps of `balance`, how much sharper chances have become in its second half, the most it adds to a logit, the share
from which on a color may be helped that much, and a share too small to balance."""

NEVER = -1e4
"""Logit of what cannot be."""


def choose(
    answer: Arrays, shares: Floats, labels: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Decide what each segment is.

    Args:
        answer: of the function "color" of a `ProposalGenerator` on one drawing; of it `pointer` (count, slots + 2),
            `alike` (count, count) and `parts` (count, parts) are read.
        shares: (slots,), the share of the figure asked for each color of the palette; 0 marks an empty slot.
        labels: int64 (h, w), the segments that were asked about, below count.

    Returns:
        Which color a segment has, intp (count,), and whether it is paper instead, bool (count,).
    """
    pointer, count = answer["pointer"].astype(np.float64), len(answer["pointer"])
    background = _softmax(answer["parts"])[:, BACKGROUND]
    paper = _is_paper(background, labels)
    # What might have been paper and is not has a color: it must not be white merely because paper is.
    pointer[background >= DOUBT, len(shares)] = NEVER
    areas = np.bincount(labels.ravel(), minlength=count).astype(np.float64)
    figure = np.flatnonzero(~paper & (areas > 0))
    slots = pointer.argmax(1)
    if len(figure):
        thing = things((answer["alike"][figure][:, figure] + _agreement(pointer[figure])) / 2)
        sizes = np.bincount(thing, areas[figure]).astype(np.float64)
        # By the root of the area, as in training: a large segment is better seen, but not as much as it is larger.
        weights = np.sqrt(areas[figure])
        sums = np.zeros((len(sizes), pointer.shape[1]))
        np.add.at(sums, thing, weights[:, None] * pointer[figure])
        logits: Floats = sums / np.bincount(thing, weights)[:, None]
        slots[figure] = (logits + balance(logits, sizes, shares)).argmax(1)[thing]
    return slots, paper


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


def balance(logits: Floats, areas: Floats, shares: Floats) -> npt.NDArray[np.float64]:
    """What to add to the logits of each color so that all, taken together, use the palette as it is asked for.

    What is torn between two colors does not know what the others choose; each would take the likelier one and a color
    that was asked for would appear nowhere. These are the dual variables of the entropic transport of area to colors,
    found as in Sinkhorn's algorithm (Cuturi 2013, arXiv 1306.0895), damped and bounded: shares come from another
    picture, and what a segment surely is must not change for their sake. Chances are sharpened on the way: in the end
    each thing has one color.

    Args:
        logits: (N, slots + 2).
        areas: (N,), >= 0.
        shares: (slots,), 0 for an empty slot. The fixed colors keep what they would get.

    Returns:
        float64 (slots + 2,).
    """
    slots, asked = len(shares), shares > 0
    most = np.minimum(MOST_BIAS, MOST_BIAS * shares / FULL_SHARE)
    bias = np.zeros(logits.shape[1])
    parts = areas / max(areas.sum(), 1)
    for sharpness in np.interp(np.arange(BALANCE_ROUNDS), [0, BALANCE_ROUNDS / 2], [1, SHARPEST]):
        used = (parts @ _softmax(sharpness * (logits + bias)))[:slots]
        room = used[asked].sum()
        step = 0.5 / sharpness * (np.log(shares * room + NEGLIGIBLE) - np.log(used + NEGLIGIBLE))
        bias[:slots] = np.minimum(np.maximum(bias[:slots] + step * asked, -MOST_BIAS), most)
    return bias


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
