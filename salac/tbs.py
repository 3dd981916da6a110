"""Trapped-ball segmentation: a drawing as segments (thesis 3.2.1), and segments filled with color (Algorithm 2)."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from salac.errors import InputError
from salac.types import Leak, Segments

WHITE = 255
THRESHOLD = 220
"""Pixels above this value are paper, the others line, where nothing else is asked for."""
FIBONACCI = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377)
MAX_RADIUS = 1024


def default_radii(height: int, width: int) -> tuple[int, ...]:
    """The balls for a drawing of this size: the Fibonacci numbers up to 1/64 of its shorter side, falling.

    The largest ball decides which gaps in the line are closed (all up to its diameter, 1/32 of the side), so it has to
    scale with the drawing; each next ball is about 1.6 times smaller and finds the rooms that the one before missed.
    512 pixels give 8, 5, 3, 2, 1; 1024 give 13, 8, ...; 4096 give 55, 34, 21, 13, 8, ....
    """
    largest = max(min(height, width) // 64, 1)
    return tuple(radius for radius in reversed(FIBONACCI) if radius <= largest)


def segment(
    sketch: Any,
    *,
    radii: Sequence[int] | None = None,
    threshold: int = THRESHOLD,
    merge_area: int | None = None,
    sliver_area: int | None = None,
    close_gaps: int | bool | None = None,
    close_below: bool = False,
    lines: Literal["keep", "nearest"] = "keep",
    mode: Literal["fast", "linefiller"] = "fast",
) -> Segments:
    """Divide a drawing into the segments that its lines enclose, gaps in the lines notwithstanding.

    Trapped-ball segmentation (Zhang et al. 2009; thesis 3.2.1): balls of falling radius are rolled about the paper.
    Where a ball cannot pass there is a border, drawn or not: two rooms that a ball fits into are told apart by any gap
    up to the ball's diameter. The result is deterministic, and what happens far away changes nothing here.

    Args:
        sketch: uint8 (H, W), dark lines on light paper, or anything that `salac.image.read_drawing` takes.
        radii: the balls, in pixels, each 1..1024; by default `default_radii` of the drawing's size.
        threshold: pixels above this value (0..254) are paper, the others line.
        merge_area: a segment of fewer pixels joins the neighbour it touches most, where it touches one; by default 50
            pixels at 512 x 512, growing with the square of the shorter side.
        sliver_area: the same for what no ball reached; by default 500 pixels at 512 x 512.
        close_gaps: join open stroke ends that face one another over at most so many pixels by splines, and go straight
            on from the others for at most half of this (after Fourey et al. 2018); True takes 1/16 of the shorter side,
            twice what the default balls close. The curves divide as line does; their pixels go to the segments.
        close_below: close a bust whose outlines end in the paper below, by a straight line between their ends.
        lines: "keep" leaves line pixels at 0, "nearest" gives them to the nearest segment.
        mode: "fast", or "linefiller" for what LineFiller makes of the drawing, bit for bit: its merged map for "keep",
            its thinned map for "nearest" (see `linefiller`). Its radii and areas are fixed.

    Raises:
        InputError: for a sketch that is no picture or a parameter out of its range.

    Example:
        >>> import numpy as np, salac
        >>> sketch = np.full((120, 100), 255, np.uint8)
        >>> sketch[20:100, [20, 80]] = sketch[[20, 60, 100], 20:81] = 0  # a box of two rooms ...
        >>> sketch[60, 50:52] = 255  # ... with a gap between them
        >>> segments = salac.segment(sketch)
        >>> segments.count, segments.labels[40, 50], segments.labels[80, 50], segments.labels[60, 30]
        (3, np.int32(2), np.int32(3), np.int32(0))
        >>> segments.nearest().adjacency.pairs.tolist()  # across the line all three meet
        [[1, 2], [1, 3], [2, 3]]
    """
    if lines not in ("keep", "nearest"):
        raise InputError(f"lines is {lines!r}; pass 'keep' or 'nearest'")
    if mode == "linefiller":
        if close_gaps or close_below or any(option is not None for option in (radii, merge_area, sliver_area)):
            options = "radii, merge_area, sliver_area, close_gaps and close_below"
            raise InputError(f"mode 'linefiller' has fixed radii and areas and closes no gaps; leave out {options}")
        return linefiller(sketch, stage="merged" if lines == "keep" else "thinned", threshold=threshold)
    if mode != "fast":
        raise InputError(f"mode is {mode!r}; pass 'fast' or 'linefiller'")
    picture = _as_sketch(sketch)
    free = _free(picture, threshold)
    balls = default_radii(*picture.shape) if radii is None else _as_radii(radii)
    smallest = _as_area(merge_area, "merge_area", _scaled(50, picture.shape))
    smallest_sliver = _as_area(sliver_area, "sliver_area", _scaled(500, picture.shape))
    longest_gap = _as_length(close_gaps, "close_gaps", picture.shape)

    from salac._tbs import fast

    curves = None
    if longest_gap or close_below:
        from salac._tbs import closing

        curves = closing.close_gaps(free, longest_gap) if longest_gap else np.zeros_like(free)
        if close_below:
            curves |= closing.close_below(free)
    result = fast.segment(free, balls, smallest, smallest_sliver, curves)
    segments = Segments(result.labels, result.areas.size - 1, result.areas, result.radius)
    return segments if lines == "keep" else segments.nearest()


def linefiller(
    sketch: Any,
    *,
    stage: Literal["raw", "merged", "thinned"] = "thinned",
    threshold: int = THRESHOLD,
    fill_limit: int | None = 1000,
) -> Segments:
    """Divide a drawing as LineFiller does, bit for bit, for results that must stay as they were.

    For anything new use `segment`: LineFiller's 'max' and 'mean' filters let distant parts of a drawing decide whether
    a gap here leaks, and its ball of radius 3 closes the same gaps at every size.

    Source: https://github.com/hepesu/LineFiller, its trapped balls (3 'max', 2 'mean', 1 'mean'), flood fill,
    `merge_fill` and `thinning`. Where LineFiller ends with a ValueError, as no ball of radius 3 fits, this goes on.

    Args:
        sketch: uint8 (H, W), dark lines on light paper, used as it is; or anything that `salac.image.read_drawing`
            takes, which also cleans photographed paper.
        stage: "raw" fills, "merged" fills, or these "thinned": grown over the line by at most 100 pixels.
        threshold: pixels above this value (0..254) are paper, the others line.
        fill_limit: LineFiller stops after 1000 fills of each ball and 20,000 floods, and so ruins dense drawings;
            another number changes the first, None lifts both.

    Returns:
        Segments whose ids are LineFiller's own: in the order of filling, and not all of them left after merging.

    Raises:
        InputError: for a sketch that is no picture or a parameter out of its range.
    """
    if stage not in ("raw", "merged", "thinned"):
        raise InputError(f"stage is {stage!r}; pass 'raw', 'merged' or 'thinned'")
    if fill_limit is not None and fill_limit < 0:
        raise InputError(f"fill_limit is {fill_limit}; pass a number of fills >= 0, or None for no limit")
    free = _free(_as_sketch(sketch), threshold)

    from salac._tbs import linefiller as steps

    labels, radius = steps.fill(free, fill_limit)
    if stage != "raw":
        labels = steps.merge(labels)
    if stage == "thinned":
        labels = steps.thin(labels)
    count = radius.size - 1
    return Segments(labels, count, np.bincount(labels.ravel(), minlength=count + 1), radius)


def find_leaks(segments: Segments | NDArray[np.integer[Any]], *, widest: int | None = None) -> list[Leak]:
    """Find where rooms may have run together: two lobes of one segment that hang together by a narrow neck.

    A ball at least twice as wide as the neck fits into either lobe, and either lobe has at least 500 pixels at
    512 x 512, growing with the square of the shorter side. Necks may also be meant, such as that of a bottle.

    Args:
        segments: segments, or a label map (H, W) of ids >= 0.
        widest: wider necks are left out, in pixels; by default 1/16 of the shorter side.

    Returns:
        The leaks, the widest first. Draw a line between the `ends` of each that should be closed, and segment again.

    Raises:
        InputError: for a label map of another form or a width out of its range.
    """
    labels, _ = _as_labels(segments)
    length = _as_length(True if widest is None else widest, "widest", labels.shape)

    from salac._tbs.necks import find_necks

    return find_necks(labels, length, _scaled(500, labels.shape))


def segment_colors(
    segments: Segments | NDArray[np.integer[Any]],
    illustration: Any,
    *,
    statistic: Literal["median", "mean", "mode"] = "median",
) -> NDArray[np.uint8]:
    """The color that an illustration has under every segment.

    Args:
        segments: segments, or a label map (H, W) of ids >= 0.
        illustration: uint8 sRGB (H, W, 3), or anything that `salac.image.read_picture` takes, of the same size.
        statistic: "median" per channel, of an even number of pixels the lower middle one; "mean" per channel, rounded;
            or "mode", the commonest color (the darker of equally common ones), which alone is sure to occur there.

    Returns:
        uint8 (count + 1, 3); white for the line (entry 0) and for ids without a pixel.

    Raises:
        InputError: for an illustration or label map of another form.
    """
    from salac._tbs import paint

    labels, count = _as_labels(segments)
    picture = _as_illustration(illustration, labels)
    colors = np.full((count + 1, 3), WHITE, np.uint8)
    if statistic == "median":
        paint.median_colors(labels, picture, colors)
    elif statistic == "mode":
        paint.mode_colors(labels, picture, colors)
    elif statistic == "mean":
        areas = np.bincount(labels.ravel(), minlength=count + 1)
        present = areas > 0
        for channel in range(3):
            sums = np.bincount(labels.ravel(), weights=picture[..., channel].ravel(), minlength=count + 1)
            colors[present, channel] = np.rint(sums[present] / areas[present])
        colors[0] = WHITE
    else:
        raise InputError(f"statistic is {statistic!r}; pass 'median', 'mean' or 'mode'")
    return colors


def fill_segments(
    segments: Segments | NDArray[np.integer[Any]],
    illustration: Any,
    *,
    statistic: Literal["median", "mean", "mode"] = "median",
) -> NDArray[np.uint8]:
    """Fill every segment with the color that the illustration has there (Algorithm 2, CreateColorTBS).

    Args:
        segments: segments, or a label map (H, W) of ids >= 0.
        illustration: uint8 sRGB (H, W, 3), or anything that `salac.image.read_picture` takes, of the same size.
        statistic: "median" (thesis 3.3.2) or "mean", per channel; or "mode": see `segment_colors`.

    Returns:
        uint8 sRGB (H, W, 3); line pixels are white.

    Raises:
        InputError: for an illustration or label map of another form.

    Example:
        >>> import numpy as np, salac
        >>> labels = np.array([[1, 1, 0, 2, 2]])
        >>> illustration = np.array([[[9, 9, 9], [7, 7, 7], [0, 0, 0], [200, 0, 0], [200, 0, 0]]], np.uint8)
        >>> salac.fill_segments(labels, illustration)[0].tolist()
        [[7, 7, 7], [7, 7, 7], [255, 255, 255], [200, 0, 0], [200, 0, 0]]
    """
    colors = segment_colors(segments, illustration, statistic=statistic)
    return paint(segments, colors)


def paint(segments: Segments | NDArray[np.integer[Any]], colors: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give every segment one color.

    Args:
        segments: segments, or a label map (H, W) of ids >= 0.
        colors: uint8 (count + 1, 3): entry 0 for the line, entry i for segment i.

    Returns:
        uint8 (H, W, 3): colors[labels].

    Raises:
        InputError: for colors of another form.
    """
    from salac._tbs import paint as kernels

    labels, count = _as_labels(segments)
    table = np.asarray(colors)
    if table.dtype != np.uint8 or table.ndim != 2 or table.shape[1] != 3 or table.shape[0] <= count:
        raise InputError(f"colors is {table.dtype} {table.shape}; pass uint8 of at least ({count + 1}, 3)")
    return kernels.paint(labels, np.ascontiguousarray(table))


def _as_sketch(sketch: Any) -> NDArray[np.uint8]:
    if isinstance(sketch, np.ndarray) and sketch.ndim == 2 and sketch.dtype == np.uint8:
        picture: NDArray[np.uint8] = sketch
    else:
        from salac.image import read_drawing

        picture = read_drawing(sketch)
    if picture.size == 0:
        raise InputError(f"sketch is empty, {picture.shape}; pass a picture of at least 1 x 1 pixel")
    return picture


def _free(picture: NDArray[np.uint8], threshold: int) -> NDArray[np.bool_]:
    if not 0 <= threshold <= 254:
        raise InputError(f"threshold is {threshold}; pass a value in 0..254")
    return picture > threshold


def _as_radii(radii: Sequence[int]) -> tuple[int, ...]:
    balls = tuple(radii)
    if not all(isinstance(radius, int | np.integer) and 1 <= radius <= MAX_RADIUS for radius in balls):
        raise InputError(f"radii are {balls}; pass whole numbers of pixels in 1..{MAX_RADIUS}")
    return tuple(sorted({int(radius) for radius in balls}, reverse=True))


def _scaled(area: int, shape: tuple[int, ...]) -> int:
    """An area in pixels at 512 x 512 for a drawing of this shape."""
    return round(area * (min(shape) / 512) ** 2)


def _as_area(area: int | None, name: str, default: int) -> int:
    if area is None:
        return default
    if area < 0:
        raise InputError(f"{name} is {area}; pass a number of pixels >= 0")
    return int(area)


def _as_length(length: int | bool | None, name: str, shape: tuple[int, ...]) -> float:
    """A length in pixels: 0 for none, 1/16 of the shorter side, twice what the default balls close, for True."""
    if length is None or isinstance(length, bool):
        return min(shape) / 16 if length else 0
    if length < 1:
        raise InputError(f"{name} is {length}; pass a number of pixels >= 1")
    return float(length)


def _as_labels(segments: Segments | NDArray[np.integer[Any]]) -> tuple[NDArray[np.int32], int]:
    if isinstance(segments, Segments):
        return np.ascontiguousarray(segments.labels), segments.count
    labels = np.asarray(segments)
    if labels.ndim != 2 or labels.dtype.kind not in "iu" or labels.size == 0:
        raise InputError(f"segments are {labels.dtype} {labels.shape}; pass Segments or an integer label map (H, W)")
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= 1 << 31:
        raise InputError(f"segment ids run from {low} to {high}; pass ids in 0..{(1 << 31) - 1}, 0 = line")
    return np.ascontiguousarray(labels, np.int32), high


def _as_illustration(illustration: Any, labels: NDArray[np.int32]) -> NDArray[np.uint8]:
    if isinstance(illustration, np.ndarray) and illustration.ndim == 3 and illustration.dtype == np.uint8:
        picture: NDArray[np.uint8] = illustration
    else:
        from salac.image import read_picture

        picture = read_picture(illustration)
    if picture.shape != (*labels.shape, 3):
        raise InputError(f"illustration is {picture.shape}, the segments are {labels.shape}; pass {(*labels.shape, 3)}")
    return np.ascontiguousarray(picture)
