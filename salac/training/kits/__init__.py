"""Drawings composed from openly licensed avatar kits.

The artwork itself is never part of this package: it is an installed Python dependency, or is fetched once from the npm
registry and checked against a pinned digest.
"""

from collections.abc import Sequence

import numpy as np

from salac.errors import InputError, MissingExtraError
from salac.training.drawing import Drawing
from salac.training.kits import adventurer, lorelei, open_peeps
from salac.training.kits.kit import Kit
from salac.training.kits.painter import frame, paint

__all__ = ["KITS", "Kit", "available", "draw_kit"]

KITS: dict[str, Kit] = {module.KIT.name: module.KIT for module in (adventurer, lorelei, open_peeps)}
"""Every kit by name."""


def available() -> tuple[str, ...]:
    """Names of the kits whose artwork is on this machine."""
    return tuple(name for name, kit in KITS.items() if kit.missing() is None)


def draw_kit(seed: int, size: int = 512, kits: Sequence[str] | None = None) -> Drawing:
    """Composes and draws one figure.

    Args:
        seed: the same seed, size and kits give the same drawing.
        size: side of the square drawing in pixels.
        kits: names in `KITS` to choose from; None chooses among those available.

    Raises:
        InputError: a kit has no such name, or the list is empty.
        MissingExtraError: a kit's artwork is not on this machine; the message says how to get it.
    """
    names = available() if kits is None else tuple(kits)
    for name in names:
        if name not in KITS:
            raise InputError(f"there is no kit {name!r}; choose from {', '.join(KITS)}")
        remedy = KITS[name].missing()
        if remedy is not None:
            raise MissingExtraError(f"the artwork of kit {name!r} is not here: {remedy}")
    if not names:
        remedies = "; ".join(f"{name}: {kit.missing()}" for name, kit in KITS.items())
        raise MissingExtraError(f"no kit can be drawn: {remedies}")
    rng = np.random.default_rng(seed)
    weights = np.array([KITS[name].weight for name in names])
    kit = KITS[names[rng.choice(len(names), p=weights / weights.sum())]]
    composition = kit.compose(rng)
    layers = paint(composition, size, frame(composition, size, rng))
    return Drawing(
        ink=layers.ink,
        group=layers.group,
        tone=layers.tone,
        parts=layers.parts,
        roles=layers.roles,
        identity=composition.identity,
        source=kit.name,
        licence=kit.licence,
        meta={**composition.meta, "attribution": kit.attribution},
    )
