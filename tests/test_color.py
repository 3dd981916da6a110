"""Categories follow the eye, Algorithm 1 follows CIEDE2000, and palettes are read or refused with a reason."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import deltaE_ciede2000, rgb2lab

from salac.color import (
    ANCHORS,
    CATEGORIES,
    CATEGORY_COLORS,
    categories_of,
    color_categories,
    parse_palette,
    to_lab,
)
from salac.errors import InputError


def rgb(text: str) -> np.ndarray:
    return np.array([list(bytes.fromhex(color[1:])) for color in text.split()], np.uint8)


@pytest.mark.parametrize(
    ("colors", "category"),
    [
        ("#000000 #1d1b22 #34343f #505050 #5c5f6d", "black"),
        ("#ffffff #fbfaf8 #faf7f2 #eef0f6 #c7c9d1 #a0a0a0", "white"),
        ("#3a2b2a #4a2d22 #523629 #835237 #a56d49 #6b5444", "brown"),
        ("#ff0000 #c92f3f #8f3326 #f08a4b #ffd21f #f3d687 #dcb064", "red/yellow/orange"),
        ("#1f2740 #27365f #3b4cc0 #8fb9ec #4a9464 #24727e #65439e #c7b3ee #6f9f62", "blue/green/purple"),
        ("#ffefe6 #fde2d0 #fbe3d6 #f6ccae #efbd98 #e6d8c1 #f7b3c8 #ee7fa5 #ffd6e0", "fair/pink"),
    ],
)
def test_colors_of_illustration_fall_where_the_eye_puts_them(colors: str, category: str) -> None:
    assert [CATEGORIES[index] for index in categories_of(rgb(colors))] == [category] * len(colors.split())


def test_every_anchor_and_display_color_is_of_its_own_category() -> None:
    np.testing.assert_array_equal(categories_of(CATEGORY_COLORS), np.arange(6))
    for index, category in enumerate(CATEGORIES):
        found = categories_of(rgb(ANCHORS[category]))
        assert (found == index).mean() > 0.9, category


def test_the_table_agrees_with_algorithm_1() -> None:
    colors = np.random.default_rng(0).integers(0, 256, (500, 3), dtype=np.uint8)
    lab = rgb2lab(colors / 255)
    distances = [
        np.min([deltaE_ciede2000(lab, anchor[None]) for anchor in rgb2lab(rgb(ANCHORS[category]) / 255)], axis=0)
        for category in CATEGORIES
    ]
    nearest = np.argmin(distances, axis=0)
    assert (nearest == categories_of(colors)).mean() > 0.95


def test_color_categories_keeps_the_shape_of_the_picture() -> None:
    picture = np.zeros((2, 3, 3), np.uint8)
    picture[1, 2] = 255
    np.testing.assert_array_equal(color_categories(picture), [[0, 0, 0], [0, 0, 1]])
    assert color_categories(picture).dtype == np.uint8


@pytest.mark.parametrize("picture", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))])
def test_pictures_of_another_form_are_refused(picture: np.ndarray) -> None:
    with pytest.raises(InputError, match="must be uint8"):
        color_categories(picture)


def test_to_lab_agrees_with_scikit_image() -> None:
    colors = np.random.default_rng(0).random((50, 3))
    np.testing.assert_allclose(to_lab(colors), rgb2lab(colors), atol=0.05)
    np.testing.assert_allclose(to_lab([[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]), [[100, 0, 0], [0, 0, 0]], atol=1e-9)


def test_parse_palette_by_hand() -> None:
    colors, weights = parse_palette(["#f7d7c4", " 3B4CC0:2 ", "#f00:1e0"])
    np.testing.assert_array_equal(colors, [[247, 215, 196], [59, 76, 192], [255, 0, 0]])
    np.testing.assert_array_equal(weights, np.array([0.25, 0.5, 0.25], np.float32))
    assert (colors.dtype, weights.dtype) == (np.uint8, np.float32)


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=8))
def test_parse_palette_reads_every_color_back(levels: list[tuple[int, int, int]]) -> None:
    colors, weights = parse_palette([f"#{r:02x}{g:02x}{b:02x}" for r, g, b in levels])
    np.testing.assert_array_equal(colors, levels)
    assert weights.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("palette", "message"),
    [
        ([], "list of hex colors"),
        ("#ffffff", "list of hex colors"),
        (["#ffff"], "no hex color"),
        (["red"], "no hex color"),
        ([(255, 0, 0)], "no hex color"),
        (["#ffffff:"], "no hex color"),
        (["#ffffff:much"], "number above 0"),
        (["#ffffff:0"], "number above 0"),
        (["#ffffff:-1"], "number above 0"),
        (["#ffffff:nan"], "number above 0"),
        (["#ffffff:inf"], "number above 0"),
    ],
)
def test_palettes_that_cannot_be_read_say_why(palette: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_palette(palette)


def test_importing_color_loads_neither_skimage_nor_torch() -> None:
    code = "import sys, salac.color; assert not {'skimage', 'torch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
