"""What hair is made of: the cap over the skull, tapered locks, the mass behind, tails, braids, buns and curls."""

import math
from dataclasses import dataclass, field

import numpy as np

from . import cel, depths
from .chance import between, chance
from .curves import (
    Point,
    Points,
    across,
    arc,
    array,
    bezier,
    ellipse,
    join,
    mix,
    normals,
    outline,
    spline,
    unit,
    vector,
)
from .head import Head
from .scene import Scene, Shape


@dataclass
class Hairdo:
    """One head of hair while it is drawn, in the head's frame.

    Attributes:
        scene, head: where it grows.
        left, right, top: extent of the hair over the skull.
        parting: where the locks of the front spring from.
        weight: weight of its outlines.
        detail: 0..1, how many fine strands are drawn.
        parted: locks are closed at their roots and strands run from edge to edge, so that hair is many closed pieces.
        sweep: -1 or 1, the side the hair falls to.
        cap: the cap's outer edge.
        front: shapes in front of the face, which carry the ring of light.
        shadows: shapes that throw their shadow on the face.
    """

    scene: Scene
    head: Head
    left: float
    right: float
    top: float
    parting: tuple[float, float]
    weight: float
    detail: float
    sweep: int
    parted: bool = False
    back_role: str = "hair"
    tie_role: str = "accent"
    front: list[Shape] = field(default_factory=list)
    shadows: list[Shape] = field(default_factory=list)

    def lock(
        self,
        root: Point,
        tip: Point,
        width: float,
        bend: float = 0.0,
        depth: float = depths.BANGS,
        *,
        bare: float = 0.25,
        blunt: bool = False,
        wave: float = 0.0,
        belly: float = 0.4,
        spine: Points | None = None,
        strand: bool = True,
        role: str = "hair",
    ) -> Shape:
        """One tapered lock from root to tip.

        Args:
            root: where it grows.
            tip: where it ends.
            width: half width at its belly.
            bend: sideways bow relative to its length.
            depth: place in the painter's list.
            bare: share of its length from the root without outline, so that it melts into the hair above.
            blunt: cut straight instead of tapered.
            wave: sideways amplitude of curls.
            belly: where along the lock it is widest.
            spine: its center line, instead of the bow.
            strand: it may carry a fine inner line.
            role: color role.
        """
        scene, rng = self.scene, self.scene.rng
        start, end = array([root])[0], array([tip])[0]
        length = math.hypot(*(end - start)) + 1e-9
        aside = across(end - start) / length
        line = bezier(start, (start + end) / 2 + aside * bend * length, end, 18) if spine is None else spine
        share = np.linspace(0, 1, len(line))
        if spine is None and not blunt:  # a slight S, as hair falls
            line = line + aside * (np.sin(share * 2 * math.pi) * share * rng.normal(0, 0.03) * length)[:, None]
        if wave:
            curls = max(2, round(length * 2.2))
            line = line + normals(line) * (np.sin(share * math.pi * curls) * wave * share)[:, None]
        if blunt:
            thick = np.interp(share, [0, belly, 1], [0.75, 1, 0.95])
        else:
            growing = 0.3 + 0.7 * np.sin(share / belly * math.pi / 2)
            falling = np.cos(np.clip((share - belly) / (1 - belly), 0, 1) * math.pi / 2) ** 0.85
            thick = np.where(share < belly, growing, falling)
        half = normals(line) * (width * thick)[:, None]
        left, right = line + half, line - half
        shape = scene.shape(join(left, right[::-1]), "hair", role, depth, 0)
        closed = self.parted and not blunt
        if closed:
            bare = min(bare, 0.06)
        first = int(bare * (len(line) - 1))
        taper = (1.6 if bare > 0.1 else 0.5, 0.1 if blunt else 0.9)
        facing = self.head.facing
        scene.stroke(shape, left[first:], self.weight, taper, outward=facing)
        scene.stroke(shape, right[first:], self.weight, taper, outward=-facing)
        if blunt:
            scene.stroke(shape, [left[-1], right[-1]], self.weight, (0.1, 0.1))
        if closed:
            scene.stroke(shape, [right[first], left[first]], self.weight, (0, 0))
        if self.parted and width > 0.08 and chance(rng, 0.5 * self.detail):
            scene.part(shape, [line + half * rng.uniform(-0.4, 0.4)], 0.7)
        elif strand and length > 0.4 and chance(rng, self.detail * 0.7):
            first, last = sorted((rng.uniform(0.25, 0.95, 2) * len(line)).astype(int))
            if last - first > 3:
                scene.stroke(shape, (line + half * rng.uniform(-0.5, 0.5))[first:last], 0.6, (1.5, 1.5))
        if chance(rng, 0.85):
            cel.crescent(scene, shape, width * rng.uniform(0.35, 0.8))
        return shape

    def draw_cap(self, smooth: bool, hairline: bool) -> None:
        """The hair lying on the skull, open over the face; `smooth` inks its outer edge, `hairline` the inner one."""
        scene, turn, left, right, top = self.scene, self.head.turn, self.left, self.right, self.top
        outer = [
            (left * 0.96, 0.42), (left, 0.0), (left * 0.93, top * 0.40), (left * 0.72, top * 0.74),
            (left * 0.38, top * 0.95), (-0.05 * (1 + turn), top * 1.01), (right * 0.38, top * 0.95),
            (right * 0.72, top * 0.74), (right * 0.93, top * 0.40), (right, 0.0), (right * 0.95, 0.36),
        ]  # fmt: skip
        if self.head.profile:
            rim = spline([*outer[:8], (right * 0.95, top * 0.45), (right * 0.99, -0.2)])
            inner = [(right * 0.9, -0.22), (0.62, -0.48), (0.3, -0.5), (0.13, -0.2), (0.07, 0.2), (0.0, 0.42)]
        else:
            rim = spline(outer)
            edge = mix(-0.82, -0.52, turn)
            inner = [
                (right * 0.86, 0.34), (right * 0.80, 0.0), (0.52, -0.42), (0.1 + 0.2 * turn, -0.56), (-0.42, -0.45),
                (edge, -0.05), (edge - 0.04, 0.38),
            ]  # fmt: skip
        cap = scene.shape(join(rim, spline(inner)), "hair", "hair", depths.CAP, 0)
        if smooth:
            scene.stroke(cap, rim, 1.15, (0.7, 0.7))
        if hairline:
            scene.stroke(cap, spline(inner), 0.9, (0.7, 0.7))
        if not self.head.profile:
            cel.crescent(scene, cap, 0.16)
        self.front.append(cap)
        rng = scene.rng
        for _ in range(int(self.detail * 7)):
            end = vector(rng.uniform(left * 0.85, right * 0.85), rng.uniform(-0.75, -0.1))
            root = vector(self.parting[0], self.parting[1] + 0.02)
            line = bezier(root, ((root[0] + end[0] * 1.6) / 2, root[1] * 0.95), end, 16)
            if self.parted and chance(rng, 0.6):
                rest = vector(end[0] * 1.2, 0.9)
                scene.part(cap, [np.concatenate([line, bezier(end, vector(end[0] * 1.25, end[1]), rest, 6)[1:]])], 0.7)
                continue
            scene.stroke(cap, line[rng.integers(1, 7) : rng.integers(9, 16)], 0.6, (1.4, 1.8))

    def draw_back(
        self,
        length: float,
        spread: float = 1.0,
        *,
        straight_hem: bool = False,
        inward: float = 0.0,
        wave: float = 0.0,
        depth: float = depths.BACK_HAIR,
    ) -> None:
        """The mass behind neck and body, down to y = `length`, with a straight or jagged hem."""
        scene, rng = self.scene, self.scene.rng
        left = self.left * 1.01
        right = 0.12 if self.head.profile else self.right * 1.01
        middle = length * 0.5
        flanks = []
        for x in (left, right):
            flank = spline([
                (x * 0.97, -0.2), (x * mix(1, spread, 0.4) * 1.02, middle * 0.6), (x * spread * 1.03, middle * 1.3),
                (x * spread * (1 - inward), length * 0.97),
            ], samples=10)  # fmt: skip
            if wave:
                reach = np.clip((flank[:, 1] - 0.2) / length, 0, 1)
                flank[:, 0] += np.sin(flank[:, 1] * 5.5 + rng.uniform(0, 6)) * wave * reach
            flanks.append(flank)
        hem, valleys = self.hem(flanks[0][-1], flanks[1][-1], length, straight_hem)
        edges = [flanks[0], *hem, flanks[1][::-1]]
        crown = spline([flanks[1][0], (0, -0.9), flanks[0][0]])
        mass = scene.shape(join(*edges, crown), "hair", self.back_role, depth, 0)
        for edge in edges:
            scene.stroke(mass, edge, 1.1, (0.5, 0.5))
        if not self.head.profile:
            cel.whole(mass, 0.8)
        for valley in valleys:
            if self.parted and chance(rng, 0.75):
                lean = rng.uniform(0.55, 0.9)
                line = bezier(valley, (valley[0] * mix(1, lean, 0.3), middle), (valley[0] * lean, -0.9))
                line[:, 0] += np.sin(line[:, 1] * 5.5) * wave * np.clip(line[:, 1], 0, 0.7)
                scene.part(mass, [line], 0.8)
            elif chance(rng, 0.9 if not scene.plain else 0.6):
                share = rng.uniform(0.25, 0.8)
                end = (valley[0] * mix(1, 0.85, share) + rng.normal(0, 0.03), mix(valley[1], 0.2, share))
                line = bezier(valley, ((valley[0] + end[0]) / 2 + rng.normal(0, 0.05), (valley[1] + end[1]) / 2), end)
                line[:, 0] += np.sin(line[:, 1] * 5.5) * wave * 0.7
                scene.stroke(mass, line, 0.8, (0, 2))

    def hem(self, start: Points, end: Points, length: float, straight: bool) -> tuple[list[Points], list[Points]]:
        """The lower edge from `start` to `end` as pen strokes, and the valleys between its points."""
        rng = self.scene.rng
        count = int(rng.integers(4, 7) if self.scene.plain else rng.integers(5, 10))
        jag = 0.0 if straight else 0.5 * min(length, 3)
        sag = 0.05 if length > 1.8 else -0.02
        edges, valleys, here = [], [], start
        for i in range(count):
            x = mix(start[0], end[0], (i + 1) / count) + rng.normal(0, 0.03)
            there = end if i == count - 1 else vector(x, length * 0.97 - rng.uniform(0.03, 0.16) * jag)
            if straight:
                edges.append(np.stack([here, there]))
            else:
                x = mix(here[0], there[0], rng.uniform(0.3, 0.7))
                tip = vector(x, length + rng.uniform(0, 0.2) * jag)
                down = (mix(here[0], tip[0], 0.25), (here[1] + tip[1]) / 2 + sag)
                up = (mix(there[0], tip[0], 0.4), (there[1] + tip[1]) / 2 + sag)
                edges += [bezier(here, down, tip, 8), bezier(tip, up, there, 8)]
            if i < count - 1:
                valleys.append(there)
            here = there
        return edges, valleys

    def draw_tail(
        self,
        root: Point,
        tip: Point,
        locks: int,
        width: float,
        *,
        bow: float = 0.2,
        depth: float = depths.TAIL,
        wave: float = 0.0,
    ) -> None:
        """A bunch of locks from one root; behind the body it lies in shadow."""
        rng = self.scene.rng
        start, end = array([root])[0], array([tip])[0]
        way = end - start
        length = math.hypot(*way)
        aside = across(unit(way))
        for i, k in enumerate(rng.permutation(locks)):
            place = (k + 0.5) / locks * 2 - 1
            stop = end + aside * place * 0.19 * length - way * abs(place) * rng.uniform(0.02, 0.25)
            middle = start + way * 0.45 + aside * (bow * length + place * width * 1.2)
            spine = bezier(start + aside * place * width * 0.3, middle, stop, 20)
            lock = self.lock(
                start, stop, width * rng.uniform(0.6, 0.9), depth=depth + 0.01 * i, bare=0.04, wave=wave, spine=spine,
                belly=0.45, role=self.back_role,
            )  # fmt: skip
            if depth < depths.TORSO:
                cel.whole(lock, 0.4)

    def draw_braid(self, knots: list[Point], width: float, depth: float = depths.BRAID) -> None:
        """A braid along a curve: leaning segments left and right in turn, a tie and a tuft."""
        scene = self.scene
        line = spline(knots, samples=12)
        steps = np.sqrt(((line[1:] - line[:-1]) ** 2).sum(1))
        way = np.concatenate([[0], np.cumsum(steps)])
        count = max(4, int(way[-1] / (width * 1.25)))
        for i in range(count):
            here, ahead = (
                vector(np.interp(at, way, line[:, 0]), np.interp(at, way, line[:, 1]))
                for at in (i / count * way[-1], min(1, i / count + 0.03) * way[-1])
            )
            w = width * mix(1, 0.65, i / count)
            s = 1 if i % 2 else -1
            with scene.placed(here[0], here[1], math.atan2(*(ahead - here)[::-1]) - math.pi / 2):
                segment = outline([
                    (s * w * 0.95, -w * 0.55), (s * w, w * 0.35), (-s * w * 0.1, w * 1.25, 1), (-s * w * 0.75, w * 0.2),
                    (-s * w * 0.3, -w * 0.6),
                ], samples=5)  # fmt: skip
                twist = scene.shape(segment, "hair", "hair", depth + i * 0.001, 0.85)
                cel.crescent(scene, twist, w * 0.35)
        end = line[-1]
        for j in (-1, 0, 1):
            self.lock(end, end + vector(width * j * 0.8, width * 2.6), width * 0.4, depth=depth + 0.1, bare=0.2)
        self.draw_tie(end, width * 0.55, depth + 0.2)

    def draw_tie(self, place: Point, radius: float, depth: float) -> None:
        """The band that holds a tail."""
        band = self.scene.shape(
            ellipse(place[0], place[1], radius, radius * 0.7, 16), "accessory", self.tie_role, depth, 0.9
        )
        cel.crescent(self.scene, band, radius * 0.4)

    def draw_bun(self, x: float, y: float, radius: float, depth: float = depths.SPIKES - 0.5) -> None:
        """A round knot of hair."""
        scene = self.scene
        bun = scene.shape(ellipse(x, y, radius, radius * 0.93), "hair", "hair", depth)
        cel.crescent(scene, bun, radius * 0.3)
        for size in (0.75, 0.45):
            line = arc(x, y, radius * size, scene.rng.uniform(0, 2), scene.rng.uniform(3, 5), 14)
            scene.stroke(bun, line, 0.7, (1.5, 1.5))

    def draw_ringlet(self, root: Point, length: float, width: float, depth: float) -> None:
        """A corkscrew curl: stacked slanting bands that narrow to a point."""
        scene = self.scene
        x, y = root
        count = max(4, int(length / (width * 0.8)))
        for i in reversed(range(count)):
            share = i / count
            w = width * (1 - 0.75 * share**1.5)
            top = y + length * share
            tall = length / count
            band = outline([
                (x - w, top + tall * 0.35), (x - w * 0.4, top - tall * 0.15), (x + w, top - tall * 0.35),
                (x + w * 1.02, top + tall * 0.4), (x + w * 0.1, top + tall * 0.95), (x - w * 0.95, top + tall * 1.1),
            ], samples=5)  # fmt: skip
            curl = scene.shape(band, "hair", "hair", depth - 0.01 * i, 0.95)
            cel.crescent(scene, curl, w * 0.45)

    def draw_fringe_of_hair(self) -> None:
        """What is left above the ears of a bald man."""
        scene, turn = self.scene, self.head.turn
        for s, width in ((-1, 1.0), (1, mix(1, 0.3, turn))):
            edge, inner = s * 1.02, s * (1.02 - 0.22 * width)
            if s < 0:
                edge, inner = edge + 0.02 * turn, inner + 0.16 * turn
            tuft = outline([
                (edge * 0.9, 0.42, 1), (edge * 1.06, 0.25), (edge * 1.04, 0.0), (edge * 1.02, -0.2),
                (edge * 0.9, -0.42, 1), (inner, -0.2), (inner, 0.05), (inner * 1.02, 0.36, 1),
            ])  # fmt: skip
            hair = scene.shape(tuft, "hair", "hair", depths.CAP, 0.95)
            cel.crescent(scene, hair, 0.07)
            if width > 0.5:
                scene.stroke(hair, bezier((edge, -0.2), (inner + s * 0.1, 0.0), (edge * 0.93, 0.25)), 0.6, (1, 1.4))

    def draw_curls(self, length: float, fluff: float = 1.0, depth: float = depths.BACK_HAIR) -> None:
        """A mass of round curls around the head, `fluff` times as wide as the usual."""
        scene, rng, top = self.scene, self.scene.rng, self.top * fluff**0.5
        left, right = self.left * fluff**0.6, self.right * fluff**0.6
        rim = spline([
            (left * 0.8, length), (left * 1.15, length * 0.5), (left * 1.1, -0.2), (left * 0.7, -0.95), (0, top * 1.02),
            (right * 0.7, -0.95), (right * 1.1, -0.2), (right * 1.15, length * 0.5), (right * 0.8, length),
        ], samples=5)  # fmt: skip
        size = between(rng, (0.17, 0.27))
        curls = [join(rim * 0.96).inked()]
        for x, y in rim[::2] * 0.9:
            curls.append(ellipse(x, y, size * rng.uniform(0.7, 1.3), size * rng.uniform(0.7, 1.3), 18))
        mass = scene.shape(curls, "hair", self.back_role, depth)
        cel.crescent(scene, mass, 0.3)
        for x, y in rim[::3]:
            share = rng.uniform(0.7, 0.9)
            line = arc(x * share, y * share, size * 0.6, rng.uniform(0, 3), rng.uniform(3.5, 5.5))
            scene.stroke(mass, line, 0.7, (1.5, 1.5))

    def draw_ring(self) -> None:
        """The ring of light across all front hair."""
        scene, rng = self.scene, self.scene.rng
        left, right = self.left * 0.86, self.right * 0.86
        count = int(rng.integers(9, 17))
        x = np.linspace(left, right, count)
        place = (x - (left + right) / 2) / ((right - left) / 2)
        middle = self.top * rng.uniform(0.5, 0.68) + rng.uniform(0.1, 0.28) * place**2
        thick = rng.uniform(0.05, 0.14) * np.sqrt(np.clip(1 - place**2, 0, 1))
        if chance(rng, 0.4):  # on the lit side only
            thick = thick * (place * scene.light[0] * self.head.facing > -0.1)
        zigzag = np.where(np.arange(count) % 2, 1.0, 0.25)
        upper = np.stack([x, middle - thick * zigzag], 1)
        lower = np.stack([x, middle + thick * np.roll(zigzag, 1) * 1.6], 1)
        if chance(rng, 0.4):
            upper, lower = spline(upper, samples=4), spline(lower, samples=4)
        ring = np.concatenate([upper, lower[::-1]])
        for shape in self.front:
            cel.patch(scene, shape, ring, -1)


def make_hairdo(scene: Scene, head: Head) -> Hairdo:
    """Draw lots for what all hair styles share."""
    rng, turn = scene.rng, head.turn
    volume = between(rng, (1.08, 1.2))
    left, right = -(1 + 0.10 * turn) * volume * 0.98, mix(1, 0.9, turn) * volume * 0.98
    if head.profile:
        left, right = -1.1 * volume, 0.82 * volume
    top = -1.1 * volume
    return Hairdo(
        scene,
        head,
        left,
        right,
        top,
        parting=(mix(0, 0.28, turn) + rng.normal(0, 0.12), top * 0.84),
        weight=between(rng, (0.85, 1.05)),
        detail=between(rng, (0.3, 1)) * (0.35 if scene.plain else 1),
        sweep=1 if chance(rng, 0.5) else -1,
        parted=chance(rng, 0.25 if scene.plain else 0.45),
        back_role="hair" if chance(rng, 0.88) else "hair.2",
    )
