"""Building a data set: an interrupted build goes on, and ends with the same files."""

import json
from pathlib import Path

import pytest

pytest.importorskip("skia")
pytest.importorskip("resvg_py")

from salac.errors import InputError
from salac.training import build as building
from salac.training import packs
from salac.training.build import JOURNAL, build
from salac.training.clipart.emoji import EMOJI
from salac.training.journal import Journal


@pytest.fixture
def clipart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set of eleven robots of different colors, and one picture that is left out; packs of two drawings."""
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(packs, "MOST_BYTES", 3 * 4 * 256 * 256)
    monkeypatch.setattr(building, "BLOCK", 4)
    folder = EMOJI["noto"].package.folder()
    folder.mkdir(parents=True)
    robot = (
        '<rect x="20" y="50" width="60" height="60" fill="#c0{0}40"/><circle cx="50" cy="32" r="22" fill="#f0c8a0"/>'
        '<circle cx="42" cy="30" r="4" fill="#4070c0"/><circle cx="58" cy="30" r="4" fill="#4070c0"/>'
        '<rect x="35" y="70" width="30" height="20" fill="#f0d040"/>'
    )
    # One of these names is held out.
    names = [*(f"robot-{word}" for word in "abcdefghij"), "mango", "empty"]
    icons = {name: {"body": robot.format(10 + k)} for k, name in enumerate(names)} | {"empty": {"body": ""}}
    (folder / "icons.json").write_text(json.dumps({"width": 100, "height": 120, "icons": icons}))
    (folder / "metadata.json").write_text(json.dumps({"categories": {"Objects": names}}))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Stop the build when it has drawn so many."""
    add, noted = Journal.add, []

    def stop(journal, line):
        if len(noted) == after:
            raise KeyboardInterrupt
        noted.append(line)
        add(journal, line)

    monkeypatch.setattr(Journal, "add", stop)


def test_an_interrupted_build_goes_on_where_it_stopped(
    clipart: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"figures": 3, "kits": 0, "clipart": ["noto"], "validation": 2, "seed": 3}
    build(tmp_path / "whole", **wanted)
    whole = files(tmp_path / "whole")
    assert {"manifest.json", "train/maps-003.npy", "train/index.jsonl"} <= whole.keys()
    assert JOURNAL not in whole

    data = tmp_path / "data"
    for after in (2, 8):
        with monkeypatch.context() as patch:
            interrupt(patch, after)
            with pytest.raises(KeyboardInterrupt):
                build(data, **wanted)
    kept = {path: path.stat().st_mtime_ns for path in data.rglob("maps-*.npy")}
    assert kept
    # The last line was being written.
    with (data / JOURNAL).open("a") as journal:
        journal.write('{"split": "tr')
    with pytest.raises(InputError, match="seed"):
        build(data, **wanted | {"seed": 4})
    build(data, **wanted)
    assert files(data) == whole
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    with pytest.raises(InputError, match="already"):
        build(data, **wanted)
