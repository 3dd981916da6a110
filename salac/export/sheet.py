"""A contact sheet of one colorization: every stage side by side."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from ..color import CATEGORY_COLORS
from ..types import Colorization

GAP = 8


def label_colors(labels: npt.NDArray[np.integer]) -> npt.NDArray[np.uint8]:
    """Paint a label map (H, W) in colors that tell neighbors apart, 0 in black: uint8 (H, W, 3)."""
    colors: npt.NDArray[np.uint8] = color_table(int(labels.max()))[labels]
    return colors


def color_table(count: int) -> npt.NDArray[np.uint8]:
    """The colors of `label_colors` for labels 0..count: uint8 (count + 1, 3)."""
    labels = np.arange(count + 1)
    hues = (labels * 0.61803398875 * 180 % 180).astype(np.uint8)
    spread = labels * 7 % 3
    table: npt.NDArray[np.uint8] = cv2.cvtColor(
        np.stack([hues, 110 + 40 * spread, 250 - 30 * spread], -1)[None].astype(np.uint8), cv2.COLOR_HSV2RGB
    )[0]
    table[0] = 0
    return table


def stage_pictures(result: Colorization) -> dict[str, npt.NDArray[np.uint8]]:
    """Every stage by name, as uint8 (H, W, 3) of the sketch's size."""
    inked = (result.sketch[..., None].astype(np.uint16), 255)
    return {
        "sketch": result.sketch[..., None].repeat(3, -1),
        "segments": label_colors(result.segments.labels),
        "style clusters, layer 7": label_colors(result.style_clusters.layer7.astype(np.int32) + 1),
        "style clusters, layer 9": label_colors(result.style_clusters.layer9.astype(np.int32) + 1),
        "color categories": (CATEGORY_COLORS[result.categories] * inked[0] // inked[1]).astype(np.uint8),
        "proposal": (result.proposal * inked[0] // inked[1]).astype(np.uint8),
        "result": result.image,
    }


def stage_sheet(result: Colorization, side: int) -> Image.Image:
    """Sketch, segments, style clusters of both layers, categories, proposal and image, each at most `side` px."""
    pictures = list(stage_pictures(result).values())
    height, width = result.sketch.shape
    scale = min(1.0, side / max(height, width))
    tile = max(1, round(width * scale)), max(1, round(height * scale))
    sheet = np.full((tile[1], len(pictures) * (tile[0] + GAP) - GAP, 3), 255, np.uint8)
    for k, picture in enumerate(pictures):
        left = k * (tile[0] + GAP)
        sheet[:, left : left + tile[0]] = cv2.resize(picture, tile, interpolation=cv2.INTER_AREA)
    return Image.fromarray(sheet)
