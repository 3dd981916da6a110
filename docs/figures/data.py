"""Make the pictures of docs/data.md: `python docs/figures/data.py DATA ILLUSTRATION`.

DATA is a data set of `salac data build`, ILLUSTRATION a painted picture whose licence lets it be shown.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from salac.color import CATEGORY_COLORS, categories_of
from salac.export.sheet import label_colors
from salac.image import read_picture
from salac.training.augment import BLEMISHES
from salac.training.contact import write_sheet
from salac.training.dataset import Drawings
from salac.training.illustrations import centred, plain_background, prepare_illustration
from salac.training.sheet import contact_sheet
from salac.training.upscale import load_upscaler

HERE = Path(__file__).parent


def blemishes(data: Path) -> None:
    """Every blemish on one drawing, clean first; below, whole augmentations."""
    drawings = Drawings(data, "train")
    dark = (255 - np.ascontiguousarray(drawings.maps[int(drawings.figures[3])][0])).astype(np.float32) / 255
    made = [dark, *(blemish(dark, np.random.default_rng(2)) for blemish, _ in BLEMISHES)]
    rows = [np.rint(255 - 255 * one.clip(0, 1)).astype(np.uint8) for one in made]
    rng = np.random.default_rng(0)
    rows += [np.rint(255 * drawings.draw(rng, (256, 256)).sketch).astype(np.uint8) for _ in range(15)]
    contact_sheet([[row[..., None].repeat(3, 2)] for row in rows], across=7).save(
        HERE / "data-blemishes.png", optimize=True
    )


def preparation(illustration: Path) -> None:
    """An illustration, its lines with and without super-resolution, segments, categories, flats and paint."""
    picture = read_picture(illustration)
    square = centred(picture, plain_background(picture))
    small = cv2.resize(square.picture, (256, 256), interpolation=cv2.INTER_AREA)
    samples = [
        prepare_illustration(square, np.random.default_rng(1), boost=1.2, enlarge=enlarge)
        for enlarge in (None, load_upscaler().enlarge)
    ]
    plain, sample = (one for one in samples if one is not None)
    ink, group, _, labels = sample.maps[:4]
    colors = np.array(sample.entry["colors"], np.uint8)
    panels = [
        small,
        plain.maps[0][..., None].repeat(3, 2),
        ink[..., None].repeat(3, 2),
        label_colors(labels),
        CATEGORY_COLORS[categories_of(colors)][group],
        colors[group],
        sample.maps[4:].transpose(1, 2, 0),
    ]
    Image.fromarray(np.hstack(panels)).save(HERE / "data-preparation.png", optimize=True)


if __name__ == "__main__":
    data, illustration = map(Path, sys.argv[1:])
    write_sheet(data, HERE / "data-sheet.png", count=8)
    blemishes(data)
    preparation(illustration)
