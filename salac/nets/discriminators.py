"""The two critics of the proposal and the refinement GAN (thesis 3.3.2 and 3.4): one judges the whole picture, one its
patches.
"""

from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn


class Halve(nn.Module):
    """Residual block that halves height and width."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inputs, 3, padding=1)
        self.conv2 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = F.leaky_relu(self.conv2(F.leaky_relu(self.conv1(x), 0.2)), 0.2)
        return (F.avg_pool2d(y, 2) + self.shortcut(F.avg_pool2d(x, 2))) * 0.5**0.5


class FullDiscriminator(nn.Module):
    """Judges a whole picture, and, where `bins` > 0, how well it fits a color histogram (projection discriminator)."""

    def __init__(self, size: int, bins: int = 0, widths: tuple[int, ...] = (24, 48, 64, 96)):
        super().__init__()
        self.stem = nn.Conv2d(12, widths[0], 3, padding=1)
        self.blocks = nn.Sequential(*(Halve(i, o) for i, o in zip(widths, (*widths[1:], widths[-1]), strict=True)))
        self.side = size // 2 ** (1 + len(widths))
        features = 128
        self.flat = nn.Linear(widths[-1] * self.side**2, features)
        self.score = nn.Linear(features, 1)
        self.code = nn.Linear(bins, features, bias=False) if bins else None

    def forward(self, picture: Tensor, histogram: Tensor | None = None) -> Tensor:
        """Picture (B, 3, H, W) in [0, 1], histogram (B, bins) -> one logit a picture (B,)."""
        x = self.blocks(self.stem(F.pixel_unshuffle(picture * 2 - 1, 2)))
        x = F.adaptive_avg_pool2d(x, self.side)
        x = F.leaky_relu(self.flat(x.flatten(1)), 0.2)
        logit: Tensor = self.score(x)[:, 0]
        if self.code is not None and histogram is not None:
            logit = logit + (x * self.code(histogram.sqrt() * 8)).mean(1)
        return logit.float()


class PatchDiscriminator(nn.Module):
    """Judges overlapping patches of 40 px, each by itself."""

    def __init__(self, widths: tuple[int, ...] = (24, 48, 64)):
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(12, widths[0], 3, padding=1), nn.LeakyReLU(0.2)]
        for inputs, outputs in pairwise(widths):
            layers += [nn.Conv2d(inputs, outputs, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, 3, padding=1))

    def forward(self, picture: Tensor) -> Tensor:
        """Picture (B, 3, H, W) in [0, 1] -> logits (B, H/8, W/8)."""
        logits: Tensor = self.layers(F.pixel_unshuffle(picture * 2 - 1, 2))[:, 0].float()
        return logits
