"""What both baselines share: they make the whole picture from the sketch in one pass, at the proposal's size."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from skimage.color import deltaE_ciede2000
from torch import Tensor, nn

from ...color import to_lab
from ...nets.generator import GeneratorConfig
from ...stages.torch_nets import pick_device
from ...stages.view import net_shape, reduce_sketch
from ..dataset import Drawings, Example, stack
from ..loop import Settings, generator
from ..proposal import BATCH, condition
from ..sheet import contact_sheet

SIZE, SLOTS = GeneratorConfig().size, GeneratorConfig().slots
MULTIPLE = 32
HELD_OUT = 64


class PictureBatch(NamedTuple):
    """What a picture is made from and what it should be, float32 in [0, 1].

    Attributes:
        sketch: (B, 1, h, w), with the blemishes of real drawings.
        ink: (B, 1, h, w), the clean line.
        paint: (B, 3, h, w), the true shaded paint.
        figure: (B, h, w), 1 in the figure, 0 where paper is.
        palette: (B, K, 3), the palette inside the histogram that is asked for.
        weights: (B, K), the share of each of its colors.
    """

    sketch: Tensor
    ink: Tensor
    paint: Tensor
    figure: Tensor
    palette: Tensor
    weights: Tensor

    def to(self, device: torch.device) -> "PictureBatch":
        """The same on `device`."""
        return PictureBatch(*(tensor.to(device) for tensor in self))


def collate(examples: list[Example], rng: np.random.Generator | None) -> PictureBatch:
    """Batch of examples, with palettes as the proposal is told them."""
    conditions = [condition(example, SLOTS, rng) for example in examples]
    return PictureBatch(
        sketch=stack([e.sketch for e in examples])[:, None],
        ink=stack([e.ink for e in examples])[:, None],
        paint=stack([e.paint() for e in examples]),
        figure=stack([(e.parts > 0)[e.group].astype(np.float32) for e in examples]),
        palette=torch.from_numpy(np.stack([palette for palette, _ in conditions])),
        weights=torch.from_numpy(np.stack([weights for _, weights in conditions])),
    )


class PictureTask(ABC):
    """A baseline as a training task, up to its nets and its step: drawings, size and batch are the proposal's.

    The paint that a net makes is judged under the clean line, as the finished picture that it then is.
    """

    averaged = ("generator",)
    nets: Mapping[str, nn.Module]
    optimizers: Mapping[str, torch.optim.Optimizer]

    def __init__(self, data: Path, settings: Settings):
        """Open a data set; what sets up nets comes after."""
        self.seed, self.device = settings.seed, pick_device(settings.device)
        torch.manual_seed(settings.seed)
        self.count = settings.batch or BATCH
        self.drawings = Drawings(data, "train")
        held_out = Drawings(data, "validation").held_out(settings.seed, SIZE, HELD_OUT)
        self.held_out = [collate(held_out[k : k + BATCH], None) for k in range(0, len(held_out), BATCH)]

    def batch(self, step: int, share: int = 0) -> PictureBatch:
        """The examples of a step, or of a rank's share of it."""
        examples = self.drawings.batch(self.seed, step, SIZE, self.count, multiple=MULTIPLE, share=share)
        return collate(examples, generator(self.seed, step, 1, share=share))

    @abstractmethod
    def step(self, step: int, batch: PictureBatch) -> dict[str, float | Tensor]:
        """One step of the generator and one of what judges it."""

    @abstractmethod
    def paint(self, net: nn.Module, batch: PictureBatch) -> Tensor:
        """What a generator paints: float32 (B, 3, h, w) in [0, 1]."""

    @torch.inference_mode()
    def evaluate(self, nets: Mapping[str, nn.Module]) -> dict[str, float]:
        """CIEDE2000 over the figure, and the absolute error of the paint, 0..255."""
        scores = []
        for batch in (held_out.to(self.device) for held_out in self.held_out):
            made = self.paint(nets["generator"], batch)
            # Every fourth pixel of a row and a column says as much.
            ours, true = (_bytes(picture[:, :, ::4, ::4]) for picture in (made, batch.paint))
            figure = batch.figure[:, ::4, ::4].cpu().numpy()
            difference = deltaE_ciede2000(to_lab(ours / 255), to_lab(true / 255))
            scores.append(((difference * figure).sum() / figure.sum(), 255 * (made - batch.paint).abs().mean().item()))
        ciede2000, absolute = np.mean(scores, axis=0)
        return {"ciede2000": round(float(ciede2000), 4), "absolute_error": round(float(absolute), 4)}

    @torch.inference_mode()
    def preview(self, nets: Mapping[str, nn.Module]) -> Image.Image:
        """Sketch, picture made, true picture."""
        batch = self.held_out[0].to(self.device)
        made = self.paint(nets["generator"], batch) * batch.ink
        columns = [_bytes(p) for p in (batch.sketch.expand(-1, 3, -1, -1), made, batch.paint * batch.ink)]
        return contact_sheet([[column[k] for column in columns] for k in range(len(batch.ink))], across=2)


class Painter(ABC):
    """A trained baseline: from a drawing and a histogram to paint.

    Attributes:
        name: in the table.
        steered: whether the histogram says anything to it.
    """

    name: str
    steered: bool

    def __call__(self, gray: npt.NDArray[np.uint8], histogram: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
        """Paint a drawing at the size it was trained at, and enlarge that.

        Args:
            gray: uint8 (H, W), 255 = paper.
            histogram: float32, see `salac.histogram`.

        Returns:
            The paint below the line, uint8 (H, W, 3).
        """
        sketch = torch.from_numpy(reduce_sketch(gray, net_shape(gray.shape[0], gray.shape[1], SIZE, MULTIPLE)))
        with torch.inference_mode():
            (small,) = _bytes(self.paint(sketch, histogram))
        size = gray.shape[1], gray.shape[0]
        large: npt.NDArray[np.uint8] = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
        return large

    @abstractmethod
    def paint(self, sketch: Tensor, histogram: npt.NDArray[np.float32]) -> Tensor:
        """Paint a sketch float32 (1, 1, h, w) of net size -> float32 (1, 3, h, w) in [0, 1]."""


def _bytes(pictures: Tensor) -> npt.NDArray[Any]:
    """Pictures float (B, 3, h, w) in [0, 1] as uint8 (B, h, w, 3)."""
    return np.rint(pictures.float().permute(0, 2, 3, 1).cpu().numpy() * 255).clip(0, 255).astype(np.uint8)
