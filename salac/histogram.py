"""The color histogram that steers a proposal, the distance between two, and the bank that training leaves behind.

The histogram is HistoGAN's RGB-uv (Afifi et al., 2021; thesis section 3.3.2) mended for flat colors. There, three
planes of log-chroma and an epsilon of 1e-6 let saturated and dark colors run together: red and blue, even red and
black, look the same. Here luminance and log-chroma are one joint tensor, the epsilon is a quarter of full scale, so
that dark, vivid and pale colors are told apart alike, and the bins are triangular, so that the colors of a palette can
be read back.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from salac._peaks import merge, peel, settle
from salac.color import from_lab, to_lab
from salac.errors import InputError, ModelError

if TYPE_CHECKING:
    from torch import Tensor

Floats = npt.NDArray[np.float32]

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in luminance."""

_CORNERS = tuple((i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1))

_BANK_COLORS = 24
"""A bank keeps so many colors of a histogram, 5 bytes each: a shaded figure comes back at Hellinger distance 0.12."""

_BANK_ARCH, _BANK_FORMAT = "HistogramBank", "1"


@dataclass(frozen=True, kw_only=True)
class RGBuvHistogram:
    """Color histogram over luminance and two log-chroma axes.

    A histogram is float32, sums to 1, and has the axes luminance Y = .299 R + .587 G + .114 B,
    u = log((R + eps) / (G + eps)) and v = log((B + eps) / (G + eps)), which just cover the RGB cube. Arrays have the
    shape (L, h, h); tensors, which nets read, are flattened in that order to (B, bins), v running fastest. A color
    spreads over the 8 cells around it with trilinear weights, so their weighted mean gives the color back.

    Attributes:
        luminance_bins: L, cells along luminance.
        chroma_bins: h, cells along each chroma axis; odd, so that greys lie on a cell and not between four.
        eps: added to each channel (0..1 scale) before the logarithm; the greater, the coarser among darks and the finer
            among pale colors.

    Example:
        >>> form = RGBuvHistogram()
        >>> histogram = form.from_palette(np.array([[200, 32, 42], [47, 79, 159]], np.uint8), np.array([3, 1]))
        >>> histogram.shape, form.bins
        ((12, 31, 31), 11532)
        >>> colors, weights = form.palette(histogram)  # read back, the heaviest first
        >>> np.rint(255 * colors).astype(int).tolist(), weights.round(2).tolist()
        ([[200, 32, 42], [47, 79, 159]], [0.75, 0.25])
    """

    luminance_bins: int = 12
    chroma_bins: int = 31
    eps: float = 0.25

    def __post_init__(self) -> None:
        if self.luminance_bins < 2 or self.chroma_bins < 2 or not self.eps > 0:
            raise InputError(f"a histogram needs at least 2 bins an axis and eps above 0, but is {self}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """(L, h, h)."""
        return self.luminance_bins, self.chroma_bins, self.chroma_bins

    @property
    def bins(self) -> int:
        """Number of cells, L * h * h."""
        return math.prod(self.shape)

    @property
    def _reach(self) -> float:
        """The largest |u| and |v| of the RGB cube."""
        return math.log((1 + self.eps) / self.eps)

    def __call__(self, images: Tensor, weights: Tensor | None = None) -> Tensor:
        """Compute the histograms of images.

        Args:
            images: (B, 3, H, W), sRGB in [0, 1].
            weights: (B, H, W), >= 0: how much each pixel counts; 1 for every pixel where it is left out.

        Returns:
            (B, bins), each sums to 1; differentiable in images and weights.
        """
        import torch

        colors = images.flatten(2).transpose(1, 2)
        areas = torch.ones_like(colors[..., 0]) if weights is None else weights.flatten(1)
        return self.of_colors(colors, areas)

    def of_colors(self, colors: Tensor, areas: Tensor) -> Tensor:
        """Compute the histograms of colored areas.

        Args:
            colors: (B, N, 3), sRGB in [0, 1].
            areas: (B, N), >= 0.

        Returns:
            (B, bins), float32 or wider; each sums to 1, or is all 0 where there is no area. Differentiable in colors
            and areas.
        """
        import torch

        wide = torch.promote_types(colors.dtype, torch.float32)
        position = self._position(colors.to(wide).clamp(0, 1))
        areas = areas.to(wide)
        last = torch.tensor(self.shape, device=colors.device) - 2
        low = torch.minimum(position.detach().floor().long().clamp_min(0), last)
        above = (position - low).clamp(0, 1)  # which the ends of an axis may miss by a rounding
        share = torch.stack([1 - above, above])
        batch = torch.arange(len(colors), device=colors.device)[:, None] * self.bins
        cell = batch + (low[..., 0] * self.chroma_bins + low[..., 1]) * self.chroma_bins + low[..., 2]
        histogram = torch.zeros(len(colors) * self.bins, dtype=wide, device=colors.device)
        for i, j, k in _CORNERS:
            mass = areas * share[i, ..., 0] * share[j, ..., 1] * share[k, ..., 2]
            corner = cell + (i * self.chroma_bins + j) * self.chroma_bins + k
            histogram = histogram.index_add(0, corner.flatten(), mass.flatten())
        histogram = histogram.view(len(colors), -1)
        total = histogram.sum(1, keepdim=True)
        return histogram / total.clamp_min(torch.finfo(wide).tiny)

    def _position(self, colors: Tensor) -> Tensor:
        """Place colors (..., 3) on the grid: 0 is the first cell's center of an axis, bins - 1 the last's."""
        import torch

        red, green, blue = (colors + self.eps).log().unbind(-1)
        luminance = colors @ colors.new_tensor(LUMA)
        step = 2 * self._reach / (self.chroma_bins - 1)
        return torch.stack(
            [
                luminance * (self.luminance_bins - 1),
                (red - green + self._reach) / step,
                (blue - green + self._reach) / step,
            ],
            dim=-1,
        )

    def _place(self, colors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """`_position` of arrays, for all that is done without PyTorch."""
        logs = np.log(colors + self.eps)
        step = 2 * self._reach / (self.chroma_bins - 1)
        chroma = (logs[..., ::2] - logs[..., 1:2] + self._reach) / step
        luminance = colors @ LUMA * (self.luminance_bins - 1)
        return np.concatenate([luminance[..., None], chroma], axis=-1)

    def _color(self, position: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Invert `_position`: grid positions (..., 3) -> sRGB (..., 3) in [0, 1]."""
        step = 2 * self._reach / (self.chroma_bins - 1)
        red, blue = np.exp(position[..., 1:] * step - self._reach).transpose()
        ratios = np.stack([red, np.ones_like(red), blue], axis=-1)
        # Y + eps = (G + eps) (.299 e^u + .587 + .114 e^v), for the weights of luminance sum to 1.
        green = (position[..., 0] / (self.luminance_bins - 1) + self.eps) / (ratios @ LUMA)
        return (ratios * green[..., None] - self.eps).clip(0, 1)

    def from_palette(self, colors: npt.NDArray[np.number], weights: npt.NDArray[np.number]) -> Floats:
        """Compute the histogram of a palette.

        Args:
            colors: (K, 3), sRGB: integers 0..255 or floating in [0, 1].
            weights: (K,), >= 0, relative areas.

        Returns:
            float32 (L, h, h), sums to 1.
        """
        unit = np.asarray(colors) / (255.0 if np.issubdtype(np.asarray(colors).dtype, np.integer) else 1.0)
        position = self._place(unit.astype(np.float64).clip(0, 1))
        areas = np.asarray(weights, np.float64)
        low = np.clip(np.floor(position), 0, np.array(self.shape) - 2).astype(np.intp)
        share = np.stack([1 - (position - low), position - low])
        histogram = np.zeros(self.shape)
        for i, j, k in _CORNERS:
            mass = areas * share[i, :, 0] * share[j, :, 1] * share[k, :, 2]
            np.add.at(histogram, (low[:, 0] + i, low[:, 1] + j, low[:, 2] + k), mass)
        normal: Floats = (histogram / max(histogram.sum(), np.finfo(np.float32).tiny)).astype(np.float32)
        return normal

    def from_picture(self, picture: npt.NDArray[np.uint8]) -> Floats:
        """Compute the histogram of every pixel of a picture.

        Args:
            picture: uint8 (H, W, 3), sRGB.

        Returns:
            float32 (L, h, h), sums to 1.

        Raises:
            InputError: if the picture is not uint8 (H, W, 3) or has no pixel.
        """
        _check(picture)
        packed = picture.reshape(-1, 3) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
        values, counts = np.unique(packed, return_counts=True)
        colors = np.stack([values >> 16, values >> 8 & 255, values & 255], axis=-1).astype(np.uint8)
        return self.from_palette(colors, counts)

    def from_reference(self, picture: npt.NDArray[np.uint8]) -> Floats:
        """Compute the histogram of what a picture shows, its plain background and its lines left out.

        Character art stands on white or on one flat color and has black lines, and colors taken from it are meant to be
        the character's. A background is plain where at least half of the picture's rim is of one color; it reaches as
        far as that color does from the rim. Lines are what is dark and no broader than most dark strokes of the
        picture. Of a photograph, with neither, every pixel counts.

        Args:
            picture: uint8 (H, W, 3), sRGB.

        Returns:
            float32 (L, h, h), sums to 1.

        Raises:
            InputError: as for `from_picture`.
        """
        from salac._shown import shown

        _check(picture)
        return self.from_picture(shown(picture)[None])

    def palette(self, histogram: Floats, size: int = 12) -> tuple[Floats, Floats]:
        """Read the main colors back from a histogram.

        A color lies in 8 neighboring cells, and their weighted mean is that color: the heaviest such block is taken as
        a color, removed, and so on. Colors that share cells then settle who owns how much of them, and colors that look
        alike are merged.

        Args:
            histogram: float32 (L, h, h), or flattened; sums to 1.
            size: at most so many colors, 1 or more.

        Returns:
            Colors float32 (K, 3), sRGB in [0, 1], and weights float32 (K,), heaviest first; the weights sum to 1.

        Raises:
            InputError: if the histogram has another shape, is empty, or holds what is no share.
        """
        if histogram.size != self.bins or not 0 < histogram.sum() < math.inf or histogram.min() < 0:
            raise InputError(
                f"histogram must be float32 {self.shape} and sum to 1, but is {histogram.shape} and sums to "
                f"{histogram.sum()}: make it by from_palette or from_picture"
            )
        cells = histogram.reshape(self.shape)
        positions, masses = settle(cells, *peel(cells))
        colors, weights = merge(self._color(positions), masses, size)
        order = np.argsort(-weights, kind="stable")
        return colors[order].astype(np.float32), (weights[order] / weights.sum()).astype(np.float32)


def hellinger_distance(first: Tensor, second: Tensor) -> Tensor:
    """Hellinger distance between histograms (thesis section 3.3.2): ``|sqrt(first) - sqrt(second)| / sqrt(2)``.

    Args:
        first: (B, ...), >= 0, each of the batch sums to 1.
        second: the same shape.

    Returns:
        (B,), 0 for equal histograms, 1 for those that share no cell. The gradient is finite everywhere, empty cells and
        equal histograms included.

    Example:
        >>> import torch
        >>> histograms = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        >>> hellinger_distance(histograms, histograms[[0, 0]]).round(decimals=3).tolist()
        [0.0, 1.0]
    """
    difference = _smooth_root(first, 1e-6) - _smooth_root(second, 1e-6)
    return _smooth_root(difference.flatten(1).square().sum(1) / 2, 1e-12)


def interpolate_histograms(first: Floats, second: Floats, share: float) -> Floats:
    """Go from one histogram towards another, every color moving evenly to one of the other's.

    Which color becomes which is the optimal transport of the areas of one palette to those of the other, by distance in
    CIELAB (displacement interpolation, McCann 1997): what is alike stays, and halfway between a red and a blue palette
    is a purple one. A drawing keeps what it has in one color and changes evenly. A mean of both histograms would hold
    the colors of both, and a drawing can only jump between those.

    Args:
        first: float32 (L, h, h) as `RGBuvHistogram` makes it, or flattened; sums to 1.
        second: the same shape.
        share: in [0, 1]: 0 gives the first, 1 the second.

    Returns:
        float32 of the same shape, sums to 1.

    Raises:
        InputError: the shapes differ, or the share is out of its range; as for `RGBuvHistogram.palette`.

    Example:
        >>> maker = RGBuvHistogram()
        >>> one, other = (maker.from_palette(np.array([[gray] * 3]), np.ones(1)) for gray in (50, 150))
        >>> colors, _ = maker.palette(interpolate_histograms(one, other, 0.5))
        >>> (colors * 255).round().tolist()
        [[98.0, 98.0, 98.0]]
    """
    if first.shape != second.shape or not 0 <= share <= 1:
        raise InputError(
            f"histograms are {first.shape} and {second.shape}, share is {share}: pass equal shapes and a share in 0..1"
        )
    if share in (0, 1):
        return second if share else first
    maker = RGBuvHistogram()
    (colors, areas), (others, room) = maker.palette(first), maker.palette(second)
    one, other = to_lab(colors)[:, None], to_lab(others)[None]
    moved = transport(areas, room, np.linalg.norm(one - other, axis=-1))
    between = from_lab((1 - share) * one + share * other)
    return maker.from_palette(between[moved > 0], moved[moved > 0]).reshape(first.shape)


def transport(areas: Floats, room: Floats, costs: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Find the cheapest way to move masses.

    Args:
        areas: (N,), the masses; sum to 1.
        room: (M,), where they shall be; sums to 1.
        costs: (N, M), of moving a unit of mass.

    Returns:
        float64 (N, M), the mass that is moved; rows sum to `areas`, columns to `room`.
    """
    from scipy.optimize import linprog

    count, others = costs.shape
    rows, columns = np.kron(np.eye(count), np.ones(others)), np.kron(np.ones(count), np.eye(others))
    masses = [values.astype(np.float64) / values.sum(dtype=np.float64) for values in (areas, room)]
    # The last column follows from the others; asked for as well, rounding could contradict it.
    found = linprog(costs.ravel(), A_eq=np.vstack([rows, columns[:-1]]), b_eq=np.concatenate(masses)[:-1])
    plan: npt.NDArray[np.float64] = found.x.reshape(costs.shape)
    return plan


def _check(picture: npt.NDArray[np.uint8]) -> None:
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or picture.size == 0:
        raise InputError(f"picture must be uint8 (H, W, 3), sRGB, but is {picture.dtype} {picture.shape}")


def _smooth_root(value: Tensor, softness: float) -> Tensor:
    """Square root, exact at 0 and well above `softness`, whose slope at 0 is finite."""
    return value / (value + softness).sqrt()


class HistogramBank:
    """The color distributions of the training pictures, to sample from where no other histogram is given (section 4.3).

    A histogram is kept as its main colors and their shares, 5 bytes a color, and computed anew when it is drawn.
    """

    def __init__(
        self,
        colors: npt.NDArray[np.uint8],
        weights: npt.NDArray[np.float16],
        offsets: npt.NDArray[np.uint32],
        histogram: RGBuvHistogram,
    ) -> None:
        """Keep palettes.

        Args:
            colors: uint8 (M, 3), sRGB, all palettes one after another.
            weights: float16 (M,), > 0, the share of each color.
            offsets: uint32 (N + 1,): palette k is colors[offsets[k] : offsets[k + 1]].
            histogram: the form of the histograms to return.

        Raises:
            ModelError: the arrays do not fit together.
        """
        fit = (
            [array.dtype.name for array in (colors, weights, offsets)] == ["uint8", "float16", "uint32"]
            and colors.shape == (len(weights), 3)
            and weights.ndim == offsets.ndim == 1
            and len(offsets) >= 2
            and offsets[0] == 0
            and offsets[-1] == len(weights)
            and bool((np.diff(offsets.astype(np.int64)) > 0).all())
            and bool(((weights > 0) & np.isfinite(weights)).all())
        )
        if not fit:
            raise ModelError(
                f"colors {colors.dtype} {colors.shape}, weights {weights.dtype} {weights.shape} and offsets "
                f"{offsets.dtype} {offsets.shape} are no bank of at least one palette: build it again"
            )
        self.colors, self.weights, self.offsets, self.histogram = colors, weights, offsets, histogram

    @classmethod
    def from_histograms(cls, histograms: Iterable[Floats], histogram: RGBuvHistogram | None = None) -> HistogramBank:
        """Build a bank.

        Args:
            histograms: float32 (L, h, h) each, at least one.
            histogram: their form; the default form where it is left out.

        Raises:
            InputError: a histogram has another shape, or is empty, or there is none.
        """
        form = histogram or RGBuvHistogram()
        palettes = [form.palette(one, _BANK_COLORS) for one in histograms]
        if not palettes:
            raise InputError("a bank needs at least one histogram")
        colors = np.rint(255 * np.concatenate([colors for colors, _ in palettes])).astype(np.uint8)
        weights = np.concatenate([weights for _, weights in palettes]).astype(np.float16)
        offsets = np.cumsum([0, *(len(weights) for _, weights in palettes)]).astype(np.uint32)
        return cls(colors, weights, offsets, form)

    def __len__(self) -> int:
        """Number of histograms."""
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> Floats:
        """Histogram `index`, float32 (L, h, h), sums to 1."""
        kept = slice(*self.offsets[range(len(self))[index] :][:2])
        return self.histogram.from_palette(self.colors[kept], self.weights[kept])

    def sample(self, seed: int) -> Floats:
        """Draw a histogram: the same for the same seed, and another for the next, until all were drawn.

        Args:
            seed: >= 0.

        Returns:
            float32 (L, h, h), sums to 1.

        Raises:
            InputError: the seed is no whole number from 0 up.
        """
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise InputError(f"seed is {seed!r}: pass a whole number from 0 up")
        return self[int(seed % len(self))]

    def save(self, path: Path) -> None:
        """Write the bank to one safetensors file, atomically.

        Args:
            path: file to write, replaced if it exists.
        """
        from safetensors.numpy import save

        arrays = {"colors": self.colors, "weights": self.weights, "offsets": self.offsets}
        form = {name: repr(value) for name, value in asdict(self.histogram).items()}
        part = path.with_suffix(".part")
        part.write_bytes(save(arrays, {"arch": _BANK_ARCH, "format_version": _BANK_FORMAT, **form}))
        os.replace(part, path)

    @classmethod
    def load(cls, path: Path) -> HistogramBank:
        """Read a bank written by `save`.

        Args:
            path: the safetensors file.

        Raises:
            ModelError: the file is missing or damaged, or holds something else.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="np") as file:
                metadata = file.metadata() or {}
                arrays = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError) as error:
            raise ModelError(f"{path} is no readable bank ({error}): download or build it again") from error
        if (metadata.get("arch"), metadata.get("format_version")) != (_BANK_ARCH, _BANK_FORMAT):
            raise ModelError(
                f"{path} holds {metadata.get('arch')!r} in format {metadata.get('format_version')}, expected "
                f"{_BANK_ARCH!r} in format {_BANK_FORMAT}: choose another file or another version of salac"
            )
        if arrays.keys() != {"colors", "weights", "offsets"}:
            raise ModelError(f"{path} holds {sorted(arrays)}, expected colors, offsets and weights: build it again")
        try:
            form = RGBuvHistogram(
                luminance_bins=int(metadata["luminance_bins"]),
                chroma_bins=int(metadata["chroma_bins"]),
                eps=float(metadata["eps"]),
            )
        except (KeyError, ValueError) as error:
            raise ModelError(f"{path} does not say the form of its histograms ({error}): build it again") from error
        return cls(arrays["colors"], arrays["weights"], arrays["offsets"], form)
