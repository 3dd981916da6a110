"""Training of the two style-cluster nets (thesis 3.2.2 and 4.2) on pictures that our StyleGAN2 drew.

First on the grey pictures, then on their sketches: the first half of the steps and the second.
"""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch

from ..nets.refinenet import RefineNet, RefineNetConfig
from ..nets.stylegan2 import StyleGAN2Generator
from ..stages.style_clusters import CLUSTERS
from ..stages.torch_nets import pick_device
from ..tbs import segment
from .build import fold_segments
from .dataset import TOKENS, stack
from .loop import Settings, generator
from .segmentation import SegmentationBatch, SegmentationTask
from .style_gan import fit_clusters, generate_pairs

BATCH = 16
PAIRS = 5000
HELD_OUT = 128
CLUSTER_COLORS = np.array(
    [[238, 238, 238], [230, 120, 90], [90, 140, 220], [120, 190, 110], [220, 180, 70], [160, 110, 200], [70, 70, 80]],
    np.uint8,
)
GRAY, SKETCH, LABELS, LAYER7, LAYER9 = range(5)
"""Planes of the stored pairs."""


def write_pairs(gan: StyleGAN2Generator, path: Path, seed: int, side: int, count: int = PAIRS) -> None:
    """Fit the style clusters of a trained generator, and store `count` drawn pictures as uint8 (count, 5, side, side).

    The planes are grey picture, sketch, segments, and the clusters of layers 7 and 9.
    """
    clusters = fit_clusters(gan, seed)
    clusters.save(path.with_name("style-clusters.safetensors"))
    planes = np.empty((count, 5, side, side), np.uint8)
    size = side, side
    for k, pair in enumerate(generate_pairs(gan, clusters, count, seed, sketch_size=2 * side)):
        labels = fold_segments(segment(pair.sketch, lines="nearest").labels)[::2, ::2]
        planes[k] = (
            cv2.resize(cv2.cvtColor(pair.picture, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA),
            cv2.resize(pair.sketch, size, interpolation=cv2.INTER_AREA),
            labels.astype(np.uint8),
            cv2.resize(pair.labels7, size, interpolation=cv2.INTER_NEAREST),
            cv2.resize(pair.labels9, size, interpolation=cv2.INTER_NEAREST),
        )
    np.save(path, planes)


def make_task(pairs: Path, layer: int, settings: Settings, config: RefineNetConfig) -> SegmentationTask:
    """The task of training the net of one layer (7 or 9) on stored pairs."""
    planes = np.load(pairs, mmap_mode="r")
    plane = {7: LAYER7, 9: LAYER9}[layer]
    torch.manual_seed(settings.seed)

    def draw(step: int, share: int = 0) -> SegmentationBatch:
        rng = generator(settings.seed, step, share=share)
        source = GRAY if step < settings.steps // 2 else SKETCH
        return _collate(
            [_augmented(planes[HELD_OUT + rng.integers(len(planes) - HELD_OUT)], rng) for _ in range(BATCH)],
            source,
            plane,
        )

    return SegmentationTask(
        RefineNet(config),
        draw,
        [_collate(list(np.array(planes[k : k + BATCH])), SKETCH, plane) for k in range(0, HELD_OUT, BATCH)],
        CLUSTER_COLORS[: CLUSTERS[layer]],
        device=pick_device(settings.device),
        count=TOKENS,
    )


def _collate(pairs: list[npt.NDArray[np.uint8]], source: int, plane: int) -> SegmentationBatch:
    return SegmentationBatch(
        sketch=stack([p[source] for p in pairs])[:, None].float() / 255,
        labels=stack([p[LABELS] for p in pairs]).long(),
        targets=stack([p[plane] for p in pairs]).long(),
        priors=None,
    )


def _augmented(pair: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Mirror, zoom and shift all planes alike."""
    zoom = rng.uniform(0.65, 1.0)
    across = zoom if rng.random() < 0.5 else -zoom
    side = pair.shape[-1]
    shift = rng.uniform(-0.5, 0.5, 2) * (1 - zoom) * side
    centre = side / 2 - 0.5
    matrix = np.array([[across, 0, centre * (1 - across) + shift[0]], [0, zoom, centre * (1 - zoom) + shift[1]]])
    smooth, near = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.stack(
        [
            cv2.warpAffine(
                np.ascontiguousarray(p),
                matrix,
                (side, side),
                flags=smooth if k in (GRAY, SKETCH) else near,
                borderMode=cv2.BORDER_REPLICATE,
            )
            for k, p in enumerate(pair)
        ]
    )
