"""What is known of a piece of clip art before it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One drawing by an artist.

    Attributes:
        source: collection that it is from, `clipart` or `clipart:NAME`.
        licence: SPDX identifier.
        attribution: who made it.
        name: unique in its source.
        identity: what drawings of one subject or series share; they are on the same side of a split.
        markup: gives its SVG; can be sent to another process.
    """

    source: str
    licence: str
    attribution: str
    name: str
    identity: str
    markup: Callable[[], str]
