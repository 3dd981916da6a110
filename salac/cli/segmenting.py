"""`salac segment` and `salac fill`: segments of many drawings, in the forms that other programs read."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .arguments import add_inputs, add_output, command, positive
from .batch import STREAM, Batch, names_file, source

if TYPE_CHECKING:
    from ..types import Leak, Segments

KINDS = {
    "colors": ("", ".png"),
    "ids": ("-ids", ".png"),
    "leaks": ("-leaks", ".png"),
    "npz": ("", ".npz"),
    "json": ("", ".json"),
}
"""What `salac segment` writes: the tail of a file's name and its suffix, in a folder."""

SEGMENT_NOTES = """\
--as, one for a file, any for a folder:
  colors  every segment in a color of its own, the line black: OUT/page.png
  ids     every pixel the number of its segment, 0 = line: OUT/page-ids.png; a
          16-bit gray picture, or from 65,536 segments up an 8-bit color picture
          of red + 256 green + 65,536 blue
  leaks   where rooms may have run together, marked red: OUT/page-leaks.png
  npz     arrays labels, areas, boxes, radius, pairs, lengths: OUT/page.npz
  json    what --json prints: OUT/page.json
  Without --as the suffix of OUT tells npz and json, and all else is colors.

--json:
  input; size [width, height]; segments (how many); areas, boxes [top, left,
  bottom, right], radius (of the ball), colors (in the picture), all with entry
  0 for the line; adjacency [one, other, pixel edges]; leaks with segment, ends
  [[y, x], [y, x]] of a line that closes it, width, areas of its lobes.
  Across a line nothing touches: see --lines nearest.
"""

FILL_NOTES = """\
Where SKETCH is a folder or a pattern, ILLUSTRATION is the folder of the pictures
of the same names, and OUT a folder. --json prints what `salac segment --json`
does but for leaks: colors are those of the fill.
"""


def add_segment(commands: Any) -> None:
    """Add `salac segment`."""
    purpose = "find the segments that lines enclose, gaps or not"
    parser = command(commands, "segment", purpose, _segment, SEGMENT_NOTES)
    add_inputs(parser)
    add_output(parser)
    what = "of colors (usual), ids, leaks, npz, json; a file's suffix tells the last two"
    parser.add_argument("--as", dest="kinds", metavar="KIND", nargs="+", choices=KINDS, help=what)
    parser.add_argument("--radii", metavar="R,R", type=_radii, help="of the balls in pixels: 8,5,3,2,1 (by size)")
    _add_close_gaps(parser)
    parser.add_argument(
        "--lines", choices=("keep", "nearest"), default="keep", help="stay line, or go to the nearest segment (keep)"
    )
    parser.add_argument("--json", action="store_true", help="describe the segments in a line on standard output")


def add_fill(commands: Any) -> None:
    """Add `salac fill`."""
    purpose = "fill a sketch's segments with the colors of its illustration"
    parser = command(commands, "fill", purpose, _fill, FILL_NOTES)
    parser.add_argument("sketch", metavar="SKETCH", help="line drawing, or several")
    parser.add_argument("illustration", metavar="ILLUSTRATION", help="colored picture of the same size, or a folder")
    add_output(parser)
    what = "of a segment's pixels: median, mean (each per channel), or mode, the commonest color (median)"
    parser.add_argument("--statistic", choices=("median", "mean", "mode"), default="median", help=what)
    _add_close_gaps(parser)
    parser.add_argument("--json", action="store_true", help="describe the segments in a line on standard output")


def _add_close_gaps(parser: Any) -> None:
    what = "join stroke ends over gaps of at most N pixels (without N: 1/16 of the shorter side)"
    parser.add_argument("--close-gaps", metavar="N", nargs="?", type=positive, const=True, help=what)
    parser.add_argument("--close-below", action="store_true", help="close a bust whose outlines end in the paper below")


def _radii(text: str) -> tuple[int, ...]:
    return tuple(positive(radius) for radius in text.split(","))


def _segment(args: argparse.Namespace) -> int:
    suffix = Path(args.output).suffix.lower()
    kinds = list(dict.fromkeys(args.kinds or [suffix[1:] if suffix in (".npz", ".json") else "colors"]))
    if len(kinds) > 1 and (args.output == STREAM or names_file(args.output)):
        args.misused(f"{args.output!r} has room for one of {', '.join(kinds)}: several need a folder")
    if args.output == STREAM and (args.json or kinds[0] in ("npz", "json")):
        args.misused("standard output has room for one picture: choose a file or a folder")

    from ..image import MAX_PIXELS, WRITERS, read_drawing

    pictures = [*WRITERS, *([] if args.kinds else [".npz", ".json"])]
    suffixes = [KINDS[kinds[0]][1]] if kinds[0] in ("npz", "json") else pictures
    batch = Batch(args, args.inputs, suffixes, len(kinds))

    from ..tbs import find_leaks, segment

    def divide(picture: str) -> None:
        targets = [batch.target(picture, *(("", "") if batch.to_file else KINDS[kind])) for kind in kinds]
        sketch = read_drawing(source(picture), max_pixels=args.max_pixels or MAX_PIXELS)
        segments = segment(
            sketch, radii=args.radii, close_gaps=args.close_gaps, close_below=args.close_below, lines=args.lines
        )
        leaks = find_leaks(segments) if args.json or {"leaks", "json"} & set(kinds) else []
        described = json.dumps({"input": picture} | _facts(segments, leaks)) if args.json or "json" in kinds else ""
        for kind, target in zip(kinds, targets, strict=True):
            _write(batch, target, kind, segments, leaks, described)
            last = kind == kinds[-1]
            batch.finish_one(picture, described if args.json and last else "")

    return batch.run(divide)


def _write(batch: Batch, target: Path, kind: str, segments: Segments, leaks: list[Leak], described: str) -> None:
    import numpy as np

    from ..export.segments import id_picture, leak_picture
    from ..export.sheet import label_colors
    from ..image import whole_file

    if kind == "colors":
        batch.write(target, label_colors(segments.labels))
    elif kind == "ids":
        batch.write(target, id_picture(segments.labels))
    elif kind == "leaks":
        batch.write(target, leak_picture(segments.labels, leaks))
    elif kind == "npz":
        arrays = {name: getattr(segments, name) for name in ("labels", "areas", "boxes", "radius")}
        with whole_file(target, overwrite=batch.overwrite) as file:
            np.savez_compressed(file, **arrays, **segments.adjacency._asdict())
    else:
        with whole_file(target, overwrite=batch.overwrite) as file:
            file.write(f"{described}\n".encode())


def _facts(segments: Segments, leaks: list[Leak]) -> dict[str, Any]:
    from ..export.segments import facts
    from ..export.sheet import color_table

    found = [leak._asdict() | {"width": round(leak.width, 1)} for leak in leaks]
    return facts(segments, color_table(segments.count)) | {"leaks": found}


def _fill(args: argparse.Namespace) -> int:
    from ..image import MAX_PIXELS, WRITERS, find_pictures, read_picture, read_sketch

    if args.output == STREAM and args.json:
        args.misused("standard output has room for one picture: choose a file or a folder")
    batch = Batch(args, [args.sketch], tuple(WRITERS))
    if len(batch.pictures) > 1 and not os.path.isdir(args.illustration):
        args.misused(f"{args.illustration!r} is for one sketch: several need a folder of illustrations")
    folder = os.path.isdir(args.illustration)
    illustrations = [str(path) for path in find_pictures(args.illustration)] if folder else [args.illustration]
    for path in illustrations:
        batch.protect(path)
    limit = args.max_pixels or MAX_PIXELS

    from ..export.segments import facts
    from ..tbs import paint, segment, segment_colors

    def fill(picture: str) -> None:
        target = batch.target(picture)
        found = [path for path in illustrations if not folder or Path(path).stem == Path(picture).stem]
        if len(found) != 1:
            raise InputError(f"{args.illustration!r} holds {len(found)} pictures of this name: it needs one")
        segments = segment(
            read_sketch(source(picture), max_pixels=limit), close_gaps=args.close_gaps, close_below=args.close_below
        )
        illustration = read_picture(source(found[0]), max_pixels=limit)
        colors = segment_colors(segments, illustration, statistic=args.statistic)
        batch.write(target, paint(segments, colors))
        described = {"input": picture, "illustration": found[0]} | facts(segments, colors) if args.json else None
        batch.finish_one(picture, json.dumps(described) if described else "")

    return batch.run(fill)
