"""Nets as ONNX files, which run without PyTorch: one for each function, for drawings of any size and division.

A file is named after its net and its function, as in `color-proposal.see.onnx`; its metadata holds the net's `arch` and
`config`, as that of a safetensors file does.
"""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch.export import Dim

from ..errors import MissingExtraError
from .generator import CATEGORIES
from .graphs import Graph, graphs_of
from .refiner import RefinerGenerator
from .segments import SEGMENT_CHANNELS
from .weights import FORMAT_VERSION, AnyNet

OPSET = 18
"""The first in which a scatter adds up, as sums over segments ask for."""
SEEN = 1 + SEGMENT_CHANNELS + CATEGORIES
"""Channels of `SeenPixels`."""


def export_net(net: AnyNet, folder: Path, name: str) -> None:
    """Write a net as ONNX files named `<name>.<function>.onnx`.

    Args:
        net: on the CPU, in float32.
        folder: that exists.
        name: such as "color-categories".

    Raises:
        MissingExtraError: onnx or onnxscript is not installed.
    """
    try:
        import onnxscript  # noqa: F401
        from onnx_ir.passes.common import ClearMetadataAndDocStringPass
    except ImportError as error:
        raise MissingExtraError('onnx is not installed: pip install "salac[onnx]"') from error
    about = {"arch": net.arch, "format_version": str(FORMAT_VERSION), "config": json.dumps(net.config.to_dict())}
    for function, graph in graphs_of(net).items():
        multiple = 32 if isinstance(net, RefinerGenerator) else 16
        values, shapes = zip(*(_example(one, multiple, net.config.to_dict()) for one in graph.inputs), strict=True)
        program = _exported(graph, values, shapes)
        # The exporter notes for every node which lines of which files it comes from: most of the size, of no use here.
        ClearMetadataAndDocStringPass()(program.model)
        program.model.metadata_props.update(about)
        program.save(folder / f"{name}.{function}.onnx")


def _exported(graph: Graph, values: tuple[Any, ...], shapes: tuple[Any, ...]) -> torch.onnx.ONNXProgram:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter's about itself
        program = torch.onnx.export(
            graph.module.eval(),
            values,
            dynamo=True,
            opset_version=OPSET,
            input_names=graph.inputs,
            output_names=graph.outputs,
            dynamic_shapes=shapes,
            verbose=False,
        )
    assert program is not None
    return program


def _example(name: str, multiple: int, config: Mapping[str, Any]) -> tuple[Any, Any]:
    """A value of an input, and which of its sizes are free."""
    rows, columns, segments = multiple * Dim("rows"), multiple * Dim("columns"), Dim("segments")
    high, wide, count = 4 * multiple, 6 * multiple, 7
    match name:
        case "count":
            return count, Dim.DYNAMIC
        case "labels":
            return torch.arange(high * wide).view(1, high, wide) % count, {1: rows, 2: columns}
        case "tokens":
            return torch.ones(1, count, config["dim"]), {1: segments}
        case "areas":
            return torch.ones(1, count), {1: segments}
        case "palette":
            return torch.ones(1, config["slots"], 3), {}
        case "shares":
            return torch.ones(1, config["slots"]), {}
    known = {"sketch": 1, "proposal": 3, "categories": CATEGORIES, "channels": SEEN}
    channels = config["priors"] if name == "priors" else known[name]
    return torch.ones(1, channels, high, wide), {2: rows, 3: columns}
