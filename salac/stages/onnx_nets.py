"""The nets of a model, exported to ONNX and run by onnxruntime; nothing here needs PyTorch."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, MissingExtraError, ModelError
from ..zoo.manifest import brief
from .arrays import Arrays, Input

ON_CPU = ("CPUExecutionProvider",)


class OnnxNet:
    """The ONNX files of a net, one for each of its functions.

    Attributes:
        config: the net's configuration, as plain values.
    """

    def __init__(self, folder: Path, name: str, archs: tuple[str, ...], providers: tuple[str, ...]):
        """Read `<name>.<function>.onnx` from a folder.

        Raises:
            ModelError: a file is missing, damaged, or holds another net.
            MissingExtraError: onnxruntime is not installed.
        """
        paths = sorted(folder.glob(f"{name}.*.onnx"))
        if not paths:
            raise ModelError(f"{folder} has no {name}.*.onnx: export a model into it by export_onnx")
        self._sessions = {path.suffixes[-2][1:]: _session(path, providers) for path in paths}
        for path, session in zip(paths, self._sessions.values(), strict=True):
            about = session.get_modelmeta().custom_metadata_map
            if about.get("arch") not in archs:
                expected = " or ".join(map(repr, archs))
                raise ModelError(f"{path} holds {about.get('arch')!r}, expected {expected}: export the model again")
            self.config: dict[str, Any] = json.loads(about["config"])

    def __call__(self, function: str, **inputs: Input) -> Arrays:
        """Run one of the files on those of the inputs that it asks for."""
        session = self._sessions[function]
        asked = {one.name: np.asarray(inputs[one.name], order="C") for one in session.get_inputs()}
        names = [one.name for one in session.get_outputs()]
        return dict(zip(names, session.run(names, asked), strict=True))

    def save(self, path: Path) -> None:
        """Refuse: the weights are no longer there as such.

        Raises:
            ModelError: always.
        """
        raise ModelError(f"{path.name} cannot be made of ONNX files: save the model that they were exported from")

    def export(self, folder: Path, name: str) -> None:
        """Refuse likewise: copy the folder.

        Raises:
            ModelError: always.
        """
        raise ModelError(f"{name} is exported already: copy the folder that it was loaded from")


class OnnxNets:
    """The ONNX files of a model."""

    def __init__(self, folder: str | Path, providers: Sequence[str] = ON_CPU):
        """Take the folder of an exported model, and onnxruntime's execution providers, the preferred first."""
        self.folder, self.providers = Path(folder), tuple(providers)

    def net(self, name: str, *archs: str) -> OnnxNet:
        """The net of a weights file, which must be of one of the architectures.

        Raises:
            ModelError: a file of it is missing, damaged, or holds another net.
            MissingExtraError: onnxruntime is not installed.
        """
        return OnnxNet(self.folder, Path(name).stem, archs, self.providers)

    def file(self, name: str) -> Path:
        """Path of another file of the model."""
        return self.folder / name


def _session(path: Path, providers: tuple[str, ...]) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtraError('onnxruntime is not installed: pip install "salac[onnx]"') from error
    if missing := set(providers) - set(onnxruntime.get_available_providers()):
        raise InputError(
            f"onnxruntime has no {min(missing)} here: choose of {', '.join(onnxruntime.get_available_providers())}"
        )
    try:
        return onnxruntime.InferenceSession(str(path), providers=list(providers))
    except Exception as error:  # onnxruntime's own have no common base
        raise ModelError(f"{path} is no readable ONNX file ({brief(error)}): export the model again") from error
