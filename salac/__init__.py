"""SALAC: color for line art, with or without hints.

    import salac

    result = salac.colorize("sketch.png")
    result.save("colored.png")

Nothing heavy is imported before it is used (PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Colorizer": "colorizer",
    "colorize": "colorizer",
    "batch": "batches.run",
    "segment": "tbs",
    "fill_segments": "tbs",
    "Segments": "types",
    "Colorization": "types",
    "HistogramBank": "histogram",
    "RGBuvHistogram": "histogram",
    "hellinger_distance": "histogram",
    "interpolate_histograms": "histogram",
    "SalacError": "errors",
    "InputError": "errors",
    "ModelError": "errors",
    "OutputError": "errors",
}

__all__ = [
    "Colorization",
    "Colorizer",
    "HistogramBank",
    "InputError",
    "ModelError",
    "OutputError",
    "RGBuvHistogram",
    "SalacError",
    "Segments",
    "batch",
    "colorize",
    "fill_segments",
    "hellinger_distance",
    "interpolate_histograms",
    "segment",
]

if TYPE_CHECKING:
    from .batches.run import batch
    from .colorizer import Colorizer, colorize
    from .errors import InputError, ModelError, OutputError, SalacError
    from .histogram import HistogramBank, RGBuvHistogram, hellinger_distance, interpolate_histograms
    from .tbs import fill_segments, segment
    from .types import Colorization, Segments


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
