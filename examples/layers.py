"""Save a colored drawing in layers, to go on painting in Photoshop, Krita, GIMP or Clip Studio.

python examples/layers.py [SKETCH]

Files are written to the folder out/.
"""

import sys
from pathlib import Path

import salac

SKETCHES = Path(__file__).parent / "sketches"
OUTPUT = Path("out")


def main(sketch: Path = SKETCHES / "seated.png") -> None:
    """Write `sketch` as .psd and .ora, and its palette as .gpl."""
    OUTPUT.mkdir(exist_ok=True)
    result = salac.colorize(sketch)
    # Paper, flats by color category, shade, light and the line; a flat given another color stays shaded.
    result.save(OUTPUT / f"{sketch.stem}.psd")
    result.save(OUTPUT / f"{sketch.stem}.ora")
    result.save(OUTPUT / f"{sketch.stem}.gpl")
    for entry in result.palette():
        print(entry)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
