"""The model that is installed with the package, on drawings that its training never saw."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

import salac
from salac.histogram import RGBuvHistogram, hellinger_distance
from salac.zoo.hub import BUNDLED, ModelSource
from salac.zoo.registry import WEIGHTS, registry

SKETCHES = Path(__file__).parent.parent / "examples" / "sketches"
NAMES = ["portrait", "full-figure", "chibi", "anime-bust"]


@pytest.fixture(scope="module")
def colorizer() -> salac.Colorizer:
    return salac.Colorizer.from_pretrained(device="cpu")


def test_every_file_is_what_the_manifest_says() -> None:
    assert {name for name, model in registry().items() if model.folder} == {path.name for path in WEIGHTS.iterdir()}
    source = ModelSource(BUNDLED)
    files = [source.file(name) for name in source.manifest]
    assert sum(path.stat().st_size for path in files) < 20_000_000
    assert {path.name for path in files} == {path.name for path in (WEIGHTS / BUNDLED).glob("*.safetensors")}


def test_the_card_tells_what_it_was_trained_on() -> None:
    card = (WEIGHTS / BUNDLED / "README.md").read_text()
    for word in ("license: apache-2.0", "figures", "CC BY 4.0", "minutes", "What it cannot do"):
        assert word in card
    assert (WEIGHTS / BUNDLED / "curves.svg").exists()
    assert json.loads((WEIGHTS / BUNDLED / "manifest.json").read_text())["files"]


@pytest.mark.parametrize("name", NAMES)
def test_paper_stays_paper_and_the_figure_is_colored(colorizer, name: str) -> None:
    result = colorizer(SKETCHES / f"{name}.png", seed=1)
    corners = result.image[[2, 2], [2, -3]]
    assert (corners == 255).all()
    saturation = result.proposal.max(-1).astype(int) - result.proposal.min(-1)
    assert (saturation > 20).mean() > 0.05


@pytest.mark.parametrize("name", NAMES)
def test_asked_colors_are_the_colors_that_come(colorizer, name: str) -> None:
    form = RGBuvHistogram()
    colors = np.array([[247, 215, 196], [59, 76, 192], [200, 32, 42], [60, 40, 36]], np.uint8)
    asked = form.from_palette(colors, np.array([3, 3, 2, 2]))
    result = colorizer(SKETCHES / f"{name}.png", histogram=asked)
    figure = result.proposal[(result.proposal < 255).any(-1)]
    got = form.from_picture(figure[None])
    distance = hellinger_distance(*(torch.from_numpy(h.reshape(1, -1)) for h in (asked, got)))
    assert distance.item() < 0.6
    # Nothing but what was asked for, white and ink.
    allowed = np.vstack([colors, [[254, 254, 254], [26, 23, 28]]]).astype(int)
    shades = np.unique(figure, axis=0).astype(int)
    assert np.abs(shades[:, None] - allowed).max(-1).min(-1).max() <= 6


def test_seeds_give_different_pictures_of_one_drawing(colorizer) -> None:
    results = list(colorizer.variations(SKETCHES / "portrait.png", n=6))
    means = np.array([r.proposal.reshape(-1, 3).mean(0) for r in results])
    assert np.linalg.norm(means[:, None] - means, axis=-1).max() > 20
    assert len({r.image.tobytes() for r in results}) >= 5


def test_a_blank_page_stays_white(colorizer) -> None:
    assert (colorizer(np.full((120, 80), 255, np.uint8)).image == 255).all()


def test_the_line_stays_crisp(colorizer) -> None:
    result = colorizer(SKETCHES / "portrait.png")
    ink = result.sketch < 16
    assert result.image[ink].max() < 20
