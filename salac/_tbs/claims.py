"""Who owns a pixel that a ball covers: the nearest place where a ball of that size fits."""

import numpy as np
from numpy.typing import NDArray

from salac._tbs.bits import Spans
from salac._tbs.jit import kernel

NOBODY = np.int32(0)
CONTESTED = np.int32(-1)


def claim(opened: Spans, cores: Spans, half_width: NDArray[np.int64]) -> Spans:
    """Divide the pixels that balls cover among the cores, the connected sets of ball centers.

    Every pixel goes to the core with the nearest ball center (ties: to the lowest label). A ball around that center
    holds no line and reaches the pixel, so no walk around lines is needed.

    Args:
        opened: the maximal runs of covered pixels; their labels are ignored.
        cores: the runs of ball centers, labelled by core, from 1.
        half_width: the ball, (radius + 1,), see `morphology.disc`.

    Returns:
        The spans of `opened`, cut where the owner changes and labelled by owner.
    """
    owner = np.full(opened.start.size, NOBODY)
    _find_owners(opened, cores, half_width, owner)
    # A contested run of n pixels has at most n owners.
    lengths = opened.stop.astype(np.int64) - opened.start
    capacity = int(np.where(owner == CONTESTED, lengths, 1).sum())
    claims = Spans(
        np.empty_like(opened.row),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),
    )
    count = _divide(opened, owner, cores, half_width.size - 1, claims)
    return Spans(claims.row, claims.start[:count].copy(), claims.stop[:count].copy(), claims.label[:count].copy())


@kernel
def _find_owners(opened: Spans, cores: Spans, half_width: NDArray[np.int64], owner: NDArray[np.int32]) -> None:
    """Let every row of every ball claim the one opened run that it lies in."""
    height = cores.row.size - 1
    radius = half_width.size - 1
    for y in range(height):
        for dy in range(-radius, radius + 1):
            if cores.row[y] == cores.row[y + 1] or y + dy < 0 or y + dy >= height:
                continue
            reach = half_width[abs(dy)]
            run = opened.row[y + dy]
            for core in range(cores.row[y], cores.row[y + 1]):
                left = max(cores.start[core] - reach, 0)
                while opened.stop[run] <= left:
                    run += 1
                if owner[run] == NOBODY:
                    owner[run] = cores.label[core]
                elif owner[run] != cores.label[core]:
                    owner[run] = CONTESTED


@kernel
def _divide(opened: Spans, owner: NDArray[np.int32], cores: Spans, radius: int, claims: Spans) -> int:
    count = 0
    for y in range(opened.row.size - 1):
        claims.row[y] = count
        for run in range(opened.row[y], opened.row[y + 1]):
            x, end = opened.start[run], opened.stop[run]
            if owner[run] != CONTESTED:
                claims.start[count], claims.stop[count], claims.label[count] = x, end, owner[run]
                count += 1
                continue
            first = count
            while x < end:
                core = _first_ending_after(cores, y, x)
                if core < cores.row[y + 1] and cores.start[core] <= x:
                    label, stop = cores.label[core], cores.stop[core]
                else:
                    label, stop = _nearest_core(cores, y, x, radius), x + 1
                if count > first and claims.label[count - 1] == label:
                    claims.stop[count - 1] = stop
                else:
                    claims.start[count], claims.stop[count], claims.label[count] = x, stop, label
                    count += 1
                x = stop
    claims.row[opened.row.size - 1] = count
    return count


@kernel
def _first_ending_after(cores: Spans, y: int, x: int) -> int:
    """The first core run of row y that ends right of column x, or the row's end (binary search)."""
    low, high = cores.row[y], cores.row[y + 1]
    while low < high:
        middle = (low + high) // 2
        if cores.stop[middle] <= x:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _nearest_core(cores: Spans, y: int, x: int, radius: int) -> np.int32:
    """The label of the ball center nearest to (y, x): rows outwards, in each the run before x and the run after it."""
    best = 1 << 60
    label = NOBODY
    for dy in range(radius + 1):
        if dy * dy > best:
            break
        for row in (y - dy, y + dy):
            if row < 0 or row >= cores.row.size - 1:
                continue
            after = _first_ending_after(cores, row, x)
            for core in (after - 1, after):
                if core < cores.row[row] or core >= cores.row[row + 1]:
                    continue
                dx = max(cores.start[core] - x, x - cores.stop[core] + 1, 0)
                square = dx * dx + dy * dy
                if square < best or (square == best and cores.label[core] < label):
                    best, label = square, cores.label[core]
    return label
