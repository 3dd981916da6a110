"""`salac train`: one command a stage, and the export of what they learned."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .arguments import add_device, command, extra, group, natural, positive
from .batch import DONE

STAGES = {
    "style-gan": "the StyleGAN2 whose layers define the style clusters (thesis 3.2.2)",
    "style-clusters": "the nets that see style clusters in a sketch (3.2.2)",
    "categories": "the net that sees color categories in a sketch (3.3.1)",
    "proposal": "the generator of color proposals (3.3.2)",
    "refiner": "the generator that refines proposals (3.4)",
    "alacgan": "AlacGAN, a baseline to compare with (4.3)",
    "generative": "one GAN without the stages, a baseline to compare with (4.3)",
}
"""What `salac train` trains, in the order in which they need each other; the baselines need none."""

BASELINES = ("alacgan", "generative")
"""Those that are no part of a model."""


def add_train(commands: Any) -> None:
    """Add `salac train`."""
    actions = group(commands, "train", "train the stages of a model and export it")
    for stage, what in STAGES.items():
        parser = command(actions, stage, f"train {what}", _train)
        parser.set_defaults(stage=stage)
        parser.add_argument("data", metavar="DATA", type=Path, help="folder made by `salac data build`")
        parser.add_argument(
            "--run", dest="runs", metavar="FOLDER", type=Path, required=True, help="of all stages together"
        )
        parser.add_argument("--minutes", metavar="M", type=float, default=float("inf"), help="stop after (no limit)")
        parser.add_argument("--steps", metavar="N", type=positive, help="of the optimizer (the stage's own)")
        parser.add_argument("--batch", metavar="B", type=positive, help="drawings of a step (the stage's own)")
        parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
        parser.add_argument("--start", metavar="MODEL", help="begin a new run with a model's weights (random ones)")
        parser.set_defaults(generator="palette", size="tiny", features="style-gan")
        if stage not in BASELINES:
            _add_size(parser)
        if stage == "proposal":
            _add_generator(parser)
        if stage == "style-clusters":
            _add_features(parser)
        parser.add_argument("--seed", metavar="S", type=natural, default=0, help="of everything random (0)")
        add_device(parser)
        parser.add_argument("--threads", metavar="T", type=positive, help="of the CPU (all)")
    parser = command(actions, "export", "make a model of trained stages", _export)
    parser.add_argument("runs", metavar="RUNS", type=Path, help="the --run folder of all stages")
    parser.add_argument("--data", metavar="DATA", type=Path, required=True, help="that they were trained on")
    _add_generator(parser)
    _add_size(parser)
    parser.add_argument("-o", dest="output", metavar="MODEL_FOLDER", type=Path, required=True, help="the new model")


def _add_generator(parser: Any) -> None:
    what = "of proposals: segments that point at a palette, or the thesis' convolutions (palette)"
    parser.add_argument("--generator", choices=("palette", "conv"), default="palette", help=what)


def _add_features(parser: Any) -> None:
    what = "that are clustered: the StyleGAN2's, or the proposal net's, salac-tiny's if none was trained (style-gan)"
    parser.add_argument("--features", choices=("style-gan", "proposal"), default="style-gan", help=what)


def _add_size(parser: Any) -> None:
    what = "of the nets: salac-tiny's, or the wider ones of salac-base at 512 px, for GPUs (tiny)"
    parser.add_argument("--size", choices=("tiny", "base"), default="tiny", help=what)


def _train(args: argparse.Namespace) -> int:
    with extra("train"):
        from ..training.recipes import train_stage

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
            batch=args.batch,
            generator=args.generator,
            start=args.start,
            size=args.size,
            features=args.features,
        )
    return DONE


def _export(args: argparse.Namespace) -> int:
    with extra("train"):
        from ..training.recipes import export

        export(args.data, args.runs, args.output, generator=args.generator, size=args.size)
    return DONE
