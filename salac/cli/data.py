"""`salac data`: pictures to train on and to judge by."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import Any

from .arguments import command, extra, group, natural, positive
from .batch import DONE, FAILED, complain

PREPARE_NOTES = """\
metadata:
  picture.json beside picture.png, or FOLDER/metadata.jsonl with a line for each:
  {"file": "a/b.png", "tags": ["solo"], "rating": "g", "licence": "CC0-1.0",
  "attribution": "...", "identity": "..."}; pictures of one identity are either
  all trained on or all held out.

An interrupted run goes on where it stopped when the command is repeated.
DATA/skipped.txt lists every picture that was left out, and why.
"""


def add_data(commands: Any) -> None:
    """Add `salac data`."""
    actions = group(commands, "data", "make data to train on")
    parser = command(actions, "build", "draw and segment the drawings that nets learn from", _build)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="made if it is missing")
    parser.add_argument("--figures", metavar="N", type=natural, default=8000, help="generated figures (8000)")
    parser.add_argument("--kits", metavar="N", type=natural, default=8000, help="drawings from avatar kits (8000)")
    parser.add_argument(
        "--clipart",
        metavar="S",
        nargs="*",
        help="take openly licensed clip art, too: all, or only noto, twemoji, ..., openclipart (by apt-get)",
    )
    parser.add_argument("--validation", metavar="N", type=natural, default=400, help="drawings to judge by (400)")
    parser.add_argument("--seed", metavar="S", type=natural, default=0, help="of everything random (0)")
    parser.add_argument("--workers", metavar="W", type=positive, default=1, help="processes (1)")

    parser = command(actions, "prepare", "make a data set of a folder of illustrations", _prepare, PREPARE_NOTES)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="illustrations, in folders or not")
    parser.add_argument("-o", dest="data", metavar="DATA", type=Path, required=True, help="the data set")
    parser.add_argument("--tags", metavar="T", nargs="+", default=(), help="take only pictures with all these tags")
    parser.add_argument("--without", metavar="T", nargs="+", default=(), help="leave out those with any of these tags")
    parser.add_argument("--ratings", metavar="R", nargs="+", default=(), help="take only these ratings")
    parser.add_argument("--licence", metavar="L", default="unknown", help="of pictures whose metadata name none")
    parser.add_argument("--least-side", metavar="PX", type=positive, default=256, help="leave smaller ones out (256)")
    parser.add_argument("--any-background", action="store_true", help="take pictures on other than plain ground, too")
    parser.add_argument("--no-super-resolution", action="store_true", help="enlarge by Lanczos: faster, ragged lines")
    parser.add_argument("--seed", metavar="S", type=natural, default=0, help="of everything random (0)")
    parser.add_argument("--workers", metavar="W", type=positive, help="processes (all cores)")

    parser = command(actions, "yardstick", "fetch hand-made pictures to judge models by", _yardstick)
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="made if it is missing")
    parser.add_argument("--sources", metavar="S", nargs="+", help="only these: comicgen, openmoji, ...")

    parser = command(actions, "sheet", "draw a data set's contact sheet, report how it varies, write its card", _sheet)
    parser.add_argument("data", metavar="DATA", type=Path, help="gets sheet.png, diversity.json and README.md")
    parser.add_argument("--split", choices=("train", "validation"), default="train", help="(train)")
    parser.add_argument("-n", dest="count", metavar="N", type=positive, default=24, help="drawings shown (24)")
    parser.add_argument("--seed", metavar="S", type=natural, default=0, help="of their choice and colors (0)")

    parser = command(actions, "verify", "compare a data set's files with its manifest", _verify)
    parser.add_argument("data", metavar="DATA", type=Path)


def _build(args: argparse.Namespace) -> int:
    with extra("train"):
        # The figure generator's, met here rather than in a worker process with the data set half made.
        import_module("skia")

        from ..training.build import build
        from ..training.clipart import SOURCES

        build(
            args.folder,
            figures=args.figures,
            kits=args.kits,
            clipart=() if args.clipart is None else args.clipart or tuple(SOURCES),
            validation=args.validation,
            seed=args.seed,
            workers=args.workers,
        )
    return DONE


def _prepare(args: argparse.Namespace) -> int:
    with extra("train"):
        from ..training.prepare import Manner, prepare_folder
        from ..training.sidecars import Wanted

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
    with extra("train"):
        from ..training.yardstick import make_yardstick

        make_yardstick(args.folder, args.sources)
    return DONE


def _sheet(args: argparse.Namespace) -> int:
    with extra("train"):
        from ..training.contact import write_card, write_report, write_sheet

        write_sheet(args.data, args.data / "sheet.png", split=args.split, count=args.count, seed=args.seed)
        print(write_report(args.data, args.data / "diversity.json", split=args.split, seed=args.seed))
        write_card(args.data)
    return DONE


def _verify(args: argparse.Namespace) -> int:
    from ..training.packs import verify

    wrong = verify(args.data)
    for line in wrong:
        complain(line)
    if not wrong:
        print(f"{args.data}: as in the manifest")
    return FAILED if wrong else DONE
