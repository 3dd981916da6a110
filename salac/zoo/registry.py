"""The models that have a name of their own, and what their files are pinned to.

An entry of `registry.json` is either `{"bundled": true}`, a model inside this package, beside its own manifest; or it
pins a model on the Hugging Face Hub: `{"repo": "org/name", "revision": <commit>, "licence": ..., "files": {<name>:
{"size": ..., "sha256": ...}}}`, as `salac models publish` prints it.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ModelError
from .manifest import MANIFEST, Manifest, brief, parse_manifest, read_manifest

REGISTRY = Path(__file__).with_name("registry.json")
WEIGHTS = Path(__file__).with_name("weights")
"""A folder for each bundled model."""

_COMMIT = re.compile(r"[0-9a-f]{40}")


class Registered(NamedTuple):
    """A named model.

    Attributes:
        manifest: its files.
        folder: where it is installed; None if it is on the Hub.
        repo: `org/name` on the Hub; empty if it is installed.
        revision: the commit that it is pinned to; empty if it is installed.
    """

    manifest: Manifest
    folder: Path | None = None
    repo: str = ""
    revision: str = ""


def registry() -> Mapping[str, Registered]:
    """Every named model.

    Raises:
        ModelError: the registry or a bundled model's manifest is damaged.
    """
    try:
        entries: dict[str, Any] = json.loads(REGISTRY.read_bytes())["models"]
        return {name: _entry(name, values) for name, values in entries.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{REGISTRY} is damaged ({brief(error)}): install salac again") from error


def _entry(name: str, values: Mapping[str, Any]) -> Registered:
    if values.get("bundled"):
        folder = WEIGHTS / name
        return Registered(read_manifest(folder / MANIFEST), folder)
    if not _COMMIT.fullmatch(values["revision"]):
        raise ValueError(f"{name} is pinned to {values['revision']!r}, which is no commit")
    return Registered(parse_manifest(values), None, values["repo"], values["revision"])
