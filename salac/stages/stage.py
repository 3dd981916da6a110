"""What the stages share: where their nets come from, where they run, and what they take for a drawing."""

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..image import read_drawing
from ..tbs import segment
from ..types import Segments
from .arrays import ArrayNet
from .pretrained import Pretrained

Gray = npt.NDArray[np.uint8]


class Stage(Pretrained):
    """A part of the chain that can be used alone. Calls change nothing in it, so threads may share one."""

    @abstractmethod
    def nets(self) -> Mapping[str, ArrayNet]:
        """The nets of this stage by the name of their file."""

    def save_files(self, folder: Path) -> None:
        """Write the nets of this stage into an existing folder."""
        for name, net in self.nets().items():
            net.save(folder / name)

    def export_files(self, folder: Path) -> None:
        """Write the nets of this stage as ONNX into an existing folder."""
        for name, net in self.nets().items():
            net.export(folder, Path(name).stem)


def as_drawing(sketch: Any, segments: Segments | None) -> tuple[Gray, Segments]:
    """A sketch as uint8 (H, W), and its segments grown over the line, made here where none are given.

    An array uint8 (H, W) is taken as it is, its paper white: the chain hands on the sketch it has read. All else is
    read by `read_drawing`.

    Raises:
        InputError: the sketch cannot be read, or the segments are of another size.
    """
    plain = isinstance(sketch, np.ndarray) and sketch.ndim == 2 and sketch.dtype == np.uint8 and sketch.size > 0
    gray: Gray = sketch if plain else read_drawing(sketch)
    if segments is None:
        segments = segment(gray, close_below=True)
    if segments.labels.shape != gray.shape:
        raise InputError(
            f"segments are {segments.labels.shape}, the sketch {gray.shape}: pass those of this sketch, or none"
        )
    return gray, segments if segments.areas[0] == 0 else segments.nearest()


def check_classes(what: str, classes: npt.NDArray[np.uint8], count: int, gray: Gray) -> None:
    """Refuse a class map that is of another size than the sketch, or holds more classes than there are.

    Raises:
        InputError: it does.
    """
    if classes.dtype != np.uint8 or classes.shape != gray.shape or classes.max() >= count:
        raise InputError(
            f"{what} are {classes.dtype} {classes.shape} up to {classes.max(initial=0)}, the sketch {gray.shape}: "
            f"pass uint8 {gray.shape} below {count}"
        )
