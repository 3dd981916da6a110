"""The refinement generator (thesis 3.4): from a sketch and a flat color proposal to the shade and light of a finished
illustration.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import NetConfig
from .generator import Block, double

RARE = -3.0
"""Logit of shadow and highlight before anything is learnt: most paint is flat."""


@dataclass(frozen=True, kw_only=True)
class RefinerConfig(NetConfig):
    """Configuration of `RefinerGenerator`.

    Attributes:
        widths: channels at 1/4, 1/8, 1/16 and 1/32 of the picture.
        size: side of the square picture (px) that the net was trained at.
    """

    widths: tuple[int, ...] = (32, 48, 64, 96)
    size: int = 256


class RefinerGenerator(nn.Module):
    """U-Net at a quarter of the picture that says where shadow and light fall.

    It does not paint: what a flat color becomes in shadow is known (`salac.shading`), so a shade never leaves its
    color's family, and where shadow falls can be carried to any size with an edge as crisp as a brush's.
    """

    arch = "tone-refiner"

    def __init__(self, config: RefinerConfig):
        super().__init__()
        self.config = config
        a, b, c, d = config.widths
        self.stem, self.down1 = Block(64, a), Block(a, a)
        self.down2, self.down2b = Block(a, b), Block(b, b)
        self.down3, self.down3b = Block(b, c), Block(c, c)
        self.down4, self.down4b = Block(c, d), Block(d, d)
        self.up3, self.up3b = Block(d + c, c), Block(c, c)
        self.up2, self.up2b = Block(c + b, b), Block(b, b)
        self.up1, self.up1b = Block(b + a, a), Block(a, a)
        self.head = nn.Conv2d(a, 2 * 16, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.constant_(self.head.bias, RARE)  # type: ignore[arg-type]

    def forward(self, sketch: Tensor, proposal: Tensor) -> Tensor:
        """Tell the chance of shadow and of highlight.

        Args:
            sketch: float32 (B, 1, H, W) in [0, 1], 1 = paper; H and W multiples of 32.
            proposal: float32 (B, 3, H, W) in [0, 1], the color-filled segment map.

        Returns:
            Logits float32 (B, 2, H, W) of shadow and of highlight.
        """
        x = F.pixel_unshuffle(torch.cat([1 - sketch, proposal * 2 - 1], 1), 4)
        one = self.down1(self.stem(x.contiguous(memory_format=torch.channels_last)))
        two = self.down2b(self.down2(F.avg_pool2d(one, 2)))
        three = self.down3b(self.down3(F.avg_pool2d(two, 2)))
        y = self.down4b(self.down4(F.avg_pool2d(three, 2)))
        y = self.up3b(self.up3(torch.cat([double(y), three], 1)))
        y = self.up2b(self.up2(torch.cat([double(y), two], 1)))
        y = self.up1b(self.up1(torch.cat([double(y), one], 1)))
        return F.pixel_shuffle(self.head(y), 4).float()
