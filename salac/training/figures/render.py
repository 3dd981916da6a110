"""From the painter's list to the three layers of a drawing: ink, group and tone."""

from dataclasses import dataclass
from itertools import chain, groupby, islice

import numpy as np
import numpy.typing as npt
import skia

from ..drawing import BASE_TONE, LIGHT_TONE, PARTS, ROLES
from . import depths
from .ink import Inker, Polygon
from .pens import Pen
from .scene import Scene, Shape, closed_path


@dataclass(frozen=True, slots=True)
class View:
    """The square of the world that is seen: its left top corner and its side, in world units."""

    left: float
    top: float
    side: float

    def sees(self, shape: Shape) -> bool:
        """Whether any of the shape's box lies in the view; shapes without area always count."""
        if not shape.contours:
            return True
        left, top, right, bottom = shape.box
        edge = 0.02 * self.side
        return (
            right > self.left - edge
            and left < self.left + self.side + edge
            and bottom > self.top - edge
            and top < self.top + self.side + edge
        )


@dataclass(frozen=True, slots=True)
class Layers:
    """A rendered scene; the fields are those of `Drawing`."""

    ink: npt.NDArray[np.uint8]
    group: npt.NDArray[np.uint8]
    tone: npt.NDArray[np.uint8]
    parts: tuple[int, ...]
    roles: tuple[int, ...]


def _grey(level: int, smooth: bool = True) -> skia.Paint:
    return skia.Paint(AntiAlias=smooth, Color=skia.Color(level, level, level))


BLACK, WHITE, BASE = _grey(0), _grey(255), _grey(BASE_TONE)


class _Canvas:
    """A grey canvas of size x size pixels over its own array."""

    def __init__(self, view: View, size: int, level: int):
        self.pixels = np.zeros((size, size), np.uint8)
        info = skia.ImageInfo.Make(size, size, skia.kGray_8_ColorType, skia.kOpaque_AlphaType)
        self._surface = skia.Surface.MakeRasterDirect(info, self.pixels, size)
        self.canvas = self._surface.getCanvas()
        self.canvas.clear(skia.Color(level, level, level))
        self.canvas.scale(size / view.side, size / view.side)
        self.canvas.translate(-view.left, -view.top)

    def clip(self, clip: Shape | None, smooth: bool) -> None:
        """Save the canvas and confine it to `clip` and to all that `clip` is clipped by."""
        self.canvas.save()
        while clip is not None:
            self.canvas.clipPath(clip.path, doAntiAlias=smooth)
            clip = clip.clip


def render(scene: Scene, view: View, size: int, pen: Pen, width: float) -> Layers:
    """Draw the shapes from back to front; each covers the ink, group and tone below it.

    Args:
        scene: the painter's list.
        view: what is seen of it.
        size: pixels along each side.
        pen: what it is inked with.
        width: of a stroke of weight 1 in pixels.
    """
    pixels = size / view.side
    shapes = sorted((shape for shape in scene.shapes if view.sees(shape)), key=lambda shape: shape.depth)
    inker = Inker(scene.rng, pen, width / pixels, pixels, scene.light)
    inked = iter(inker.ink([stroke for shape in shapes for stroke in (*shape.under, *shape.strokes)]))
    ink, group, tone = _Canvas(view, size, 255), _Canvas(view, size, 0), _Canvas(view, size, BASE_TONE)
    ids = {("background", "paper"): 0}
    for figure, members in groupby(shapes, lambda shape: shape.depth // depths.NEXT_FIGURE):
        of_figure = list(members)
        if figure >= 0 and pen.silhouette:
            _draw_silhouette(ink.canvas, of_figure, (1 + 2 * pen.silhouette) * width / pixels)
        for shape in of_figure:
            under, strokes = list(islice(inked, len(shape.under))), list(islice(inked, len(shape.strokes)))
            for layer in (ink, group, tone):
                layer.clip(shape.clip, smooth=layer is ink)
            if shape.contours:
                number = ids.setdefault((shape.part, shape.role), len(ids))
                group.canvas.drawPath(shape.path, _grey(number, smooth=False))
                if not shape.printed:
                    _draw_tones(tone.canvas, shape)
            _draw_ink(ink.canvas, shape, under, strokes)
            for layer in (ink, group, tone):
                layer.canvas.restore()
    parts = tuple(PARTS.index(part) for part, _ in ids)
    roles = tuple(ROLES.index(role) for _, role in ids)
    return Layers(ink.pixels, group.pixels, tone.pixels, parts, roles)


def _draw_silhouette(canvas: skia.Canvas, shapes: list[Shape], width: float) -> None:
    """Draw a line around a whole figure: around all of its shapes, before they cover what lies within."""
    line = skia.Paint(
        AntiAlias=True, Color=skia.ColorBLACK, Style=skia.Paint.kStroke_Style, StrokeWidth=width,
        StrokeJoin=skia.Paint.kRound_Join,
    )  # fmt: skip
    for shape in shapes:
        if shape.contours and shape.clip is None and not shape.printed:
            canvas.drawPath(shape.path, line)


def _draw_ink(canvas: skia.Canvas, shape: Shape, under: list[list[Polygon]], strokes: list[list[Polygon]]) -> None:
    """Draw the lines below the shape, cover them with it, draw the lines upon it."""
    for polygon in chain.from_iterable(under):
        canvas.drawPath(closed_path([polygon]), BLACK)
    if shape.contours and not shape.printed:
        canvas.drawPath(shape.path, BLACK if shape.solid else WHITE)
    if shape.solid:
        _leave_highlights(canvas, shape)
    for polygon in chain.from_iterable(strokes):
        canvas.drawPath(closed_path([polygon]), WHITE if shape.solid else BLACK)


def _leave_highlights(canvas: skia.Canvas, shape: Shape) -> None:
    """Leave the highlights of a black area bare, as inkers do."""
    for tone in shape.tones:
        if tone.level == LIGHT_TONE and tone.path is not None:
            canvas.save()
            canvas.clipPath(shape.path, doAntiAlias=True)
            canvas.drawPath(tone.path, WHITE)
            canvas.restore()


def _draw_tones(canvas: skia.Canvas, shape: Shape) -> None:
    """Reset the tone to the base inside the shape, then shade it."""
    if not shape.tones:
        canvas.drawPath(shape.path, BASE)
        return
    canvas.save()
    canvas.clipPath(shape.path, doAntiAlias=False)
    canvas.drawPaint(BASE)
    for tone in shape.tones:
        if tone.path is None:
            canvas.drawPaint(tone.paint)
        else:
            canvas.drawPath(tone.path, tone.paint)
    canvas.restore()
