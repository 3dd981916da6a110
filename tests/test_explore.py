"""Many variations: streamed, told apart, picked and laid out."""

import dataclasses
import tracemalloc
from pathlib import Path

import cv2
import numpy as np
import pytest

import salac
from salac import explore
from salac.errors import InputError


@pytest.fixture(scope="module")
def colorizer(model_folder: Path) -> salac.Colorizer:
    return salac.Colorizer.from_pretrained(model_folder)


@pytest.fixture(scope="module")
def drawing(colorizer) -> salac.Colorization:
    """A square on paper, 120 x 90."""
    sketch = np.full((90, 120), 255, np.uint8)
    cv2.rectangle(sketch, (20, 10), (100, 80), 0, 2)
    return colorizer(sketch)


def in_color(drawing: salac.Colorization, color: tuple[int, int, int], seed: int) -> salac.Colorization:
    proposal = np.full_like(drawing.proposal, 255)
    proposal[12:79, 22:99] = color
    return dataclasses.replace(drawing, proposal=proposal, paint=proposal, seed=seed)


@pytest.fixture(scope="module")
def results(drawing) -> list[salac.Colorization]:
    """Reds and blues by turns, seeds 0 to 11."""
    rng = np.random.default_rng(0)
    colors = [rng.integers(0, 40, 3) + ((200, 0, 0) if k % 2 else (0, 0, 200)) for k in range(12)]
    return [in_color(drawing, (int(r), int(g), int(b)), k) for k, (r, g, b) in enumerate(colors)]


def test_variations_take_the_memory_of_one(colorizer, drawing) -> None:
    variations = colorizer.variations(drawing.sketch, n=10**9)
    next(variations)
    tracemalloc.start()
    peaks = []
    for n in (5, 30):
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(n):
            next(variations)
        peaks.append(tracemalloc.get_traced_memory()[1] - before)
    tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_near_equal_variations_are_left_out(drawing) -> None:
    colors = [(200, 30, 40), (202, 31, 39), (30, 60, 160), (199, 30, 42)]
    results = [in_color(drawing, color, seed) for seed, color in enumerate(colors)]
    assert [r.seed for r in explore.distinct(results)] == [0, 2]
    assert [r.seed for r in explore.distinct(results, difference=0)] == [0, 1, 2, 3]
    # It takes results as they come.
    assert next(explore.distinct(iter(results))).seed == 0


def test_a_color_picks_the_variations_with_most_of_it(results) -> None:
    assert {r.seed % 2 for r in explore.nearest(iter(results), "#d01818", n=6)} == {1}
    assert {r.seed % 2 for r in explore.nearest(results, "#1818d0", n=3)} == {0}
    assert len(explore.nearest(results[:2], "#fff")) == 2
    with pytest.raises(InputError, match="no hex color"):
        explore.nearest(results, "reddish")


def test_a_contact_sheet_shows_all_in_order(results) -> None:
    sheet = np.asarray(explore.contact_sheet(iter(results), tile=50, columns=5))
    assert sheet.shape[1] == 5 * (50 + explore.GAP) + explore.GAP
    step = 50 + explore.GAP
    centers = [sheet[explore.GAP + 25, explore.GAP + 25 + k * step] for k in range(5)]
    assert [int(color.argmax()) for color in centers] == [2, 0, 2, 0, 2]
    with pytest.raises(InputError, match="at least one"):
        explore.contact_sheet([])


def test_a_map_lays_similar_colors_together(results) -> None:
    sheet = np.asarray(explore.color_map(iter(results), tile=40)).astype(int)
    red, blue = (sheet[..., a] - sheet[..., b] > 100 for a, b in ((0, 2), (2, 0)))
    centers = [np.argwhere(mask).mean(0) for mask in (red, blue)]
    spreads = [np.argwhere(mask).std(0).max() for mask in (red, blue)]
    assert np.linalg.norm(centers[0] - centers[1]) > max(spreads)
    assert np.array_equal(sheet, explore.color_map(results, tile=40))
    with pytest.raises(InputError, match="at least 3"):
        explore.color_map(results[:2])
