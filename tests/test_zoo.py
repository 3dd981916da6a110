"""Models in folders: saved, loaded, described and published; what a damaged one is answered with."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hub_server import TOKEN, Hub, running_hub

import salac
from salac.cli import main
from salac.errors import ModelError, OutputError
from salac.stages import ColorCategories, ColorProposal, Refiner, StyleClusters
from salac.zoo import registry
from salac.zoo.hub import ModelSource
from salac.zoo.manifest import read_manifest

STAGES = {
    StyleClusters: {"style-clusters-7.safetensors", "style-clusters-9.safetensors"},
    ColorCategories: {"color-categories.safetensors"},
    ColorProposal: {"color-proposal.safetensors"},
    Refiner: {"refiner.safetensors"},
}
DESCRIPTIONS = {"manifest.json", "config.json", "README.md"}
SKETCH = np.full((48, 64), 255, np.uint8)
SKETCH[[8, 40], 10:55] = SKETCH[8:40, [10, 30, 54]] = 0


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with running_hub() as server:
        yield server


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_saved_model_is_the_model(model_folder: Path, tmp_path: Path) -> None:
    first = salac.Colorizer.from_pretrained(model_folder)
    first.save_pretrained(tmp_path / "copy")
    assert names(tmp_path / "copy") == set().union(*STAGES.values()) | {"histograms.safetensors"} | DESCRIPTIONS
    second = salac.Colorizer.from_pretrained(tmp_path / "copy")
    np.testing.assert_array_equal(first(SKETCH, seed=2).image, second(SKETCH, seed=2).image)
    card = (tmp_path / "copy" / "README.md").read_text()
    assert card.startswith("---\nlicense: apache-2.0\nlibrary_name: salac\n")
    digest = read_manifest(tmp_path / "copy" / "manifest.json").files["refiner.safetensors"].sha256
    assert digest in card
    config = json.loads((tmp_path / "copy" / "config.json").read_text())
    assert config["files"]["refiner.safetensors"]["config"]["size"] == 64


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
def test_a_saved_stage_is_its_files_alone(stage, model_folder: Path, tmp_path: Path) -> None:
    stage.from_pretrained(model_folder).save_pretrained(tmp_path / "part", licence="CC0-1.0")
    assert names(tmp_path / "part") == STAGES[stage] | DESCRIPTIONS
    assert ModelSource(tmp_path / "part").licence == "CC0-1.0"
    stage.from_pretrained(tmp_path / "part")
    with pytest.raises(ModelError, match="has no "):
        salac.Colorizer.from_pretrained(tmp_path / "part")


def test_a_stage_can_be_put_into_a_whole_model(model_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    salac.Colorizer.from_pretrained(model_folder).save_pretrained(folder)
    (folder / "README.md").write_text("my own words")
    Refiner.from_pretrained(model_folder).save_pretrained(folder)
    assert (folder / "README.md").read_text() == "my own words"
    salac.Colorizer.from_pretrained(folder)


def test_a_full_disk_leaves_the_old_model(model_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    salac.Colorizer.from_pretrained(model_folder).save_pretrained(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code = f"""
import resource, signal, salac
from salac.errors import OutputError
colorizer = salac.Colorizer.from_pretrained({str(model_folder)!r}, device="cpu")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))
try:
    colorizer.save_pretrained({str(folder)!r})
except OutputError as error:
    print(error)
"""
    path = os.pathsep.join([str(Path(salac.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot be written (File too large): choose another" in done.stdout
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_told(model_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "no" / "parent"):
        with pytest.raises(OutputError, match="cannot be written"):
            Refiner.from_pretrained(model_folder).save_pretrained(folder)


FACTS = {"size": 1, "sha256": "0" * 64}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<html>",
        "[]",
        "null",
        "[" * 100_000,
        "\x00",
        json.dumps({"format_version": 2, "licence": "x", "files": {"a.safetensors": FACTS}}),
        json.dumps({"format_version": 1, "licence": "x", "files": []}),
        json.dumps({"format_version": 1, "licence": "x", "files": {}}),
        json.dumps({"format_version": 1, "licence": "x", "files": 7}),
        json.dumps({"format_version": 1, "files": {"a.safetensors": FACTS}}),
        json.dumps({"format_version": 1, "licence": 3, "files": {"a.safetensors": FACTS}}),
        json.dumps({"format_version": 1, "licence": "x", "files": {"a.safetensors": {"size": 1}}}),
        json.dumps({"format_version": 1, "licence": "x", "files": {"a.safetensors": None}}),
        json.dumps({"format_version": 1, "licence": "x", "files": {"a.safetensors": FACTS | {"size": "1"}}}),
        json.dumps({"format_version": 1, "licence": "x", "files": {"a.safetensors": FACTS | {"size": -1}}}),
        json.dumps({"format_version": 1, "licence": "x", "files": {"a.safetensors": FACTS | {"sha256": "no"}}}),
        json.dumps({"format_version": 1, "licence": "x", "files": {"model.pt": FACTS}}),
    ],
    ids=range(18),
)
def test_a_malformed_manifest_is_one_clear_line(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ModelError, match="is no model manifest") as caught:
        salac.Colorizer.from_pretrained(tmp_path)
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "name", ["", "nothing", "a/b/c", "org/name@", "@main", "../../etc", "org/na me", "org/..", "a" * 300 + "/b", "\0/b"]
)
def test_names_that_are_none(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError) as caught:
        Refiner.from_pretrained(name)
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_has_no_revisions(model_folder: Path) -> None:
    with pytest.raises(ModelError, match="has no revisions"):
        Refiner.from_pretrained(model_folder, revision="main")
    with pytest.raises(ModelError, match="has no revisions"):
        Refiner.from_pretrained(revision="main")


def test_the_registry_tells_when_it_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "REGISTRY", tmp_path / "registry.json")
    pinned = {"repo": "a/b", "revision": "main", "licence": "x", "files": {"a.safetensors": FACTS}}
    for content in ("", "{}", json.dumps({"models": {"a": pinned}}), json.dumps({"models": {"a": {}}})):
        registry.REGISTRY.write_text(content)
        with pytest.raises(ModelError, match="is damaged"):
            registry.registry()
    registry.REGISTRY.write_text(json.dumps({"models": {"a": pinned | {"revision": "0" * 40}}}))
    assert registry.registry()["a"].repo == "a/b"


def test_the_registry_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    entry = {"repo": "a/b", "revision": "0" * 40, "licence": "MIT", "files": {"a.safetensors": FACTS}}
    (tmp_path / "registry.json").write_text(json.dumps({"models": {"inks": entry}}))
    monkeypatch.setattr(registry, "REGISTRY", tmp_path / "registry.json")
    assert main(["models", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"inks  1 files, 0.0 MB, MIT, a/b@{'0' * 40}"


# --- publishing ------------------------------------------------------------------------------------------------------


def run(hub: Hub, home: Path, *command: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    path = os.pathsep.join([str(Path(salac.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    own = {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1", "PYTHONPATH": path}
    return subprocess.run(
        [sys.executable, *map(str, command)], env=kept | own | environment, capture_output=True, text=True
    )


def test_publishing_is_rehearsed_then_done_in_one_commit(hub: Hub, model_folder: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "model", tmp_path / "home"
    salac.Colorizer.from_pretrained(model_folder).save_pretrained(folder)
    (folder / "secret.txt").write_text("a token")
    (folder / "checkpoint.pt").write_text("a pickle")
    publish = ("-m", "salac", "models", "publish", folder, "studio/new")

    rehearsed = run(hub, home, *publish)
    assert rehearsed.returncode == 0
    assert "nothing is sent to studio/new yet: pass --push" in rehearsed.stdout
    assert "secret" not in rehearsed.stdout
    assert hub.repos == {}

    assert run(hub, home, *publish, "--push", HF_TOKEN="hf_wrong").returncode == 1
    pushed = run(hub, home, *publish, "--push", HF_TOKEN=TOKEN)
    assert pushed.returncode == 0, pushed.stderr
    repo = hub.repos["studio/new"]
    commit = repo.refs["main"]
    assert len(repo.commits) == 2  # the one that makes the repository, and ours
    sent = {name: data for name, data in repo.commits[commit].items() if name != ".gitattributes"}
    assert sent == {name: (folder / name).read_bytes() for name in names(folder) - {"secret.txt", "checkpoint.pt"}}
    entry = json.loads(pushed.stdout[pushed.stdout.index("{\n") :])
    assert (entry["repo"], entry["revision"], entry["licence"]) == ("studio/new", commit, "Apache-2.0")

    fetched = run(hub, home, "-m", "salac", "models", "download", f"studio/new@{commit}")
    assert [Path(line).name for line in fetched.stdout.splitlines()] == sorted(entry["files"])
    verified = run(hub, home, "-m", "salac", "models", "verify", "studio/new")
    assert verified.stdout.count("as in the manifest") == 6


def test_a_stage_pushed_to_a_branch_comes_back(hub: Hub, model_folder: Path, tmp_path: Path) -> None:
    code = f"""
from salac.stages import Refiner
refiner = Refiner.from_pretrained({str(model_folder)!r}, device="cpu")
commit = refiner.push_to_hub("studio/refiner", private=True, revision="next", token={TOKEN!r})
again = Refiner.from_pretrained("studio/refiner@next", device="cpu", token={TOKEN!r})
print(commit, all((a == b).all() for a, b in zip(*(r.net.module.parameters() for r in (refiner, again)), strict=True)))
"""
    done = run(hub, tmp_path / "home", "-c", code)
    repo = hub.repos["studio/refiner"]
    assert done.stdout.split() == [repo.refs["next"], "True"], done.stderr
    assert repo.private
    assert repo.refs["main"] != repo.refs["next"]


def test_a_damaged_model_is_not_published(hub: Hub, model_folder: Path, tmp_path: Path, capsys) -> None:
    Refiner.from_pretrained(model_folder).save_pretrained(tmp_path / "model")
    (tmp_path / "model" / "refiner.safetensors").write_bytes(b"nothing")
    assert main(["models", "publish", str(tmp_path / "model"), "studio/damaged", "--push"]) == 1
    assert "is damaged, it has 7 bytes" in capsys.readouterr().err
    assert "studio/damaged" not in hub.repos
