"""Trapped-ball segmentation as one would explain it, pixel by pixel and slowly: what the kernels must agree with."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.int64]

BARRIER = -1
SPECK_AREA = 5
EDGE_NEIGHBOURS = ((-1, 0), (0, -1), (0, 1), (1, 0))
CORNER_NEIGHBOURS = ((-1, -1), (-1, 1), (1, -1), (1, 1))


def segment(
    free: NDArray[np.bool_],
    radii: Sequence[int],
    merge_area: int,
    sliver_area: int,
    barriers: NDArray[np.bool_] | None = None,
) -> tuple[Map, Map]:
    """The label map (H, W) and the radius of every label, (count + 1,). Arguments as for `fast.segment`."""
    regions, radius = partition(free, radii, barriers)
    smallest = np.where(radius == 0, sliver_area, merge_area)
    barrier = radius[regions] == BARRIER
    merged = _merged(np.where(barrier, 0, regions), smallest)
    merged = _joined(merged, radius)
    merged = _merged(np.where(barrier, regions, merged), np.where(radius == BARRIER, free.size, smallest))
    kept = _without_specks(merged)
    labels = np.zeros_like(kept)
    radius_of_label = [0]
    for region in _in_raster_order(kept):
        labels[kept == region] = len(radius_of_label)
        radius_of_label.append(max(int(radius[region]), 0))
    return labels, np.array(radius_of_label)


def partition(
    free: NDArray[np.bool_], radii: Sequence[int], barriers: NDArray[np.bool_] | None = None
) -> tuple[Map, Map]:
    """The regions (H, W) before merging, and the radius of every region, (count + 1,)."""
    remaining = free.copy()
    claims = np.zeros(free.shape, np.int64)
    radius_of_claim = [0]
    if barriers is not None:
        remaining &= ~barriers
        claims[barriers] = 1
        radius_of_claim = [0, BARRIER]
    for radius in radii:
        ball = _ball(radius)
        centers = remaining.copy()
        for offset in ball:
            centers &= _shifted(remaining, offset, outside=True)
        cores = _pieces(np.where(centers, 1, 0), EDGE_NEIGHBOURS + CORNER_NEIGHBOURS)
        owner = _nearest_cores(cores, ball)
        remaining &= owner == 0
        claims[owner > 0] = owner[owner > 0] + len(radius_of_claim) - 1
        radius_of_claim += [radius] * int(cores.max())
    claims[remaining] = len(radius_of_claim)
    radius_of_claim.append(0)
    regions = _pieces(claims, EDGE_NEIGHBOURS)
    radius_of_region = np.zeros(regions.max() + 1, np.int64)
    radius_of_region[regions] = np.array(radius_of_claim)[claims]
    return regions, radius_of_region


def _ball(radius: int) -> list[tuple[int, int]]:
    span = range(-radius, radius + 1)
    return [(dy, dx) for dy in span for dx in span if dy * dy + dx * dx <= radius * radius + radius / 2]


def _nearest_cores(cores: Map, ball: Sequence[tuple[int, int]]) -> Map:
    """The core with the nearest pixel within the ball, ties to the lowest number; 0 where there is none."""
    nobody = np.iinfo(np.int64).max
    owner = np.zeros_like(cores)
    for square in sorted({dy * dy + dx * dx for dy, dx in ball}):
        nearest = np.full_like(cores, nobody)
        for dy, dx in ball:
            if dy * dy + dx * dx == square:
                core = _shifted(cores, (dy, dx), outside=0)
                nearest = np.minimum(nearest, np.where(core > 0, core, nobody))
        first = (owner == 0) & (nearest < nobody)
        owner[first] = nearest[first]
    return owner


def _shifted(pixels: NDArray[Any], offset: tuple[int, int], outside: int) -> NDArray[Any]:
    """What every pixel sees at its offset (dy, dx)."""
    reach = max(abs(step) for step in offset)
    height, width = pixels.shape
    padded = np.pad(pixels, reach, constant_values=outside)
    dy, dx = offset
    return padded[reach + dy :, reach + dx :][:height, :width]


def _pieces(labels: Map, neighbours: Sequence[tuple[int, int]]) -> Map:
    """Number the connected pieces of equal label, from 1 in raster order; 0 stays 0."""
    pieces = np.zeros_like(labels)
    count = 0
    for seed in zip(*np.nonzero(labels), strict=True):
        if pieces[seed]:
            continue
        count += 1
        pieces[seed] = count
        front = [seed]
        while front:
            y, x = front.pop()
            for dy, dx in neighbours:
                near = y + dy, x + dx
                inside = 0 <= near[0] < labels.shape[0] and 0 <= near[1] < labels.shape[1]
                if inside and labels[near] == labels[seed] and not pieces[near]:
                    pieces[near] = count
                    front.append(near)
    return pieces


def _in_raster_order(labels: Map) -> list[int]:
    return [label for label in dict.fromkeys(labels.ravel().tolist()) if label]


def _contacts(labels: Map, region: int) -> dict[int, int]:
    """How many pixel edges the region shares with each of its neighbours."""
    inside = labels == region
    shared: Counter[int] = Counter()
    for offset in EDGE_NEIGHBOURS:
        seen = _shifted(labels, offset, outside=0)[inside]
        shared.update(seen[(seen != region) & (seen != 0)].tolist())
    return shared


def _joined(regions: Map, radius: Map) -> Map:
    """Join every region to the larger ball's region that it tapers off from, as `merge.join_tapers` says."""
    area = np.bincount(regions.ravel(), minlength=radius.size)
    owner = np.arange(radius.size)
    for region in np.flatnonzero((radius > 0) & (area > 0)).tolist():
        shared = _contacts(regions, region)
        wide = {
            near: length
            for near, length in shared.items()
            if length > 2 * radius[region] and radius[near] > radius[region]
        }
        if wide:
            owner[region] = _longest_contact(wide, area)
    while np.any(owner[owner] != owner):
        owner = owner[owner]
    return owner[regions]


def _longest_contact(shared: dict[int, int], area: Map) -> int:
    """The neighbour of longest contact, ties to the larger area, then to the lower number."""
    return min(shared, key=lambda near: (-shared[near], -int(area[near]), near))


def _merged(regions: Map, smallest: Map) -> Map:
    """Merge small regions into their longest contacts, as `merge.merge` says."""
    labels = regions.copy()
    area = np.bincount(labels.ravel(), minlength=smallest.size)
    ascending = sorted(range(1, smallest.size), key=lambda region: (int(area[region]), region))
    while _merge_round(labels, area, ascending, smallest):
        pass
    return labels


def _merge_round(labels: Map, area: Map, ascending: Sequence[int], smallest: Map) -> int:
    """Visit every region once; how many were merged."""
    merges = 0
    for region in ascending:
        if area[region] == 0 or area[region] >= smallest[region]:
            continue
        shared = _contacts(labels, region)
        if shared:
            best = _longest_contact(shared, area)
            labels[labels == region] = best
            area[best] += area[region]
            area[region] = 0
            merges += 1
    return merges


def _without_specks(labels: Map) -> Map:
    kept = labels.copy()
    size = 0 if labels.all() else SPECK_AREA
    for region in _in_raster_order(labels):
        if np.count_nonzero(labels == region) < size and not _contacts(labels, region):
            kept[labels == region] = 0
    return kept
