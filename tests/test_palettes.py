"""Palettes are colorful, plausible and repeatable; shading keeps flat what is flat and darkens toward the shadow."""

import colorsys

import numpy as np
import pytest

from salac.shading import Light, draw_light, highlighted, shadowed
from salac.training.drawing import ROLES
from salac.training.palettes import draw_palette


@pytest.fixture(scope="module")
def palettes() -> np.ndarray:
    return np.stack([draw_palette(np.random.default_rng(seed)) for seed in range(300)])


def of(palettes: np.ndarray, role: str) -> np.ndarray:
    return palettes[:, ROLES.index(role)].astype(int)


def test_a_palette_is_uint8_and_repeats_with_its_seed() -> None:
    first, again, other = (draw_palette(np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert first.shape == (len(ROLES), 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_global_generator_is_left_alone() -> None:
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    draw_palette(np.random.default_rng(0))
    draw_light(np.random.default_rng(0))
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_fixed_roles(palettes: np.ndarray) -> None:
    assert (of(palettes, "paper") == 255).all()
    assert (of(palettes, "teeth") >= 250).all()
    assert (of(palettes, "sclera") >= 235).all()
    assert (of(palettes, "ink") <= 50).all()
    assert (of(palettes, "pupil").mean(axis=1) <= 80).all()


def test_skin_is_mostly_light_with_a_fair_share_of_dark(palettes: np.ndarray) -> None:
    luma = of(palettes, "skin") @ (0.299, 0.587, 0.114)
    assert 0.6 < (luma > 190).mean() < 0.9
    assert 0.08 < (luma < 150).mean() < 0.35
    red, _, blue = of(palettes, "skin").T
    assert (red > blue).mean() > 0.95


def test_clothes_are_colorful_yet_often_neutral(palettes: np.ndarray) -> None:
    cloth = palettes[:, ROLES.index("cloth.1") : ROLES.index("cloth.4") + 1].reshape(-1, 3) / 255
    saturation = np.array([colorsys.rgb_to_hsv(*color)[1] for color in cloth])
    assert 0.35 < saturation.mean() < 0.55
    assert (saturation < 0.15).mean() > 0.2
    assert (saturation > 0.6).mean() > 0.2


def test_no_screen_greens(palettes: np.ndarray) -> None:
    for hue, saturation, value in (colorsys.rgb_to_hsv(*color / 255) for color in palettes.reshape(-1, 3)):
        assert not (0.25 < hue < 0.4 and saturation > 0.75 and value > 0.75)


LIGHT = Light(shadow=(0.7, 0.7, 0.8), saturation=1.2, highlight=0.5, glow=(255.0, 255.0, 255.0))


def in_shadow(*color: int, light: Light = LIGHT) -> np.ndarray:
    return shadowed(np.array(color, np.float32), light).round()


def in_light(*color: int) -> np.ndarray:
    return highlighted(np.array(color, np.float32), LIGHT).round()


def test_full_shadow_and_highlight_by_hand() -> None:
    # Grey has no chroma to stretch: 100 * (.7, .7, .8); light goes .5 * (.35 + .65 * 100/255) of the way to white.
    np.testing.assert_array_equal(in_shadow(100, 100, 100), (70, 70, 80))
    np.testing.assert_array_equal(in_light(100, 100, 100), (147, 147, 147))


def test_skin_shadow_is_warm_where_cloth_shadow_is_cool() -> None:
    cool = Light(shadow=(0.68, 0.7, 0.85), saturation=1.1, highlight=0.4, glow=(255.0, 255.0, 255.0))
    red, green, blue = in_shadow(251, 217, 195, light=cool)
    assert red - blue > 251 - 195
    assert red > green > blue
    red, _, blue = in_shadow(240, 240, 240, light=cool)
    assert blue > red


def test_shadows_darken_and_highlights_lighten_every_palette(palettes: np.ndarray) -> None:
    light = draw_light(np.random.default_rng(5))
    dark, bright = (
        tone(palettes.astype(np.float32), light) @ (0.299, 0.587, 0.114) for tone in (shadowed, highlighted)
    )
    luma = palettes @ (0.299, 0.587, 0.114)
    assert (dark <= luma + 1).all()
    assert (bright >= luma - 1).all()
