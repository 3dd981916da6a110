"""`salac.batch`: drawings by the thousand on Ray Data, on one machine or a cluster.

Ray Data hands out the jobs, starts the workers, and hands out again what a worker held that died. Everything else is
in files: workers read drawings and write results and records themselves, so that a cluster needs one file system that
all of its machines see.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..errors import InputError, MissingExtraError, OutputError, SalacError
from ..image import LAYERED, MAX_PIXELS, WRITERS
from ..palette_files import WRITTEN, read_palette
from ..steering import given_histogram
from ..zoo.hub import BUNDLED, ModelSource
from .jobs import Job, find_jobs, refusals
from .records import Record, files_of, from_json, read_record, to_json
from .worker import Settings, Worker

FAILURES = "failed.jsonl"
"""In the output folder, where something failed."""

OBJECT_STORE = 200_000_000
"""Bytes: what Ray's own store takes of the memory of this machine; only names go through it."""
BLOCKS = 1000
"""At most so many portions are handed out: a longer list gives each several drawings."""


@dataclass(frozen=True)
class BatchSummary:
    """What became of a batch.

    Attributes:
        done: drawings whose results were made now.
        skipped: drawings whose results were there, made of the same file in the same way.
        failed: drawings without results, and why; also in failed.jsonl.
    """

    done: list[Record] = field(default_factory=list)
    skipped: list[Record] = field(default_factory=list)
    failed: list[Record] = field(default_factory=list)


def batch(
    source: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    n: int = 1,
    seed: int = 0,
    palette: list[str] | str | os.PathLike[str] | None = None,
    reference: list[str | os.PathLike[str]] | str | os.PathLike[str] | None = None,
    refine: bool = True,
    format: str = ".png",  # noqa: A002
    model: str | os.PathLike[str] = BUNDLED,
    device: str | None = None,
    address: str | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    max_pixels: int = MAX_PIXELS,
    progress: Callable[[int, int, Record], None] | None = None,
) -> BatchSummary:
    """Color any number of drawings, by several workers at once, on this machine or a Ray cluster.

    Every drawing leaves a record in `folder/records` once its results are whole. A run that was cut short is taken up
    by the same call: what is done is skipped, what failed is tried again, and a drawing that has changed since is made
    anew.

    Args:
        source: a folder, its folders included; a pattern; or a manifest, .jsonl or .parquet, with a row for each
            drawing (see docs/batch.md).
        folder: for the results, made where its parent exists; it keeps the tree of the source.
        n: results of each drawing, those of seeds `seed`, `seed + 1`, ...
        seed: of the first.
        palette: hex colors, or a palette file, in place of seeds.
        reference: a picture's path, or several, in place of seeds.
        refine: whether to shade; False leaves flat colors under the line.
        format: of the results: ".png", ".webp", ".psd", ...
        model: as `Colorizer.from_pretrained` takes it.
        device: "cuda" for a worker on each graphics card, "cpu" for one on each core; None takes cards where there
            are any.
        address: of a Ray cluster, "host:6379", or "auto" on one of its machines. Without it, and without RAY_ADDRESS in
            the environment, Ray is started for this call and ended with it. Where Ray runs in this process already,
            that is used, and left running.
        workers: how many; each takes one core, or its share of the cards.
        overwrite: whether results that were made otherwise, and files of other origin, may be replaced.
        max_pixels: refuse larger drawings.
        progress: called as soon as a drawing is finished, with how many are, of how many, and its record.

    Raises:
        InputError: there is nothing to do, what steers the colors cannot be used, the folder holds results that were
            made otherwise, or no cluster answers.
        ModelError: the model cannot be had.
        OutputError: there is no place for the results.
        MissingExtraError: Ray is not installed.
        SalacError: Ray gave up; what was finished is kept.
    """
    suffix = format if format.startswith(".") else f".{format}"
    colors = _colors(seed, n, palette, reference)
    if suffix not in (*WRITERS, *LAYERED, *WRITTEN):
        raise InputError(f"cannot write {format!r}: choose one of {', '.join((*WRITERS, *LAYERED, *WRITTEN))}")
    if device not in (None, "cpu", "cuda"):
        raise InputError(f"device is {device!r}: pass 'cpu' or 'cuda'; which card a worker gets is for Ray to say")
    files = ModelSource(os.fspath(model))
    weights = hashlib.sha256("".join(facts.sha256 for _, facts in sorted(files.manifest.items())).encode())
    target = Path(os.path.abspath(folder))
    settings = Settings(
        folder=target,
        run=secrets.token_hex(8),
        model=os.path.abspath(model) if files.folder == Path(model) else os.fspath(model),
        revision=files.revision if files.folder is None else None,
        weights=weights.hexdigest(),
        device=device,
        refine=refine,
        suffix=suffix,
        max_pixels=max_pixels,
        overwrite=overwrite,
    )
    jobs = find_jobs(source, target, colors)
    refused = refusals(jobs, target, suffix)
    summary = BatchSummary()
    todo = [job for number, job in enumerate(jobs) if number not in refused and not _is_done(job, settings, summary)]
    try:
        target.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"folder {str(target)!r} cannot be made ({error.strerror}): choose another") from None
    (target / FAILURES).unlink(missing_ok=True)

    def finish(record: Record) -> None:
        (summary.done if record.state == "done" else summary.failed).append(record)
        if record.state == "failed":
            with open(target / FAILURES, "a", encoding="utf-8") as file:
                file.write(json.dumps({"path": record.path, "name": record.name, "reason": record.reason}) + "\n")
        if progress:
            progress(sum(map(len, (summary.done, summary.skipped, summary.failed))), len(jobs), record)

    for number, reason in refused.items():
        finish(Record(path=jobs[number].path, name=jobs[number].name, state="failed", reason=reason))
    if todo:
        missing = {job.name: job for job in todo}
        with _ray(address, workers):
            for record in _outcomes(todo, settings, workers):
                if missing.pop(record.name, None):
                    finish(record)
        for job in missing.values():
            finish(Record(path=job.path, name=job.name, state="failed", reason="no worker told of it: run again"))
    return summary


def _colors(seed: int, n: int, palette: Any, reference: Any) -> Job:
    """What is asked for wherever a manifest says nothing else, tried out before any work."""
    if n < 1 or seed < 0:
        raise InputError(f"n is {n} and seed {seed}: pass at least 1, and at least 0")
    if isinstance(palette, str | os.PathLike):
        palette = read_palette(palette)
    if isinstance(reference, str | os.PathLike):
        reference = [reference]
    if given_histogram(None, reference, palette) is not None and n > 1:
        raise InputError("n takes colors by seed, reference and palette give them: leave one out")
    pictures = [os.path.abspath(picture) for picture in reference] if reference else None
    return Job(path="", name="", seed=seed, n=n, palette=palette, reference=pictures)


def _is_done(job: Job, settings: Settings, summary: BatchSummary) -> bool:
    """Whether a job's results are there; they are counted as skipped then.

    Raises:
        InputError: results are there that were made otherwise, and may not be replaced.
    """
    record = read_record(settings.folder, job.name)
    if record is None or record.state != "done":
        return False
    if not all(os.path.exists(settings.folder / name) for name in record.outputs):
        return False
    how = settings.how(job)
    if record.how == how:
        if record.files == files_of(job):
            summary.skipped.append(record)
            return True
    elif not settings.overwrite:
        other = ", ".join(key for key in how if record.how.get(key) != how[key])
        raise InputError(
            f"{str(settings.folder)!r} holds results made otherwise (of {job.name!r}: other {other}): choose another "
            "folder, or pass overwrite=True to make them anew"
        )
    return False


# --- Ray -------------------------------------------------------------------------------------------------------------


class _Actor(Worker):
    """A worker in a process of its own, that keeps to its core."""

    def __init__(self, settings: Settings):
        import cv2
        import torch

        cv2.setNumThreads(1)
        torch.set_num_threads(1)
        super().__init__(settings)

    def __call__(self, row: dict[str, str]) -> dict[str, str]:
        return {"record": to_json(self.work(Job(**json.loads(row["job"]))))}


def _outcomes(jobs: list[Job], settings: Settings, workers: int | None) -> Iterator[Record]:
    """Have the jobs done; records come in the order in which drawings are finished."""
    import ray
    from ray.exceptions import RayError

    resources = ray.cluster_resources()
    cards = int(resources.get("GPU", 0))
    on_cards = settings.device == "cuda" or (settings.device is None and cards > 0)
    if on_cards and not cards:
        raise InputError("device 'cuda' cannot be used: Ray sees no graphics card; pass 'cpu', or none at all")
    count = min(workers or (cards if on_cards else int(resources.get("CPU", 1))), len(jobs))
    context = ray.data.DataContext.get_current().copy()
    context.enable_progress_bars = context.print_on_execution_start = False
    # Jobs travel as text: columns of lists, numbers and nothing would have to be of one type each.
    rows = [{"job": json.dumps(asdict(job))} for job in jobs]
    try:
        with ray.data.DataContext.current(context):
            # Two drawings wait at each worker, no more: at the end none should sit idle while another has a queue.
            pool = ray.data.ActorPoolStrategy(size=count, max_tasks_in_flight_per_actor=2)
            share = min(1.0, cards / count) if on_cards else 0
            handed_out = ray.data.from_items(rows, override_num_blocks=min(len(rows), BLOCKS))
            results = handed_out.map(
                _Actor, fn_constructor_args=(settings,), compute=pool, num_cpus=1, num_gpus=share or None
            )
            for row in results.iter_rows():
                yield from_json(row["record"])
    except RayError as error:
        reason = str(error).strip().splitlines()[-1]
        raise SalacError(f"Ray gave up ({reason}): what was finished is kept, run again to go on") from error


@contextmanager
def _ray(address: str | None, workers: int | None) -> Iterator[None]:
    """Use the Ray of this process, or else that of a cluster, or else one that ends with this."""
    try:
        import ray
        import ray.data
    except ModuleNotFoundError as error:
        raise MissingExtraError(f'{error.name} is not installed: pip install "salac[ray]"') from error
    # It tells what is raised as well, with the traces of every process.
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    if ray.is_initialized():
        if address:
            raise InputError(f"Ray runs in this process already: leave out address {address!r}")
        yield
        return
    address = address or os.environ.get("RAY_ADDRESS")
    if address:
        try:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise InputError(f"no Ray cluster answers at {address!r} ({error}): check it with `ray status`") from error
    else:
        _start(workers)
    try:
        yield
    finally:
        ray.shutdown()


def _start(workers: int | None) -> None:
    """Start Ray on this machine, for this machine alone: on loopback, without a dashboard, and without telling anybody.

    Ray has no switch for loopback. It has one for the systems on which it would raise the firewall's questions, and
    reads that when it is imported.
    """
    import ray
    from ray._private import ray_constants

    settings = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal"}
    before = {name: os.environ.get(name) for name in settings}
    clustered = ray_constants.ENABLE_RAY_CLUSTER
    os.environ.update(settings)
    ray_constants.ENABLE_RAY_CLUSTER = False
    try:
        ray.init(
            address="local",
            num_cpus=workers,
            include_dashboard=False,
            object_store_memory=OBJECT_STORE,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    finally:
        ray_constants.ENABLE_RAY_CLUSTER = clustered
        for name, value in before.items():
            with suppress(KeyError):
                del os.environ[name]
            if value is not None:
                os.environ[name] = value
