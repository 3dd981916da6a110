"""ONNX: what the exported nets say is what the nets say, at any size, and a chain of them runs without PyTorch."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import salac
from salac.cli import main
from salac.errors import InputError, ModelError
from salac.image import read_drawing
from salac.nets.generator import ConvProposalGenerator, GeneratorConfig
from salac.nets.graphs import graphs_of
from salac.nets.onnx import export_net
from salac.stages import Refiner
from salac.stages.onnx_nets import OnnxNets
from salac.stages.torch_nets import TorchNet, TorchNets
from salac.zoo.hub import ModelSource

pytest.importorskip("onnxscript")
pytest.importorskip("onnxruntime")

SKETCHES = Path(__file__).parent.parent / "examples" / "sketches"
SIZES = (64, 96, 7), (32, 160, 1), (192, 128, 300)
"""Height, width and number of tokens: those of no export but the first."""
ARCHS = {
    "style-clusters-7": "refinenet",
    "color-categories": "refinenet",
    "color-proposal": "segment-palette-generator",
    "refiner": "tone-refiner",
}


@pytest.fixture(scope="module")
def refiner_folder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest net, exported: an export takes seconds."""
    folder = tmp_path_factory.mktemp("onnx") / "refiner"
    Refiner.from_pretrained(model_folder, device="cpu").export_onnx(folder)
    return folder


@pytest.fixture(scope="module")
def chain_folder(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("onnx") / "chain"
    assert main(["models", "export", str(model_folder), str(folder)]) == 0
    return folder


def agree(net: TorchNet, folder: Path, name: str, arch: str) -> None:
    """Assert that every function of a net says the same in both forms, at several sizes."""
    exported = OnnxNets(folder).net(f"{name}.safetensors", arch)
    assert json.loads(json.dumps(net.config)) == exported.config
    for high, wide, count in SIZES:
        rng = np.random.default_rng(count)
        shares = rng.random((1, 12), np.float32) * (np.arange(12) < 7)
        given = {
            "sketch": rng.random((1, 1, high, wide), np.float32),
            "labels": rng.integers(count, size=(1, high, wide)),
            "count": np.int64(count),
            "priors": rng.random((1, 13, high, wide), np.float32),
            "categories": rng.random((1, 6, high, wide), np.float32),
            "proposal": rng.random((1, 3, high, wide), np.float32),
            "palette": rng.random((1, 12, 3), np.float32),
            "shares": (shares / shares.sum()).astype(np.float32),
        }
        for function, graph in graphs_of(net.module).items():
            expected, answer = net(function, **given), exported(function, **given)
            assert tuple(answer) == graph.outputs
            for output in graph.outputs:
                assert answer[output].shape == expected[output].shape
                np.testing.assert_allclose(answer[output], expected[output], rtol=1e-5, atol=1e-4)
            given.update(expected)


def test_the_refiner_agrees(model_folder: Path, refiner_folder: Path) -> None:
    net = TorchNets(ModelSource(model_folder), "cpu").net("refiner.safetensors", "tone-refiner")
    (path,) = refiner_folder.iterdir()
    assert str(Path(salac.__file__).parent).encode() not in path.read_bytes()
    agree(net, refiner_folder, "refiner", "tone-refiner")


def test_a_stage_runs_exported(model_folder: Path, refiner_folder: Path) -> None:
    gray = read_drawing(SKETCHES / "portrait.png")[:200, :240]
    proposal = np.full((*gray.shape, 3), (200, 120, 90), np.uint8)
    here, there = Refiner.from_pretrained(model_folder, device="cpu"), Refiner.from_onnx(refiner_folder)
    difference = here(gray, proposal=proposal).astype(int) - there(gray, proposal=proposal)
    assert np.abs(difference).max() <= 1


def test_what_is_no_export_is_told(refiner_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no style-clusters-7\.\*\.onnx: export a model"):
        salac.Colorizer.from_onnx(refiner_folder)
    with pytest.raises(InputError, match="onnxruntime has no TensorrtExecutionProvider here"):
        Refiner.from_onnx(refiner_folder, providers=["TensorrtExecutionProvider"])
    with pytest.raises(ModelError, match="is exported already"):
        Refiner.from_onnx(refiner_folder).export_onnx(tmp_path / "again")
    with pytest.raises(ModelError, match="save the model that they were exported from"):
        Refiner.from_onnx(refiner_folder).save_pretrained(tmp_path / "saved")
    (path,) = refiner_folder.iterdir()
    (tmp_path / path.name).write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ModelError, match="no readable ONNX file"):
        Refiner.from_onnx(tmp_path)
    shutil.copy(path, tmp_path / "color-categories.tone.onnx")
    with pytest.raises(ModelError, match="holds 'tone-refiner', expected 'refinenet'"):
        OnnxNets(tmp_path).net("color-categories.safetensors", "refinenet")


@pytest.mark.slow
@pytest.mark.parametrize("name", list(ARCHS))
def test_every_net_agrees(model_folder: Path, chain_folder: Path, name: str) -> None:
    net = TorchNets(ModelSource(model_folder), "cpu").net(f"{name}.safetensors", ARCHS[name])
    agree(net, chain_folder, name, ARCHS[name])


@pytest.mark.slow
def test_the_convolutional_generator_agrees(tmp_path: Path) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        net = ConvProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=16, size=64)).eval()
    export_net(net, tmp_path, "color-proposal")
    agree(TorchNet(net, torch.device("cpu")), tmp_path, "color-proposal", "conv-generator")


@pytest.mark.slow
def test_the_chain_runs_without_torch_and_agrees(model_folder: Path, chain_folder: Path, tmp_path: Path) -> None:
    """PyTorch cannot be imported in the process that runs the export."""
    names = ["portrait.png", "anime.png"]
    code = f"""
import sys
sys.modules["torch"] = None
import salac
colorizer = salac.Colorizer.from_onnx({str(chain_folder)!r})
for name in {names!r}:
    result = colorizer({str(SKETCHES)!r} + "/" + name, seed=3)
    result.save({str(tmp_path)!r} + "/" + name)
colorizer({str(SKETCHES)!r} + "/" + name, palette=["#f7d7c4", "#3b4cc0:2"], lock={{1: "#c8202a"}})
"""
    path = os.pathsep.join([str(Path(salac.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, capture_output=True)
    assert done.returncode == 0, done.stderr
    here, there = salac.Colorizer.from_pretrained(model_folder, device="cpu"), salac.Colorizer.from_onnx(chain_folder)
    for name in names:
        expected, result = here(SKETCHES / name, seed=3), there(SKETCHES / name, seed=3)
        np.testing.assert_array_equal(result.categories, expected.categories)
        np.testing.assert_array_equal(result.proposal, expected.proposal)
        assert np.abs(result.image.astype(int) - expected.image).max() <= 1
        assert (tmp_path / name).stat().st_size > 0
