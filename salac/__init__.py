"""SALAC: color for line art, with or without hints."""

__version__ = "0.1.0"
