"""Color one drawing; save the picture and a sheet of every stage on the way.

python examples/colorize.py [SKETCH]

Pictures are written to the folder out/.
"""

import sys
from pathlib import Path

import salac

SKETCHES = Path(__file__).parent / "sketches"
OUTPUT = Path("out")


def main(sketch: Path = SKETCHES / "portrait.png") -> None:
    """Color `sketch`, any picture of dark lines on light paper."""
    OUTPUT.mkdir(exist_ok=True)
    result = salac.colorize(sketch)
    result.save(OUTPUT / f"{sketch.stem}-colored.png")
    result.sheet().save(OUTPUT / f"{sketch.stem}-stages.png")
    height, width = result.sketch.shape
    print(f"{sketch.name}: {width} x {height} px, {result.segments.count} segments, saved in {OUTPUT}/")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
