"""What the stages share: where their nets come from, where they run, and what they take for a drawing."""

from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from ..errors import InputError
from ..image import read_drawing
from ..tbs import segment
from ..types import Segments
from ..zoo.hub import BUNDLED, ModelSource

Net = TypeVar("Net", bound=nn.Module)

Gray = npt.NDArray[np.uint8]


class Stage:
    """A part of the chain that can be used alone. Calls change nothing in it, so threads may share one."""

    device: torch.device

    @classmethod
    def from_pretrained(
        cls,
        model: str | Path = BUNDLED,
        *,
        device: str | torch.device | None = None,
        revision: str | None = None,
        cache_dir: str | Path | None = None,
        token: str | bool | None = None,
        local_files_only: bool = False,
    ) -> Self:
        """Load this stage of a model; only the files it needs are fetched.

        Args:
            model: a bundled model's name, a folder, or `org/name` on the Hugging Face Hub.
            device: where to run; None takes CUDA where there is one, else the CPU.
            revision: branch, tag or commit on the Hub.
            cache_dir: where downloads are kept, the Hub's own cache by default.
            token: for private models, as in huggingface_hub.
            local_files_only: take what is cached and ask no network.

        Raises:
            ModelError: the model or a file of it cannot be had, is damaged or does not fit.
        """
        source = ModelSource(
            model, revision=revision, cache_dir=cache_dir, token=token, local_files_only=local_files_only
        )
        return cls.from_source(source, device)

    @classmethod
    def from_source(cls, source: ModelSource, device: str | torch.device | None) -> Self:
        """Load this stage from the files of a model that is known already."""
        raise NotImplementedError


def pick_device(device: str | torch.device | None) -> torch.device:
    """The asked device, or CUDA where there is one, else the CPU.

    Raises:
        InputError: this machine, or this PyTorch, has no such device.
    """
    chosen = device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.empty(0, device=chosen).device
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"device {str(chosen)!r} cannot be used ({reason}): pass 'cpu', or none at all") from None


def as_drawing(sketch: Any, segments: Segments | None) -> tuple[Gray, Segments]:
    """A sketch as uint8 (H, W), and its segments grown over the line, made here where none are given."""
    plain = isinstance(sketch, np.ndarray) and sketch.ndim == 2 and sketch.dtype == np.uint8
    gray: Gray = sketch if plain else read_drawing(sketch)
    if segments is None:
        segments = segment(gray)
    return gray, segments if segments.areas[0] == 0 else segments.nearest()
