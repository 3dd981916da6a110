"""The command `salac evaluate`: how good a model is, as a table."""

from __future__ import annotations

import argparse
import json

from . import __version__
from ._batch import DONE

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
without refiner; random colors; one mean color; and, where the package gmic is
installed, G'MIC's Smart Coloring. fid and lpips fetch weights once, 81 and 64 MB.
"""


def evaluate_model(args: argparse.Namespace) -> int:
    """Run `salac evaluate` and return the exit code."""
    from .colorizer import Colorizer
    from .evaluation.drawings import read_drawings
    from .evaluation.methods import methods_of
    from .evaluation.table import evaluate
    from .image import whole_file
    from .zoo.hub import BUNDLED

    drawings = read_drawings(args.data, args.count, args.seed)
    model = args.model or BUNDLED
    colorizer = Colorizer.from_pretrained(model, device=args.device)
    only = [name for name in MEASURES if name in (args.only or MEASURES)]
    report = evaluate(drawings, methods_of(colorizer, model), colorizer.histograms, only=only, seed=args.seed)
    if args.output:
        with whole_file(args.output) as file:
            file.write(report.markdown().encode())
    if args.json:
        facts = {"salac": __version__, "model": model, "data": args.data.name, "seed": args.seed}
        told = {"drawings": report.drawings, "left_out": report.left_out, "rows": report.rows, "each": report.each}
        with whole_file(args.json) as file:
            file.write((json.dumps(facts | told, indent=1) + "\n").encode())
    print(report.markdown(), end="")
    return DONE
