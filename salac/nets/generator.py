"""The color proposal's generators (thesis 3.3.2): from a sketch, its segments, the color categories and a histogram's
palette to a color for every segment.

`ProposalGenerator`, the default, lets segments attend to the palette inside the histogram and point at one of its
colors, so that a proposal is coherent, saturated and obedient by construction. `ConvProposalGenerator` is the thesis'
plain encoder-decoder, conditioned on the histogram by feature-wise modulation.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..histogram import RGBuvHistogram
from .config import NetConfig
from .segments import SEGMENT_CHANNELS, encode_segments, segment_areas, segment_fill, segment_means

CATEGORIES = 6
FIXED_COLORS = ((1.0, 1.0, 1.0), (0.1, 0.09, 0.11))
"""Colors that every drawing may use whatever the palette: paper (and the white of eyes), and ink black (pupils)."""

KIND = 32
"""Width of what tells whether two segments have one color: the nearer, the more surely."""

MASKED = -1e4
"""Added to the logits of what is not there."""

_TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_OKLAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (3 * 1.9779984951, 3 * -2.4285922050, 3 * 0.4505937099),
    (3 * 0.0259040371, 3 * 0.7827717662, 3 * -0.8086757660),
)


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig(NetConfig):
    """Configuration of both generators.

    Attributes:
        slots: most palette colors that are looked at.
        parts: semantic parts that the segment tokens also name; part 0 is the background.
        widths: channels at 1/2, 1/4, 1/8 and 1/16 of the picture.
        residual: residual blocks at each of these, where a little time buys much sight.
        dim: width of segment and palette tokens.
        context: attention blocks among segments, before any color is known.
        depth: attention blocks among segments and colors.
        heads: attention heads.
        size: side of the square picture (px) that the net was trained at.
    """

    slots: int = 12
    parts: int = 13
    widths: tuple[int, ...] = (16, 32, 64, 96)
    residual: tuple[int, ...] = (1, 4, 6, 8)
    dim: int = 96
    context: int = 8
    depth: int = 3
    heads: int = 4
    size: int = 256


class Block(nn.Module):
    """Convolution, group norm, SiLU; a code, where there is one, scales and shifts the channels (FiLM)."""

    def __init__(self, inputs: int, outputs: int, code: int = 0):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm = nn.GroupNorm(8, outputs)
        self.film = nn.Linear(code, 2 * outputs) if code else None
        if self.film is not None:
            nn.init.zeros_(self.film.weight)
            nn.init.zeros_(self.film.bias)

    def forward(self, x: Tensor, code: Tensor | None = None) -> Tensor:
        x = self.norm(self.conv(x))
        if self.film is not None:
            scale, shift = self.film(code)[..., None, None].chunk(2, 1)
            x = x * (1 + scale) + shift
        return F.silu(x)


class Residual(nn.Module):
    """Two convolutions by way of twice the channels, added to what they see; untrained they add nothing."""

    def __init__(self, width: int):
        super().__init__()
        self.wide, self.narrow = Block(width, 2 * width), nn.Conv2d(2 * width, width, 3, padding=1)
        nn.init.zeros_(self.narrow.weight)
        nn.init.zeros_(self.narrow.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        return x + self.narrow(self.wide(x))


def residuals(count: int, width: int) -> nn.Sequential:
    """So many residual blocks, one after the other."""
    return nn.Sequential(*(Residual(width) for _ in range(count)))


def double(x: Tensor) -> Tensor:
    """Twice the height and width, nearest."""
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Trunk(nn.Module):
    """U-Net over 1/2 to 1/16 of the picture -> features at 1/2 (widths[0]), and at 1/4 those of its three deeper levels
    (the sum of widths[1:]).

    In its decoder every segment hears its own mean, so that a large segment is one thing and not many pixels.
    """

    def __init__(self, inputs: int, config: GeneratorConfig, code: int = 0):
        super().__init__()
        a, b, c, d = config.widths
        self.stem, self.down1 = Block(4 * inputs, a), Block(a, a)
        self.down2, self.down2b = Block(a, b), Block(b, b)
        self.down3, self.down3b = Block(b, c), Block(c, c)
        self.down4, self.down4b = Block(c, d, code), Block(d, d, code)
        self.up3, self.up3b = Block(d + c, c, code), Block(c, c, code)
        self.up2, self.up2b = Block(c + b, b, code), Block(b, b, code)
        self.up1, self.up1b = Block(b + a, a, code), Block(a, a, code)
        self.more1, self.more2, self.more3, self.more4 = map(residuals, config.residual, config.widths)
        self.share2 = nn.Sequential(nn.Linear(b, b), nn.SiLU(), nn.Linear(b, b))
        self.share1 = nn.Sequential(nn.Linear(a, 2 * a), nn.SiLU(), nn.Linear(2 * a, a))

    def forward(self, x: Tensor, labels: Tensor, count: int, code: Tensor | None = None) -> tuple[Tensor, Tensor]:
        half, quarter = labels[:, 1::2, 1::2], labels[:, 1::4, 1::4]
        one = self.down1(self.stem(F.pixel_unshuffle(x, 2)))
        two = self.down2b(self.down2(F.avg_pool2d(one, 2)))
        three = self.down3b(self.down3(F.avg_pool2d(two, 2)))
        far = double(self.more4(self.down4b(self.down4(F.avg_pool2d(three, 2), code), code)))
        middle = double(self.more3(self.up3b(self.up3(torch.cat([far, three], 1), code), code)))
        near = self.more2(self.up2b(self.up2(torch.cat([middle, two], 1), code), code))
        near = near + self._shared(self.share2, near, quarter, count)
        y = self.more1(self.up1b(self.up1(torch.cat([double(near), one], 1), code), code))
        features1 = y + self._shared(self.share1, y, half, count)
        return features1, torch.cat([near, middle, double(far)], 1)

    @staticmethod
    def _shared(mix: nn.Module, x: Tensor, labels: Tensor, count: int) -> Tensor:
        means = segment_means(x, labels, segment_areas(labels, count))
        return segment_fill(mix(means), labels).to(x.dtype)


def oklab(colors: Tensor) -> Tensor:
    """OKLab (..., 3) of sRGB colors (..., 3) in [0, 1], a and b stretched to about [-1, 1] (Ottosson 2020)."""

    def mixed(channels: Tensor, matrix: tuple[tuple[float, ...], ...]) -> Tensor:
        # Written out, for autocast would make half precision of a matrix product.
        return (channels[..., None, :] * channels.new_tensor(matrix)).sum(-1)

    linear = torch.where(colors <= 0.04045, colors / 12.92, ((colors + 0.055) / 1.055).clamp_min(0.05) ** 2.4)
    return mixed(mixed(linear, _TO_CONES).clamp_min(1e-6) ** (1 / 3), _TO_OKLAB)


class AttentionBlock(nn.Module):
    """Pre-norm transformer block; `absent` (B, N) is 0 for tokens that exist and very negative for the others."""

    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.qkv, self.out = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))

    def forward(self, x: Tensor, absent: Tensor) -> Tensor:
        batch, tokens, dim = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        # Written out: with so few tokens torch's fused attention is slower on a CPU, most of all backwards.
        scores = (q * (dim // self.heads) ** -0.5) @ k.transpose(2, 3) + absent[:, None, None, :]
        y = scores.softmax(-1).to(v.dtype) @ v
        x = x + self.out(y.transpose(1, 2).reshape(batch, tokens, dim))
        return x + self.mlp(self.norm2(x))


class Proposal(NamedTuple):
    """What `ProposalGenerator` says of each segment.

    Attributes:
        pointer: logits float32 (B, count, slots + 2) over the palette and then `FIXED_COLORS`.
        alike: logits float32 (B, count, count) of whether two segments have one color.
        parts: logits float32 (B, count, parts) over semantic parts.
        colors: float32 (B, slots + 2, 3), the sRGB colors that are pointed at.
    """

    pointer: Tensor
    alike: Tensor
    parts: Tensor
    colors: Tensor

    def soft_colors(self) -> Tensor:
        """Expected color of every segment, differentiable: float32 (B, count, 3) in [0, 1]."""
        return self.pointer.softmax(-1) @ self.colors


class SeenSegments(NamedTuple):
    """What `ProposalGenerator` sees of a drawing, whatever its colors.

    Attributes:
        tokens: float32 (B, count, dim), one for each segment.
        areas: float32 (B, count), its pixels.
    """

    tokens: Tensor
    areas: Tensor


class ProposalGenerator(nn.Module):
    """Segments point at colors of the palette inside the histogram."""

    arch = "segment-palette-generator"

    def __init__(self, config: GeneratorConfig):
        super().__init__()
        self.config = config
        inputs, dim = 1 + SEGMENT_CHANNELS + CATEGORIES, config.dim
        a, fine = config.widths[0], 8
        self.trunk = Trunk(inputs, config)
        self.fine = nn.Conv2d(a, 4 * fine, 3, padding=1)
        self.segment_token = nn.Linear(fine + sum(config.widths) + SEGMENT_CHANNELS - 1 + CATEGORIES, dim)
        self.context = nn.ModuleList(AttentionBlock(dim, config.heads) for _ in range(config.context))
        self.palette_token = nn.Linear(7, dim)
        self.palette_mix = nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))
        self.fixed_token = nn.Parameter(torch.randn(len(FIXED_COLORS), dim) * 0.02)
        self.blocks = nn.ModuleList(AttentionBlock(dim, config.heads) for _ in range(config.depth))
        self.norm = nn.LayerNorm(dim)
        self.query, self.key = nn.Linear(dim, 64), nn.Linear(dim, 64)
        self.kind, self.same_kind = nn.Linear(dim, KIND), nn.Parameter(torch.tensor(3.0))
        self.part_head = nn.Linear(dim, config.parts)
        self.fixed_colors: Tensor
        self.register_buffer("fixed_colors", torch.tensor(FIXED_COLORS), persistent=False)

    def forward(
        self, sketch: Tensor, labels: Tensor, count: int, categories: Tensor, palette: Tensor, weights: Tensor
    ) -> Proposal:
        """Point every segment at a color.

        Args:
            sketch: float32 (B, 1, H, W) in [0, 1], 1 = paper; H and W multiples of 16.
            labels: int64 (B, H, W), segment ids below `count`.
            count: number of labels.
            categories: float32 (B, 6, H, W), the color category prior (one-hot, probabilities, or zeros for none).
            palette: float32 (B, K, 3) sRGB in [0, 1], K = config.slots.
            weights: float32 (B, K), the share of each color; 0 marks an empty slot.
        """
        return self.color(self.see(sketch, labels, count, categories), palette, weights)

    def see(self, sketch: Tensor, labels: Tensor, count: int, categories: Tensor) -> SeenSegments:
        """Look at a drawing, before any color is known; arguments as of `forward`."""
        channels = encode_segments(labels, count)
        x = torch.cat([1 - sketch, channels, categories], 1).contiguous(memory_format=torch.channels_last)
        features1, features2 = self.trunk(x, labels, count)
        fine = F.pixel_shuffle(self.fine(features1), 2)
        areas = segment_areas(labels, count)
        half, quarter = labels[:, 1::2, 1::2], labels[:, 1::4, 1::4]
        shape = segment_means(torch.cat([fine.float(), channels[:, 1:], categories], 1), labels, areas)
        segments = torch.cat(
            [
                shape,
                segment_means(features1, half, segment_areas(half, count)),
                segment_means(features2, quarter, segment_areas(quarter, count)),
            ],
            -1,
        )
        tokens = self.segment_token(segments)
        absent = (areas <= 0).float() * MASKED
        for block in self.context:
            tokens = block(tokens, absent)
        return SeenSegments(tokens, areas)

    def color(self, seen: SeenSegments, palette: Tensor, weights: Tensor) -> Proposal:
        """Point every segment that was seen at a color; arguments as of `forward`."""
        batch, count = seen.areas.shape
        # What a color is good for, such as skin, depends on hue and lightness in no linear way.
        offered = self.palette_token(torch.cat([palette * 2 - 1, weights.sqrt()[..., None], oklab(palette)], -1))
        offered = offered + self.palette_mix(offered)
        tokens = torch.cat([seen.tokens, offered, self.fixed_token.expand(batch, -1, -1)], 1)
        always = torch.ones(batch, len(FIXED_COLORS), dtype=torch.bool, device=weights.device)
        present = torch.cat([seen.areas > 0, weights > 0, always], 1)
        absent = (~present).float() * MASKED
        for block in self.blocks:
            tokens = block(tokens, absent)
        tokens = self.norm(tokens)
        kinds = self.kind(tokens[:, :count]).float()
        pointer = self.query(tokens[:, :count]) @ self.key(tokens[:, count:]).transpose(1, 2)
        return Proposal(
            pointer=pointer.float() / 8 + absent[:, None, count:],
            alike=self.same_kind - torch.cdist(kinds, kinds).square(),
            parts=self.part_head(tokens[:, :count]).float(),
            colors=torch.cat([palette, self.fixed_colors.expand(batch, -1, -1)], 1),
        )


class SeenPixels(NamedTuple):
    """What `ConvProposalGenerator` is told of a drawing, whatever its colors.

    Attributes:
        channels: float32 (B, C, H, W), line, segments and categories.
        labels: int64 (B, H, W), segment ids below `bound`.
        bound: number of labels.
    """

    channels: Tensor
    labels: Tensor
    bound: int


class ConvProposalGenerator(nn.Module):
    """The thesis' generator: an encoder-decoder that paints pixels, told the histogram by feature-wise modulation.

    Its output is cleaned afterwards by filling every segment with the median of its own pixels.
    """

    arch = "conv-generator"

    def __init__(self, config: GeneratorConfig):
        super().__init__()
        self.config = config
        self.histogram = RGBuvHistogram()
        code = config.dim
        self.code = nn.Sequential(nn.Linear(self.histogram.bins, code), nn.SiLU(), nn.Linear(code, code), nn.SiLU())
        self.trunk = Trunk(1 + SEGMENT_CHANNELS + CATEGORIES, config, code)
        self.head = nn.Conv2d(config.widths[0], 12, 3, padding=1)

    def forward(
        self, sketch: Tensor, labels: Tensor, count: int, categories: Tensor, palette: Tensor, weights: Tensor
    ) -> Tensor:
        """Paint a color-filled segment map; arguments as of `ProposalGenerator` -> float32 (B, 3, H, W) in [0, 1]."""
        return self.color(self.see(sketch, labels, count, categories), palette, weights)

    def see(self, sketch: Tensor, labels: Tensor, count: int, categories: Tensor) -> SeenPixels:
        """Look at a drawing, before any color is known; arguments as of `forward`."""
        x = torch.cat([1 - sketch, encode_segments(labels, count), categories], 1)
        return SeenPixels(x.contiguous(memory_format=torch.channels_last), labels, count)

    def color(self, seen: SeenPixels, palette: Tensor, weights: Tensor) -> Tensor:
        """Paint what was seen; the histogram takes part in every layer, so nothing is known beforehand."""
        code = self.code(self.histogram.of_colors(palette, weights).sqrt() * 8)
        features, _ = self.trunk(seen.channels, seen.labels, seen.bound, code)
        return F.pixel_shuffle(self.head(features), 2).float().sigmoid()
