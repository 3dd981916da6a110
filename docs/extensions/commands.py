"""A directive that prints what `salac ... --help` says, of every command: the reference can never fall behind."""

import argparse
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from salac.cli import _parser

WIDTH = "90"
"""Columns of the help texts."""


class Commands(SphinxDirective):
    """`{commands}`: a section for each command of the command line, with its help."""

    def run(self) -> list[nodes.Node]:
        """Make the sections."""
        made: list[nodes.Node] = []
        with patch.dict("os.environ", COLUMNS=WIDTH, NO_COLOR="1"):
            for name, parser in parsers(_parser()):
                section = nodes.section(ids=[nodes.make_id(name)])
                section += nodes.title(text=name)
                section += nodes.literal_block(text=parser.format_help(), language="text")
                self.state.document.note_explicit_target(section)
                made.append(section)
        return made


def parsers(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every parser below this one, by its full name, and this one first."""
    yield parser.prog, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from parsers(inner)


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the directive known."""
    app.add_directive("commands", Commands)
    return {"parallel_read_safe": True}
