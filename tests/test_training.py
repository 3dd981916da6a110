"""Training: losses by hand, and a loop that resumes exactly."""

import json
import math
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from salac.errors import InputError, ModelError
from salac.training.loop import Settings, generator, load_averages, planned_steps, schedule, train
from salac.training.losses import alike_loss, discriminator_loss, generator_loss, pointer_loss, r1_penalty


def test_adversarial_losses_by_hand() -> None:
    real, fake = torch.tensor([0.0, math.log(3)]), torch.tensor([-math.log(2)])
    assert generator_loss(fake).item() == pytest.approx(math.log(3))
    # A discriminator is rewarded for high logits of real pictures: log(1 + e^0) and log(1 + 1/3).
    expected = (math.log(2) + math.log(4 / 3)) / 2 + math.log(1.5)
    assert discriminator_loss(real, fake).item() == pytest.approx(expected)


def test_r1_of_a_linear_critic_by_hand() -> None:
    pictures = torch.rand(2, 1, 2, 2, requires_grad=True)
    logits = (pictures * torch.tensor([[[1.0, 2], [0, 2]]])).sum((1, 2, 3))
    assert r1_penalty(logits, pictures, gamma=10).item() == pytest.approx(5 * 9)


def test_alike_loss_by_hand() -> None:
    # Of three segments 0 and 1 have one color; 2 has no weight, so that only their pair counts, and no segment's own.
    logits = torch.tensor([[[-9.0, math.log(3), 5], [math.log(3), -9, 5], [5, 5, -9]]])
    targets, weights = torch.tensor([[4, 4, 1]]), torch.tensor([[2.0, 1, 0]])
    assert alike_loss(logits, targets, weights).item() == pytest.approx(math.log(4 / 3))
    assert alike_loss(logits, torch.tensor([[4, 3, 1]]), weights).item() == pytest.approx(math.log(4))
    assert alike_loss(logits, targets, torch.zeros(1, 3)).item() == 0


def test_pointer_loss_ignores_weightless_segments() -> None:
    logits = torch.tensor([[[0.0, 0.0], [100.0, -100.0]]])
    targets = torch.tensor([[0, 1]])
    assert pointer_loss(logits, targets, torch.tensor([[3.0, 0.0]])).item() == pytest.approx(math.log(2))


def test_schedule_warms_up_and_decays() -> None:
    rates = [schedule(step, 1000) for step in range(1000)]
    assert rates[0] == pytest.approx(0.01)
    assert max(rates) < 1
    assert all(a >= b for a, b in pairwise(rates[100:]))
    assert rates[-1] == pytest.approx(0.03, abs=1e-3)


class Line:
    """Fits y = 2x with noise drawn from (seed, step)."""

    averaged = ("net",)

    def __init__(self) -> None:
        torch.manual_seed(0)
        net = nn.Linear(1, 1)
        self.nets = {"net": net}
        self.optimizers = {"net": torch.optim.Adam(net.parameters(), lr=0.1)}

    def batch(self, step: int, share: int = 0) -> torch.Tensor:
        return torch.from_numpy(generator(7, step).normal(size=(8, 1)).astype(np.float32))

    def step(self, step: int, batch: torch.Tensor) -> dict[str, float | torch.Tensor]:
        target = 2 * batch + 0.01 * torch.randn_like(batch)
        loss = (self.nets["net"](batch) - target).square().mean()
        self.optimizers["net"].zero_grad()
        loss.backward()
        self.optimizers["net"].step()
        return {"loss": loss}

    def evaluate(self, nets) -> dict[str, float]:
        return {"slope": nets["net"].weight.item()}

    def preview(self, nets) -> Image.Image:
        return Image.new("L", (1, 1))


def weights(folder: Path) -> list[float]:
    net = nn.Linear(1, 1)
    load_averages(folder / "checkpoint.pt", {"net": net})
    return [p.item() for p in net.parameters()]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_batches_of_other_processes_are_those_of_this_one(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path / "thread", steps=40)
    train(Line(), settings)
    train(Line(), replace(settings, folder=tmp_path / "processes", workers=1))
    assert weights(tmp_path / "processes") == weights(settings.folder)


def test_a_resumed_run_equals_one_that_never_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = Settings(folder=tmp_path / "whole", steps=250)
    train(Line(), whole)
    halves = Settings(folder=tmp_path / "halves", steps=250, max_minutes=0)
    train(Line(), halves)  # stops after one step
    train(Line(), Settings(folder=tmp_path / "halves", steps=250, resume=True))
    assert weights(halves.folder) == weights(whole.folder)
    assert weights(whole.folder)[0] == pytest.approx(2, abs=0.1)
    rows = [json.loads(line) for line in (halves.folder / "log.jsonl").read_text().splitlines()]
    assert rows[0]["step"] == 1
    assert rows[-1]["step"] == 250
    assert "held_out" in rows[-1]
    assert list(halves.folder.glob("preview-*.png"))
    capsys.readouterr()


def test_a_run_is_never_begun_over_another(tmp_path: Path) -> None:
    checkpoint = train(Line(), Settings(folder=tmp_path, steps=2))
    before = checkpoint.read_bytes()
    with pytest.raises(InputError, match="holds a run already"):
        train(Line(), Settings(folder=tmp_path, steps=2))
    with pytest.raises(ModelError, match="begun with seed 0"):
        train(Line(), Settings(folder=tmp_path, steps=2, seed=1, resume=True))
    assert checkpoint.read_bytes() == before
    assert planned_steps(checkpoint) == 2


def test_a_resumed_log_says_every_step_once(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path, steps=250, max_minutes=0)
    train(Line(), settings)
    log = tmp_path / "log.jsonl"
    # The machine went down after step 100 was logged and before the next checkpoint.
    log.write_text(log.read_text() + json.dumps({"step": 100, "minutes": 1.0, "loss": 9.0}) + "\n")
    train(Line(), Settings(folder=tmp_path, steps=250, resume=True))
    losses = [row for row in map(json.loads, log.read_text().splitlines()) if "loss" in row]
    assert [row["step"] for row in losses] == [1, 101, 201, 250]


def test_nothing_is_saved_after_a_loss_is_not_a_number(tmp_path: Path) -> None:
    class Broken(Line):
        def step(self, step: int, batch: torch.Tensor) -> dict[str, float | torch.Tensor]:
            return {"loss": math.nan}

    checkpoint = train(Line(), Settings(folder=tmp_path, steps=3))
    before = checkpoint.read_bytes()
    with pytest.raises(ModelError, match="not a number"):
        train(Broken(), Settings(folder=tmp_path, steps=6, resume=True))
    assert checkpoint.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04"])
def test_a_damaged_checkpoint_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(content)
    with pytest.raises(ModelError, match="no readable checkpoint"):
        train(Line(), Settings(folder=tmp_path, steps=2, resume=True))


def test_a_foreign_checkpoint_is_refused(tmp_path: Path) -> None:
    train(Line(), Settings(folder=tmp_path, steps=1))
    other = Line()
    other.nets = {"net": nn.Linear(2, 2)}
    other.optimizers = {"net": torch.optim.Adam(other.nets["net"].parameters())}
    with pytest.raises(ModelError, match="does not fit"):
        train(other, Settings(folder=tmp_path, steps=2, resume=True))


def test_what_is_unknown_is_no_background() -> None:
    logits = torch.log(torch.tensor([[[0.5, 0.5, 1e-9], [0.2, 0.5, 0.3]]]))
    weights = torch.tensor([[1.0, 3.0]])
    expected = (math.log(2) + 3 * -math.log(1 - 0.2)) / 4
    assert pointer_loss(logits, torch.tensor([[1, 255]]), weights).item() == pytest.approx(expected, rel=1e-5)
