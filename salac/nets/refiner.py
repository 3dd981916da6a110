"""The refinement generator (thesis 3.4): from a sketch and a flat color proposal to the paint of a finished
illustration.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import NetConfig
from .generator import Block, double


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
    """U-Net at a quarter of the picture that adds shade and light to the flat proposal."""

    arch = "refiner"

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
        self.head = nn.Conv2d(a, 48, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    def forward(self, sketch: Tensor, proposal: Tensor) -> Tensor:
        """Say how the paint differs from the flat proposal.

        Args:
            sketch: float32 (B, 1, H, W) in [0, 1], 1 = paper; H and W multiples of 32.
            proposal: float32 (B, 3, H, W) in [0, 1], the color-filled segment map.

        Returns:
            float32 (B, 3, H, W): what to add to `proposal`; the line layer is not part of it.
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
