"""Make the pictures of docs/steering.md with the bundled model: `python docs/figures/steering.py`."""

from pathlib import Path

import cv2
import numpy as np
from readme import SKETCHES, lay_out, tile

import salac
from salac import explore

HERE = Path(__file__).parent
BUST = next(path for path in SKETCHES if path.stem == "anime-bust")
SCRIBBLES = [
    ((480, 90), (620, 95), "#c8202a"),
    ((740, 300), (745, 520), "#c8202a"),
    ((440, 960), (620, 980), "#2f4f9f"),
    ((200, 760), (290, 800), "#2f4f9f"),
    ((500, 640), (495, 720), "#f4f1e8"),
]
"""From, to and color of strokes over a drawing of 1028 x 1150 px."""
COLLAR = [561, 561], [390, 620]
"""Rows and columns of a point in each half of its collar."""
AUTUMN = ["#f3d9c0:3", "#7a3b2e:2", "#c8632b", "#e0a63c", "#4d5a3a"]


def scribbled(shape: tuple[int, int]) -> np.ndarray:
    """The strokes on a transparent layer: uint8 (H, W, 4)."""
    layer = np.zeros((*shape, 4), np.uint8)
    for start, end, color in SCRIBBLES:
        red, green, blue = bytes.fromhex(color[1:])
        cv2.line(layer, start, end, (red, green, blue, 255), 16)
    return layer


def main() -> None:
    """Write steering-hints.png, steering-histograms.png, steering-edits.png and explore-map.png beside this file."""
    colorizer = salac.Colorizer.from_pretrained()
    first, second = (colorizer(BUST, seed=seed) for seed in (28, 14))
    layer = scribbled(first.sketch.shape)
    over = first.sketch[..., None].repeat(3, -1)
    over[layer[..., 3] > 0] = layer[layer[..., 3] > 0][:, :3]
    hinted = [colorizer.resume(result, hints=layer) for result in (first, second)]
    lay_out([[tile(p) for p in (over, first.image, hinted[0].image, second.image, hinted[1].image)]]).save(
        HERE / "steering-hints.png", optimize=True
    )

    way = [colorizer.between(first, second, share) for share in (0, 0.25, 0.5, 0.75, 1)]
    lay_out([[tile(result.image) for result in way]]).save(HERE / "steering-histograms.png", optimize=True)

    autumn = colorizer.resume(first, palette=AUTUMN)
    locked = colorizer.resume(autumn, lock={autumn.segments.labels[1100, 500]: "#8fb3a0"})
    flats = colorizer.resume(autumn, refine=False)
    repainted, segments = autumn.proposal.copy(), autumn.segments.nearest().labels
    repainted[np.isin(segments, segments[*COLLAR])] = (60, 70, 140)
    painted = colorizer.resume(autumn, proposal=repainted)
    lay_out([[tile(r.image) for r in (first, autumn, locked, flats, painted)]]).save(
        HERE / "steering-edits.png", optimize=True
    )

    portrait = next(path for path in SKETCHES if path.stem == "portrait")
    explore.color_map(colorizer.variations(portrait, n=48), tile=80).save(HERE / "explore-map.png", optimize=True)


if __name__ == "__main__":
    main()
