"""`salac evaluate`: how good a model is, as a table."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import __version__
from .arguments import add_device, add_model, command, extra, natural, positive
from .batch import DONE

MEASURES = ("colors", "lpips", "fid", "steering")
"""What `--only` may name."""

EVALUATE_NOTES = """\
DATA: a yardstick (`salac data yardstick`), a data set, whose validation split is
taken, or a folder of drawings page.png with their pictures page.color.png.

--only, several:
  colors    CIEDE2000 with the artist's histogram given, beside chance; categories
  lpips     perceptual distance to the artist's picture, its histogram given
  fid       Frechet and kernel Inception distance, histograms sampled
  steering  asked/got, diversity over 16 histograms, evenness between two

Beside the model stand the model without style clusters, without categories and
without refiner; random colors; one mean color; where the package gmic is
installed, G'MIC's Smart Coloring; and the baselines that `salac train alacgan`
and `salac train generative` have left in RUNS. fid and lpips fetch weights once, 81 and 64 MB.
"""


def add_evaluate(commands: Any) -> None:
    """Add `salac evaluate`."""
    purpose = "measure how good a model is, beside itself in parts and beside chance"
    parser = command(commands, "evaluate", purpose, _evaluate, EVALUATE_NOTES)
    parser.add_argument("data", metavar="DATA", type=Path, help="drawings to judge by")
    add_model(parser, "--model")
    parser.add_argument("--baselines", metavar="RUNS", type=Path, help="--run folder of trained baselines to add")
    parser.add_argument("--only", metavar="M", nargs="+", choices=MEASURES, help="these figures (all)")
    parser.add_argument("-n", dest="count", metavar="N", type=positive, help="drawings, chosen by --seed (all)")
    parser.add_argument("--seed", metavar="S", type=natural, default=0, help="of everything random (0)")
    parser.add_argument("-o", dest="output", metavar="REPORT", help="also write the table, as Markdown")
    parser.add_argument("--json", metavar="FILE", help="also write every figure of every drawing")
    add_device(parser)


def _evaluate(args: argparse.Namespace) -> int:
    with extra("eval"):
        from ..colorizer import Colorizer
        from ..evaluation.drawings import read_drawings
        from ..evaluation.methods import methods_of
        from ..evaluation.table import evaluate
        from ..image import whole_file
        from ..training.baselines import painters
        from ..zoo.hub import BUNDLED

    drawings = read_drawings(args.data, args.count, args.seed)
    model = args.model or BUNDLED
    colorizer = Colorizer.from_pretrained(model, device=args.device)
    only = [name for name in MEASURES if name in (args.only or MEASURES)]
    methods = methods_of(colorizer, model, painters(args.baselines, args.device) if args.baselines else ())
    report = evaluate(drawings, methods, colorizer.histograms, only=only, seed=args.seed)
    if args.output:
        with whole_file(args.output) as file:
            file.write(report.markdown().encode())
    if args.json:
        facts = {"salac": __version__, "model": model, "data": args.data.name, "seed": args.seed}
        with whole_file(args.json) as file:
            file.write((json.dumps(facts | asdict(report), indent=1) + "\n").encode())
    print(report.markdown(), end="")
    return DONE
