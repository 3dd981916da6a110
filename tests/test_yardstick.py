"""Pictures to judge by: written with their licences, read back, and kept away from training."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from salac.errors import InputError
from salac.image import write_picture
from salac.training import yardstick
from salac.training.build import YARDSTICK_KITS
from salac.training.kits import KITS, comicgen
from salac.training.prepare import Manner, prepare_folder
from salac.training.sidecars import Wanted
from salac.training.yardstick import make_yardstick, read_yardstick
from salac.training.yardstick_sources import COMICGEN_TWINS, SOURCES, _sprites


@pytest.fixture
def sprites(tmp_path: Path) -> Path:
    """Two figures on transparent ground, and what lies beside them in a game."""
    folder = tmp_path / "game" / "images"
    folder.mkdir(parents=True)
    for k in range(2):
        sprite = np.zeros((260, 220, 4), np.uint8)
        sprite[40:220, 50:170] = (200, 60 + 60 * k, 60, 255)
        sprite[100:160, 80:140] = (60, 60, 160, 255)
        write_picture(folder / f"eva happy{k}.png", sprite)
    write_picture(folder / "eva scene.png", np.full((300, 300, 4), 255, np.uint8))
    write_picture(folder / "eva icon.png", np.zeros((32, 32, 4), np.uint8))
    return tmp_path / "game"


@pytest.fixture
def folder(sprites: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    archive = replace(SOURCES["thequestion"].archive, name="game", room=".")
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path))
    local = replace(SOURCES["thequestion"], archive=archive, draw=_sprites("eva", "eva *.png"))
    monkeypatch.setattr(yardstick, "SOURCES", {"eva": local})
    make_yardstick(tmp_path / "yardstick")
    return tmp_path / "yardstick"


def test_a_yardstick_is_written_and_read(folder: Path) -> None:
    pairs = read_yardstick(folder)
    assert [pair.name for pair in pairs] == ["eva-eva-happy0", "eva-eva-happy1"]
    for pair in pairs:
        assert pair.sketch.shape == pair.mask.shape == pair.picture.shape[:2]
        assert pair.mask.sum() == 180 * 120
        # The line runs around the figure and the patch on it, and nowhere on bare paper.
        assert (pair.sketch < 128).mean() > 0.01
        assert (pair.picture[~pair.mask] == 255).all()
    facts = json.loads((folder / "yardstick.json").read_text())["sources"]["eva"]
    assert facts["licence"] == "MIT"
    assert "Deji" in (folder / "LICENSES.md").read_text()
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.png")}
    make_yardstick(folder)
    assert before == {path: path.stat().st_mtime_ns for path in folder.glob("*.png")}


def test_a_yardstick_is_never_trained_on(folder: Path, tmp_path: Path) -> None:
    for inside in (folder, folder.parent):
        with pytest.raises(InputError, match="must not be trained on"):
            prepare_folder(inside, tmp_path / "data", wanted=Wanted(), manner=Manner(super_resolution=False))
    kit_files = comicgen._PACKAGE.wanted
    for character in (*COMICGEN_TWINS, *COMICGEN_TWINS.values()):
        assert not any(f"svg/{character}/".startswith(wanted) for wanted in kit_files)
    assert not (SOURCES.keys() - {"comicgen"}) & KITS.keys()
    assert set(YARDSTICK_KITS) <= KITS.keys()


def test_every_source_is_pinned_and_credited() -> None:
    for source in SOURCES.values():
        assert source.licence
        assert source.attribution
        assert source.archive.digest.startswith(("sha256:", "sha512:"))
        assert source.archive.room == "yardstick"


def test_other_folders_are_left_alone(sprites: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no yardstick"):
        read_yardstick(tmp_path)
    with pytest.raises(InputError, match="holds other things"):
        make_yardstick(sprites)
    with pytest.raises(InputError, match="no source 'picasso'"):
        make_yardstick(tmp_path / "new", ["picasso"])
