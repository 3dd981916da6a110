"""Small helpers for drawing lots: all randomness of a figure flows from one `numpy.random.Generator`."""

from collections.abc import Iterable, Mapping

import numpy as np

Rng = np.random.Generator
Range = tuple[float, float]


def between(rng: Rng, span: Range) -> float:
    """A uniform number from the half-open range `span`."""
    return float(rng.uniform(span[0], span[1]))


def chance(rng: Rng, probability: float) -> bool:
    """True with the given probability in 0..1."""
    return bool(rng.random() < probability)


def choose(rng: Rng, names: Iterable[str]) -> str:
    """One of `names`, all equally likely."""
    pool = list(names)
    return pool[int(rng.integers(len(pool)))]


def weigh(rng: Rng, weights: Mapping[str, float]) -> str:
    """One key of `weights`, likely in proportion to its value."""
    names = list(weights)
    shares = np.cumsum([weights[name] for name in names])
    return names[int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))]


def side(rng: Rng) -> int:
    """-1 or +1."""
    return -1 if rng.random() < 0.5 else 1
