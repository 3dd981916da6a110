"""The one decorator of every kernel."""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def kernel(function: Kernel) -> Kernel:
    """Compile a function on its first call, without the GIL, and keep the machine code on disk where that is possible.

    numba refuses to decorate with `cache=True` when neither the package nor the user has a writable cache folder
    (a read-only install without a home); such a process compiles anew instead of failing at import.
    Kernels are single-threaded: numba's `parallel=True` aborts when several Python threads call in at once.

    Note: the disk cache looks at a kernel's own file only; after an edit to a kernel that others call, delete
    `salac/_tbs/__pycache__`.
    """
    try:
        return cast(Kernel, njit(nogil=True, cache=True)(function))
    except RuntimeError:
        return cast(Kernel, njit(nogil=True)(function))
