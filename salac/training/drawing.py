"""The record every picture source returns: a drawing's ink, shapes and parts, apart from any color.

A drawing stores no color. Every pixel belongs to a *group*: one (part, role) pair such as ("upper", "cloth.1"). A
palette gives each role a color, so a fixed drawing can be colored anew at every training step.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

PARTS = (
    "background",
    "skin",
    "hair",
    "iris",
    "eye_white",
    "mouth",
    "upper",
    "lower",
    "legwear",
    "shoes",
    "accessory",
    "prop",
    "scenery",
)
"""Semantic parts; the index is the class that a net learns. 0 is paper."""

UNKNOWN_PART = 255
"""Of the figure, but nobody says which part: what an illustration that somebody painted consists of."""

ROLES = (
    "paper",
    "skin",
    "lips",
    "sclera",
    "teeth",
    "hair",
    "hair.2",
    "iris",
    "iris.2",
    "pupil",
    "cloth.1",
    "cloth.2",
    "cloth.3",
    "cloth.4",
    "accent",
    "metal",
    "leather",
    "ink",
    "object.1",
    "object.2",
    "object.3",
)
"""Color roles; a palette gives each a color. "ink" is a solid black fill, "paper" is bare paper."""

BASE_TONE, SHADOW_TONE, LIGHT_TONE = 128, 64, 220
"""Levels of the tone map: the flat color, full cel shadow, full highlight; values between them are blends."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One drawing of size (H, W).

    Attributes:
        ink: uint8 (H, W), 255 = paper, 0 = full ink, antialiased.
        group: uint8 (H, W), index into `parts` and `roles`; group 0 is ("background", "paper"). Hard edged, every pixel
            (those under ink too) carries the group of the shape it lies on.
        tone: uint8 (H, W), cel shading: 128 base, 64 shadow, 220 light.
        parts: index into `PARTS` of every group.
        roles: index into `ROLES` of every group.
        identity: names of the parts it was made of (hair style, outfit, kit component ids); train and validation are
        split
            by these.
        source: generator or kit that made it.
        licence: SPDX identifier.
        meta: anything else worth keeping.
    """

    ink: npt.NDArray[np.uint8]
    group: npt.NDArray[np.uint8]
    tone: npt.NDArray[np.uint8]
    parts: tuple[int, ...]
    roles: tuple[int, ...]
    identity: tuple[str, ...]
    source: str
    licence: str
    meta: dict[str, Any] = field(default_factory=dict)
