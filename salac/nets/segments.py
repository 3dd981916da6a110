"""What nets know of segments: means over them, values painted back into them, and what each segment looks like.

Label numbers carry no meaning here: permuting them permutes per-segment values and leaves every picture as it was.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

SEGMENT_CHANNELS = 8
"""Channels of `encode_segments`."""


def segment_sums(values: Tensor, labels: Tensor, count: int) -> Tensor:
    """Sum `values` (B, C, H, W) over each segment of `labels` (B, H, W) below `count` -> float32 (B, count, C)."""
    batch, channels = values.shape[:2]
    index = (labels + torch.arange(batch, device=labels.device)[:, None, None] * count).reshape(-1)
    rows = values.permute(0, 2, 3, 1).reshape(-1, channels).float()
    total = torch.zeros(batch * count, channels, device=values.device).index_add(0, index, rows)
    return total.view(batch, count, channels)


def segment_areas(labels: Tensor, count: int) -> Tensor:
    """Pixels of each segment of `labels` (B, H, W) -> float32 (B, count)."""
    return segment_sums(torch.ones_like(labels[:, None], dtype=torch.float32), labels, count)[..., 0]


def segment_means(values: Tensor, labels: Tensor, areas: Tensor) -> Tensor:
    """Mean of `values` (B, C, H, W) over each segment, given `areas` (B, count) -> float32 (B, count, C)."""
    return segment_sums(values, labels, areas.shape[1]) / areas.clamp_min(1)[..., None]


def segment_classes(logits: Tensor, labels: Tensor, count: int) -> Tensor:
    """The one class of each segment, that of its mean `logits` (B, C, H, W) -> int64 (B, count)."""
    return segment_sums(logits, labels, count).argmax(-1)


def segment_fill(values: Tensor, labels: Tensor) -> Tensor:
    """Paint one vector a segment, `values` (B, count, C), into `labels` (B, H, W) -> (B, C, H, W)."""
    batch, count, channels = values.shape
    index = labels + torch.arange(batch, device=labels.device)[:, None, None] * count
    # Not by indexing, whose gradient CUDA adds up one pixel after the other.
    pixels = values.reshape(batch * count, channels).index_select(0, index.flatten())
    return pixels.view(*labels.shape, channels).permute(0, 3, 1, 2)


def encode_segments(labels: Tensor, count: int) -> Tensor:
    """Describe a segment map (the TBS map) in channels that do not depend on label numbers.

    Args:
        labels: int64 (B, H, W), 0 <= label < count.
        count: number of labels.

    Returns:
        float32 (B, 8, H, W) in [0, 1]: segment boundary; then, constant inside a segment, log area, centroid y and x,
        and the share of the picture's top, left and right, and bottom border that it covers; last the pixel's own
        height.
    """
    batch, height, width = labels.shape
    # No size becomes a Python number: an exported net takes drawings of any size.
    rows, columns = (torch.arange(n, device=labels.device, dtype=torch.float32) for n in (height, width))
    y = (rows / (height - 1))[:, None].expand(height, width)
    x = (columns / (width - 1))[None, :].expand(height, width)
    # Rows and columns are whole; where they are divided, CUDA misses 1 at some sizes by a rounding.
    first_row, last_row = (((rows == end)[:, None] / width).expand(height, width) for end in (0, height - 1))
    sides = ((columns == 0).float() + (columns == width - 1).float()) * (0.5 / height)
    measures = torch.stack([torch.ones_like(y), y, x, first_row, sides.expand(height, width), last_row])
    sums = segment_sums(measures.expand(batch, -1, -1, -1), labels, count)
    area = sums[..., :1]
    log_area = torch.log1p(area) / torch.log1p(area.sum(1, keepdim=True))
    shape = segment_fill(torch.cat([log_area, sums[..., 1:3] / area.clamp_min(1), sums[..., 3:]], -1), labels)
    across, down = labels[:, :, 1:] != labels[:, :, :-1], labels[:, 1:, :] != labels[:, :-1, :]
    boundary = torch.maximum(F.pad(across.float(), (0, 1)), F.pad(down.float(), (0, 0, 0, 1)))
    return torch.cat([boundary[:, None], shape, y.expand(batch, 1, -1, -1)], 1)
