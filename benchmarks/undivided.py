"""How often segments that no line divides have one color in the artist's picture.

    python benchmarks/undivided.py [FOLDER ...] [-n 100]

Figures that are drawn for it, and the drawings of every FOLDER, as `salac evaluate` takes them. Of pairs of segments in
the figure that meet along a border of which at least a share is without line: how many there are, and how many of them
have one color, which CIEDE2000 tells apart by no more than 10.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from failures import probes_of

from salac._tbs.borders import blank_borders
from salac.evaluation.colors import VISIBLE, differences
from salac.evaluation.failures import Probe, held_out_figures
from salac.tbs import THRESHOLD

SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)


def count(probes: Iterable[Probe]) -> np.ndarray:
    """Pairs, and pairs of one color, for each of `SHARES`: (shares, 2)."""
    counts = np.zeros((len(SHARES), 2), np.int64)
    for probe in probes:
        pairs, blank = blank_borders(probe.subject.gray, probe.subject.segments.labels, THRESHOLD)
        figure = (probe.areas[pairs] > 0).all(1)
        one, other = pairs[figure].T
        alike = differences(probe.true[one], probe.true[other]) <= VISIBLE
        for row, share in enumerate(SHARES):
            enough = blank[figure] >= share
            counts[row] += np.count_nonzero(enough), np.count_nonzero(enough & alike)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="FOLDER", type=Path, nargs="*", help="drawings by artists")
    parser.add_argument("-n", dest="most", metavar="N", type=int, default=100, help="drawings of a kind at most (100)")
    args = parser.parse_args()
    print("| drawings |", *(f"{share:g} without line |" for share in SHARES))
    print("|---|" + "---:|" * len(SHARES))
    kinds: dict[str, Iterable[Probe]] = {"own figures": held_out_figures(args.most)}
    kinds |= {folder.name: probes_of(folder, args.most) for folder in args.folders}
    for name, probes in kinds.items():
        cells = (f"{same / max(1, pairs):.1%} of {pairs} |" for pairs, same in count(probes))
        print(f"| {name} |", *cells, flush=True)


if __name__ == "__main__":
    main()
