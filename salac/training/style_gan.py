"""Training of the StyleGAN2, and the style clusters found in its features (thesis section 3.2.2).

The generator learns the look of illustrations; k-means on the features of its layers 7 and 9 splits every picture it
draws into style clusters; its pictures, turned into sketches, then teach nets to see those clusters in any sketch.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from torch import Tensor, nn

from ..errors import ModelError
from ..nets.stylegan2 import StyleGAN2Config, StyleGAN2Discriminator, StyleGAN2Generator
from ..stages.style_clusters import CLUSTERS
from . import ranks
from .loop import autocast
from .loop import generator as random_numbers
from .losses import discriminator_loss, generator_loss, r1_penalty
from .sheet import contact_sheet
from .xdog import random_xdog

R1_GAMMA, R1_EVERY = 1.0, 16
"""Weight of the R1 penalty, and the steps between two; it then counts that many times (lazy regularisation)."""

PATH_WEIGHT, PATH_EVERY = 2.0, 8
"""Weight of the path length penalty, and the steps between two."""

TRUNCATION = 0.7
"""How far from the mean style pictures are drawn for clusters and pairs: the rarest styles are the worst drawn."""

_CHUNK = 8  # pictures drawn at once


class PathLength(nn.Module):
    """Path length regularisation: a step in style should change the picture by the same amount everywhere.

    A module because its running mean belongs in the checkpoint.

    Source: Karras et al. 2020, section 3.2, equation 4.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mean: Tensor
        self.register_buffer("mean", torch.zeros(()))

    def forward(self, pictures: Tensor, styles: Tensor) -> Tensor:
        """Penalty (scalar) of pictures (B, 3, H, W) drawn from styles (B, layers, D) that require grad."""
        direction = torch.randn_like(pictures) / (pictures.shape[2] * pictures.shape[3]) ** 0.5
        (gradient,) = torch.autograd.grad((pictures * direction).sum(), styles, create_graph=True)
        lengths = gradient.float().square().sum(2).mean(1).sqrt()
        self.mean.lerp_(ranks.mean(lengths.detach().mean()), 0.01)
        return (lengths - self.mean).square().mean()


class StyleGANTask:
    """The StyleGAN2 as a task of the training loop: non-saturating logistic loss, lazy R1 and path length penalties."""

    averaged = ("generator",)

    def __init__(
        self,
        config: StyleGAN2Config,
        pictures: Callable[..., Tensor],
        held_out: Tensor,
        *,
        device: torch.device,
        seed: int = 0,
        learning_rate: float = 0.002,
    ):
        """Set up.

        Args:
            config: of both nets.
            pictures: makes, from a step and a share, the real pictures of a step or of a rank's share of it, float
                (B, 3, size, size) in [-1, 1]; a pure function.
            held_out: float (N, 3, size, size) in [-1, 1], real pictures to score by.
            device: where to train.
            seed: of the first weights, and of the latents of previews.
            learning_rate: peak, of both nets.
        """
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.generator, self.discriminator = StyleGAN2Generator(config), StyleGAN2Discriminator(config)
        self.path_length = PathLength()
        self.nets: Mapping[str, nn.Module] = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "path_length": self.path_length,
        }
        for net in self.nets.values():
            net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizers = {
            "generator": _lazy_adam(self.generator, learning_rate, PATH_EVERY),
            "discriminator": _lazy_adam(self.discriminator, learning_rate, R1_EVERY),
        }
        self.batch, self.held_out, self.device = pictures, held_out, device
        self.latents = _latents(config.style_dim, len(held_out), seed)

    def step(self, step: int, batch: Tensor) -> dict[str, float | Tensor]:
        """One step of the discriminator, then one of the generator on the same fake pictures."""
        real = batch.to(self.device)
        losses: dict[str, float | Tensor] = {}
        latents = torch.randn(len(real), self.latents.shape[1], device=self.device)
        with autocast(self.device):
            fake, _ = self.generator(latents, noise=True)
            loss = discriminator_loss(self.discriminator(real), self.discriminator(fake.detach()))
        losses["discriminator"] = loss.detach()
        if step % R1_EVERY == 0:
            loss = loss + R1_EVERY * self._r1(real)
        ranks.descend(self.optimizers["discriminator"], loss)

        self.discriminator.requires_grad_(False)
        with autocast(self.device):
            loss = generator_loss(self.discriminator(fake))
        losses["generator"] = loss.detach()
        if step % PATH_EVERY == 0:
            loss = loss + PATH_EVERY * PATH_WEIGHT * self._path_length(latents)
        ranks.descend(self.optimizers["generator"], loss)
        self.discriminator.requires_grad_(True)
        return losses | {"path_length": self.path_length.mean.clone()}

    @torch.no_grad()
    def evaluate(self, nets: Mapping[str, nn.Module]) -> dict[str, float]:
        """Sliced Wasserstein distance to held-out pictures, and the discriminator's mean logits.

        Held-out logits far below those of the training pictures would mean that the discriminator knows these by heart.
        """
        fake = self._draw(nets)
        logits = [
            float(torch.cat([self.discriminator(part.to(self.device)) for part in pictures.split(_CHUNK)]).mean())
            for pictures in (self.held_out, fake)
        ]
        return {
            "sliced_wasserstein": round(sliced_wasserstein(self.held_out, fake), 4),
            "held_out_logit": round(logits[0], 3),
            "fake_logit": round(logits[1], 3),
        }

    @torch.no_grad()
    def preview(self, nets: Mapping[str, nn.Module]) -> Image.Image:
        """Real pictures in the first row, drawn ones below."""
        pictures = [*to_bytes(self.held_out[:8]), *to_bytes(self._draw(nets)[:32])]
        return contact_sheet([[picture] for picture in pictures], across=min(8, len(self.held_out)))

    def _r1(self, real: Tensor) -> Tensor:
        real = real.detach().requires_grad_()
        with autocast(self.device):
            logits = self.discriminator(real)
        return r1_penalty(logits, real, R1_GAMMA)

    def _path_length(self, latents: Tensor) -> Tensor:
        # Half a batch, as in the paper: second derivatives of the generator are what a step costs most.
        latents = latents[: max(1, len(latents) // 2)]
        with autocast(self.device):
            styles = self.generator.mapping(latents)[:, None].repeat(1, self.generator.config.layers, 1)
            pictures, _ = self.generator.synthesize(styles, noise=True)
        penalty: Tensor = self.path_length(pictures, styles)
        return penalty

    def _draw(self, nets: Mapping[str, nn.Module]) -> Tensor:
        parts = [nets["generator"](part.to(self.device))[0].cpu() for part in self.latents.split(_CHUNK)]
        return torch.cat(parts).clamp(-1, 1)


def sliced_wasserstein(real: Tensor, fake: Tensor, *, levels: int = 3) -> float:
    """Distance between the looks of two sets of pictures, at several scales; no trained net judges here.

    Args:
        real: float (N, 3, H, W) in [-1, 1]; at the coarsest scale, H and W are at least 7.
        fake: as many pictures of the same size.
        levels: scales of the Laplacian pyramid.

    Returns:
        Mean over scales and 128 random directions of the distance between the sorted projections of 7x7 patches, whose
        values have unit variance in `real`.

    Source: Karras et al. 2018, "Progressive Growing of GANs", section 5.
    """
    rng = torch.Generator().manual_seed(0)
    distances = []
    for level in range(levels):
        coarse = [nn.functional.avg_pool2d(pictures, 2) for pictures in (real, fake)]
        details = [
            fine if level == levels - 1 else fine - nn.functional.interpolate(small, scale_factor=2, mode="bilinear")
            for fine, small in zip((real, fake), coarse, strict=True)
        ]
        patches = [nn.functional.unfold(detail, 7, stride=4).transpose(1, 2).flatten(0, 1) for detail in details]
        directions = nn.functional.normalize(torch.randn(patches[0].shape[1], 128, generator=rng), dim=0)
        scale = patches[0].std().clamp_min(1e-6)
        ours, theirs = (((patch - patches[0].mean(0)) / scale @ directions).sort(0).values for patch in patches)
        distances.append(float((ours - theirs).abs().mean()))
        real, fake = coarse
    return sum(distances) / levels


@dataclass(frozen=True)
class LayerClusters:
    """K-means clusters of one layer's features.

    Attributes:
        mean: float32 (C,), of the features, by channel.
        deviation: float32 (C,), their standard deviation.
        centers: float32 (k, C), cluster centers of the standardised features, the largest cluster first.
    """

    mean: npt.NDArray[np.float32]
    deviation: npt.NDArray[np.float32]
    centers: npt.NDArray[np.float32]

    def assign(self, features: Tensor) -> npt.NDArray[np.uint8]:
        """Nearest cluster of every pixel: features (B, C, h, w) -> uint8 (B, h, w)."""
        points = (features.detach().float().cpu().permute(0, 2, 3, 1).numpy() - self.mean) / self.deviation
        return _nearest(points, self.centers)


@dataclass(frozen=True)
class StyleClusterModel:
    """The style clusters of a trained generator, by layer."""

    layers: Mapping[int, LayerClusters]

    def assign(self, features: Mapping[int, Tensor]) -> dict[int, npt.NDArray[np.uint8]]:
        """Style clusters of pictures by the generator's features: (B, C, h, w) -> uint8 (B, h, w), layer by layer."""
        return {number: clusters.assign(features[number]) for number, clusters in self.layers.items()}

    def save(self, path: Path) -> None:
        """Write a safetensors file, atomically."""
        tensors = {
            f"{number}.{key}": value for number, layer in self.layers.items() for key, value in vars(layer).items()
        }
        part = path.with_suffix(".part")
        part.write_bytes(save(tensors, {"arch": "style_cluster_model", "format_version": "1"}))
        os.replace(part, path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file written by `save`.

        Raises:
            ModelError: the file is missing, damaged or holds something else.
        """
        try:
            with safe_open(path, framework="numpy") as file:
                if (file.metadata() or {}).get("arch") != "style_cluster_model":
                    raise ModelError(f"{path} holds no style clusters: fit them with fit_clusters and save them")
                parts = {
                    number: {name: file.get_tensor(f"{number}.{name}") for name in ("mean", "deviation", "centers")}
                    for number in CLUSTERS
                }
        except (SafetensorError, OSError) as error:
            raise ModelError(f"{path} is no readable style cluster file ({error}): fit and save them again") from error
        return cls({number: LayerClusters(**layer) for number, layer in parts.items()})


def fit_clusters(generator: StyleGAN2Generator, seed: int, *, pictures: int = 100) -> StyleClusterModel:
    """Cluster the features of layers 7 and 9 over pictures that the generator draws.

    Args:
        generator: trained; of 128 px or more.
        seed: of the pictures and of k-means; the same seed gives the same clusters.
        pictures: how many to draw; 1024 random pixels of each are clustered.

    Source: thesis section 3.2.2; Pakhomov et al. 2021, "Segmentation in Style" (arXiv 2107.12518).
    """
    rng = random_numbers(seed, 0)
    samples: dict[int, list[npt.NDArray[np.float32]]] = {number: [] for number in CLUSTERS}
    for _, features in _drawn(generator, _latents(generator.config.style_dim, pictures, seed)):
        for number, chosen in samples.items():
            for picture in features[number].float().cpu().flatten(2).transpose(1, 2).numpy():
                chosen.append(picture[rng.choice(len(picture), 1024, replace=False)])
    layers = {}
    for number, chosen in samples.items():
        points = np.concatenate(chosen)
        mean, deviation = points.mean(0), points.std(0) + 1e-6
        centers = kmeans((points - mean) / deviation, CLUSTERS[number], rng)
        layers[number] = LayerClusters(mean, deviation, centers)
    return StyleClusterModel(layers)


def kmeans(
    points: npt.NDArray[np.float32], clusters: int, rng: np.random.Generator, *, restarts: int = 4
) -> npt.NDArray[np.float32]:
    """Lloyd's algorithm from k-means++ seeds, the best of several runs.

    Args:
        points: float32 (N, C).
        clusters: how many.
        rng: source of the seeds.
        restarts: runs; the one with the least squared error is kept.

    Returns:
        Cluster centers float32 (clusters, C), ordered by falling number of points.

    Source: Arthur and Vassilvitskii 2007, "k-means++: The Advantages of Careful Seeding".
    """
    best_error, best = np.inf, points[:clusters]
    for _ in range(restarts):
        centers = points[rng.integers(len(points))][None]
        nearest = np.full(len(points), np.inf)
        while len(centers) < clusters:
            nearest = np.minimum(nearest, np.square(points - centers[-1]).sum(1))
            centers = np.vstack([centers, points[rng.choice(len(points), p=nearest / nearest.sum())]])
        labels = _nearest(points, centers)
        for _ in range(100):
            sums = np.eye(clusters, dtype=np.float32)[labels].T @ points
            counts = np.bincount(labels, minlength=clusters)
            centers = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centers).astype(np.float32)
            before, labels = labels, _nearest(points, centers)
            if np.array_equal(before, labels):
                break
        error = np.square(points - centers[labels]).sum(dtype=np.float64)
        if error < best_error:
            best_error = error
            best = centers[np.argsort(-np.bincount(labels, minlength=clusters), kind="stable")]
    return best


class StylePair(NamedTuple):
    """What a style-cluster net learns from.

    Attributes:
        picture: uint8 (size, size, 3), drawn by the generator.
        sketch: uint8 (sketch_size, sketch_size), its lines.
        labels7: uint8 (64, 64) in 0..6, clusters of layer 7.
        labels9: uint8 (128, 128) in 0..5, clusters of layer 9.
    """

    picture: npt.NDArray[np.uint8]
    sketch: npt.NDArray[np.uint8]
    labels7: npt.NDArray[np.uint8]
    labels9: npt.NDArray[np.uint8]


def generate_pairs(
    generator: StyleGAN2Generator, clusters: StyleClusterModel, n: int, seed: int, *, sketch_size: int = 128
) -> Iterator[StylePair]:
    """Draw pictures with their sketches and style clusters.

    Args:
        generator: trained.
        clusters: fitted on that generator.
        n: number of pairs (the thesis takes 5,000).
        seed: pair i depends on (seed, i) alone.
        sketch_size: side of the sketches (px).

    Yields:
        One pair after the other.
    """
    index = 0
    for drawn, features in _drawn(generator, _latents(generator.config.style_dim, n, seed)):
        labels = clusters.assign(features)
        for picture, labels7, labels9 in zip(to_bytes(drawn), labels[7], labels[9], strict=True):
            sketch = random_xdog(picture, random_numbers(seed, 1, index), size=(sketch_size, sketch_size))
            yield StylePair(picture, sketch, labels7, labels9)
            index += 1


def to_bytes(pictures: Tensor) -> npt.NDArray[np.uint8]:
    """Pictures float (B, 3, H, W) in [-1, 1] (clipped) as uint8 (B, H, W, 3)."""
    levels = (pictures.float() * 127.5 + 127.5).round().clamp(0, 255)
    return levels.byte().permute(0, 2, 3, 1).contiguous().cpu().numpy()


@torch.no_grad()
def _drawn(generator: StyleGAN2Generator, latents: Tensor) -> Iterator[tuple[Tensor, dict[int, Tensor]]]:
    """Pictures and features of the clustered layers, a few at a time, from truncated styles."""
    device = generator.constant.device
    mean = generator.mapping(_latents(latents.shape[1], 1024, 0).to(device)).mean(0)
    for part in latents.split(_CHUNK):
        styles = mean.lerp(generator.mapping(part.to(device)), TRUNCATION)
        yield generator.synthesize(styles, features=CLUSTERS)


def _latents(dim: int, count: int, seed: int) -> Tensor:
    """Latents float32 (count, dim); the first ones stay the same whatever the count."""
    return torch.from_numpy(random_numbers(seed).standard_normal((count, dim), dtype=np.float32))


def _nearest(points: npt.NDArray[np.float32], centers: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Index of the nearest center: points (..., C), centers (k, C) -> uint8 (...)."""
    return (points @ centers.T - np.square(centers).sum(1) / 2).argmax(-1).astype(np.uint8)


def _lazy_adam(net: nn.Module, learning_rate: float, every: int) -> torch.optim.Adam:
    """Adam with the memory it would have had if the penalty of every so many steps were a step of its own."""
    share = every / (every + 1)
    return torch.optim.Adam(net.parameters(), lr=learning_rate * share, betas=(0.0, 0.99**share))
