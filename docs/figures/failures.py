"""Make the picture of failures of docs/evaluation.md with the bundled model: `python docs/figures/failures.py`.

Of 80 figures that no data set holds each failure shows the one with most of it: the drawing, ours, the right colors.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import salac
from salac._tbs.carry import lay_line
from salac.evaluation.failures import FAILURES, Probe, amounts, held_out_figures
from salac.evaluation.methods import Chain
from salac.tbs import paint

HERE = Path(__file__).parent
FIGURES, ACROSS = 80, 2
TILE, CAPTION, GAP = 200, 24, 8


def triple(chain: Chain, probe: Probe) -> list[np.ndarray]:
    """The drawing, what became of it, and its right colors."""
    gray = probe.subject.gray
    ours = chain.on(probe.subject).image(probe.histogram, 0)
    return [gray, ours, lay_line(paint(probe.subject.segments, probe.true), gray)]


def main() -> None:
    """Write failures.png beside this file."""
    chain = Chain(colorizer=salac.Colorizer.from_pretrained(), name="salac-tiny")
    probes = list(held_out_figures(FIGURES))
    found = [amounts(chain, probe) for probe in probes]
    down = -(-len(FAILURES) // ACROSS)
    width = 3 * TILE + 2 * GAP
    size = ACROSS * (width + 4 * GAP) - 4 * GAP, down * (CAPTION + TILE + GAP) - GAP
    sheet = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    shown: set[int] = set()
    for place, (name, failure) in enumerate(FAILURES.items()):
        worst = max(set(range(len(found))) - shown, key=lambda k: found[k][name] or 0)
        shown.add(worst)
        probe = probes[worst].vivid() if failure.vivid else probes[worst]
        left, top = place % ACROSS * (width + 4 * GAP), place // ACROSS * (CAPTION + TILE + GAP)
        draw.text((left, top + CAPTION / 2), f"{name}: {failure.about}", fill="black", font=font, anchor="lm")
        for column, picture in enumerate(triple(chain, probe)):
            tile = Image.fromarray(picture).convert("RGB").resize((TILE, TILE), Image.Resampling.BOX)
            x, y = left + column * (TILE + GAP), top + CAPTION
            sheet.paste(tile, (x, y))
            draw.rectangle((x, y, x + TILE - 1, y + TILE - 1), outline="lightgray")
    sheet.quantize(255, dither=Image.Dither.NONE).save(HERE / "failures.png", optimize=True)


if __name__ == "__main__":
    main()
