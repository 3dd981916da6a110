"""Pictures side by side, each with a caption: what most figures are."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
TILE = 300
CAPTION = 26
GAP = 10

Picture = NDArray[np.uint8]
Panel = tuple[str, Picture]


def row(name: str, panels: Sequence[Panel]) -> None:
    """Write captioned pictures side by side as `name`.png beside this file, each fitted into a square."""
    sheet = Image.new("RGB", (len(panels) * (TILE + GAP) - GAP, CAPTION + TILE), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for i, (caption, pixels) in enumerate(panels):
        left = i * (TILE + GAP)
        picture = Image.fromarray(pixels).convert("RGB")
        scale = TILE / max(picture.size)
        # Enlarged pixels stay square, so that single ones can be seen.
        how = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX
        picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), how)
        sheet.paste(picture, (left + (TILE - picture.width) // 2, CAPTION))
        draw.text((left + TILE / 2, CAPTION / 2), caption, fill="black", font=font, anchor="mm")
    sheet.save(HERE / f"{name}.png", optimize=True)
