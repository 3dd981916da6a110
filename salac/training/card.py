"""The model card: what a model was trained on, for how long, and how its held-out scores went."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from .clipart.emoji import EMOJI
from .clipart.openclipart import ATTRIBUTION as OPENCLIPART
from .kits import KITS

CURVES = {
    "style-clusters-7": "accuracy",
    "style-clusters-9": "accuracy",
    "categories": "accuracy",
    "proposal": "ciede2000",
    "refiner": "shadow_dice",
}
"""The held-out score that each stage's curve shows."""

LIMITS = """\
- One figure, or two, on bare paper is what it knows. Pages of comics, landscapes, machines and animals are colored, but
  by guess.
- What a segment is, the nets judge at 128 and 256 px: faces smaller than an eighth of the drawing may be misread.
- Style clusters and color categories change next to nothing in the final colors.
- Colors left to chance are drawn as in the training palettes. They suit one another; they are not those the artist had
  in mind.
- Shading follows the line and a light from above; it knows no scene."""

_WIDTH, _HEIGHT, _MARGIN = 300, 150, 34


def write_card(name: str, data: Path, runs: Path, folder: Path) -> None:
    """Write `README.md` and `curves.svg` of a model into its folder.

    Args:
        name: of the model.
        data: the data set it was trained on.
        runs: the folder of its training runs.
        folder: of the model.
    """
    histories = {run: _held_out(runs / run / "log.jsonl") for run in CURVES}
    (folder / "curves.svg").write_text(_curves(histories))
    entries = [json.loads(line) for line in (data / "train" / "index.jsonl").read_text().splitlines()]
    sources = Counter((entry["source"], entry["licence"]) for entry in entries)
    held_out = len((data / "validation" / "index.jsonl").read_text().splitlines())
    rows = [
        f"| {run} | {history[-1]['step']:,} | {history[-1]['minutes']:.0f} | "
        + ", ".join(f"{key} {value}" for key, value in history[-1]["held_out"].items())
        + " |"
        for run, history in histories.items()
    ]
    makers = {name: f"{kit.attribution} ({kit.homepage})" for name, kit in KITS.items()}
    makers |= {"clipart": f"{OPENCLIPART}, public domain"}
    makers |= {f"clipart:{name}": emoji.attribution for name, emoji in EMOJI.items()}
    attributions = "\n".join(f"- {makers[source]}" for source, _ in sorted(sources) if source in makers)
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors")) / 1e6
    (folder / "README.md").write_text(
        f"""---
license: apache-2.0
library_name: salac
tags: [line-art, colorization, anime, segmentation]
---

# {name}

Weights of SALAC: two style-cluster nets, the color category net, the proposal generator and the refiner of William
Daniels' thesis, as reworked in this package; float16 safetensors, {size:.1f} MB in all.

## Trained on

{len(entries):,} drawings made by `salac data build`. Figures and kits are colored anew by drawn palettes at every step,
clip art has its artists' colors, their hues turned at times. {held_out} more are held out, each with a hair style, a
garment, a kit part or a subject that no training drawing has. No scraped art.

| source | licence | drawings |
|---|---|---|
{chr(10).join(f"| {source} | {licence} | {count:,} |" for (source, licence), count in sorted(sources.items()))}

{attributions}

## How long, and how well

Held-out scores of the averaged weights; minutes are those of one CPU thread beside another run.

| net | steps | minutes | held-out scores |
|---|---|---|---|
{chr(10).join(rows)}

![Held-out scores over time](curves.svg)

ciede2000 is the mean color difference of a figure's area when the true color distribution is given; hellinger the
distance between the histogram asked for and got; shadow_dice and highlight_dice how well the refiner's tones cover the
true ones (Dice coefficient), absolute_error that of its paint, in levels of 255, beside that of the flat proposal.

## What it cannot do

{LIMITS}
"""
    )


def _held_out(log: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    return [row for row in rows if "held_out" in row]


def _curves(histories: dict[str, list[dict[str, Any]]]) -> str:
    """One small chart a stage, side by side."""
    charts = [_chart(run, history, k * _WIDTH) for k, (run, history) in enumerate(histories.items())]
    width = _WIDTH * len(charts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT}" width="{width}" height="{_HEIGHT}" '
        f'font-family="sans-serif" font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(charts)
        + "\n</svg>\n"
    )


def _chart(run: str, history: list[dict[str, Any]], left: int) -> str:
    score = CURVES[run]
    minutes = [row["minutes"] for row in history]
    values = [row["held_out"][score] for row in history]
    low, high = min(values), max(values)
    across = (_WIDTH - 2 * _MARGIN) / max(max(minutes), 1e-6)
    down = (_HEIGHT - 2 * _MARGIN) / max(high - low, 1e-6)
    points = " ".join(
        f"{left + _MARGIN + x * across:.1f},{_HEIGHT - _MARGIN - (y - low) * down:.1f}"
        for x, y in zip(minutes, values, strict=True)
    )
    bottom = _HEIGHT - _MARGIN
    return (
        f'<text x="{left + _MARGIN}" y="18" font-weight="bold">{run}: {score}</text>'
        f'<path d="M{left + _MARGIN},{_MARGIN} V{bottom} H{left + _WIDTH - _MARGIN}" fill="none" stroke="#999"/>'
        f'<polyline points="{points}" fill="none" stroke="#3b4cc0" stroke-width="2"/>'
        f'<text x="{left + _MARGIN - 4}" y="{bottom}" text-anchor="end">{low:.3g}</text>'
        f'<text x="{left + _MARGIN - 4}" y="{_MARGIN + 4}" text-anchor="end">{high:.3g}</text>'
        f'<text x="{left + _WIDTH - _MARGIN}" y="{bottom + 16}" text-anchor="end">{max(minutes):.0f} min</text>'
    )
