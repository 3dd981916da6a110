"""Trapped-ball segmentation, start to end.

Pixels are touched twice only, when they are packed and when they are painted; all between happens on packed rows and
runs.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from salac._tbs.bits import Spans, interleave, pack, padding, runs
from salac._tbs.claims import claim
from salac._tbs.components import components
from salac._tbs.merge import areas, contacts, join_tapers, merge, number, rename, without
from salac._tbs.morphology import dilate, disc, erode
from salac._tbs.paint import paint_labels

BARRIER = -1
"""In place of a region's radius."""

SPECK_AREA = 5
"""A region below this many pixels with no neighbour to join is a hole in the line, not a region."""


class Partition(NamedTuple):
    """The free pixels as 4-connected regions, before any is merged.

    Attributes:
        spans: the regions' pixels, labelled by region, from 1 in raster order of first pixel.
        radius: int64 (count + 1,): the ball that each region was born from; 0 for what no ball reached, BARRIER for a
            barrier.
    """

    spans: Spans
    radius: NDArray[np.int64]


class Result(NamedTuple):
    """The finished map: labels int32 (H, W), 0 = line; areas and radius int64 (count + 1,)."""

    labels: NDArray[np.int32]
    areas: NDArray[np.int64]
    radius: NDArray[np.int64]


def partition(free: NDArray[np.bool_], radii: Sequence[int], barriers: NDArray[np.bool_] | None = None) -> Partition:
    """Trap balls of falling radius in the free pixels.

    A ball of each radius is put wherever it fits into what larger balls have left. The places where its center can be
    form connected cores; each core owns the pixels that its balls cover. What no ball covers is left over.

    Args:
        free: (H, W), True where there is no line.
        radii: the balls, in pixels, falling.
        barriers: (H, W), free pixels that stop the balls as line does, and are regions of their own.
    """
    width = free.shape[1]
    words, outside = pack(free), padding(width)
    claimed = runs(np.zeros_like(words), width)
    radius_of_claim = [0]
    if barriers is not None:
        walls = pack(barriers)
        words &= ~walls
        claimed = runs(walls, width, label=1)
        radius_of_claim = [0, BARRIER]
    for radius in radii:
        ball = disc(radius)
        centers = erode(words, ball, outside)
        cores = runs(centers, width)
        core, count = components(cores, diagonal=True)
        if count == 0:
            continue
        cores = cores._replace(label=core + np.int32(len(radius_of_claim) - 1))
        covered = dilate(centers, ball, outside) & words
        words &= ~covered
        claimed = interleave(claimed, claim(runs(covered, width), cores, ball))
        radius_of_claim += [radius] * count
    claimed = interleave(claimed, runs(words, width, label=0))
    # The leftovers share the label 0 until here, where connectedness tells them apart.
    region, count = components(claimed, diagonal=False)
    radius_of_region = np.zeros(count + 1, np.int64)
    radius_of_region[region] = np.array(radius_of_claim)[claimed.label]
    return Partition(claimed._replace(label=region), radius_of_region)


def segment(
    free: NDArray[np.bool_],
    radii: Sequence[int],
    merge_area: int,
    sliver_area: int,
    barriers: NDArray[np.bool_] | None = None,
) -> Result:
    """Trap balls, merge the regions that are too small to stand alone, and join what merely tapers.

    Args:
        free: (H, W), True where there is no line.
        radii: the balls, in pixels, falling.
        merge_area: a region below this many pixels joins a neighbour, where it has one.
        sliver_area: the same for what no ball reached.
        barriers: (H, W), free pixels that divide as line does, and then go to the segments that they divide.
    """
    spans, radius = partition(free, radii, barriers)
    area = areas(spans, radius.size - 1)
    touching = contacts(spans)
    smallest = np.where(radius == 0, sliver_area, merge_area)
    owner, area = merge(area, without(touching, radius == BARRIER), smallest)
    whole, area = join_tapers(area, radius, rename(without(touching, radius == BARRIER), owner))
    owner = whole[owner]
    if barriers is not None:
        # Only now, so that nothing is joined across them; and with them, what they have cut off too small.
        last, area = merge(area, rename(touching, owner), np.where(radius == BARRIER, free.size, smallest))
        owner = last[owner]
    # Paper without any line is a region, however small the drawing.
    ids = number(owner, area, touching, 0 if free.all() else SPECK_AREA)
    labels = paint_labels(spans, ids, free.shape[1])
    kept = np.flatnonzero((owner == np.arange(owner.size)) & (ids > 0))
    final_area, final_radius = np.zeros((2, kept.size + 1), np.int64)
    final_area[ids[kept]] = area[kept]
    final_radius[ids[kept]] = np.maximum(radius[kept], 0)
    final_area[0] = free.size - final_area.sum()
    return Result(labels, final_area, final_radius)
