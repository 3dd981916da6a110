"""The thesis' second baseline, "SALAC (generative only)" (section 4.3): one GAN and nothing around it.

The convolutional generator of the color proposal (3.3.2), told the histogram, plays against the full and the patch
discriminator with R1, and makes the finished picture at once: no segments, no style clusters, no categories, no
cleaning, no refiner.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ...histogram import RGBuvHistogram, hellinger_distance
from ...nets.generator import CATEGORIES, ConvProposalGenerator, GeneratorConfig
from ...stages.torch_nets import pick_device
from .. import ranks
from ..critics import Critics, views
from ..loop import Settings, autocast, load_averages
from ..proposal import Weights
from .picture import SLOTS, Painter, PictureBatch, PictureTask

CRITIC_SIZE = 96


class GenerativeTask(PictureTask):
    """The generator on its own as a training task, with the losses of the thesis' proposal."""

    def __init__(self, data: Path, settings: Settings, *, learning_rate: float = 2e-3):
        """Set up on a data set."""
        super().__init__(data, settings)
        self.histogram, self.weights = RGBuvHistogram(), Weights()
        self.generator = ConvProposalGenerator(GeneratorConfig())
        self.generator.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.critics = Critics(CRITIC_SIZE, self.histogram.bins, learning_rate / 4, self.device)
        self.nets = {"generator": self.generator, "full": self.critics.full, "patch": self.critics.patch}
        parameters = self.generator.parameters()
        self.optimizers = {
            "generator": torch.optim.AdamW(parameters, lr=learning_rate, betas=(0.9, 0.99), weight_decay=1e-2),
            "critics": self.critics.optimizer,
        }

    def step(self, step: int, batch: PictureBatch) -> dict[str, float | Tensor]:
        """One step of the generator, then one of the critics."""
        batch, w = batch.to(self.device), self.weights
        paint = self.paint(self.generator, batch)
        asked = self.histogram(batch.paint, batch.figure)
        losses = {
            "structure": (paint - batch.paint).square().mean(),
            "color": hellinger_distance(self.histogram(paint, batch.figure), asked).mean(),
        }
        real, made = (views(self.seed, step, p * batch.ink, CRITIC_SIZE) for p in (batch.paint, paint))
        losses["adversarial"] = self.critics.fooled(made, w.full, asked)
        total = torch.stack([getattr(w, name) * value for name, value in losses.items()]).sum()
        ranks.descend(self.optimizers["generator"], total, clip=1.0)
        losses["critics"] = self.critics.learn(step, real, made, asked)
        return dict(losses)

    def paint(self, net: nn.Module, batch: PictureBatch) -> Tensor:
        """What a generator paints: float32 (B, 3, h, w) in [0, 1]."""
        with autocast(self.device):
            return _paint(net, batch.sketch, batch.palette, batch.weights)


class Generative(Painter):
    """The trained generator."""

    name, steered = "SALAC, generative only", True

    def __init__(self, checkpoint: Path, device: str | None = None):
        """Load a checkpoint.

        Raises:
            ModelError: it is damaged or of another net.
        """
        self.device, self.histogram = pick_device(device), RGBuvHistogram()
        self.net = ConvProposalGenerator(GeneratorConfig())
        load_averages(checkpoint, {"generator": self.net})
        self.net.eval().to(self.device)

    def paint(self, sketch: Tensor, histogram: npt.NDArray[np.float32]) -> Tensor:
        """Paint a sketch float32 (1, 1, h, w) of net size -> float32 (1, 3, h, w) in [0, 1]."""
        colors, shares = self.histogram.palette(histogram, SLOTS)
        palette = torch.zeros(1, SLOTS, 3)
        weights = torch.zeros(1, SLOTS)
        palette[0, : len(colors)], weights[0, : len(colors)] = torch.from_numpy(colors), torch.from_numpy(shares)
        return _paint(self.net, *(tensor.to(self.device) for tensor in (sketch, palette, weights)))


def _paint(net: nn.Module, sketch: Tensor, palette: Tensor, weights: Tensor) -> Tensor:
    """Paint with nothing known of segments, all of the picture being one, nor of categories."""
    labels = torch.zeros_like(sketch[:, 0], dtype=torch.long)
    categories = torch.zeros_like(sketch).expand(-1, CATEGORIES, -1, -1)
    picture: Tensor = net(sketch, labels, 1, categories, palette, weights)
    return picture
