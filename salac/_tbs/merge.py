"""The region graph: regions, their areas and contacts, and which of them are one segment."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from salac._tbs.bits import Spans
from salac._tbs.components import find
from salac._tbs.jit import kernel


class Contacts(NamedTuple):
    """Pairs of 4-adjacent regions.

    Attributes:
        first, second: int64 (n,): the two regions, first < second, each pair once, in ascending order.
        length: int64 (n,): how many pixel edges they share.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    length: NDArray[np.int64]


def areas(spans: Spans, count: int) -> NDArray[np.int64]:
    """Pixels of every region 1..count, int64 (count + 1,), entry 0 is 0."""
    lengths = spans.stop - spans.start
    return np.bincount(spans.label, weights=lengths, minlength=count + 1).astype(np.int64)


def contacts(spans: Spans) -> Contacts:
    """Which regions touch, and along how many pixel edges."""
    # Rows a and b, walked in step, meet at most a + b times; within a row there are fewer contacts than spans.
    pair = np.empty(3 * spans.start.size, np.int64)
    length = np.empty(3 * spans.start.size, np.int64)
    count = _contacts(spans, pair, length)
    return _sum_by_pair(pair[:count], length[:count])


@kernel
def _contacts(spans: Spans, pair: NDArray[np.int64], length: NDArray[np.int64]) -> int:
    row, start, stop, label = spans.row, spans.start, spans.stop, spans.label
    count = 0
    for y in range(row.size - 1):
        for i in range(row[y] + 1, row[y + 1]):
            if stop[i - 1] == start[i] and label[i - 1] != label[i]:
                pair[count] = _pair(label[i - 1], label[i])
                length[count] = 1
                count += 1
        if y == 0:
            continue
        above, above_end = row[y - 1], row[y]
        here, here_end = row[y], row[y + 1]
        while above < above_end and here < here_end:
            overlap = min(stop[above], stop[here]) - max(start[above], start[here])
            if overlap > 0 and label[above] != label[here]:
                pair[count] = _pair(label[above], label[here])
                length[count] = overlap
                count += 1
            if stop[above] < stop[here]:
                above += 1
            else:
                here += 1
    return count


@kernel
def _pair(a: int, b: int) -> np.int64:
    return np.int64(min(a, b)) << 32 | np.int64(max(a, b))


def _sum_by_pair(pair: NDArray[np.int64], length: NDArray[np.int64]) -> Contacts:
    pairs, where = np.unique(pair, return_inverse=True)
    totals = np.bincount(where, weights=length, minlength=pairs.size).astype(np.int64)
    return Contacts(pairs >> 32, pairs & 0xFFFFFFFF, totals)


def rename(touching: Contacts, owner: NDArray[np.int32]) -> Contacts:
    """The contacts that are left between owners."""
    a, b = owner[touching.first].astype(np.int64), owner[touching.second].astype(np.int64)
    between = a != b
    pair = np.minimum(a, b) << 32 | np.maximum(a, b)
    return _sum_by_pair(pair[between], touching.length[between])


def without(touching: Contacts, left_out: NDArray[np.bool_]) -> Contacts:
    """The contacts between regions that are not left out, a mask (count + 1,)."""
    kept = ~(left_out[touching.first] | left_out[touching.second])
    return Contacts(touching.first[kept], touching.second[kept], touching.length[kept])


def _both_ways(touching: Contacts) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(region, neighbour, length) for either side of every contact."""
    return (
        np.concatenate([touching.first, touching.second]),
        np.concatenate([touching.second, touching.first]),
        np.concatenate([touching.length, touching.length]),
    )


def merge(
    area: NDArray[np.int64], touching: Contacts, smallest: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Merge every region that is too small and has a neighbour, smallest first, until none is left.

    In rounds, in ascending order of the areas at the start (ties: id), a region below its smallest area joins the
    neighbour with the longest contact (ties: the larger, then the lower id), which keeps its own smallest area.

    Args:
        area: int64 (count + 1,): pixels of every region.
        touching: the contacts between regions.
        smallest: int64 (count + 1,): the area below which a region gives way.

    Returns:
        The region that each one ended up in, int32 (count + 1,), and the areas afterwards, 0 for those merged away.
    """
    count = area.size - 1
    region, neighbour, length = _both_ways(touching)
    order = np.argsort(region, kind="stable")
    first_contact = np.concatenate([[0, 0], np.bincount(region, minlength=count + 1)[1:].cumsum()])
    small = np.flatnonzero(area[1:] < smallest[1:]) + 1
    small = small[np.argsort(area[small], kind="stable")]
    owner, merged_area = np.arange(count + 1, dtype=np.int32), area.copy()
    _merge(small, first_contact, neighbour[order], length[order], smallest, owner, merged_area)
    return owner, merged_area


@kernel
def _merge(
    small: NDArray[np.int64],
    first_contact: NDArray[np.int64],
    other: NDArray[np.int64],
    length: NDArray[np.int64],
    smallest: NDArray[np.int64],
    owner: NDArray[np.int32],
    area: NDArray[np.int64],
) -> None:
    # A merged region is a chain of its members: the contacts of all of them are its contacts.
    next_member = np.full(owner.size, -1)
    last_member = np.arange(owner.size)
    shared = np.zeros(owner.size, np.int64)
    neighbours = np.empty(owner.size, np.int64)
    merged = True
    while merged:
        merged = False
        for region in small:
            if owner[region] != region or area[region] >= smallest[region]:
                continue
            count = 0
            member = region
            while member != -1:
                for contact in range(first_contact[member], first_contact[member + 1]):
                    neighbour = find(owner, other[contact])
                    if neighbour == region:
                        continue
                    if shared[neighbour] == 0:
                        neighbours[count] = neighbour
                        count += 1
                    shared[neighbour] += length[contact]
                member = next_member[member]
            if count == 0:
                continue
            best = neighbours[0]
            for neighbour in neighbours[1:count]:
                if shared[neighbour] != shared[best]:
                    better = shared[neighbour] > shared[best]
                elif area[neighbour] != area[best]:
                    better = area[neighbour] > area[best]
                else:
                    better = neighbour < best
                if better:
                    best = neighbour
            for neighbour in neighbours[:count]:
                shared[neighbour] = 0
            owner[region] = best
            area[best] += area[region]
            area[region] = 0
            next_member[last_member[best]] = region
            last_member[best] = last_member[region]
            merged = True
    for region in range(owner.size):
        owner[region] = find(owner, region)


def join_tapers(
    area: NDArray[np.int64], radius: NDArray[np.int64], touching: Contacts
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Put back together what narrows without a border, such as a strand of hair cut into ever smaller balls.

    A region joins the neighbour of a larger ball that it touches most (ties: the larger, then the lower id) where they
    touch along more than its own diameter: its ball passes between the two. Every region joins at most one, and of a
    larger ball, so two rooms of the same ball are never joined, and a gap between them stays closed.

    Run it after `merge`: until then the corners beside a ball's round end keep its contacts short.

    Args:
        area: int64 (count + 1,): pixels of every region, 0 for what is none.
        radius: int64 (count + 1,): the ball it was born from; leftovers (0) join nothing here.
        touching: the contacts between regions.

    Returns:
        The region that each one is part of, int32 (count + 1,), and the areas afterwards, 0 for those joined.
    """
    region, neighbour, length = _both_ways(touching)
    passes = (radius[region] > 0) & (radius[region] < radius[neighbour]) & (length > 2 * radius[region])
    region, neighbour, length = region[passes], neighbour[passes], length[passes]
    ascending = np.lexsort((-neighbour, area[neighbour], length))
    owner = np.arange(area.size, dtype=np.int32)
    # Of several assignments to one entry the last stands, here the longest contact.
    owner[region[ascending]] = neighbour[ascending]
    while np.any(owner[owner] != owner):
        owner = owner[owner]
    return owner, np.bincount(owner, weights=area, minlength=area.size).astype(np.int64)


def number(owner: NDArray[np.int32], area: NDArray[np.int64], touching: Contacts, speck_area: int) -> NDArray[np.int32]:
    """Final ids (count + 1,), in raster order of a merged region's first pixel; 0 for specks without a neighbour.

    Args:
        owner: the region that each one ended up in; regions are numbered in raster order.
        area: the areas after merging.
        touching: the contacts before merging.
        speck_area: a region below this many pixels is a speck.
    """
    alone = np.ones(owner.size, np.bool_)
    a, b = owner[touching.first], owner[touching.second]
    alone[a[a != b]] = alone[b[a != b]] = False
    speck = alone & (area < speck_area)
    # The first member of a merged region, in raster order, holds its first pixel.
    leaders, first_member = np.unique(owner, return_index=True)
    in_order = leaders[np.argsort(first_member)]
    kept = in_order[(in_order > 0) & ~speck[in_order]]
    ids = np.zeros(owner.size, np.int32)
    ids[kept] = np.arange(1, kept.size + 1)
    return ids[owner]
