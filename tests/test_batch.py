"""`salac batch`: a folder or a manifest on Ray, resumed, with failures, and with a worker killed half-way."""

import gc
import json
import os
import shutil
import signal
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import salac
from salac import Colorizer
from salac.batches.jobs import Job, find_jobs, refusals
from salac.batches.records import Record, read_record, write_record
from salac.batches.run import BatchSummary, _is_done, _start
from salac.batches.worker import ATTEMPTS, Settings, Worker
from salac.cli import main
from salac.errors import InputError, OutputError
from salac.image import read_picture, write_picture

ray = pytest.importorskip("ray")

pytestmark = [
    # Ray sets settings that it has deprecated, and leaves log files open.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def draw(path: Path, wall: int = 30) -> Path:
    """Two rooms on paper, 64 x 48."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sketch = np.full((48, 64), 255, np.uint8)
    sketch[8:40, [10, wall, 54]] = 0
    sketch[[8, 40], 10:55] = 0
    write_picture(path, sketch)
    return path


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Ray as a user may have started it, with two cores: batches use it and leave it running."""
    _start(workers=2)
    yield
    ray.shutdown()
    # Ray ends its processes without asking how they ended; subprocess would complain of that in some later test.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


# --- what there is to do ---------------------------------------------------------------------------------------------


def test_a_folder_keeps_its_tree_and_its_results_are_no_drawings(tmp_path: Path) -> None:
    for name in ("page2.png", "page10.png", "b/page2.jpg", ".hidden/x.png", "out/page2.png"):
        draw(tmp_path / name)
    plain = Job(path="", name="", n=3, seed=5)
    jobs = find_jobs(tmp_path, tmp_path / "out", plain)
    assert [job.name for job in jobs] == ["b/page2", "page2", "page10"]
    assert jobs[0].results(".png") == ["b/page2-0005.png", "b/page2-0006.png", "b/page2-0007.png"]
    assert [job.name for job in find_jobs(str(tmp_path / "*/page2.*"), tmp_path / "out", plain)] == ["page2"]
    with pytest.raises(InputError, match="choose another for the results"):
        find_jobs(tmp_path / "b", tmp_path / "b", plain)


ROWS = [
    {"path": "a.png", "name": "x/first", "seed": 7, "n": 2},
    {"path": "a.png", "name": "second", "palette": ["#f00", "#00f:2"]},
    {"path": "b.png", "reference": "photo.png", "hints": None},
    {"path": "c.png", "palette": "house.gpl"},
    {"path": "c.png", "name": "third"},
]


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_manifest_says_of_each_drawing_what_to_make_of_it(tmp_path: Path, kind: str) -> None:
    (tmp_path / "house.gpl").write_text("GIMP Palette\n#\n255 0 0\tred\n")
    manifest = tmp_path / f"list.{kind}"
    if kind == "jsonl":
        manifest.write_text("\n".join(map(json.dumps, ROWS)) + "\n\n")
    else:
        import pyarrow as pa
        from pyarrow import parquet

        rows = [
            row | {"palette": [row["palette"]] if row.get("palette") == "house.gpl" else row.get("palette")}
            for row in ROWS
        ]
        parquet.write_table(
            pa.Table.from_pylist(
                rows,
                pa.schema(
                    [
                        ("path", pa.string()),
                        ("name", pa.string()),
                        ("seed", pa.int64()),
                        ("n", pa.int32()),
                        ("palette", pa.list_(pa.string())),
                        ("reference", pa.string()),
                        ("hints", pa.string()),
                    ]
                ),
            ),
            manifest,
        )
    jobs = find_jobs(manifest, tmp_path / "out", Job(path="", name="", n=4, palette=None, seed=1))
    a, b, c = (str(tmp_path / f"{name}.png") for name in "abc")
    assert jobs == [
        Job(path=a, name="x/first", seed=7, n=2),
        Job(path=a, name="second", palette=["#f00", "#00f:2"]),
        Job(path=b, name="b", reference=[str(tmp_path / "photo.png")]),
        Job(path=c, name="c", palette=["#ff0000"]),
        Job(path=c, name="third", seed=1, n=4),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "has no rows"),
        ("{", "is damaged"),
        ("[1]", "a line is no object"),
        ('{"path": "a.png"}\n{"name": "b"}', "row 2 .* has no path"),
        ('{"path": "a.png", "pallete": []}', "has 'pallete': leave that out, known are path, name"),
        ('{"path": "a.png", "seed": -1}', "row 1 .*: seed is -1: pass a whole number from 0 up"),
        ('{"path": "a.png", "palette": [1]}', "row 1 .*: palette is"),
        ('{"path": "a.png", "palette": ["f00"], "n": 2}', "row 1 .*: n is 2, but palette"),
        ('{"path": "a\\u0000.png"}', "row 1 .*: path is"),
    ],
)
def test_a_manifest_that_is_not_understood_is_refused_before_any_work(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "list.jsonl").write_text(text)
    with pytest.raises(InputError, match=reason):
        salac.batch(tmp_path / "list.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_replaced_by_mistake(tmp_path: Path) -> None:
    paths = [str(draw(tmp_path / name)) for name in ("page.png", "page.bmp", "out/own.png", "other.png")]
    names = ["page", "PAGE", "own", "../other"]
    jobs = [Job(path=path, name=name) for path, name in zip(paths, names, strict=True)]
    refused = refusals([*jobs, Job(path=paths[3], name="/etc/other")], tmp_path / "out", ".png")
    assert list(refused) == [1, 2, 3, 4]
    for number, reason in ((1, "rename one"), (2, "replace an input"), (3, "outside of"), (4, "outside of")):
        assert reason in refused[number]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"n": 0}, "at least 1"),
        ({"n": 2, "palette": ["#f00"]}, "n takes colors by seed"),
        ({"palette": ["reddish"]}, "no hex color"),
        ({"reference": "missing.png"}, "does not exist"),
        ({"format": "tga"}, "cannot write 'tga'"),
        ({"device": "cuda:1"}, "for Ray to say"),
    ],
)
def test_what_cannot_be_done_is_told_before_any_work(tmp_path: Path, how: dict[str, object], reason: str) -> None:
    draw(tmp_path / "in/page.png")
    with pytest.raises(InputError, match=reason):
        salac.batch(tmp_path / "in", tmp_path / "out", **how)  # type: ignore[arg-type]
    with pytest.raises(OutputError, match="cannot be made"):
        salac.batch(tmp_path / "in", tmp_path / "no/such/folder")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


# --- one worker ------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(model_folder: Path, tmp_path: Path) -> Settings:
    (tmp_path / "out").mkdir()
    return Settings(
        folder=tmp_path / "out",
        run="this",
        model=str(model_folder),
        revision=None,
        weights="",
        device="cpu",
        refine=True,
        suffix=".png",
        max_pixels=10**6,
        overwrite=False,
    )


def test_a_worker_makes_what_the_library_makes_and_makes_it_once(settings: Settings, tmp_path: Path) -> None:
    page, worker = draw(tmp_path / "page.png"), Worker(settings)
    record = worker.work(Job(path=str(page), name="a/page", seed=3, n=2))
    assert (record.state, record.attempts) == ("done", 1)
    assert read_record(settings.folder, "a/page") == record
    for seed, name in zip((3, 4), record.outputs, strict=True):
        np.testing.assert_array_equal(read_picture(settings.folder / name), worker.colorizer(page, seed=seed).image)
    made = [os.stat(settings.folder / name).st_mtime_ns for name in record.outputs]
    assert worker.work(Job(path=str(page), name="a/page", seed=3, n=2)) == record
    assert [os.stat(settings.folder / name).st_mtime_ns for name in record.outputs] == made
    by_palette = worker.work(Job(path=str(page), name="red", palette=["#f00"]))
    expected = worker.colorizer(page, palette=["#f00"]).image
    np.testing.assert_array_equal(read_picture(settings.folder / by_palette.outputs[0]), expected)


def test_what_goes_wrong_with_a_drawing_stays_with_it(settings: Settings, tmp_path: Path) -> None:
    page, worker = str(draw(tmp_path / "page.png")), Worker(settings)
    (tmp_path / "junk.png").write_text("no picture")
    write_picture(settings.folder / "mine.png", np.zeros((2, 2), np.uint8))
    for job, reason in (
        (Job(path=str(tmp_path / "missing.png"), name="missing"), "does not exist"),
        (Job(path=str(tmp_path / "junk.png"), name="junk"), "junk.png"),
        (Job(path=page, name="page", palette=["reddish"]), "no hex color"),
        (Job(path=page, name="mine"), "exists"),
        (Job(path=page, name="x" * 300), ""),
    ):
        record = worker.work(job)
        assert record.state == "failed"
        assert reason in record.reason
    assert read_picture(settings.folder / "mine.png").shape == (2, 2, 3)


def test_a_drawing_that_workers_die_of_is_given_up(settings: Settings, tmp_path: Path) -> None:
    page, worker = str(draw(tmp_path / "page.png")), Worker(settings)
    for attempts, run, state in ((ATTEMPTS - 1, "this", "done"), (ATTEMPTS, "this", "failed"), (9, "earlier", "done")):
        # Killed with a result written already.
        shutil.copy(page, settings.folder / "page.png")
        started = Record(path=page, name="page", outputs=["page.png"], run=run, attempts=attempts)
        write_record(settings.folder, started)
        assert worker.work(Job(path=page, name="page")).state == state


def test_results_of_another_way_are_made_anew_only_with_overwrite(settings: Settings, tmp_path: Path) -> None:
    job = Job(path=str(draw(tmp_path / "page.png")), name="page")
    Worker(settings).work(job)
    summary = BatchSummary()
    assert _is_done(job, settings, summary)
    assert len(summary.skipped) == 1
    for other in (replace(settings, weights="other"), replace(settings, refine=False)):
        with pytest.raises(InputError, match="choose another folder"):
            _is_done(job, other, summary)
        assert not _is_done(job, replace(other, overwrite=True), summary)
    os.utime(job.path, (0, 0))
    assert not _is_done(job, settings, summary)


# --- Ray -------------------------------------------------------------------------------------------------------------


def outputs(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.png")}


def test_a_worker_killed_half_way_loses_nothing(cluster: None, model_folder: Path, tmp_path: Path) -> None:
    for number in range(24):
        draw(tmp_path / "in" / f"{number}.png", wall=20 + number)
    killed: list[Record] = []
    before: dict[str, int] = {}

    def kill(finished: int, total: int, record: Record) -> None:
        if finished == 8:
            before.update(outputs(tmp_path / "out"))
            os.kill(int(record.worker.rpartition(":")[2]), signal.SIGKILL)
            killed.append(record)

    how = {"n": 4, "seed": 3, "model": model_folder}
    summary = salac.batch(tmp_path / "in", tmp_path / "out", workers=2, progress=kill, **how)  # type: ignore[arg-type]
    assert len(killed) == 1
    assert ray.is_initialized()
    assert [len(entries) for entries in (summary.done, summary.skipped, summary.failed)] == [24, 0, 0]
    assert len({record.name for record in summary.done}) == 24
    # What was finished before was not made again.
    done = {name for record in summary.done[:8] for name in record.outputs}
    after = outputs(tmp_path / "out")
    assert {name: before[name] for name in done} == {name: after[name] for name in done}
    assert len(after) == 96
    colorizer = Colorizer.from_pretrained(model_folder)
    for number in (0, 11, 23):
        expected = colorizer(tmp_path / "in" / f"{number}.png", seed=6).image
        np.testing.assert_array_equal(read_picture(tmp_path / "out" / f"{number}-0006.png"), expected)

    # Again: nothing to do. One result gone, one drawing changed: those two.
    assert len(salac.batch(tmp_path / "in", tmp_path / "out", **how).skipped) == 24  # type: ignore[arg-type]
    (tmp_path / "out/5-0004.png").unlink()
    draw(tmp_path / "in/7.png", wall=50)
    summary = salac.batch(tmp_path / "in", tmp_path / "out", **how)  # type: ignore[arg-type]
    assert sorted(record.name for record in summary.done) == ["5", "7"]
    assert len(summary.skipped) == 22


def test_the_command_lists_failures_and_goes_on(
    cluster: None, model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw(tmp_path / "in/page.png"), draw(tmp_path / "in/b/page.png"), draw(tmp_path / "in/page.bmp")
    (tmp_path / "in/junk.png").write_text("no picture")
    line = [
        "batch",
        str(tmp_path / "in"),
        str(tmp_path / "out"),
        "--model",
        str(model_folder),
        "--flats",
        "--workers",
        "1",
    ]
    assert main(line) == 1
    told = capsys.readouterr()
    assert told.out.startswith("2 done, 0 skipped, 2 failed: see ")
    assert len([text for text in told.err.splitlines() if text.startswith("salac: ")]) == 2
    failures = [json.loads(text) for text in (tmp_path / "out/failed.jsonl").read_text().splitlines()]
    assert sorted(Path(entry["path"]).name for entry in failures) == ["junk.png", "page.png"]
    assert all(entry["reason"] for entry in failures)

    # Mended, and run again.
    (tmp_path / "in/page.png").unlink()
    draw(tmp_path / "in/junk.png")
    assert main(line) == 0
    assert capsys.readouterr().out == "1 done, 2 skipped, 0 failed\n"
    assert not (tmp_path / "out/failed.jsonl").exists()

    # Otherwise: refused.
    assert main([*line, "--seed", "2"]) == 1
    assert "made otherwise (of 'b/page': other seed)" in capsys.readouterr().err


def test_a_local_ray_is_for_this_machine_alone(cluster: None) -> None:
    assert [node["NodeManagerAddress"] for node in ray.nodes()] == ["127.0.0.1"]
    assert "RAY_USAGE_STATS_ENABLED" not in os.environ
