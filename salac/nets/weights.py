"""Nets on disk: safetensors in half precision, the configuration in the metadata, loaded strictly."""

import json
import os
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn

from ..errors import ModelError
from .config import NetConfig
from .generator import ConvProposalGenerator, GeneratorConfig, ProposalGenerator
from .refinenet import RefineNet, RefineNetConfig
from .refiner import RefinerConfig, RefinerGenerator

FORMAT_VERSION = 1

AnyNet = RefineNet | ProposalGenerator | ConvProposalGenerator | RefinerGenerator
Net = TypeVar("Net", bound=AnyNet)

_CONFIGS: dict[str, type[NetConfig]] = {
    RefineNet.arch: RefineNetConfig,
    ProposalGenerator.arch: GeneratorConfig,
    ConvProposalGenerator.arch: GeneratorConfig,
    RefinerGenerator.arch: RefinerConfig,
}


KINDS: dict[str, type[AnyNet]] = {
    kind.arch: kind for kind in (RefineNet, ProposalGenerator, ConvProposalGenerator, RefinerGenerator)
}
"""The nets by the name that their files know them by."""


def save_net(net: AnyNet, path: Path) -> None:
    """Write weights (float16) and configuration to one safetensors file, atomically.

    Args:
        net: one of the nets of this package.
        path: file to write, replaced if it exists.
    """
    tensors = {
        key: (value.half() if value.is_floating_point() else value).contiguous() for key, value in _state(net).items()
    }
    metadata = {
        "arch": net.arch,
        "format_version": str(FORMAT_VERSION),
        "config": json.dumps(net.config.to_dict()),
    }
    part = path.with_suffix(".part")
    part.write_bytes(save(tensors, metadata))
    os.replace(part, path)


def load_net(path: Path, *kinds: type[Net]) -> Net:
    """Read a net written by `save_net`, in float32 on the CPU, ready for inference.

    Args:
        path: the safetensors file.
        kinds: the classes of which it must hold one.

    Raises:
        ModelError: the file is missing or damaged, holds another net, or its tensors do not fit its configuration.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"{path} is no readable weights file ({reason}): download or train it again") from error
    known = {kind.arch: kind for kind in kinds}
    arch = metadata.get("arch", "nothing known")
    version = metadata.get("format_version")
    if arch not in known or version != str(FORMAT_VERSION):
        expected = " or ".join(map(repr, known))
        raise ModelError(
            f"{path} holds {arch!r} in format {version}, expected {expected} in format {FORMAT_VERSION}: "
            "choose other weights or another version of salac"
        )
    try:
        config: Any = _CONFIGS[arch].from_dict(json.loads(metadata["config"]))
        with torch.random.fork_rng(devices=[]):  # nets begin with chance, and nobody else's must be spent on it
            net = known[arch](config)
    except KeyError:
        raise ModelError(f"{path} does not say the configuration of its net: download or train it again") from None
    except Exception as error:  # any value may be wrong, and torch says so in many ways
        reason = " ".join(str(error).split())
        raise ModelError(f"{path} holds no configuration of a net ({reason}): download or train it again") from error
    own = _state(net)
    wrong = [key for key in own.keys() | tensors.keys() if key not in tensors or key not in own]
    wrong += [key for key in own.keys() & tensors.keys() if own[key].shape != tensors[key].shape]
    if wrong:
        raise ModelError(
            f"{path}: {len(wrong)} tensors do not fit the configuration, {sorted(wrong)[0]!r} among them: it is of "
            "another version of salac, or damaged; download or train it again"
        )
    net.load_state_dict(tensors)
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def _state(net: nn.Module) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = net.state_dict()
    return state
