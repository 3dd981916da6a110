"""Training of a RefineNet as a per-pixel classifier: what style-cluster nets and category net have in common."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from ..nets.refinenet import RefineNet
from . import ranks
from .loop import autocast
from .sheet import contact_sheet


class SegmentationBatch(NamedTuple):
    """Sketches float32 (B, 1, h, w), labels int64 (B, h, w), targets int64 (B, h, w), priors float32 (B, C, h, w) or
    None.
    """

    sketch: Tensor
    labels: Tensor
    targets: Tensor
    priors: Tensor | None


class SegmentationTask:
    """Cross entropy over pixels (thesis 3.2.2)."""

    averaged = ("net",)

    def __init__(
        self,
        net: RefineNet,
        draw: Callable[..., SegmentationBatch],
        held_out: list[SegmentationBatch],
        colors: npt.NDArray[np.uint8],
        *,
        device: torch.device,
        count: int,
        learning_rate: float = 1e-3,
    ):
        """Set up.

        Args:
            net: what learns.
            draw: makes, from a step and a share, the batch of a step or a rank's share of it; a pure function.
            held_out: batches to score by.
            colors: uint8 (classes, 3), to show classes in previews.
            device: where to train.
            count: labels in a segment map at most.
            learning_rate: peak.
        """
        self.net = net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.nets: Mapping[str, nn.Module] = {"net": self.net}
        optimizer = torch.optim.AdamW(self.net.parameters(), lr=learning_rate, betas=(0.9, 0.99), weight_decay=1e-2)
        self.optimizers = {"net": optimizer}
        self.batch, self.held_out, self.colors, self.device, self.count = draw, held_out, colors, device, count

    def step(self, step: int, batch: SegmentationBatch) -> dict[str, float | Tensor]:
        """One optimizer step."""
        logits, targets = self._logits(self.net, batch)
        loss = F.cross_entropy(logits, targets)
        ranks.descend(self.optimizers["net"], loss, clip=1.0)
        return {"cross_entropy": loss, "accuracy": (logits.argmax(1) == targets).float().mean()}

    @torch.inference_mode()
    def evaluate(self, nets: Mapping[str, nn.Module]) -> dict[str, float]:
        """Cross entropy and accuracy over pixels, and accuracy averaged over classes."""
        entropy, hits, pixels = 0.0, np.zeros(len(self.colors)), np.zeros(len(self.colors))
        for batch in self.held_out:
            logits, targets = self._logits(nets["net"], batch)
            entropy += float(F.cross_entropy(logits, targets)) / len(self.held_out)
            hit = targets[logits.argmax(1) == targets]
            hits += np.bincount(hit.cpu().numpy(), minlength=len(hits))
            pixels += np.bincount(targets.flatten().cpu().numpy(), minlength=len(hits))
        return {
            "cross_entropy": round(entropy, 4),
            "accuracy": round(float(hits.sum() / pixels.sum()), 4),
            "class_accuracy": round(float(np.mean(hits[pixels > 0] / pixels[pixels > 0])), 4),
        }

    @torch.inference_mode()
    def preview(self, nets: Mapping[str, nn.Module]) -> Image.Image:
        """Sketch, prediction and target of held-out drawings."""
        batch = self.held_out[0]
        logits, targets = self._logits(nets["net"], batch)
        sketches = (batch.sketch[:, 0].numpy() * 255).astype(np.uint8)[..., None].repeat(3, -1)
        maps = [self.colors[m.cpu().numpy()] for m in (logits.argmax(1), targets)]
        return contact_sheet([[sketches[k], *(m[k] for m in maps)] for k in range(len(sketches))], across=4)

    def _logits(self, net: nn.Module, batch: SegmentationBatch) -> tuple[Tensor, Tensor]:
        priors = None if batch.priors is None else batch.priors.to(self.device)
        with autocast(self.device):
            logits = net(batch.sketch.to(self.device), batch.labels.to(self.device), self.count, priors)
        return logits.float(), batch.targets.to(self.device)
