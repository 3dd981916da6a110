"""What a model consists of: which files, how large, with which sha256, under which licence."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ModelError

MANIFEST, CONFIG = "manifest.json", "config.json"
LICENCE = "Apache-2.0"

_FORMAT_VERSION = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.safetensors")
"""Names of weights files: they lie beside the manifest, and nothing but safetensors is ever fetched or read."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileFacts(NamedTuple):
    """What a file must be.

    Attributes:
        size: bytes.
        sha256: 64 hexadecimal digits.
    """

    size: int
    sha256: str


class Manifest(NamedTuple):
    """All files of a model.

    Attributes:
        licence: SPDX name of the weights' licence.
        files: name -> size and sha256.
    """

    licence: str
    files: Mapping[str, FileFacts]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(facts.size for facts in self.files.values())


def read_manifest(path: Path) -> Manifest:
    """Read a manifest file.

    Raises:
        ModelError: it is missing, damaged, or of another format.
    """
    try:
        values = json.loads(path.read_bytes())
        if values["format_version"] != _FORMAT_VERSION:
            raise ValueError(f"its format is {values['format_version']!r}, not {_FORMAT_VERSION}")
        return parse_manifest(values)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"{path} is no model manifest ({brief(error)}): download or train the model again") from error


def parse_manifest(values: Mapping[str, Any]) -> Manifest:
    """Take `licence` and `files` from plain JSON values.

    Raises:
        KeyError, TypeError, ValueError: they are missing or not what they must be.
    """
    files = {name: FileFacts(facts["size"], facts["sha256"]) for name, facts in dict(values["files"]).items()}
    for name, (size, sha256) in files.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a safetensors file")
        if type(size) is not int or size < 0 or not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise ValueError(f"size or sha256 of {name} is none")
    if not files or not isinstance(values["licence"], str):
        raise ValueError("it names no files or no licence")
    return Manifest(values["licence"], files)


def difference(path: Path, facts: FileFacts) -> str:
    """Say how a file differs from what it must be; nothing where it does not.

    Raises:
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    if size != facts.size:
        return f"has {size:,} bytes, not {facts.size:,}"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return "" if digest == facts.sha256 else f"has sha256 {digest[:12]}..., not {facts.sha256[:12]}..."


def write_manifest(folder: Path, licence: str = LICENCE) -> None:
    """Describe the weights (safetensors) in `folder`: `manifest.json` for checks, `config.json` for readers.

    Loading reads the manifest alone, and every net's configuration from the metadata of its own file.

    Args:
        folder: of the model; both files in it are replaced.
        licence: SPDX name of the weights' licence.
    """
    paths = sorted(folder.glob("*.safetensors"))
    files = {
        path.name: {"size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in paths
    }
    _write(folder / CONFIG, {"library_name": "salac", "files": {path.name: _metadata(path) for path in paths}})
    _write(folder / MANIFEST, {"format_version": _FORMAT_VERSION, "licence": licence, "files": files})


def _metadata(path: Path) -> dict[str, Any]:
    """What a weights file says of itself, its configuration as values rather than as text."""
    from safetensors import safe_open

    with safe_open(str(path), framework="np") as file:
        metadata: dict[str, Any] = dict(sorted((file.metadata() or {}).items()))
    if "config" in metadata:
        metadata["config"] = json.loads(metadata["config"])
    return metadata


def _write(path: Path, values: Mapping[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)


def brief(error: BaseException) -> str:
    """The first line of what an exception says, or its name."""
    lines = str(error).strip().splitlines()
    return f"no {error.args[0]!r}" if isinstance(error, KeyError) else lines[0] if lines else type(error).__name__
