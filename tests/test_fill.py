"""Algorithm 2: segments filled with the median color of an illustration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import salac.tbs
from salac.errors import InputError


@st.composite
def label_maps_and_illustrations(draw: st.DrawFn) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    shape = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    labels = rng.integers(0, draw(st.integers(1, 40)), shape, dtype=np.int32)
    return labels, rng.integers(0, draw(st.integers(1, 256)), (*shape, 3), dtype=np.uint8)


@settings(max_examples=60, deadline=None)
@given(label_maps_and_illustrations())
def test_fill_is_the_lower_median_of_every_channel(drawn: tuple[NDArray[np.int32], NDArray[np.uint8]]) -> None:
    labels, illustration = drawn
    filled = salac.tbs.fill_segments(labels, illustration)
    assert filled.dtype == np.uint8
    assert (filled[labels == 0] == 255).all()
    for label in np.unique(labels[labels > 0]):
        inside = labels == label
        expected = np.percentile(illustration[inside], 50, axis=0, method="lower")
        assert (filled[inside] == expected).all()


@settings(max_examples=20, deadline=None)
@given(label_maps_and_illustrations())
def test_mean_fill(drawn: tuple[NDArray[np.int32], NDArray[np.uint8]]) -> None:
    labels, illustration = drawn
    colors = salac.tbs.segment_colors(labels, illustration, statistic="mean")
    assert colors.shape == (labels.max() + 1, 3)
    for label in range(1, labels.max() + 1):
        inside = labels == label
        expected = illustration[inside].mean(axis=0) if inside.any() else np.full(3, 255)
        np.testing.assert_array_equal(colors[label], np.rint(expected))


@settings(max_examples=40, deadline=None)
@given(label_maps_and_illustrations())
def test_mode_fill_is_the_commonest_color(drawn: tuple[NDArray[np.int32], NDArray[np.uint8]]) -> None:
    labels, illustration = drawn
    illustration //= 100
    colors = salac.tbs.segment_colors(labels, illustration, statistic="mode")
    for label in range(1, labels.max() + 1):
        present, counts = np.unique(illustration[labels == label], axis=0, return_counts=True)
        # np.unique sorts colors, so of equally common ones argmax takes the darkest.
        expected = present[counts.argmax()] if counts.size else np.full(3, 255)
        np.testing.assert_array_equal(colors[label], expected)
    assert (colors[0] == 255).all()


def test_more_labels_than_one_pass_counts() -> None:
    labels = np.arange(100 * 100, dtype=np.int32).reshape(100, 100)
    illustration = np.random.default_rng(0).integers(0, 255, (100, 100, 3), dtype=np.uint8)
    filled = salac.tbs.fill_segments(labels, illustration)
    illustration[0, 0] = 255
    np.testing.assert_array_equal(filled, illustration)


def test_segments_and_their_labels_fill_alike() -> None:
    sketch = np.full((40, 40), 255, np.uint8)
    sketch[20] = 0
    illustration = np.zeros((40, 40, 3), np.uint8)
    illustration[:20] = (200, 10, 20)
    illustration[21:] = (1, 2, 3)
    segments = salac.tbs.segment(sketch)
    filled = salac.tbs.fill_segments(segments, illustration)
    np.testing.assert_array_equal(filled, salac.tbs.fill_segments(segments.labels, illustration))
    np.testing.assert_array_equal(salac.tbs.segment_colors(segments, illustration)[1:], [[200, 10, 20], [1, 2, 3]])
    np.testing.assert_array_equal(filled[20], np.full((40, 3), 255))


def test_paint_looks_colors_up() -> None:
    rng = np.random.default_rng(0)
    labels, colors = rng.integers(0, 9, (13, 7)), rng.integers(0, 256, (9, 3), dtype=np.uint8)
    np.testing.assert_array_equal(salac.tbs.paint(labels, colors), colors[labels])
    colors.flags.writeable = labels.flags.writeable = False
    np.testing.assert_array_equal(salac.tbs.paint(labels.T, colors), colors[labels.T])


@pytest.mark.parametrize(
    ("labels", "illustration", "message"),
    [
        (np.zeros((4, 4)), np.zeros((4, 4, 3), np.uint8), "segments"),
        (np.full((4, 4), -1), np.zeros((4, 4, 3), np.uint8), "ids"),
        (np.zeros((4, 4), int), np.zeros((4, 5, 3), np.uint8), "illustration"),
    ],
)
def test_what_does_not_fit_is_refused(labels: NDArray[np.int64], illustration: NDArray[np.uint8], message: str) -> None:
    with pytest.raises(InputError, match=message):
        salac.tbs.fill_segments(labels, illustration)
    with pytest.raises(InputError, match="statistic"):
        salac.tbs.fill_segments(np.zeros((4, 4), int), np.zeros((4, 4, 3), np.uint8), statistic="most")
    with pytest.raises(InputError, match="colors"):
        salac.tbs.paint(np.ones((4, 4), int), np.zeros((1, 3), np.uint8))
