"""The main colors of a histogram: its peaks, what belongs to each, and which of them look alike."""

import numpy as np
import numpy.typing as npt

from salac.color import to_lab

Floats = npt.NDArray[np.float32]

_MERGE_DISTANCE, _TRACE = 9.0, 0.01
"""Two colors nearer than this in CIELAB are one color of a palette; where one has less than this share of the other's
weight, they may be farther apart."""

_PEAKS, _RESIDUE = 32, 1e-3
"""Up to so many peaks are read from a histogram before they are merged, down to this share of the whole."""

_SETTLED_CELLS, _SETTLING_ROUNDS = 256, 5
"""A palette of 12 colors lies in at most 96 cells; the cells of a photograph are cut to the heaviest."""


def _block_sums(cells: Floats) -> Floats:
    """Sum every 2 x 2 x 2 block of cells."""
    pairs = cells[:-1] + cells[1:]
    pairs = pairs[:, :-1] + pairs[:, 1:]
    return pairs[:, :, :-1] + pairs[:, :, 1:]


def peel(histogram: Floats) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Take the heaviest 2 x 2 x 2 block off, again and again: mean grid positions (N, 3) and masses (N,)."""
    # An empty rim lets every cell be in any corner of a block, and blocks near it be cut like the others.
    rest = np.pad(histogram, 2)
    sums = _block_sums(rest)
    total = rest.sum()
    positions, masses = [], []
    for _ in range(_PEAKS):
        i, j, k = np.unravel_index(sums.argmax(), sums.shape)
        mass = float(sums[i, j, k])
        if mass < _RESIDUE * total:
            break
        block = rest[i : i + 2, j : j + 2, k : k + 2]
        mean = np.array([block[1].sum(), block[:, 1].sum(), block[:, :, 1].sum()]) / block.sum()
        positions.append(mean + np.array([i - 2, j - 2, k - 2]))
        masses.append(mass)
        block[:] = 0
        around = np.s_[i - 1 : i + 3, j - 1 : j + 3, k - 1 : k + 3]
        sums[i - 1 : i + 2, j - 1 : j + 2, k - 1 : k + 2] = _block_sums(rest[around])
    return np.array(positions), np.array(masses)


def settle(
    histogram: Floats, positions: npt.NDArray[np.float64], masses: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Share cells among the colors that reach them, by expectation-maximization: the true palette is a fixed point."""
    flat = histogram.ravel()
    heaviest = np.flatnonzero(flat > 0)
    if len(heaviest) > _SETTLED_CELLS:
        heaviest = np.argpartition(flat, -_SETTLED_CELLS)[-_SETTLED_CELLS:]
    cells = np.stack(np.unravel_index(heaviest, histogram.shape), axis=-1).astype(np.float64)
    content = flat[heaviest].astype(np.float64)
    for _ in range(_SETTLING_ROUNDS):
        reach = np.repeat(masses[:, None], len(cells), axis=1)
        for axis in range(3):
            reach *= (1 - np.abs(positions[:, axis, None] - cells[:, axis])).clip(0)
        owned = reach * (content / np.maximum(reach.sum(axis=0), 1e-12))
        masses = owned.sum(axis=1)
        alive = masses > 0
        masses = masses[alive]
        positions = owned[alive] @ cells / masses[:, None]
    return positions, masses


def merge(
    colors: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], size: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Merge the two colors nearest in CIELAB into their weighted mean until `size` are left and all are well apart."""
    while len(weights) > 1:
        lab = to_lab(colors)
        distance = np.linalg.norm(lab[:, None] - lab, axis=-1)
        # A trace of color near a heavy one is the fringe of its cells rather than a color of its own.
        distance *= np.sqrt(weights[:, None] / weights / _TRACE).clip(max=1)
        np.fill_diagonal(distance, np.inf)
        if len(weights) > size:
            # Too many: what is lost is least where a small color joins its neighbor (Ward's criterion).
            distance *= np.sqrt(weights[:, None] * weights / (weights[:, None] + weights))
        first, second = np.unravel_index(distance.argmin(), distance.shape)
        if len(weights) <= size and distance[first, second] > _MERGE_DISTANCE:
            break
        both = weights[first] + weights[second]
        colors[first] = (weights[first] * colors[first] + weights[second] * colors[second]) / both
        weights[first] = both
        colors, weights = np.delete(colors, second, axis=0), np.delete(weights, second)
    return colors, weights
