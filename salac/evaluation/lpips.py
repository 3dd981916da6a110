"""Perceptual distance: LPIPS (Zhang et al. 2018) in its shift-tolerant form (Ghildyal and Liu 2022, ST-LPIPS, VGG).

A line art's twin is often a pixel off, which this form forgives. Its figures are smaller than those of the first LPIPS:
compare them with one another, not with other papers'.
"""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from .weights import WeightsInWheel

Picture = npt.NDArray[np.uint8]

WEIGHTS = WeightsInWheel(
    package="stlpips-pytorch==0.0.2",
    digest="a412bf901a97c942b37af57c7c63b6e5d1aebfe8d1dfc17853d4b2f878630645",
    member="stlpips_pytorch/weights/vST0.0/vgg_shift_tolerant.pth",
    needed_by="LPIPS",
)
SIDE = 256
"""Longer side of a picture as it is compared, px."""

_SLICES = ((0, 2), (6, 8), (12, 14, 16), (20, 22, 24), (28, 30, 32))
"""Numbers of VGG16's convolutions in the file of weights; each slice but the first begins with pooling."""


def perceptual_distance(first: Picture, second: Picture) -> float:
    """Tell how different two pictures look: 0 = the same.

    Args:
        first: uint8 (H, W, 3), sRGB, reduced to 256 px by area where it is larger.
        second: of the same size.

    Raises:
        MissingExtraError: the weights cannot be had.
    """
    return float(_distance(vgg_weights(), _reduced(first), _reduced(second)))


@cache
def vgg_weights() -> dict[str, Tensor]:
    """The weights of VGG16 and of LPIPS, by name.

    Raises:
        MissingExtraError: they cannot be had.
    """
    weights: dict[str, Tensor] = torch.load(WEIGHTS.fetch(), map_location="cpu", weights_only=True)
    return weights


@torch.inference_mode()
def _distance(weights: dict[str, Tensor], first: Tensor, second: Tensor) -> Tensor:
    total = torch.zeros(())
    for number, seen in enumerate(vgg_features(weights, torch.cat([first, second]))):
        one, other = F.normalize(seen, eps=1e-10).chunk(2)
        total = total + F.conv2d((one - other).square(), weights[f"lin{number}.model.1.weight"]).mean()
    return total


def vgg_features(weights: dict[str, Tensor], pictures: Tensor, slices: int = len(_SLICES)) -> list[Tensor]:
    """What VGG16 sees before each pooling.

    Args:
        weights: of `vgg_weights`.
        pictures: float (B, 3, H, W) in [-1, 1].
        slices: how many are wanted, of 5: relu1_2, relu2_2, relu3_3, relu4_3, relu5_3.
    """
    seen = (pictures - weights["scaling_layer.shift"]) / weights["scaling_layer.scale"]
    features = []
    for number, convolutions in enumerate(_SLICES[:slices]):
        name = f"net.slice{number + 1}"
        if number:
            blur = weights[f"{name}.{convolutions[0] - 1}.filt"]
            # Shift tolerance: the maximum at every pixel, then a blur before every second pixel is dropped.
            densely = F.pad(F.max_pool2d(seen, 2, stride=1), (2, 2, 2, 2), mode="reflect")
            seen = F.conv2d(densely, blur, stride=2, groups=densely.shape[1])
        for layer in convolutions:
            seen = F.conv2d(seen, weights[f"{name}.{layer}.weight"], weights[f"{name}.{layer}.bias"], padding=1).relu()
        features.append(seen)
    return features


def _reduced(picture: Picture) -> Tensor:
    scale = SIDE / max(picture.shape[:2])
    if scale < 1:
        height, width = (max(32, round(side * scale)) for side in picture.shape[:2])
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return torch.from_numpy(picture.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
