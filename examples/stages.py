"""Run each stage by hand, from a sketch to a picture, to look at what passes between them or to change it.

    python examples/stages.py [SKETCH]

This is what `salac.colorize` does, spelled out; every stage also works alone. Pictures are written to the folder out/.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

import salac
from salac.color import CATEGORIES, parse_palette
from salac.image import read_drawing
from salac.stages import ColorCategories, ColorProposal, Refiner, StyleClusters

SKETCHES = Path(__file__).parent / "sketches"
OUTPUT = Path("out")


def main(sketch: Path = SKETCHES / "seated.png") -> None:
    """Color `sketch` stage by stage."""
    OUTPUT.mkdir(exist_ok=True)

    # Decode: gray, paper white, ink dark.
    gray = read_drawing(sketch)

    # Segments, then grown over the line, so that every pixel belongs to one.
    segments = salac.segment(gray).nearest()

    # Semantics: style clusters are cues for the color category of every segment.
    clusters = StyleClusters.from_pretrained()(gray, segments)
    categories = ColorCategories.from_pretrained()(gray, segments, clusters)
    for index, name in enumerate(CATEGORIES):
        print(f"{name:>18} {np.mean(categories == index):6.1%}")

    # Color: one per segment, drawn from a histogram; here that of three hex colors.
    histogram = salac.RGBuvHistogram().from_palette(*parse_palette(["#f7d7c4:2", "#3b4cc0", "#c8632b"]))
    proposal = ColorProposal.from_pretrained()(gray, segments, categories, histogram=histogram)
    Image.fromarray(proposal).save(OUTPUT / f"{sketch.stem}-proposal.png")

    # Refinement: shade within segments, and the artist's line on top.
    image = Refiner.from_pretrained()(gray, segments, proposal=proposal)
    Image.fromarray(image).save(OUTPUT / f"{sketch.stem}-refined.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
