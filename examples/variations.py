"""Color one drawing by eight histograms of the model's bank, side by side on one contact sheet.

python examples/variations.py [SKETCH]

Pictures are written to the folder out/.
"""

import sys
from pathlib import Path

from PIL import Image

import salac

SKETCHES = Path(__file__).parent / "sketches"
OUTPUT = Path("out")
COLUMNS, ROWS, TILE, GAP = 4, 2, 400, 8


def main(sketch: Path = SKETCHES / "anime.png") -> None:
    """Put eight colorizations of `sketch` on one sheet, those of seeds 0 to 7 in rows."""
    OUTPUT.mkdir(exist_ok=True)
    colorizer = salac.Colorizer.from_pretrained()
    sheet = Image.new("RGB", (COLUMNS * (TILE + GAP) - GAP, ROWS * (TILE + GAP) - GAP), "white")
    # Segments, style clusters and categories are made once; each further variation costs only its colors.
    for result in colorizer.variations(sketch, n=COLUMNS * ROWS):
        row, column = divmod(result.seed, COLUMNS)
        picture = Image.fromarray(result.image)
        picture.thumbnail((TILE, TILE))
        margin = (TILE - picture.width) // 2, (TILE - picture.height) // 2
        sheet.paste(picture, (column * (TILE + GAP) + margin[0], row * (TILE + GAP) + margin[1]))
    sheet.save(OUTPUT / f"{sketch.stem}-variations.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
