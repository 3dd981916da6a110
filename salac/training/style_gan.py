"""Training of the StyleGAN2 (thesis section 3.2.2), whose features style clusters are found in: see `style_sources`."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn

from ..nets.stylegan2 import StyleGAN2Config, StyleGAN2Discriminator, StyleGAN2Generator
from . import ranks
from .ada import AdaptiveAugmentation
from .loop import autocast
from .loop import generator as random_numbers
from .losses import discriminator_loss, generator_loss, r1_penalty
from .sheet import contact_sheet

R1_GAMMA, R1_EVERY = 1.0, 16
"""Weight of the R1 penalty, and the steps between two; it then counts that many times (lazy regularisation)."""

PATH_WEIGHT, PATH_EVERY = 2.0, 8
"""Weight of the path length penalty, and the steps between two."""

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
    """The StyleGAN2 as a task of the training loop: non-saturating logistic loss, lazy R1 and path length penalties.

    The discriminator judges augmented pictures, the more so the surer it is of the real ones (`ada`).
    """

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
        self.path_length, self.augmentation = PathLength(), AdaptiveAugmentation()
        self.nets: Mapping[str, nn.Module] = {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "path_length": self.path_length,
            "augmentation": self.augmentation,
        }
        for net in self.nets.values():
            net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizers = {
            "generator": _lazy_adam(self.generator, learning_rate, PATH_EVERY),
            "discriminator": _lazy_adam(self.discriminator, learning_rate, R1_EVERY),
        }
        self.batch, self.held_out, self.device = pictures, held_out, device
        self.latents = draw_latents(config.style_dim, len(held_out), seed)

    def step(self, step: int, batch: Tensor) -> dict[str, float | Tensor]:
        """One step of the discriminator, then one of the generator on the same fake pictures."""
        losses: dict[str, float | Tensor] = {}
        # R1 is taken of what the discriminator sees: resampling cannot be differentiated twice.
        real = self.augmentation(batch.to(self.device)).requires_grad_(step % R1_EVERY == 0)
        latents = torch.randn(len(real), self.latents.shape[1], device=self.device)
        with autocast(self.device):
            fake, _ = self.generator(latents, noise=True)
        seen = self.augmentation(fake)
        with autocast(self.device):
            logits = self.discriminator(real)
            loss = discriminator_loss(logits, self.discriminator(seen.detach()))
        losses["discriminator"] = loss.detach()
        if step % R1_EVERY == 0:
            loss = loss + R1_EVERY * r1_penalty(logits, real, R1_GAMMA)
        ranks.descend(self.optimizers["discriminator"], loss)
        self.augmentation.adapt(logits)

        self.discriminator.requires_grad_(False)
        with autocast(self.device):
            loss = generator_loss(self.discriminator(seen))
        losses["generator"] = loss.detach()
        if step % PATH_EVERY == 0:
            loss = loss + PATH_EVERY * PATH_WEIGHT * self._path_length(latents)
        ranks.descend(self.optimizers["generator"], loss)
        self.discriminator.requires_grad_(True)
        return losses | {"path_length": self.path_length.mean.clone(), "augmented": self.augmentation.chance.clone()}

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


def to_bytes(pictures: Tensor) -> npt.NDArray[np.uint8]:
    """Pictures float (B, 3, H, W) in [-1, 1] (clipped) as uint8 (B, H, W, 3)."""
    levels = (pictures.float() * 127.5 + 127.5).round().clamp(0, 255)
    return levels.byte().permute(0, 2, 3, 1).contiguous().cpu().numpy()


def draw_latents(dim: int, count: int, seed: int) -> Tensor:
    """Latents float32 (count, dim); the first ones stay the same whatever the count."""
    return torch.from_numpy(random_numbers(seed).standard_normal((count, dim), dtype=np.float32))


def _lazy_adam(net: nn.Module, learning_rate: float, every: int) -> torch.optim.Adam:
    """Adam with the memory it would have had if the penalty of every so many steps were a step of its own."""
    share = every / (every + 1)
    return torch.optim.Adam(net.parameters(), lr=learning_rate * share, betas=(0.0, 0.99**share))
