"""Make the pictures of the README with the bundled model: `python docs/figures/readme.py`."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

import salac

HERE = Path(__file__).parent
SKETCHES = sorted((HERE.parent.parent / "examples" / "sketches").glob("*.png"))
TILE = 320
GAP = 12
SEEDS = (28, 14)
"""Of the colors in the gallery."""


def tile(picture: np.ndarray) -> np.ndarray:
    """Fit a picture (H, W[, 3]) into a white square of `TILE` px."""
    if picture.ndim == 2:
        picture = picture[..., None].repeat(3, -1)
    height, width = picture.shape[:2]
    scale = TILE / max(height, width)
    small = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    square = np.full((TILE, TILE, 3), 255, np.uint8)
    top, left = (TILE - small.shape[0]) // 2, (TILE - small.shape[1]) // 2
    square[top : top + small.shape[0], left : left + small.shape[1]] = small
    return square


def lay_out(rows: list[list[np.ndarray]]) -> Image.Image:
    """Rows of equal tiles with white gaps."""
    height, width = len(rows) * (TILE + GAP) - GAP, len(rows[0]) * (TILE + GAP) - GAP
    sheet = np.full((height, width, 3), 255, np.uint8)
    for i, row in enumerate(rows):
        for j, picture in enumerate(row):
            top, left = i * (TILE + GAP), j * (TILE + GAP)
            sheet[top : top + TILE, left : left + TILE] = picture
    return Image.fromarray(sheet)


def main() -> None:
    """Write gallery.png, stages.png and variations.png beside this file."""
    colorizer = salac.Colorizer.from_pretrained()
    results = [[colorizer(path, seed=seed) for seed in SEEDS] for path in SKETCHES]
    gallery = [tile(p) for first, second in results for p in (first.sketch, first.image, second.image)]
    across = 6
    rows = [gallery[k : k + across] for k in range(0, len(gallery) - across + 1, across)]
    lay_out(rows).save(HERE / "gallery.png", optimize=True)
    portrait = next(path for path in SKETCHES if path.stem == "portrait")
    colorizer(portrait, seed=SEEDS[0]).sheet(side=300).save(HERE / "stages.png", optimize=True)
    varied = [tile(r.image) for r in colorizer.variations(portrait, n=12)]
    lay_out([varied[:6], varied[6:]]).save(HERE / "variations.png", optimize=True)


if __name__ == "__main__":
    main()
