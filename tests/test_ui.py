"""The page of `salac ui` without a browser: what it answers, and that it serves this machine alone and cleans up."""

import html
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

import salac
from salac.cli import main
from salac.errors import InputError
from salac.image import read_picture, write_picture
from salac.steering import given_histogram

pytest.importorskip("gradio", reason="the page needs the extra [ui]")

from salac.ui import studio
from salac.ui.desk import SHOWN, Desk
from salac.ui.page import EXAMPLES

RED = (200, 32, 42, 255)


@pytest.fixture(scope="module")
def colorizer(model_folder: Path) -> salac.Colorizer:
    return salac.Colorizer.from_pretrained(model_folder)


@pytest.fixture
def drawing(tmp_path: Path) -> str:
    """Two rooms on paper, 64 x 48."""
    sketch = np.full((48, 64), 255, np.uint8)
    sketch[8:40, [10, 30, 54]] = 0
    sketch[[8, 40], 10:55] = 0
    write_picture(tmp_path / "two rooms.png", sketch)
    return str(tmp_path / "two rooms.png")


@pytest.fixture
def work(colorizer: salac.Colorizer, drawing: str) -> studio.Work:
    return studio.open_drawing(colorizer, drawing)


@pytest.fixture
def desk(colorizer: salac.Colorizer, tmp_path: Path) -> Desk:
    return Desk(colorizer, tmp_path)


# --- what is done with a drawing -------------------------------------------------------------------------------------


def test_a_variation_that_is_chosen_is_the_seed_of_the_command_line(colorizer, drawing, work) -> None:
    chosen = studio.recolor(colorizer, work, asked={"seed": 5})
    assert np.array_equal(chosen.result.image, colorizer(drawing, seed=5).image)
    assert chosen.title == "seed 5"


def test_eight_variations_come_one_by_one_and_obey_scribbles(colorizer, work) -> None:
    layer = np.zeros((48, 64, 4), np.uint8)
    layer[20:24, 15:25] = RED
    hinted = studio.recolor(colorizer, work, scribbles=layer, shaded=False)
    pictures = studio.variations(colorizer, hinted, 8)
    first, caption = next(pictures)
    assert caption == "seed 8"
    assert first[22, 20].tolist() == list(RED[:3])
    assert len(list(pictures)) == 7


def test_scribbles_stay_when_other_colors_are_chosen_and_go_when_they_are_wiped(colorizer, work) -> None:
    layer = np.zeros((48, 64, 4), np.uint8)
    layer[20:24, 15:25] = RED
    hinted = studio.recolor(colorizer, work, scribbles=layer)
    chosen = studio.recolor(colorizer, hinted, asked={"seed": 3})
    assert chosen.result.proposal[22, 20].tolist() == list(RED[:3])
    wiped = studio.recolor(colorizer, chosen, scribbles=None)
    assert np.array_equal(wiped.result.image, studio.recolor(colorizer, work, asked={"seed": 3}).result.image)


def test_a_palette_that_is_pulled_gives_the_same_colors_back(colorizer, work) -> None:
    pulled = studio.swatches(work.result)
    assert [swatch["color"] for swatch in pulled] == [color.split(":")[0] for color in work.result.palette()][:12]
    again = studio.recolor(colorizer, work, asked={"palette": studio.palette_of(pulled)})
    assert again.title == "your palette"
    assert np.array_equal(again.result.histogram, given_histogram(None, None, work.result.palette()[:12]))


@pytest.mark.parametrize("bad", [None, [], "#c8202a", [{"color": "#c8202a"}], [3]])
def test_a_palette_that_is_none_is_refused(bad) -> None:
    with pytest.raises(InputError, match="palette"):
        studio.palette_of(bad)


def test_scribbles_are_carried_to_the_drawings_size_without_new_colors() -> None:
    below, above = np.zeros((24, 32, 4), np.uint8), np.zeros((24, 32, 4), np.uint8)
    below[2:10, 2:10] = RED
    above[4:6, 4:6] = (0, 0, 255, 255)
    layer = studio.scribbles_of([below, above], (48, 64))
    assert layer.shape == (48, 64, 4)
    assert set(map(tuple, layer.reshape(-1, 4).tolist())) == {(0, 0, 0, 0), RED, (0, 0, 255, 255)}
    assert layer[9, 9].tolist() == [0, 0, 255, 255]
    assert studio.scribbles_of([np.zeros((24, 32, 4), np.uint8)], (48, 64)) is None
    assert studio.scribbles_of([], (48, 64)) is None


def test_what_is_shown_is_small_and_what_is_saved_is_not(colorizer, tmp_path) -> None:
    sketch = np.full((2400, 40), 255, np.uint8)
    sketch[100:2300, [5, 34]] = 0
    write_picture(tmp_path / "tall.png", sketch)
    work = studio.open_drawing(colorizer, tmp_path / "tall.png")
    assert max(picture.shape[0] for picture, _ in studio.stages(work.result)) == studio.THUMBNAIL
    assert read_picture(studio.save(work, ".png", tmp_path)).shape == (2400, 40, 3)


def test_every_stage_is_shown(work) -> None:
    names = [name for _, name in studio.stages(work.result)]
    assert names[0] == "sketch"
    assert names[-1] == "result"
    assert len(names) == 7


def test_examples_are_in_the_package_and_under_a_licence(colorizer) -> None:
    licences = (Path(EXAMPLES[0]).parent / "LICENSES.md").read_text()
    for example in EXAMPLES:
        assert Path(example).name in licences
        with Image.open(example) as picture:
            assert min(picture.size) > 400


# --- what the page answers -------------------------------------------------------------------------------------------


def test_a_drawing_is_opened_steered_and_saved(desk, drawing, tmp_path) -> None:
    work = desk.open(drawing, True)[-SHOWN]
    assert len(list(desk.sample(work, 0))[-1]) == 8
    work, image, caption, palette = desk.choose(work, 8, SimpleNamespace(index=2))
    assert work.asked == {"seed": 10}
    assert image.shape == (48, 64, 3)
    assert caption.startswith("Colors of seed 10.")
    work, *_ = desk.repaint(work, [{**palette[0], "color": "#2f4f9f"}, *palette[1:]])
    layer = np.zeros((48, 64, 4), np.uint8)
    layer[20:24, 15:25] = RED
    work, *_ = desk.obey(work, {"background": None, "layers": [layer], "composite": None})
    work, *_ = desk.shade(work, False)
    assert work.result.image[22, 20].tolist() == list(RED[:3])
    png, psd = desk.save(work, ".png"), desk.save(work, ".psd")
    assert [Path(png).name, Path(psd).name] == ["two rooms-colored.png", "two rooms-colored.psd"]
    assert np.array_equal(read_picture(png), work.result.image)
    layers = PSDImage.open(psd)
    assert layers.size == (64, 48)
    assert np.abs(np.asarray(layers.composite().convert("RGB"), int) - work.result.image).max() <= 1
    work, _, caption, _ = desk.refer(work, png)[1:]
    assert "your reference" in caption


def test_a_bad_file_is_told_by_its_name_and_leaves_an_empty_page(desk, tmp_path) -> None:
    bad = tmp_path / "<b>notes.png"
    bad.write_text("these are notes")
    with pytest.warns(UserWarning, match="is no picture") as told:
        answer = desk.open(str(bad), True)
    message = str(told[0].message)
    assert html.escape("<b>notes.png") in message
    assert "<b>" not in message
    assert str(tmp_path) not in message
    assert answer[0] is None
    assert answer[-SHOWN] is None


def test_a_picture_that_is_too_large_is_told(desk, tmp_path) -> None:
    Image.new("1", (8000, 6000), 1).save(tmp_path / "wall.png")
    with pytest.warns(UserWarning, match="40 MP.*wall.png"):
        assert desk.open(str(tmp_path / "wall.png"), True)[-SHOWN] is None


def test_what_steers_badly_is_told_and_changes_nothing(desk, work, tmp_path) -> None:
    (tmp_path / "notes.png").write_text("these are notes")
    with pytest.warns(UserWarning, match="palette"):
        assert len(desk.repaint(work, [{"color": "blue", "weight": "1"}])) == SHOWN
    with pytest.warns(UserWarning, match="notes"):
        assert desk.refer(work, str(tmp_path / "notes.png"))[0] is None
    with pytest.warns(UserWarning, match="drop it again"):
        desk.shade(None, False)


def test_a_page_without_lines_and_a_page_of_one_pixel_are_shown(desk, tmp_path) -> None:
    for name, size in (("blank.png", (64, 64)), ("dot.png", (1, 1))):
        Image.new("L", size, 255).save(tmp_path / name)
        work, image, *_ = desk.open(str(tmp_path / name), True)[-SHOWN:]
        assert image.shape[1::-1] == size
        assert len(desk.stages(work)) == 7


def test_nothing_of_a_visitor_is_kept_between_calls(desk, work) -> None:
    before = dict(vars(desk))
    desk.choose(work, 0, SimpleNamespace(index=1))
    assert vars(desk) == before
    assert work.asked == {"seed": 0}


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def command(model_folder: Path, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """`salac ui` on a free port, its temporary files below `tmp_path`."""
    (tmp_path / "tmp").mkdir()
    line = [sys.executable, "-m", "salac", "ui", "--port", "0", "--model", str(model_folder)]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_stopped_and_wipes_its_files(command, how, tmp_path) -> None:
    address = command.stdout.readline().split()[0]
    assert address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert b"SALAC" in answer.read()
    with urllib.request.urlopen(f"{address}/theme.css", timeout=60) as answer:
        assert b"@import" not in answer.read()  # of fonts from elsewhere
    assert list((tmp_path / "tmp").glob("salac-ui-*"))
    command.send_signal(how)
    assert command.wait(60) == 0
    assert command.stderr.read() == ""
    assert not list((tmp_path / "tmp").glob("salac-ui-*"))


def test_a_port_that_is_taken_is_told_in_one_line(model_folder, capsys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["ui", "--port", str(port), "--model", str(model_folder)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"127.0.0.1:{port}" in line
    assert "--port" in line


def test_without_the_extra_the_command_says_what_to_install() -> None:
    code = "import sys; sys.modules['gradio'] = None; from salac.cli import main; sys.exit(main(['ui']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == ['salac: gradio is not installed: pip install "salac[ui]"']
