"""Data sets on disk: packs, index, manifest; what old and damaged ones do."""

import json
from pathlib import Path

import numpy as np
import pytest

from salac.errors import InputError
from salac.training import packs
from salac.training.build import LABELS, build
from salac.training.dataset import Drawings
from salac.training.packs import Packs, PackWriter, sources_of, verify, write_manifest
from salac.training.portraits import portraits


def entry(source: str = "figures", **more) -> dict:
    facts = {"source": source, "licence": "CC0-1.0", "identity": [], "parts": [0, 2], "roles": [0, 5]}
    return {**facts, "light": "left", "segment_groups": [0, 0, 1], **more}


def square(seed: int) -> np.ndarray:
    """Maps of a drawing: a square of hair, its corner placed by chance."""
    corner = np.random.default_rng(seed).integers(20, 100)
    ink, group, tone, labels = maps = np.empty((4, 256, 256), np.uint8)
    ink[:], group[:], tone[:], labels[:] = 255, 0, 128, 1
    inside = slice(corner, corner + 120), slice(corner, corner + 120)
    ink[inside], group[inside], labels[inside] = 0, 1, 2
    ink[corner + 2 : corner + 118, corner + 2 : corner + 118] = 255
    return maps


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five drawings to train on, in packs of two, and one to judge by."""
    monkeypatch.setattr(packs, "MOST_BYTES", 3 * square(0).nbytes)
    for split, count in (("train", 5), ("validation", 1)):
        writer = PackWriter(tmp_path / "set" / split)
        for seed in range(count):
            writer.add(square(seed), entry("figures" if seed % 2 else "micah", attribution="Somebody, CC0"))
        writer.close()
    write_manifest(tmp_path / "set", {"command": "test"})
    return tmp_path / "set"


def test_packs_read_as_one_array(data: Path) -> None:
    assert sorted(path.name for path in (data / "train").glob("*.npy")) == [f"maps-00{k}.npy" for k in range(3)]
    maps = Packs(data / "train")
    assert maps.shape == (5, 4, 256, 256)
    for k in range(5):
        assert np.array_equal(maps[k], square(k))
    assert np.array_equal(maps[1:4], np.stack([square(k) for k in range(1, 4)]))


def test_a_data_set_of_one_file_is_still_read(data: Path) -> None:
    whole = Packs(data / "train")[0:5]
    for path in (data / "train").glob("maps-*.npy"):
        path.unlink()
    (data / "manifest.json").unlink()
    # Room was allocated for more drawings than were made.
    np.save(data / "train" / "maps.npy", np.concatenate([whole, np.zeros_like(whole)]))
    drawings = Drawings(data, "train")
    assert len(drawings) == 5
    assert np.array_equal(drawings.maps[3], square(3))
    assert drawings.batch(0, 0, 64, 2)[0].sketch.shape[0] % 16 == 0


def test_the_manifest_credits_sources_and_finds_damage(data: Path) -> None:
    rows = sources_of(data)
    assert [(row["source"], row["train"], row["validation"]) for row in rows] == [("figures", 2, 0), ("micah", 3, 1)]
    assert all(row["licence"] == "CC0-1.0" and row["attribution"] for row in rows)
    assert json.loads((data / "manifest.json").read_text())["sources"] == rows
    assert verify(data) == []
    with (data / "train" / "maps-001.npy").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\0")
    (data / "validation" / "index.jsonl").unlink()
    assert [line.split()[0] for line in verify(data)] == ["train/maps-001.npy", "validation/index.jsonl"]


def test_what_cannot_be_learnt_from_is_said(data: Path, tmp_path: Path) -> None:
    train = data / "train"
    with pytest.raises(InputError, match="salac data build"):
        Drawings(tmp_path / "none", "train")
    with pytest.raises(InputError, match="no predicted clusters"):
        Drawings(data, "train", prior="clusters")
    np.save(train / "clusters.npy", np.zeros((4, 128, 128), np.uint8))
    with pytest.raises(InputError, match="4 drawings"):
        Drawings(data, "train", prior="clusters")
    with pytest.raises(InputError, match="no faces"):
        portraits(Drawings(data, "train"))

    index = (train / "index.jsonl").read_text()
    (train / "index.jsonl").write_text(index + json.dumps(entry()) + "\n")
    with pytest.raises(InputError, match="for 6 drawings"):
        Drawings(data, "train")
    (train / "index.jsonl").write_text(index[:-30])
    with pytest.raises(InputError, match="damaged"):
        Drawings(data, "train")
    (train / "index.jsonl").write_text(json.dumps({"source": "figures"}))
    with pytest.raises(InputError, match="another version"):
        Drawings(data, "train")
    (train / "index.jsonl").write_text(json.dumps(entry(light=None)))
    with pytest.raises(InputError, match="shaded"):
        Drawings(data, "train", lit=True)
    (train / "index.jsonl").write_text("")
    with pytest.raises(InputError, match="no drawings"):
        Drawings(data, "train")
    PackWriter(data / "validation").close()
    with pytest.raises(InputError, match="some to judge by"):
        Drawings(data, "validation")
    (train / "index.jsonl").write_text(index)
    (train / "maps-000.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(InputError, match="no readable drawings"):
        Drawings(data, "train")


def test_an_interrupted_data_set_is_made_anew_and_a_whole_one_kept(data: Path) -> None:
    with pytest.raises(InputError, match="already"):
        build(data, figures=1, kits=0)
    with pytest.raises(InputError, match="no drawing is asked for"):
        build(data / "other", figures=0, kits=0)
    PackWriter(data / "validation")
    assert list((data / "validation").iterdir()) == []


def test_lit_drawings_are_mirrored_towards_the_left(data: Path) -> None:
    entries = [entry(light=side) for side in ("left", "right", None, "left", "right")]
    (data / "train" / "index.jsonl").write_text("".join(json.dumps(e) + "\n" for e in entries))
    drawings = Drawings(data, "train", lit=True)
    assert sorted(drawings.pools["figures"]) == [0, 1, 3, 4]
    rng = np.random.default_rng(0)
    assert np.array_equal(drawings.example(1, rng, (256, 256)).labels, square(1)[LABELS][:, ::-1])
    assert np.array_equal(drawings.example(0, rng, (256, 256)).labels, square(0)[LABELS])


def test_clip_art_of_every_set_is_drawn_as_often_as_its_kind_and_never_lit(data: Path) -> None:
    entries = [entry(source) for source in ("figures", "clipart", "clipart:noto", "micah", "figures")]
    (data / "train" / "index.jsonl").write_text("".join(json.dumps(e) + "\n" for e in entries))
    pools = Drawings(data, "train").pools
    assert {kind: pool.tolist() for kind, pool in pools.items()} == {"figures": [0, 4], "kits": [3], "clipart": [1, 2]}
    assert set(Drawings(data, "train", lit=True).pools) == {"figures", "kits"}


def test_nets_get_ink_sampled_finer_than_their_own_size(data: Path) -> None:
    # A line 2 px wide of 256 is a grey line at 144 px, not one with pixels missing.
    sketch = Drawings(data, "train").example(0, np.random.default_rng(0), (144, 144)).sketch
    dark = (sketch < 0.9).sum(1)
    assert np.count_nonzero(dark) >= 66
    assert dark[dark > 0].min() >= 2
