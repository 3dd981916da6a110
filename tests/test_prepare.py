"""A folder of illustrations becomes a data set that stages learn from."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from salac.cli import main
from salac.errors import InputError
from salac.image import write_picture
from salac.nets.generator import GeneratorConfig
from salac.training import prepare
from salac.training.build import TONE
from salac.training.contact import diversity
from salac.training.dataset import Drawings
from salac.training.drawing import UNKNOWN_PART
from salac.training.illustrations import (
    boost_saturation,
    centred,
    colorfulness,
    drawn_lines,
    perceptual_hash,
    plain_background,
    prepare_illustration,
)
from salac.training.loop import Settings, train
from salac.training.prepare import Manner, prepare_folder
from salac.training.proposal import ProposalTask
from salac.training.sidecars import Sidecars, Wanted


def figure(seed: int, size: int = 300, color: int = 255) -> np.ndarray:
    """A head, a body, arms and buttons with black outlines on white, off the middle; `color` 0 is gray."""
    rng = np.random.default_rng(seed)
    picture = np.full((size, size + 100, 3), 255, np.uint8)
    x, y = int(rng.integers(90, 130)), int(rng.integers(70, 100))

    def shape(center: tuple[int, int], axes: tuple[int, int]) -> None:
        fill = rng.integers(90, 240, 3)
        fill[rng.integers(3)] = 40
        fill = fill if color else np.full(3, fill.mean())
        cv2.ellipse(picture, center, axes, 0, 0, 360, fill.tolist(), -1, cv2.LINE_AA)
        cv2.ellipse(picture, center, axes, 0, 0, 360, (20, 20, 20), 3, cv2.LINE_AA)

    shape((x, y + 120), (int(rng.integers(45, 70)), 80))
    shape((x, y), (int(rng.integers(35, 55)), 48))
    for side in (-1, 1):
        shape((x + side * 60, y + int(rng.integers(80, 150))), (int(rng.integers(12, 24)), 40))
        shape((x + side * 18, y), (9, int(rng.integers(6, 14))))
    for row in range(3):
        shape((x + int(rng.integers(-20, 20)), y + 80 + 30 * row), (10, 10))
    return picture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten figures, and everything that has to be left out."""
    folder = tmp_path_factory.mktemp("illustrations")
    for seed in range(10):
        write_picture(folder / f"{seed}.png", figure(seed))
    (folder / "deep").mkdir()
    copy = cv2.resize(figure(3), None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    write_picture(folder / "deep" / "copy.jpg", copy)
    write_picture(folder / "gray.png", figure(20, color=0))
    write_picture(folder / "small.png", figure(21)[:200, :200])
    write_picture(folder / "blank.png", np.full((300, 300, 3), 255, np.uint8))
    write_picture(folder / "photo.png", np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8))
    (folder / "broken.png").write_bytes(b"no picture")
    write_picture(folder / "unwanted.png", figure(22))
    (folder / "unwanted.json").write_text('{"tags": "comic solo"}')
    lines = [{"file": f"{k}.png", "license": "CC0-1.0", "artist": f"Artist {k}", "identity": f"a{k}"} for k in range(9)]
    (folder / "metadata.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.fixture(scope="module")
def data(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("prepared") / "set"
    arguments = ["--no-super-resolution", "--without", "comic", "--licence", "CC-BY-4.0", "--workers", "1"]
    assert main(["data", "prepare", str(folder), "-o", str(data), *arguments]) == 0
    return data


def test_what_is_unfit_is_left_out_and_listed(data: Path) -> None:
    rows = (data / "skipped.txt").read_text().splitlines()
    skipped = dict(row.split("\t") for row in rows)
    assert skipped.pop("broken.png")
    assert skipped.pop("deep/copy.jpg") == "the same as 3.png"
    expected = {"gray": "no color", "small": "smaller than 256 px", "blank": "nothing on it"}
    expected |= {"photo": "no plain background", "unwanted": "tagged comic"}
    assert {file: skipped.pop(f"{file}.png") for file in expected} == expected
    # A fifth of the ten that are left.
    assert list(skipped.values()) == ["among the least colorful"] * 2
    assert not (data / ".preparing").exists()


def test_a_prepared_picture_keeps_its_colors(data: Path) -> None:
    drawings = Drawings(data, "train")
    assert len(drawings) == 7
    assert len(Drawings(data, "validation")) == 1
    licences = {entry["file"]: (entry["licence"], entry["attribution"]) for entry in drawings.entries}
    assert all(facts == ("CC0-1.0", f"Artist {file[0]}") for file, facts in licences.items() if file != "9.png")
    first, second = (drawings.example(0, np.random.default_rng(seed), (256, 256)) for seed in (1, 2))
    assert np.array_equal(first.colors, second.colors)
    assert set(first.parts[1:]) == {UNKNOWN_PART}
    # Flats are the medians of the paint, and the paper around is white.
    flat, paint = first.colors[first.group] / 255, first.paint()
    assert np.abs(flat - paint).mean() < 0.03
    assert (paint[first.group == 0] > 0.98).mean() > 0.97
    assert (first.ink < 0.5).mean() > 0.01
    # The figure stands in the middle.
    columns = np.flatnonzero((first.group > 0).any(0))
    assert abs((columns[0] + columns[-1]) / 2 - 127.5) < 10


def test_stages_learn_from_prepared_pictures(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salac.training.proposal.BATCH", 4)
    narrow = GeneratorConfig(widths=(8, 8, 16, 16), dim=16, depth=1, size=128)
    settings = Settings(folder=tmp_path, steps=20, device="cpu")
    train(ProposalTask(data, settings, config=narrow, prior=None), settings)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[0]["step"] == 20
    assert np.isfinite(list(rows[0].values())).all()
    assert rows[-1]["held_out"]["figure_kept"] >= 0


def test_the_same_seed_prepares_the_same_data_and_goes_on_where_it_stopped(
    data: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again, wanted = tmp_path / "again", Wanted(without=("comic",))
    manner = Manner(super_resolution=False)
    monkeypatch.setattr(prepare, "PackWriter", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare_folder(folder, again, wanted=wanted, manner=manner, workers=1)
    monkeypatch.undo()
    asked = []
    monkeypatch.setattr(prepare, "_all_cores", lambda pool, work, tasks, title: asked.extend(tasks) or iter(()))
    prepare_folder(folder, again, wanted=wanted, manner=manner, licence="CC-BY-4.0", workers=1)
    assert asked == []
    for name in ("maps-000.npy", "index.jsonl"):
        ours, theirs = ((d / "train" / name).read_bytes() for d in (again, data))
        assert ours == theirs
    with pytest.raises(InputError, match="already"):
        prepare_folder(folder, again, wanted=wanted, manner=manner)


def interrupted(folder: Path) -> None:
    raise KeyboardInterrupt


def test_a_sheet_a_report_and_a_card_are_written(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "sheet", str(data), "-n", "4"]) == 0
    assert "histograms" in capsys.readouterr().out
    assert (data / "sheet.png").stat().st_size > 10_000
    report = json.loads((data / "diversity.json").read_text())
    assert report["drawings"] == report["looked_at"] == 7
    assert report["parts"]["unknown"] == 1
    assert report["histograms"][0] > 0.3
    assert diversity(data) == report
    card = (data / "README.md").read_text()
    assert "CC0-1.0" in card
    assert all(entry["attribution"] in card for entry in Drawings(data, "train").entries if entry["attribution"])
    assert main(["data", "verify", str(data)]) == 0


def test_pictures_are_filtered_by_metadata(folder: Path) -> None:
    sidecars = Sidecars(folder)
    assert sidecars.of("2.png")["attribution"] == "Artist 2"
    assert sidecars.of("9.png") == {}
    facts = sidecars.of("unwanted.png")
    assert Wanted(tags=("solo",)).objection(facts) == ""
    assert Wanted(tags=("1girl",)).objection(facts) == "not tagged 1girl"
    assert Wanted(ratings=("g",)).objection({"rating": "e"}) == "rated e"
    (folder / "odd.json").write_text("[")
    with pytest.raises(InputError, match="is no JSON"):
        sidecars.of("odd.png")
    (folder / "odd.json").unlink()


def test_colorfulness_hash_and_boost() -> None:
    vivid, gray = figure(1), figure(1, color=0)
    assert colorfulness(gray) < 1 < 20 < colorfulness(vivid)
    # By hand: half of the pixels (255, 0, 0), half (0, 0, 255).
    halves = np.array([[255, 0, 0], [0, 0, 255]], np.uint8)
    spread = np.hypot(127.5, 191.25)
    assert colorfulness(halves) == pytest.approx(spread + 0.3 * np.hypot(127.5, 63.75), rel=1e-5)
    assert colorfulness(boost_saturation(vivid, 1.4)) > colorfulness(vivid)
    assert np.array_equal(boost_saturation(gray, 1.4), gray)
    bits = [np.frombuffer(perceptual_hash(picture), np.uint8) for picture in (vivid, vivid[::2, ::2], figure(2))]
    assert (
        np.bitwise_count(bits[0] ^ bits[1]).sum() <= prepare.DUPLICATE_BITS < np.bitwise_count(bits[0] ^ bits[2]).sum()
    )


def test_the_side_of_the_light_is_read_from_the_paint() -> None:
    picture = figure(6)
    background = plain_background(picture)
    flat = prepare_illustration(centred(picture, background), np.random.default_rng(0), boost=1.0, enlarge=None)
    ramp = np.linspace(1.0, 0.3, picture.shape[1])[None, :, None]
    shaded = np.where(background[..., None], picture, np.rint(picture * ramp)).astype(np.uint8)
    sides = []
    for one in (shaded, shaded[:, ::-1].copy()):
        square = centred(one, plain_background(one))
        sample = prepare_illustration(square, np.random.default_rng(0), boost=1.0, enlarge=None)
        sides.append(sample.entry["light"])
        assert (sample.maps[TONE] < 120).mean() > 0.01
    assert sides == ["left", "right"]
    assert flat.entry["light"] is None


def test_a_picture_drawn_in_lines_keeps_them() -> None:
    """Bold outlines stay one line each, where extraction would draw either side of them."""
    picture = centred(figure(6), plain_background(figure(6))).picture
    ink = drawn_lines(picture, np.random.default_rng(0))
    dark = picture.max(2) < 40
    assert (ink[cv2.erode(dark.astype(np.uint8), np.ones((5, 5))) > 0] < 40).all()
    assert (ink[cv2.dilate(dark.astype(np.uint8), np.ones((9, 9))) == 0] == 255).all()
    bare = np.full((64, 64, 3), 255, np.uint8)
    bare[10:30, 10:50], bare[30:50, 10:50] = (200, 40, 60), (240, 200, 60)
    assert drawn_lines(bare, np.random.default_rng(0)) is None


def test_figures_are_centred_whatever_their_ground() -> None:
    picture = figure(4)
    background = plain_background(picture)
    assert background is not None
    tinted = np.where(background[..., None], np.uint8((250, 220, 180)), picture)
    assert np.array_equal(plain_background(tinted), background)
    square = centred(tinted, plain_background(tinted))
    assert square.picture.shape == (512, 512, 3)
    assert (square.picture[:4] == 255).all()
    weights = (~square.background).sum(0)
    assert (np.arange(512) * weights).sum() / weights.sum() == pytest.approx(256, abs=4)
    assert centred(picture, None).picture.shape == (512, 512, 3)
