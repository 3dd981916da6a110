"""LineFiller's maps, bit for bit. The golden files in data/linefiller hold a sketch and what LineFiller makes of it."""

import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import salac.tbs
from salac.errors import InputError

GOLDEN = sorted((Path(__file__).parent / "data" / "linefiller").glob("*.npz"))
# One more golden file may be named that cannot be shipped, such as LineFiller's own example drawing.
if "SALAC_LINEFILLER_GOLDEN" in os.environ:
    GOLDEN.append(Path(os.environ["SALAC_LINEFILLER_GOLDEN"]))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_maps_equal_linefillers(path: Path) -> None:
    golden = np.load(path)
    sketch = golden["sketch"]
    for stage in ("raw", "merged", "thinned"):
        segments = salac.tbs.linefiller(sketch, stage=stage)
        np.testing.assert_array_equal(segments.labels, golden[stage], err_msg=stage)
        np.testing.assert_array_equal(
            segments.areas, np.bincount(golden[stage].ravel(), minlength=segments.count + 1), err_msg=stage
        )
    kept = salac.tbs.segment(sketch, mode="linefiller")
    nearest = salac.tbs.segment(sketch, mode="linefiller", lines="nearest")
    np.testing.assert_array_equal(kept.labels, golden["merged"])
    np.testing.assert_array_equal(nearest.labels, golden["thinned"])


def fill_by_definition(free: NDArray[np.bool_], fill_limit: int) -> NDArray[np.int64]:
    """The raw map as LineFiller's documentation has it, the whole picture at every step."""
    unfilled = free.astype(np.uint8)
    labels, count = np.zeros(free.shape, np.int64), 0
    for radius, statistic in ((3, np.max), (2, np.mean), (1, np.mean)):
        ball = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
        remaining, fills = unfilled.copy(), []
        while len(fills) < fill_limit and (centers := cv2.erode(remaining, ball)).any():
            pieces = cv2.connectedComponents(centers, connectivity=4)[1]
            fills.append(cv2.dilate((pieces == pieces[centers > 0][0]).astype(np.uint8), ball))
            remaining &= 1 - fills[-1]
        areas = [int(fill.sum()) for fill in fills]
        for fill, area in zip(fills, areas, strict=True):
            if area >= statistic(areas):
                count += 1
                labels[fill > 0] = count
                unfilled &= 1 - fill
    while unfilled.any():
        pieces = cv2.connectedComponents(unfilled, connectivity=4)[1]
        piece = pieces == pieces[unfilled > 0][0]
        count += 1
        labels[piece] = count
        unfilled[piece] = 0
    return labels


@pytest.mark.parametrize("fill_limit", [0, 3, 1000])
def test_fills_follow_the_definition_at_every_limit(fill_limit: int) -> None:
    rng = np.random.default_rng(fill_limit)
    for shape in ((1, 1), (7, 130), (60, 50), (64, 64)):
        sketch = np.where(rng.random(shape) < 0.03, 0, 255).astype(np.uint8)
        raw = salac.tbs.linefiller(sketch, stage="raw", fill_limit=fill_limit)
        np.testing.assert_array_equal(raw.labels, fill_by_definition(sketch > 220, fill_limit))


def dotted_grid(rooms: int) -> NDArray[np.uint8]:
    """Square rooms of 5 x 5 pixels, rooms x rooms of them."""
    sketch = np.zeros((6 * rooms + 1, 6 * rooms + 1), np.uint8)
    for start in range(1, 6):
        for column in range(1, 6):
            sketch[start::6, column::6] = 255
    return sketch


def test_without_a_limit_a_dense_drawing_is_filled_to_its_end() -> None:
    sketch = dotted_grid(40)
    limited = salac.tbs.linefiller(sketch, stage="raw")
    unlimited = salac.tbs.linefiller(sketch, stage="raw", fill_limit=None)
    # A ball of radius 2 leaves the corners of a room; in the rooms after the 1000th not even that ball was tried.
    assert np.count_nonzero(limited.radius[1:] == 2) == 1000
    assert np.count_nonzero(unlimited.radius[1:] == 2) == 1600


def test_floods_are_limited_too() -> None:
    sketch = np.zeros((300, 300), np.uint8)
    sketch[::2, ::2] = 255
    assert salac.tbs.linefiller(sketch, stage="raw").labels.max() == 20_000
    assert salac.tbs.linefiller(sketch, stage="raw", fill_limit=None).labels.max() == 150 * 150


def test_the_ball_of_every_fill_is_told() -> None:
    sketch = np.full((60, 60), 255, np.uint8)
    cv2.rectangle(sketch, (5, 5), (9, 9), 0, 1)
    segments = salac.tbs.linefiller(sketch, stage="raw")
    assert segments.radius[segments.labels[40, 40]] == 3
    assert segments.radius[segments.labels[7, 7]] == 1


@pytest.mark.parametrize("ink", [0.0, 0.5, 1.0])
def test_any_content(ink: float) -> None:
    for shape in ((1, 1), (1, 90), (90, 1), (3, 70)):
        sketch = np.where(np.random.default_rng(0).random(shape) < ink, 0, 255).astype(np.uint8)
        for stage in ("raw", "merged", "thinned"):
            segments = salac.tbs.linefiller(sketch, stage=stage)
            assert segments.labels.shape == shape
            assert segments.areas.sum() == sketch.size
        raw = salac.tbs.linefiller(sketch, stage="raw").labels
        np.testing.assert_array_equal(raw > 0, sketch > 220)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "exact"}, "mode"),
        ({"mode": "linefiller", "radii": (3, 2, 1)}, "radii"),
        ({"mode": "linefiller", "merge_area": 50}, "merge_area"),
        ({"mode": "linefiller", "sliver_area": 50}, "sliver_area"),
        ({"mode": "linefiller", "threshold": 300}, "threshold"),
        ({"mode": "linefiller", "lines": "drop"}, "lines"),
    ],
)
def test_what_the_mode_cannot_take_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        salac.tbs.segment(np.full((4, 4), 255, np.uint8), **options)


@pytest.mark.parametrize(("options", "message"), [({"stage": "all"}, "stage"), ({"fill_limit": -1}, "fill_limit")])
def test_what_linefiller_cannot_take_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        salac.tbs.linefiller(np.full((4, 4), 255, np.uint8), **options)
