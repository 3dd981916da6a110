"""What a batch has to do: a job for each drawing, from a folder or a manifest."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any

from ..errors import InputError
from ..image import find_pictures
from ..palette_files import KINDS, read_palette

MANIFESTS = (".jsonl", ".parquet")
"""Suffixes of manifests."""
COLUMNS = ("path", "name", "seed", "n", "palette", "reference", "hints")
_COLORS = ("seed", "palette", "reference")
"""Columns that say where colors come from: one of them in a row puts the whole batch's choice aside."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One drawing, and what to make of it.

    Attributes:
        path: of the drawing, absolute.
        name: of its results below the output folder, without a suffix: "chapter-1/page-03".
        seed: of the first result.
        n: results, those of seeds `seed`, `seed + 1`, ...
        palette: hex colors in place of seeds.
        reference: pictures whose colors to take in place of seeds.
        hints: a layer of scribbles over the drawing.
    """

    path: str
    name: str
    seed: int = 0
    n: int = 1
    palette: list[str] | None = None
    reference: list[str] | None = None
    hints: str | None = None

    def results(self, suffix: str) -> list[str]:
        """Names of its results below the output folder, as `salac colorize` gives them."""
        if self.n == 1:
            return [self.name + suffix]
        return [f"{self.name}-{seed:04}{suffix}" for seed in range(self.seed, self.seed + self.n)]

    def inputs(self) -> list[str]:
        """Every file that its results are made from."""
        return [self.path, *(self.reference or ()), *([self.hints] if self.hints else ())]


def find_jobs(source: str | os.PathLike[str], folder: Path, colors: Job) -> list[Job]:
    """List the jobs of a batch.

    Args:
        source: a folder, its folders included, whose tree the names keep; a pattern; a picture; or a manifest.
        folder: for the results; what lies in it is no drawing.
        colors: a job whose colors are taken wherever a manifest says nothing else.

    Raises:
        InputError: there is nothing to do, or the manifest cannot be read or says what is not understood.
    """
    entry = os.fspath(source)
    if entry.lower().endswith(MANIFESTS):
        return list(_listed(Path(entry), colors))
    results = Path(os.path.realpath(folder))
    pictures = [Path(os.path.abspath(picture)) for picture in find_pictures(entry, recursive=True)]
    pictures = [picture for picture in pictures if results not in Path(os.path.realpath(picture)).parents]
    if not pictures:
        raise InputError(f"{entry!r} holds no picture outside of {str(folder)!r}: choose another for the results")
    root = os.path.abspath(entry) if os.path.isdir(entry) else os.path.commonpath([p.parent for p in pictures])
    return [
        replace(colors, path=str(picture), name=str(picture.relative_to(root).with_suffix(""))) for picture in pictures
    ]


def _listed(manifest: Path, colors: Job) -> Iterator[Job]:
    for number, row in enumerate(_rows(manifest), 1):
        try:
            yield _job({key: value for key, value in row.items() if value is not None}, manifest.parent, colors)
        except InputError as error:
            raise InputError(f"row {number} of {str(manifest)!r}: {error}") from None


def _rows(manifest: Path) -> list[dict[str, Any]]:
    try:
        if manifest.suffix.lower() == ".parquet":
            from pyarrow import parquet

            rows: list[dict[str, Any]] = parquet.read_table(manifest).to_pylist()
        else:
            rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines() if line.strip()]
            if not all(isinstance(row, dict) for row in rows):
                raise ValueError("a line is no object")
    except OSError as error:
        raise InputError(f"manifest {str(manifest)!r} cannot be read ({error.strerror or error})") from None
    except ValueError as error:  # pyarrow's own among them
        raise InputError(f"manifest {str(manifest)!r} is damaged ({error}): write it again") from None
    if not rows:
        raise InputError(f"manifest {str(manifest)!r} has no rows: it needs one for each drawing")
    if strangers := sorted({str(key) for row in rows for key in row if key not in COLUMNS}):
        raise InputError(
            f"manifest {str(manifest)!r} has {', '.join(map(repr, strangers))}: leave that out, known are "
            f"{', '.join(COLUMNS)}"
        )
    return rows


def _job(row: Mapping[str, Any], folder: Path, colors: Job) -> Job:
    """Read a row; relative paths are looked for in the manifest's folder."""

    def located(path: str) -> str:
        return os.path.abspath(folder / path)

    def texts(column: str) -> list[str] | None:
        value = row.get(column)
        entries = [value] if isinstance(value, str) else value
        if entries is not None and not (isinstance(entries, list) and all(isinstance(one, str) for one in entries)):
            raise InputError(f"{column} is {value!r}: pass a text or a list of texts")
        return entries

    def text(column: str) -> str | None:
        value = row.get(column)
        if value is not None and not (isinstance(value, str) and value and "\0" not in value):
            raise InputError(f"{column} is {value!r}: pass a text")
        return value

    def whole(column: str, least: int) -> int | None:
        value = row.get(column)
        if value is not None and (type(value) is not int or value < least):
            raise InputError(f"{column} is {value!r}: pass a whole number from {least} up")
        return value

    path, hints, seed, n = text("path"), text("hints"), whole("seed", 0), whole("n", 1)
    palette, reference = texts("palette"), texts("reference")
    if path is None:
        raise InputError("it has no path: every row names a drawing")
    if palette and len(palette) == 1 and palette[0].lower().endswith(KINDS):
        palette = read_palette(located(palette[0]))
    job = replace(colors, path=located(path), name=text("name") or PurePath(path).stem, n=n or colors.n)
    if any(column in row for column in _COLORS):
        pictures = [located(picture) for picture in reference] if reference else None
        job = replace(job, seed=seed or 0, palette=palette, reference=pictures)
    if job.palette or job.reference:
        if n and n > 1:
            raise InputError(f"n is {n}, but palette or reference give the colors of one: leave one out")
        job = replace(job, n=1)
    return replace(job, hints=located(hints)) if hints else job


def refusals(jobs: list[Job], folder: Path, suffix: str) -> dict[int, str]:
    """Tell which jobs, by number, cannot be done beside the others, and why: nothing may be replaced by mistake."""
    inputs = {os.path.realpath(path) for job in jobs for path in job.inputs()}
    base = Path(os.path.realpath(folder))
    refused: dict[int, str] = {}
    owners: dict[str, Job] = {}
    for number, job in enumerate(jobs):
        results = job.results(suffix)
        # Its record has a name too; and some systems do not tell "A.png" from "a.png".
        names = [name.lower() for name in (f"{job.name}.json", *results)]
        owner = next((owners[name] for name in names if name in owners), None)
        targets = [os.path.realpath(folder / name) for name in results]
        if owner is not None:
            refused[number] = f"its results would be named {job.name!r}, as those of {owner.path!r}: rename one of them"
        elif any(base not in Path(target).parents for target in targets):
            refused[number] = f"its results {job.name!r} would lie outside of {str(folder)!r}: give it another name"
        elif any(target in inputs for target in targets):
            refused[number] = f"its results {job.name!r} would replace an input: choose another folder"
        else:
            owners |= dict.fromkeys(names, job)
    return refused
