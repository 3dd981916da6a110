"""`salac data sheet`: what a data set looks like, and how much of it differs.

The report answers what a contact sheet cannot: whether the colors of a set spread, whether its drawings have enough
parts, and whether some of them are nearly the same.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch

from ..export.sheet import label_colors
from ..histogram import RGBuvHistogram
from .build import INK
from .dataset import Drawings, Example
from .drawing import PARTS, UNKNOWN_PART
from .packs import MANIFEST, read_index, sources_of, write_whole
from .sheet import contact_sheet

SHOWN_SIDE = 192
"""Side of a picture on the sheet, px."""
LOOKED_AT = 400
"""Drawings that the report is made from."""
ALIKE = 0.9
"""Correlation of blurred ink above which two drawings are nearly the same."""

Bytes = npt.NDArray[np.uint8]


def write_sheet(data: Path, path: Path, *, split: str = "train", count: int = 24, seed: int = 0) -> None:
    """Draw ink, flats, shaded picture, segments and parts of a choice of drawings side by side.

    Args:
        data: a data set.
        path: of the picture to write.
        split: "train" or "validation".
        count: drawings shown.
        seed: of the choice and the palettes.

    Raises:
        InputError: `data` holds no data set.
    """
    examples = Drawings(data, split).held_out(seed, SHOWN_SIDE, count)
    contact_sheet([_panels(example) for example in examples], across=2).save(path)


def diversity(data: Path, *, split: str = "train", seed: int = 0) -> dict[str, Any]:
    """Measure how much the drawings of a data set differ.

    Args:
        data: a data set.
        split: "train" or "validation".
        seed: of the choice of `LOOKED_AT` drawings and of the palettes.

    Returns:
        `drawings` and `looked_at`; `sources`, drawings by source; `identities`, how many there are and the share of
        drawings that the most frequent one is in; `segments` and `groups`, their 5th, 50th and 95th percentile; `ink`,
        the same of the share of the drawing that is ink; `parts`, the share of drawings that have each; `histograms`,
        the mean Hellinger distance between the color histograms of two drawings and of the closest two in a hundred;
        `nearest`, the percentiles of the correlation of every drawing's ink with that most like it, and the share of
        drawings that have one above `ALIKE`.

    Raises:
        InputError: `data` holds no data set.
    """
    drawings = Drawings(data, split)
    rng = np.random.default_rng(seed)
    chosen = sorted(rng.permutation(len(drawings))[:LOOKED_AT])
    entries = [drawings.entries[i] for i in chosen]
    names = Counter(name for entry in drawings.entries for name in entry["identity"])
    parts = Counter(part for entry in entries for part in {_part_name(p) for p in entry["parts"]})
    inks = [drawings.maps[i][INK] for i in chosen]
    return {
        "drawings": len(drawings),
        "looked_at": len(chosen),
        "sources": dict(Counter(entry["source"] for entry in drawings.entries).most_common()),
        "identities": [len(names), round(max(names.values(), default=0) / len(drawings), 3)],
        "segments": _percentiles([len(entry["segment_groups"]) - 1 for entry in entries]),
        "groups": _percentiles([len(entry["parts"]) for entry in entries]),
        "ink": _percentiles([float((ink < 128).mean()) for ink in inks]),
        "parts": {part: round(n / len(entries), 3) for part, n in parts.most_common()},
        "histograms": _histogram_spread([drawings.example(int(i), rng, (64, 64)) for i in chosen]),
        "nearest": _nearest(inks),
    }


def write_report(data: Path, path: Path, *, split: str = "train", seed: int = 0) -> str:
    """Write `diversity` as JSON and return it as lines to be read.

    Raises:
        InputError: `data` holds no data set.
    """
    report = diversity(data, split=split, seed=seed)
    write_whole(path, (json.dumps(report, indent=1) + "\n").encode())
    return "\n".join(f"{name:>11}  {_readable(value)}" for name, value in report.items())


def write_card(data: Path) -> Path:
    """Write `README.md` of a data set: what it holds, where it is from, under which licences, how it differs.

    Args:
        data: a data set.

    Returns:
        The card.

    Raises:
        InputError: `data` holds no data set.
    """
    sources = sources_of(data)
    made = json.loads((data / MANIFEST).read_text())["made"] if (data / MANIFEST).exists() else {}
    licences = sorted({row["licence"].lower() or "unknown" for row in sources})
    report = diversity(data)
    rows = "\n".join(
        f"| {row['source']} | {row['licence'] or 'unknown'} | {row['train']:,} | {row['validation']:,} | "
        f"{row['attribution']} |"
        for row in sources
    )
    measured = "\n".join(f"| {name} | {_readable(value)} |" for name, value in report.items())
    card = data / "README.md"
    text = f"""---
license: {"other" if len(licences) > 1 else licences[0]}
task_categories: [image-to-image, image-segmentation]
tags: [line-art, colorization, salac]
---

# {data.resolve().name}

Line drawings with segments, color groups and shade, to train SALAC on: {len(read_index(data / "train")):,} to learn
from and {len(read_index(data / "validation")):,} held out, which share no identity with them. Made by
`{made.get("command", "salac data build")}` with {", ".join(f"{k} {v}" for k, v in made.items() if k != "command")}.

Packs `maps-*.npy` hold uint8 planes of 256 x 256: ink, color group, shade, segments, and for painted illustrations red,
green and blue. `index.jsonl` has one line a drawing, `manifest.json` the sha256 of every file.

## Sources

Licences: {", ".join(licences)}. Every line of the index names its drawing's source, licence and attribution.

| source | licence | to train on | held out | attribution |
|---|---|---|---|---|
{rows}

## How much the drawings differ

| what | of {report["looked_at"]} drawings to train on |
|---|---|
{measured}
"""
    write_whole(card, text.encode())
    return card


def _panels(example: Example) -> list[Bytes]:
    ink = example.ink[..., None]
    flat = example.colors[example.group] / 255
    pictures = [np.repeat(ink, 3, 2), flat * ink, example.illustration()]
    parts = np.where(example.parts == UNKNOWN_PART, len(PARTS), example.parts)[example.group]
    maps = [label_colors(example.labels.astype(np.int32)), _part_colors()[parts]]
    return [np.rint(255 * picture.clip(0, 1)).astype(np.uint8) for picture in pictures] + maps


def _part_colors() -> Bytes:
    """A color for every part and for none known: white paper, then hues apart."""
    hues = (np.arange(len(PARTS)) * 180 / len(PARTS)).astype(np.uint8)
    hsv = np.stack([hues, np.full_like(hues, 120), np.full_like(hues, 235)], -1)[None]
    colors = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0]
    return np.concatenate([np.full((1, 3), 255, np.uint8), colors[1:], np.full((1, 3), 170, np.uint8)])


def _part_name(part: int) -> str:
    return "unknown" if part == UNKNOWN_PART else PARTS[part]


def _percentiles(values: list[float] | list[int]) -> list[float]:
    return [round(float(v), 3) for v in np.percentile(values, [5, 50, 95])]


def _histogram_spread(examples: list[Example]) -> list[float]:
    """Mean Hellinger distance between two drawings' colors, and its 1st percentile."""
    areas = [np.bincount(e.group.ravel(), minlength=len(e.colors)) * (e.parts > 0) for e in examples]
    form = RGBuvHistogram()
    roots = np.sqrt([form.from_palette(e.colors, a).ravel() for e, a in zip(examples, areas, strict=True)])
    between = np.sqrt(np.maximum(0, 1 - roots @ roots.T))[np.triu_indices(len(roots), 1)]
    return [round(float(between.mean()), 3), round(float(np.percentile(between, 1)), 3)] if between.size else []


def _nearest(inks: list[Bytes]) -> dict[str, Any]:
    """How like each drawing's ink, blurred, is to that of the drawing most like it."""
    if len(inks) < 2:
        return {}
    small = [
        cv2.GaussianBlur(cv2.resize(255 - ink, (64, 64), interpolation=cv2.INTER_AREA), (0, 0), 1.5) for ink in inks
    ]
    flat = torch.from_numpy(np.stack(small).reshape(len(inks), -1).astype(np.float32))
    flat = torch.nn.functional.normalize(flat - flat.mean(1, keepdim=True), dim=1)
    alike = (flat @ flat.T).fill_diagonal_(-1).amax(1).numpy()
    return {"correlation": _percentiles(alike.tolist()), "nearly_the_same": round(float((alike > ALIKE).mean()), 4)}


def _readable(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_readable(v)}" for name, v in value.items())
    return " / ".join(map(str, value)) if isinstance(value, list) else str(value)
