"""Net configurations: frozen dataclasses that survive a round trip through JSON and refuse what they do not know."""

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from ..errors import ModelError

_MOST = 4096
"""No net here is as wide, as deep or as large."""


@dataclass(frozen=True, kw_only=True)
class NetConfig:
    """Base of every net's configuration."""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Build from plain values as found in a weights file.

        Raises:
            ModelError: a key is unknown (the nearest known one is named) or missing, or a number is out of all bounds.
        """
        known = [field.name for field in fields(cls)]
        for key in values:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
                raise ModelError(f"{cls.__name__} has no {key!r}{hint}")
        for key, value in values.items():
            for number in value if isinstance(value, list) else [value]:
                # A damaged configuration must not claim the memory of the whole machine.
                if isinstance(number, int) and not 0 <= number <= _MOST:
                    raise ModelError(f"{cls.__name__}: {key} is {number}, which is not in 0..{_MOST}")
        try:
            return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
        except TypeError as error:
            raise ModelError(f"{cls.__name__}: {error}") from error

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)
