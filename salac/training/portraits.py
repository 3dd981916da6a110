"""Pictures for the StyleGAN2: faces, framed alike.

The thesis fine-tunes a pretrained generator on 500 hand-selected illustrations. Ours starts from nothing, so it is
shown the part of the figures that it can learn soonest: those with a face, all framed by their eyes.
"""

from dataclasses import dataclass

import numpy as np
import torch

from ..errors import InputError
from .build import GROUP, STORED
from .dataset import WHOLE, Drawings, Window, stack
from .drawing import PARTS

SHOWN = ("framing:head", "framing:bust", "framing:upper")
EYES = np.array([PARTS.index("iris"), PARTS.index("eye_white")])
NARROWEST, WIDEST = 24, 110
"""Both eyes together are this wide (px) in a face that is seen well; a profile shows less."""


@dataclass(frozen=True)
class Portraits:
    """Drawings with a face, and the window around each."""

    drawings: Drawings
    windows: dict[int, Window]

    def pictures(self, rng: np.random.Generator, size: int, count: int) -> torch.Tensor:
        """Draw `count` finished portraits: float32 (count, 3, size, size) in [-1, 1]."""
        chosen = rng.choice(np.array(list(self.windows)), count)
        shape = size, size
        faces = [self.drawings.example(int(i), rng, shape, window=self.windows[int(i)]) for i in chosen]
        return stack([face.illustration() for face in faces]).float() * 2 - 1


def portraits(drawings: Drawings) -> Portraits:
    """Find the figures with a face seen well; the window is 4 times as wide as the eyes, its upper part a little
    longer. Illustrations that somebody painted, in which no eyes are marked, are shown whole.

    Raises:
        InputError: there is none of either.
    """
    windows = {index: WHOLE for index, entry in enumerate(drawings.entries) if "colors" in entry}
    for index in map(int, drawings.pools.get("figures", ())):
        if not any(name in SHOWN for name in drawings.entries[index]["identity"]):
            continue
        parts = np.array(drawings.entries[index]["parts"])[drawings.maps[index][GROUP]]
        rows, columns = np.nonzero(np.isin(parts, EYES))
        if len(rows) and NARROWEST <= np.ptp(columns) <= WIDEST:
            side = min(4.0 * float(np.ptp(columns)), STORED)
            middle = (float(columns.min()) + float(columns.max())) / 2
            windows[index] = Window(float(rows.mean()) + 0.05 * side, middle, side)
    if not windows:
        raise InputError("the data set shows no faces: build one with more figures")
    return Portraits(drawings, windows)
