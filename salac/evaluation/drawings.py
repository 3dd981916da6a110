"""What a model is judged by: drawings, the pictures that their artists made of them, and where the figure is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..histogram import RGBuvHistogram
from ..image import PICTURE_SUFFIXES, read_drawing, read_picture
from ..tbs import segment, segment_colors
from ..training.yardstick import MARK, read_yardstick
from ..types import Segments
from .colors import PAPER

TWIN = ".color"
"""Ends the name of the picture that belongs to a drawing: page.png and page.color.png."""
SPLIT = "validation"
_STORED_SIDE = 256
_ALMOST_PAPER = 250


class Judged(Protocol):
    """A drawing and its artist's picture; the attributes of a `StoredPair`."""

    @property
    def name(self) -> str:
        """Unique among its like."""

    @property
    def source(self) -> str:
        """Where it is from."""

    @property
    def sketch(self) -> npt.NDArray[np.uint8]:
        """The lines: uint8 (H, W), 255 = paper."""

    @property
    def picture(self) -> npt.NDArray[np.uint8]:
        """The artist's colors on white: uint8 (H, W, 3)."""

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        """Where the figure is: bool (H, W)."""


@dataclass(frozen=True, kw_only=True)
class _Twins:
    """Two files; the figure is what the artist's picture does not leave white."""

    name: str
    source: str
    files: tuple[Path, Path]

    @property
    def sketch(self) -> npt.NDArray[np.uint8]:
        return read_drawing(self.files[0])

    @property
    def picture(self) -> npt.NDArray[np.uint8]:
        return read_picture(self.files[1])

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        return np.asarray((self.picture < _ALMOST_PAPER).any(2))


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A drawing in memory; the attributes are those of `Judged`."""

    name: str
    source: str
    sketch: npt.NDArray[np.uint8]
    picture: npt.NDArray[np.uint8]
    mask: npt.NDArray[np.bool_]


def read_drawings(data: Path, count: int | None = None, seed: int = 0) -> Sequence[Judged]:
    """List drawings to judge by.

    Args:
        data: a yardstick; a data set, whose validation split is taken; or a folder of NAME.png with NAME.color.png.
        count: so many of them, chosen by `seed`; all by default.
        seed: of the choice, and of the palettes of a data set.

    Raises:
        InputError: the folder holds none of these.
    """
    if (data / SPLIT).is_dir():
        return _held_out(data, count, seed)
    found: Sequence[Judged] = read_yardstick(data) if (data / MARK).exists() else _twins(data)
    if count is None or count >= len(found):
        return found
    return [found[k] for k in sorted(np.random.default_rng(seed).permutation(len(found))[:count])]


def _twins(folder: Path) -> list[Judged]:
    pictures = sorted(path for path in folder.glob("*") if path.suffix.lower() in PICTURE_SUFFIXES)
    colored = {path.stem.removesuffix(TWIN): path for path in pictures if path.stem.endswith(TWIN)}
    files = {path.stem: path for path in pictures if path.stem in colored}
    if not files:
        raise InputError(
            f"{folder} is no yardstick, no data set, and holds no pairs such as page.png and page{TWIN}.png: make a "
            "yardstick by `salac data yardstick`"
        )
    return [
        _Twins(name=name, source=folder.resolve().name, files=(path, colored[name])) for name, path in files.items()
    ]


def _held_out(data: Path, count: int | None, seed: int) -> list[Judged]:
    from ..training.dataset import Drawings

    drawings = Drawings(data, SPLIT)
    judged: list[Judged] = []
    for number, example in enumerate(drawings.held_out(seed, _STORED_SIDE, count or len(drawings))):
        judged.append(
            Stored(
                name=f"{number:05}",
                source=data.resolve().name,
                sketch=np.rint(example.sketch * 255).astype(np.uint8),
                picture=np.rint(example.illustration() * 255).clip(0, 255).astype(np.uint8),
                mask=(example.parts > 0)[example.group],
            )
        )
    return judged


class Subject:
    """A drawing as methods meet it and as they are judged by: its segments, and what the artist gave each of them.

    Attributes:
        name: of the drawing.
        source: where it is from.
        gray: uint8 (H, W), the drawing as it was read, 255 = paper.
        picture: uint8 (H, W, 3), the artist's.
        segments: grown over the line.
        areas: int64 (count + 1,), pixels of the figure in each segment; 0 for segments that are mostly paper.
        leaked: share of the figure that lies in segments which are mostly paper.
        true: uint8 (count + 1, 3), the median of the artist's picture in each segment's part of the figure, the
            line left out.
    """

    def __init__(self, drawing: Judged):
        """Segment a drawing and read its true colors.

        Args:
            drawing: to read.

        Raises:
            InputError: its files cannot be read or do not fit together, or it shows no figure.
        """
        self.name, self.source = drawing.name, drawing.source
        self.gray, self.picture, mask = read_drawing(drawing.sketch), drawing.picture, drawing.mask
        if not self.gray.shape == self.picture.shape[:2] == mask.shape:
            raise InputError(
                f"{self.name} is {self.gray.shape}, its picture {self.picture.shape}, its mask {mask.shape}: pass equal"
            )
        rooms = segment(self.gray, close_below=True)  # as `Colorizer` does
        self.segments: Segments = rooms.nearest()
        inside = self.segments.labels * mask
        shown = np.bincount(inside.ravel(), minlength=self.segments.count + 1)
        shown[0] = 0
        # What ran together with the paper through a gap has no right color: painted it would spoil the paper.
        self.areas = np.where(2 * shown > self.segments.areas, shown, 0)
        if not self.areas.any():
            raise InputError(f"{self.name} shows no figure: leave it out")
        self.leaked = 1 - float(self.areas.sum() / shown.sum())
        self.true = np.full((self.segments.count + 1, 3), PAPER, np.uint8)
        # Beside the line, which would be the median of a small segment under a broad one.
        found = segment_colors(rooms.labels * mask, self.picture)
        self.true[: len(found)] = found

    @cached_property
    def histogram(self) -> npt.NDArray[np.float32]:
        """The artist's colors as a histogram: float32 (L, h, h), sums to 1."""
        return RGBuvHistogram().from_palette(self.true, self.areas)

    @cached_property
    def _sample(self) -> npt.NDArray[np.intp]:
        """One pixel of every segment."""
        sample = np.zeros(self.segments.count + 1, np.intp)
        sample[self.segments.labels.ravel()] = np.arange(self.segments.labels.size)
        return sample

    def colors_of(self, flats: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The values that a map (H, W) or picture (H, W, c), one value a segment, has in them: (count + 1, ...)."""
        values: npt.NDArray[np.uint8] = flats.reshape(self.segments.labels.size, *flats.shape[2:])[self._sample]
        return values
