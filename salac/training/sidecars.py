"""Metadata of pictures: one JSON file beside each, or one line a picture in `metadata.jsonl`.

Known keys are `tags` (a list of names, a list of objects with `name`, or names with spaces between), `rating`,
`licence` (or `license`), `attribution` (or `artist`) and `identity`, what a picture shares with others that should be
on the same side of the split, such as its artist or character. A line of `metadata.jsonl` names its picture by `file`,
a path below the folder, or by `id`, the picture's name without suffix, as Danbooru's do.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError

LINES = "metadata.jsonl"
_OTHER_NAMES = {"license": "licence", "artist": "attribution", "tag_string": "tags"}

Facts = Mapping[str, Any]


class Sidecars:
    """The metadata of the pictures in a folder."""

    def __init__(self, folder: Path):
        """Read `metadata.jsonl`, if there is one.

        Raises:
            InputError: a line of it is no JSON object, or names no picture.
        """
        self._folder = folder
        self._by_name: dict[str, Facts] = {}
        if (folder / LINES).exists():
            for number, line in enumerate((folder / LINES).read_text("utf-8").splitlines(), 1):
                facts = _facts(line, f"line {number} of {folder / LINES}")
                name = facts.get("file") or facts.get("id")
                if not name:
                    raise InputError(f"line {number} of {folder / LINES} names no picture: give file or id")
                self._by_name[str(name)] = facts

    def of(self, file: str) -> Facts:
        """Metadata of a picture, its path below the folder; empty where there are none.

        Raises:
            InputError: its JSON file cannot be read.
        """
        beside = self._folder / file
        for path in (beside.with_suffix(".json"), beside.with_name(beside.name + ".json")):
            if path.exists():
                return _facts(path.read_text("utf-8"), str(path))
        return self._by_name.get(file) or self._by_name.get(Path(file).stem) or {}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which pictures are wanted.

    Attributes:
        tags: a picture must have every one of them.
        without: and none of these.
        ratings: and one of these ratings; any where it is empty.
    """

    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()

    def objection(self, facts: Facts) -> str:
        """Why a picture with these metadata is not wanted, "" if it is."""
        tags = frozenset(facts.get("tags") or ())
        if missing := sorted(set(self.tags) - tags):
            return f"not tagged {missing[0]}"
        if unwanted := sorted(set(self.without) & tags):
            return f"tagged {unwanted[0]}"
        if self.ratings and facts.get("rating") not in self.ratings:
            return f"rated {facts.get('rating') or 'nothing'}"
        return ""


def _facts(text: str, where: str) -> Facts:
    try:
        facts = json.loads(text)
    except ValueError as error:
        raise InputError(f"{where} is no JSON ({error}): mend or remove it") from error
    if not isinstance(facts, dict):
        raise InputError(f"{where} is no JSON object: mend or remove it")
    facts = {_OTHER_NAMES.get(key, key): value for key, value in facts.items()}
    tags = facts.get("tags") or []
    names = tags.split() if isinstance(tags, str) else [tag["name"] if isinstance(tag, dict) else tag for tag in tags]
    return {**facts, "tags": [str(name) for name in names]}
