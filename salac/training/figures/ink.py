"""The pen: open curves become tapered ink strokes of variable width, all by one hand."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .chance import Rng
from .curves import Points, normals
from .pens import Pen

Polygon = list[list[float]]
Values = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

THINNEST = 0.3
"""Half the width, in pixels, below which ink would vanish in antialiasing."""
PIXELS_PER_POINT = 3.5
"""How densely curves are sampled on the page."""


@dataclass(slots=True)
class Stroke:
    """One pull of the pen.

    Attributes:
        points: (N, 2) open curve in drawing units.
        weight: width relative to the pen.
        taper: how far the stroke thins at its start and end: 0 not at all, 1 to a point, above 1 over a longer way.
        widths: full widths in drawing units at evenly spaced places; replaces the pen's own width (lashes, brows).
        outward: side on which the outside of an outlined shape lies: 1 right of the stroke as seen on paper, -1 left,
            0 for inner lines.
    """

    points: Points
    weight: float = 1.0
    taper: tuple[float, float] = (1.0, 1.0)
    widths: tuple[float, ...] | None = None
    outward: int = 0


@dataclass(frozen=True, slots=True)
class _Pulls:
    """The pieces in which strokes are drawn, as columns: a stroke breaks in two where the pen lifts."""

    stroke: Indices
    start: Values
    end: Values
    weight: Values
    shift: Values


class Inker:
    """One drawing hand: turns strokes into filled polygons.

    Args:
        rng: source of every stroke's tremor.
        pen: what it draws with.
        width: of a stroke of weight 1, in drawing units.
        pixels: pixels per drawing unit.
        light: (2,) direction the light comes from.
    """

    def __init__(self, rng: Rng, pen: Pen, width: float, pixels: float, light: Points):
        self._rng = rng
        self._habits = pen
        self._pen = width
        self._pixels = pixels
        self._light = light

    def ink(self, strokes: list[Stroke]) -> list[list[Polygon]]:
        """The filled polygons of every stroke; all strokes are computed at once, which is many times faster."""
        inked: list[list[Polygon]] = [[] for _ in strokes]
        drawn = [i for i, stroke in enumerate(strokes) if stroke.widths is None]
        for i, stroke in enumerate(strokes):
            if stroke.widths is not None:
                inked[i].append(self._blade(stroke, stroke.widths))
        if drawn:
            for k, polygon in self._ribbons([strokes[i] for i in drawn]):
                inked[drawn[k]].append(polygon)
        return inked

    def _ribbons(self, strokes: list[Stroke]) -> list[tuple[int, Polygon]]:
        """Bands of ink of the pen's width: (index of the stroke, polygon)."""
        rng, pen, habits = self._rng, self._pen, self._habits
        points = np.concatenate([stroke.points for stroke in strokes])
        sizes = np.array([len(stroke.points) for stroke in strokes])
        first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        # Way along all curves laid end to end; the jump of 1 between two curves keeps them apart.
        steps = np.sqrt(((points[1:] - points[:-1]) ** 2).sum(1))
        steps[first[1:] - 1] = 1.0
        way = np.concatenate([[0.0], np.cumsum(steps)])
        weights = np.array([stroke.weight for stroke in strokes]) ** habits.contrast
        pulls = self._pulls(way[first], way[first + sizes - 1], weights)
        length = way[first + sizes - 1][pulls.stroke] - way[first][pulls.stroke]

        count = np.clip((pulls.end - pulls.start) * self._pixels / PIXELS_PER_POINT, 7, 80).astype(np.int64)
        stop = np.cumsum(count)
        pull = np.repeat(np.arange(len(count)), count)
        place = np.arange(stop[-1]) - (stop - count)[pull]
        share = place / (count[pull] - 1)
        where = pulls.start[pull] + (pulls.end - pulls.start)[pull] * share
        curve = np.stack([np.interp(where, way, points[:, 0]), np.interp(where, way, points[:, 1])], 1)
        index = np.arange(stop[-1])
        direction = curve[index + (place < count[pull] - 1)] - curve[index - (place > 0)]
        direction /= np.sqrt((direction**2).sum(1))[:, None] + 1e-9
        normal = np.stack([-direction[:, 1], direction[:, 0]], 1)

        half = (0.5 * pen * pulls.weight)[pull]
        if habits.taper:
            tapers = np.array([stroke.taper for stroke in strokes])[pulls.stroke]
            reach = np.minimum(0.5, habits.taper * pen / length)
            for distance, taper in ((share, tapers[:, 0]), (1 - share, tapers[:, 1])):
                tip = 0.12 + 0.88 * np.sqrt(np.minimum(distance / (reach * taper + 1e-6)[pull], 1))
                half *= 1 + (tip - 1) * np.minimum(1, taper)[pull]
            phase, waves = rng.uniform(0, 3, len(count)), rng.uniform(0.7, 2, len(count)) * math.pi
            half *= 1 + 0.5 * habits.swell * np.sin(share * waves[pull] + phase[pull])
        if habits.shadow:
            outward = np.array([stroke.outward for stroke in strokes], np.float64)[pulls.stroke]
            half *= 1 - habits.shadow * outward[pull] * (normal @ self._light)
        drift = pulls.shift[pull] + self._drift(share, pull, np.maximum(3, length / (pen * 14)).astype(np.int64))
        curve += normal * drift[:, None]
        edge = normal * np.maximum(half, THINNEST / self._pixels)[:, None]
        left, right = (curve + edge).tolist(), (curve - edge).tolist()
        return [
            (stroke, left[end - size : end] + right[end - size : end][::-1])
            for stroke, end, size in zip(pulls.stroke.tolist(), stop.tolist(), count.tolist(), strict=True)
        ]

    def _pulls(self, start: Values, end: Values, weight: Values) -> _Pulls:
        """Break strokes where the pen lifts for a moment, and, for a sketcher, add second, searching lines."""
        rng, pen, habits, number = self._rng, self._pen, self._habits, np.arange(len(start))
        length = end - start
        if habits.short:
            stop = np.minimum(habits.short * pen * rng.random((2, len(start))), 0.12 * length)
            start, end = start + stop[0], end - stop[1]
            length = end - start
        drawn = length > 1e-6
        lifted = drawn & (length > pen * 30) & (rng.random(len(start)) < habits.lift)
        lift = start + length * rng.uniform(0.25, 0.75, len(start))
        again = np.minimum(lift + pen * rng.uniform(3, 7, len(start)), end - 0.2 * length)
        columns = [
            (number[drawn], start[drawn], np.where(lifted, lift, end)[drawn], weight[drawn], np.zeros(drawn.sum())),
            (number[lifted], again[lifted], end[lifted], weight[lifted], np.zeros(lifted.sum())),
        ]
        if habits.searching:
            long = drawn & (length > pen * 12)
            ends = np.sort(rng.random((2, len(start))), 0)
            begin, finish = start + 0.4 * ends[0] * length, start + (0.6 + 0.4 * ends[1]) * length
            shift = rng.normal(0, 0.9 * pen, len(start))
            columns.append((number[long], begin[long], finish[long], 0.6 * weight[long], shift[long]))
        return _Pulls(*(np.concatenate(column) for column in zip(*columns, strict=True)))

    def _drift(self, share: Values, pull: Indices, bends: Indices) -> Values:
        """The tremor of the hand: a random polyline over each pull, `bends` pieces long."""
        knots = self._rng.normal(0, self._habits.tremor * self._pen, int((bends + 2).sum()))
        at = (np.cumsum(bends + 2) - bends - 2)[pull] + share * bends[pull]
        below = at.astype(np.int64)
        return knots[below] + (knots[below + 1] - knots[below]) * (at - below)

    def _blade(self, stroke: Stroke, widths: tuple[float, ...]) -> Polygon:
        """The band of a stroke with widths of its own."""
        count = len(stroke.points)
        half = np.interp(np.arange(count) / (count - 1), np.linspace(0, 1, len(widths)), widths) * 0.5 * stroke.weight
        edge = normals(stroke.points) * np.maximum(half, 0.5 * THINNEST / self._pixels)[:, None]
        return np.concatenate([stroke.points + edge, (stroke.points - edge)[::-1]]).tolist()
