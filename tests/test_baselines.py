"""The baselines of Table 4.1: their nets, a short training of each, and their rows in the table."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from salac.cli import main
from salac.errors import InputError, MissingExtraError
from salac.histogram import RGBuvHistogram
from salac.training.baselines import painters
from salac.training.baselines.alacgan import SEEN, AlacganCritic, AlacganGenerator, gradient_penalty
from salac.training.build import build
from salac.training.recipes import train_stage


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "set"
    build(folder, figures=2, kits=0, validation=4, seed=1)
    return folder


def test_alacgan_paints_and_judges_pictures_of_any_aspect() -> None:
    torch.manual_seed(0)
    generator, critic = AlacganGenerator(), AlacganCritic()
    sketch, seen = torch.rand(2, 1, 64, 96), torch.rand(2, SEEN, 4, 6)
    with torch.autocast("cpu", torch.bfloat16):
        paint = generator(sketch, seen)
        scores = critic(paint, seen)
    assert paint.shape == (2, 3, 64, 96)
    assert 0 <= paint.min() <= paint.max() <= 1
    assert scores.shape == (2,)
    scores.sum().backward()
    assert all(parameter.grad.isfinite().all() for net in (generator, critic) for parameter in net.parameters())


def test_gradient_penalty_of_a_linear_critic_by_hand() -> None:
    class Linear(nn.Module):
        def forward(self, picture: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
            return (picture * torch.tensor([3.0, 4.0])).sum((1, 2, 3))

    real, made = torch.rand(2, 3, 1, 1, 2)
    # Everywhere of length 5.
    assert gradient_penalty(Linear(), real, made, made).item() == pytest.approx(16)


def test_one_gan_alone_learns_paints_and_stands_in_the_table(
    data: Path, tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match="no run of alacgan or generative"):
        painters(tmp_path)
    train_stage("generative", data, tmp_path, steps=1, device="cpu")
    assert list((tmp_path / "generative").glob("preview-*.png"))
    scores = json.loads((tmp_path / "generative" / "log.jsonl").read_text().splitlines()[-1])["held_out"]
    assert 5 < scores["ciede2000"] < 60  # grey mush beside colors
    (painter,) = painters(tmp_path, "cpu")
    gray = np.full((150, 100), 255, np.uint8)
    gray[40:110, 30] = 0
    red, blue = (
        RGBuvHistogram().from_palette(np.array([color]), np.ones(1)) for color in ((200, 20, 20), (20, 20, 200))
    )
    paint = painter(gray, red)
    assert paint.shape == (150, 100, 3)
    assert paint.dtype == np.uint8
    # One step makes no difference that an eye could see.
    sketch = torch.ones(1, 1, 64, 64)
    assert not torch.equal(painter.paint(sketch, red), painter.paint(sketch, blue))
    capsys.readouterr()
    command = ["evaluate", str(data), "--model", str(model_folder), "--baselines", str(tmp_path)]
    assert main([*command, "--only", "colors", "-n", "2", "--device", "cpu"]) == 0
    assert "| SALAC, generative only |" in capsys.readouterr().out


@pytest.mark.slow
def test_alacgan_learns_and_paints(data: Path, tmp_path: Path) -> None:
    try:
        train_stage("alacgan", data, tmp_path, steps=2, device="cpu")
    except MissingExtraError as error:
        pytest.skip(str(error))
    (painter,) = painters(tmp_path, "cpu")
    assert painter(np.full((150, 100), 255, np.uint8), np.empty(0, np.float32)).shape == (150, 100, 3)
