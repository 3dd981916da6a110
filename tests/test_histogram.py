"""The histogram tells colors apart and gives them back; the distance is Hellinger's; the bank draws what was put in."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file
from skimage.color import deltaE_ciede2000

from salac._shown import black_share
from salac.color import to_lab
from salac.errors import InputError, ModelError
from salac.histogram import HistogramBank, RGBuvHistogram, hellinger_distance

HISTOGRAM = RGBuvHistogram()
SMALL = RGBuvHistogram(luminance_bins=3, chroma_bins=3, eps=0.25)


def of(*colors: str, weights: tuple[float, ...] | None = None) -> np.ndarray:
    rgb = np.array([list(bytes.fromhex(color[1:])) for color in colors], np.uint8)
    return HISTOGRAM.from_palette(rgb, np.array(weights or [1] * len(colors)))


def distance(first: np.ndarray, second: np.ndarray) -> float:
    return float(hellinger_distance(torch.from_numpy(first)[None], torch.from_numpy(second)[None]))


# The histogram


def test_greys_by_hand() -> None:
    # Greys have u = v = 0, the middle cell of each chroma axis; luminance 0.25 lies halfway between cells 0 and 1 of 3.
    expected = np.zeros((3, 3, 3), np.float32)
    expected[0, 1, 1], expected[1, 1, 1], expected[2, 1, 1] = 0.25, 0.25, 0.5
    grey = SMALL.from_palette(np.array([[0.25] * 3, [1.0] * 3]), np.array([1, 1]))
    np.testing.assert_allclose(grey, expected, atol=1e-6)


@given(st.integers(2, 40), st.integers(2, 40), st.floats(1e-4, 10))
def test_no_cell_is_negative_however_corners_of_the_cube_are_rounded(luminance: int, chroma: int, eps: float) -> None:
    histogram = RGBuvHistogram(luminance_bins=luminance, chroma_bins=chroma, eps=eps)
    corners = torch.cartesian_prod(*[torch.tensor([0.0, 1 / 3, 1.0])] * 3)[:, None]
    assert histogram.of_colors(corners, torch.ones(len(corners), 1)).min() >= 0


def test_pure_red_by_hand() -> None:
    # u = log(1.25 / .25) is the end of the axis, cell 2; v = 0, cell 1; luminance .299 is 0.598 cells up.
    red = SMALL.from_palette(np.array([[255, 0, 0]], np.uint8), np.array([3]))
    expected = np.zeros((3, 3, 3), np.float32)
    expected[0, 2, 1], expected[1, 2, 1] = 0.402, 0.598
    np.testing.assert_allclose(red, expected, atol=1e-6)


def test_images_palettes_and_pictures_agree() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 4, 3), dtype=np.uint8)
    image = torch.from_numpy(picture).permute(2, 0, 1)[None] / 255
    from_image = HISTOGRAM(image)
    assert from_image.shape == (1, HISTOGRAM.bins)
    assert from_image.dtype == torch.float32
    from_picture = HISTOGRAM.from_picture(picture)
    assert from_picture.shape == HISTOGRAM.shape
    np.testing.assert_allclose(from_image[0], from_picture.ravel(), atol=1e-6)
    np.testing.assert_allclose(
        HISTOGRAM.from_palette(picture.reshape(-1, 3), np.ones(20)), from_picture, rtol=1e-5, atol=1e-7
    )


def test_weights_choose_pixels_and_each_of_a_batch_stands_alone() -> None:
    images = torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    weights = torch.zeros(2, 4, 4)
    weights[0, 0, 0] = weights[1, 1:3] = 2
    both = HISTOGRAM(images, weights)
    torch.testing.assert_close(both[0], HISTOGRAM(images[:1, :, :1, :1])[0])
    torch.testing.assert_close(both[1], HISTOGRAM(images[1:, :, 1:3])[0])


def test_no_area_gives_an_empty_histogram_and_no_nan() -> None:
    colors = torch.rand(1, 3, 3, requires_grad=True)
    empty = HISTOGRAM.of_colors(colors, torch.zeros(1, 3))
    empty.sum().backward()
    assert not empty.any()
    assert torch.isfinite(colors.grad).all()


def test_half_precision_is_widened() -> None:
    assert HISTOGRAM(torch.rand(1, 3, 2, 2, dtype=torch.bfloat16)).dtype == torch.float32


def test_gradients_are_those_of_the_function() -> None:
    generator = torch.Generator().manual_seed(1)
    colors = torch.rand(2, 4, 3, dtype=torch.float64, generator=generator) * 0.8 + 0.1
    areas = torch.rand(2, 4, dtype=torch.float64, generator=generator) + 0.5
    assert torch.autograd.gradcheck(SMALL.of_colors, (colors.requires_grad_(), areas.requires_grad_()))


def test_descent_on_the_distance_finds_the_color() -> None:
    goal = torch.tensor([[[0.8, 0.3, 0.2]]])
    target = SMALL.of_colors(goal, torch.ones(1, 1))
    color = torch.tensor([[[0.7, 0.4, 0.3]]], requires_grad=True)
    optimizer = torch.optim.Adam([color], lr=0.01)
    for _ in range(60):
        optimizer.zero_grad()
        hellinger_distance(SMALL.of_colors(color, torch.ones(1, 1)), target).sum().backward()
        optimizer.step()
    torch.testing.assert_close(color.detach(), goal, atol=0.04, rtol=0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("#ff0000", "#0000ff"),
        ("#ff0000", "#000000"),
        ("#ffffff", "#808080"),
        ("#ffffff", "#fbe3d6"),
        ("#1d1b22", "#1f2740"),
        ("#1d1b22", "#3a2b2a"),
        ("#f7b3c8", "#fbe3d6"),
    ],
)
def test_colors_that_look_different_are_told_apart(first: str, second: str) -> None:
    assert distance(of(first), of(second)) > 0.7


def test_pictures_of_another_form_are_refused() -> None:
    for picture in (np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)):
        with pytest.raises(InputError, match="must be uint8"):
            HISTOGRAM.from_picture(picture)
    with pytest.raises(InputError, match="at least 2 bins"):
        RGBuvHistogram(chroma_bins=1)


# The palette inside it


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_one_color_comes_back_exactly(color: tuple[int, int, int]) -> None:
    rgb = np.array([color], np.uint8)
    colors, weights = HISTOGRAM.palette(HISTOGRAM.from_palette(rgb, np.ones(1)))
    np.testing.assert_allclose(colors, rgb / 255, atol=1e-3)
    np.testing.assert_array_equal(weights, [1])


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_well_separated_colors_come_back(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    rgb: list[np.ndarray] = []
    for color in rng.integers(0, 256, (300, 3), dtype=np.uint8):
        lab = to_lab(color / 255)
        if len(rgb) < count and all(np.linalg.norm(lab - to_lab(other / 255)) > 32 for other in rgb):
            rgb.append(color)
    assume(len(rgb) == count)
    true = 0.02 + (1 - 0.02 * count) * rng.dirichlet(np.ones(count))
    colors, weights = HISTOGRAM.palette(HISTOGRAM.from_palette(np.array(rgb), true))
    assert len(colors) == count
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    assert (np.diff(weights) <= 0).all()
    difference = deltaE_ciede2000(to_lab(np.array(rgb) / 255)[:, None], to_lab(colors)[None])
    assert difference.min(axis=1).max() < 2
    assert np.abs(weights[difference.argmin(axis=1)] - true).max() < 0.02


def test_similar_colors_merge_to_their_mean() -> None:
    colors, weights = HISTOGRAM.palette(of("#c83030", "#c83838", "#2040c0", weights=(3, 1, 4)))
    np.testing.assert_allclose(weights, [0.5, 0.5], atol=1e-4)
    red = colors[colors[:, 0].argmax()] * 255
    np.testing.assert_allclose(red, [0xC8, 0x32, 0x32], atol=2)


@pytest.mark.parametrize("size", [1, 3, 12])
def test_a_palette_has_at_most_so_many_colors(size: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    colors, weights = HISTOGRAM.palette(HISTOGRAM.from_picture(picture), size)
    assert colors.shape == (size, 3)
    assert (colors.dtype, weights.dtype) == (np.float32, np.float32)
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    assert colors.min() >= 0
    assert colors.max() <= 1


def test_a_palette_is_read_without_changing_the_histogram_flat_or_not() -> None:
    histogram = of("#c83030", "#2040c0")
    kept = histogram.copy()
    shaped, flat = HISTOGRAM.palette(histogram)[0], HISTOGRAM.palette(histogram.ravel())[0]
    np.testing.assert_array_equal(histogram, kept)
    np.testing.assert_array_equal(shaped, flat)


def test_what_is_no_histogram_is_refused() -> None:
    for wrong in (np.zeros((3, 3, 3), np.float32), np.zeros(HISTOGRAM.shape, np.float32)):
        with pytest.raises(InputError, match="sum to 1"):
            HISTOGRAM.palette(wrong)


# Hellinger distance


def test_hellinger_by_hand() -> None:
    first = torch.tensor([[1.0, 0.0], [0.5, 0.5], [1.0, 0.0], [0.25, 0.75]])
    second = torch.tensor([[0.0, 1.0], [0.5, 0.5], [0.5, 0.5], [0.75, 0.25]])
    coefficients = torch.tensor([0.0, 1.0, math.sqrt(0.5), math.sqrt(0.75)])
    expected = (1 - coefficients).clamp_min(0).sqrt()
    torch.testing.assert_close(hellinger_distance(first, second), expected, atol=1e-4, rtol=0)
    assert hellinger_distance(first, first).tolist() == [0, 0, 0, 0]


def test_hellinger_gradients() -> None:
    first = torch.tensor([[0.2, 0.3, 0.5]], dtype=torch.float64, requires_grad=True)
    second = torch.tensor([[0.6, 0.3, 0.1]], dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda p: hellinger_distance(p, second), first)
    for other in (second, first.detach(), torch.tensor([[1.0, 0.0, 0.0]], dtype=torch.float64)):
        edge = torch.tensor([[0.0, 0.0, 1.0]], dtype=torch.float64, requires_grad=True)
        hellinger_distance(edge, other).sum().backward()
        assert torch.isfinite(edge.grad).all()
    same = first.detach().clone().requires_grad_()
    hellinger_distance(same, same.detach()).sum().backward()
    assert not same.grad.any()


# The bank


@pytest.fixture
def bank() -> HistogramBank:
    rng = np.random.default_rng(0)
    return HistogramBank.from_histograms(
        HISTOGRAM.from_palette(rng.integers(0, 256, (8, 3), dtype=np.uint8), rng.random(8) + 0.1) for _ in range(20)
    )


def test_the_bank_returns_what_was_put_in() -> None:
    histograms = [of("#c83030", "#2040c0", "#ffffff", weights=(1, 2, 5)), of("#fbe3d6", "#102030")]
    bank = HistogramBank.from_histograms(histograms)
    assert len(bank) == 2
    for index, histogram in enumerate(histograms):
        assert distance(bank[index], histogram) < 0.05
        assert bank[index].shape == HISTOGRAM.shape
    np.testing.assert_array_equal(bank[-1], bank[1])
    with pytest.raises(IndexError):
        bank[2]


def test_a_seed_always_draws_the_same(bank: HistogramBank) -> None:
    before, torch_before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
    draws = [bank.sample(seed) for seed in range(40)]
    np.testing.assert_array_equal(bank.sample(7), draws[7])
    assert len({draw.tobytes() for draw in draws[:20]}) == len(bank) == 20  # each once, before any comes again
    assert all(draw.sum() == pytest.approx(1, abs=1e-5) and draw.dtype == np.float32 for draw in draws)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002
    assert torch.equal(torch_before, torch.get_rng_state())


def test_the_bank_survives_its_file(bank: HistogramBank, tmp_path: Path) -> None:
    bank.save(tmp_path / "bank.safetensors")
    loaded = HistogramBank.load(tmp_path / "bank.safetensors")
    assert len(loaded) == len(bank)
    assert loaded.histogram == bank.histogram
    np.testing.assert_array_equal(loaded.sample(3), bank.sample(3))
    assert [path.name for path in tmp_path.iterdir()] == ["bank.safetensors"]


def test_two_thousand_histograms_take_a_few_hundred_kilobytes(bank: HistogramBank) -> None:
    assert (bank.colors.nbytes + bank.weights.nbytes + bank.offsets.nbytes) / len(bank) < 150


def test_a_bank_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="at least one histogram"):
        HistogramBank.from_histograms([])


def test_files_that_are_no_bank_are_refused(bank: HistogramBank, tmp_path: Path) -> None:
    path = tmp_path / "bank.safetensors"
    with pytest.raises(ModelError, match="no readable bank"):
        HistogramBank.load(path)
    path.write_bytes(b"not safetensors at all")
    with pytest.raises(ModelError, match="no readable bank"):
        HistogramBank.load(path)
    arrays = {"colors": bank.colors, "weights": bank.weights, "offsets": bank.offsets}
    named = {"arch": "HistogramBank", "format_version": "1"}
    form = {"luminance_bins": "12", "chroma_bins": "31", "eps": "0.25"}
    for content, metadata, message in (
        (arrays, {}, "expected 'HistogramBank'"),
        (arrays, {**named, "format_version": "2", **form}, "format 2"),
        (arrays, named, "form of its histograms"),
        (arrays, {**named, **form, "eps": "-1"}, "form of its histograms"),
        ({**arrays, "more": bank.offsets}, {**named, **form}, "expected colors, offsets and weights"),
        ({**arrays, "weights": bank.weights[:-1].copy()}, {**named, **form}, "no bank"),
        ({**arrays, "weights": bank.weights.astype(np.float32)}, {**named, **form}, "no bank"),
    ):
        save_file(content, path, metadata)
        with pytest.raises(ModelError, match=message):
            HistogramBank.load(path)


def test_a_reference_is_what_stands_before_its_background() -> None:
    form = RGBuvHistogram()
    picture = np.full((60, 80, 3), 255, np.uint8)
    picture[20:50, 30:60] = (200, 40, 60)
    picture[30:40, 40:50] = (255, 255, 255)  # enclosed white is no background
    colors, weights = form.palette(form.from_reference(picture))
    assert len(colors) == 2
    assert weights[0] == pytest.approx(8 / 9, abs=0.02)
    assert np.abs(colors[0] * 255 - (200, 40, 60)).max() < 2
    # Nothing but background, or no plain background: every pixel counts.
    blank = np.full((10, 10, 3), 250, np.uint8)
    assert np.array_equal(form.from_reference(blank), form.from_picture(blank))
    busy = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    assert np.array_equal(form.from_reference(busy), form.from_picture(busy))


def test_the_lines_of_a_reference_are_none_of_its_colors() -> None:
    """A black hat is a color; the black outlines are not, however many there are."""
    form = RGBuvHistogram()
    picture = np.full((200, 160, 3), 255, np.uint8)
    for top, color in ((60, (240, 200, 160)), (110, (40, 90, 200)), (150, (200, 40, 60))):
        cv2.rectangle(picture, (30, top), (130, top + 40), color, -1)
        cv2.rectangle(picture, (30, top), (130, top + 40), (0, 0, 0), 5)
    cv2.rectangle(picture, (40, 10), (120, 60), (0, 0, 0), -1)
    colors, weights = form.palette(form.from_reference(picture))
    black = colors.max(1) < 0.1
    assert weights[black].sum() == pytest.approx(80 * 50 / (80 * 50 + 3 * 93 * 33), abs=0.05)
    assert len(colors) == 4
    # Ink alone is all there is to take, and a night is no line.
    for bare in (picture.min(2, keepdims=True).repeat(3, 2) // 128 * 255, np.full((20, 20, 3), 9, np.uint8)):
        assert np.isclose(form.from_reference(bare).sum(), 1)


def test_what_is_filled_black_is_told_from_lines() -> None:
    sketch = np.full((240, 200), 255, np.uint8)
    cv2.rectangle(sketch, (40, 40), (160, 200), 0, 4)
    labels = np.ones(sketch.shape, np.int32)
    labels[40:201, 40:161] = 2
    assert black_share(sketch, labels) == 0
    sketch[120:201, 40:161] = 0
    assert black_share(sketch, labels) == pytest.approx(0.5, abs=0.05)
    # Twice as large, and a scan of other proportions: the same.
    large = np.kron(sketch, np.ones((4, 4), np.uint8))
    assert black_share(large, np.kron(labels, np.ones((4, 4), np.int32))) == pytest.approx(0.5, abs=0.05)
    assert black_share(np.full((9, 9), 255, np.uint8), np.ones((9, 9), np.int32)) == 0


def test_integers_are_levels_whatever_their_size() -> None:
    levels = np.array([[200, 20, 20], [20, 20, 200]])
    expected = HISTOGRAM.from_palette(levels.astype(np.uint8), np.ones(2))
    np.testing.assert_array_equal(HISTOGRAM.from_palette(levels, np.ones(2)), expected)
    np.testing.assert_allclose(HISTOGRAM.from_palette(levels / 255, np.ones(2)), expected, atol=1e-6)
