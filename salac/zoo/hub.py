"""Where model files come from: the bundled model, a folder, or the Hugging Face Hub."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import ModelError
from .manifest import MANIFEST, FileFacts, Manifest, brief, difference, read_manifest
from .registry import registry

BUNDLED = "salac-tiny"
"""The model that is installed with the package."""

_PAUSES = 0.5, 1.0
"""Seconds to wait before a download is tried again that a server broke off or refused for the moment."""

_LARGEST_MANIFEST = 1_000_000
_WASTE = 3
"""A download may take so many times the bytes of its file: a server that breaks off each time must not be asked for
ever, nor may it fill the disk."""


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
        """Name a model. The environment of huggingface_hub (HF_HOME, HF_ENDPOINT, HF_HUB_OFFLINE, ...) is heeded.

        Args:
            model: a registered model's name (see `salac models list`), a folder, or `org/name` or `org/name@revision`
                on the Hub.
            revision: branch, tag or commit on the Hub.
            cache_dir: where downloads are kept, the Hub's own cache by default.
            token: for private models.
            local_files_only: take what is cached and ask no network.

        Raises:
            ModelError: the name is none of these, or a revision is given for what has none.
        """
        self.name = str(model)
        self.folder: Path | None = None
        self.repo, self.revision = "", ""
        self._manifest: Manifest | None = None
        self._pinned = False
        self._options: dict[str, Any] = {"cache_dir": cache_dir, "token": token, "local_files_only": local_files_only}
        models = registry() if isinstance(model, str) else {}
        if self.name in models:
            self._manifest, self.folder, self.repo, self.revision = models[self.name]
            self._pinned = True
        elif os.path.isdir(model):
            self.folder = Path(model)
        else:
            self.repo, at, self.revision = self.name.partition("@")
            path = isinstance(model, Path) or self.name.startswith((".", "/", "~"))
            if path or self.repo.count("/") != 1 or (at and not self.revision):
                raise ModelError(
                    f"{self.name!r} is no model: pass a folder, 'org/name' or 'org/name@revision' on the Hugging Face "
                    f"Hub, or one of: {', '.join(models)}"
                )
        if revision is not None and self.revision not in ("", revision):
            raise ModelError(f"{self.name!r} is at revision {self.revision!r} already: leave out revision={revision!r}")
        if revision is not None and self.folder is not None:
            raise ModelError(f"{self.name!r} is a folder and has no revisions: leave out revision={revision!r}")
        self.revision = self.revision or revision or ""

    @property
    def licence(self) -> str:
        """SPDX name of the weights' licence."""
        return self._read_manifest().licence

    @property
    def manifest(self) -> Mapping[str, FileFacts]:
        """Name -> size and sha256 of every file of the model."""
        return self._read_manifest().files

    def file(self, name: str) -> Path:
        """Path of one file of the model, whole and unchanged; downloaded where it is not cached.

        A cached file that is not what the manifest says is thrown away, and fetched once more.

        Raises:
            ModelError: the model has no such file, it cannot be had, or its content is not what the manifest says.
        """
        if name not in self.manifest:
            raise ModelError(f"model {self.name!r} has no {name}; it has {', '.join(sorted(self.manifest))}")
        path, wrong = self._checked(name)
        if wrong and self.repo:
            self._discard(path)
            if not self._pinned:
                # The manifest may be what is wrong.
                self._discard(path.with_name(MANIFEST))
                self._manifest = None
            path, wrong = self._checked(name) if name in self.manifest else (path, "is no longer in the manifest")
            if wrong:
                self._discard(path)
        if wrong:
            raise ModelError(f"{path} is damaged, it {wrong}: download or train the model again")
        return path

    def _checked(self, name: str) -> tuple[Path, str]:
        """Path of a file, and how it differs from the manifest."""
        path = self._path(name)
        try:
            return path, difference(path, self.manifest[name])
        except OSError as error:
            raise ModelError(f"{path} cannot be read ({brief(error)}): download or train the model again") from error

    def _read_manifest(self) -> Manifest:
        if self._manifest is None:
            path = self._path(MANIFEST)
            if self.repo:
                # From here on the files of one commit, whatever is published meanwhile.
                self.revision = path.parent.name
            try:
                self._manifest = read_manifest(path)
            except ModelError:
                if not self.repo:
                    raise
                self._discard(path)
                path = self._path(MANIFEST)
                try:
                    self._manifest = read_manifest(path)
                except ModelError:
                    self._discard(path)
                    raise
        return self._manifest

    def _path(self, name: str) -> Path:
        return self.folder / name if self.folder is not None else self._download(name)

    def _download(self, name: str) -> Path:
        """Path of a file in the Hub's cache, fetched into it where it is not there."""
        from huggingface_hub import hf_hub_download

        most = _WASTE * (_LARGEST_MANIFEST if self._manifest is None else self._manifest.files[name].size)
        pauses = list(_PAUSES)
        while True:
            try:
                path = hf_hub_download(
                    self.repo,
                    name,
                    revision=self.revision or None,
                    library_name="salac",
                    library_version=__version__,
                    tqdm_class=_progress_bar(most),
                    **self._options,
                )
                return Path(path)
            except Exception as error:  # the client lets the exceptions of several libraries through
                if not (pauses and _may_pass(error)):
                    raise ModelError(f"{name} of model {self.name!r} cannot be had: {_why(error)}") from error
                time.sleep(pauses.pop(0))

    @staticmethod
    def _discard(path: Path) -> None:
        """Remove a file from the Hub's cache, with what its link leads to, so that nobody meets it again."""
        try:
            while path.is_symlink():
                link, path = path, path.parent / path.readlink()
                link.unlink()
            path.unlink(missing_ok=True)
        except OSError:
            pass  # a cache that may only be read: its files are checked at every load


def _progress_bar(most: int) -> type[Any]:
    """The Hub's own progress bar, for a download that ends when it has taken `most` bytes."""
    from huggingface_hub.utils.tqdm import tqdm

    class ProgressBar(tqdm):
        taken = 0.0

        def update(self, n: float | None = 1) -> bool | None:
            self.taken += max(n or 0, 0)
            if self.taken > most:
                raise ModelError(f"the server sent more than {most:,} bytes, which is {_WASTE} times too many")
            shown: bool | None = super().update(n)
            return shown

    return ProgressBar


def _may_pass(error: Exception) -> bool:
    """Whether a download may well succeed if it is tried again: the server failed, or the line broke."""
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError

    if isinstance(error, HfHubHTTPError):
        return getattr(error.response, "status_code", 0) >= 500
    final = isinstance(error, ModelError | ValueError | EntryNotFoundError)
    # An error with a number comes from this machine: its disk is full, a folder may not be written.
    return not final and not (isinstance(error, OSError) and error.errno is not None)


def _why(error: Exception) -> str:
    """What a failed download comes to, and what to do."""
    from huggingface_hub import errors

    if isinstance(error, ModelError):
        return str(error)
    if isinstance(error, errors.LocalEntryNotFoundError):
        return f"it is not cached, and the Hub cannot be asked: {brief(error.__cause__ or error)}"
    if isinstance(error, errors.GatedRepoError):
        return "its owner grants access on request: ask on its page, then pass token=..."
    if isinstance(error, errors.RepositoryNotFoundError):
        return "there is no such model, or it is private: check the name, or pass token=..."
    if isinstance(error, errors.RevisionNotFoundError):
        return "there is no such revision: check it, or leave it out"
    if isinstance(error, errors.EntryNotFoundError):
        return "there is no such file, so this is no model of salac"
    return f"{brief(error)}: try again, or pass a folder"
