"""Color one drawing by eight histograms of the model's bank, side by side on one contact sheet.

python examples/variations.py [SKETCH]

Pictures are written to the folder out/.
"""

import sys
from pathlib import Path

import salac
from salac import explore

SKETCHES = Path(__file__).parent / "sketches"
OUTPUT = Path("out")


def main(sketch: Path = SKETCHES / "anime.png") -> None:
    """Put eight colorizations of `sketch` on one sheet, those of seeds 0 to 7 in rows."""
    OUTPUT.mkdir(exist_ok=True)
    colorizer = salac.Colorizer.from_pretrained()
    # Segments, style clusters and categories are made once; each further variation costs only its colors.
    sheet = explore.contact_sheet(colorizer.variations(sketch, n=8), tile=400, columns=4)
    sheet.save(OUTPUT / f"{sketch.stem}-variations.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
