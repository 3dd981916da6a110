"""The nodes. ComfyUI's IMAGE is a float tensor (B, H, W, C) in 0..1, its MASK (B, H, W); salac works on one picture."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import torch

import salac
from salac.export.sheet import label_colors

MODEL = "salac-tiny"
LARGEST_SEED = 2**31 - 1

Inputs = dict[str, dict[str, Any]]


@lru_cache(maxsize=2)
def colorizer(model: str) -> salac.Colorizer:
    """Load a model once: its name, a folder, or org/name on the Hugging Face Hub."""
    return salac.Colorizer.from_pretrained(model)


def to_tensor(pictures: Iterable[np.ndarray]) -> torch.Tensor:
    """An IMAGE of pictures uint8 (H, W, 3), or a MASK of bool (H, W)."""
    stacked = np.stack(list(pictures))
    return torch.from_numpy(stacked).float() / (1 if stacked.dtype == bool else 255)


def to_array(picture: torch.Tensor) -> np.ndarray:
    """One picture of an IMAGE, as salac takes it: floats (H, W, 3 or 4) in 0..1."""
    return picture.detach().clamp(0, 1).cpu().numpy()


class Segment:
    """What the lines enclose, gaps notwithstanding; for Fill Segments, and to look at."""

    CATEGORY, FUNCTION = "SALAC", "segment"
    RETURN_TYPES, RETURN_NAMES = ("SALAC_SEGMENTS", "IMAGE", "MASK"), ("segments", "preview", "line")

    @classmethod
    def INPUT_TYPES(cls) -> Inputs:
        """One drawing or a batch."""
        gaps = ("BOOLEAN", {"default": False, "tooltip": "Join stroke ends over wider gaps."})
        return {"required": {"sketch": ("IMAGE",), "close_gaps": gaps}}

    def segment(
        self, sketch: torch.Tensor, close_gaps: bool
    ) -> tuple[list[salac.Segments], torch.Tensor, torch.Tensor]:
        """Segment every drawing of a batch."""
        segments = [salac.segment(to_array(one), close_gaps=close_gaps) for one in sketch]
        preview = to_tensor(label_colors(one.labels) for one in segments)
        return segments, preview, to_tensor(one.labels == 0 for one in segments)


class Fill:
    """Every segment in the color that an illustration has there (Algorithm 2 of the thesis)."""

    CATEGORY, FUNCTION = "SALAC", "fill"
    RETURN_TYPES, RETURN_NAMES = ("IMAGE",), ("flats",)

    @classmethod
    def INPUT_TYPES(cls) -> Inputs:
        """Segments, and an illustration of the same size for each of them, or one for all."""
        statistic = (["median", "mean", "mode"], {"default": "median"})
        return {
            "required": {"segments": ("SALAC_SEGMENTS",), "illustration": ("IMAGE",), "statistic": statistic},
        }

    def fill(self, segments: list[salac.Segments], illustration: torch.Tensor, statistic: str) -> tuple[torch.Tensor]:
        """Fill every drawing of a batch."""
        pictures = [illustration[min(k, len(illustration) - 1)] for k in range(len(segments))]
        pairs = zip(segments, pictures, strict=True)
        return (to_tensor(salac.fill_segments(one, to_array(p), statistic=statistic) for one, p in pairs),)


class Colorize:
    """Line art in color: by seed, or by a palette or a reference picture; scribbles are obeyed."""

    CATEGORY, FUNCTION = "SALAC", "colorize"
    RETURN_TYPES, RETURN_NAMES = ("IMAGE", "IMAGE", "STRING"), ("image", "flats", "palette")
    OUTPUT_TOOLTIPS: ClassVar = ("line and paint", "flat colors without the line", "colors of the first drawing")

    @classmethod
    def INPUT_TYPES(cls) -> Inputs:
        """One drawing or a batch, which gets the same colors throughout."""
        palette = ("STRING", {"default": "", "tooltip": "Hex colors in place of the seed: #f7d7c4 #3b4cc0:2"})
        return {
            "required": {
                "sketch": ("IMAGE",),
                "seed": ("INT", {"default": 0, "min": 0, "max": LARGEST_SEED}),
                "shade": ("BOOLEAN", {"default": True}),
            },
            "optional": {
                "palette": palette,
                "reference": ("IMAGE", {"tooltip": "Its colors in place of the seed's."}),
                "hints": ("IMAGE", {"tooltip": "Scribbles of the sketch's size, obeyed in their segments."}),
                "hints_mask": ("MASK", {"tooltip": "1 where there is no scribble, as Load Image gives it."}),
                "model": ("STRING", {"default": MODEL}),
            },
        }

    def colorize(
        self,
        sketch: torch.Tensor,
        seed: int,
        shade: bool,
        palette: str = "",
        reference: torch.Tensor | None = None,
        hints: torch.Tensor | None = None,
        hints_mask: torch.Tensor | None = None,
        model: str = MODEL,
    ) -> tuple[torch.Tensor, torch.Tensor, str]:
        """Color every drawing of a batch."""
        colors = palette.replace(",", " ").split() or None
        pictures = [to_array(one) for one in reference] if reference is not None else None
        scribbles = layer(hints, hints_mask)
        results = [
            colorizer(model)(
                to_array(one), seed=seed, palette=colors, reference=pictures, hints=scribbles, refine=shade
            )
            for one in sketch
        ]
        images, flats = to_tensor(one.image for one in results), to_tensor(one.proposal for one in results)
        return images, flats, " ".join(results[0].palette())


class Variations:
    """Line art in many colors, those of seeds that follow one another, as one batch."""

    CATEGORY, FUNCTION = "SALAC", "vary"
    RETURN_TYPES, RETURN_NAMES = ("IMAGE",), ("images",)

    @classmethod
    def INPUT_TYPES(cls) -> Inputs:
        """One drawing or a batch; each gives `count` pictures."""
        return {
            "required": {
                "sketch": ("IMAGE",),
                "count": ("INT", {"default": 8, "min": 1, "max": 64}),
                "seed": ("INT", {"default": 0, "min": 0, "max": LARGEST_SEED}),
                "shade": ("BOOLEAN", {"default": True}),
            },
            "optional": {"model": ("STRING", {"default": MODEL})},
        }

    def vary(self, sketch: torch.Tensor, count: int, seed: int, shade: bool, model: str = MODEL) -> tuple[torch.Tensor]:
        """Color every drawing of a batch `count` times; it is segmented once."""
        variations = (colorizer(model).variations(to_array(one), count, seed=seed, refine=shade) for one in sketch)
        return (to_tensor(result.image for results in variations for result in results),)


def layer(hints: torch.Tensor | None, mask: torch.Tensor | None) -> np.ndarray | None:
    """Scribbles as one layer with transparency, floats (H, W, 4)."""
    if hints is None:
        return None
    picture = to_array(hints[0])
    if mask is None:
        return picture
    return np.dstack([picture[..., :3], 1 - to_array(mask[0])])
