"""The two discriminators of the proposal and the refinement GAN, taught in tandem (thesis 3.3.2 and 3.4)."""

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..nets.discriminators import FullDiscriminator, PatchDiscriminator
from . import ranks
from .loop import autocast
from .losses import discriminator_loss, generator_loss, r1_penalty

R1_EVERY = 16
"""R1 is applied lazily: once in so many steps, at so many times its weight."""


class Views(NamedTuple):
    """What the critics see of a batch: the whole pictures, and patches of them, float32 (B, 3, h, w) in [0, 1]."""

    whole: Tensor
    patches: Tensor

    def detach(self) -> "Views":
        """The same without gradients."""
        return Views(self.whole.detach(), self.patches.detach())


def views(seed: int, step: int, pictures: Tensor, side: int) -> Views:
    """Pictures (B, 3, H, W) at half size, and one crop of them, `side` px, the same for real and fake of a step."""
    rng = np.random.default_rng([seed, step, 2])
    height, width = pictures.shape[2:]
    top, left = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
    return Views(F.avg_pool2d(pictures, 2), pictures[:, :, top : top + side, left : left + side])


class Critics:
    """Full and patch discriminator with their optimizer; where `bins` > 0 the full one is told a color histogram."""

    def __init__(self, size: int, bins: int, learning_rate: float, device: torch.device):
        self.full, self.patch, self.device = FullDiscriminator(size, bins), PatchDiscriminator(), device
        for critic in (self.full, self.patch):
            critic.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        parameters = [*self.full.parameters(), *self.patch.parameters()]
        self.optimizer = torch.optim.Adam(parameters, lr=learning_rate, betas=(0.0, 0.99))

    def fooled(self, fake: Views, full_weight: float, histogram: Tensor | None = None) -> Tensor:
        """Adversarial loss of the generator: `full_weight` is lambda 2 of the thesis."""
        self._require_grad(False)
        with autocast(self.device):
            full, patch = self.full(fake.whole, histogram), self.patch(fake.patches)
        return full_weight * generator_loss(full) + generator_loss(patch)

    def learn(self, step: int, real: Views, fake: Views, histogram: Tensor | None = None) -> Tensor:
        """Make one step of both discriminators and return their loss."""
        self._require_grad(True)
        fake = fake.detach()
        with autocast(self.device):
            loss = discriminator_loss(self.full(real.whole, histogram), self.full(fake.whole, histogram))
            loss = loss + discriminator_loss(self.patch(real.patches), self.patch(fake.patches))
        if step % R1_EVERY == 0:
            whole, patches = (view.detach().requires_grad_(True) for view in real)
            loss = loss + R1_EVERY * r1_penalty(self.full(whole, histogram), whole)
            loss = loss + R1_EVERY * r1_penalty(self.patch(patches).mean((1, 2)), patches)
        ranks.descend(self.optimizer, loss)
        return loss

    def _require_grad(self, learning: bool) -> None:
        for critic in (self.full, self.patch):
            critic.requires_grad_(learning)
