"""`salac ui`: a page to try drawings on."""

from __future__ import annotations

import argparse
import signal
from contextlib import suppress
from typing import Any

from .arguments import add_device, add_model, command, extra, natural
from .batch import DONE

UI_NOTES = """\
The page works without a network, keeps drawings in memory and in a temporary
folder that is wiped when it ends, and is open to this machine alone. With
--host 0.0.0.0 everybody in your network can use it: there is no password.
"""


def add_ui(commands: Any) -> None:
    """Add `salac ui`."""
    parser = command(commands, "ui", "open a page in the browser to try drawings on", _ui, UI_NOTES)
    parser.add_argument("--host", metavar="H", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", metavar="N", type=natural, default=7860, help="0 takes a free one (7860)")
    add_model(parser, "--model")
    add_device(parser)


def _ui(args: argparse.Namespace) -> int:
    with extra("ui"):
        from ..ui.server import address, serving

    from ..colorizer import Colorizer
    from ..ui.page import EXAMPLES
    from ..zoo.hub import BUNDLED

    colorizer = Colorizer.from_pretrained(args.model or BUNDLED, device=args.device)
    colorizer(EXAMPLES[0])  # what is compiled or loaded at a first use is so before a visitor waits for it
    # Ended by either signal the temporary folder is wiped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), serving(colorizer, args.host, args.port) as (server, bound):
        print(f"{address(bound)} is ready: open it in a browser. Ctrl-C ends it.", flush=True)
        server.run([bound])
    return DONE
