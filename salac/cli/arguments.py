"""What the commands' arguments have in common: how they are named, read and refused."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import InputError, MissingExtraError


def command(commands: Any, name: str, purpose: str, run: Callable[[Any], int], notes: str = "") -> Any:
    """Add a command, or an action of a group; its parser knows what to `run` and how to say that it was `misused`."""
    parser = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}. Defaults stand in parentheses.",
        epilog=notes,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, misused=parser.error)
    return parser


def group(commands: Any, name: str, purpose: str) -> Any:
    """Add a command whose actions are commands of their own."""
    parser = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
    return parser.add_subparsers(title="actions", metavar="ACTION", required=True)


def add_inputs(parser: Any) -> None:
    """Add the pictures to work on."""
    what = "picture, folder, pattern such as 'pages/*.png', or - for standard input"
    parser.add_argument("inputs", metavar="IN", nargs="+", help=what)


def add_output(parser: Any) -> None:
    """Add what `Batch` needs to know of the results."""
    parser.add_argument(
        "-o", dest="output", metavar="OUT", required=True, help="file, folder, or - for standard output"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace outputs that exist; never an input")
    parser.add_argument("--max-pixels", metavar="N", type=positive, help="refuse pictures of more pixels (40 million)")


def add_model(parser: Any, flag: str, **how: Any) -> None:
    """Add the choice of a model."""
    what = "name of a listed one, folder, or org/name[@revision] on the Hugging Face Hub (the installed one)"
    parser.add_argument(flag, metavar="MODEL", help=what, **how)


def add_device(parser: Any) -> None:
    """Add the choice of a device."""
    parser.add_argument("--device", metavar="D", help="cpu, cuda, cuda:1 (cuda where there is one)")


def natural(text: str) -> int:
    """Read a whole number from 0 up."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def positive(text: str) -> int:
    """Read a whole number from 1 up."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def picture_format(text: str) -> str:
    """Read the suffix of what a result is saved as."""
    from ..image import LAYERED, WRITERS
    from ..palette_files import WRITTEN

    suffix, known = "." + text.lower().removeprefix("."), (*WRITERS, *LAYERED, *WRITTEN)
    if suffix not in known:
        raise argparse.ArgumentTypeError(f"cannot write {text!r}: choose one of {', '.join(known)}")
    return suffix


def hex_color(text: str) -> str:
    """Read a hex color, with a weight or without."""
    from ..color import parse_palette

    try:
        parse_palette([text])
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def colors(text: str) -> list[str]:
    """A hex color, or the colors of a palette file."""
    from ..palette_files import KINDS, read_palette

    if not text.lower().endswith(KINDS):
        try:
            return [hex_color(text)]
        except argparse.ArgumentTypeError as error:
            raise argparse.ArgumentTypeError(f"{error}, or a palette file ({', '.join(KINDS)})") from None
    try:
        return read_palette(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def lock(text: str) -> tuple[int | str, str]:
    """Read what to lock, a segment or a color category, and to which color."""
    what, _, color = text.rpartition("=")
    return (int(what) if what.isdecimal() else what), hex_color(color)


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Turn the lack of a dependency of an extra into the advice to install it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).startswith("salac"):
            raise
        raise MissingExtraError(f'{error.name} is not installed: pip install "salac[{name}]"') from error
