import cv2
import numpy as np
import pytest

from salac.errors import InputError
from salac.training.xdog import PAPER, random_xdog, xdog


@pytest.fixture
def illustration():
    picture = np.full((96, 80, 3), (250, 220, 200), np.uint8)
    cv2.circle(picture, (40, 48), 24, (60, 90, 200), -1)
    cv2.circle(picture, (40, 48), 24, (20, 10, 10), 2)
    return picture


def written_out(grey, sigma, k, gamma, epsilon, phi):
    """The preprocessor's own formula, pixel by pixel."""
    narrow = cv2.GaussianBlur(grey, (0, 0), sigma)
    wide = cv2.GaussianBlur(grey, (0, 0), sigma * k)
    response = (narrow - gamma * wide) / 255
    level = np.where(response < epsilon, 255, 255 * (1 + np.tanh(phi * response)))
    return (level.astype(np.int64) % 256).astype(np.uint8)


@pytest.mark.parametrize(("epsilon", "phi"), [(-0.5, 1e9), (-0.02, 20.0)])
def test_xdog_is_the_formula_on_byte_blurs(illustration, epsilon, phi):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    for grey in (noise, cv2.cvtColor(illustration, cv2.COLOR_RGB2GRAY)):
        got = xdog(grey, sigma=0.5, k=3.0, gamma=0.95, epsilon=epsilon, phi=phi)
        np.testing.assert_array_equal(got, written_out(grey, 0.5, 3.0, 0.95, epsilon, phi))


def test_paper_wraps_to_254_ink_is_0_and_black_fill_255(illustration):
    sketch = xdog(illustration, sigma=0.5, k=4.0, gamma=0.95)
    assert sketch[4, 4] == PAPER == 254
    assert sketch[48, 40] == PAPER  # inside the disc: a flat fill has no lines
    assert sketch[48, 40 - 24] == 0
    assert set(np.unique(sketch)) <= {0, 254, 255}
    np.testing.assert_array_equal(xdog(np.zeros((8, 8), np.uint8), sigma=0.5, k=2.0, gamma=0.95), 255)


def test_grey_and_equal_channels_give_the_same_sketch(illustration):
    grey = cv2.cvtColor(illustration, cv2.COLOR_RGB2GRAY)
    parameters = {"sigma": 0.4, "k": 2.5, "gamma": 0.95}
    np.testing.assert_array_equal(xdog(np.dstack([grey] * 3), **parameters), xdog(grey, **parameters))


def test_random_sketch_keeps_the_outline_and_takes_the_asked_size(illustration):
    sketch = random_xdog(illustration, np.random.default_rng(1))
    assert sketch.shape == (96, 80)
    assert sketch.dtype == np.uint8
    assert sketch[44:52, 14:19].min() < 128
    assert (sketch >= 250).mean() > 0.7
    assert random_xdog(illustration, np.random.default_rng(1), size=(192, 100)).shape == (192, 100)


def test_random_sketch_follows_its_generator(illustration):
    first, again, other = (random_xdog(illustration, np.random.default_rng(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(
    "picture", [np.zeros((8, 8), np.float32), np.zeros((8, 8, 4), np.uint8), np.zeros(8, np.uint8)]
)
def test_other_arrays_are_refused_with_a_remedy(picture):
    with pytest.raises(InputError, match="convert it"):
        random_xdog(picture, np.random.default_rng(0))
