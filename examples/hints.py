"""Color a drawing by scribbles, and go on from the result: lock a segment, repaint another.

python examples/hints.py [SKETCH] [HINTS]

HINTS is a picture of the sketch's size, transparent where nothing is scribbled; without one, two strokes stand in.
Pictures are written to the folder out/.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import salac
from salac.image import read_drawing

SKETCHES = Path(__file__).parent / "sketches"
OUTPUT = Path("out")


def strokes(height: int, width: int) -> Image.Image:
    """A red stroke in the upper middle and a blue one in the lower, on a transparent layer."""
    layer = Image.new("RGBA", (width, height))
    draw = ImageDraw.Draw(layer)
    for y, color in ((0.2, "#c8202a"), (0.85, "#2f4f9f")):
        draw.line((0.45 * width, y * height, 0.55 * width, y * height), color, width // 60)
    return layer


def main(sketch: Path = SKETCHES / "portrait.png", hints: Path | None = None) -> None:
    """Color `sketch` by hints, then change the result."""
    OUTPUT.mkdir(exist_ok=True)
    colorizer = salac.Colorizer.from_pretrained()
    result = colorizer(sketch, hints=hints or strokes(*read_drawing(sketch).shape))
    result.save(OUTPUT / f"{sketch.stem}-hints.png")

    # The largest segment that is not paper, in green; the others are proposed anew around it.
    painted = (result.proposal < 255).any(2)
    largest = int(np.bincount(result.segments.labels[painted])[1:].argmax()) + 1
    colorizer.resume(result, lock={largest: "#5a8f6a"}).save(OUTPUT / f"{sketch.stem}-locked.png")

    # The same in the proposal: no other segment changes.
    proposal = result.proposal.copy()
    proposal[result.segments.nearest().labels == largest] = (90, 143, 106)
    colorizer.resume(result, proposal=proposal).save(OUTPUT / f"{sketch.stem}-repainted.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
