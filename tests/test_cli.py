"""The command line as its users meet it: files in, files out, one line for what failed, and an exit code."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import salac
import salac.tbs
from salac import Colorizer
from salac.cli import main
from salac.cli.training import STAGES
from salac.export.segments import id_picture
from salac.image import read_picture, write_picture
from salac.palette_files import read_palette

Draw = Callable[[str], Path]


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Draw two rooms on paper, 64 x 48."""

    def draw(name: str) -> Path:
        sketch = np.full((48, 64), 255, np.uint8)
        sketch[8:40, [10, 30, 54]] = 0
        sketch[[8, 40], 10:55] = 0
        write_picture(tmp_path / name, sketch)
        return tmp_path / name

    return draw


@pytest.fixture
def salac_cli(model_folder: Path) -> Callable[..., int]:
    """Run `salac colorize` with the small model."""

    return lambda *args: main(["colorize", *map(str, args), "--model", str(model_folder)])


def run(line: str) -> int:
    return main(line.split())


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was complained about since the last look."""
    return capsys.readouterr().err.splitlines()


# --- usage -----------------------------------------------------------------------------------------------------------


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"salac {salac.__version__}\n"
    assert main(["colorize", "--help"]) == 0
    assert "page-0005.png" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ("", "COMMAND"),
        ("colour x.png -o y.png", "colour"),
        ("colorize x.png", "-o"),
        ("colorize x.png -o y.png -n 0", "'0' is not a whole number from 1 up"),
        ("colorize x.png -o y.png --seed -1", "'-1' is not a whole number from 0 up"),
        ("colorize x.png -o y.png --palette f7d7c4 red", "'red' is no hex color"),
        ("colorize x.png -o y.png --palette f7d7c4 --reference z.png", "not allowed with"),
        ("colorize x.png -o y -n 2 --palette f7d7c4", "-n takes colors by seed"),
        ("colorize x.png -o - --json", "standard output has room for one PNG"),
        ("colorize x.png -o y.psdx", "cannot write '.psdx'"),
        ("colorize x.png x.jpg -o y.png", "several need a folder"),
        ("colorize x.png -o y --format tga", "cannot write 'tga'"),
        ("colorize x.png -o y.psd --format ora", "OUT ends in .psd already"),
        ("segment x.png -o y.png --radii 3,x", "'x' is not a whole number"),
        ("segment x.png -o y.png --close-gaps 0", "'0' is not a whole number from 1 up"),
        ("segment x.png -o y.png --as ids npz", "'y.png' has room for one of ids, npz"),
        ("segment x.png -o y.png --as npz", "cannot write '.png': OUT ends in .npz"),
        ("segment x.png -o - --json", "standard output has room for one picture"),
        ("train everything data --run runs", "everything"),
    ],
)
def test_wrong_usage_is_told_before_any_work(args: str, reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(args) == 2
    assert reason in lines(capsys)[-1]


# --- colorize: names and contents ------------------------------------------------------------------------------------


def test_one_picture_to_one_file_is_what_the_library_gives(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = draw("page.png")
    assert salac_cli(page, "-o", tmp_path / "colored.webp", "--seed", 3) == 0
    expected = Colorizer.from_pretrained(model_folder)(page, seed=3)
    np.testing.assert_array_equal(read_picture(tmp_path / "colored.webp"), expected.image)
    assert capsys.readouterr() == ("", "")


def test_folders_and_patterns_go_to_a_folder(salac_cli: Callable[..., int], draw: Draw, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    draw("pages/2.png"), draw("pages/10.webp"), draw("cover.bmp")
    assert salac_cli(tmp_path / "pages", tmp_path / "cov*", "-o", tmp_path / "out") == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["10.png", "2.png", "cover.png"]


def test_results_are_named_by_the_seed_that_draws_them_again(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path
) -> None:
    page = draw("page.png")
    assert salac_cli(page, "-o", tmp_path / "many", "-n", 2, "--seed", 5) == 0
    assert salac_cli(page, "-o", tmp_path / "one.png", "--seed", 6) == 0
    assert sorted(path.name for path in (tmp_path / "many").iterdir()) == ["page-0005.png", "page-0006.png"]
    assert (tmp_path / "many" / "page-0006.png").read_bytes() == (tmp_path / "one.png").read_bytes()
    assert salac_cli(page, "-o", tmp_path / "near.jpg", "-n", 2) == 0
    assert (tmp_path / "near-0000.jpg").exists()
    assert (tmp_path / "near-0001.jpg").exists()


def test_palette_and_reference_steer_the_colors(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, photo = draw("page.png"), tmp_path / "photo.png"
    write_picture(photo, np.full((4, 4, 3), (32, 160, 96), np.uint8))
    colorizer = Colorizer.from_pretrained(model_folder)

    assert salac_cli(page, "-o", tmp_path / "palette.png", "--json", "--palette", "#f00", "0000ff:2") == 0
    described = json.loads(capsys.readouterr().out)
    assert described["seed"] is None
    assert described["colors"] == ["#0000ff", "#ff0000"]
    expected = colorizer(page, palette=["#f00", "0000ff:2"]).image
    np.testing.assert_array_equal(read_picture(tmp_path / "palette.png"), expected)

    assert salac_cli(page, "-o", tmp_path / "reference.png", "--reference", photo) == 0
    expected = colorizer(page, reference=photo).image
    np.testing.assert_array_equal(read_picture(tmp_path / "reference.png"), expected)


def test_json_and_stages_tell_how_a_result_came_about(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, out = draw("page.png"), tmp_path / "out"
    assert salac_cli(page, "-o", out, "-n", 2, "--json", "--stages") == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["input"] == str(page)
    assert (first["output"], second["output"]) == (str(out / "page-0000.png"), str(out / "page-0001.png"))
    assert (first["seed"], second["seed"]) == (0, 1)
    assert first["size"] == [64, 48]
    assert first["segments"] == second["segments"] == len(salac.segment(page).areas) - 1
    assert first["seconds"] > 0
    assert all(len(color) == 7 and int(color[1:], 16) >= 0 for color in first["colors"])
    sheet = read_picture(out / "page-0001-stages.png")
    assert sheet.shape[0] == 48
    assert sheet.shape[1] > 5 * 64
    np.testing.assert_array_equal(sheet[:, -64:], read_picture(out / "page-0001.png"))


def test_layers_flats_and_regions_for_painters(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, model_folder: Path
) -> None:
    page, out = draw("page.png"), tmp_path / "out"
    assert salac_cli(page, "-o", out, "-n", 2, "--format", "psd", "--regions", "--flats") == 0
    assert sorted(path.name for path in out.iterdir()) == [
        f"page-000{seed}{tail}" for seed in (0, 1) for tail in ("-palette.json", "-regions.png", ".psd")
    ]
    assert salac_cli(page, "-o", tmp_path / "page.ora") == 0
    assert (out / "page-0000.psd").read_bytes().startswith(b"8BPS")
    assert b"image/openraster" in (tmp_path / "page.ora").read_bytes()
    assert salac_cli(page, "-o", tmp_path / "page.gpl") == 0
    colors = [entry.partition(":")[0] for entry in salac.Colorizer.from_pretrained(model_folder)(page).palette()]
    assert read_palette(tmp_path / "page.gpl") == colors


def test_explore_draws_a_sheet_of_variations(
    draw: Draw, tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = draw("page.png")
    for name, *flags in (
        ("sheet", "-n", 5),
        ("map", "-n", 5, "--map", "--flats"),
        ("near", "--near", "f00", "--distinct"),
    ):
        args = ["explore", page, "-o", tmp_path / f"{name}.png", *flags, "--model", model_folder]
        assert main(list(map(str, args))) == 0
        assert read_picture(tmp_path / f"{name}.png").shape[1] > 200
    assert main(["explore", str(page), "-o", str(tmp_path / "out"), "-n", "2", "--model", str(model_folder)]) == 0
    assert (tmp_path / "out" / "page-variations.png").exists()
    few = ["explore", page, "-o", tmp_path / "few.png", "-n", 2, "--map", "--model", model_folder]
    assert main(list(map(str, few))) == 1
    assert "at least 3 results" in lines(capsys)[-1]


def test_standard_input_and_output(
    salac_cli: Callable[..., int],
    draw: Draw,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    page = draw("page.png")
    assert salac_cli(page, "-o", tmp_path / "file.png") == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(page.read_bytes())))
    assert salac_cli("-", "-o", "-") == 0
    np.testing.assert_array_equal(read_picture(capfdbinary.readouterr().out), read_picture(tmp_path / "file.png"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(page.read_bytes())))
    assert salac_cli("-", "-o", tmp_path / "out") == 0
    assert (tmp_path / "out" / "stdin.png").read_bytes() == (tmp_path / "file.png").read_bytes()


# --- colorize: what goes wrong ---------------------------------------------------------------------------------------


def test_a_failed_picture_is_one_line_and_the_others_are_done(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    junk, missing = tmp_path / "junk.png", tmp_path / "missing.png"
    junk.write_text("no picture")
    pages = draw("a.png"), draw("z.png")
    assert salac_cli(pages[0], junk, missing, pages[1], "-o", tmp_path / "out") == 1
    complaints = lines(capsys)
    assert len(complaints) == 2
    assert complaints[0].startswith(f"salac: {missing}: ")
    assert complaints[1].startswith(f"salac: {junk}: ")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.png", "z.png"]


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["-o", "no/such/folder"], "cannot be made"),
        (["-o", "no/such.png"], "does not exist: make it first"),
        (["-o", "page.png/out"], "cannot be made"),
        (["-o", "y.png", "--device", "abacus"], "device 'abacus' cannot be used"),
        (["-o", "y.png", "--reference", "missing.png"], "'missing.png' does not exist"),
        (["-o", "y.png", "--max-pixels", "100"], "pass --max-pixels N or resize it"),
    ],
)
def test_a_run_that_cannot_be_done_says_why_in_one_line(
    salac_cli: Callable[..., int],
    draw: Draw,
    args: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    draw("page.png")
    monkeypatch.chdir(tmp_path)
    assert salac_cli("page.png", *args) == 1
    (complaint,) = lines(capsys)
    assert complaint.startswith("salac: ")
    assert reason in complaint
    assert os.listdir(tmp_path) == ["page.png"]


def test_an_unknown_model_is_one_line(draw: Draw, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["colorize", str(draw("page.png")), "-o", str(tmp_path / "y.png"), "--model", "nowhere"]) == 1
    (complaint,) = lines(capsys)
    assert "'nowhere' is no model" in complaint


def test_existing_outputs_are_replaced_only_with_overwrite(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages, out = [draw("a.png"), draw("b.png")], tmp_path / "out"
    out.mkdir()
    (out / "a.png").write_text("mine")
    assert salac_cli(*pages, "-o", out) == 1
    (complaint,) = lines(capsys)
    assert "a.png' exists: pass --overwrite" in complaint
    assert (out / "a.png").read_text() == "mine"
    assert (out / "b.png").exists()
    assert salac_cli(*pages, "-o", out, "--overwrite") == 0
    assert read_picture(out / "a.png").shape == (48, 64, 3)


def test_no_input_is_ever_replaced(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, photo = draw("page.png"), draw("photo.png")
    os.link(page, tmp_path / "link.png")
    before = page.read_bytes()
    for args in (
        (page, "-o", page),
        (page, "-o", tmp_path),
        (page, "-o", tmp_path / "link.png"),
        (page, "-o", photo, "--reference", photo),
    ):
        assert salac_cli(*args, "--overwrite") == 1
        assert "inputs are never replaced" in lines(capsys)[-1]
    assert page.read_bytes() == photo.read_bytes() == before


def test_pictures_of_one_name_do_not_replace_each_other(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = draw("page.png"), draw("page.bmp")
    assert salac_cli(first, second, "-o", tmp_path / "out", "--overwrite") == 1
    (complaint,) = lines(capsys)
    assert complaint.startswith(f"salac: {second}: ")
    assert "is for the result of" in complaint


def test_progress_is_drawn_for_a_terminal_and_leaves_nothing_behind(
    salac_cli: Callable[..., int], draw: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    assert salac_cli(draw("a.png"), draw("b.png"), "-o", tmp_path / "out", "-n", 2) == 0
    drawn = terminal.getvalue().split("\r")
    assert any("] 3/4 " in line for line in drawn)
    assert all(len(line.removesuffix("\x1b[K")) < 60 for line in drawn)
    assert drawn[-1] == "\x1b[K"


# --- the real process ------------------------------------------------------------------------------------------------


def start(*args: object) -> "subprocess.Popen[str]":
    path = os.pathsep.join([str(Path(salac.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "salac", *map(str, args)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_interrupt_keeps_what_is_finished(draw: Draw, tmp_path: Path, model_folder: Path) -> None:
    out = tmp_path / "out"
    with start("colorize", draw("page.png"), "-o", out, "-n", 10000, "--json", "--model", model_folder) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=120)
    assert process.returncode == 130
    assert complaints.splitlines() == ["salac: interrupted; what was finished is kept"]
    assert Path(first["output"]).exists()
    assert all(read_picture(path).shape == (48, 64, 3) for path in out.glob("*.png"))


def test_a_reader_that_has_seen_enough_ends_it_quietly(draw: Draw, tmp_path: Path, model_folder: Path) -> None:
    out = tmp_path / "out"
    with start("colorize", draw("page.png"), "-o", out, "-n", 10000, "--json", "--model", model_folder) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(120) == 1
        assert process.stderr.read() == ""


# --- segment and fill ------------------------------------------------------------------------------------------------


def test_segment_writes_a_picture_or_arrays(draw: Draw, tmp_path: Path) -> None:
    page = draw("page.png")
    segments = salac.segment(page, radii=[3, 1], lines="nearest")
    arrays, picture = tmp_path / "page.npz", tmp_path / "page-segments.png"
    assert main(["segment", str(page), "-o", str(arrays), "--radii", "3,1", "--lines", "nearest"]) == 0
    with np.load(arrays) as saved:
        np.testing.assert_array_equal(saved["labels"], segments.labels)
        np.testing.assert_array_equal(saved["areas"], segments.areas)
        np.testing.assert_array_equal(saved["radius"], segments.radius)
    assert main(["segment", str(page), "-o", str(picture)]) == 0
    labels = salac.segment(page).labels
    painted = read_picture(picture)
    assert not painted[labels == 0].any()
    colors = {tuple(map(int, painted[labels == segment][0])) for segment in range(1, labels.max() + 1)}
    assert len(colors) == labels.max() > 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page-segments.png", "page.npz", "page.png"]


def rooms_with_a_gap(path: Path, gap: int = 12) -> Path:
    """Two rooms of 60 x 90 pixels with a hole in the wall between."""
    sketch = np.full((100, 140), 255, np.uint8)
    sketch[5:95, [8, 70, 132]] = sketch[[5, 94], 8:133] = 0
    sketch[40 : 40 + gap, 70] = 255
    write_picture(path, sketch)
    return path


def test_segments_of_a_folder_in_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pages").mkdir()
    pages = [rooms_with_a_gap(tmp_path / "pages" / name, gap=6) for name in ("a.png", "b.bmp")]
    out = tmp_path / "out"
    forms = ["--as", "colors", "ids", "leaks", "npz", "json"]
    assert main(["segment", str(tmp_path / "pages"), "-o", str(out), "--radii", "1", "--json", *forms]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(path.name for path in out.iterdir()) == sorted(
        f"{name}{tail}" for name in "ab" for tail in (".png", "-ids.png", "-leaks.png", ".npz", ".json")
    )
    for page, facts in zip(pages, printed, strict=True):
        segments = salac.segment(page, radii=[1])
        (leak,) = salac.tbs.find_leaks(segments)
        assert json.loads((out / f"{page.stem}.json").read_text()) == facts
        assert facts["input"] == str(page)
        assert facts["size"] == [140, 100]
        assert facts["segments"] == segments.count
        for name in ("areas", "boxes", "radius"):
            assert facts[name] == getattr(segments, name).tolist()
        assert facts["leaks"][0] == json.loads(json.dumps(leak._asdict() | {"width": round(leak.width, 1)}))
        painted = read_picture(out / f"{page.stem}.png")
        for segment, color in enumerate(facts["colors"]):
            assert (painted[segments.labels == segment] == list(bytes.fromhex(color[1:]))).all()
        with np.load(out / f"{page.stem}.npz") as saved:
            np.testing.assert_array_equal(saved["labels"], segments.labels)
            np.testing.assert_array_equal(saved["boxes"], segments.boxes)
            np.testing.assert_array_equal(saved["pairs"], segments.adjacency.pairs)
        ids = np.asarray(Image.open(out / f"{page.stem}-ids.png"))
        assert ids.dtype == np.uint16
        np.testing.assert_array_equal(ids, segments.labels)
        marked = read_picture(out / f"{page.stem}-leaks.png")
        assert (marked[43, 70] == (255, 0, 0)).all()


def test_ids_beyond_sixteen_bits_fill_three_channels(tmp_path: Path) -> None:
    labels = np.array([[0, 1, 65_535], [65_536, 70_000, (1 << 24) - 1]])
    for largest, form in (((1 << 16) - 1, np.uint16), (1 << 24, np.uint8)):
        kept = np.where(labels <= largest, labels, 0)
        write_picture(tmp_path / "ids.png", id_picture(kept))
        ids = np.asarray(Image.open(tmp_path / "ids.png"))
        assert ids.dtype == form
        np.testing.assert_array_equal(ids if ids.ndim == 2 else ids.astype(int) @ [1, 256, 65_536], kept)
    with pytest.raises(salac.OutputError, match="npz"):
        id_picture(labels + 1)
    with pytest.raises(salac.OutputError, match="16 bits"):
        write_picture(tmp_path / "ids.jpg", labels.astype(np.uint16))


def test_gaps_are_closed_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, out = rooms_with_a_gap(tmp_path / "page.png"), tmp_path / "page.json"
    counts = []
    for options in ([], ["--close-gaps"], ["--close-gaps", "20"]):
        assert main(["segment", str(page), "-o", str(out), "--radii", "3,1", "--overwrite", *options]) == 0
        counts.append(json.loads(out.read_text())["segments"])
    assert counts == [2, 2, 3]
    assert capsys.readouterr().out == ""


def test_a_folder_of_sketches_is_filled_from_a_folder_of_illustrations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("sketches", "illustrations"):
        (tmp_path / folder).mkdir()
    colors = np.random.default_rng(0).integers(256, size=(100, 140, 3), dtype=np.uint8)
    for name in ("a", "b", "c"):
        rooms_with_a_gap(tmp_path / "sketches" / f"{name}.png")
    for name in ("a.png", "b.webp"):
        write_picture(tmp_path / "illustrations" / name, colors)
    folders = [str(tmp_path / name) for name in ("sketches", "illustrations")]
    out = tmp_path / "out"
    assert main(["fill", *folders, "-o", str(out), "--statistic", "mode", "--json"]) == 1
    printed, complaints = capsys.readouterr()
    assert "holds 0 pictures of this name" in complaints
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "b.png"]
    segments = salac.segment(tmp_path / "sketches" / "a.png")
    palette = salac.tbs.segment_colors(segments, colors, statistic="mode")
    np.testing.assert_array_equal(read_picture(out / "a.png"), palette[segments.labels])
    facts = [json.loads(line) for line in printed.splitlines()]
    assert facts[0]["colors"] == [f"#{bytes(color).hex()}" for color in palette]
    assert facts[1]["illustration"].endswith("b.webp")


def test_fill_gives_segments_the_colors_of_an_illustration(
    draw: Draw, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, illustration, out = draw("page.png"), tmp_path / "illustration.png", tmp_path / "filled.png"
    colors = np.random.default_rng(0).integers(256, size=(48, 64, 3), dtype=np.uint8)
    write_picture(illustration, colors)
    assert main(["fill", str(page), str(illustration), "-o", str(out)]) == 0
    np.testing.assert_array_equal(read_picture(out), salac.fill_segments(salac.segment(page), colors))
    assert main(["fill", str(page), str(illustration), "-o", str(illustration), "--overwrite"]) == 1
    assert "inputs are never replaced" in lines(capsys)[-1]


# --- models, data and training ---------------------------------------------------------------------------------------


def test_models_are_listed_and_verified(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("salac.zoo.registry.WEIGHTS", tmp_path)
    shutil.copytree(model_folder, tmp_path / "salac-tiny")
    assert main(["models", "list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[0].startswith("salac-tiny  6 files, ")
    size = (model_folder / "refiner.safetensors").stat().st_size
    assert any("refiner.safetensors" in line and f"{size:,}" in line for line in listed)

    assert main(["models", "verify"]) == 0
    capsys.readouterr()
    with (tmp_path / "salac-tiny" / "refiner.safetensors").open("ab") as file:
        file.write(b"!")
    assert main(["models", "verify", str(tmp_path / "salac-tiny")]) == 1
    verified = capsys.readouterr()
    assert len(verified.out.splitlines()) == 5
    assert "refiner.safetensors is damaged" in verified.err


def test_training_is_called_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from salac.training import recipes

    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr("salac.training.build.build", lambda *args, **named: calls.append((*args, named)))
    monkeypatch.setattr(recipes, "train_stage", lambda *args, **named: calls.append((*args, named)))
    monkeypatch.setattr(recipes, "export", lambda *args, **named: calls.append((*args, named)))

    assert run("data build data --figures 3 --kits 2 --clipart noto --validation 1 --seed 4 --workers 5") == 0
    assert run("train refiner data --run runs --minutes 1.5 --steps 7 --resume --seed 2 --threads 1 --batch 64") == 0
    assert run("train export runs --data data -o model --generator conv") == 0
    assert calls == [
        (Path("data"), {"figures": 3, "kits": 2, "clipart": ["noto"], "validation": 1, "seed": 4, "workers": 5}),
        (
            "refiner",
            Path("data"),
            Path("runs"),
            {"minutes": 1.5, "steps": 7, "resume": True, "seed": 2, "device": None, "threads": 1, "batch": 64}
            | {"generator": "palette", "start": None, "size": "tiny", "features": "style-gan"},
        ),
        (Path("data"), Path("runs"), Path("model"), {"generator": "conv", "size": "tiny"}),
    ]
    assert tuple(STAGES) == recipes.STAGES


def test_a_missing_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "skia", None)
    assert main(["data", "build", str(tmp_path / "data")]) == 1
    assert lines(capsys) == ['salac: skia is not installed: pip install "salac[train]"']
    assert not (tmp_path / "data").exists()
