"""The command line `salac`: pictures in, pictures out.

What is heavy is imported by the command that needs it, once its arguments are read: `salac --help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..errors import SalacError
from .batch import DONE, FAILED, INTERRUPTED, complain
from .coloring import add_colorize, add_explore
from .data import add_data
from .evaluating import add_evaluate
from .many import add_batch
from .models import add_models
from .segmenting import add_fill, add_segment
from .training import add_train
from .ui import add_ui

EXAMPLES = """\
examples:
  salac colorize sketch.png -o colored.png
  salac colorize pages/ -o colored/ --palette f7d7c4 3b4cc0:2
  salac explore sketch.png -o sheet.png
  salac COMMAND --help
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: arguments after the program's name; None takes the process's own.

    Returns:
        The exit code: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.
    """
    try:
        args = _parser().parse_args(argv)
        code: int = args.run(args)
        sys.stdout.flush()
    except SystemExit as stop:  # what was wrong has been said
        return stop.code if isinstance(stop.code, int) else DONE
    except SalacError as error:
        complain(error)
        return FAILED
    except KeyboardInterrupt:
        complain("interrupted; what was finished is kept")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more when it flushes the stream at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="salac",
        description="Color for line art, with or without hints.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"salac {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    pictures = add_colorize, add_batch, add_explore, add_ui, add_segment, add_fill
    for add in (*pictures, add_models, add_data, add_train, add_evaluate):
        add(commands)
    return parser
