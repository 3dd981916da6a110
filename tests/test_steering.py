"""Steering: palettes from files, several references, hints, locks, the way between histograms, and resuming."""

import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

import salac
from salac.cli import main
from salac.color import CATEGORIES, to_lab
from salac.errors import InputError, OutputError
from salac.hints import hinted_colors
from salac.histogram import interpolate_histograms, transport
from salac.image import read_layer
from salac.palette_files import read_palette, write_palette

RED, BLUE = (200, 32, 42, 255), (47, 79, 159, 255)


@pytest.fixture(scope="module")
def colorizer(model_folder: Path) -> salac.Colorizer:
    return salac.Colorizer.from_pretrained(model_folder)


@pytest.fixture(scope="module")
def sketch() -> np.ndarray:
    """Three rooms in a row, 40 px wide each, and a margin: segments 1 (around), 2, 3 and 4 from left to right."""
    canvas = np.full((80, 160), 255, np.uint8)
    canvas[10:71, [20, 60, 100, 140]] = 0
    canvas[[10, 70], 20:141] = 0
    assert salac.segment(canvas).count == 4
    return canvas


@pytest.fixture
def layer() -> np.ndarray:
    return np.zeros((80, 160, 4), np.uint8)


def color_of(result: salac.Colorization, label: int) -> tuple[int, ...]:
    (color,) = np.unique(result.proposal[result.segments.labels == label], axis=0)
    return tuple(color.tolist())


# --- hints -----------------------------------------------------------------------------------------------------------


def test_a_hinted_segment_has_exactly_the_color_and_the_histogram_tends_to_it(colorizer, sketch, layer) -> None:
    layer[30:34, 30:50] = RED
    plain, hinted = colorizer(sketch, seed=1), colorizer(sketch, seed=1, hints=layer)
    assert color_of(hinted, 2) == RED[:3]
    red = salac.RGBuvHistogram().from_palette(np.array([RED[:3]], np.uint8), np.ones(1))
    assert np.minimum(hinted.histogram, red).sum() > np.minimum(plain.histogram, red).sum() + 0.1
    assert hinted.categories[40, 40] == CATEGORIES.index("red/yellow/orange")
    assert hinted.seed == 1
    # What had the color of the hinted segment goes with it, and nothing else changes.
    follows = (plain.proposal == color_of(plain, 2)).all(2)
    assert (hinted.proposal[follows] == RED[:3]).all()
    rest = ~follows & (hinted.segments.nearest().labels != 2)
    assert np.array_equal(hinted.proposal[rest], plain.proposal[rest])
    empty = colorizer(sketch, seed=1, hints=np.zeros_like(layer))
    assert np.array_equal(empty.image, plain.image)


def test_hints_come_from_files_and_images_and_steer_variations(colorizer, sketch, layer, tmp_path: Path) -> None:
    layer[30:34, 30:50] = RED
    Image.fromarray(layer).save(tmp_path / "hints.png")
    results = list(colorizer.variations(sketch, n=3, hints=tmp_path / "hints.png"))
    assert [color_of(r, 2) for r in results] == [RED[:3]] * 3
    assert np.array_equal(colorizer(sketch, seed=2, hints=Image.fromarray(layer)).image, results[2].image)


def test_a_scribble_means_the_segments_it_really_is_in(sketch, layer) -> None:
    covering = salac.segment(sketch).nearest()
    layer[40:44, 25:64] = RED  # slips over the line at 60 by a tenth
    ids, colors = hinted_colors(layer, covering)
    assert ids.tolist() == [2]
    layer[40:44, 25:135] = RED  # crosses all three rooms
    ids, colors = hinted_colors(layer, covering)
    assert ids.tolist() == [2, 3, 4]
    assert (colors == RED[:3]).all()


def test_of_colors_that_disagree_the_majority_wins_exactly(sketch, layer) -> None:
    covering = salac.segment(sketch).nearest()
    layer[20:26, 25:50] = RED
    layer[21, 25:30, :3] = (199, 33, 42)  # a soft brush
    layer[40:43, 25:50] = BLUE
    ids, colors = hinted_colors(layer, covering)
    assert (ids.tolist(), colors.tolist()) == ([2], [list(RED[:3])])
    layer[40:48, 25:50] = BLUE
    assert hinted_colors(layer, covering)[1].tolist() == [list(BLUE[:3])]
    layer[..., 3] //= 2  # half transparent is no hint
    assert hinted_colors(layer, covering)[0].size == 0


def test_a_small_segment_that_a_scribble_covers_is_meant(layer) -> None:
    labels = np.ones((80, 160), np.int32)
    labels[40:44, 80:84] = 2
    layer[30:50, 60:100] = RED
    ids, _ = hinted_colors(layer, salac.Segments.from_labels(labels))
    assert ids.tolist() == [1, 2]


def test_unusable_hints_say_what_to_do(colorizer, sketch, layer) -> None:
    with pytest.raises(InputError, match="hints are 160x79, the sketch is 160x80"):
        colorizer(sketch, hints=layer[:-1])
    with pytest.raises(InputError, match="opaque everywhere"):
        colorizer(sketch, hints=np.full((80, 160, 3), 255, np.uint8))


def test_layers_keep_colors_and_transparency(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (9, 7, 4), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "layer.png")
    for source in (pixels, Image.fromarray(pixels), tmp_path / "layer.png", (tmp_path / "layer.png").read_bytes()):
        assert np.array_equal(read_layer(source), pixels)
    assert (read_layer(pixels[..., :3])[..., 3] == 255).all()
    assert read_layer(pixels[..., 0]).shape == (9, 7, 4)


# --- locks -----------------------------------------------------------------------------------------------------------


def test_segments_and_categories_can_be_locked(colorizer, sketch) -> None:
    plain, locked = colorizer(sketch), colorizer(sketch, lock={3: "#123456"})
    assert color_of(locked, 3) == (0x12, 0x34, 0x56)
    assert [color_of(locked, label) for label in (1, 2, 4)] == [color_of(plain, label) for label in (1, 2, 4)]
    name = CATEGORIES[plain.categories[40, 40]]
    locked = colorizer(sketch, lock={name: "#123456"})
    meant = (plain.categories == CATEGORIES.index(name)) & (locked.proposal < 255).any(2)
    assert (locked.proposal[meant] == (0x12, 0x34, 0x56)).all()
    with pytest.raises(InputError, match=r"lock 9 is neither a segment in 1\.\.4 nor a category"):
        colorizer(sketch, lock={9: "#fff"})
    with pytest.raises(InputError, match="no hex color"):
        colorizer(sketch, lock={2: "reddish"})


# --- palettes and references -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".gpl", ".aco", ".ase"])
def test_palette_files_keep_every_color(tmp_path: Path, suffix: str) -> None:
    colors = [f"#{value:06x}" for value in np.random.default_rng(0).choice(1 << 24, 50, replace=False)]
    write_palette(tmp_path / f"p{suffix}", colors)
    assert read_palette(tmp_path / f"p{suffix}") == colors
    with pytest.raises(OutputError, match="exists"):
        write_palette(tmp_path / f"p{suffix}", colors, overwrite=False)


def test_palettes_of_other_programs_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.gpl").write_bytes(b"GIMP Palette\r\nName: x\r\n#\r\n 255   0 16 red\r\n0 0 0\r\n 0 0 0\tagain\r\n")
    assert read_palette(tmp_path / "a.gpl") == ["#ff0010", "#000000"]
    # Version 1 and 2 in one file, in every model: RGB, HSB, CMYK (0 is full ink), Lab, gray.
    entries = [(0, 65535, 0, 0, 0), (1, 21845, 65535, 65535, 0), (2, 65535, 65535, 0, 65535), (7, 10000, 0, 0, 0)]
    entries.append((8, 0, 0, 0, 0))
    first = struct.pack(">2H", 1, len(entries)) + b"".join(struct.pack(">5H", *entry) for entry in entries)
    second = struct.pack(">2H", 2, 1) + struct.pack(">5HI", *entries[0], 2) + "a\0".encode("utf-16-be")
    (tmp_path / "a.aco").write_bytes(first + second)
    assert read_palette(tmp_path / "a.aco") == ["#ff0000", "#00ff00", "#ffff00", "#ffffff", "#000000"]
    (tmp_path / "b.aco").write_bytes(second)
    assert read_palette(tmp_path / "b.aco") == ["#ff0000"]
    group = struct.pack(">HI", 0xC001, 6) + struct.pack(">H", 2) + "g\0".encode("utf-16-be")
    color = struct.pack(">H", 1) + b"\0\0" + b"LAB " + struct.pack(">3fH", 0.5, 0, 0, 0)
    end = struct.pack(">HI", 0xC002, 0)
    blocks = group + struct.pack(">HI", 1, len(color)) + color + end
    (tmp_path / "a.ase").write_bytes(b"ASEF" + struct.pack(">2HI", 1, 0, 3) + blocks)
    assert read_palette(tmp_path / "a.ase") == ["#777777"]


@pytest.mark.parametrize("suffix", [".gpl", ".aco", ".ase", ".json"])
def test_damaged_palette_files_are_refused_in_one_line(tmp_path: Path, suffix: str) -> None:
    rng = np.random.default_rng(0)
    target = tmp_path / f"p{suffix}"
    with pytest.raises(InputError, match="cannot be read"):
        read_palette(target)
    if suffix != ".json":
        write_palette(target, ["#123456", "#abcdef"])
    whole = target.read_bytes() if target.exists() else b'{"colors": [{"color": "#123456", "share": 1}]}'
    for _ in range(200):
        mutated = bytearray(whole[: rng.integers(len(whole) + 1)])
        if mutated:
            mutated[rng.integers(len(mutated))] = rng.integers(256)
        target.write_bytes(mutated)
        try:
            assert read_palette(target)
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017
    with pytest.raises(InputError, match="no file of a known kind"):
        read_palette("#f7d7c4")


def test_a_palette_file_and_a_results_palette_steer(colorizer, sketch, tmp_path: Path) -> None:
    write_palette(tmp_path / "p.gpl", ["#c81e28", "#2f4f9f"])
    by_file = colorizer(sketch, palette=tmp_path / "p.gpl")
    assert np.array_equal(by_file.histogram, colorizer(sketch, palette=["#c81e28", "#2f4f9f"]).histogram)
    assert colorizer(sketch, palette=by_file.palette()).seed is None


def test_several_references_count_alike(colorizer, sketch) -> None:
    pictures = [np.full((8, 8 * size, 3), color[:3], np.uint8) for size, color in ((1, RED), (50, BLUE))]
    both = colorizer(sketch, reference=pictures)
    palette = colorizer(sketch, palette=["#c8202a", "#2f4f9f"])
    assert np.abs(both.histogram - palette.histogram).max() < 1e-6
    with pytest.raises(InputError, match="at least one picture"):
        colorizer(sketch, reference=[])


def test_colors_move_evenly_from_one_histogram_to_another() -> None:
    form = salac.RGBuvHistogram()
    first = form.from_palette(np.array([[200, 40, 40], [40, 60, 160]], np.uint8), np.array([0.7, 0.3]))
    second = form.from_palette(np.array([[60, 80, 200], [230, 120, 120]], np.uint8), np.array([0.3, 0.7]))
    way = [interpolate_histograms(first, second, share) for share in np.linspace(0, 1, 6)]
    assert all(one.sum() == pytest.approx(1, abs=1e-5) for one in way)
    # Red becomes the red of the other, which is more alike than its blue, at one pace; areas stay, for they are equal.
    colors, weights = zip(*(form.palette(one, 2) for one in way), strict=True)
    steps = np.linalg.norm(np.diff(to_lab(np.array(colors)), axis=0), axis=-1)
    assert steps == pytest.approx(np.tile(steps.mean(0), (5, 1)), rel=0.15)
    assert np.array(weights) == pytest.approx(np.tile([0.7, 0.3], (6, 1)), abs=0.01)
    assert np.array_equal(way[0], first)
    assert np.array_equal(way[-1], second)
    with pytest.raises(InputError, match=r"share in 0\.\.1"):
        interpolate_histograms(first, second, 1.5)


def test_areas_move_the_cheapest_way() -> None:
    costs = np.array([[0.0, 5.0, 9.0], [5.0, 1.0, 2.0]])
    moved = transport(np.array([0.5, 0.5]), np.array([0.4, 0.3, 0.3]), costs)
    assert moved == pytest.approx(np.array([[0.4, 0.1, 0.0], [0.0, 0.2, 0.3]]), abs=1e-9)


def test_a_drawing_fades_from_one_coloring_to_another(colorizer, sketch) -> None:
    first, second = colorizer.variations(sketch, 2, seed=4)
    way = [colorizer.between(first, second, share, refine=False).proposal for share in np.linspace(0, 1, 6)]
    assert np.array_equal(way[0], first.proposal)
    assert np.array_equal(way[-1], second.proposal)
    paper = (first.proposal == 255).all(-1) & (second.proposal == 255).all(-1)
    assert all(np.array_equal((picture == 255).all(-1), paper) for picture in way[1:-1])
    steps = np.linalg.norm(np.diff(to_lab(np.array(way) / 255), axis=0), axis=-1)
    assert steps == pytest.approx(np.tile(steps.mean(0), (5, 1, 1)), abs=1.5)  # levels are whole
    assert colorizer.between(first, second, 0.5).image.shape == first.image.shape
    with pytest.raises(InputError, match="other segments"):
        colorizer.between(first, colorizer(sketch[:, ::-1].copy()), 0.5)
    with pytest.raises(InputError, match=r"share in 0\.\.1"):
        colorizer.between(first, second, 2.0)


# --- resuming --------------------------------------------------------------------------------------------------------


def test_other_colors_for_a_drawing_that_is_prepared_already(colorizer, sketch) -> None:
    result = colorizer(sketch, seed=1)
    again = colorizer.resume(result, seed=5)
    assert np.array_equal(again.image, colorizer(sketch, seed=5).image)
    assert again.seed == 5
    assert again.segments is result.segments
    assert np.array_equal(
        colorizer.resume(result, palette=["#123456"]).image, colorizer(sketch, palette=["#123456"]).image
    )


def test_an_edited_stage_is_run_on_from(colorizer, sketch) -> None:
    result = colorizer(sketch, seed=1)
    proposal = result.proposal.copy()
    proposal[result.segments.nearest().labels == 3] = (10, 200, 30)
    painted = colorizer.resume(result, proposal=proposal)
    assert color_of(painted, 3) == (10, 200, 30)
    assert color_of(painted, 2) == color_of(result, 2)
    assert not np.array_equal(painted.image, result.image)

    categories = np.full(sketch.shape, 3, np.uint8)
    assert np.array_equal(colorizer.resume(result, categories=categories).categories, categories)

    labels = result.segments.labels.copy()
    labels[labels == 4] = 3
    merged = colorizer.resume(result, segments=salac.Segments.from_labels(labels))
    assert merged.segments.count == 3
    assert color_of(merged, 3)
    assert merged.seed == 1

    flats = colorizer(sketch, seed=1, refine=False)
    assert np.array_equal(colorizer.resume(flats).image, result.image)


def test_locks_and_edits_stay_when_others_follow(colorizer, sketch) -> None:
    once = colorizer(sketch, seed=1, lock={3: "#123456"})
    twice = colorizer.resume(once, lock={once.segments.labels[sketch > 200].max(): "#654321"})  # numpy's integer
    last = once.segments.count
    assert [color_of(twice, label) for label in (3, last)] == [(0x12, 0x34, 0x56), (0x65, 0x43, 0x21)]
    assert [color_of(twice, label) for label in range(1, 3)] == [color_of(once, label) for label in range(1, 3)]
    proposal = once.proposal.copy()
    proposal[once.segments.nearest().labels == 2] = (10, 200, 30)
    edited = colorizer.resume(colorizer.resume(once, proposal=proposal), lock={last: "#654321"})
    assert color_of(edited, 2) == (10, 200, 30)


def test_edits_that_do_not_fit_are_refused(colorizer, sketch) -> None:
    result = colorizer(sketch)
    with pytest.raises(InputError, match="proposal is"):
        colorizer.resume(result, proposal=result.proposal[:-1])
    with pytest.raises(InputError, match="pass it alone"):
        colorizer.resume(result, proposal=result.proposal, seed=3)
    with pytest.raises(InputError, match="proposal is float64"):
        colorizer.resume(result, proposal=result.proposal / 255, refine=False)
    with pytest.raises(InputError, match=r"indices in 0\.\.5"):
        colorizer.resume(result, categories=np.full(sketch.shape, 6, np.uint8))


def test_segments_from_an_edited_map() -> None:
    edited = salac.Segments.from_labels(np.array([[9, 9, 0], [2, 2, 9]], np.uint16))
    assert edited.labels.tolist() == [[1, 1, 0], [2, 2, 1]]
    assert (edited.count, edited.areas.tolist()) == (2, [1, 3, 2])
    covering = salac.Segments.from_labels(np.array([[7, 3]]))
    assert (covering.labels.tolist(), covering.areas.tolist()) == ([[1, 2]], [0, 1, 1])
    assert salac.Segments.from_labels(np.zeros((2, 2), int)).count == 0
    with pytest.raises(InputError, match="integer map"):
        salac.Segments.from_labels(np.zeros((2, 2)))


# --- on the command line ---------------------------------------------------------------------------------------------


def test_the_command_line_steers_alike(colorizer, sketch, layer, tmp_path: Path, model_folder: Path) -> None:
    page, hints, out = tmp_path / "page.png", tmp_path / "hints.png", tmp_path / "out.png"
    cv2.imwrite(str(page), sketch)
    layer[30:34, 30:50] = RED
    Image.fromarray(layer).save(hints)
    write_palette(tmp_path / "p.gpl", ["#c81e28", "#2f4f9f"])
    args = ["--hints", hints, "--palette", tmp_path / "p.gpl", "0f0:2", "--lock", "3=#123456", "--model", model_folder]
    assert main(["colorize", str(page), "-o", str(out), *map(str, args)]) == 0
    expected = colorizer(sketch, hints=layer, palette=["#c81e28", "#2f4f9f", "0f0:2"], lock={3: "#123456"})
    assert np.array_equal(np.array(Image.open(out)), expected.image)
    assert main(["colorize", str(page), "-o", str(hints), "--hints", str(hints), "--overwrite"]) == 1
    assert main(["colorize", str(page), str(out), "-o", str(tmp_path / "many"), "--hints", str(hints)]) == 2
    assert main(["colorize", str(page), "-o", str(tmp_path), "--lock", "skin", "--model", str(model_folder)]) == 2
