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
        dtype: what it multiplies in; sums, norms and what it returns stay float32.
        config: the net's configuration, as plain values.
    """

    def __init__(self, module: AnyNet, device: torch.device, dtype: torch.dtype = torch.float32):
        self.device, self.dtype, self.module = device, dtype, module.to(device)
        self.config, self._graphs = module.config.to_dict(), graphs_of(module)

    @memory_watched()
    @torch.inference_mode()
    def __call__(self, function: str, **inputs: Input) -> Arrays:
        """Run one of `salac.nets.graphs` on those of the inputs that it asks for.

        Raises:
            OutOfMemoryError: the device has no room for it.
        """
        graph = self._graphs[function]
        with torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32):
            outputs = graph.module(*(self._value(inputs[name]) for name in graph.inputs))
        return {name: _array(value) for name, value in zip(graph.outputs, outputs, strict=True)}

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

    def __init__(
        self, source: ModelSource, device: str | torch.device | None, dtype: torch.dtype | str = torch.float32
    ):
        """Take a model's files, where to run them (None takes CUDA where there is one, else the CPU), and in what.

        Raises:
            InputError: this machine has no such device, or nets do not run in this type.
        """
        self.source, self.device, self.dtype = source, pick_device(device), pick_dtype(dtype)

    @memory_watched()
    def net(self, name: str, *archs: str) -> TorchNet:
        """The net of a weights file, which must be of one of the architectures.

        Raises:
            ModelError: it is missing, damaged, or another one.
            OutOfMemoryError: the device has no room for it.
        """
        return TorchNet(load_net(self.source.file(name), *(KINDS[arch] for arch in archs)), self.device, self.dtype)

    def file(self, name: str) -> Path:
        """Path of another file of the model.

        Raises:
            ModelError: it is missing or damaged.
        """
        return self.source.file(name)


def _array(value: torch.Tensor) -> np.ndarray:
    return (value.float() if value.is_floating_point() else value).cpu().numpy()


def pick_dtype(dtype: torch.dtype | str) -> torch.dtype:
    """The type that nets multiply in.

    Raises:
        InputError: it is none of float32, float16 and bfloat16.
    """
    for known in (torch.float32, torch.float16, torch.bfloat16):
        if dtype in (known, str(known), str(known).removeprefix("torch.")):
            return known
    raise InputError(f"dtype {dtype!r} cannot be used: pass 'float32', 'float16' or 'bfloat16'")


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
