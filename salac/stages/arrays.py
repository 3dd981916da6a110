"""What a stage asks of its nets: named arrays in, named arrays out, whatever runs them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]
Input = npt.NDArray[Any] | np.int64
"""An array, or a number of things."""


class ArrayNet(Protocol):
    """A net that is ready to run; see `salac.nets.graphs` for what there is to run."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The net's configuration, as plain values."""

    def __call__(self, function: str, **inputs: Input) -> Arrays:
        """Run one of the net's functions on those of the inputs that it asks for."""

    def save(self, path: Path) -> None:
        """Write the net as safetensors."""

    def export(self, folder: Path, name: str) -> None:
        """Write the net as ONNX files."""


class NetSource(Protocol):
    """Where the nets of a model come from."""

    def net(self, name: str, *archs: str) -> ArrayNet:
        """The net of a weights file, which must be of one of the architectures.

        Raises:
            ModelError: it is missing, damaged, or another one.
        """

    def file(self, name: str) -> Path:
        """Path of another file of the model.

        Raises:
            ModelError: it is missing or damaged.
        """
