"""Training of the refinement GAN (thesis 3.4): from flat color to the paint of a finished illustration."""

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
from ..stages.stage import pick_device
from .critics import Critics, Views
from .dataset import Drawings, Example, stack
from .loop import Settings, autocast
from .sheet import contact_sheet

BATCH = 8
CRITIC_SIZE = 128


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Weights of the generator's losses.

    Attributes:
        structure: of the squared error.
        absolute: of the absolute error beside it.
        full: of the full discriminator (lambda 2 of the thesis) relative to the patch discriminator.
        adversarial: of both.
    """

    structure: float = 5.0
    absolute: float = 1.0
    full: float = 0.05
    adversarial: float = 0.02


class RefinerBatch(NamedTuple):
    """Sketch (B, 1, h, w), clean ink (B, 1, h, w), flat proposal and true paint (B, 3, h, w), float32 in [0, 1]."""

    sketch: Tensor
    ink: Tensor
    proposal: Tensor
    paint: Tensor

    def to(self, device: torch.device) -> "RefinerBatch":
        """The same on `device`."""
        return RefinerBatch(*(t.to(device) for t in self))


def collate(examples: list[Example]) -> RefinerBatch:
    """Batch of examples: their segments filled with flat color, and their shaded paint."""
    return RefinerBatch(
        sketch=stack([e.sketch for e in examples])[:, None],
        ink=stack([e.ink for e in examples])[:, None],
        proposal=stack([e.segment_colors()[e.labels] for e in examples]),
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
        self.drawings = Drawings(data, "train").lit_only()
        held_out = Drawings(data, "validation").lit_only().held_out(settings.seed, self.config.size, 64)
        self.held_out = [collate(held_out[k : k + BATCH]) for k in range(0, len(held_out), BATCH)]

    def batch(self, step: int) -> RefinerBatch:
        """The examples of a step."""
        return collate(self.drawings.batch(self.seed, step, self.config.size, BATCH, multiple=32))

    def step(self, step: int, batch: RefinerBatch) -> dict[str, float | Tensor]:
        """One step of the generator, then one of the critics."""
        batch, w = batch.to(self.device), self.loss_weights
        paint = self._refine(self.generator, batch)
        fake, real = paint * batch.ink, batch.paint * batch.ink
        losses = {
            "structure": (paint - batch.paint).square().mean(),
            "absolute": (paint - batch.paint).abs().mean(),
        }
        made = self._views(step, fake)
        losses["adversarial"] = self.critics.fooled(made, w.full)
        total = torch.stack([getattr(w, name) * value for name, value in losses.items()]).sum()
        self.optimizers["generator"].zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(self.generator.parameters(), 1.0)
        self.optimizers["generator"].step()
        losses["critics"] = self.critics.learn(step, self._views(step, real), made)
        return dict(losses)

    def _views(self, step: int, picture: Tensor) -> Views:
        """What the critics see: the whole at half size, and one crop, the same for real and fake, at full size."""
        rng = np.random.default_rng([self.seed, step, 2])
        height, width = picture.shape[2:]
        top, left = int(rng.integers(height - CRITIC_SIZE + 1)), int(rng.integers(width - CRITIC_SIZE + 1))
        crop = picture[:, :, top : top + CRITIC_SIZE, left : left + CRITIC_SIZE]
        return Views(F.avg_pool2d(picture, 2), crop)

    @torch.inference_mode()
    def evaluate(self, nets: Mapping[str, nn.Module]) -> dict[str, float]:
        """Absolute error of the paint, 0..255, beside that of the flat proposal left as it is."""
        ours = flat = 0.0
        for batch in (held_out.to(self.device) for held_out in self.held_out):
            ours += float((self._refine(nets["generator"], batch) - batch.paint).abs().mean()) / len(self.held_out)
            flat += float((batch.proposal - batch.paint).abs().mean()) / len(self.held_out)
        return {"absolute_error": round(255 * ours, 3), "absolute_error_of_proposal": round(255 * flat, 3)}

    @torch.inference_mode()
    def preview(self, nets: Mapping[str, nn.Module]) -> Image.Image:
        """Flat proposal, refined picture, true picture."""
        batch = self.held_out[0].to(self.device)
        refined = self._refine(nets["generator"], batch).clamp(0, 1)
        pictures = [x * batch.ink for x in (batch.proposal, refined, batch.paint)]
        arrays = [(p.permute(0, 2, 3, 1).cpu().numpy() * 255).astype(np.uint8) for p in pictures]
        return contact_sheet([[a[k] for a in arrays] for k in range(len(batch.ink))], across=2)

    def _refine(self, net: nn.Module, batch: RefinerBatch) -> Tensor:
        with autocast(self.device):
            change: Tensor = net(batch.sketch, batch.proposal)
        return batch.proposal + change.float()
