"""Make the pictures of docs/how-it-works.md and docs/stages.md: `python docs/figures/stages.py`."""

import numpy as np
from panels import TILE, Panel, Picture, row
from PIL import Image, ImageDraw, ImageFont
from readme import SKETCHES

import salac
from salac import tbs
from salac.color import ANCHORS, CATEGORY_COLORS, color_categories
from salac.export.sheet import stage_pictures
from salac.stages import ColorCategories, ColorProposal, Refiner, StyleClusters
from salac.types import Colorization

BUST, SEATED = (next(path for path in SKETCHES if path.stem == stem) for stem in ("anime-bust", "seated"))
SEED = 3
"""Of the pictures of how it works."""
BALLS = np.array(
    [[58, 92, 168], [70, 160, 190], [110, 190, 120], [230, 200, 80], [235, 140, 60], [200, 60, 60]], np.uint8
)
"""Colors of balls, the largest first."""


def inked(pixels: Picture, sketch: Picture) -> Picture:
    """A map under the line of its drawing."""
    return (pixels.astype(np.uint16) * sketch[..., None] // 255).astype(np.uint8)


def by_ball(sketch: Picture, radii: tuple[int, ...]) -> Picture:
    """Every piece in the color of the ball that found it, slivers gray, the line black; nothing merged."""
    pieces = tbs.segment(sketch, radii=radii, merge_area=0, sliver_area=0, close_below=True)
    colors = np.full((pieces.count + 1, 3), 225, np.uint8)
    for radius, color in zip(tbs.default_radii(*sketch.shape), BALLS, strict=True):
        colors[pieces.radius == radius] = color
    colors[0] = 0
    return colors[pieces.labels]


def balls(result: Colorization) -> list[Panel]:
    """A head: what one large ball finds, what all balls find, and what is left when small segments have joined."""
    radii, crop = tbs.default_radii(*result.sketch.shape), np.s_[20:620, 250:850]
    pictures = stage_pictures(result)
    return [
        ("sketch", pictures["sketch"][crop]),
        (f"where a ball of {radii[0]} px fits", by_ball(result.sketch, radii[:1])[crop]),
        (f"then of {', '.join(map(str, radii[1:]))} px", by_ball(result.sketch, radii)[crop]),
        (f"segments, {result.segments.count} in all", pictures["segments"][crop]),
    ]


def style(result: Colorization) -> list[Panel]:
    """Style clusters of both layers, under the line."""
    pictures = stage_pictures(result)
    layers = [(f"layer {layer}", inked(pictures[f"style clusters, layer {layer}"], result.sketch)) for layer in (7, 9)]
    return [("sketch", pictures["sketch"]), *layers]


def legend() -> Picture:
    """The anchors of every category, its color of display at the left."""
    sheet, font = Image.new("RGB", (TILE, TILE), "white"), ImageFont.load_default(13)
    draw = ImageDraw.Draw(sheet)
    for k, (name, anchors) in enumerate(ANCHORS.items()):
        top, colors = k * 50, anchors.split()
        draw.rectangle((0, top + 18, 26, top + 44), tuple(map(int, CATEGORY_COLORS[k])))
        draw.text((34, top + 2), name, "black", font)
        for i, color in enumerate(colors):
            left = 34 + i * 264 / len(colors)
            draw.rectangle((left, top + 18, left + 264 / len(colors), top + 44), color)
    return np.asarray(sheet)


def categories(result: Colorization) -> list[Panel]:
    """What the net says of the sketch, what Algorithm 1 says of a finished picture, and the anchors of Algorithm 1."""
    seen = CATEGORY_COLORS[color_categories(result.proposal)]
    return [
        ("predicted from the sketch", stage_pictures(result)["color categories"]),
        ("a picture", result.image),
        ("its categories (Algorithm 1)", inked(seen, result.sketch)),
        ("the six spectra", legend()),
    ]


def histogram(result: Colorization) -> list[Panel]:
    """A histogram seen along its luminance, and the palette that is read back from it."""
    form = salac.RGBuvHistogram()
    planes = result.histogram.sum(0)
    luminance = np.tensordot(np.arange(form.luminance_bins), result.histogram, 1) / np.maximum(planes, 1e-12)
    chroma = np.stack(np.meshgrid(*[np.arange(form.chroma_bins)] * 2, indexing="ij"), -1)
    cells = form._color(np.concatenate([luminance[..., None], chroma], -1).reshape(-1, 3)).reshape(*planes.shape, 3)
    cells[planes < 1e-4] = 0.8
    colors, weights = form.palette(result.histogram)
    ends = np.rint(np.cumsum(weights) * TILE).astype(int)
    bars = np.repeat(colors, np.diff(ends, prepend=0), axis=0)[:, None].repeat(TILE, 1)
    return [
        ("a picture", result.image),
        ("its cells by chroma", np.rint(255 * cells[::-1]).astype(np.uint8)),
        ("the palette in it", np.rint(255 * bars).astype(np.uint8)),
    ]


def proposals(colorizer: salac.Colorizer, result: Colorization) -> list[Panel]:
    """Flat colors by four histograms, on the same segments."""
    others = [colorizer.resume(result, seed=seed, refine=False) for seed in (SEED, 4, 11, 17)]
    return [(f"histogram of seed {other.seed}", other.image) for other in others]


def refined(result: Colorization) -> list[Panel]:
    """A part of a drawing: flat, where shadow and light fall, painted, under the line."""
    crop = np.s_[300:820, 330:850]
    flat, paint = result.proposal[crop].astype(int), result.paint[crop].astype(int)
    change = (paint - flat).sum(-1, keepdims=True)
    shadow, light = np.array([90, 110, 190]), np.array([255, 214, 110])
    where = np.where(change < -2, shadow, np.where(change > 2, light, 245)).astype(np.uint8)
    return [
        ("proposal", result.proposal[crop]),
        ("shadow and light", inked(where, result.sketch[crop])),
        ("painted", result.paint[crop]),
        ("under the line", result.image[crop]),
    ]


def alone() -> dict[str, list[Panel]]:
    """What each stage gives that is used by itself, as in the code of docs/stages.md."""
    picture = salac.colorize(SEATED, seed=9)
    sketch, segments = picture.sketch, salac.segment(SEATED)
    clusters = StyleClusters.from_pretrained()(SEATED)
    told = ColorCategories.from_pretrained()(SEATED, clusters=clusters)
    propose = ColorProposal.from_pretrained().on(SEATED)
    form = salac.RGBuvHistogram()
    warm = form.from_palette(np.array([[247, 215, 196], [200, 32, 42], [224, 166, 60]], np.uint8), np.array([2, 1, 1]))
    cold = form.from_palette(np.array([[247, 215, 196], [47, 63, 159], [122, 216, 212]], np.uint8), np.array([2, 1, 1]))
    paper = segments.labels[0, 0]
    random = np.random.default_rng(3).integers(70, 240, (segments.count + 1, 3), dtype=np.uint8)
    random[[0, paper]] = 255
    own = tbs.paint(segments.nearest(), random)
    pictures = stage_pictures(picture)
    return {
        "segment": [
            ("sketch", pictures["sketch"]),
            ("segment", pictures["segments"]),
            ("an illustration", picture.image),
            ("fill_segments", salac.fill_segments(segments, picture.image)),
        ],
        "semantics": [
            ("StyleClusters, layer 7", inked(pictures["style clusters, layer 7"], sketch)),
            ("StyleClusters, layer 9", inked(pictures["style clusters, layer 9"], sketch)),
            ("ColorCategories", inked(CATEGORY_COLORS[told], sketch)),
        ],
        "proposal": [
            ("ColorProposal, three warm colors", inked(propose(warm), sketch)),
            ("ColorProposal, three cold colors", inked(propose(cold), sketch)),
        ],
        "refiner": [
            ("flats of your own", inked(own, sketch)),
            ("Refiner", Refiner.from_pretrained()(SEATED, proposal=own)),
        ],
    }


def main() -> None:
    """Write how-*.png and stages-*.png beside this file."""
    colorizer = salac.Colorizer.from_pretrained()
    result = colorizer(BUST, seed=SEED)
    row("how-balls", balls(result))
    row("how-style", style(result))
    row("how-categories", categories(result))
    row("how-histogram", histogram(result))
    row("how-proposals", proposals(colorizer, result))
    row("how-refined", refined(result))
    for name, panels in alone().items():
        row(f"stages-{name}", panels)


if __name__ == "__main__":
    main()
