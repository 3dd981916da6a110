"""Trapped-ball segmentation: what holds for every drawing, and agreement with the plain reference."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import salac.tbs
from salac._tbs import fast, reference
from salac._tbs.borders import blank_borders
from salac._tbs.paint import paint_labels
from salac.errors import InputError
from salac.types import Segments

RADII = (5, 3, 2, 1)


@st.composite
def sketches(draw: st.DrawFn, largest: int = 72) -> NDArray[np.uint8]:
    """Strokes and speckles on paper of any size up to more than one word of pixels."""
    height, width = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    sketch = np.full((height, width), 255, np.uint8)
    point = st.tuples(st.integers(-5, largest), st.integers(-5, largest))
    for start, end, thickness in draw(st.lists(st.tuples(point, point, st.integers(1, 3)), max_size=10)):
        cv2.line(sketch, start, end, 0, thickness)
    speckles = draw(st.sampled_from([0.0, 0.01, 0.1, 0.5]))
    noise = np.random.default_rng(draw(st.integers(0, 999))).random(sketch.shape)
    sketch[noise < speckles] = 0
    return sketch


radius_lists = st.lists(st.integers(1, 9), max_size=4).map(lambda radii: sorted(set(radii), reverse=True))
examples = settings(max_examples=40, deadline=None)


def raw_labels(free: NDArray[np.bool_], radii: list[int]) -> NDArray[np.int32]:
    raw = fast.partition(free, radii)
    return paint_labels(raw.spans, np.arange(raw.radius.size, dtype=np.int32), free.shape[1])


def assert_ids_in_raster_order(labels: NDArray[np.int32], count: int) -> None:
    ids = [label for label in dict.fromkeys(labels.ravel().tolist()) if label]
    assert ids == list(range(1, count + 1))


@examples
@given(sketches(largest=40), radius_lists, st.sampled_from([0, 5, 50]), st.sampled_from([0, 20, 500]))
def test_kernels_equal_the_reference(
    sketch: NDArray[np.uint8], radii: list[int], merge_area: int, sliver_area: int
) -> None:
    free = sketch > 220
    regions, radius = reference.partition(free, radii)
    raw = fast.partition(free, radii)
    np.testing.assert_array_equal(raw_labels(free, radii), regions)
    np.testing.assert_array_equal(raw.radius, radius)
    for barriers in (None, free & (np.random.default_rng(0).random(free.shape) < 0.1)):
        labels, radius = reference.segment(free, radii, merge_area, sliver_area, barriers)
        result = fast.segment(free, radii, merge_area, sliver_area, barriers)
        np.testing.assert_array_equal(result.labels, labels)
        np.testing.assert_array_equal(result.radius, radius)


@examples
@given(sketches(), radius_lists)
def test_balls_divide_the_paper_into_connected_regions(sketch: NDArray[np.uint8], radii: list[int]) -> None:
    free = sketch > 220
    labels = raw_labels(free, radii)
    np.testing.assert_array_equal(labels > 0, free)
    assert_ids_in_raster_order(labels, labels.max(initial=0))
    for label in range(1, labels.max(initial=0) + 1):
        assert cv2.connectedComponents((labels == label).astype(np.uint8), connectivity=4)[0] == 2


@examples
@given(sketches())
def test_segments_are_consistent(sketch: NDArray[np.uint8]) -> None:
    segments = salac.tbs.segment(sketch, radii=RADII, merge_area=40, sliver_area=100)
    labels = segments.labels
    assert labels.dtype == np.int32
    assert not labels[sketch <= 220].any()
    assert_ids_in_raster_order(labels, segments.count)
    np.testing.assert_array_equal(segments.areas, np.bincount(labels.ravel(), minlength=segments.count + 1))
    assert set(segments.radius[1:].tolist()) <= {0, *RADII}
    smallest = np.where(segments.radius == 0, 100, 40)
    for segment in np.unique(segments.adjacency.pairs):
        assert segments.areas[segment] >= smallest[segment]
    again = salac.tbs.segment(sketch.copy(), radii=RADII, merge_area=40, sliver_area=100)
    np.testing.assert_array_equal(again.labels, labels)


@examples
@given(sketches(largest=40))
def test_nearest_segment_is_nearest_by_chamfer_distance(sketch: NDArray[np.uint8]) -> None:
    segments = salac.tbs.segment(sketch, radii=(2, 1))
    nearest = segments.nearest()
    labels = segments.labels
    np.testing.assert_array_equal(nearest.labels[labels > 0], labels[labels > 0])
    np.testing.assert_array_equal(nearest.areas, np.bincount(nearest.labels.ravel(), minlength=segments.count + 1))
    assert segments.count == 0 or nearest.labels.all()
    ys, xs = np.nonzero(labels)
    for y, x in np.argwhere(labels == 0)[:: max(sketch.size // 100, 1)]:
        if segments.count == 0:
            break
        far, near = np.maximum(abs(ys - y), abs(xs - x)), np.minimum(abs(ys - y), abs(xs - x))
        distance = 5 * (far - near) + 7 * near
        assert nearest.labels[y, x] in labels[ys, xs][distance == distance.min()]


def two_rooms(gap: int, angle: int, side: int) -> tuple[NDArray[np.uint8], tuple[int, int], tuple[int, int]]:
    """Two rooms of side x side pixels with a gap in the wall between, turned by an angle; and a pixel in each."""
    size = 3 * side + 20
    upright = np.full((size, size), 255, np.uint8)
    middle = size // 2
    left, right, top, bottom = middle - side - 1, middle + side + 1, middle - side // 2 - 1, middle + side // 2 + 1
    cv2.rectangle(upright, (left - 1, top - 1), (right + 1, bottom + 1), 0, 3)
    cv2.line(upright, (middle, top), (middle, bottom), 0, 3)
    turn = cv2.getRotationMatrix2D((middle, middle), angle, 1)
    turned = cv2.warpAffine(upright, turn, (size, size), flags=cv2.INTER_NEAREST, borderValue=255)
    # The hole is cut as the disc that bounds the gap: nowhere is it wider than the gap.
    ys, xs = np.mgrid[:size, :size] - middle
    turned[4 * (ys**2 + xs**2) < gap**2] = 255
    reach = np.array([np.cos(np.radians(angle)), -np.sin(np.radians(angle))]) * side / 2
    one, other = (np.array([middle, middle]) + sign * reach for sign in (-1, 1))
    return turned, (int(one[1]), int(one[0])), (int(other[1]), int(other[0]))


@pytest.mark.parametrize("angle", range(0, 90, 15))
@pytest.mark.parametrize("radius", [3, 8])
def test_no_leak_through_a_gap_up_to_the_balls_diameter(radius: int, angle: int) -> None:
    for side in (3 * radius + 4, 6 * radius):
        for gap in range(1, 2 * radius + 1):
            sketch, one, other = two_rooms(gap, angle, side)
            radii = [r for r in (8, 5, 3, 2, 1) if r <= radius]
            labels = salac.tbs.segment(sketch, radii=radii, merge_area=20, sliver_area=50).labels
            assert len({labels[one], labels[other], labels[0, 0]} - {0}) == 3, (side, gap)


def test_a_plain_fill_leaks_through_every_gap() -> None:
    sketch, one, other = two_rooms(gap=6, angle=0, side=30)
    labels = salac.tbs.segment(sketch, radii=()).labels
    assert labels[one] == labels[other] > 0


@examples
@given(sketches(), sketches())
def test_another_room_changes_nothing_elsewhere(sketch: NDArray[np.uint8], other: NDArray[np.uint8]) -> None:
    height = max(sketch.shape[0], other.shape[0])

    def room(drawing: NDArray[np.uint8]) -> NDArray[np.uint8]:
        walled = np.pad(drawing, 1, constant_values=0)
        return np.pad(walled, ((0, height + 2 - walled.shape[0]), (0, 0)), constant_values=0)

    settings = {"radii": RADII, "merge_area": 30, "sliver_area": 100}
    alone = salac.tbs.segment(room(sketch), **settings).labels
    beside = salac.tbs.segment(np.hstack([room(sketch), room(other)]), **settings).labels[:, : alone.shape[1]]
    pairs = np.unique(np.stack([alone.ravel(), beside.ravel()]), axis=1)
    assert len(set(pairs[0])) == len(set(pairs[1])) == pairs.shape[1]


def golden_sketch(name: str) -> NDArray[np.uint8]:
    return np.load(Path(__file__).parent / "data" / "linefiller" / f"{name}.npz")["sketch"]


def pairs(count: NDArray[np.float64]) -> float:
    return float((count * (count - 1) / 2).sum())


def adjusted_rand_index(one: NDArray[np.int32], other: NDArray[np.int32]) -> float:
    """How much two label maps divide the pixels alike: 1 = equally, 0 = as by chance (Hubert and Arabie 1985)."""
    _, a, one_counts = np.unique(one, return_inverse=True, return_counts=True)
    _, b, other_counts = np.unique(other, return_inverse=True, return_counts=True)
    both = pairs(np.unique(a.ravel() * b.size + b.ravel(), return_counts=True)[1])
    of_one, of_other = pairs(one_counts), pairs(other_counts)
    if both == of_one == of_other:
        return 1.0
    by_chance = of_one * of_other / (one.size * (one.size - 1) / 2)
    return (both - by_chance) / ((of_one + of_other) / 2 - by_chance)


Turn = Callable[[NDArray[np.generic]], NDArray[np.generic]]


@pytest.mark.parametrize(
    ("turn", "back"),
    [
        (np.rot90, lambda labels: np.rot90(labels, -1)),
        (lambda sketch: np.rot90(sketch, 2), lambda labels: np.rot90(labels, 2)),
        (np.fliplr, np.fliplr),
        (np.flipud, np.flipud),
        (np.transpose, np.transpose),
    ],
    ids=["rot90", "rot180", "fliplr", "flipud", "transpose"],
)
@pytest.mark.parametrize("name", ["adventurer", "big-ears", "lines", "notionists", "open-peeps"])
def test_a_turned_drawing_is_divided_alike(name: str, turn: Turn, back: Turn) -> None:
    sketch = golden_sketch(name)
    turned = salac.tbs.segment(turn(sketch)).labels
    assert adjusted_rand_index(back(turned), salac.tbs.segment(sketch).labels) >= 0.9998


@pytest.mark.parametrize("name", ["adventurer", "notionists", "open-peeps"])
@pytest.mark.parametrize("crop", [np.s_[5:, 7:], np.s_[60:330, 40:300], np.s_[120:, :250]])
def test_a_crop_is_divided_like_the_whole(name: str, crop: tuple[slice, slice]) -> None:
    sketch, options = golden_sketch(name), {"radii": (5, 3, 2, 1), "merge_area": 30, "sliver_area": 300}
    whole = salac.tbs.segment(sketch, **options).labels[crop]
    part = salac.tbs.segment(sketch[crop], **options).labels
    # A segment that the frame cuts may fall in two; the others are compared.
    cut = np.unique(
        np.concatenate([whole[:10].ravel(), whole[-10:].ravel(), whole[:, :10].ravel(), whole[:, -10:].ravel()])
    )
    entire = ~np.isin(whole, cut)
    assert entire.any()
    assert adjusted_rand_index(part[entire], whole[entire]) >= 0.99999
    assert not np.isin(part[~entire & (whole > 0)], part[entire]).any()


def test_a_tapering_strand_is_one_segment() -> None:
    sketch = np.full((200, 120), 255, np.uint8)
    cv2.polylines(sketch, [np.array([[40, 10], [60, 190], [80, 10]])], True, 0, 2)
    labels = salac.tbs.segment(sketch, radii=(8, 5, 3, 2, 1), merge_area=50, sliver_area=500).labels
    assert labels[20, 60] == labels[90, 60] == labels[150, 60] != labels[0, 0]


def test_small_closed_rooms_are_kept() -> None:
    sketch = np.full((512, 512), 255, np.uint8)
    cv2.circle(sketch, (200, 200), 20, 0, 2)
    cv2.circle(sketch, (200, 200), 9, 0, 2)
    cv2.circle(sketch, (203, 197), 3, 0, 1)
    labels = salac.tbs.segment(sketch).labels
    assert len({labels[0, 0], labels[185, 200], labels[205, 200], labels[197, 203]}) == 4


@pytest.mark.parametrize("shape", [(1, 1), (1, 4096), (4096, 1), (3, 70), (64, 64), (65, 127), (128, 129)])
@pytest.mark.parametrize("ink", [0.0, 0.03, 0.5, 1.0])
def test_any_size_and_content(shape: tuple[int, int], ink: float) -> None:
    sketch = np.where(np.random.default_rng(0).random(shape) < ink, 0, 255).astype(np.uint8)
    segments = salac.tbs.segment(sketch, lines="nearest")
    assert segments.labels.shape == shape
    assert segments.areas.sum() == sketch.size
    if ink == 0:
        assert (segments.labels == 1).all()
    if ink == 1:
        assert segments.count == 0
        assert not segments.labels.any()


def test_threads_agree_with_one_another() -> None:
    rng = np.random.default_rng(0)
    drawings = [
        cv2.GaussianBlur(rng.integers(0, 256, (300, 333), dtype=np.uint8), (0, 0), 1 + i % 4) for i in range(24)
    ]

    def labels(drawing: NDArray[np.uint8]) -> bytes:
        return salac.tbs.segment(drawing, threshold=126, lines="nearest").labels.tobytes()

    serial = [labels(drawing) for drawing in drawings]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(labels, drawings)) == serial


SEGMENT_AND_PRINT = """
import sys, zlib, numpy as np, salac.tbs
sketch = np.load(sys.argv[1])["sketch"]
segments = salac.tbs.segment(sketch, lines="nearest")
linefiller = salac.tbs.segment(sketch, mode="linefiller", lines="nearest")
fill = salac.tbs.fill_segments(segments, np.stack([sketch] * 3, axis=-1))
print(*(zlib.crc32(a.tobytes()) for a in (segments.labels, linefiller.labels, fill)))
"""
IN_PROCESSES = """
import multiprocessing, sys, zlib, numpy as np, salac.tbs
def checksum(sketch):
    return zlib.crc32(salac.tbs.segment(sketch, lines="nearest").labels.tobytes())
if __name__ == "__main__":
    sketch = np.load(sys.argv[1])["sketch"]
    here = checksum(sketch)
    with multiprocessing.get_context(sys.argv[2]).Pool(2) as pool:
        sys.exit(pool.map(checksum, [sketch] * 4) != [here] * 4)
"""


@pytest.fixture
def sketch_file() -> str:
    return str(Path(__file__).parent / "data" / "linefiller" / "lines.npz")


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes_agree_with_their_parent(method: str, sketch_file: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(IN_PROCESSES)
    environment = os.environ | {"PYTHONPATH": str(Path(salac.__file__).parents[1])}
    subprocess.run([sys.executable, script, sketch_file, method], env=environment, check=True, timeout=120)


def checksums(sketch_file: str, environment: dict[str, str]) -> str:
    # -P: the package of the environment's PYTHONPATH, not that of the working folder.
    command = [sys.executable, "-P", "-W", "error", "-c", SEGMENT_AND_PRINT, sketch_file]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_an_install_that_nothing_can_be_written_to(sketch_file: str, tmp_path: Path) -> None:
    package = shutil.copytree(
        Path(salac.__file__).parent, tmp_path / "salac", ignore=shutil.ignore_patterns("__pycache__", "weights")
    )
    # Files where folders would have to be made: they stop root as well, which permissions would not.
    (package / "_tbs" / "__pycache__").touch()
    (tmp_path / "nowhere").touch()
    usual = os.environ | {"PYTHONPATH": str(Path(salac.__file__).parents[1])}
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path / "nowhere" / "home")}
    assert checksums(sketch_file, bare) == checksums(sketch_file, usual)


def test_uncompiled_kernels_agree_with_compiled_ones(sketch_file: str) -> None:
    usual = os.environ | {"PYTHONPATH": str(Path(salac.__file__).parents[1])}
    assert checksums(sketch_file, usual | {"NUMBA_DISABLE_JIT": "1"}) == checksums(sketch_file, usual)


def test_default_radii_grow_with_the_drawing() -> None:
    assert salac.tbs.default_radii(512, 512) == (8, 5, 3, 2, 1)
    assert salac.tbs.default_radii(4096, 8000)[:4] == (55, 34, 21, 13)
    assert salac.tbs.default_radii(1, 1) == (1,)
    for smaller, larger in pairwise(range(1, 3000, 50)):
        assert set(salac.tbs.default_radii(smaller, smaller)) <= set(salac.tbs.default_radii(larger, larger))


def test_geometry_of_segments() -> None:
    sketch = np.full((5, 9), 255, np.uint8)
    sketch[:, 4] = 0
    segments = salac.tbs.segment(sketch)
    np.testing.assert_array_equal(segments.areas, [5, 20, 20])
    np.testing.assert_array_equal(segments.centroids[1:], [[2, 1.5], [2, 6.5]])
    np.testing.assert_array_equal(segments.boxes[1:], [[0, 0, 5, 4], [0, 5, 5, 9]])
    assert segments.adjacency.pairs.shape == (0, 2)
    nearest = segments.nearest()
    np.testing.assert_array_equal(nearest.areas, [0, 25, 20])
    np.testing.assert_array_equal(nearest.adjacency.pairs, [[1, 2]])
    np.testing.assert_array_equal(nearest.adjacency.lengths, [5])
    assert np.isnan(nearest.centroids[0]).all()


def test_segments_are_frozen() -> None:
    segments = salac.tbs.segment(np.full((4, 4), 255, np.uint8))
    with pytest.raises(AttributeError):
        segments.count = 3  # type: ignore[misc]
    assert isinstance(segments, Segments)


@pytest.mark.parametrize(
    ("sketch", "options", "message"),
    [
        (np.zeros((0, 5), np.uint8), {}, "empty"),
        (np.zeros((4, 4), np.uint8), {"radii": (3, 0)}, "radii"),
        (np.zeros((4, 4), np.uint8), {"radii": (2.5,)}, "radii"),
        (np.zeros((4, 4), np.uint8), {"threshold": 255}, "threshold"),
        (np.zeros((4, 4), np.uint8), {"merge_area": -1}, "merge_area"),
        (np.zeros((4, 4), np.uint8), {"sliver_area": -1}, "sliver_area"),
        (np.zeros((4, 4), np.uint8), {"lines": "drop"}, "lines"),
    ],
)
def test_what_cannot_be_used_is_refused(sketch: NDArray[np.uint8], options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        salac.tbs.segment(sketch, **options)


def test_importing_the_public_face_is_cheap() -> None:
    check = "import sys, salac.tbs; sys.exit(any(name in sys.modules for name in ('numba', 'cv2', 'torch')))"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_segments_are_undivided_where_no_line_was_drawn_between_them() -> None:
    def undivided(
        sketch: NDArray[np.uint8], labels: NDArray[np.int32], threshold: int, share: float
    ) -> NDArray[np.int32]:
        pairs, blank = blank_borders(sketch, labels, threshold)
        return pairs[blank >= share]

    labels = np.repeat(np.repeat([[1, 2], [1, 3]], 50, axis=0), 50, axis=1).astype(np.int32)
    sketch = np.full(labels.shape, 255, np.uint8)
    sketch[:, 49] = 0  # between 1 and both others, with a gap of 10 of 50 px beside 3
    sketch[80:90, 49] = 255
    assert undivided(sketch, labels, 220, 0.2).tolist() == [[2, 3]]
    # The line reaches 2 px into the gap from both its ends.
    assert undivided(sketch, labels, 220, 0.12).tolist() == [[1, 3], [2, 3]]
    sketch[48:52, 50:] = 230  # a faint smudge is no line at 220
    assert undivided(sketch, labels, 220, 0.2).tolist() == [[2, 3]]
    assert undivided(sketch, labels, 240, 0.2).tolist() == []
