"""A small StyleGAN2 whose inner features are clustered into style clusters (thesis section 3.2.2).

Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN" (arXiv 1912.04958): mapping network,
modulated convolutions with demodulation, noise, skip generator, residual discriminator with minibatch standard
deviation. All weights are drawn from N(0, 1) and scaled when used (equalized learning rate).
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import ModelError
from .config import NetConfig

SLOPE = 0.2
"""Of the leaky ReLU below zero; its output is scaled by sqrt(2) to keep the variance."""


@dataclass(frozen=True, kw_only=True)
class StyleGAN2Config(NetConfig):
    """Configuration of `StyleGAN2Generator` and `StyleGAN2Discriminator`.

    Attributes:
        widths: channels at 4 x 4, 8 x 8 and so on; the last is at the picture's own size.
        style_dim: length of latents and styles.
        mapping_layers: layers that turn a latent into a style.
    """

    widths: tuple[int, ...] = (96, 96, 96, 64, 32, 16)
    style_dim: int = 128
    mapping_layers: int = 4

    @property
    def size(self) -> int:
        """Side of the pictures (px)."""
        return 2 << len(self.widths)

    @property
    def layers(self) -> int:
        """Number of generator layers: one at 4 x 4, then two at each size."""
        return 2 * len(self.widths) - 1


class StyleGAN2Generator(nn.Module):
    """Latents to pictures; hands out the features of any layer.

    Layers are numbered as in "Segmentation in Style" (Pakhomov et al. 2021, arXiv 2107.12518): layer 0 works at 4 x 4,
    layers 1 and 2 at 8 x 8, and so on; layer 7 is the first at 64 x 64 and layer 9 the first at 128 x 128.
    """

    arch = "stylegan2"

    def __init__(self, config: StyleGAN2Config):
        super().__init__()
        self.config = config
        widths, dim = config.widths, config.style_dim
        self.mapping = Mapping(dim, config.mapping_layers)
        self.constant = nn.Parameter(torch.randn(1, widths[0], 4, 4))
        self.layers = nn.ModuleList([StyledConv(widths[0], widths[0], dim)])
        for inputs, outputs in pairwise(widths):
            self.layers.append(StyledConv(inputs, outputs, dim, up=True))
            self.layers.append(StyledConv(outputs, outputs, dim))
        self.to_rgb = nn.ModuleList(ToRGB(width, dim) for width in widths)

    def forward(
        self, latents: Tensor, *, features: Collection[int] = (), noise: bool = False
    ) -> tuple[Tensor, dict[int, Tensor]]:
        """Draw pictures from latents (B, style_dim) ~ N(0, 1); otherwise as `synthesize`."""
        return self.synthesize(self.mapping(latents), features=features, noise=noise)

    def synthesize(
        self, styles: Tensor, *, features: Collection[int] = (), noise: bool = False
    ) -> tuple[Tensor, dict[int, Tensor]]:
        """Draw pictures from styles.

        Args:
            styles: float (B, style_dim), outputs of `mapping`, or (B, layers, style_dim), one style for each layer.
            features: numbers of the layers whose activations are returned.
            noise: add noise to every layer, as in training; without it the same style always gives the same picture,
                and one free of grain.

        Returns:
            Pictures float32 (B, 3, size, size), about [-1, 1] and not clipped; features (B, C, h, w) by layer number.

        Raises:
            ModelError: a layer number does not exist.
        """
        if unknown := set(features) - set(range(len(self.layers))):
            raise ModelError(f"there is no layer {min(unknown)}: this generator has layers 0 to {len(self.layers) - 1}")
        if styles.ndim == 2:
            styles = styles[:, None].expand(-1, len(self.layers), -1)
        x = self.constant.expand(len(styles), -1, -1, -1).contiguous(memory_format=torch.channels_last)
        picture: Tensor | None = None
        kept = {}
        for number, layer in enumerate(self.layers):
            x = layer(x, styles[:, number], noise)
            if number in features:
                kept[number] = x
            if number % 2 == 0:  # the last layer of its size
                rgb = self.to_rgb[number // 2](x, styles[:, number])
                picture = rgb if picture is None else rgb + upsample(picture)
        assert picture is not None
        return picture, kept


class StyleGAN2Discriminator(nn.Module):
    """Pictures to logits: how real each looks."""

    def __init__(self, config: StyleGAN2Config):
        super().__init__()
        widths = config.widths
        self.from_rgb = EqualConv(3, widths[-1], 1)
        self.blocks = nn.Sequential(
            *(DiscriminatorBlock(inputs, outputs) for inputs, outputs in pairwise(reversed(widths)))
        )
        self.conv = EqualConv(widths[0] + 1, widths[0], 3)
        self.flat = EqualLinear(16 * widths[0], widths[0], gain=2**0.5)
        self.logit = EqualLinear(widths[0], 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures float (B, 3, size, size) in [-1, 1] -> logits float32 (B,)."""
        x = self.blocks(activate(self.from_rgb(pictures.contiguous(memory_format=torch.channels_last))))
        x = activate(self.conv(torch.cat([x, minibatch_deviation(x)], 1)))
        x = activate(self.flat(x.flatten(1)))
        logits: Tensor = self.logit(x)[:, 0].float()
        return logits


class Mapping(nn.Module):
    """The mapping network: latents (B, dim) to styles (B, dim), learning a hundred times slower than the rest."""

    def __init__(self, dim: int, layers: int):
        super().__init__()
        self.layers = nn.ModuleList(EqualLinear(dim, dim, gain=2**0.5, rate=0.01) for _ in range(layers))

    def forward(self, latents: Tensor) -> Tensor:
        x = latents * torch.rsqrt(latents.square().mean(1, keepdim=True) + 1e-8)
        for layer in self.layers:
            x = activate(layer(x))
        return x


class StyledConv(nn.Module):
    """One generator layer: modulated 3x3 convolution (to twice the size where `up`), noise, bias, leaky ReLU."""

    def __init__(self, inputs: int, outputs: int, style_dim: int, *, up: bool = False):
        super().__init__()
        self.up = up
        self.affine = EqualLinear(style_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.noise_strength = nn.Parameter(torch.zeros(()))

    def forward(self, x: Tensor, styles: Tensor, noise: bool) -> Tensor:
        x = modulated_conv(x, self.weight, self.affine(styles), up=self.up)
        # Channels last, as x is in memory: the other way round this sum costs as much as the convolution.
        offset = self.bias.to(x.dtype)[None, None, None]
        if noise:
            grain = torch.randn(len(x), *x.shape[2:], 1, device=x.device, dtype=x.dtype)
            offset = grain * self.noise_strength.to(x.dtype) + offset
        return activate(x + offset.permute(0, 3, 1, 2))


def modulated_conv(x: Tensor, weight: Tensor, scales: Tensor, *, up: bool = False) -> Tensor:
    """Convolve each picture with its own demodulated weights, times the sqrt(2) that the leaky ReLU asks for.

    Scaling the inputs, convolving once and scaling the outputs is the same as scaling the weights for every picture,
    and needs no grouped convolution, which is slow on CPUs.

    Args:
        x: features (B, I, H, W).
        weight: (O, I, 3, 3).
        scales: (B, I), the style's scale of every input channel.
        up: double height and width (transposed convolution and blur).

    Returns:
        Features (B, O, H, W), or (B, O, 2 H, 2 W) where `up`.

    Source: Karras et al. 2020, section 2.2, equations 1 and 3.
    """
    power = scales.float().square() @ weight.square().sum((2, 3)).T
    x = x * scales[..., None, None].to(x.dtype)
    if up:
        x = blur(F.conv_transpose2d(x, weight.transpose(0, 1), stride=2), padding=1, gain=4.0)
    else:
        x = F.conv2d(x, weight, padding=1)
    return x * (2**0.5 * torch.rsqrt(power + 1e-8))[..., None, None].to(x.dtype)


class ToRGB(nn.Module):
    """Features (B, C, H, W) to a float32 picture (B, 3, H, W): a modulated 1x1 convolution without demodulation."""

    def __init__(self, inputs: int, style_dim: int):
        super().__init__()
        self.affine = EqualLinear(style_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(3, inputs))
        self.bias = nn.Parameter(torch.zeros(3))

    def forward(self, x: Tensor, styles: Tensor) -> Tensor:
        height, width = x.shape[2:]
        weights = self.affine(styles)[:, None] * self.weight / math.sqrt(self.weight.shape[1])
        pixels = x.permute(0, 2, 3, 1).flatten(1, 2) @ weights.to(x.dtype).transpose(1, 2)
        picture: Tensor = (pixels.float() + self.bias).view(-1, height, width, 3)
        return picture.permute(0, 3, 1, 2)


class DiscriminatorBlock(nn.Module):
    """Residual block that halves height and width."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.conv = EqualConv(inputs, inputs, 3)
        self.down = EqualConv(inputs, outputs, 3, stride=2, padding=0)
        self.shortcut = EqualConv(inputs, outputs, 1, stride=2, bias=False, gain=1.0)

    def forward(self, x: Tensor) -> Tensor:
        y = activate(self.down(blur(activate(self.conv(x)), padding=2)))
        shortcut: Tensor = self.shortcut(blur(x, padding=1))
        return (y + shortcut) * math.sqrt(0.5)


class EqualConv(nn.Module):
    """Convolution with equalized learning rate; its gain is the sqrt(2) of the leaky ReLU that follows."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        *,
        stride: int = 1,
        padding: int | None = None,
        bias: bool = True,
        gain: float = 2**0.5,
    ):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.scale = gain / math.sqrt(inputs * kernel**2)
        self.stride = stride
        self.padding = kernel // 2 if padding is None else padding

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight * self.scale, self.bias, self.stride, self.padding)


class EqualLinear(nn.Module):
    """Linear layer with equalized learning rate, `rate` times that of the other layers."""

    def __init__(self, inputs: int, outputs: int, *, bias: float = 0.0, gain: float = 1.0, rate: float = 1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.full((outputs,), bias / rate))
        self.scale = rate * gain / math.sqrt(inputs)
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight * self.scale, self.bias * self.rate)


def activate(x: Tensor) -> Tensor:
    """Leaky ReLU; the layer before it carries the gain of sqrt(2)."""
    return F.leaky_relu(x, SLOPE)


def blur(x: Tensor, *, padding: int, gain: float = 1.0) -> Tensor:
    """Low-pass filter [1, 3, 3, 1] along both axes, channel by channel.

    Args:
        x: (B, C, H, W).
        padding: zeros added on every side; height and width grow by 2 * padding - 3.
        gain: factor of the result.
    """
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0], device=x.device, dtype=x.dtype) / 8
    kernel = (gain * taps[:, None] * taps).expand(x.shape[1], 1, 4, 4)
    return F.conv2d(x, kernel, padding=padding, groups=x.shape[1])


def upsample(picture: Tensor) -> Tensor:
    """Double height and width; bilinear interpolation is the filter [1, 3, 3, 1] between zeros."""
    return F.interpolate(picture, scale_factor=2, mode="bilinear")


def minibatch_deviation(x: Tensor) -> Tensor:
    """How much the pictures of each group of up to four neighbors differ: (B, C, H, W) -> (B, 1, H, W).

    Source: Karras et al. 2018, "Progressive Growing of GANs", section 3.
    """
    group = math.gcd(len(x), 4)
    groups = x.float().reshape(-1, group, *x.shape[1:])
    deviation = (groups.var(1, correction=0) + 1e-8).sqrt().mean((1, 2, 3))
    return deviation.to(x.dtype).repeat_interleave(group)[:, None, None, None].expand(-1, 1, *x.shape[2:])
