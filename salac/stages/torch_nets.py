"""The nets of a model, run by PyTorch."""

from pathlib import Path

import numpy as np
import torch

from ..errors import InputError
from ..nets.graphs import graphs_of
from ..nets.weights import KINDS, AnyNet, load_net, save_net
from ..zoo.hub import ModelSource
from .arrays import Arrays, Input
from .memory import memory_watched


class TorchNet:
    """A torch module that takes and returns arrays.

    Attributes:
        module: the net itself.
        device: where it runs.
        config: the net's configuration, as plain values.
    """

    def __init__(self, module: AnyNet, device: torch.device):
        self.device, self.module = device, module.to(device)
        self.config, self._graphs = module.config.to_dict(), graphs_of(module)

    @memory_watched()
    @torch.inference_mode()
    def __call__(self, function: str, **inputs: Input) -> Arrays:
        """Run one of `salac.nets.graphs` on those of the inputs that it asks for.

        Raises:
            OutOfMemoryError: the device has no room for it.
        """
        graph = self._graphs[function]
        outputs = graph.module(*(self._value(inputs[name]) for name in graph.inputs))
        return {name: value.cpu().numpy() for name, value in zip(graph.outputs, outputs, strict=True)}

    def _value(self, value: Input) -> torch.Tensor | int:
        return torch.from_numpy(value).to(self.device) if isinstance(value, np.ndarray) else int(value)

    def save(self, path: Path) -> None:
        """Write the net as safetensors."""
        save_net(self.module, path)

    def export(self, folder: Path, name: str) -> None:
        """Write the net as ONNX files.

        Raises:
            MissingExtraError: what exports it is not installed.
        """
        from ..nets.onnx import export_net

        export_net(self.module, folder, name)


class TorchNets:
    """The safetensors of a model."""

    def __init__(self, source: ModelSource, device: str | torch.device | None):
        """Take a model's files, and where to run them: None takes CUDA where there is one, else the CPU.

        Raises:
            InputError: this machine has no such device.
        """
        self.source, self.device = source, pick_device(device)

    @memory_watched()
    def net(self, name: str, *archs: str) -> TorchNet:
        """The net of a weights file, which must be of one of the architectures.

        Raises:
            ModelError: it is missing, damaged, or another one.
            OutOfMemoryError: the device has no room for it.
        """
        return TorchNet(load_net(self.source.file(name), *(KINDS[arch] for arch in archs)), self.device)

    def file(self, name: str) -> Path:
        """Path of another file of the model.

        Raises:
            ModelError: it is missing or damaged.
        """
        return self.source.file(name)


def pick_device(device: str | torch.device | None) -> torch.device:
    """The asked device, or CUDA where there is one, else the CPU.

    Raises:
        InputError: this machine, or this PyTorch, has no such device.
    """
    chosen = device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        return torch.empty(0, device=chosen).device
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"device {str(chosen)!r} cannot be used ({reason}): pass 'cpu', or none at all") from None
