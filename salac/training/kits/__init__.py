"""Drawings composed from openly licensed avatar kits.

The artwork itself is never part of this package: it is an installed Python dependency, or is fetched once by `npm`
and checked against a pinned digest.
"""

from collections.abc import Sequence

import numpy as np

from salac.errors import InputError, MissingExtraError
from salac.training.drawing import Drawing
from salac.training.kits import (
    adventurer,
    beanheads,
    comicgen,
    facesjs,
    lorelei,
    micah,
    notionists,
    open_peeps,
    streamline,
)
from salac.training.kits.kit import Kit
from salac.training.kits.painter import frame, paint

__all__ = ["KITS", "Kit", "available", "draw_kit", "fetch"]

_MODULES = (adventurer, lorelei, open_peeps, notionists, micah, comicgen, facesjs, beanheads, streamline)

KITS: dict[str, Kit] = {module.KIT.name: module.KIT for module in _MODULES}
"""Every kit by name."""


def available() -> tuple[str, ...]:
    """Names of the kits whose artwork is on this machine."""
    return tuple(name for name, kit in KITS.items() if kit.missing() is None)


def fetch(names: Sequence[str] | None = None) -> None:
    """Downloads the artwork of the kits that come from the npm registry, once, into the cache folder.

    Args:
        names: names in `KITS`; None fetches all that can be fetched.

    Raises:
        InputError: a kit has no such name.
        MissingExtraError: npm is not here or cannot reach a package, or what came is not what was pinned.
    """
    for kit in (_named(name) for name in names or KITS):
        if kit.fetch is not None:
            kit.fetch()


def draw_kit(seed: int, size: int = 512, kits: Sequence[str] | None = None) -> Drawing:
    """Composes and draws one figure.

    Args:
        seed: the same seed, size and kits give the same drawing.
        size: side of the square drawing in pixels.
        kits: names in `KITS` to choose from, fetched if need be; None chooses among those available.

    Raises:
        InputError: a kit has no such name.
        MissingExtraError: a kit's artwork is not on this machine; the message says how to get it.
    """
    chosen = [KITS[name] for name in available()] if kits is None else [_ready(name) for name in kits]
    if not chosen:
        raise MissingExtraError(f"no kit can be drawn: {'; '.join(str(kit.missing()) for kit in KITS.values())}")
    rng = np.random.default_rng(seed)
    weights = np.array([kit.weight for kit in chosen])
    kit = chosen[rng.choice(len(chosen), p=weights / weights.sum())]
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


def _named(name: str) -> Kit:
    if name not in KITS:
        raise InputError(f"there is no kit {name!r}; choose from {', '.join(KITS)}")
    return KITS[name]


def _ready(name: str) -> Kit:
    """The kit of that name with its artwork on this machine."""
    kit = _named(name)
    if kit.missing() is not None and kit.fetch is not None:
        kit.fetch()
    remedy = kit.missing()
    if remedy is not None:
        raise MissingExtraError(f"the artwork of kit {name!r} is not here: {remedy}")
    return kit
