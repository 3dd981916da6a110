"""Style clusters: k-means on the features of a net that knows illustrations (thesis section 3.2.2)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from torch import Tensor

from ..errors import ModelError
from ..stages.style_clusters import CLUSTERS
from .loop import generator as random_numbers
from .style_sources import STYLE_GAN, StyleSource


@dataclass(frozen=True)
class LayerClusters:
    """K-means clusters of one layer's features.

    Attributes:
        mean: float32 (C,), of the features, by channel.
        deviation: float32 (C,), their standard deviation.
        centers: float32 (k, C), cluster centers of the standardised features, the largest cluster first.
    """

    mean: npt.NDArray[np.float32]
    deviation: npt.NDArray[np.float32]
    centers: npt.NDArray[np.float32]

    def assign(self, features: Tensor) -> npt.NDArray[np.uint8]:
        """Nearest cluster of every pixel: features (B, C, h, w) -> uint8 (B, h, w)."""
        points = (features.detach().float().cpu().permute(0, 2, 3, 1).numpy() - self.mean) / self.deviation
        return _nearest(points, self.centers)


@dataclass(frozen=True)
class StyleClusterModel:
    """Style clusters.

    Attributes:
        source: name of the `StyleSource` that they were found in.
        layers: clusters by layer of the StyleGAN2, or by the layer of another net that stands in for it.
    """

    source: str
    layers: Mapping[int, LayerClusters]

    def assign(self, features: Mapping[int, Tensor]) -> dict[int, npt.NDArray[np.uint8]]:
        """Style clusters of pictures by their features: (B, C, h, w) -> uint8 (B, h, w), layer by layer."""
        return {number: clusters.assign(features[number]) for number, clusters in self.layers.items()}

    def save(self, path: Path) -> None:
        """Write a safetensors file, atomically."""
        tensors = {
            f"{number}.{key}": value for number, layer in self.layers.items() for key, value in vars(layer).items()
        }
        part = path.with_suffix(".part")
        part.write_bytes(save(tensors, {"arch": "style_cluster_model", "format_version": "2", "source": self.source}))
        os.replace(part, path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file written by `save`.

        Raises:
            ModelError: the file is missing, damaged or holds something else.
        """
        try:
            with safe_open(path, framework="numpy") as file:
                metadata = file.metadata() or {}
                if metadata.get("arch") != "style_cluster_model":
                    raise ModelError(f"{path} holds no style clusters: fit them with fit_clusters and save them")
                parts = {
                    number: {name: file.get_tensor(f"{number}.{name}") for name in ("mean", "deviation", "centers")}
                    for number in CLUSTERS
                }
        except (SafetensorError, OSError) as error:
            raise ModelError(f"{path} is no readable style cluster file ({error}): fit and save them again") from error
        return cls(
            metadata.get("source", STYLE_GAN), {number: LayerClusters(**layer) for number, layer in parts.items()}
        )


def fit_clusters(source: StyleSource, seed: int, *, pictures: int) -> StyleClusterModel:
    """Cluster the features of both layers over some pictures.

    Args:
        source: of pictures and their features.
        seed: of the pictures and of k-means; the same seed gives the same clusters.
        pictures: how many; 1024 random pixels of each are clustered.

    Source: thesis section 3.2.2; Pakhomov et al. 2021, "Segmentation in Style" (arXiv 2107.12518).
    """
    rng = random_numbers(seed, 0)
    samples: dict[int, list[npt.NDArray[np.float32]]] = {number: [] for number in CLUSTERS}
    for features in source.features(pictures, seed):
        for number, chosen in samples.items():
            for picture in features[number].float().cpu().flatten(2).transpose(1, 2).numpy():
                chosen.append(picture[rng.choice(len(picture), 1024, replace=False)])
    layers = {}
    for number, chosen in samples.items():
        points = np.concatenate(chosen)
        mean, deviation = points.mean(0), points.std(0) + 1e-6
        centers = kmeans((points - mean) / deviation, CLUSTERS[number], rng)
        layers[number] = LayerClusters(mean, deviation, centers)
    return StyleClusterModel(source.name, layers)


def kmeans(
    points: npt.NDArray[np.float32], clusters: int, rng: np.random.Generator, *, restarts: int = 4
) -> npt.NDArray[np.float32]:
    """Lloyd's algorithm from k-means++ seeds, the best of several runs.

    Args:
        points: float32 (N, C).
        clusters: how many.
        rng: source of the seeds.
        restarts: runs; the one with the least squared error is kept.

    Returns:
        Cluster centers float32 (clusters, C), ordered by falling number of points.

    Source: Arthur and Vassilvitskii 2007, "k-means++: The Advantages of Careful Seeding".
    """
    best_error, best = np.inf, points[:clusters]
    for _ in range(restarts):
        centers = points[rng.integers(len(points))][None]
        nearest = np.full(len(points), np.inf)
        while len(centers) < clusters:
            nearest = np.minimum(nearest, np.square(points - centers[-1]).sum(1))
            centers = np.vstack([centers, points[rng.choice(len(points), p=nearest / nearest.sum())]])
        labels = _nearest(points, centers)
        for _ in range(100):
            sums = np.eye(clusters, dtype=np.float32)[labels].T @ points
            counts = np.bincount(labels, minlength=clusters)
            centers = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centers).astype(np.float32)
            before, labels = labels, _nearest(points, centers)
            if np.array_equal(before, labels):
                break
        error = np.square(points - centers[labels]).sum(dtype=np.float64)
        if error < best_error:
            best_error = error
            best = centers[np.argsort(-np.bincount(labels, minlength=clusters), kind="stable")]
    return best


def _nearest(points: npt.NDArray[np.float32], centers: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Index of the nearest center: points (..., C), centers (k, C) -> uint8 (...)."""
    return (points @ centers.T - np.square(centers).sum(1) / 2).argmax(-1).astype(np.uint8)
