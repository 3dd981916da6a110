"""Gaps that no ball closes: curves between stroke ends, and the report of what may have leaked."""

import math
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import salac.tbs
from salac.errors import InputError

Sketch = NDArray[np.uint8]
RADII = (3, 2, 1)


def paper(side: int = 200) -> Sketch:
    return np.full((side, side), 255, np.uint8)


def ring(gap: int, thickness: int, angle: int, side: int = 200) -> Sketch:
    """A circle with a round hole in its line."""
    sketch, middle, radius = paper(side), side // 2, side // 3
    cv2.circle(sketch, (middle, middle), radius, 0, thickness)
    y, x = middle + radius * math.sin(math.radians(angle)), middle + radius * math.cos(math.radians(angle))
    ys, xs = np.mgrid[:side, :side]
    sketch[4 * ((ys - y) ** 2 + (xs - x) ** 2) < gap**2] = 255
    return sketch


# --- curves ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", range(0, 360, 24))
@pytest.mark.parametrize("thickness", [1, 2, 3, 5, 8, 12])
def test_stroke_ends_are_joined_over_a_gap(thickness: int, angle: int) -> None:
    sketch = ring(gap=26, thickness=thickness, angle=angle)
    leaky = salac.tbs.segment(sketch, radii=RADII).labels
    labels = salac.tbs.segment(sketch, radii=RADII, close_gaps=30).labels
    assert leaky[100, 100] == leaky[0, 0]
    assert labels[100, 100] != labels[0, 0]
    np.testing.assert_array_equal(np.bincount(labels.ravel()).size, 3)
    # The curve is paper, and its pixels are of a segment.
    np.testing.assert_array_equal(labels == 0, sketch <= 220)


def test_a_gap_that_is_too_long_stays_open() -> None:
    sketch = ring(gap=26, thickness=3, angle=50)
    assert salac.tbs.segment(sketch, radii=RADII, close_gaps=20).count == 1


def test_an_end_before_a_line_goes_straight_on() -> None:
    sketch = paper()
    cv2.rectangle(sketch, (20, 20), (180, 180), 0, 3)
    cv2.line(sketch, (100, 20), (100, 165), 0, 3)
    assert salac.tbs.segment(sketch, radii=RADII).count == 2
    assert salac.tbs.segment(sketch, radii=RADII, close_gaps=10).count == 2
    divided = salac.tbs.segment(sketch, radii=RADII, close_gaps=40)
    assert divided.count == 3
    assert divided.labels[100, 50] != divided.labels[100, 150]


def test_true_closes_gaps_up_to_a_sixteenth_of_the_side() -> None:
    for side in (200, 400):
        narrow, wide = (ring(gap, 3, 50, side) for gap in (side // 16 - 4, side // 16 + 6))
        assert salac.tbs.segment(narrow, radii=(1,), close_gaps=True).count == 2
        assert salac.tbs.segment(wide, radii=(1,), close_gaps=True).count == 1
        assert salac.tbs.segment(narrow, radii=(1,), close_gaps=False).count == 1


def closed_drawings() -> list[Sketch]:
    circles, star, grid = paper(), paper(), paper()
    for radius in (8, 20, 33, 47, 80):
        cv2.circle(circles, (100, 100), radius, 0, 1 + radius % 5)
    turns = np.radians(np.arange(10) * 36)
    reach = np.where(np.arange(10) % 2, 35, 95)
    points = np.stack([100 + reach * np.cos(turns), 100 + reach * np.sin(turns)], axis=1)
    cv2.polylines(star, [points.astype(np.int32)], True, 0, 3)
    for k in range(10, 200, 30):
        cv2.line(grid, (k, 0), (k, 199), 0, 2)
        cv2.line(grid, (0, k), (199, 199 - k), 0, 3)
    return [circles, star, grid, paper(), np.zeros((60, 60), np.uint8)]


@pytest.mark.parametrize("number", range(5))
def test_a_drawing_without_open_ends_stays_as_it_is(number: int) -> None:
    sketch = closed_drawings()[number]
    expected = salac.tbs.segment(sketch, radii=RADII)
    result = salac.tbs.segment(sketch, radii=RADII, close_gaps=60)
    np.testing.assert_array_equal(result.labels, expected.labels)
    np.testing.assert_array_equal(result.radius, expected.radius)


def test_a_bust_is_closed_below_and_a_figure_between_its_legs_is_not_filled() -> None:
    bust = np.full((300, 300), 255, np.uint8)
    cv2.circle(bust, (150, 90), 50, 0, 5)
    cv2.ellipse(bust, (150, 260), (110, 110), 0, 180, 360, 0, 5)
    open_below, closed = salac.tbs.segment(bust), salac.tbs.segment(bust, close_below=True)
    assert open_below.labels[230, 150] == open_below.labels[5, 5]
    assert closed.labels[230, 150] != closed.labels[5, 5]
    assert closed.labels[290, 150] == closed.labels[5, 5]
    legs = np.full((300, 300), 255, np.uint8)
    for side in (-1, 1):
        cv2.polylines(legs, [np.array([[150 + 10 * side, 40], [150 + 45 * side, 270]], np.int32)], False, 0, 5)
    assert np.array_equal(salac.tbs.segment(legs).labels, salac.tbs.segment(legs, close_below=True).labels)
    # Cut off by the page it needs no line, and a figure that ends in closed strokes has no ends.
    cut = bust[:230]
    assert np.array_equal(salac.tbs.segment(cut).labels, salac.tbs.segment(cut, close_below=True).labels)
    cv2.rectangle(bust, (60, 260), (240, 280), 0, 5)
    assert np.array_equal(salac.tbs.segment(bust).labels, salac.tbs.segment(bust, close_below=True).labels)


def test_a_curl_is_not_cut() -> None:
    sketch = paper(300)
    t = np.linspace(2, 7 * math.pi, 400)
    spiral = 150 + np.stack([5.5 * t * np.cos(t), 5.5 * t * np.sin(t)], axis=1)
    cv2.polylines(sketch, [spiral.round().astype(np.int32)], False, 0, 3, cv2.LINE_AA)
    expected = salac.tbs.segment(sketch, radii=RADII)
    assert salac.tbs.segment(sketch, radii=RADII, close_gaps=30).count == expected.count


@st.composite
def strokes(draw: st.DrawFn) -> Sketch:
    """Lines and arcs with open ends, many of them crossing."""
    height, width = draw(st.integers(1, 150)), draw(st.integers(1, 150))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    sketch = np.full((height, width), 255, np.uint8)
    for _ in range(draw(st.integers(0, 12))):
        points = np.cumsum(rng.integers(-30, 31, (4, 2)), axis=0) + rng.integers(0, 150, 2)
        cv2.polylines(sketch, [points.astype(np.int32)], False, 0, int(rng.integers(1, 7)))
    sketch[rng.random(sketch.shape) < draw(st.sampled_from([0.0, 0.01, 0.1]))] = 0
    return sketch


@settings(max_examples=60, deadline=None)
@given(strokes(), st.sampled_from([5, 20, 80]))
def test_segments_stay_consistent(sketch: Sketch, longest: int) -> None:
    options = {"radii": RADII, "merge_area": 40, "sliver_area": 100}
    plain = salac.tbs.segment(sketch, **options)
    segments = salac.tbs.segment(sketch, close_gaps=longest, **options)
    np.testing.assert_array_equal(segments.labels == 0, plain.labels == 0)
    ids = [label for label in dict.fromkeys(segments.labels.ravel().tolist()) if label]
    assert ids == list(range(1, segments.count + 1))
    np.testing.assert_array_equal(segments.areas, np.bincount(segments.labels.ravel(), minlength=segments.count + 1))
    assert set(segments.radius.tolist()) <= {0, *RADII}
    smallest = np.where(segments.radius == 0, 100, 40)
    for segment in np.unique(segments.adjacency.pairs):
        assert segments.areas[segment] >= smallest[segment]
    again = salac.tbs.segment(sketch, close_gaps=longest, **options)
    np.testing.assert_array_equal(again.labels, segments.labels)


# --- leaks -----------------------------------------------------------------------------------------------------------


def house(gap: int) -> Sketch:
    """Two rooms of 80 x 100 pixels, and a door of `gap` pixels in the wall between."""
    sketch = paper()
    cv2.rectangle(sketch, (18, 48), (182, 150), 0, 3)
    cv2.line(sketch, (100, 48), (100, 150), 0, 3)
    sketch[90 : 90 + gap, 97:104] = 255
    return sketch


@pytest.mark.parametrize("gap", [1, 2, 5, 10, 12])
def test_a_leak_is_found_where_it_is_and_can_be_closed(gap: int) -> None:
    sketch = house(gap)
    segments = salac.tbs.segment(sketch, radii=())
    room = segments.labels[100, 50]
    assert room == segments.labels[100, 150]
    (leak,) = salac.tbs.find_leaks(segments)
    assert leak.segment == room
    assert leak.width == pytest.approx(gap, abs=1)
    assert sum(leak.areas) == segments.areas[room]
    assert min(leak.areas) > 0.45 * segments.areas[room]
    assert all(abs(x - 100) <= 3 and 88 <= y <= 91 + gap for y, x in leak.ends)
    assert all(sketch[end] == 0 for end in leak.ends)

    one, other = leak.ends
    cv2.line(sketch, one[::-1], other[::-1], 0)
    closed = salac.tbs.segment(sketch, radii=())
    assert closed.labels[100, 50] != closed.labels[100, 150]
    assert salac.tbs.find_leaks(closed) == []


def test_every_gap_between_two_rooms_is_a_leak_of_its_own() -> None:
    sketch = house(6)
    sketch[125:130, 97:104] = 255
    leaks = salac.tbs.find_leaks(salac.tbs.segment(sketch, radii=()).labels)
    assert [round(leak.width) for leak in leaks] == [6, 5]


def test_what_is_no_leak_is_not_reported() -> None:
    whole = house(0)
    assert salac.tbs.find_leaks(salac.tbs.segment(whole)) == []
    # Wide for its rooms, wider than asked for, one lobe too small, or the way along the frame.
    assert salac.tbs.find_leaks(salac.tbs.segment(house(50), radii=()), widest=60) == []
    assert salac.tbs.find_leaks(salac.tbs.segment(house(10), radii=()), widest=8) == []
    bay = paper()
    cv2.circle(bay, (100, 100), 30, 0, 3)
    cv2.circle(bay, (100, 136), 4, 0, 3)
    bay[128:132, 98:103] = 255
    assert salac.tbs.find_leaks(salac.tbs.segment(bay, radii=())) == []
    island = paper()
    cv2.rectangle(island, (5, 60), (194, 140), 0, 3)
    assert salac.tbs.find_leaks(salac.tbs.segment(island)) == []


def test_leaks_are_found_in_any_picture() -> None:
    rng = np.random.default_rng(0)
    for shape, most in (((1, 1), 1), ((1, 90), 2), ((90, 1), 2), ((64, 80), 4), ((100, 100), 1)):
        labels = rng.integers(0, most, shape, dtype=np.int32)
        leaks = salac.tbs.find_leaks(labels, widest=10)
        assert all(wide.width >= narrow.width - 1.5 for wide, narrow in pairwise(leaks))


@pytest.mark.parametrize("options", [{"close_gaps": 0}, {"close_gaps": -3}, {"close_gaps": 9, "mode": "linefiller"}])
def test_what_cannot_be_closed_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(InputError, match="close_gaps"):
        salac.tbs.segment(paper(), **options)
    with pytest.raises(InputError, match="widest"):
        salac.tbs.find_leaks(paper(), widest=0)
