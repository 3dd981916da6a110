"""The modified RefineNet of the thesis: NCSNv2's multi-path refinement net as a per-pixel classifier.

Lin et al. 2017 (RefineNet, arXiv 1611.06612); Song and Ermon 2020 (NCSNv2, arXiv 2006.09011): ELU, InstanceNorm++,
dilated residual stages, four refine blocks of residual units, multi-resolution fusion and chained residual pooling.
Modified here by a pixel-unshuffle stem and head, which keep full-size logits at a quarter of the cost, and by the
segment encoding at the input.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import NetConfig
from .segments import SEGMENT_CHANNELS, encode_segments


@dataclass(frozen=True, kw_only=True)
class RefineNetConfig(NetConfig):
    """Configuration of `RefineNet`.

    Attributes:
        classes: number of classes.
        priors: channels given beside the sketch and the segments, such as one-hot style clusters.
        width: channels of the first stage (ngf in NCSNv2); the others have twice as many. Keep it a multiple of 8:
            with other widths some CPUs' bfloat16 gradients of dilated convolutions are not numbers.
        size: side of the square picture (px) that the net was trained at.
    """

    classes: int
    priors: int = 0
    width: int = 24
    size: int = 128


class InstanceNormPlus(nn.Module):
    """InstanceNorm++: instance normalisation that keeps how channel means differ (NCSNv2, appendix A)."""

    def __init__(self, channels: int):
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(channels))
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        variance, mean = torch.var_mean(x.float(), dim=(2, 3), correction=0)
        spread, centre = torch.var_mean(mean, dim=1, keepdim=True, correction=0)
        kept = (mean - centre) * torch.rsqrt(spread + 1e-5) * self.alpha
        scale = self.gamma * torch.rsqrt(variance + 1e-5)
        shift = self.beta + self.gamma * kept - mean * scale
        return x * scale[..., None, None].to(x.dtype) + shift[..., None, None].to(x.dtype)


def conv(inputs: int, outputs: int, dilation: int = 1, bias: bool = True) -> nn.Conv2d:
    """A 3x3 convolution that keeps height and width."""
    return nn.Conv2d(inputs, outputs, 3, padding=dilation, dilation=dilation, bias=bias)


class ResidualBlock(nn.Module):
    """Norm, ELU, conv, twice, beside a shortcut; halves the resolution when `down`."""

    def __init__(self, inputs: int, outputs: int, dilation: int = 1, down: bool = False):
        super().__init__()
        self.down = down
        self.norm1, self.conv1 = InstanceNormPlus(inputs), conv(inputs, inputs if down else outputs, dilation)
        self.norm2 = InstanceNormPlus(inputs if down else outputs)
        self.conv2 = conv(inputs if down else outputs, outputs, dilation)
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(F.elu(self.norm1(x)))
        y = self.conv2(F.elu(self.norm2(y)))
        y = y + self.shortcut(x)
        return F.avg_pool2d(y, 2) if self.down else y


class ResidualConvUnit(nn.Module):
    """RCU: `blocks` residual units of two convolutions each."""

    def __init__(self, channels: int, blocks: int):
        super().__init__()
        self.units = nn.ModuleList(
            nn.Sequential(
                nn.ELU(), conv(channels, channels, bias=False), nn.ELU(), conv(channels, channels, bias=False)
            )
            for _ in range(blocks)
        )

    def forward(self, x: Tensor) -> Tensor:
        for unit in self.units:
            x = x + unit(x)
        return x


class ChainedResidualPooling(nn.Module):
    """CRP: background context from a chain of 5x5 poolings, each followed by a convolution."""

    def __init__(self, channels: int, stages: int = 2):
        super().__init__()
        self.convs = nn.ModuleList(conv(channels, channels, bias=False) for _ in range(stages))

    def forward(self, x: Tensor) -> Tensor:
        path = x = F.elu(x)
        for convolve in self.convs:
            path = convolve(F.avg_pool2d(path, 5, stride=1, padding=2, count_include_pad=False))
            x = x + path
        return x


class RefineBlock(nn.Module):
    """Adapt every input (RCU), fuse them at the largest resolution (MSF), pool context (CRP), polish (RCU)."""

    def __init__(self, inputs: tuple[int, ...], outputs: int, last: bool = False):
        super().__init__()
        self.adapt = nn.ModuleList(ResidualConvUnit(channels, 1) for channels in inputs)
        self.fuse = nn.ModuleList(conv(channels, outputs) for channels in inputs)
        self.pool = ChainedResidualPooling(outputs)
        self.polish = ResidualConvUnit(outputs, 2 if last else 1)

    def forward(self, *inputs: Tensor) -> Tensor:
        size = inputs[0].shape[2:]
        fused = torch.zeros((), device=inputs[0].device)
        for x, adapt, fuse in zip(inputs, self.adapt, self.fuse, strict=True):
            y = fuse(adapt(x))
            if y.shape[2:] != size:
                y = F.interpolate(y, size=size, mode="bilinear", align_corners=False)
            fused = fused + y
        return self.polish(self.pool(fused))


class RefineNet(nn.Module):
    """Per-pixel classes from a sketch, its segment map and prior maps (thesis 3.2.2 and 3.3.1)."""

    arch = "refinenet"

    def __init__(self, config: RefineNetConfig):
        super().__init__()
        self.config = config
        narrow, wide = config.width, 2 * config.width
        self.stem = conv(4 * (1 + SEGMENT_CHANNELS + config.priors), narrow)
        self.stage1 = nn.Sequential(ResidualBlock(narrow, narrow), ResidualBlock(narrow, narrow))
        self.stage2 = nn.Sequential(ResidualBlock(narrow, wide, down=True), ResidualBlock(wide, wide))
        self.stage3 = nn.Sequential(ResidualBlock(wide, wide, 2), ResidualBlock(wide, wide, 2))
        self.stage4 = nn.Sequential(ResidualBlock(wide, wide, 4), ResidualBlock(wide, wide, 4))
        self.refine4 = RefineBlock((wide,), wide)
        self.refine3 = RefineBlock((wide, wide), wide)
        self.refine2 = RefineBlock((wide, wide), narrow)
        self.refine1 = RefineBlock((narrow, narrow), narrow, last=True)
        self.norm = InstanceNormPlus(narrow)
        self.head = conv(narrow, 4 * config.classes)

    def forward(self, sketch: Tensor, labels: Tensor, count: int, priors: Tensor | None = None) -> Tensor:
        """Classify every pixel.

        Args:
            sketch: float32 (B, 1, H, W) in [0, 1], 1 = paper; H and W multiples of 16.
            labels: int64 (B, H, W), segment ids below `count`.
            count: number of labels.
            priors: float32 (B, config.priors, H, W), or None where the configuration has none.

        Returns:
            Logits float32 (B, classes, H, W).
        """
        inputs = [1 - sketch, encode_segments(labels, count)]
        if priors is not None:
            inputs.append(priors)
        x = torch.cat(inputs, 1).contiguous(memory_format=torch.channels_last)
        stem = self.stem(F.pixel_unshuffle(x, 2))
        stages = [stem]
        for stage in (self.stage1, self.stage2, self.stage3, self.stage4):
            stages.append(stage(stages[-1]))
        _, one, two, three, four = stages
        y = self.refine4(four)
        y = self.refine3(three, y)
        y = self.refine2(two, y)
        y = self.refine1(one, y)
        logits: Tensor = F.pixel_shuffle(self.head(F.elu(self.norm(y))), 2).float()
        return logits
