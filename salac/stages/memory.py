"""The end of a device's memory, told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ..errors import OutOfMemoryError


@contextmanager
def memory_watched() -> Iterator[None]:
    """Say plainly that a device's memory is at its end; decorates whatever works on a device.

    Raises:
        OutOfMemoryError: in place of PyTorch's.
    """
    try:
        yield
    except torch.OutOfMemoryError as error:
        # PyTorch has emptied its own cache by now. What the call held is free as soon as the caller lets go of this.
        reason = str(error).partition(". ")[0]
        raise OutOfMemoryError(f"{reason}: free some, try again, or load the model with device='cpu'") from None
