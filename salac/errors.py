"""What can go wrong, as few kinds as a caller can act on. Every message says what was wrong and what to do."""


class SalacError(Exception):
    """Base of every error that this package raises on purpose."""


class InputError(SalacError, ValueError):
    """A picture, palette or parameter that cannot be used as given."""


class ModelError(SalacError):
    """Weights or a configuration that are missing, damaged or of another shape than asked for."""


class OutputError(SalacError, OSError):
    """A result that could not be written; the file that was there before is left as it was."""


class OutOfMemoryError(SalacError, MemoryError):
    """The device has no memory left; a later call may find some."""


class MissingExtraError(SalacError, ImportError):
    """An optional part of the package was asked for and its dependencies are not installed."""
