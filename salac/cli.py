"""The command line `salac`: pictures in, pictures out.

What is heavy is imported by the command that needs it, once its arguments are read: `salac --help` answers at once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from ._batch import DONE, FAILED, INTERRUPTED, STREAM, Batch, complain, source
from ._evaluating import EVALUATE_NOTES, MEASURES, evaluate_model
from ._segmenting import FILL_NOTES, KINDS, SEGMENT_NOTES, fill_pictures, segment_pictures
from .errors import InputError, MissingExtraError, SalacError

if TYPE_CHECKING:
    from .types import Colorization

STAGES = {
    "style-gan": "the StyleGAN2 whose layers define the style clusters (thesis 3.2.2)",
    "style-clusters": "the nets that see style clusters in a sketch (3.2.2)",
    "categories": "the net that sees color categories in a sketch (3.3.1)",
    "proposal": "the generator of color proposals (3.3.2)",
    "refiner": "the generator that refines proposals (3.4)",
}
"""What `salac train` trains, in the order in which they need each other."""

COLORIZE_NOTES = """\
names:
  One picture and OUT with a suffix (out.png, out.webp): that file. Otherwise
  OUT is a folder, made where its parent exists, and page.jpg becomes
  OUT/page.png. With -n above 1 every result is named by its seed: --seed 5 -n 2
  gives page-0005.png and page-0006.png; --seed 6 alone draws the latter again.
  --stages adds page-stages.png, or page-0005-stages.png and so on; --regions
  adds page-regions.png, the segments' ids as a gray PNG of 16 bits (0 = line),
  and page-palette.json, which color each of them has (--palette reads it).

layers:
  OUT.psd and OUT.ora (or --format psd in a folder) hold paper, flats grouped
  by color category, shade, light, and the line on top.

--json:
  input, output, seed (null where --reference or --palette gave the colors),
  size [width, height], seconds, segments (how many), colors (the main ones
  asked for, heaviest first).

exit code:
  0 all done; 1 a picture failed, or its output exists and --overwrite was not
  given (the other pictures are done); 2 wrong usage; 130 interrupted (what was
  finished is kept).
"""

PREPARE_NOTES = """\
metadata:
  picture.json beside picture.png, or FOLDER/metadata.jsonl with a line for each:
  {"file": "a/b.png", "tags": ["solo"], "rating": "g", "licence": "CC0-1.0",
  "attribution": "...", "identity": "..."}; pictures of one identity are either
  all trained on or all held out.

An interrupted run goes on where it stopped when the command is repeated.
DATA/skipped.txt lists every picture that was left out, and why.
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


# --- arguments -------------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="salac", description="Color for line art, with or without hints.")
    parser.add_argument("--version", action="version", version=f"salac {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_add_colorize, _add_explore, _add_segment, _add_fill, _add_models, _add_data, _add_train):
        add(commands)
    _add_evaluate(commands)
    return parser


def _command(commands: Any, name: str, purpose: str, run: Callable[[Any], int], notes: str = "") -> Any:
    parser = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=notes,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, misused=parser.error)
    return parser


def _group(commands: Any, name: str, purpose: str) -> Any:
    parser = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
    return parser.add_subparsers(title="actions", metavar="ACTION", required=True)


def _add_colorize(commands: Any) -> None:
    parser = _command(commands, "colorize", "color line drawings", _colorize, COLORIZE_NOTES)
    _add_inputs(parser)
    _add_output(parser)
    parser.add_argument("-n", metavar="N", type=_positive, default=1, help="results of each picture (1)")
    parser.add_argument("--seed", metavar="S", type=_natural, default=0, help="chooses the first result's colors (0)")
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--reference", metavar="F", nargs="+", help="take the colors of these pictures instead")
    given.add_argument(
        "--palette",
        metavar="HEX",
        nargs="+",
        type=_colors,
        help="take these colors instead: f7d7c4 '#3b4cc0', or 3b4cc0:2 for twice as much of it; "
        "or those of a palette file (.gpl, .aco, .ase, .json)",
    )
    parser.add_argument("--hints", metavar="F", help="scribbles on a transparent layer, obeyed in their segments")
    parser.add_argument(
        "--lock",
        metavar="WHAT=HEX",
        nargs="+",
        type=_lock,
        help="fix a segment or a category: 7=c8202a fair/pink=f7d7c4",
    )
    _add_model(parser, "--model")
    _add_device(parser)
    parser.add_argument("--flats", action="store_true", help="flat colors under the line, without shade and light")
    parser.add_argument("--format", metavar="F", type=_format, help="of files in a folder: png, psd, ora, ... (png)")
    parser.add_argument("--regions", action="store_true", help="also write the segments' ids and colors")
    parser.add_argument("--stages", action="store_true", help="also write every stage, side by side")
    parser.add_argument("--json", action="store_true", help="describe each result in a line on standard output")


def _add_explore(commands: Any) -> None:
    notes = "Every picture has its seed below: salac colorize IN --seed S -o OUT draws it in full."
    parser = _command(commands, "explore", "draw many variations of a drawing on one sheet", _explore, notes)
    parser.add_argument("input", metavar="IN", help="line drawing")
    _add_output(parser)
    parser.add_argument("-n", metavar="N", type=_positive, default=64, help="variations to draw (64)")
    parser.add_argument("--seed", metavar="S", type=_natural, default=0, help="of the first (0)")
    parser.add_argument("--distinct", action="store_true", help="leave out those that look like an earlier one")
    parser.add_argument("--near", metavar="HEX", type=_hex_color, help="the eight with most of this color alone")
    parser.add_argument("--map", action="store_true", help="similar ones together (t-SNE; needs salac[explore])")
    parser.add_argument("--flats", action="store_true", help="flat colors, in half the time")
    _add_model(parser, "--model")
    _add_device(parser)


def _add_segment(commands: Any) -> None:
    purpose = "find the segments that lines enclose, gaps or not"
    parser = _command(commands, "segment", purpose, segment_pictures, SEGMENT_NOTES)
    _add_inputs(parser)
    _add_output(parser)
    what = "of colors (usual), ids, leaks, npz, json; a file's suffix tells the last two"
    parser.add_argument("--as", dest="kinds", metavar="KIND", nargs="+", choices=KINDS, help=what)
    parser.add_argument("--radii", metavar="R,R", type=_radii, help="of the balls in pixels: 8,5,3,2,1 (by size)")
    _add_close_gaps(parser)
    parser.add_argument("--lines", choices=("keep", "nearest"), default="keep", help="black, or of a segment (keep)")
    parser.add_argument("--json", action="store_true", help="describe the segments in a line on standard output")


def _add_fill(commands: Any) -> None:
    purpose = "fill a sketch's segments with the colors of its illustration"
    parser = _command(commands, "fill", purpose, fill_pictures, FILL_NOTES)
    parser.add_argument("sketch", metavar="SKETCH", help="line drawing, or several")
    parser.add_argument("illustration", metavar="ILLUSTRATION", help="colored picture of the same size, or a folder")
    _add_output(parser)
    what = "of a segment's pixels: median, mean (each per channel), or mode, the commonest color (median)"
    parser.add_argument("--statistic", choices=("median", "mean", "mode"), default="median", help=what)
    _add_close_gaps(parser)
    parser.add_argument("--json", action="store_true", help="describe the segments in a line on standard output")


def _add_close_gaps(parser: Any) -> None:
    what = "join stroke ends over gaps of at most N pixels (without N: 1/16 of the shorter side)"
    parser.add_argument("--close-gaps", metavar="N", nargs="?", type=_positive, const=True, help=what)


def _add_models(commands: Any) -> None:
    actions = _group(commands, "models", "list, download, verify and publish models")
    _command(actions, "list", "list the models that have a name of their own", _list_models)
    download = _command(actions, "download", "fetch all files of a model into the cache of the Hub", _download)
    _add_model(download, "model")
    _add_model(_command(actions, "verify", "compare a model's files with its manifest", _verify), "model", nargs="?")
    notes = "Without --push nothing is sent. The token is that of `hf auth login`, or of the environment's HF_TOKEN."
    publish = _command(actions, "publish", "publish a model on the Hugging Face Hub", _publish, notes)
    publish.add_argument("folder", metavar="FOLDER", type=Path, help="of the model; it gets a card if it has none")
    publish.add_argument("repo", metavar="ORG/NAME", help="on the Hub, made if it does not exist")
    publish.add_argument("--branch", metavar="B", help="to publish to, made if it does not exist (main)")
    publish.add_argument("--private", action="store_true", help="make a new one private")
    publish.add_argument("--push", action="store_true", help="send it")


def _add_data(commands: Any) -> None:
    actions = _group(commands, "data", "make data to train on")
    parser = _command(actions, "build", "draw and segment the drawings that nets learn from", _build)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="made if it is missing")
    parser.add_argument("--figures", metavar="N", type=_natural, default=8000, help="generated figures (8000)")
    parser.add_argument("--kits", metavar="N", type=_natural, default=8000, help="drawings from avatar kits (8000)")
    parser.add_argument("--validation", metavar="N", type=_natural, default=400, help="drawings to judge by (400)")
    parser.add_argument("--seed", metavar="S", type=_natural, default=0, help="of everything random (0)")
    parser.add_argument("--workers", metavar="W", type=_positive, default=1, help="processes (1)")

    parser = _command(actions, "prepare", "make a data set of a folder of illustrations", _prepare, PREPARE_NOTES)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="illustrations, in folders or not")
    parser.add_argument("-o", dest="data", metavar="DATA", type=Path, required=True, help="the data set")
    parser.add_argument("--tags", metavar="T", nargs="+", default=(), help="take only pictures with all these tags")
    parser.add_argument("--without", metavar="T", nargs="+", default=(), help="leave out those with any of these tags")
    parser.add_argument("--ratings", metavar="R", nargs="+", default=(), help="take only these ratings")
    parser.add_argument("--licence", metavar="L", default="unknown", help="of pictures whose metadata name none")
    parser.add_argument("--least-side", metavar="PX", type=_positive, default=256, help="leave smaller ones out (256)")
    parser.add_argument("--any-background", action="store_true", help="take pictures on other than plain ground, too")
    parser.add_argument("--no-super-resolution", action="store_true", help="enlarge by Lanczos: faster, ragged lines")
    parser.add_argument("--seed", metavar="S", type=_natural, default=0, help="of everything random (0)")
    parser.add_argument("--workers", metavar="W", type=_positive, help="processes (all cores)")

    parser = _command(actions, "yardstick", "fetch hand-made pictures to judge models by", _yardstick)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="made if it is missing")
    parser.add_argument("--sources", metavar="S", nargs="+", help="only these: comicgen, openmoji, ...")

    parser = _command(actions, "sheet", "draw a data set's contact sheet, report how it varies, write its card", _sheet)
    parser.add_argument("data", metavar="DATA", type=Path, help="gets sheet.png, diversity.json and README.md")
    parser.add_argument("--split", choices=("train", "validation"), default="train", help="(train)")
    parser.add_argument("-n", dest="count", metavar="N", type=_positive, default=24, help="drawings shown (24)")
    parser.add_argument("--seed", metavar="S", type=_natural, default=0, help="of their choice and colors (0)")

    parser = _command(actions, "verify", "compare a data set's files with its manifest", _verify_data)
    parser.add_argument("data", metavar="DATA", type=Path)


def _add_train(commands: Any) -> None:
    actions = _group(commands, "train", "train the stages of a model and export it")
    for stage, what in STAGES.items():
        parser = _command(actions, stage, f"train {what}", _train)
        parser.set_defaults(stage=stage)
        parser.add_argument("data", metavar="DATA", type=Path, help="folder made by `salac data build`")
        parser.add_argument(
            "--run", dest="runs", metavar="FOLDER", type=Path, required=True, help="of all stages together"
        )
        parser.add_argument("--minutes", metavar="M", type=float, default=float("inf"), help="stop after (no limit)")
        parser.add_argument("--steps", metavar="N", type=_positive, help="of the optimizer (the stage's own)")
        parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
        parser.add_argument("--start", metavar="MODEL", help="begin a new run with a model's weights (with chance)")
        parser.set_defaults(generator="palette")
        if stage == "proposal":
            _add_generator(parser)
        parser.add_argument("--seed", metavar="S", type=_natural, default=0, help="of everything random (0)")
        _add_device(parser)
        parser.add_argument("--threads", metavar="T", type=_positive, help="of the CPU (all)")
    parser = _command(actions, "export", "make a model of trained stages", _export)
    parser.add_argument("runs", metavar="RUNS", type=Path, help="the --run folder of all stages")
    parser.add_argument("--data", metavar="DATA", type=Path, required=True, help="that they were trained on")
    _add_generator(parser)
    parser.add_argument("-o", dest="output", metavar="MODEL_FOLDER", type=Path, required=True, help="the new model")


def _add_evaluate(commands: Any) -> None:
    purpose = "measure how good a model is, beside itself in parts and beside chance"
    parser = _command(commands, "evaluate", purpose, _evaluate, EVALUATE_NOTES)
    parser.add_argument("data", metavar="DATA", type=Path, help="drawings to judge by")
    _add_model(parser, "--model")
    parser.add_argument("--only", metavar="M", nargs="+", choices=MEASURES, help="these figures (all)")
    parser.add_argument("-n", dest="count", metavar="N", type=_positive, help="drawings, chosen by --seed (all)")
    parser.add_argument("--seed", metavar="S", type=_natural, default=0, help="of everything random (0)")
    parser.add_argument("-o", dest="output", metavar="REPORT", help="also write the table, as Markdown")
    parser.add_argument("--json", metavar="FILE", help="also write every figure of every drawing")
    _add_device(parser)


def _add_generator(parser: Any) -> None:
    what = "of proposals: segments that point at a palette, or the thesis' convolutions (palette)"
    parser.add_argument("--generator", choices=("palette", "conv"), default="palette", help=what)


def _add_inputs(parser: Any) -> None:
    what = "picture, folder, pattern such as 'pages/*.png', or - for standard input"
    parser.add_argument("inputs", metavar="IN", nargs="+", help=what)


def _add_output(parser: Any) -> None:
    parser.add_argument(
        "-o", dest="output", metavar="OUT", required=True, help="file, folder, or - for standard output"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace outputs that exist; never an input")
    parser.add_argument("--max-pixels", metavar="N", type=_positive, help="refuse larger pictures (40 million)")


def _add_model(parser: Any, flag: str, **how: Any) -> None:
    what = "name of a listed one, folder, or org/name[@revision] on the Hugging Face Hub (the installed one)"
    parser.add_argument(flag, metavar="MODEL", help=what, **how)


def _add_device(parser: Any) -> None:
    parser.add_argument("--device", metavar="D", help="cpu, cuda, cuda:1 (cuda where there is one)")


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return int(text)


def _radii(text: str) -> tuple[int, ...]:
    return tuple(_positive(radius) for radius in text.split(","))


def _format(text: str) -> str:
    from .image import LAYERED, WRITERS

    suffix = "." + text.lower().removeprefix(".")
    if suffix not in (*WRITERS, *LAYERED):
        raise argparse.ArgumentTypeError(f"cannot write {text!r}: choose one of {', '.join((*WRITERS, *LAYERED))}")
    return suffix


def _hex_color(text: str) -> str:
    from .color import parse_palette

    try:
        parse_palette([text])
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _colors(text: str) -> list[str]:
    """A hex color, or the colors of a palette file."""
    from .palette_files import KINDS, read_palette

    if not text.lower().endswith(KINDS):
        return [_hex_color(text)]
    try:
        return read_palette(text)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _lock(text: str) -> tuple[int | str, str]:
    what, _, color = text.rpartition("=")
    return (int(what) if what.isdecimal() else what), _hex_color(color)


# --- commands --------------------------------------------------------------------------------------------------------


def _colorize(args: argparse.Namespace) -> int:
    if args.n > 1 and (args.reference or args.palette):
        args.misused("-n takes colors by seed, --reference and --palette give them: leave one out")
    if args.output == STREAM and (args.n > 1 or args.stages or args.json or args.regions or args.format):
        args.misused("standard output has room for one PNG: leave out -n, --stages and the like, or choose a folder")
    from .image import LAYERED, MAX_PIXELS, WRITERS

    suffix = Path(args.output).suffix
    if args.format and suffix in (*WRITERS, *LAYERED):
        args.misused(f"OUT ends in {suffix} already: leave out --format, or choose a folder")
    batch = Batch(args, args.inputs, (*WRITERS, *LAYERED), args.n)
    for given in (*(args.reference or ()), *([args.hints] if args.hints else ())):
        batch.protect(given)
    if args.hints and len(batch.pictures) > 1:
        args.misused("--hints are drawn over one picture: color the others apart")
    limit = args.max_pixels or MAX_PIXELS

    import numpy as np

    from .colorizer import Colorizer
    from .export.flats import save_palette, save_regions
    from .steering import given_histogram
    from .zoo.hub import BUNDLED

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
    from .image import MAX_PIXELS, WRITERS

    batch = Batch(args, [args.input], tuple(WRITERS))

    import numpy as np

    from . import explore
    from .colorizer import Colorizer
    from .zoo.hub import BUNDLED

    colorizer = Colorizer.from_pretrained(args.model or BUNDLED, device=args.device)

    def draw(picture: str) -> None:
        target = batch.target(picture, "" if batch.to_file else "-variations")
        limit = args.max_pixels or MAX_PIXELS
        results = colorizer.variations(
            source(picture), args.n, seed=args.seed, refine=not args.flats, max_pixels=limit
        )
        if args.distinct:
            results = explore.distinct(results)
        shown = explore.nearest(results, args.near) if args.near else results
        sheet = explore.color_map(shown) if args.map else explore.contact_sheet(shown)
        batch.write(target, np.asarray(sheet))
        batch.finish_one(picture)

    return batch.run(draw)


def _description(picture: str, target: Path, result: Colorization, seconds: float) -> str:
    """A result as one line of JSON."""
    from .histogram import RGBuvHistogram

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


def _list_models(args: argparse.Namespace) -> int:
    from .zoo.registry import registry

    for name, model in registry().items():
        where = "installed" if model.folder else f"{model.repo}@{model.revision}"
        licence, files = model.manifest
        print(f"{name}  {len(files)} files, {model.manifest.size / 1e6:.1f} MB, {licence}, {where}")
        for file, facts in files.items():
            print(f"  {file:<32} {facts.size:>12,} bytes")
    return DONE


def _download(args: argparse.Namespace) -> int:
    from .zoo.hub import ModelSource

    source = ModelSource(args.model)
    for name in source.manifest:
        print(source.file(name), flush=True)
    return DONE


def _publish(args: argparse.Namespace) -> int:
    from .zoo.publish import prepare, publish, registry_entry

    for name, size in prepare(args.folder, args.repo).items():
        print(f"{name:<32} {size:>12,} bytes")
    if not args.push:
        print(f"nothing is sent to {args.repo} yet: pass --push")
        return DONE
    commit = publish(args.folder, args.repo, private=args.private or None, revision=args.branch)
    print(f"published as {args.repo}@{commit}; to pin it in the registry:")
    print(json.dumps(registry_entry(args.folder, args.repo, commit), indent=1))
    return DONE


def _verify(args: argparse.Namespace) -> int:
    from .zoo.hub import BUNDLED, ModelSource

    source = ModelSource(args.model or BUNDLED)
    code = DONE
    for name in source.manifest:
        try:
            source.file(name)
            print(f"{name}: as in the manifest")
        except SalacError as error:
            complain(error)
            code = FAILED
    return code


def _build(args: argparse.Namespace) -> int:
    with _training_extra():
        # The figure generator's, met here rather than in a worker process with the data set half made.
        import_module("skia")

        from .training.build import build

        build(
            args.folder,
            figures=args.figures,
            kits=args.kits,
            validation=args.validation,
            seed=args.seed,
            workers=args.workers,
        )
    return DONE


def _prepare(args: argparse.Namespace) -> int:
    with _training_extra():
        from .training.prepare import Manner, prepare_folder
        from .training.sidecars import Wanted

        prepare_folder(
            args.folder,
            args.data,
            wanted=Wanted(tags=tuple(args.tags), without=tuple(args.without), ratings=tuple(args.ratings)),
            manner=Manner(
                least_side=args.least_side,
                any_background=args.any_background,
                super_resolution=not args.no_super_resolution,
                seed=args.seed,
            ),
            licence=args.licence,
            workers=args.workers,
        )
    return DONE


def _yardstick(args: argparse.Namespace) -> int:
    with _training_extra():
        from .training.yardstick import make_yardstick

        make_yardstick(args.folder, args.sources)
    return DONE


def _sheet(args: argparse.Namespace) -> int:
    with _training_extra():
        from .training.contact import write_card, write_report, write_sheet

        write_sheet(args.data, args.data / "sheet.png", split=args.split, count=args.count, seed=args.seed)
        print(write_report(args.data, args.data / "diversity.json", split=args.split, seed=args.seed))
        write_card(args.data)
    return DONE


def _verify_data(args: argparse.Namespace) -> int:
    from .training.packs import verify

    wrong = verify(args.data)
    for line in wrong:
        complain(line)
    if not wrong:
        print(f"{args.data}: as in the manifest")
    return FAILED if wrong else DONE


def _train(args: argparse.Namespace) -> int:
    with _training_extra():
        from .training.recipes import train_stage

        train_stage(
            args.stage,
            args.data,
            args.runs,
            minutes=args.minutes,
            steps=args.steps,
            resume=args.resume,
            seed=args.seed,
            device=args.device,
            threads=args.threads,
            generator=args.generator,
            start=args.start,
        )
    return DONE


def _export(args: argparse.Namespace) -> int:
    with _training_extra():
        from .training.recipes import export

        export(args.data, args.runs, args.output, generator=args.generator)
    return DONE


def _evaluate(args: argparse.Namespace) -> int:
    with _training_extra():
        return evaluate_model(args)


@contextmanager
def _training_extra() -> Iterator[None]:
    """Turn the lack of an optional dependency into the advice to install it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).startswith("salac"):
            raise
        raise MissingExtraError(f'{error.name} is not installed: pip install "salac[train]"') from error


if __name__ == "__main__":
    sys.exit(main())
