"""Make the pictures of docs/segmentation.md: `python docs/figures/segmentation.py`."""

import sys
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from panels import HERE, Panel, Picture, row

import salac
from salac import tbs
from salac._tbs import closing
from salac.image import read_sketch
from salac.types import Segments

ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))
import leaks  # noqa: E402


def sketch(name: str) -> Picture:
    """A drawing of examples/sketches."""
    return read_sketch(ROOT / "examples" / "sketches" / f"{name}.png")


def colored(labels: NDArray[np.int32]) -> Picture:
    """Every segment in a color of its own, the line black, the paper around the figure light."""
    ids, first_pixel = np.unique(labels, return_index=True)
    # The color hangs on the first pixel: segments that start alike look alike in neighbouring pictures.
    hue = (first_pixel * 0.61803398875 % 1 * 180).astype(np.uint8)
    light = np.where(first_pixel * 0.7548776662 % 1 < 0.5, 235, 200).astype(np.uint8)
    hsv = np.stack([hue, np.full_like(hue, 95), light], axis=-1)
    table = np.zeros((int(labels.max()) + 1, 3), np.uint8)
    table[ids] = cv2.cvtColor(hsv[None], cv2.COLOR_HSV2RGB)[0]
    table[0] = 0
    if labels[0, 0]:
        table[labels[0, 0]] = 245
    return table[labels]


def counted(caption: str, segments: Segments) -> str:
    """A caption with the number of segments that are left."""
    return f"{caption}: {np.count_nonzero(segments.areas[1:])} segments"


def with_gaps(name: str, gap: int) -> Picture:
    """A drawing with 60 round holes in its line, as in the benchmark of leaks."""
    return leaks.erase_discs(sketch(name), gap, np.random.default_rng(0))


def gaps() -> list[Panel]:
    """A drawing with holes in its line, and what each method makes of it."""
    broken = with_gaps("squirrel", 10)
    return [
        ("line with 60 gaps of 10 px", broken),
        ("flood fill", colored(leaks.flood(broken))),
        ("LineFiller", colored(tbs.segment(broken, mode="linefiller").labels)),
        ("salac.segment", colored(tbs.segment(broken).labels)),
    ]


def sweep(drawing: Picture, options: Sequence[tuple[str, dict[str, object]]], crop: tuple[slice, slice]) -> list[Panel]:
    """The drawing segmented once for each of the options; counts are of the whole, pictures of a part."""
    panels = [("drawing", drawing[crop])]
    for caption, option in options:
        segments = salac.segment(drawing, **option)
        panels.append((counted(caption, segments), colored(segments.labels)[crop]))
    return panels


def lines() -> list[Panel]:
    """Segments with the line between them, and grown over it."""
    drawing, crop = sketch("portrait"), np.s_[330:600, 430:700]
    kept = tbs.segment(drawing)
    nearest = kept.nearest()
    # Both in the colors of one, which growing does not change.
    colors = np.zeros((kept.count + 1, 3), np.uint8)
    colors[kept.labels] = colored(kept.labels)
    pictures = [("drawing", drawing), ('"keep"', colors[kept.labels]), ('"nearest"', colors[nearest.labels])]
    return [(caption, picture[crop]) for caption, picture in pictures]


def close_gaps() -> list[Panel]:
    """A line with wide gaps, the curves that close them, and the segments with and without."""
    broken = with_gaps("squirrel", 22)
    curves = closing.close_gaps(broken > 220, min(broken.shape) / 16)
    joined = np.stack([broken] * 3, axis=-1)
    joined[cv2.dilate(curves.view(np.uint8), np.ones((5, 5), np.uint8)) > 0] = (220, 30, 30)
    without, closed = tbs.segment(broken), tbs.segment(broken, close_gaps=True)
    return [
        ("line with 60 gaps of 22 px", broken),
        (counted("None", without), colored(without.labels)),
        ("curves between its ends", joined),
        (counted("True", closed), colored(closed.labels)),
    ]


def leak_report() -> list[Panel]:
    """A line with gaps, and where the report finds that rooms have run together."""
    broken = with_gaps("seated", 20)
    segments = tbs.segment(broken)
    found = tbs.find_leaks(segments)
    picture = colored(segments.labels)
    for (y, x), (other_y, other_x) in (leak.ends for leak in found):
        cv2.line(picture, (x, y), (other_x, other_y), (220, 30, 30), 5)
        cv2.circle(picture, ((x + other_x) // 2, (y + other_y) // 2), 24, (220, 30, 30), 5, cv2.LINE_AA)
    return [("line with gaps of 20 px", broken), (f"segments and {len(found)} leaks", picture)]


WHOLE = np.s_[:, :]
FIGURES: dict[str, Callable[[], list[Panel]]] = {
    "gaps": gaps,
    "radii": lambda: sweep(
        sketch("anime-bust"),
        [("(1,)", {"radii": (1,)}), ("(3, 2, 1)", {"radii": (3, 2, 1)}), ("default (13, 8, ...)", {})],
        WHOLE,
    ),
    "threshold": lambda: sweep(
        np.load(ROOT / "tests" / "data" / "linefiller" / "adventurer.npz")["sketch"],
        [("100", {"threshold": 100}), ("220, the default", {}), ("235", {"threshold": 235})],
        np.s_[60:320, 50:340],
    ),
    "merge-area": lambda: sweep(
        sketch("still-life"),
        [("0", {"merge_area": 0}), ("default, 141", {}), ("2000", {"merge_area": 2000})],
        np.s_[340:560, 740:960],
    ),
    "sliver-area": lambda: sweep(
        sketch("still-life"),
        [("0", {"sliver_area": 0}), ("default, 1411", {})],
        np.s_[340:440, 800:900],
    ),
    "close-gaps": close_gaps,
    "leaks": leak_report,
    "lines": lines,
}


def main() -> None:
    """Write segmentation-*.png beside this file."""
    for name, panels in FIGURES.items():
        row(f"segmentation-{name}", panels())


if __name__ == "__main__":
    main()
