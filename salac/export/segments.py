"""Segments for other programs: as a picture of ids, as plain facts, and what may have leaked as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import OutputError
from ..types import Leak, Segments

LEAK_COLOR = (255, 0, 0)


def id_picture(labels: NDArray[np.integer[Any]]) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Write every pixel's id into a picture that holds it exactly, 0 = line.

    Read it back with `np.asarray(PIL.Image.open(path)).astype(int)`, and where that has three channels
    with `... @ [1, 256, 65536]`.

    Args:
        labels: (H, W), ids >= 0.

    Returns:
        uint16 (H, W) where ids end below 65,536. Otherwise uint8 (H, W, 3), id = red + 256 green + 65,536 blue, as in
        the panoptic pictures of COCO.

    Raises:
        OutputError: an id does not fit into 24 bits.
    """
    largest = int(labels.max(initial=0))
    if largest < 1 << 16:
        return labels.astype(np.uint16)
    if largest >= 1 << 24:
        raise OutputError(f"id {largest} does not fit into a picture: write .npz")
    return np.stack([labels >> shift & 0xFF for shift in (0, 8, 16)], axis=-1).astype(np.uint8)


def leak_picture(labels: NDArray[np.integer[Any]], leaks: Sequence[Leak]) -> NDArray[np.uint8]:
    """Mark leaks in red on the segments in pale colors: a line that closes each, in a circle to find it by.

    Args:
        labels: (H, W), 0 = line.
        leaks: as `salac.tbs.find_leaks` gives them.

    Returns:
        uint8 sRGB (H, W, 3).
    """
    from .sheet import label_colors

    picture = label_colors(labels)
    paper = labels > 0
    picture[paper] = 255 - (255 - picture[paper]) // 3
    thickness = max(round(min(labels.shape) / 400), 1)
    for leak in leaks:
        (y, x), (other_y, other_x) = leak.ends
        cv2.line(picture, (x, y), (other_x, other_y), LEAK_COLOR, thickness)
        radius = round(leak.width / 2) + 6 * thickness
        cv2.circle(picture, ((x + other_x) // 2, (y + other_y) // 2), radius, LEAK_COLOR, thickness, cv2.LINE_AA)
    return picture


def facts(segments: Segments, colors: NDArray[np.uint8]) -> dict[str, Any]:
    """Describe segments in lists that JSON can hold; entry i is about segment i, entry 0 about the line.

    Args:
        segments: the segments.
        colors: uint8 (count + 1, 3), the color that each has in a picture.
    """
    height, width = segments.labels.shape
    pairs = zip(segments.adjacency.pairs.tolist(), segments.adjacency.lengths.tolist(), strict=True)
    return {
        "size": [width, height],
        "segments": segments.count,
        "areas": segments.areas.tolist(),
        "boxes": segments.boxes.tolist(),
        "radius": segments.radius.tolist(),
        "colors": [f"#{bytes(color).hex()}" for color in colors],
        "adjacency": [[one, other, length] for (one, other), length in pairs],
    }
