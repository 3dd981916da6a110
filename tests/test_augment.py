"""Sketch augmentation: each blemish keeps ink ink and paper paper, and one seed always draws the same."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from salac.image import read_sketch
from salac.training.augment import BLEMISHES, augment, extract_lines
from salac.training.drawing import BASE_TONE

PORTRAIT = Path(__file__).parent.parent / "examples" / "sketches" / "portrait.png"


@pytest.fixture(scope="module")
def ink() -> np.ndarray:
    return cv2.resize(read_sketch(PORTRAIT), (256, 256), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("blemish", [blemish for blemish, _ in BLEMISHES], ids=lambda blemish: blemish.__name__)
def test_a_blemished_drawing_is_still_that_drawing(blemish, ink) -> None:
    dark = (255 - ink).astype(np.float32) / 255
    before = dark.copy()
    results = [blemish(dark, np.random.default_rng(seed)).clip(0, 1) for seed in range(6)]
    assert np.array_equal(dark, before)
    assert any(np.abs(result - dark).max() > 0.05 for result in results)
    for result in results:
        assert result.shape == dark.shape
        assert result.dtype == np.float32
        assert result[dark > 0.9].mean() > 0.3
        assert result[cv2.dilate(dark, np.ones((7, 7))) < 0.1].mean() < 0.1


def test_augmentation_follows_its_seed(ink) -> None:
    first, again, other = (augment(ink, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    blank = np.full_like(ink, 255)
    assert np.mean([augment(blank, np.random.default_rng(seed)).mean() for seed in range(20)]) > 250


def test_extracted_lines_run_where_colors_meet() -> None:
    group = np.zeros((64, 64), np.uint8)
    group[16:48, 16:48] = 1
    tone = np.full((64, 64), BASE_TONE, np.uint8)
    paper = np.full((64, 64), 255, np.uint8)
    colors = np.array([[255, 255, 255], [90, 40, 40]], np.uint8)
    lines = extract_lines(colors, group, tone, paper, np.random.default_rng(0))
    assert lines[17:47, 15:18].min(axis=1).max() < 200
    assert lines[:12].min() == 255
    assert lines[24:40, 24:40].min() == 255
