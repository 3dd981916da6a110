"""`salac batch`: drawings by the thousand, by several workers, on this machine or a Ray cluster."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from .arguments import add_model, colors, command, natural, picture_format, positive
from .batch import DONE, FAILED, clear_progress, complain, show_progress

if TYPE_CHECKING:
    from ..batches.records import Record

NOTES = """\
SRC:
  A folder, with the folders in it; a pattern in quotes; or a manifest: .jsonl
  or .parquet, a row for each drawing, with the columns path, and where wanted
  name, seed, n, palette, reference, hints. Paths in it start at its folder.

DST:
  page.jpg becomes DST/page.png; with -n above 1 every result is named by its
  seed, DST/page-0005.png. DST/records says of each drawing how its results
  were made, DST/failed.jsonl which have none and why.

again:
  The same command takes up what was cut short: what is done is skipped, what
  failed is tried again, a drawing that has changed is made anew.

exit code:
  0 all done; 1 a drawing failed (the others are done); 2 wrong usage; 130
  interrupted (what was finished is kept).
"""


def add_batch(commands: Any) -> None:
    """Add `salac batch`."""
    purpose = "color thousands of line drawings, on this machine or a Ray cluster"
    parser = command(commands, "batch", purpose, _batch, NOTES)
    parser.add_argument("source", metavar="SRC", help="folder, pattern, or manifest (.jsonl, .parquet)")
    parser.add_argument("folder", metavar="DST", help="for the results, made where its parent exists")
    parser.add_argument("-n", metavar="N", type=positive, default=1, help="results of each drawing (1)")
    parser.add_argument("--seed", metavar="S", type=natural, default=0, help="chooses the first result's colors (0)")
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--reference", metavar="F", nargs="+", help="take the colors of these pictures instead")
    given.add_argument(
        "--palette", metavar="HEX", nargs="+", type=colors, help="take these, or those of a palette file, instead"
    )
    parser.add_argument("--flats", action="store_true", help="flat colors under the line, without shade and light")
    parser.add_argument("--format", metavar="F", type=picture_format, default=".png", help="png, psd, ora, ... (png)")
    parser.add_argument("--overwrite", action="store_true", help="replace what was made otherwise; never an input")
    parser.add_argument("--max-pixels", metavar="N", type=positive, help="refuse drawings of more pixels (40 million)")
    add_model(parser, "--model")
    parser.add_argument("--device", choices=("cpu", "cuda"), help="of every worker (cuda where Ray sees cards)")
    parser.add_argument("--workers", metavar="N", type=positive, help="at once (one for each core or graphics card)")
    parser.add_argument(
        "--address", metavar="A", help="of a Ray cluster: host:6379, or auto on one of its machines (this one alone)"
    )


def _batch(args: argparse.Namespace) -> int:
    if args.n > 1 and (args.reference or args.palette):
        args.misused("-n takes colors by seed, --reference and --palette give them: leave one out")

    from ..batches.run import FAILURES, batch
    from ..image import MAX_PIXELS
    from ..zoo.hub import BUNDLED

    def show(finished: int, total: int, record: Record) -> None:
        if record.state == "failed":
            clear_progress()
            complain(record.reason, record.path)
        show_progress(finished, total, record.name)

    try:
        summary = batch(
            args.source,
            args.folder,
            n=args.n,
            seed=args.seed,
            palette=[color for entry in args.palette for color in entry] if args.palette else None,
            reference=args.reference,
            refine=not args.flats,
            format=args.format,
            model=args.model or BUNDLED,
            device=args.device,
            address=args.address,
            workers=args.workers,
            overwrite=args.overwrite,
            max_pixels=args.max_pixels or MAX_PIXELS,
            progress=show,
        )
    finally:
        clear_progress()
    told = f"{len(summary.done)} done, {len(summary.skipped)} skipped, {len(summary.failed)} failed"
    print(f"{told}: see {args.folder}/{FAILURES}" if summary.failed else told)
    return FAILED if summary.failed else DONE
