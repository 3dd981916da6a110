"""The pictures of one command: which they are, where their results go, which of them failed, how far it is."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import OutputError, SalacError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..types import Colorization

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes."""

STREAM = "-"
"""In place of a path: standard input or output."""


def complain(reason: object, about: str = "") -> None:
    """Say in one line what went wrong, in the words of the command line."""
    line = " ".join((f"{about}: {reason}" if about else str(reason)).split())
    line = line.replace("max_pixels=...", "--max-pixels N").replace("overwrite=True", "--overwrite")
    print("salac:", line, file=sys.stderr)


class Batch:
    """Pictures that are worked on one after another; one that fails is reported and the others are done."""

    def __init__(self, args: argparse.Namespace, inputs: Sequence[str], suffixes: Sequence[str], each: int = 1):
        """Find the pictures and prepare the place for their results.

        Args:
            args: with `output` and `overwrite`; `misused` ends the program for wrong usage.
            inputs: files, folders, patterns or `STREAM`.
            suffixes: that `output` may have where it is a file.
            each: results of every picture.

        Raises:
            OutputError: there is no place for the results.
            SystemExit: there is no picture left to work on; why has been reported.
        """
        self.output, self.overwrite, self.each = Path(args.output), bool(args.overwrite), each
        self.failures, self.results = 0, 0
        self.pictures = self._find(inputs)
        self.claims: dict[Path, str] = {}
        self.protected: set[tuple[int, int]] = set()
        for picture in self.pictures:
            self.protect(picture)
        self.streams = args.output == STREAM
        self.to_file = names_file(args.output)
        if (self.streams or self.to_file) and len(self.pictures) + self.failures > 1:
            args.misused(f"{args.output!r} is for one picture: several need a folder")
        if self.to_file and self.output.suffix.lower() not in suffixes:
            args.misused(f"cannot write {self.output.suffix!r}: OUT ends in {', '.join(suffixes)}, or is a folder")
        if not self.pictures:
            raise SystemExit(FAILED)
        folder = self.output.parent if self.to_file else self.output
        if not self.streams and not os.path.isdir(folder):
            self._make(folder)

    def _find(self, inputs: Sequence[str]) -> list[str]:
        from ..image import find_pictures

        found: dict[str, None] = {}
        for entry in inputs:
            try:
                found |= dict.fromkeys([STREAM] if entry == STREAM else map(str, find_pictures(entry)))
            except SalacError as error:
                self._fail(error, entry)
        return list(found)

    def _make(self, folder: Path) -> None:
        if self.to_file:
            raise OutputError(f"folder {str(folder)!r} does not exist: make it first")
        try:
            folder.mkdir()
        except OSError as error:
            raise OutputError(f"folder {str(folder)!r} cannot be made ({error.strerror}): choose another OUT") from None

    def protect(self, path: str) -> None:
        """Never replace this file, whatever else may be replaced."""
        if path != STREAM and os.path.exists(path):
            self.protected.add(_identity(path))

    def target(self, picture: str, tail: str = "", suffix: str = "") -> Path:
        """Choose the file for a result.

        Args:
            picture: one of `pictures`.
            tail: comes after the name, as in page-0003.
            suffix: in place of the output's own.

        Raises:
            OutputError: it would replace an input, the result of another picture, or an older file.
        """
        if self.streams:
            return self.output
        if self.to_file:
            target = self.output.with_name(f"{self.output.stem}{tail}{suffix or self.output.suffix}")
        else:
            target = self.output / f"{'stdin' if picture == STREAM else Path(picture).stem}{tail}{suffix or '.png'}"
        owner = self.claims.setdefault(target, picture)
        if owner != picture:
            raise OutputError(f"{str(target)!r} is for the result of {owner!r}: use a folder for each")
        exists = os.path.exists(target)
        if exists and _identity(target) in self.protected:
            raise OutputError(f"{str(target)!r} is an input, and inputs are never replaced: choose another OUT")
        if exists and not self.overwrite:
            raise OutputError(f"{str(target)!r} exists: pass --overwrite to replace it")
        return target

    def write(self, target: Path, pixels: NDArray[np.uint8] | NDArray[np.uint16]) -> None:
        """Write a picture to a file of `target`, or to standard output."""
        from ..image import encode_picture, write_picture

        if self.streams:
            sys.stdout.buffer.write(encode_picture(pixels, "png"))
        else:
            write_picture(target, pixels, overwrite=self.overwrite)

    def save(self, target: Path, result: Colorization) -> None:
        """Save a result to a file of `target`, its layers where the suffix asks for them, or to standard output."""
        if self.streams:
            self.write(target, result.image)
        else:
            result.save(target, overwrite=self.overwrite)

    def run(self, work: Callable[[str], None]) -> int:
        """Do `work` on every picture and return the exit code."""
        try:
            for number, picture in enumerate(self.pictures):
                self.results = number * self.each
                self._show(picture)
                try:
                    work(picture)
                except SalacError as error:
                    self._fail(error, picture)
        finally:
            self._clear()
        return FAILED if self.failures else DONE

    def finish_one(self, picture: str, note: str = "") -> None:
        """Count a result of a picture, and print the note on it."""
        self.results += 1
        if note:
            self._clear()
            print(note, flush=True)
        self._show(picture)

    def _fail(self, error: SalacError, about: str) -> None:
        self._clear()
        self.failures += 1
        complain(error, about)

    def _show(self, name: str) -> None:
        show_progress(self.results, len(self.pictures) * self.each, name)

    def _clear(self) -> None:
        clear_progress()


def show_progress(finished: int, total: int, name: str) -> None:
    """Draw the progress bar, where somebody looks at it."""
    if sys.stderr.isatty():
        bar = f"[{'#' * (24 * finished // total):<24}] {finished}/{total} {name}"
        print(f"\r{bar[: shutil.get_terminal_size().columns - 1]}\x1b[K", end="", file=sys.stderr, flush=True)


def clear_progress() -> None:
    """Wipe the progress bar off."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def names_file(output: str) -> bool:
    """Whether an output is meant as a file rather than a folder."""
    return bool(Path(output).suffix) and not os.path.isdir(output) and not output.endswith(("/", os.sep))


def source(picture: str) -> str | bytes:
    """What to read a picture from: its path, or the bytes on standard input."""
    return sys.stdin.buffer.read() if picture == STREAM else picture


def _identity(path: str | Path) -> tuple[int, int]:
    """Tells files apart whatever they are called: links to one file are one."""
    status = os.stat(path)
    return status.st_dev, status.st_ino
