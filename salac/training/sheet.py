"""Contact sheets of training: rows of pictures side by side."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image


def contact_sheet(groups: Sequence[Sequence[npt.NDArray[np.uint8]]], across: int, gap: int = 4) -> Image.Image:
    """Lay out `groups` of pictures uint8 (h, w, 3), all of one size, `across` groups a row."""
    height, width = groups[0][0].shape[:2]
    per_group = len(groups[0])
    rows = -(-len(groups) // across)
    sheet = np.full((rows * (height + gap), across * (per_group * width + gap), 3), 128, np.uint8)
    for k, group in enumerate(groups):
        top, left = k // across * (height + gap), k % across * (per_group * width + gap)
        for picture in group:
            sheet[top : top + height, left : left + width] = picture
            left += width
    return Image.fromarray(sheet)
