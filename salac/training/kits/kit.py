"""What a kit is: licensed artwork and the way it is put together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from salac.training.kits.painter import Composition


@dataclass(frozen=True, kw_only=True)
class Kit:
    """One avatar kit.

    Attributes:
        name: key in the registry and `source` of its drawings.
        licence: SPDX identifier of the artwork.
        attribution: credit line that a data set's manifest repeats.
        homepage: where the artwork comes from.
        compose: draws one random figure.
        fetch: downloads the artwork, if a download is what is missing.
        missing: what must be installed before the kit can draw, as a remedy for the user; None when it is ready.
        weight: how often it is drawn compared with other kits, by the variety it holds.
    """

    name: str
    licence: str
    attribution: str
    homepage: str
    compose: Callable[[np.random.Generator], Composition]
    missing: Callable[[], str | None]
    fetch: Callable[[], object] | None = None
    weight: float = 1.0
