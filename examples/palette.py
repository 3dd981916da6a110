"""Steer the colors of a drawing: by hex colors, by a reference picture, by the histogram of an earlier result.

    python examples/palette.py [SKETCH] [REFERENCE]

Without REFERENCE, the result by hex colors serves as the reference picture. Pictures are written to the folder out/.
"""

import sys
from pathlib import Path

import salac

SKETCHES = Path(__file__).parent / "sketches"
OUTPUT = Path("out")
AUTUMN = ["#f3d9c0:3", "#7a3b2e:2", "#c8632b", "#e0a63c", "#4d5a3a"]
"""Colors to draw from; ":3" asks for three times the area of a color without a weight."""


def main(sketch: Path = SKETCHES / "anime-bust.png", reference: Path | None = None) -> None:
    """Color `sketch` in three ways."""
    OUTPUT.mkdir(exist_ok=True)
    colorizer = salac.Colorizer.from_pretrained()

    by_palette = colorizer(sketch, palette=AUTUMN)
    by_palette.save(OUTPUT / f"{sketch.stem}-palette.png")

    by_reference = colorizer(sketch, reference=reference or by_palette.image)
    by_reference.save(OUTPUT / f"{sketch.stem}-reference.png")

    # A histogram carries colors from one drawing to another: a cast of characters in one color scheme.
    other = SKETCHES / "full-figure.png"
    colorizer(other, histogram=by_palette.histogram).save(OUTPUT / f"{other.stem}-same-colors.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
