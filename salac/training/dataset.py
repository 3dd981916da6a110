"""Stored drawings turned into training examples: framed, warped, inked and colored anew every time one is used."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..errors import InputError
from ..shading import Light, draw_light, highlighted, shadowed
from ..stages.view import net_shape
from .augment import augment, extract_lines
from .build import GROUP, INK, LABELS, MOST_SEGMENTS, PAINT, STORED, TONE
from .drawing import BASE_TONE, LIGHT_TONE, SHADOW_TONE
from .loop import generator
from .packs import Packs, read_index
from .palettes import draw_palette

TOKENS = MOST_SEGMENTS + 1
"""Labels that an example's segment map may hold, 0 among them."""

PRIOR_DROPOUT = 0.35
"""Share of training examples whose prior says nothing, so that no stage leans on the one before it blindly."""

EXTRACTED = 0.2
"""Share of training examples whose lines are extracted from the finished picture, as the thesis' are, not drawn."""

SHARES = {"figures": 0.45, "kits": 0.2, "clipart": 0.35}
"""How often each kind of drawing is drawn, where all are there; illustrations of a user's own count among the kits."""

RECOLORED = 0.2
"""Share of clip art whose hues are turned; a drawing of our own gets other colors every time."""

_PURPOSE = {"train": "train on", "validation": "judge by"}
_KEYS = frozenset({"source", "parts", "segment_groups", "light"})

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, kw_only=True)
class Example:
    """One drawing as a net meets it, h x w px.

    Attributes:
        sketch: float32 (h, w) in [0, 1], 1 = paper, with the blemishes of real drawings.
        ink: float32 (h, w), the clean line layer.
        labels: uint8 (h, w), segments.
        group: uint8 (h, w), see `Drawing`.
        tone: uint8 (h, w), see `Drawing`.
        colors: uint8 (groups, 3), the palette of this example.
        parts: uint8 (groups,), index into `PARTS`, or `UNKNOWN_PART`.
        segment_groups: uint8 (TOKENS,), the group that most of each segment belongs to.
        prior: uint8 (h, w), codes of what an earlier stage says, 0 for nothing; see `priors`.
        roll: seeds what is drawn for this example later on, such as its light.
        painted: float32 (h, w, 3) in [0, 1], the paint that an illustrator gave it, None where we paint.
        others: further palettes, like `colors`.
    """

    sketch: Floats
    ink: Floats
    labels: Bytes
    group: Bytes
    tone: Bytes
    colors: Bytes
    parts: Bytes
    segment_groups: Bytes
    prior: Bytes
    roll: int
    painted: Floats | None = None
    others: tuple[Bytes, ...] = ()

    def colorings(self) -> "list[Example]":
        """The same drawing in each of its palettes, this one first; its lines stay."""
        return [self, *(replace(self, colors=colors, others=()) for colors in self.others)]

    def segment_colors(self) -> Floats:
        """The flat color of every segment: float32 (TOKENS, 3) in [0, 1]."""
        return self.colors[self.segment_groups].astype(np.float32) / 255

    def segment_parts(self) -> Bytes:
        """The semantic part of every segment: uint8 (TOKENS,)."""
        return self.parts[self.segment_groups]

    def light(self) -> Light:
        """The light that this example is shaded in."""
        return draw_light(np.random.default_rng(self.roll))

    def tones(self) -> Floats:
        """How much shadow and how much highlight lies on every pixel: float32 (h, w, 2) in [0, 1]."""
        level = self.tone.astype(np.float32)
        shadow = ((BASE_TONE - level) / (BASE_TONE - SHADOW_TONE)).clip(0, 1)
        highlight = ((level - BASE_TONE) / (LIGHT_TONE - BASE_TONE)).clip(0, 1)
        # The shade of a figure's rim, averaged with what lies beside it, must not reach the paper.
        painted = (self.parts > 0)[self.group][..., None]
        return np.stack([shadow, highlight], -1) * painted

    def paint(self) -> Floats:
        """The shaded picture without its lines: float32 (h, w, 3) in [0, 1]."""
        if self.painted is not None:
            return self.painted
        flat, light, tones = self.colors.astype(np.float32), self.light(), self.tones()
        to_shadow = (shadowed(flat, light) - flat)[self.group]
        to_highlight = (highlighted(flat, light) - flat)[self.group]
        picture: Floats = (flat[self.group] + tones[..., :1] * to_shadow + tones[..., 1:] * to_highlight) / 255
        return picture

    def illustration(self) -> Floats:
        """The finished picture, paint under lines: float32 (h, w, 3) in [0, 1]."""
        return self.paint() * self.ink[..., None]


class Window(NamedTuple):
    """A square part of a stored drawing: its centre and side, px."""

    row: float
    column: float
    side: float


WHOLE = Window(STORED / 2 - 0.5, STORED / 2 - 0.5, STORED)


class Drawings:
    """The stored drawings of one split, memory-mapped."""

    def __init__(self, folder: Path, split: str, prior: str | None = None, *, lit: bool = False):
        """Open a data set.

        Args:
            folder: of the data set.
            split: "train" or "validation".
            prior: "clusters" or "categories", predicted before; None for none.
            lit: draw only what is shaded, mirrored so that its light falls from the left. A net that met light from
                both sides would learn the mean of both, which is no shade at all.

        Raises:
            InputError: the folder holds no data set, a damaged one, or not that prior; nothing in it is shaded.
        """
        self.entries: list[dict[str, Any]] = read_index(folder / split)
        if not self.entries:
            raise InputError(f"{folder / split} holds no drawings: build a data set with some to {_PURPOSE[split]}")
        self.maps, self.lit = Packs(folder / split), lit
        planes = self.maps.shape[1:]
        if planes not in ((4, STORED, STORED), (7, STORED, STORED)) or len(self.maps) < len(self.entries):
            raise InputError(f"{folder / split} holds maps {self.maps.shape} for {len(self)} drawings: build it again")
        if not all(entry.keys() >= _KEYS for entry in self.entries):
            raise InputError(f"{folder / split} was made by another version of salac: build it again")
        try:
            self.priors = (
                np.load(folder / split / f"{prior}.npy", mmap_mode="r")
                if prior
                else np.broadcast_to(np.zeros((), np.uint8), (len(self), 128, 128))
            )
        except (OSError, ValueError, EOFError) as error:
            raise InputError(f"{folder} has no predicted {prior}: train the stage before this one first") from error
        if len(self.priors) != len(self):
            raise InputError(f"{prior} were predicted for {len(self.priors)} drawings, {folder} has {len(self)}")
        kinds = np.array([_kind(entry["source"]) for entry in self.entries])
        # The gradients of clip art are no cel shade.
        usable = np.array([not lit or bool(entry["light"]) for entry in self.entries]) & ~(lit & (kinds == "clipart"))
        pools = {kind: np.flatnonzero((kinds == kind) & usable) for kind in SHARES}
        self.pools = {kind: pool for kind, pool in pools.items() if len(pool)}
        if not self.pools:
            raise InputError(f"{folder / split} holds no shaded drawings: build a data set with figures")

    def __len__(self) -> int:
        return len(self.entries)

    def draw(self, rng: np.random.Generator, shape: tuple[int, int], palettes: int = 1) -> Example:
        """A random drawing, augmented, of `shape` (h, w) px, in so many palettes; its kind is drawn by `SHARES`."""
        shares = np.array([SHARES[kind] for kind in self.pools])
        kind = list(self.pools)[rng.choice(len(shares), p=shares / shares.sum())]
        return self.example(int(rng.choice(self.pools[kind])), rng, shape, augmented=True, palettes=palettes)

    def example(
        self,
        index: int,
        rng: np.random.Generator,
        shape: tuple[int, int],
        *,
        augmented: bool = False,
        window: Window | None = None,
        palettes: int = 1,
    ) -> Example:
        """Drawing number `index`, in a palette drawn with `rng` unless it was painted by somebody: whole (or the
        `window` of it) and clean unless `augmented`. What somebody painted keeps its colors in every palette where the
        paint is stored, and else has them turned as often as ever.
        """
        entry, maps = self.entries[index], self.maps[index]
        mirrored = entry["light"] == "right" if self.lit else augmented and rng.random() < 0.5
        columns, rows = _frame(rng, shape) if augmented else _grid(shape, window or WHOLE)
        if mirrored:
            columns, rows = columns[:, ::-1].copy(), rows[:, ::-1].copy()
        clean = _sample(maps[INK], columns, rows)
        tone = _sample(maps[TONE], columns, rows)
        step = columns.shape[0] // shape[0]
        near = [c[step // 2 :: step, step // 2 :: step] for c in (columns, rows)]
        group, labels = (_sample(maps[plane], near[0], near[1], cv2.INTER_NEAREST) for plane in (GROUP, LABELS))
        painted = None
        if "colors" in entry and len(maps) > PAINT.start:
            painted = np.dstack([_shrink(_sample(plane, columns, rows), shape) for plane in maps[PAINT]])
        turned = RECOLORED if augmented and painted is None else 0.0
        colors = _draw_colors(entry, rng, turned)
        sketch = clean
        if augmented:
            if painted is None and rng.random() < EXTRACTED:
                finely = _sample(maps[GROUP], columns, rows, cv2.INTER_NEAREST)
                sketch = extract_lines(colors, finely, tone, clean, rng)
            sketch = augment(sketch, rng)
        coarse = [(c - 0.5) / (STORED / self.priors.shape[1]) for c in near]
        plane = np.ascontiguousarray(self.priors[index])
        prior = _sample(plane, coarse[0], coarse[1], cv2.INTER_NEAREST)
        if augmented and rng.random() < PRIOR_DROPOUT:
            prior[:] = 0
        segment_groups = np.zeros(TOKENS, np.uint8)
        segment_groups[: len(entry["segment_groups"])] = entry["segment_groups"]
        return Example(
            sketch=_shrink(sketch, shape).astype(np.float32) / 255,
            ink=_shrink(clean, shape).astype(np.float32) / 255,
            labels=labels,
            group=group,
            tone=_shrink(tone, shape),
            colors=colors,
            parts=np.array(entry["parts"], np.uint8),
            segment_groups=segment_groups,
            prior=prior,
            roll=int(rng.integers(1 << 62)),
            painted=None if painted is None else painted.astype(np.float32) / 255,
            others=tuple(_draw_colors(entry, rng, turned) for _ in range(palettes - 1)),
        )

    def batch(
        self, seed: int, step: int, size: int, count: int, *, multiple: int = 16, share: int = 0, palettes: int = 1
    ) -> list[Example]:
        """The examples of one training step, or of a rank's share of it, all of one random aspect and about `size` x
        `size` px, each in so many palettes.
        """
        rng = generator(seed, step)
        aspect = 2 ** rng.uniform(-0.6, 1.0) if rng.random() < 0.5 else 1.0
        shape = net_shape(round(1000 * aspect), 1000, size, multiple)
        if share:
            rng = generator(seed, step, share=share)  # other drawings of the same aspect
        return [self.draw(rng, shape, palettes) for _ in range(count)]

    def held_out(self, seed: int, size: int, count: int) -> list[Example]:
        """A fixed choice of `count` whole examples, clean, for scores and previews."""
        rng = generator(seed, 0)
        chosen = rng.permutation(np.concatenate(list(self.pools.values())))[:count]
        return [self.example(int(i), rng, (size, size)) for i in chosen]


def _kind(source: str) -> str:
    """The kind of drawing that a source gives: `clipart:noto` is clip art."""
    kind = source.partition(":")[0]
    return kind if kind in SHARES else "kits"


def stack(arrays: Sequence[npt.NDArray[Any]]) -> Tensor:
    """Stack (h, w) or (h, w, c) arrays to a tensor (B, h, w) or (B, c, h, w)."""
    stacked = torch.from_numpy(np.stack(arrays))
    return stacked.permute(0, 3, 1, 2) if stacked.ndim == 4 else stacked


def _draw_colors(entry: dict[str, Any], rng: np.random.Generator, turned: float) -> Bytes:
    """A palette for a drawing, or what somebody gave it, with hues turned so often: uint8 (groups, 3)."""
    if "colors" not in entry:
        return draw_palette(rng)[entry["roles"]]
    colors = np.array(entry["colors"], np.uint8)
    return _turned(colors, int(rng.integers(256))) if turned and rng.random() < turned else colors


def _turned(colors: Bytes, angle: int) -> Bytes:
    """Colors (N, 3) with their hues turned by `angle`, 256 being the full circle."""
    hsv = cv2.cvtColor(colors[None], cv2.COLOR_RGB2HSV_FULL)
    hsv[..., 0] += np.uint8(angle)
    turned: Bytes = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB_FULL)[0]
    return turned


def _sample(plane: Bytes, columns: Floats, rows: Floats, how: int = cv2.INTER_LINEAR) -> Bytes:
    """Sample a stored plane at a grid; beyond its border it goes on as it ends."""
    return cv2.remap(plane, columns, rows, how, borderMode=cv2.BORDER_REPLICATE)


def _shrink(plane: Bytes, shape: tuple[int, int]) -> Bytes:
    return cv2.resize(plane, shape[::-1], interpolation=cv2.INTER_AREA) if plane.shape != shape else plane


def _grid(shape: tuple[int, int], window: Window) -> tuple[Floats, Floats]:
    """Sampling grid (columns, rows) of a window, finer than `shape` by a whole factor where the window is."""
    step = math.ceil(window.side / max(shape))
    ticks = [(np.arange(n * step, dtype=np.float32) + 0.5) / (n * step) - 0.5 for n in shape]
    rows, columns = (centre + window.side * t for centre, t in zip((window.row, window.column), ticks, strict=True))
    grid_columns, grid_rows = np.meshgrid(columns, rows)
    return grid_columns, grid_rows


def _frame(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Sampling grid of a random crop: zoomed, shifted, turned and skewed a little, gently warped."""
    step = math.ceil(STORED / max(shape))
    height, width = shape[0] * step, shape[1] * step
    fit = STORED / max(height, width)
    zoom = fit * (rng.uniform(0.5, 1.0) if rng.random() < 0.5 else rng.uniform(0.85, 1.0))
    angle = np.float32(rng.normal(0, 0.06))
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = (x - width / 2 + 0.5) * zoom, (y - height / 2 + 0.5) * zoom
    skew = np.float32(rng.normal(0, 0.03))
    x, y = x * np.cos(angle) - y * np.sin(angle) + skew * y, x * np.sin(angle) + y * np.cos(angle)
    room = STORED - np.array([width, height]) * zoom
    shift = room * (rng.beta(2, 2, 2) - 0.5)
    swell = rng.uniform(0, 5) * rng.normal(size=(2, 4, 4)).astype(np.float32)
    dx, dy = (cv2.resize(plane, (width, height), interpolation=cv2.INTER_CUBIC) for plane in swell)
    centre = STORED / 2 - 0.5
    return (x + dx + centre + shift[0]).astype(np.float32), (y + dy + centre + shift[1]).astype(np.float32)
