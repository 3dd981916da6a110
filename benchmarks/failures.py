"""How often a model fails, and how: `python benchmarks/failures.py [FOLDER ...] [--model M] [-n 200]`.

Counted are figures that are drawn here, which no data set holds, and drawings by artists: every FOLDER holds some, as
`salac evaluate` takes them. A model is a name or a folder. Each drawing is given its own colors. Printed is a Markdown
table: for every failure the share of drawings that show it, of those that can.
"""

import argparse
import json
from itertools import islice
from pathlib import Path

from tqdm import tqdm

import salac
from salac.errors import InputError
from salac.evaluation.drawings import read_drawings
from salac.evaluation.failures import FAILURES, Probe, amounts, hand_drawn, held_out_figures, rate
from salac.evaluation.methods import Chain
from salac.zoo.hub import BUNDLED


def probes_of(folder: Path, most: int) -> list[Probe]:
    """Drawings of a folder that can be judged."""
    found = []
    for drawing in read_drawings(folder, most):
        try:
            found.append(hand_drawn(drawing))
        except InputError as error:
            print(f"left out: {drawing.name}, {error}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="FOLDER", type=Path, nargs="*", help="drawings by artists")
    parser.add_argument("--model", metavar="M", default=BUNDLED, help="name or folder (%(default)s)")
    parser.add_argument("-n", dest="most", metavar="N", type=int, default=200, help="drawings of a kind (%(default)s)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the amounts of every drawing")
    args = parser.parse_args()
    chain = Chain(colorizer=salac.Colorizer.from_pretrained(args.model), name=args.model)
    found: dict[str, list[dict[str, float | None]]] = {}
    each = []
    kinds = {"figures": held_out_figures(args.most)} | {f.name: iter(probes_of(f, args.most)) for f in args.folders}
    for kind, probes in kinds.items():
        found[kind] = []
        for probe in tqdm(islice(probes, args.most), kind, total=args.most, disable=None, unit="drawing"):
            found[kind].append(amounts(chain, probe))
            each.append({"kind": kind, "drawing": probe.subject.name} | found[kind][-1])
    if args.json:
        args.json.write_text(json.dumps({"model": args.model, "each": each}, indent=1) + "\n")
    heads = ["failure", "what is measured", "fails above", *(f"{kind}, {len(rows)}" for kind, rows in found.items())]
    lines = [heads, ["---"] * 2 + ["---:"] * (len(heads) - 2)]
    for name, failure in FAILURES.items():
        rates = [rate(name, rows) for rows in found.values()]
        cells = [f"{share:.0%} of {able}" if able else "" for share, able in rates]
        lines.append([name, failure.about, f"{failure.limit:.2g}", *cells])
    print("\n".join("| " + " | ".join(line) + " |" for line in lines))


if __name__ == "__main__":
    main()
