"""`salac colorize` and `salac explore`: line drawings in color."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .arguments import (
    add_device,
    add_inputs,
    add_model,
    add_output,
    colors,
    command,
    hex_color,
    lock,
    natural,
    picture_format,
    positive,
)
from .batch import STREAM, Batch, source

if TYPE_CHECKING:
    from ..types import Colorization

COLORIZE_NOTES = """\
names:
  One picture and OUT with a suffix (out.png, out.webp): that file. Otherwise
  OUT is a folder, made where its parent exists, and page.jpg becomes
  OUT/page.png. With -n above 1 every result is named by its seed: --seed 5 -n 2
  gives page-0005.png and page-0006.png; --seed 6 alone draws the latter again.
  --stages adds page-stages.png, or page-0005-stages.png and so on; --regions
  adds page-regions.png, the segments' ids as salac segment --as ids does,
  and page-palette.json, which color each of them has (--palette reads it).

layers:
  OUT.psd and OUT.ora (or --format psd in a folder) hold paper, flats grouped
  by color category, shade, light, and the line on top. OUT.gpl (GIMP, Krita,
  Inkscape), OUT.aco and OUT.ase (Adobe) hold the colors alone.

--json:
  input, output, seed (null where --reference or --palette gave the colors),
  size [width, height], seconds, segments (how many), colors (the main ones
  asked for, heaviest first).

exit code:
  0 all done; 1 a picture failed, or its output exists and --overwrite was not
  given (the other pictures are done); 2 wrong usage; 130 interrupted (what was
  finished is kept).
"""


def add_colorize(commands: Any) -> None:
    """Add `salac colorize`."""
    parser = command(commands, "colorize", "color line drawings", _colorize, COLORIZE_NOTES)
    add_inputs(parser)
    add_output(parser)
    parser.add_argument("-n", metavar="N", type=positive, default=1, help="results of each picture (1)")
    parser.add_argument("--seed", metavar="S", type=natural, default=0, help="chooses the first result's colors (0)")
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--reference", metavar="F", nargs="+", help="take the colors of these pictures instead")
    given.add_argument(
        "--palette",
        metavar="HEX",
        nargs="+",
        type=colors,
        help="take these colors instead: f7d7c4 '#3b4cc0', or 3b4cc0:2 for twice as much of it; "
        "or those of a palette file (.gpl, .aco, .ase, .json)",
    )
    parser.add_argument("--hints", metavar="F", help="scribbles on a transparent layer, obeyed in their segments")
    parser.add_argument(
        "--lock",
        metavar="WHAT=HEX",
        nargs="+",
        type=lock,
        help="fix a segment or a category: 7=c8202a fair/pink=f7d7c4",
    )
    add_model(parser, "--model")
    add_device(parser)
    parser.add_argument("--flats", action="store_true", help="flat colors under the line, without shade and light")
    parser.add_argument(
        "--format", metavar="F", type=picture_format, help="of files in a folder: png, psd, ora, ... (png)"
    )
    parser.add_argument("--regions", action="store_true", help="also write the segments' ids and colors")
    parser.add_argument("--stages", action="store_true", help="also write every stage, side by side")
    parser.add_argument("--json", action="store_true", help="describe each result in a line on standard output")


def add_explore(commands: Any) -> None:
    """Add `salac explore`."""
    notes = "Every picture has its seed below: salac colorize IN --seed S -o OUT draws it in full."
    parser = command(commands, "explore", "draw many variations of a drawing on one sheet", _explore, notes)
    parser.add_argument("input", metavar="IN", help="line drawing")
    add_output(parser)
    parser.add_argument("-n", metavar="N", type=positive, default=64, help="variations to draw (64)")
    parser.add_argument("--seed", metavar="S", type=natural, default=0, help="of the first (0)")
    parser.add_argument("--distinct", action="store_true", help="leave out those that look like an earlier one")
    parser.add_argument("--near", metavar="HEX", type=hex_color, help="the eight with most of this color alone")
    parser.add_argument("--map", action="store_true", help="similar ones together (t-SNE; needs salac[explore])")
    parser.add_argument("--flats", action="store_true", help="flat colors, in half the time")
    add_model(parser, "--model")
    add_device(parser)


def _colorize(args: argparse.Namespace) -> int:
    if args.n > 1 and (args.reference or args.palette):
        args.misused("-n takes colors by seed, --reference and --palette give them: leave one out")
    if args.output == STREAM and (args.n > 1 or args.stages or args.json or args.regions or args.format):
        args.misused("standard output has room for one PNG: leave out -n, --stages and the like, or choose a folder")
    from ..image import LAYERED, MAX_PIXELS, WRITERS
    from ..palette_files import WRITTEN

    suffix, known = Path(args.output).suffix, (*WRITERS, *LAYERED, *WRITTEN)
    if args.format and suffix in known:
        args.misused(f"OUT ends in {suffix} already: leave out --format, or choose a folder")
    batch = Batch(args, args.inputs, known, args.n)
    for given in (*(args.reference or ()), *([args.hints] if args.hints else ())):
        batch.protect(given)
    if args.hints and len(batch.pictures) > 1:
        args.misused("--hints are drawn over one picture: color the others apart")
    limit = args.max_pixels or MAX_PIXELS

    import numpy as np

    from ..colorizer import Colorizer
    from ..export.flats import save_palette, save_regions
    from ..steering import given_histogram
    from ..zoo.hub import BUNDLED

    # Worked out once for all pictures.
    colors = [color for entry in args.palette for color in entry] if args.palette else None
    histogram, lock = given_histogram(None, args.reference, colors), dict(args.lock or ())
    colorizer = Colorizer.from_pretrained(args.model or BUNDLED, device=args.device)
    tails = [f"-{seed:04}" for seed in range(args.seed, args.seed + args.n)] if args.n > 1 else [""]

    def color(picture: str) -> None:
        images = [batch.target(picture, tail, args.format or "") for tail in tails]
        sheets = [batch.target(picture, f"{tail}-stages", ".png") for tail in tails] if args.stages else []
        regions = [batch.target(picture, f"{tail}-regions", ".png") for tail in tails] if args.regions else []
        palettes = [batch.target(picture, f"{tail}-palette", ".json") for tail in tails] if args.regions else []
        sketch = source(picture)
        how = {"seed": args.seed, "hints": args.hints, "lock": lock, "refine": not args.flats, "max_pixels": limit}
        start = time.perf_counter()
        if args.n > 1:
            results = colorizer.variations(sketch, args.n, **how)
        else:
            results = iter([colorizer(sketch, histogram=histogram, **how)])
        for number, result in enumerate(results):
            seconds = time.perf_counter() - start
            batch.save(images[number], result)
            if args.regions:
                save_regions(result, regions[number], overwrite=batch.overwrite)
                save_palette(result, palettes[number], overwrite=batch.overwrite)
            if args.stages:
                batch.write(sheets[number], np.asarray(result.sheet()))
            batch.finish_one(picture, _description(picture, images[number], result, seconds) if args.json else "")
            start = time.perf_counter()

    return batch.run(color)


def _explore(args: argparse.Namespace) -> int:
    from ..image import MAX_PIXELS, WRITERS

    batch = Batch(args, [args.input], tuple(WRITERS))

    import numpy as np

    from .. import explore
    from ..colorizer import Colorizer
    from ..zoo.hub import BUNDLED

    colorizer = Colorizer.from_pretrained(args.model or BUNDLED, device=args.device)

    def draw(picture: str) -> None:
        target = batch.target(picture, "" if batch.to_file else "-variations")
        limit = args.max_pixels or MAX_PIXELS
        results = colorizer.variations(source(picture), args.n, seed=args.seed, refine=not args.flats, max_pixels=limit)
        if args.distinct:
            results = explore.distinct(results)
        shown = explore.nearest(results, args.near) if args.near else results
        sheet = explore.color_map(shown) if args.map else explore.contact_sheet(shown)
        batch.write(target, np.asarray(sheet))
        batch.finish_one(picture)

    return batch.run(draw)


def _description(picture: str, target: Path, result: Colorization, seconds: float) -> str:
    """A result as one line of JSON."""
    from ..histogram import RGBuvHistogram

    height, width = result.sketch.shape
    colors, _ = RGBuvHistogram().palette(result.histogram)
    facts = {
        "input": picture,
        "output": str(target),
        "seed": result.seed,
        "size": [width, height],
        "seconds": round(seconds, 3),
        "segments": result.segments.count,
        "colors": [f"#{bytes((color * 255).round().astype('uint8')).hex()}" for color in colors],
    }
    return json.dumps(facts)
