"""Where style clusters are found: in the features that a net has of pictures, of which it gives the sketches as well.

The thesis asks a StyleGAN2 about pictures that it draws itself (section 3.2.2). A proposal generator, asked about the
drawings of a data set, is the other source: it learns what parts a figure has long before a generator of pictures
that starts from nothing can draw one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..nets.generator import CATEGORIES, ProposalGenerator
from ..nets.segments import segment_fill
from ..nets.stylegan2 import StyleGAN2Generator
from ..stages.style_clusters import CLUSTERS
from ..tbs import segment
from .build import fold_segments
from .dataset import TOKENS, Drawings, Example, stack
from .loop import autocast
from .loop import generator as random_numbers
from .style_gan import draw_latents, to_bytes
from .xdog import random_xdog

SOURCES = STYLE_GAN, PROPOSAL = "style-gan", "proposal"
"""Names of the sources, which are those of the stages that train their nets."""

TRUNCATION = 0.7
"""How far from the mean style pictures are drawn for clusters and pairs: the rarest styles are the worst drawn."""

_CHUNK = 8  # pictures at once

Bytes = npt.NDArray[np.uint8]
Features = Mapping[int, Tensor]
"""Float (B, C, h, w) of layers 7 and 9 of the StyleGAN2, or of the layers that stand in for them."""


class StyleBatch(NamedTuple):
    """A few pictures and what a net makes of them.

    Attributes:
        grays: uint8 (B, h, w), the finished pictures without their colors.
        sketches: uint8 (B, H, W), their lines, 255 = paper.
        labels: uint8 (B, H, W), segments of the sketches.
        features: of the pictures.
    """

    grays: Bytes
    sketches: Bytes
    labels: Bytes
    features: Features


class StyleSource(Protocol):
    """Pictures and their features.

    Attributes:
        name: `STYLE_GAN` or `PROPOSAL`.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    def features(self, count: int, seed: int) -> Iterator[Features]:
        """What the net makes of `count` pictures, a few at a time; picture i depends on (seed, i) alone."""
        ...

    def batches(self, count: int, seed: int) -> Iterator[StyleBatch]:
        """The same pictures, with all that a sketch can be taught by."""
        ...


class StyleGANSource:
    """Pictures that a StyleGAN2 draws, their XDoG sketches, and the activations of its layers 7 and 9."""

    name = STYLE_GAN

    def __init__(self, net: StyleGAN2Generator):
        """Take a trained generator of 128 px or more."""
        self.net = net.eval()

    def features(self, count: int, seed: int) -> Iterator[Features]:
        """Draw pictures from truncated styles."""
        for _, features in self._drawn(count, seed):
            yield features

    def batches(self, count: int, seed: int) -> Iterator[StyleBatch]:
        """Draw pictures from truncated styles; sketches and segments are twice as large."""
        size = 2 * self.net.config.size, 2 * self.net.config.size
        index = 0
        for pictures, features in self._drawn(count, seed):
            sketches = [
                random_xdog(picture, random_numbers(seed, 1, index + k), size=size)
                for k, picture in enumerate(pictures)
            ]
            labels = [fold_segments(segment(sketch, lines="nearest").labels).astype(np.uint8) for sketch in sketches]
            yield StyleBatch(_grays(pictures), np.stack(sketches), np.stack(labels), features)
            index += len(pictures)

    @torch.no_grad()
    def _drawn(self, count: int, seed: int) -> Iterator[tuple[Bytes, Features]]:
        net, device = self.net, self.net.constant.device
        mean = net.mapping(draw_latents(net.config.style_dim, 1024, 0).to(device)).mean(0)
        for latents in draw_latents(net.config.style_dim, count, seed).split(_CHUNK):
            styles = mean.lerp(net.mapping(latents.to(device)), TRUNCATION)
            pictures, features = net.synthesize(styles, features=CLUSTERS)
            yield to_bytes(pictures), features


class ProposalSource:
    """Drawings of a data set, as training meets them, and what a proposal generator sees in them before any color.

    In place of layer 7, the coarse one, stand the tokens of its segments after they have heard of each other; in place
    of layer 9 the features of its trunk at half size.
    """

    name = PROPOSAL

    def __init__(self, net: ProposalGenerator, drawings: Drawings, device: torch.device):
        """Take a trained generator and the drawings to ask it about."""
        self.net, self.drawings, self.device = net.eval().to(device), drawings, device

    def features(self, count: int, seed: int) -> Iterator[Features]:
        """Frame and augment drawings, each once before any comes again."""
        for examples in self._drawn(count, seed):
            yield self.see(examples)

    def batches(self, count: int, seed: int) -> Iterator[StyleBatch]:
        """Frame and augment drawings, each once before any comes again."""
        for examples in self._drawn(count, seed):
            yield StyleBatch(
                _grays([_to_bytes(example.illustration()) for example in examples]),
                np.stack([_to_bytes(example.sketch) for example in examples]),
                np.stack([example.labels for example in examples]),
                self.see(examples),
            )

    @torch.inference_mode()
    def see(self, examples: Sequence[Example]) -> Features:
        """Features of drawings, float32 (B, C, h / 2, w / 2), by the layer that they stand in for."""
        sketches = stack([example.sketch for example in examples])[:, None].to(self.device)
        labels = stack([example.labels for example in examples]).long().to(self.device)
        batch, slots = len(examples), self.net.config.slots
        seen: dict[str, Any] = {}
        hooks = [
            module.register_forward_hook(lambda _, __, output, name=name: seen.update({name: output}))
            for name, module in (("trunk", self.net.trunk), ("norm", self.net.norm))
        ]
        with autocast(self.device):
            self.net(
                sketches,
                labels,
                TOKENS,
                categories=torch.zeros(batch, CATEGORIES, *sketches.shape[2:], device=self.device),
                palette=torch.zeros(batch, slots, 3, device=self.device),
                weights=torch.zeros(batch, slots, device=self.device),
            )
        for hook in hooks:
            hook.remove()
        tokens = segment_fill(seen["norm"][:, :TOKENS].float(), labels[:, 1::2, 1::2])
        return {7: tokens, 9: seen["trunk"][0].float()}

    def _drawn(self, count: int, seed: int) -> Iterator[list[Example]]:
        shape = self.net.config.size, self.net.config.size
        order = random_numbers(seed).permutation(len(self.drawings))
        for first in range(0, count, _CHUNK):
            yield [
                self.drawings.example(int(order[i % len(order)]), random_numbers(seed, 1, i), shape, augmented=True)
                for i in range(first, min(first + _CHUNK, count))
            ]


def _to_bytes(picture: npt.NDArray[np.floating[Any]]) -> Bytes:
    return (255 * picture).round().astype(np.uint8)


def _grays(pictures: Sequence[Bytes] | Bytes) -> Bytes:
    return np.stack([cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in pictures])
