"""Adaptive discriminator augmentation: real and drawn pictures alike are changed at random before they are judged.

A discriminator that has seen few pictures learns them by heart. One that never sees the same picture twice cannot; and
as long as each change is left out often enough, the generator does not learn to draw the changes (Karras et al. 2020,
"Training Generative Adversarial Networks with Limited Data", arXiv 2006.06676).
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import ranks

TARGET = 0.6
"""How far the discriminator may take sides: the mean sign of its logits for real pictures (r_t, section 3)."""

PICTURES = 100_000
"""So many real pictures move the chance from 0 to 1: half a run of ours. The paper takes 500,000 of 25 million."""


class AdaptiveAugmentation(nn.Module):
    """Changes pictures, in each way with the same chance, and adapts that chance to the discriminator.

    A module because the chance belongs in the checkpoint.
    """

    def __init__(self) -> None:
        super().__init__()
        self.chance: Tensor
        self.register_buffer("chance", torch.zeros(()))

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures float32 (B, 3, S, S) in about [-1, 1] -> as many, changed; differentiable once, not twice."""
        return recolored(moved(pictures, self.chance), self.chance)

    @torch.no_grad()
    def adapt(self, logits: Tensor) -> None:
        """Raise the chance if the discriminator is too sure of real pictures, of which it gives logits (B,), or lower
        it.
        """
        certainty = ranks.mean(logits.float().sign().mean())
        self.chance += (certainty - TARGET).sign() * len(logits) * ranks.count() / PICTURES
        self.chance.clamp_(0, 1)


def moved(pictures: Tensor, chance: Tensor) -> Tensor:
    """Mirror, turn by quarters and shift by whole pixels; scale, turn, stretch, turn again and shift by any length.

    All that falls to one picture is one affine map, so that it is resampled once, and loses nothing where only quarters
    and whole pixels fall to it. Beyond its border a picture goes on mirrored.

    Args:
        pictures: float32 (B, 3, S, S).
        chance: of every change, a scalar in [0, 1].

    Source: Karras et al. 2020, appendix B, "pixel blitting" and "general geometric transformations".
    """
    count, side, device = len(pictures), pictures.shape[-1], pictures.device
    one_of_two = 1 - (1 - chance).sqrt()  # so that one turn or both happen as often as any other change
    mirror = _sometimes(_uniform(count, 1, device).sign(), 1, chance)
    quarters = _sometimes((_uniform(count, 2, device).floor() + 2) * (math.pi / 2), 0, chance)
    # Coordinates go from -1 to 1: a pixel is 2 / side.
    pixels = [_sometimes(_uniform(count, side / 8, device).round() * 2 / side, 0, chance) for _ in "xy"]
    zoom, stretch = (_sometimes(_normal(count, 0.2, device).exp2(), 1, chance) for _ in range(2))
    turn, turn_again = (_sometimes(_uniform(count, math.pi, device), 0, one_of_two) for _ in range(2))
    shift = [_sometimes(_normal(count, 0.25, device), 0, chance) for _ in "xy"]
    maps = (
        _scaling(mirror, torch.ones_like(mirror))
        @ _rotation(quarters)
        @ _translation(*pixels)
        @ _scaling(zoom, zoom)
        @ _rotation(turn)
        @ _scaling(stretch, 1 / stretch)
        @ _rotation(turn_again)
        @ _translation(*shift)
    )
    grid = F.affine_grid(maps[:, :2], list(pictures.shape), align_corners=False)
    return F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)


def recolored(pictures: Tensor, chance: Tensor) -> Tensor:
    """Change brightness and contrast, swap light and dark, turn hues and change saturation.

    Args:
        pictures: float32 (B, 3, S, S), 0 = middle grey.
        chance: of every change, a scalar in [0, 1].

    Source: Karras et al. 2020, appendix B, "color transformations".
    """
    count, device = len(pictures), pictures.device
    brightness, contrast, swap, hue, saturation = (
        values[:, None, None]
        for values in (
            _sometimes(_normal(count, 0.2, device), 0, chance),
            _sometimes(_normal(count, 0.5, device).exp2(), 1, chance),
            _sometimes((_uniform(count, 1, device) > 0).float(), 0, chance),
            _sometimes(_uniform(count, math.pi, device), 0, chance),
            _sometimes(_normal(count, 1, device).exp2(), 1, chance),
        )
    )
    identity = torch.eye(3, device=device)
    gray = torch.full((3, 3), 1 / 3, device=device)  # projects a color on the axis of greys
    around = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]], device=device) / 3**0.5
    hues = hue.cos() * identity + hue.sin() * around + (1 - hue.cos()) * gray
    colors = (gray + saturation * (identity - gray)) @ hues @ (identity - 2 * swap * gray) * contrast
    pixels: Tensor = colors @ (pictures.flatten(2) + brightness)
    return pixels.view_as(pictures)


def _uniform(count: int, most: float, device: torch.device) -> Tensor:
    return torch.empty(count, device=device).uniform_(-most, most)


def _normal(count: int, deviation: float, device: torch.device) -> Tensor:
    return torch.randn(count, device=device) * deviation


def _sometimes(values: Tensor, otherwise: float, chance: Tensor) -> Tensor:
    return torch.where(torch.rand_like(values) < chance, values, otherwise)


def _scaling(across: Tensor, down: Tensor) -> Tensor:
    """Matrices (B, 3, 3) that scale points by factors (B,)."""
    return torch.diag_embed(torch.stack([across, down, torch.ones_like(across)], -1))


def _rotation(angle: Tensor) -> Tensor:
    """Matrices (B, 3, 3) that turn points by angles (B,)."""
    cos, sin, zero, one = angle.cos(), angle.sin(), torch.zeros_like(angle), torch.ones_like(angle)
    return torch.stack([cos, -sin, zero, sin, cos, zero, zero, zero, one], -1).view(-1, 3, 3)


def _translation(across: Tensor, down: Tensor) -> Tensor:
    """Matrices (B, 3, 3) that shift points by (B,)."""
    zero, one = torch.zeros_like(across), torch.ones_like(across)
    return torch.stack([one, zero, across, zero, one, down, zero, zero, one], -1).view(-1, 3, 3)
