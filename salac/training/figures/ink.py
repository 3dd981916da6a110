"""The pen: open curves become tapered ink strokes of variable width, all by one hand."""

import math
from dataclasses import dataclass

import numpy as np

from .chance import Rng, chance
from .curves import Points, normals

THINNEST = 0.3
"""Half the width, in pixels, below which ink would vanish in antialiasing."""


@dataclass(slots=True)
class Stroke:
    """One pull of the pen.

    Attributes:
        points: (N, 2) open curve in drawing units.
        weight: width relative to the pen.
        taper: how far the stroke thins at its start and end: 0 not at all, 1 to a point, above 1 over a longer way.
        widths: full widths in drawing units at evenly spaced places; replaces the pen's own width (lashes, brows).
    """

    points: Points
    weight: float = 1.0
    taper: tuple[float, float] = (1.0, 1.0)
    widths: tuple[float, ...] | None = None


class Inker:
    """One drawing hand: turns strokes into filled polygons.

    Args:
        rng: source of the hand's habits and of every stroke's tremor.
        pen: width of a stroke of weight 1, in drawing units.
        pixels: pixels per drawing unit.
    """

    def __init__(self, rng: Rng, pen: float, pixels: float):
        self._rng = rng
        self._pen = pen
        self._pixels = pixels
        self._tremor = rng.uniform(0, 0.3) * pen
        self._swell = rng.uniform(0.05, 0.45)
        self._gap_chance = float(rng.choice([0, 0, 0.04, 0.12]))
        self._sketchy = chance(rng, 0.10)
        self._technical = chance(rng, 0.12)
        self._taper_length = rng.uniform(8, 22) * pen

    def polygons(self, stroke: Stroke) -> list[Points]:
        """The filled polygons of one stroke: usually one, more where the pen lifts or a second line is searched."""
        if stroke.widths is not None:
            return [self._blade(stroke)]
        curve, length = self._resample(stroke.points)
        if length < 1e-6:
            return []
        pieces = [curve]
        if length > self._pen * 30 and chance(self._rng, self._gap_chance):
            pieces = self._lift(curve, length)
        polygons = [self._ribbon(piece, stroke, length) for piece in pieces]
        if self._sketchy and length > self._pen * 12:
            polygons += self._second_line(pieces[0], stroke, length)
        return polygons

    def _resample(self, points: Points) -> tuple[Points, float]:
        """Evenly spaced points, dense enough for the pixels the curve covers, and the curve's length."""
        step = points[1:] - points[:-1]
        way = np.concatenate([[0.0], np.cumsum(np.sqrt(step[:, 0] ** 2 + step[:, 1] ** 2))])
        length = float(way[-1])
        count = int(min(max(length * self._pixels / 3.0, 7), 80))
        where = np.linspace(0, length, count)
        return np.stack([np.interp(where, way, points[:, 0]), np.interp(where, way, points[:, 1])], 1), length

    def _lift(self, curve: Points, length: float) -> list[Points]:
        """Two pieces of a curve with the short gap of a lifted pen between them."""
        first = int(len(curve) * self._rng.uniform(0.25, 0.75))
        gap = max(1, int(len(curve) * self._pen * self._rng.uniform(3, 7) / length))
        return [piece for piece in (curve[:first], curve[first + gap :]) if len(piece) > 3]

    def _second_line(self, curve: Points, stroke: Stroke, length: float) -> list[Points]:
        """A thinner, shifted repeat of a part of the stroke, as in a sketch."""
        start, end = np.sort(self._rng.random(2))
        part = curve[int(start * 0.4 * len(curve)) : int((0.6 + 0.4 * end) * len(curve)) + 2]
        if len(part) < 5:
            return []
        shifted = (
            part + normals(part) * (self._rng.normal(0, 1.1) * self._pen) + self._rng.normal(0, 0.5, 2) * self._pen
        )
        return [self._ribbon(shifted, Stroke(part, stroke.weight * 0.6), length)]

    def _ribbon(self, curve: Points, stroke: Stroke, length: float) -> Points:
        """The band of ink around a curve, tapered at its ends and swelling along its way."""
        count = len(curve)
        share = np.arange(count) / (count - 1)
        half = np.full(count, 0.5 * stroke.weight * self._pen)
        if not self._technical:
            reach = min(0.5, self._taper_length / length)
            for distance, taper in ((share, stroke.taper[0]), (share[::-1], stroke.taper[1])):
                if taper > 0:
                    tip = 0.12 + 0.88 * np.sqrt(np.minimum(distance / (reach * taper + 1e-6), 1))
                    half *= 1 + (tip - 1) * min(1.0, taper)
            phase, waves = self._rng.uniform(0, 3), self._rng.uniform(0.7, 2)
            half *= 1 + 0.5 * self._swell * np.sin(share * math.pi * waves + phase)
        normal = normals(curve)
        bends = max(3, int(length / (self._pen * 14)))
        drift = np.interp(share * bends, np.arange(bends + 1), self._rng.normal(0, self._tremor, bends + 1))
        shaky = curve + normal * drift[:, None]
        edge = normal * np.maximum(half, THINNEST / self._pixels)[:, None]
        return np.concatenate([shaky + edge, (shaky - edge)[::-1]])

    def _blade(self, stroke: Stroke) -> Points:
        """The band of a stroke with widths of its own."""
        assert stroke.widths is not None
        count = len(stroke.points)
        knots = np.linspace(0, 1, len(stroke.widths))
        half = np.interp(np.arange(count) / (count - 1), knots, stroke.widths) * 0.5 * stroke.weight
        edge = normals(stroke.points) * np.maximum(half, 0.5 * THINNEST / self._pixels)[:, None]
        return np.concatenate([stroke.points + edge, (stroke.points - edge)[::-1]])
