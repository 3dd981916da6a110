"""Where model files come from: the bundled model, a folder, or the Hugging Face Hub."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import ModelError

BUNDLED = "salac-tiny"
"""The model that is installed with the package."""

WEIGHTS = Path(__file__).parent / "weights"
MANIFEST = "manifest.json"


class ModelSource:
    """The files of one model, checked against its manifest before anything reads them."""

    def __init__(
        self,
        model: str | Path = BUNDLED,
        *,
        revision: str | None = None,
        cache_dir: str | Path | None = None,
        token: str | bool | None = None,
        local_files_only: bool = False,
    ):
        """Name a model.

        Args:
            model: a bundled model's name, a folder, or `org/name` on the Hub.
            revision: branch, tag or commit on the Hub.
            cache_dir: where downloads are kept, the Hub's own cache by default.
            token: for private models.
            local_files_only: take what is cached and ask no network.

        Raises:
            ModelError: the name is none of these.
        """
        self.name = str(model)
        self.options: dict[str, Any] = {
            "revision": revision,
            "cache_dir": cache_dir,
            "token": token,
            "local_files_only": local_files_only,
        }
        self.folder: Path | None = None
        if isinstance(model, str) and (WEIGHTS / model / MANIFEST).exists():
            self.folder = WEIGHTS / model
        elif Path(model).is_dir():
            self.folder = Path(model)
        elif isinstance(model, Path) or self.name.count("/") != 1:
            installed = ", ".join(bundled_models()) or "none"
            raise ModelError(
                f"{self.name!r} is no model: pass a folder, 'org/name' on the Hugging Face Hub, or an installed model "
                f"({installed})"
            )

    @cached_property
    def manifest(self) -> Mapping[str, Mapping[str, Any]]:
        """Name -> {"sha256", "size"} of every file of the model."""
        path = self._path(MANIFEST)
        try:
            files: Mapping[str, Mapping[str, Any]] = json.loads(path.read_text())["files"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} is no model manifest: download or train the model again") from error
        return files

    def file(self, name: str) -> Path:
        """Path of one file of the model, whole and unchanged.

        Raises:
            ModelError: the model has no such file, it cannot be had, or its content is not what the manifest says.
        """
        if name not in self.manifest:
            raise ModelError(f"model {self.name!r} has no {name}; it has {', '.join(sorted(self.manifest))}")
        path, expected = self._path(name), self.manifest[name]
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise ModelError(f"{path} cannot be read ({error}): download or train the model again") from error
        if digest != expected["sha256"]:
            raise ModelError(
                f"{path} is damaged: its sha256 is {digest[:12]}..., the manifest says "
                f"{str(expected['sha256'])[:12]}...: download or train the model again"
            )
        return path

    def _path(self, name: str) -> Path:
        if self.folder is not None:
            return self.folder / name
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

        try:
            return Path(hf_hub_download(self.name, name, **self.options))
        except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
            reason = str(error).strip().splitlines()[0]
            raise ModelError(f"{name} of model {self.name!r} cannot be had from the Hub: {reason}") from error


def bundled_models() -> list[str]:
    """Names of the models installed with the package."""
    return sorted(path.parent.name for path in WEIGHTS.glob(f"*/{MANIFEST}"))


def write_manifest(folder: Path) -> None:
    """Describe the model files in `folder` (safetensors) by size and sha256."""
    files = {
        path.name: {"size": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(folder.glob("*.safetensors"))
    }
    (folder / MANIFEST).write_text(json.dumps({"format_version": 1, "licence": "Apache-2.0", "files": files}, indent=1))
