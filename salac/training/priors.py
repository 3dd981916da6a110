"""What earlier stages say of the stored drawings, predicted once and kept beside them as priors of later stages.

A prior is a plane of codes, uint8 (N, side, side), of the size of the net that predicts it: 0 says nothing, and 1 + c
is class c. Two sets of style clusters share a plane as 1 + 6 * layer7 + layer9.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..nets.refinenet import RefineNet
from ..nets.segments import segment_classes, segment_fill
from ..stages.style_clusters import CLUSTERS
from .build import INK, LABELS
from .dataset import TOKENS, Drawings
from .loop import autocast

LAYER7_CLUSTERS, LAYER9_CLUSTERS = CLUSTERS.values()
CLUSTER_CHANNELS = LAYER7_CLUSTERS + LAYER9_CLUSTERS


def cluster_channels(codes: Tensor) -> Tensor:
    """Codes of style clusters uint8 (B, h, w) -> one-hot float32 (B, 13, h, w), zeros where nothing is said."""
    index = codes.long() - 1
    layer7, layer9 = (
        torch.where(codes > 0, 1 + cluster, 0) for cluster in (index // LAYER9_CLUSTERS, index % LAYER9_CLUSTERS)
    )
    return torch.cat([class_channels(layer7, LAYER7_CLUSTERS), class_channels(layer9, LAYER9_CLUSTERS)], 1)


def class_channels(codes: Tensor, classes: int) -> Tensor:
    """Codes of one classification (B, h, w) -> one-hot float32 (B, classes, h, w), zeros for none."""
    classification = torch.arange(1, classes + 1, dtype=codes.dtype, device=codes.device)
    return (codes[:, None] == classification[:, None, None]).float()


def write_clusters(data: Path, layer7: RefineNet, layer9: RefineNet, device: torch.device) -> None:
    """Predict the style clusters of every stored drawing."""
    layer7, layer9 = layer7.to(device), layer9.to(device)

    def predict(sketch: Tensor, labels: Tensor, _: Tensor) -> Tensor:
        first, second = (net(sketch, labels, TOKENS).argmax(1) for net in (layer7, layer9))
        return 1 + LAYER9_CLUSTERS * first + second

    _write(data, "clusters", None, predict, layer7.config.size, device)
    _maker(data, "clusters").write_text(_fingerprint(layer7, layer9))


def write_categories(data: Path, net: RefineNet, device: torch.device, *, prior: str | None = "clusters") -> None:
    """Predict the color category of every segment of every stored drawing.

    Args:
        data: a data set.
        net: a trained category net.
        device: where to predict.
        prior: "clusters" where those have been predicted before; None for a net that was trained without them.
    """
    net = net.to(device)

    def predict(sketch: Tensor, labels: Tensor, codes: Tensor) -> Tensor:
        logits = net(sketch, labels, TOKENS, cluster_channels(codes))
        chosen = segment_classes(logits, labels, TOKENS)
        return 1 + segment_fill(chosen[..., None], labels)[:, 0]

    _write(data, "categories", prior, predict, net.config.size, device)
    _maker(data, "categories").write_text(_fingerprint(net))


def is_made_by(data: Path, name: str, *nets: RefineNet) -> bool:
    """Whether a prior was predicted by nets with just these weights: several runs may share a data set."""
    maker = _maker(data, name)
    return maker.exists() and maker.read_text() == _fingerprint(*nets)


def _maker(data: Path, name: str) -> Path:
    return data / "train" / f"{name}.sha256"


def _fingerprint(*nets: RefineNet) -> str:
    digest = hashlib.sha256()
    for net in nets:
        for key, value in net.state_dict().items():
            digest.update(key.encode() + value.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


@torch.inference_mode()
def _write(
    data: Path,
    name: str,
    needs: str | None,
    predict: Callable[[Tensor, Tensor, Tensor], Tensor],
    side: int,
    device: torch.device,
) -> None:
    # The training split last: where it is there, all is.
    for split in ("validation", "train"):
        drawings = Drawings(data, split, prior=needs)
        codes = np.zeros((len(drawings), side, side), np.uint8)
        for first in range(0, len(drawings), 32):
            maps = torch.from_numpy(np.array(drawings.maps[first : min(first + 32, len(drawings))])).to(device)
            cell = maps.shape[-1] // side
            sketch = F.avg_pool2d(maps[:, INK : INK + 1].float() / 255, cell)
            labels = maps[:, LABELS, cell - 1 :: cell, cell - 1 :: cell].long()
            prior = torch.from_numpy(np.array(drawings.priors[first : first + 32])).to(device)
            with autocast(device):
                codes[first : first + 32] = predict(sketch, labels, prior).to(torch.uint8).cpu().numpy()
        part = data / split / f"{name}.part.npy"
        np.save(part, codes)
        os.replace(part, data / split / f"{name}.npy")
