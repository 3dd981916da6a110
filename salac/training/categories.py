"""Training of the color category net (thesis 3.3.1): sketch, segments and style clusters to six categories a pixel."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..color import CATEGORIES, CATEGORY_COLORS, categories_of
from ..nets.refinenet import RefineNet, RefineNetConfig
from .dataset import TOKENS, Drawings, Example, stack
from .loop import Settings, pick_device
from .priors import CLUSTER_CHANNELS, cluster_channels
from .segmentation import SegmentationBatch, SegmentationTask

BATCH = 16


def make_task(data: Path, settings: Settings, *, width: int = 20, size: int = 128) -> SegmentationTask:
    """The task of training a category net on a data set whose style clusters have been predicted."""
    config = RefineNetConfig(classes=len(CATEGORIES), priors=CLUSTER_CHANNELS, width=width, size=size)
    torch.manual_seed(settings.seed)
    train, validation = (Drawings(data, split, prior="clusters") for split in ("train", "validation"))
    return SegmentationTask(
        RefineNet(config),
        lambda step: collate(train.batch(settings.seed, step, size, BATCH)),
        [collate(validation.held_out(settings.seed, size, 128)[k : k + 16]) for k in range(0, 128, 16)],
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
