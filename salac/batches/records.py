"""What became of every drawing of a batch: a small JSON file each, from which a later run knows what is done.

Records are written beside the results by whoever made them, before anybody else is told. So nothing is lost with a
worker or with the program that started it, and nothing is made twice.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..image import whole_file
from .jobs import Job

FOLDER = "records"
"""Below the output folder."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """What became of a drawing.

    Attributes:
        path: of the drawing.
        name: of its results below the output folder, without a suffix.
        state: "started" as long as somebody is at it, then "done" or "failed".
        reason: why it failed.
        outputs: its results, below the output folder.
        how: everything that decides what they look like, but the files' content.
        files: size in bytes and time of change in ns of the drawing and of what steers it; None for a file that is
            missing.
        run: which run of a batch made them.
        attempts: how often that run began with them; more than once where a worker died.
        worker: host and process.
        seconds: it took, all results together.
    """

    path: str
    name: str
    state: Literal["started", "done", "failed"] = "started"
    reason: str = ""
    outputs: list[str] = field(default_factory=list)
    how: dict[str, Any] = field(default_factory=dict)
    files: list[list[int] | None] = field(default_factory=list)
    run: str = ""
    attempts: int = 0
    worker: str = ""
    seconds: float = 0.0


def write_record(folder: Path, record: Record) -> None:
    """Write the record of a drawing.

    Raises:
        OutputError: it cannot be written.
    """
    path = _path(folder, record.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(to_json(record).encode())


def read_record(folder: Path, name: str) -> Record | None:
    """Read the record of a drawing; None where there is none that can be read: it is made anew then."""
    try:
        return from_json(_path(folder, name).read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return None


def to_json(record: Record) -> str:
    """A record in one line."""
    return json.dumps(asdict(record))


def from_json(text: str) -> Record:
    """A record of its line.

    Raises:
        TypeError, ValueError: it is none.
    """
    return Record(**json.loads(text))


def files_of(job: Job) -> list[list[int] | None]:
    """Size and time of change of every file that a job's results are made from."""
    found: list[list[int] | None] = []
    for path in job.inputs():
        try:
            status = os.stat(path)
            found.append([status.st_size, status.st_mtime_ns])
        except (OSError, ValueError):
            found.append(None)
    return found


def _path(folder: Path, name: str) -> Path:
    return folder / FOLDER / f"{name}.json"
