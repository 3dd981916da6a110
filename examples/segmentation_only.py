"""Divide a drawing into segments and fill them with the colors of an illustration; no neural net takes part.

    python examples/segmentation_only.py [SKETCH] [ILLUSTRATION]

The illustration has the sketch's size; without one, a gradient stands in. Pictures are written to out/.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import salac

SKETCHES = Path(__file__).parent / "sketches"
OUTPUT = Path("out")


def gradient(height: int, width: int) -> NDArray[np.uint8]:
    """Blue to red from left to right, darker to the bottom: uint8 sRGB (H, W, 3)."""
    down, right = np.mgrid[:height, :width] / np.array([height, width]).reshape(2, 1, 1)
    return (255 * np.stack([right, 0.75 - 0.5 * down, 1 - right], axis=-1)).astype(np.uint8)


def main(sketch: Path = SKETCHES / "still-life.png", illustration: Path | None = None) -> None:
    """Save the segments of `sketch` as a colored map, and filled from `illustration`."""
    OUTPUT.mkdir(exist_ok=True)
    segments = salac.segment(sketch)
    print(f"{segments.count} segments, the largest {segments.areas[1:].max()} px; {segments.areas[0]} px of line")
    print(f"{len(segments.nearest().adjacency.pairs)} pairs of segments meet across a line")

    random_colors = np.random.default_rng(0).integers(90, 256, (segments.count + 1, 3), dtype=np.uint8)
    random_colors[0] = 0
    Image.fromarray(random_colors[segments.labels]).save(OUTPUT / f"{sketch.stem}-segments.png")

    source = illustration or gradient(*segments.labels.shape)
    filled = salac.fill_segments(segments, source)
    Image.fromarray(filled).save(OUTPUT / f"{sketch.stem}-filled.png")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
