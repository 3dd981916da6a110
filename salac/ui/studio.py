"""What the page does with a drawing, without the page: plain values in and out, nothing kept between calls."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ..colorizer import Colorizer
from ..errors import InputError
from ..export.sheet import stage_pictures
from ..steering import given_histogram
from ..types import Colorization

Picture = npt.NDArray[np.uint8]

VARIATIONS = 8
COLORS = 12
"""Swatches of a palette; a drawing seldom has more colors, and small ones follow the larger ones anyway."""
VIEW = 1600
"""Pixels of the longer side of what is shown; what is downloaded has the drawing's own size."""
EASEL = 1024
"""... of what is scribbled on."""
THUMBNAIL = 480
"""... of a variation or a stage."""


@dataclass(frozen=True, eq=False)
class Work:
    """A drawing on the page, as one visitor has colored it so far.

    Attributes:
        name: of the drawing's file, without suffix.
        plain: the drawing without scribbles; every other coloring of it starts there.
        asked: which colors, as `Colorizer.resume` takes them: a seed, a palette or a histogram.
        scribbles: uint8 (H, W, 4) of the drawing's size; None without any.
        shaded: whether the flats are refined.
        result: what all this gives.
    """

    name: str
    plain: Colorization
    asked: Mapping[str, Any]
    scribbles: Picture | None
    shaded: bool
    result: Colorization

    @property
    def title(self) -> str:
        """Where the colors come from, in words."""
        if "palette" in self.asked:
            return "your palette"
        return f"seed {self.asked['seed']}" if "seed" in self.asked else "your reference"


def open_drawing(colorizer: Colorizer, path: str | os.PathLike[str], shaded: bool = True) -> Work:
    """Read a drawing and color it with the colors of seed 0.

    Raises:
        InputError: it is no picture, or cannot be used.
    """
    plain = colorizer(path, seed=0, refine=shaded)
    return Work(Path(path).stem, plain, {"seed": 0}, None, shaded, plain)


def recolor(colorizer: Colorizer, work: Work, **changes: Any) -> Work:
    """Change the colors that are asked for, the scribbles or the shade, and color the drawing again.

    Args:
        colorizer: the model.
        work: a drawing.
        **changes: `asked`, `scribbles`, `shaded`: fields of `Work`.

    Raises:
        InputError: the colors cannot be used.
    """
    work = replace(work, **changes)
    result = colorizer.resume(work.plain, **work.asked, hints=work.scribbles, refine=work.shaded)
    return replace(work, result=result)


def variations(colorizer: Colorizer, work: Work, first: int) -> Iterator[tuple[Picture, str]]:
    """Color the drawing by eight seeds, its scribbles obeyed: small pictures with their captions, one by one."""
    for seed in range(first, first + VARIATIONS):
        result = recolor(colorizer, work, asked={"seed": seed}).result
        yield shrink(result.image, THUMBNAIL), f"seed {seed}"


def colors_of_reference(path: str | os.PathLike[str]) -> dict[str, Any]:
    """What to ask for where a picture's colors are wanted.

    Raises:
        InputError: it is no picture.
    """
    return {"histogram": given_histogram(None, os.fspath(path), None)}


def swatches(result: Colorization) -> list[dict[str, str]]:
    """The main colors of a result, heaviest first, with the weights to ask for them again."""
    pairs = (color.split(":") for color in result.palette()[:COLORS])
    return [{"color": color, "weight": weight} for color, weight in pairs]


def palette_of(swatches: list[dict[str, str]] | None) -> list[str]:
    """The palette that swatches stand for, as they came back from a browser.

    Raises:
        InputError: they are none.
    """
    try:
        palette = [f"{swatch['color']}:{swatch['weight']}" for swatch in swatches or []]
    except (TypeError, KeyError):
        raise InputError("the palette is not a list of colors: reload the page") from None
    if not palette:
        raise InputError("the palette is empty: add a color")
    return palette


def scribbles_of(layers: list[Picture], shape: tuple[int, ...]) -> Picture | None:
    """The layers of an easel as one layer of the drawing's size.

    Args:
        layers: uint8 (h, w, 4) of one size, the last on top; transparent = no scribble.
        shape: (H, W) of the drawing.

    Returns:
        uint8 (H, W, 4); None where nothing is scribbled.
    """
    drawn = [layer for layer in layers if layer[..., 3].any()]
    if not drawn:
        return None
    flat = drawn[0].copy()
    for layer in drawn[1:]:
        over = layer[..., 3] > 0
        flat[over] = layer[over]
    # Nearest, so that no color is mixed with its neighbor.
    scribbles: Picture = cv2.resize(flat, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST)
    return scribbles


def stages(result: Colorization) -> list[tuple[Picture, str]]:
    """Every stage as a small picture with its name."""
    return [(shrink(picture, THUMBNAIL), name) for name, picture in stage_pictures(result).items()]


def shrink(picture: Picture, side: int) -> Picture:
    """Reduce a picture to at most `side` px; a smaller one stays as it is."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small: Picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return small


def save(work: Work, suffix: str, folder: str | os.PathLike[str]) -> str:
    """Write the result at the drawing's own size into a new folder below `folder`, and tell the path.

    Args:
        work: a drawing.
        suffix: .png, .psd or .ora.
        folder: exists.

    Raises:
        OutputError: it cannot be written.
    """
    path = Path(tempfile.mkdtemp(dir=folder)) / f"{work.name}-colored{suffix}"
    work.result.save(path)
    return str(path)
