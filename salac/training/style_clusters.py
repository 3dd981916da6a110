"""Training of the two style-cluster nets (thesis 3.2.2 and 4.2) on pictures whose style clusters are known.

First on the grey pictures, then on their sketches: the first half of the steps and the second.
"""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch

from ..nets.refinenet import RefineNet, RefineNetConfig
from ..stages.style_clusters import CLUSTERS
from ..stages.torch_nets import pick_device
from .clustering import fit_clusters
from .dataset import TOKENS, stack
from .loop import Settings, generator
from .segmentation import SegmentationBatch, SegmentationTask
from .style_sources import StyleSource

BATCH = 16
PAIRS, CLUSTERED = 5000, 100
"""Pictures to learn from (thesis 3.2.2), and of these the first, in which clusters are found."""
HELD_OUT = 128
CLUSTER_COLORS = np.array(
    [[238, 238, 238], [230, 120, 90], [90, 140, 220], [120, 190, 110], [220, 180, 70], [160, 110, 200], [70, 70, 80]],
    np.uint8,
)
GRAY, SKETCH, LABELS, LAYER7, LAYER9 = range(5)
"""Planes of the stored pairs."""


def write_pairs(source: StyleSource, path: Path, seed: int, side: int, count: int = PAIRS) -> None:
    """Fit style clusters, and store `count` pictures with theirs as uint8 (count, 5, side, side).

    The planes are grey picture, sketch, segments, and the clusters of layers 7 and 9. The clusters themselves are kept
    beside them.
    """
    clusters = fit_clusters(source, seed, pictures=min(CLUSTERED, count))
    planes = np.empty((count, 5, side, side), np.uint8)
    k = 0
    for batch in source.batches(count, seed):
        styles = clusters.assign(batch.features)
        for pair in zip(batch.grays, batch.sketches, batch.labels, styles[7], styles[9], strict=True):
            for plane, values in enumerate(pair):
                how = cv2.INTER_AREA if plane in (GRAY, SKETCH) else cv2.INTER_NEAREST
                planes[k, plane] = cv2.resize(values, (side, side), interpolation=how)
            k += 1
    np.save(path, planes)
    clusters.save(clusters_of(path))


def clusters_of(pairs: Path) -> Path:
    """Where the clusters are kept that stored pairs were made with."""
    return pairs.with_name("style-clusters.safetensors")


def make_task(pairs: Path, layer: int, settings: Settings, config: RefineNetConfig) -> SegmentationTask:
    """The task of training the net of one layer (7 or 9) on stored pairs."""
    planes = np.load(pairs, mmap_mode="r")
    plane = {7: LAYER7, 9: LAYER9}[layer]
    torch.manual_seed(settings.seed)

    def draw(step: int, share: int = 0) -> SegmentationBatch:
        rng = generator(settings.seed, step, share=share)
        source = GRAY if step < settings.steps // 2 else SKETCH
        return _collate(
            [
                _augmented(planes[HELD_OUT + rng.integers(len(planes) - HELD_OUT)], rng)
                for _ in range(settings.batch or BATCH)
            ],
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
