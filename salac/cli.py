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
from ._batch import DONE, FAILED, INTERRUPTED, STREAM, Batch, complain, write_labels
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
    for add in (_add_colorize, _add_segment, _add_fill, _add_models, _add_data, _add_train):
        add(commands)
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


def _add_segment(commands: Any) -> None:
    notes = "OUT with suffix .npz gets the arrays labels (0 = line), areas and radius instead of a picture."
    parser = _command(commands, "segment", "find the segments that lines enclose, gaps or not", _segment, notes)
    _add_inputs(parser)
    _add_output(parser)
    parser.add_argument("--radii", metavar="R,R", type=_radii, help="of the balls in pixels: 8,5,3,2,1 (by size)")
    parser.add_argument("--lines", choices=("keep", "nearest"), default="keep", help="black, or of a segment (keep)")


def _add_fill(commands: Any) -> None:
    parser = _command(commands, "fill", "fill a sketch's segments with the colors of its illustration", _fill)
    parser.add_argument("sketch", metavar="SKETCH", help="line drawing")
    parser.add_argument("illustration", metavar="ILLUSTRATION", help="colored picture of the same size")
    _add_output(parser)


def _add_models(commands: Any) -> None:
    actions = _group(commands, "models", "list and verify models")
    _command(actions, "list", "list the models that are installed with salac", _list_models)
    _add_model(_command(actions, "verify", "compare a model's files with its manifest", _verify), "model", nargs="?")


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
    what = "name of an installed one, folder, or org/name on the Hugging Face Hub (the installed one)"
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


def _colors(text: str) -> list[str]:
    """A hex color, or the colors of a palette file."""
    from .color import parse_palette
    from .palette_files import read_palette

    try:
        if Path(text).suffix:
            return read_palette(text)
        parse_palette([text])
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return [text]


def _lock(text: str) -> tuple[int | str, str]:
    what, _, color = text.rpartition("=")
    (entry,) = _colors(color)
    return (int(what) if what.isdecimal() else what), entry


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
        sketch = _source(picture)
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


def _segment(args: argparse.Namespace) -> int:
    from .image import MAX_PIXELS, WRITERS, read_drawing

    batch = Batch(args, args.inputs, (*WRITERS, ".npz"))

    from .export.sheet import label_colors
    from .tbs import segment

    def divide(picture: str) -> None:
        target = batch.target(picture)
        sketch = read_drawing(_source(picture), max_pixels=args.max_pixels or MAX_PIXELS)
        segments = segment(sketch, radii=args.radii, lines=args.lines)
        if target.suffix.lower() == ".npz":
            write_labels(target, segments)
        else:
            batch.write(target, label_colors(segments.labels))
        batch.finish_one(picture)

    return batch.run(divide)


def _fill(args: argparse.Namespace) -> int:
    from .image import MAX_PIXELS, WRITERS, read_picture, read_sketch

    batch = Batch(args, [args.sketch], tuple(WRITERS))
    batch.protect(args.illustration)
    limit = args.max_pixels or MAX_PIXELS

    from .tbs import fill_segments, segment

    def fill(picture: str) -> None:
        target = batch.target(picture)
        segments = segment(read_sketch(_source(picture), max_pixels=limit))
        illustration = read_picture(_source(args.illustration), max_pixels=limit)
        batch.write(target, fill_segments(segments, illustration))
        batch.finish_one(picture)

    return batch.run(fill)


def _source(picture: str) -> str | bytes:
    return sys.stdin.buffer.read() if picture == STREAM else picture


def _list_models(args: argparse.Namespace) -> int:
    from .zoo.hub import ModelSource, bundled_models

    for name in bundled_models():
        files = ModelSource(name).manifest
        print(f"{name}  {len(files)} files, {sum(file['size'] for file in files.values()) / 1e6:.1f} MB")
        for file, facts in files.items():
            print(f"  {file:<32} {facts['size']:>12,} bytes")
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
