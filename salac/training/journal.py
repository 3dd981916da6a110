"""What an interrupted build has drawn so far: one line for each drawing, in order, and the settings before them.

A drawing is drawn by its number alone, so packs that were written need no second look; what was drawn after the last
pack is drawn again, and comes out the same.
"""

import json
from pathlib import Path
from typing import Any

from ..errors import InputError
from .packs import write_whole

Line = tuple[str, dict[str, Any]]
"""The split that a drawing went to, and its line of the index."""


class Journal:
    """The journal of one build; every line goes to disk at once.

    Attributes:
        lines: of the interrupted run, None for a drawing that was left out.
    """

    def __init__(self, path: Path, settings: dict[str, Any]):
        """Open the journal of a build, and read what an interrupted run left.

        Args:
            path: of the file; begun where it is missing.
            settings: of the build; whoever goes on must have the same.

        Raises:
            InputError: the build that was interrupted had other settings.
        """
        self.path = path
        self.lines: list[Line | None] = []
        before = path.read_text().splitlines() if path.exists() else []
        whole = [line for line in map(_read, before) if line is not None]
        if whole and whole[0] != settings:
            differing = sorted(key for key in settings if whole[0].get(key) != settings[key])
            raise InputError(
                f"{path.parent} holds an interrupted build with other settings ({', '.join(differing)}): "
                "repeat it as it was, choose another folder, or remove this one"
            )
        for line in whole[1:]:
            self.lines.append((line["split"], line["entry"]) if line else None)
        write_whole(path, "".join(json.dumps(line) + "\n" for line in whole or [settings]).encode())

    def add(self, line: Line | None) -> None:
        """Note what became of the next drawing."""
        with self.path.open("a") as file:
            print(json.dumps({"split": line[0], "entry": line[1]} if line else {}), file=file)

    def remove(self) -> None:
        """Remove the journal of a build that is whole."""
        self.path.unlink()


def _read(line: str) -> dict[str, Any] | None:
    """A line of a journal; None for the last one of a run that was interrupted while writing it."""
    try:
        content: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return content
