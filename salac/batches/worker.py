"""One worker of a batch: it holds a model and makes the results of one drawing after another."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ..colorizer import Colorizer
from ..errors import SalacError
from ..steering import given_histogram
from ..types import Colorization
from .jobs import Job
from .records import Record, files_of, read_record, write_record

ATTEMPTS = 3
"""A drawing that so many workers died of is given up: it would take the next one along."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What all drawings of a batch have in common.

    Attributes:
        folder: for results and records, absolute.
        run: tells this run from earlier ones.
        model: as `Colorizer.from_pretrained` takes it.
        revision: its commit, where it comes from the Hub.
        weights: sha256 over its files.
        device: where to run.
        refine: whether to shade.
        suffix: of the results' files.
        max_pixels: refuse larger drawings.
        overwrite: whether files that no record speaks of may be replaced.
    """

    folder: Path
    run: str
    model: str
    revision: str | None
    weights: str
    device: str | None
    refine: bool
    suffix: str
    max_pixels: int
    overwrite: bool

    def how(self, job: Job) -> dict[str, Any]:
        """Everything that decides what a job's results look like, but the files' content."""
        asked = {key: value for key, value in asdict(job).items() if key not in ("path", "name")}
        return asked | {"refine": self.refine, "suffix": self.suffix, "weights": self.weights}


class Worker:
    """Makes results, and the record of each drawing once its results are whole."""

    def __init__(self, settings: Settings):
        """Load the model.

        Raises:
            SalacError: it cannot be had, or this machine has no such device.
        """
        self.settings = settings
        self.colorizer = Colorizer.from_pretrained(settings.model, revision=settings.revision, device=settings.device)
        self.histogram = lru_cache(maxsize=64)(_histogram)

    def work(self, job: Job) -> Record:
        """Make the results of a drawing and tell what became of it; nothing that goes wrong with it is raised."""
        settings, folder = self.settings, self.settings.folder
        before = read_record(folder, job.name)
        attempts = 0
        if before is not None and before.run == settings.run:
            if before.state != "started":
                return before  # a worker died before it could tell
            attempts = before.attempts
        record = Record(
            path=job.path,
            name=job.name,
            outputs=job.results(settings.suffix),
            how=settings.how(job),
            files=files_of(job),
            run=settings.run,
            attempts=attempts + 1,
            worker=f"{socket.gethostname()}:{os.getpid()}",
        )
        start = time.perf_counter()
        try:
            if record.attempts > ATTEMPTS:
                raise SalacError(f"{ATTEMPTS} workers died of it: it may be too large for this machine's memory")
            write_record(folder, record)
            ours = before.outputs if before else []
            for output, result in zip(record.outputs, self._results(job), strict=True):
                target = folder / output
                target.parent.mkdir(parents=True, exist_ok=True)
                result.save(target, overwrite=settings.overwrite or output in ours)
            record = replace(record, state="done", seconds=round(time.perf_counter() - start, 3))
            write_record(folder, record)
        except Exception as error:  # one drawing must not end the run, whatever is the matter with it
            told = str(error) if isinstance(error, SalacError) else f"{type(error).__name__}: {error}"
            record = replace(record, state="failed", reason=" ".join(told.split()))
            with suppress(OSError):  # the disk may be what is full
                write_record(folder, record)
        return record

    def _results(self, job: Job) -> Iterator[Colorization]:
        how: dict[str, Any] = {
            "hints": job.hints,
            "refine": self.settings.refine,
            "max_pixels": self.settings.max_pixels,
            "seed": job.seed,
        }
        if job.palette or job.reference:
            histogram = self.histogram(tuple(job.palette or ()), tuple(job.reference or ()))
            return iter([self.colorizer(job.path, histogram=histogram, **how)])
        return self.colorizer.variations(job.path, job.n, **how)


def _histogram(palette: tuple[str, ...], reference: tuple[str, ...]) -> npt.NDArray[np.float32] | None:
    return given_histogram(None, list(reference) or None, list(palette) or None)
