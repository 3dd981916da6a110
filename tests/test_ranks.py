"""Training by two processes that torchrun starts, against one process that learns from as much."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
import two_ranks

import salac
from salac.training.build import build
from salac.training.dataset import Drawings
from salac.training.loop import generator


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "set"
    build(folder, figures=4, kits=0, validation=4, seed=1)
    return folder


def torchrun(*command: str | Path) -> str:
    """Run a command in two processes."""
    path = os.pathsep.join([str(Path(salac.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    alone = {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "PYTHONPATH": path}
    line = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *map(str, command)]
    done = subprocess.run(line, env=os.environ | alone, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_two_processes_learn_what_one_learns_from_the_doubled_batch(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torchrun(two_ranks.__file__, data, tmp_path)
    monkeypatch.setattr(torch, "autocast", partial(torch.autocast, enabled=False))
    two_ranks.run(two_ranks.Doubled, data, tmp_path / "one")
    two_ranks.run(two_ranks.ProposalTask, data, tmp_path / "half")

    states = {name: torch.load(tmp_path / name / "checkpoint.pt") for name in ("one", "two", "half", "resumed")}
    losses = {name: {k: v for k, v in rows(tmp_path / name)[0].items() if k != "minutes"} for name in ("one", "two")}
    assert losses["two"] == pytest.approx(losses["one"], rel=1e-5)

    def flat(name: str, kind: str) -> torch.Tensor:
        nets = states[name][kind].values()
        return torch.cat([value.flatten() for weights in nets for value in weights.values()])

    def gradients(name: str, optimizer: str) -> torch.Tensor:
        slots = states[name]["optimizers"][optimizer]["state"].values()
        return torch.cat([slot["exp_avg"].flatten() for slot in slots])

    for optimizer in ("generator", "critics"):
        one, two = gradients("one", optimizer), gradients("two", optimizer)
        assert (two - one).norm() < 1e-4 * one.norm()
    for kind in ("nets", "averages"):
        one, two, half = flat("one", kind), flat("two", kind), flat("half", kind)
        # Adam turns rounding into steps where a gradient is next to nothing, so a few weights differ by more.
        assert (two - one).abs().mean() < 0.01 * (half - one).abs().mean()
        assert torch.equal(flat("resumed", kind), two)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are listed on Linux alone")
def test_no_thread_of_the_processes_group_outlives_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "import torch\n"
        "from salac.training import ranks\n"
        "with ranks.joined('cpu'):\n"
        "    ranks.wait()\n"
        "    torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))])\n"
        "print(any('gloo' in task.read_text() for task in Path('/proc/self/task').glob('*/comm')))\n"
    )
    assert torchrun(script).split() == ["False", "False"]


def test_the_command_trains_in_two_processes(data: Path, tmp_path: Path) -> None:
    said = torchrun(
        "-m", "--", "salac", "train", "categories", data, "--run", tmp_path, "--steps", "1", "--device", "cpu"
    )
    # One of them writes.
    assert [json.loads(line) for line in said.splitlines()] == rows(tmp_path / "categories")
    assert ["held_out" in row for row in rows(tmp_path / "categories")] == [False, True]
    assert len(list((tmp_path / "categories").glob("preview-*.png"))) == 1


def test_shares_differ_in_all_but_their_aspect(data: Path) -> None:
    drawings = Drawings(data, "train")
    for step in range(4):
        first, second = (drawings.batch(3, step, 64, 2, share=share) for share in (0, 1))
        assert first[0].sketch.shape == second[0].sketch.shape
        assert not np.array_equal(first[0].sketch, second[0].sketch)
    streams = [generator(0, 5), generator(0, 5, 1), generator(0, 5, share=1), generator(0, 5, 1, share=1)]
    assert len({stream.integers(1 << 62) for stream in streams}) == 4
