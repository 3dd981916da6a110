"""A colorization as the layers that a painter works in: paper, flats, shade, light, and the artist's own line.

From the bottom up, and what every layer is for:

- **paper**, white.
- **flats**, a group for each color category, in it one layer for each color of it. They go on under the line.
- **shade** (multiply) and **light** (screen), what refinement changed. They hold factors and no colors of their own, so
  that a flat may be given another color and stays shaded.
- **line** (multiply), the sketch's, black where it is drawn and transparent where it is not.

Laid over one another they are `Colorization.image` to within one level of 255.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from ..color import CATEGORIES
from ..errors import OutputError
from ..tbs import paint, segment_colors
from ..types import Colorization
from .flats import flats

Pixels = npt.NDArray[np.uint8]

ROWS = 256
"""Shading is worked out for so many rows at a time, which keeps large drawings out of the way of memory."""


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer of pixels.

    Attributes:
        name: what painters see.
        pixels: uint8 (h, w, 4), sRGB with straight alpha.
        top: where it lies on the canvas, px.
        left: where it lies on the canvas, px.
        blend: how it is laid over what is below.
    """

    name: str
    pixels: Pixels
    top: int = 0
    left: int = 0
    blend: Literal["normal", "multiply", "screen"] = "normal"


@dataclass(frozen=True)
class GroupStart:
    """The layers that follow belong to a group."""


@dataclass(frozen=True)
class GroupEnd:
    """The innermost group is complete.

    Attributes:
        name: what painters see.
    """

    name: str


def layers(result: Colorization) -> Iterator[Layer | GroupStart | GroupEnd]:
    """Take a colorization apart, layer by layer from the bottom up; one at a time, for at 4,096 px each takes 64 MB."""
    shape = result.sketch.shape
    yield Layer("paper", np.full((*shape, 4), 255, np.uint8))
    yield from _flats(result)
    if result.paint is not result.proposal:
        shade, light = _shading(result.proposal, result.paint)
        yield from _cropped(Layer("shade", shade, blend="multiply"))
        yield from _cropped(Layer("light", light, blend="screen"))
    line = np.zeros((*shape, 4), np.uint8)
    line[..., 3] = 255 - result.sketch
    yield Layer("line", line, blend="multiply")


def _flats(result: Colorization) -> Iterator[Layer | GroupStart | GroupEnd]:
    covering = result.segments.nearest()
    groups = flats(result, covering)
    yield GroupStart()
    # Painters read lists from the top: the first category and its largest flat come last.
    for category in sorted({flat.category for flat in groups}, reverse=True):
        yield GroupStart()
        for flat in reversed([flat for flat in groups if flat.category == category]):
            member = np.zeros(covering.count + 1, np.uint8)
            member[flat.segments] = 255
            alpha = member[covering.labels]
            left, top, width, height = cv2.boundingRect(alpha)
            pixels = np.empty((height, width, 4), np.uint8)
            pixels[..., :3] = flat.color
            pixels[..., 3] = alpha[top : top + height, left : left + width]
            count = f"{len(flat.segments)} segment{'s' if len(flat.segments) > 1 else ''}"
            yield Layer(f"{flat.hex}, {count}", pixels, top, left)
        yield GroupEnd(CATEGORIES[category])
    # A proposal may have been painted over inside a segment.
    painted = (paint(covering, segment_colors(covering, result.proposal)) != result.proposal).any(2)
    if painted.any():
        yield from _cropped(Layer("painted", np.dstack([result.proposal, painted.astype(np.uint8) * 255])))
    yield GroupEnd("flats")


def _shading(flat: Pixels, painted: Pixels) -> tuple[Pixels, Pixels]:
    """Factors that turn flat into painted: a layer to multiply where it is darker, one to screen where it is lighter.

    Both steps are at most one level wide, so that there is a factor for every level, in every channel.
    """
    old, new = np.mgrid[:256, :256].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        multiply = np.where(new < old, np.rint(255 * new / old), 255).astype(np.uint8).ravel()
        screen = np.where(new > old, np.rint(255 * (new - old) / (255 - old)), 0).astype(np.uint8).ravel()
    shade, light = np.empty((*flat.shape[:2], 4), np.uint8), np.empty((*flat.shape[:2], 4), np.uint8)
    for top in range(0, len(flat), ROWS):
        rows = slice(top, top + ROWS)
        pair = flat[rows].astype(np.uint16) << 8 | painted[rows]
        for layer, factors, neutral in ((shade, multiply, 255), (light, screen, 0)):
            layer[rows, :, :3] = factors[pair]
            layer[rows, :, 3] = (layer[rows, :, :3] != neutral).any(2) * np.uint8(255)
    return shade, light


def _cropped(layer: Layer) -> Iterator[Layer]:
    """The part of a layer that can be seen, if there is one."""
    left, top, width, height = cv2.boundingRect(np.ascontiguousarray(layer.pixels[..., 3]))
    if width:
        yield Layer(layer.name, layer.pixels[top : top + height, left : left + width], top, left, layer.blend)


def save_layers(result: Colorization, path: str | os.PathLike[str], *, overwrite: bool = True) -> None:
    """Write a colorization in layers, as a Photoshop document (.psd) or OpenRaster (.ora) by suffix.

    Raises:
        OutputError: it cannot be written; an older file of that name is left as it was.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".psd":
        from .psd import save_psd

        save_psd(result, path, overwrite=overwrite)
    elif suffix == ".ora":
        from .ora import save_ora

        save_ora(result, path, overwrite=overwrite)
    else:
        raise OutputError(f"layers cannot be written as {suffix!r}: choose .psd or .ora")
