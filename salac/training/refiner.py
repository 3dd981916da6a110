"""Training of the refinement GAN (thesis 3.4): from flat color to the paint of a finished illustration.

The generator says where shadow and highlight lie; the picture that it is judged by is shaded accordingly, in the light
of the true one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from ..nets.refiner import RefinerConfig, RefinerGenerator
from ..shading import highlighted, shadowed
from ..stages.refiner import LIKELY
from ..stages.torch_nets import pick_device
from . import ranks
from .critics import Critics, views
from .dataset import Drawings, Example, stack
from .loop import Settings, autocast
from .sheet import contact_sheet

BATCH = 8
CRITIC_SIZE = 128


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Weights of the generator's losses.

    Attributes:
        tone: of the cross entropy of shadow and of highlight.
        structure: of the squared error of the paint.
        full: of the full discriminator (lambda 2 of the thesis) relative to the patch discriminator.
        adversarial: of both.
    """

    tone: float = 1.0
    structure: float = 5.0
    full: float = 0.05
    adversarial: float = 0.02


class RefinerBatch(NamedTuple):
    """What is refined and what it should become, float32 in [0, 1].

    Attributes:
        sketch: (B, 1, h, w).
        ink: (B, 1, h, w), the clean line.
        proposal: (B, 3, h, w), flat.
        shadow: (B, 3, h, w), the proposal as it would look in full shadow.
        highlight: (B, 3, h, w), as it would look in full light.
        tones: (B, 2, h, w), where shadow and highlight truly lie.
        paint: (B, 3, h, w), the true paint.
    """

    sketch: Tensor
    ink: Tensor
    proposal: Tensor
    shadow: Tensor
    highlight: Tensor
    tones: Tensor
    paint: Tensor

    def to(self, device: torch.device) -> "RefinerBatch":
        """The same on `device`."""
        return RefinerBatch(*(t.to(device, non_blocking=True) for t in self))

    def shaded(self, tones: Tensor) -> Tensor:
        """The proposal under shadow and highlight (B, 2, h, w) -> float32 (B, 3, h, w)."""
        shadow, highlight = tones[:, :1], tones[:, 1:]
        paint = self.proposal + shadow * (self.shadow - self.proposal) + highlight * (self.highlight - self.proposal)
        return paint.clamp(0, 1)


def collate(examples: list[Example]) -> RefinerBatch:
    """Batch of examples: their segments filled with flat color, and their shaded paint."""
    flats = [e.segment_colors() for e in examples]
    dark, bright = (
        [tone(255 * flat, e.light()) / 255 for e, flat in zip(examples, flats, strict=True)]
        for tone in (shadowed, highlighted)
    )
    labels = [e.labels for e in examples]
    proposal, shadow, highlight = (
        stack([colors[where] for colors, where in zip(table, labels, strict=True)]) for table in (flats, dark, bright)
    )
    return RefinerBatch(
        sketch=stack([e.sketch for e in examples])[:, None],
        ink=stack([e.ink for e in examples])[:, None],
        proposal=proposal,
        shadow=shadow,
        highlight=highlight,
        tones=stack([e.tones() for e in examples]),
        paint=stack([e.paint() for e in examples]),
    )


class RefinerTask:
    """The refinement GAN as a training task."""

    averaged = ("generator",)

    def __init__(
        self,
        data: Path,
        settings: Settings,
        *,
        config: RefinerConfig | None = None,
        weights: Weights | None = None,
        learning_rate: float = 1e-3,
    ):
        """Set up on a data set."""
        self.config, self.loss_weights, self.seed = config or RefinerConfig(), weights or Weights(), settings.seed
        torch.manual_seed(settings.seed)
        self.device = pick_device(settings.device)
        self.generator = RefinerGenerator(self.config)
        self.generator.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.critics = Critics(CRITIC_SIZE, 0, learning_rate / 2, self.device)
        self.nets: Mapping[str, nn.Module] = {
            "generator": self.generator,
            "full": self.critics.full,
            "patch": self.critics.patch,
        }
        self.optimizers = {
            "generator": torch.optim.AdamW(
                self.generator.parameters(), lr=learning_rate, betas=(0.9, 0.99), weight_decay=1e-2
            ),
            "critics": self.critics.optimizer,
        }
        self.count = settings.batch or BATCH
        self.drawings = Drawings(data, "train", lit=True)
        held_out = Drawings(data, "validation", lit=True).held_out(settings.seed, self.config.size, 64)
        self.held_out = [collate(held_out[k : k + BATCH]) for k in range(0, len(held_out), BATCH)]

    def batch(self, step: int, share: int = 0) -> RefinerBatch:
        """The examples of a step, or of a rank's share of it."""
        return collate(self.drawings.batch(self.seed, step, self.config.size, self.count, multiple=32, share=share))

    def step(self, step: int, batch: RefinerBatch) -> dict[str, float | Tensor]:
        """One step of the generator, then one of the critics."""
        batch, w = batch.to(self.device), self.loss_weights
        logits = self._refine(self.generator, batch)
        paint = batch.shaded(logits.sigmoid())
        fake, real = paint * batch.ink, batch.paint * batch.ink
        losses = {
            "tone": F.binary_cross_entropy_with_logits(logits, batch.tones),
            "structure": (paint - batch.paint).square().mean(),
        }
        made = views(self.seed, step, fake, CRITIC_SIZE)
        losses["adversarial"] = self.critics.fooled(made, w.full)
        total = torch.stack([getattr(w, name) * value for name, value in losses.items()]).sum()
        ranks.descend(self.optimizers["generator"], total, clip=1.0)
        losses["critics"] = self.critics.learn(step, views(self.seed, step, real, CRITIC_SIZE), made)
        return dict(losses)

    @torch.inference_mode()
    def evaluate(self, nets: Mapping[str, nn.Module]) -> dict[str, float]:
        """How well shadow and highlight, drawn where they are likely, cover the true ones (Dice coefficient, 0..1), and
        the absolute error of the paint, 0..255, beside that of the flat proposal left as it is.
        """
        scores = []
        for batch in (held_out.to(self.device) for held_out in self.held_out):
            chances, true = self._refine(nets["generator"], batch).sigmoid(), batch.tones > 0.5
            drawn = chances > chances.new_tensor(LIKELY)[:, None, None]
            dice = 2 * (drawn & true).sum((0, 2, 3)) / (drawn.sum((0, 2, 3)) + true.sum((0, 2, 3))).clamp_min(1)
            scores.append(
                {
                    "shadow_dice": dice[0].item(),
                    "highlight_dice": dice[1].item(),
                    "absolute_error": 255 * (batch.shaded(chances) - batch.paint).abs().mean().item(),
                    "absolute_error_of_proposal": 255 * (batch.proposal - batch.paint).abs().mean().item(),
                }
            )
        return {name: round(float(np.mean([s[name] for s in scores])), 4) for name in scores[0]}

    @torch.inference_mode()
    def preview(self, nets: Mapping[str, nn.Module]) -> Image.Image:
        """Flat proposal, refined picture, true picture."""
        batch = self.held_out[0].to(self.device)
        chances = self._refine(nets["generator"], batch).sigmoid()
        refined = batch.shaded((chances > chances.new_tensor(LIKELY)[:, None, None]).float())
        pictures = [x * batch.ink for x in (batch.proposal, refined, batch.paint)]
        arrays = [(p.permute(0, 2, 3, 1).cpu().numpy() * 255).astype(np.uint8) for p in pictures]
        return contact_sheet([[a[k] for a in arrays] for k in range(len(batch.ink))], across=2)

    def _refine(self, net: nn.Module, batch: RefinerBatch) -> Tensor:
        with autocast(self.device):
            logits: Tensor = net(batch.sketch, batch.proposal)
        return logits
