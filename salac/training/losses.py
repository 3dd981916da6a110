"""Losses as pure functions, as in thesis 3.2.2, 3.3.2 and 3.4, its two misprints corrected.

The thesis prints the discriminators' term for real pictures as log(exp(D(y)) + 1), which would reward calling them
fake; it is log(exp(-D(y)) + 1) here. And its learning rate "decays" by a factor of 1.2, that is, it would grow; ours
decays.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from . import ranks

R1_GAMMA = 10.0
"""Weight of the R1 penalty in the thesis."""


def generator_loss(fake: Tensor) -> Tensor:
    """Non-saturating adversarial loss of a generator: mean of log(exp(-D(G(x))) + 1) over logits of any shape."""
    return F.softplus(-fake).mean()


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Logistic loss of a discriminator: mean log(exp(-D(y)) + 1) + mean log(exp(D(G(x))) + 1)."""
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def r1_penalty(real: Tensor, pictures: Tensor, gamma: float = R1_GAMMA) -> Tensor:
    """R1 regularisation gamma / 2 * E[|grad D(y)|^2], on real pictures only (Mescheder et al. 2018, arXiv 1801.04406).

    Args:
        real: logits of the discriminator for `pictures`.
        pictures: (B, C, H, W), requires grad.
        gamma: weight.
    """
    (gradient,) = torch.autograd.grad(real.sum(), pictures, create_graph=True)
    return gamma / 2 * gradient.float().square().sum((1, 2, 3)).mean()


def pointer_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Weighted cross entropy: logits (B, N, K), targets (B, N), weights (B, N) -> scalar.

    A target >= K is unknown, but is not 0, the background: its loss is what is believed to be background. The mean of
    what ranks get is that of all their batches together.
    """
    known = targets < logits.shape[-1]
    entropy = F.cross_entropy(logits.flatten(0, 1), (targets * known).flatten(), reduction="none").view(targets.shape)
    anything_else = logits.logsumexp(-1) - logits[..., 1:].logsumexp(-1)
    loss = torch.where(known, entropy, anything_else)
    return (loss * weights).sum() / ranks.mean(weights.sum()).clamp_min(1e-6)


def alike_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Weighted binary cross entropy of whether two have one target: (B, N, N), (B, N), (B, N) -> scalar.

    A pair counts by the product of both weights, none with itself.
    """
    same = (targets[:, :, None] == targets[:, None]).float()
    pairs = weights[:, :, None] * weights[:, None]
    pairs = pairs - torch.diag_embed(pairs.diagonal(dim1=1, dim2=2))
    loss = F.binary_cross_entropy_with_logits(logits, same, reduction="none")
    return (loss * pairs).sum() / ranks.mean(pairs.sum()).clamp_min(1e-6)
