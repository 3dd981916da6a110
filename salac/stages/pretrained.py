"""What can be loaded, saved and published by name: every stage, and the whole chain."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..errors import OutputError
from ..zoo.card import write_card
from ..zoo.hub import BUNDLED, ModelSource
from ..zoo.manifest import LICENCE, brief, write_manifest
from ..zoo.publish import publish
from .arrays import NetSource
from .onnx_nets import ON_CPU, OnnxNets

if TYPE_CHECKING:
    import torch


class Pretrained(ABC):
    """A model, or a part of one, that lives in a folder of safetensors files with a manifest."""

    @classmethod
    def from_pretrained(
        cls,
        model: str | Path = BUNDLED,
        *,
        device: str | torch.device | None = None,
        dtype: str | torch.dtype = "float32",
        revision: str | None = None,
        cache_dir: str | Path | None = None,
        token: str | bool | None = None,
        local_files_only: bool = False,
    ) -> Self:
        """Load a trained model; without arguments the bundled one, which needs no network.

        Only the files that are needed are fetched, and each is compared with the manifest before it is read.

        Args:
            model: a registered model's name (see `salac models list`), a folder, or `org/name` or `org/name@revision`
                on the Hugging Face Hub.
            device: where to run; None takes CUDA where there is one, else the CPU.
            dtype: what nets multiply in, "float32", "float16" or "bfloat16"; colors and histograms stay float32. Half
                precision is faster on graphics cards and may give a doubtful segment another color of the palette.
            revision: branch, tag or commit on the Hub.
            cache_dir: where downloads are kept, the Hub's own cache by default.
            token: for private models, as in huggingface_hub.
            local_files_only: take what is cached and ask no network.

        Raises:
            ModelError: the model or a file of it cannot be had, is damaged or does not fit.
            InputError: this machine has no such device, or nets do not run in that type.
            OutOfMemoryError: the device has no room for it.
        """
        # Whoever runs exported models need not have PyTorch.
        from .torch_nets import TorchNets

        source = ModelSource(
            model, revision=revision, cache_dir=cache_dir, token=token, local_files_only=local_files_only
        )
        return cls.from_source(TorchNets(source, device, dtype))

    @classmethod
    def from_onnx(cls, folder: str | Path, *, providers: Sequence[str] = ON_CPU) -> Self:
        """Load a model that `export_onnx` wrote; runs on onnxruntime and needs no PyTorch.

        Args:
            folder: of the ONNX files.
            providers: onnxruntime's execution providers, such as "CUDAExecutionProvider", the preferred first.

        Raises:
            ModelError: a file is missing or damaged, or holds something else.
            InputError: onnxruntime has no such provider here.
            MissingExtraError: onnxruntime is not installed.
        """
        return cls.from_source(OnnxNets(folder, providers))

    @classmethod
    @abstractmethod
    def from_source(cls, source: NetSource) -> Self:
        """Take the nets of a model, whatever runs them."""

    @abstractmethod
    def save_files(self, folder: Path) -> None:
        """Write the weights files into an existing folder."""

    @abstractmethod
    def export_files(self, folder: Path) -> None:
        """Write ONNX files into an existing folder."""

    def save_pretrained(self, folder: str | Path, *, licence: str = LICENCE) -> None:
        """Write a folder that `from_pretrained` takes: safetensors, manifest, configuration, and a model card.

        Files of the same names are replaced, once all new ones are written; others stay and remain part of the model,
        so that a stage can be put into the folder of a whole model. A card that is there already is kept.

        Args:
            folder: made where its parent exists.
            licence: SPDX name of the weights' licence.

        Raises:
            OutputError: the folder cannot be written.
        """
        folder = Path(folder)
        with _writing(folder):
            _replace_files(folder, self.save_files)
            write_manifest(folder, licence)
            write_card(folder)

    def export_onnx(self, folder: str | Path) -> None:
        """Write a folder that `from_onnx` takes: ONNX files that run without PyTorch, and the histograms of a chain.

        Drawings may have any size and any number of segments. Files of the same names are replaced, once all new ones
        are written.

        Args:
            folder: made where its parent exists.

        Raises:
            OutputError: the folder cannot be written.
            MissingExtraError: onnx or onnxscript is not installed.
        """
        with _writing(Path(folder)):
            _replace_files(Path(folder), self.export_files)

    def push_to_hub(
        self,
        repo: str,
        *,
        private: bool | None = None,
        revision: str | None = None,
        token: str | bool | None = None,
        licence: str = LICENCE,
    ) -> str:
        """Publish on the Hugging Face Hub, all files in one commit.

        Args:
            repo: `org/name`, made if it does not exist.
            private: whether a new one is private; None leaves it to the organisation.
            revision: branch to publish to, made if it does not exist; None takes main.
            token: with the right to write, as in huggingface_hub.
            licence: SPDX name of the weights' licence.

        Returns:
            The commit.

        Raises:
            ModelError: the Hub refused it.
        """
        with tempfile.TemporaryDirectory() as folder:
            self.save_pretrained(Path(folder) / "model", licence=licence)
            return publish(Path(folder) / "model", repo, private=private, revision=revision, token=token)


def _replace_files(folder: Path, write: Callable[[Path], None]) -> None:
    """Write files beside those of a folder first, and put them in their places when all are there."""
    staging = folder / f".salac-{secrets.token_hex(8)}"
    try:
        folder.mkdir(exist_ok=True)
        staging.mkdir()
        write(staging)
        for path in staging.iterdir():
            os.replace(path, folder / path.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say plainly that a folder cannot be written.

    Raises:
        OutputError: in place of the system's.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or brief(error)
        raise OutputError(f"model folder {str(folder)!r} cannot be written ({reason}): choose another") from error
