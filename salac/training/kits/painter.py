"""Paints marked shapes into the three layers of a `Drawing`, back to front.

Every flat erases the ink below it, so that what a later shape covers is hidden in every layer alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt
import skia

from salac.training.drawing import BASE_TONE, PARTS, ROLES, SHADOW_TONE
from salac.training.kits.svg import CAPS, JOINS, Shape, bounds_of

_INK_GROUP = 255
"""Stands in the group layer for a line until the line is shared out among its neighbors."""


@dataclass(frozen=True)
class Flat:
    """An area of one color.

    Attributes:
        part: one of `PARTS`.
        role: one of `ROLES`.
        tone: level of the tone map: 128 base, lower in shadow, higher in light.
    """

    part: str
    role: str
    tone: int = BASE_TONE


@dataclass(frozen=True)
class Ink:
    """Line work. Its pixels belong to the nearest flat.

    Attributes:
        solid: the (part, role) of its wide places where lines and black fills are one path; None if it has only lines.
        hollow: draw the solid places as an outline, so that they can be colored.
    """

    solid: tuple[str, str] | None = None
    hollow: bool = False


@dataclass(frozen=True)
class Shade:
    """Light or shadow on whatever lies below; changes neither ink nor group.

    Attributes:
        tone: level of the tone map.
    """

    tone: int


Mark = Flat | Ink | Shade


@dataclass(frozen=True)
class Stroke:
    """One shape and what its fill and its stroke stand for; None draws nothing."""

    shape: Shape
    fill: Mark | None = None
    stroke: Mark | None = None


@dataclass(frozen=True, kw_only=True)
class Composition:
    """A figure composed of a kit's components, not yet framed.

    Attributes:
        strokes: back to front.
        identity: names of every component, such as "adventurer:hair:long12".
        head: where the head is, in document units: close views center on it.
        cut: height in document units at which the figure is cut off, which the frame hides; None if it is whole.
        line: document units that count as a line's greatest half width; wider solid ink is a fill.
        bare_edges: some flats of the kit meet without a line; a thin one is drawn between them.
    """

    strokes: Sequence[Stroke]
    identity: tuple[str, ...]
    head: skia.Rect
    cut: float | None = None
    line: float = 6.0
    bare_edges: bool = False
    meta: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Layers:
    """Ink, group and tone layers with the (part, role) index pairs of the groups; see `Drawing`."""

    ink: npt.NDArray[np.uint8]
    group: npt.NDArray[np.uint8]
    tone: npt.NDArray[np.uint8]
    parts: tuple[int, ...]
    roles: tuple[int, ...]


def tone_of(opacity: float) -> int:
    """Tone that a black overlay of a given opacity stands for.

    Args:
        opacity: in [0, 1]; kits shade with 0.2 to 0.3, which is a full cel shadow.
    """
    return round(BASE_TONE - (BASE_TONE - SHADOW_TONE) * min(1.0, opacity / 0.25))


def frame(composition: Composition, size: int, rng: np.random.Generator) -> skia.Matrix:
    """Chooses a view: whole figure or closer to the head, shifted, perhaps mirrored and a little tilted.

    Args:
        composition: what to look at.
        size: side of the square picture in pixels.
        rng: source of the choice.

    Returns:
        The matrix from document units to pixels.
    """
    whole = bounds_of([stroke.shape for stroke in composition.strokes if isinstance(stroke.fill, Flat | Ink)])
    head = composition.head
    whole_side = max(whole.width(), whole.height()) * rng.uniform(1.02, 1.25)
    head_side = max(head.width(), head.height()) * rng.uniform(1.0, 1.6)
    closeness = rng.choice([0.0, rng.uniform(0.0, 1.0)], p=[0.55, 0.45])
    # Interpolated in the logarithm, so that every zoom is equally likely.
    side = float(np.exp((1 - closeness) * np.log(whole_side) + closeness * np.log(min(head_side, whole_side))))
    slack = 0.04 * side
    x = (1 - closeness) * whole.centerX() + closeness * head.centerX() + rng.uniform(-slack, slack)
    y = (1 - closeness) * whole.centerY() + closeness * head.centerY() + rng.uniform(-slack, slack)
    if composition.cut is not None:
        y = min(y, composition.cut - side / 2 - 0.25 * slack)
    view = skia.Matrix.Translate(size / 2, size / 2)
    view.preRotate(float(rng.choice([0.0, rng.uniform(-8, 8)], p=[0.7, 0.3])) if composition.cut is None else 0.0)
    view.preScale(size / side * float(rng.choice([-1.0, 1.0])), size / side)
    view.preTranslate(-x, -y)
    return view


def paint(composition: Composition, size: int, view: skia.Matrix) -> Layers:
    """Draws a composition.

    Args:
        composition: the marked shapes.
        size: side of the square picture in pixels.
        view: from document units to pixels.
    """
    canvases = _Canvases(size, view)
    for stroke in composition.strokes:
        canvases.draw(stroke)
    scale = abs(view.getScaleX() * view.getScaleY() - view.getSkewX() * view.getSkewY()) ** 0.5
    canvases.split_solid_ink(composition.line * scale)
    canvases.share_out_lines()
    if composition.bare_edges:
        canvases.ink_bare_edges()
    return Layers(
        ink=canvases.ink,
        group=canvases.group,
        tone=canvases.tone,
        parts=tuple(PARTS.index(part) for part, _ in canvases.groups),
        roles=tuple(ROLES.index(role) for _, role in canvases.groups),
    )


class _Canvases:
    """The three layers under one view. Ink is antialiased; group and tone are hard edged."""

    def __init__(self, size: int, view: skia.Matrix) -> None:
        self.ink = np.full((size, size), 255, np.uint8)
        self.group = np.zeros((size, size), np.uint8)
        self.tone = np.full((size, size), BASE_TONE, np.uint8)
        self.groups = [("background", "paper")]
        self.solids: list[tuple[int, Ink]] = []
        self._canvases = [_canvas(layer, view) for layer in (self.ink, self.group, self.tone)]

    def draw(self, stroke: Stroke) -> None:
        shape = stroke.shape
        if shape.clip is not None:
            for canvas in self._canvases:
                canvas.save()
                canvas.clipPath(shape.clip, doAntiAlias=canvas is self._canvases[0])
        if stroke.fill is not None:
            self._mark(shape, stroke.fill, outline=False)
        if stroke.stroke is not None and shape.stroke_width > 0:
            self._mark(shape, stroke.stroke, outline=True)
        if shape.clip is not None:
            for canvas in self._canvases:
                canvas.restore()

    def _mark(self, shape: Shape, mark: Mark, *, outline: bool) -> None:
        match mark:
            case Flat(part, role, tone):
                levels: tuple[int | None, int | None, int | None] = (255, self._group_of(part, role), tone)
            case Ink(None):
                levels = (0, _INK_GROUP, BASE_TONE)
            case Ink((part, role)):
                levels = (0, self._stand_in_for((part, role), mark), BASE_TONE)
            case Shade(tone):
                levels = (None, None, tone)
        brush = skia.Paint()
        if outline:
            brush.setStyle(skia.Paint.kStroke_Style)
            brush.setStrokeWidth(shape.stroke_width)
            brush.setStrokeCap(CAPS[shape.cap])
            brush.setStrokeJoin(JOINS.get(shape.join, skia.Paint.kMiter_Join))
        for canvas, level in zip(self._canvases, levels, strict=True):
            if level is not None:
                brush.setAntiAlias(canvas is self._canvases[0])
                brush.setColor(skia.ColorSetARGB(255, level, level, level))
                canvas.drawPath(shape.path, brush)

    def _group_of(self, part: str, role: str) -> int:
        if (part, role) not in self.groups:
            self.groups.append((part, role))
        return self.groups.index((part, role))

    def _stand_in_for(self, solid: tuple[str, str], mark: Ink) -> int:
        """Group number that keeps a path of lines and fills apart until it is split."""
        group = self._group_of(*solid)
        if (group, mark) not in self.solids:
            self.solids.append((group, mark))
        return _INK_GROUP - 1 - self.solids.index((group, mark))

    def split_solid_ink(self, half_line: float) -> None:
        """Tells the black fills of an inked path from its lines: a fill is wider than a line.

        Args:
            half_line: greatest half width of a line in pixels.
        """
        for index, (group, mark) in enumerate(self.solids):
            everywhere = self.group == _INK_GROUP - 1 - index
            x, y, width, height = cv2.boundingRect(everywhere.astype(np.uint8))
            window = slice(y, y + height), slice(x, x + width)
            inked = everywhere[window]
            if not inked.any():
                continue
            # Zero padded, because the window's edge would not count as the ink's edge.
            depth = cv2.distanceTransform(np.pad(inked.astype(np.uint8), 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
            # A morphological opening by distance: what the deep pixels' disks cover is the fill.
            away = cv2.distanceTransform((depth <= half_line).astype(np.uint8), cv2.DIST_L2, 3)
            fill = inked & (away <= half_line)
            # Where lines meet they are a little wider too: a fill is clearly wider somewhere.
            count, blobs = cv2.connectedComponents(fill.astype(np.uint8), connectivity=4)
            deepest = np.zeros(count, np.float32)
            np.maximum.at(deepest, blobs[fill], depth[fill])
            fill &= deepest[blobs] > 1.6 * half_line
            self.group[window][inked] = _INK_GROUP
            self.group[window][fill] = group
            if mark.hollow:
                rim = np.clip((depth - 1.2 * half_line) * 255, 0, 255).astype(np.uint8)
                self.ink[window][fill] = np.maximum(self.ink[window], rim)[fill]

    def share_out_lines(self) -> None:
        """Gives every pixel of a line the group of the nearest flat."""
        line = self.group == _INK_GROUP
        if not line.any():
            return
        # Every pixel off the line is a label of its own, numbered from 1 in raster order.
        _, nearest = cv2.distanceTransformWithLabels(
            line.astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
        )
        if line.all():
            self.group[line] = 0
            return
        source = nearest[line] - 1
        self.group[line] = self.group[~line][source]
        self.tone[line] = self.tone[~line][source]

    def ink_bare_edges(self) -> None:
        """Draws a thin line where two groups meet and no ink is near."""
        edge = np.zeros(self.group.shape, np.uint8)
        edge[:, 1:] |= self.group[:, 1:] != self.group[:, :-1]
        edge[1:] |= self.group[1:] != self.group[:-1]
        reach = np.ones((9, 9), np.uint8)
        edge[cv2.erode(self.ink, reach) < 160] = 0
        # Blurred and steepened, the stairs of the hard edge become an antialiased line.
        line = cv2.GaussianBlur(edge.astype(np.float32), (0, 0), 0.8)
        self.ink = np.minimum(self.ink, np.clip(255 * (1.15 - 2.6 * line), 0, 255).astype(np.uint8))


def _canvas(layer: npt.NDArray[np.uint8], view: skia.Matrix) -> skia.Canvas:
    canvas = skia.Canvas(layer, colorType=skia.kGray_8_ColorType)
    canvas.setMatrix(view)
    return canvas
