"""Training of the color category net (thesis 3.3.1): sketch, segments and style clusters to six categories a pixel."""

from pathlib import Path

import torch

from ..color import CATEGORY_COLORS, categories_of
from ..nets.refinenet import RefineNet, RefineNetConfig
from ..stages.torch_nets import pick_device
from .dataset import TOKENS, Drawings, Example, stack
from .loop import Settings
from .priors import cluster_channels
from .segmentation import SegmentationBatch, SegmentationTask

BATCH = 16


def make_task(
    data: Path, settings: Settings, config: RefineNetConfig, *, prior: str | None = "clusters"
) -> SegmentationTask:
    """The task of training a category net; `prior` None trains without style clusters."""
    torch.manual_seed(settings.seed)
    train, validation = (Drawings(data, split, prior=prior) for split in ("train", "validation"))
    held_out, count = validation.held_out(settings.seed, config.size, 128), settings.batch or BATCH
    return SegmentationTask(
        RefineNet(config),
        lambda step, share=0: collate(train.batch(settings.seed, step, config.size, count, share=share)),
        [collate(held_out[k : k + BATCH]) for k in range(0, len(held_out), BATCH)],
        CATEGORY_COLORS,
        device=pick_device(settings.device),
        count=TOKENS,
    )


def collate(examples: list[Example]) -> SegmentationBatch:
    """Batch of sketches with the category of every pixel (Algorithm 1 on the flat colors) as target."""
    targets = [categories_of(e.colors)[e.group] for e in examples]
    return SegmentationBatch(
        sketch=stack([e.sketch for e in examples])[:, None],
        labels=stack([e.labels for e in examples]).long(),
        targets=stack(targets).long(),
        priors=cluster_channels(stack([e.prior for e in examples])),
    )
