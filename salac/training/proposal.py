"""Training of the color proposal GAN (thesis 3.3.2) on drawings whose palettes are drawn anew at every step.

The generator learns to hand the colors of a histogram out to segments. Because a drawing meets endless palettes, what
it can learn is which segments belong together and which color suits which part, not which color a drawing "has".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from PIL import Image
from skimage.color import deltaE_ciede2000
from torch import Tensor, nn

from ..color import CATEGORIES, categories_of, to_lab
from ..histogram import RGBuvHistogram, hellinger_distance
from ..nets.generator import FIXED_COLORS, ConvProposalGenerator, GeneratorConfig, Proposal, ProposalGenerator
from ..nets.segments import segment_areas, segment_fill, segment_means
from ..shading import highlighted, shadowed
from ..stages.choice import choose
from ..stages.torch_nets import pick_device
from . import ranks
from .critics import Critics, Views
from .dataset import Drawings, Example, stack
from .loop import Settings, autocast, generator
from .losses import alike_loss, pointer_loss
from .priors import class_channels
from .sheet import contact_sheet

BATCH = 16
PALETTES = 3
"""Palettes in which a generator that looks once meets every drawing of a step: looking is what costs."""
FIXED_HANDICAP = 8.0
"""A fixed color serves a segment only where it is nearer than every palette color by this much, in Lab."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """Weights of the generator's losses.

    Attributes:
        structure: of the squared error (lambda 1 of the thesis).
        absolute: of the absolute error beside it, which keeps saturated colors from averaging out.
        pointer: of the cross entropy over palette colors.
        alike: of the cross entropy of whether two segments have one color.
        parts: of the cross entropy over semantic parts.
        color: of the Hellinger distance between the histograms asked for and got.
        full: of the full discriminator (lambda 2 of the thesis) relative to the patch discriminator.
        adversarial: of both.
    """

    structure: float = 5.0
    absolute: float = 2.0
    pointer: float = 0.3
    alike: float = 0.3
    parts: float = 0.3
    color: float = 0.2
    full: float = 0.05
    adversarial: float = 0.02


class ProposalBatch(NamedTuple):
    """What a proposal is made from and what it should be: B drawings, each in P palettes of K slots.

    N is the number of labels that the fullest drawing has. The palettes of one drawing lie next to each other.

    Attributes:
        sketch: float32 (B, 1, h, w).
        labels: (B, h, w), segments, numbered without gaps; uint8 until they are on the device.
        prior: uint8 (B, h, w), codes of color categories, see `priors`.
        palette: float32 (B * P, K, 3).
        weights: float32 (B * P, K).
        colors: float32 (B * P, N, 3), the true color of every segment.
        slots: int64 (B * P, N), the palette or fixed color nearest to it.
        parts: int64 (B * P, N), its semantic part.
    """

    sketch: Tensor
    labels: Tensor
    prior: Tensor
    palette: Tensor
    weights: Tensor
    colors: Tensor
    slots: Tensor
    parts: Tensor

    @property
    def palettes(self) -> int:
        """P."""
        return len(self.palette) // len(self.labels)

    @property
    def tokens(self) -> int:
        """N."""
        return self.parts.shape[1]

    def to(self, device: torch.device) -> "ProposalBatch":
        """The same on `device`; what a net needs to be wide widens only there."""
        batch = ProposalBatch(*(t.to(device, non_blocking=True) for t in self))
        return batch._replace(labels=batch.labels.long())


def condition(
    example: Example, slots: int, rng: np.random.Generator | None
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The palette inside the histogram of an example's figure (its background left out): (slots, 3) and (slots,).

    With `rng` the palette is as wrong as palettes from elsewhere are: colors come with their shades, shares vary, small
    colors are missing, others appear that the figure does not have, and the black of lines is in it, as in most
    pictures that one takes colors from.
    """
    shown, areas = example.colors, _areas(example, example.ink)
    if not areas.any():
        return np.zeros((slots, 3), np.float32), np.zeros(slots, np.float32)
    if rng is not None and rng.random() < 0.4:
        tones, light = example.tones(), example.light()
        shades = [_areas(example, example.ink * tones[..., k]) for k in (0, 1)]
        flat = example.colors.astype(np.float32)
        shown = np.vstack([shown, *(shade(flat, light).astype(np.uint8) for shade in (shadowed, highlighted))])
        areas = np.concatenate([(areas - sum(shades)).clip(0), *shades])
    if rng is not None and rng.random() < 0.25:
        shown = np.vstack([shown, rng.integers(0, 40, (1, 3), np.uint8)])
        areas = np.append(areas, rng.random() * (1 - example.ink).sum())
    histogram = RGBuvHistogram()
    colors, weights = histogram.palette(histogram.from_palette(shown[areas > 0], areas[areas > 0]), slots)
    if rng is not None:
        if rng.random() < 0.7:
            weights = weights * np.exp(rng.normal(0, rng.uniform(0, 0.8), len(weights)))
        if rng.random() < 0.5 and len(weights) > 4:
            kept = (weights > 0.03 * weights.sum()) | (rng.random(len(weights)) < 0.5)
            colors, weights = colors[kept], weights[kept]
        if rng.random() < 0.4:
            count = int(rng.integers(1, 4))
            strangers = rng.uniform(0.05, 1, (count, 3)) * rng.uniform(0.4, 1, (count, 1))
            colors = np.concatenate([colors, strangers])
            weights = np.concatenate([weights, weights.sum() * rng.uniform(0.005, 0.12, count)])
    palette, shares = np.zeros((slots, 3), np.float32), np.zeros(slots, np.float32)
    count = min(slots, len(colors))
    palette[:count], shares[:count] = colors[:count], weights[:count]
    return palette, shares / max(float(shares.sum()), 1e-6)


def _areas(example: Example, weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """The sum of `weights` (h, w) over every group of the figure: (groups,), 0 for what is background."""
    areas = np.bincount(example.group.ravel(), weights.ravel(), len(example.colors)).astype(np.float64)
    areas[example.parts == 0] = 0
    return areas


def nearest_slots(example: Example, palette: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]) -> npt.NDArray:
    """The slot every group should point at: int64 (groups,); background points at paper, the first fixed color."""
    slots = np.concatenate([palette, np.array(FIXED_COLORS, np.float32)])
    difference = to_lab(example.colors / 255)[:, None] - to_lab(slots)[None]
    distance = np.sqrt((difference**2).sum(-1))
    distance[:, : len(palette)][:, weights <= 0] = np.inf
    distance[:, len(palette) :] += FIXED_HANDICAP
    nearest = distance.argmin(1)
    nearest[example.parts == 0] = len(palette)
    return nearest


def numbered(examples: list[Example]) -> list[Example]:
    """The same drawings with only the labels that are there: attention costs the square of their number."""
    shown = [np.unique(e.labels, return_inverse=True) for e in examples]
    most = max(len(present) for present, _ in shown)
    return [
        replace(
            e,
            labels=labels.reshape(e.labels.shape).astype(np.uint8),
            segment_groups=np.pad(e.segment_groups[present], (0, most - len(present))),
        )
        for e, (present, labels) in zip(examples, shown, strict=True)
    ]


def collate(examples: list[Example], slots: int, rng: np.random.Generator | None) -> ProposalBatch:
    """Batch of examples with their palettes, as wrong as palettes from elsewhere where `rng` is given."""
    examples = numbered(examples)
    colorings = [coloring for example in examples for coloring in example.colorings()]
    conditions = [condition(e, slots, rng) for e in colorings]
    targets = [nearest_slots(e, *c)[e.segment_groups] for e, c in zip(colorings, conditions, strict=True)]
    return ProposalBatch(
        sketch=stack([e.sketch for e in examples])[:, None],
        labels=stack([e.labels for e in examples]),
        prior=stack([e.prior for e in examples]),
        palette=torch.from_numpy(np.stack([c[0] for c in conditions])),
        weights=torch.from_numpy(np.stack([c[1] for c in conditions])),
        colors=torch.from_numpy(np.stack([e.segment_colors() for e in colorings])),
        slots=torch.from_numpy(np.stack(targets)).long(),
        parts=torch.from_numpy(np.stack([e.segment_parts() for e in colorings])).long(),
    )


class ProposalTask:
    """The proposal GAN as a training task."""

    averaged = ("generator",)

    def __init__(
        self,
        data: Path,
        settings: Settings,
        *,
        config: GeneratorConfig | None = None,
        kind: type[ProposalGenerator] | type[ConvProposalGenerator] = ProposalGenerator,
        prior: str | None = "categories",
        weights: Weights | None = None,
        learning_rate: float = 2e-3,
    ):
        """Set up on a data set; `prior` None trains without color categories, `kind` chooses the generator."""
        config = config or GeneratorConfig()
        self.config, self.loss_weights, self.seed = config, weights or Weights(), settings.seed
        torch.manual_seed(settings.seed)
        self.histogram = RGBuvHistogram()
        self.device = pick_device(settings.device)
        self.generator = kind(config)
        self.generator.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.critics = Critics(config.size // 2, self.histogram.bins, learning_rate / 4, self.device)
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
        self.drawings = Drawings(data, "train", prior=prior)
        held_out = Drawings(data, "validation", prior=prior).held_out(settings.seed, config.size, 128)
        self.held_out = [collate(held_out[k : k + 16], config.slots, None) for k in range(0, len(held_out), 16)]

    def batch(self, step: int, share: int = 0) -> ProposalBatch:
        """The examples of a step, or of a rank's share of it."""
        palettes = PALETTES if isinstance(self.generator, ProposalGenerator) else 1
        examples = self.drawings.batch(self.seed, step, self.config.size, self.count, share=share, palettes=palettes)
        return collate(examples, self.config.slots, generator(self.seed, step, 1, share=share))

    def step(self, step: int, batch: ProposalBatch) -> dict[str, float | Tensor]:
        """One step of the generator, then one of the critics."""
        batch, w = batch.to(self.device), self.loss_weights
        areas = segment_areas(batch.labels, batch.tokens).repeat_interleave(batch.palettes, 0)
        figure = areas * (batch.parts > 0)
        proposal = self._propose(self.generator, batch)
        if isinstance(proposal, Tensor):
            true = batch.colors
            asked = self.histogram.of_colors(true, figure)
            losses, fake = self._painted_losses(proposal, batch, asked)
        else:
            # The best that pointing at this palette can do; a color that it lacks is not the generator's fault.
            true = proposal.colors.gather(1, batch.slots[..., None].expand(-1, -1, 3))
            asked = self.histogram.of_colors(true, figure)
            losses, fake = self._pointed_losses(proposal, batch, true, asked, areas)
        # Critics see every drawing once, in the first of its palettes.
        real, asked = segment_fill(true[:: batch.palettes], batch.labels[:, 1::2, 1::2]), asked[:: batch.palettes]
        losses["adversarial"] = self.critics.fooled(Views(fake, fake), w.full, asked)
        total = torch.stack([getattr(w, name) * value for name, value in losses.items()]).sum()
        ranks.descend(self.optimizers["generator"], total, clip=1.0)
        losses["critics"] = self.critics.learn(step, Views(real, real), Views(fake, fake), asked.detach())
        return dict(losses)

    def _pointed_losses(
        self, proposal: Proposal, batch: ProposalBatch, true: Tensor, asked: Tensor, areas: Tensor
    ) -> tuple[dict[str, Tensor], Tensor]:
        """Losses of segments that point at a palette, and the picture they make, at the critics' size.

        A segment counts by the root of its area, so that an eye is not lost beside a coat.
        """
        importance = areas.sqrt()
        share = importance / ranks.mean(importance.sum())
        colors = proposal.soft_colors()
        error = colors - true
        got = self.histogram.of_colors(colors, areas * (batch.parts > 0))
        losses = {
            "structure": (error.square().mean(-1) * share).sum(),
            "absolute": (error.abs().mean(-1) * share).sum(),
            "pointer": pointer_loss(proposal.pointer, batch.slots, importance),
            "alike": alike_loss(proposal.alike, batch.slots, importance * (batch.parts > 0)),
            "parts": pointer_loss(proposal.parts, batch.parts, importance),
            "color": hellinger_distance(got, asked).mean(),
        }
        return losses, segment_fill(colors[:: batch.palettes], batch.labels[:, 1::2, 1::2])

    def _painted_losses(self, painted: Tensor, batch: ProposalBatch, asked: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Losses of a painted picture, as in the thesis, and that picture at the critics' size."""
        figure = segment_fill((batch.parts > 0).float()[..., None], batch.labels)[:, 0]
        losses = {
            "structure": (painted - segment_fill(batch.colors, batch.labels)).square().mean(),
            "color": hellinger_distance(self.histogram(painted, figure), asked).mean(),
        }
        return losses, F.avg_pool2d(painted, 2)

    @torch.inference_mode()
    def evaluate(self, nets: Mapping[str, nn.Module]) -> dict[str, float]:
        """Scores over the figure's area with the true colors as condition: CIEDE2000, category accuracy, Hellinger
        asked/got; for segments that point also part accuracy and the shares of figure and paper taken for what they
        are.
        """
        scores = []
        for batch in (held_out.to(self.device) for held_out in self.held_out):
            proposal = self._propose(nets["generator"], batch)
            areas = segment_areas(batch.labels, batch.tokens)
            figure = areas * (batch.parts > 0)
            colors = hard_colors(proposal, batch)
            difference = deltaE_ciede2000(to_lab(colors.cpu().numpy()), to_lab(batch.colors.cpu().numpy()))
            bytes_got, bytes_true = ((c.cpu().numpy() * 255).round().astype(np.uint8) for c in (colors, batch.colors))
            same = categories_of(bytes_got.reshape(-1, 3)) == categories_of(bytes_true.reshape(-1, 3))
            share = (figure / figure.sum(1, keepdim=True)).cpu().numpy()
            asked, got = self.histogram.of_colors(batch.colors, figure), self.histogram.of_colors(colors, figure)
            score = {
                "ciede2000": (difference * share).sum(1).mean(),
                "category_accuracy": (same.reshape(share.shape) * share).sum(1).mean(),
                "hellinger": hellinger_distance(got, asked).mean().item(),
            }
            if isinstance(proposal, Proposal):
                parts = proposal.parts.argmax(-1)
                score["part_accuracy"] = ((parts == batch.parts).cpu().numpy() * share).sum(1).mean()
                score["figure_kept"] = 1 - (((parts == 0) * figure).sum() / figure.sum()).item()
                paper = areas - figure
                score["paper_kept"] = (((parts == 0) * paper).sum() / paper.sum()).item()
            scores.append(score)
        return {name: round(float(np.mean([s[name] for s in scores])), 4) for name in scores[0]}

    @torch.inference_mode()
    def preview(self, nets: Mapping[str, nn.Module]) -> Image.Image:
        """Sketch, truth, proposal from the true histogram, and from those of the two drawings before."""
        batch = self.held_out[0].to(self.device)
        columns = [batch.sketch.expand(-1, 3, -1, -1), segment_fill(batch.colors, batch.labels)]
        for shift in range(3):
            other = batch._replace(palette=batch.palette.roll(shift, 0), weights=batch.weights.roll(shift, 0))
            columns.append(segment_fill(hard_colors(self._propose(nets["generator"], other), other), batch.labels))
        ink = batch.sketch
        pictures = [columns[0], *(c * ink for c in columns[1:])]
        arrays = [(p.permute(0, 2, 3, 1).cpu().numpy() * 255).astype(np.uint8) for p in pictures]
        return contact_sheet([[a[k] for a in arrays] for k in range(len(ink))], across=2)

    def _propose(self, net: Any, batch: ProposalBatch) -> Proposal | Tensor:
        with autocast(self.device):
            categories = class_channels(batch.prior, len(CATEGORIES))
            seen = net.see(batch.sketch, batch.labels, batch.tokens, categories)
            if batch.palettes > 1:
                seen = type(seen)(*(values.repeat_interleave(batch.palettes, 0) for values in seen))
            proposal: Proposal | Tensor = net.color(seen, batch.palette, batch.weights)
        return proposal


def hard_colors(proposal: Proposal | Tensor, batch: ProposalBatch) -> Tensor:
    """The one color of every segment, as it will be shown: float32 (B, N, 3).

    It is the color chosen, white for what is taken for paper, or the mean of what is painted there.
    """
    if isinstance(proposal, Tensor):
        return segment_means(proposal, batch.labels, segment_areas(batch.labels, batch.tokens))
    fields = {name: values.cpu().numpy() for name, values in proposal._asdict().items()}
    colors = np.ones((len(batch.labels), batch.tokens, 3), np.float32)
    for k, (shares, labels) in enumerate(zip(batch.weights.cpu().numpy(), batch.labels.cpu().numpy(), strict=True)):
        slots, paper = choose({name: values[k] for name, values in fields.items()}, shares, labels)
        colors[k] = np.where(paper[:, None], 1, fields["colors"][k][slots])
    return torch.from_numpy(colors).to(batch.labels.device)
