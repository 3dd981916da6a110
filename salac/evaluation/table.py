"""The table that a model is judged by: methods down, figures across (thesis Table 4.1, and more figures than FID)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ..color import categories_of
from ..errors import InputError
from ..histogram import HistogramBank, interpolate_histograms
from . import fid, lpips
from .colors import Colors, category_accuracy, chance_difference, color_difference, lost_to_paper
from .drawings import Judged, Subject
from .methods import MEASURES, Method, Ready
from .steering import coherence, detour, disobedience, diversity, lab_histogram, largest_step

Floats = npt.NDArray[np.float64]

VARIATIONS = 16
"""Histograms of the bank that every drawing is colored by to see how different it becomes."""
STEPS = 8
"""From one of them to the next."""


class Column(NamedTuple):
    """One figure of the table: its heading, whether more or less is better, and how many digits are shown."""

    heading: str
    better: str
    digits: int


COLUMNS = {
    "difference": Column("CIEDE2000", "↓", 1),
    "ratio": Column("beside chance", "↓", 2),
    "categories": Column("category of colors", "↑", 2),
    "predicted": Column("category predicted", "↑", 2),
    "lost": Column("left as paper", "↓", 3),
    "lpips": Column("LPIPS", "↓", 3),
    "fid": Column("FID", "↓", 1),
    "kid": Column("KID x 1000", "↓", 1),
    "disobedience": Column("asked/got, own colors", "↓", 2),
    "disobedience_other": Column("asked/got, others'", "↓", 2),
    "diversity": Column("diversity", "↑", 1),
    "coherence": Column("coherence", "↑", 2),
    "largest_step": Column("largest of 8 steps", "↓", 2),
    "detour": Column("detour of 8 steps", "↓", 2),
}
"""Figures by their name in JSON."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came out.

    Attributes:
        drawings: how many were judged, by source.
        leaked: share of their figures that is in segments of paper, and not judged by color.
        left_out: why others were not, by name.
        rows: figures of every method, by its name.
        each: the same of every drawing: `drawing`, `source`, `method`, and the figures.
    """

    drawings: dict[str, int]
    leaked: float
    left_out: dict[str, str]
    rows: dict[str, dict[str, float]]
    each: list[dict[str, Any]]

    def markdown(self) -> str:
        """The table, with what must be known to read it."""
        columns = {key: column for key, column in COLUMNS.items() if any(key in row for row in self.rows.values())}
        heads = ["", *(f"{column.heading} {column.better}" for column in columns.values())]
        lines = [heads, ["---"] + ["---:"] * len(columns)]
        for name, row in self.rows.items():
            cells = [f"{row[key]:.{column.digits}f}" if key in row else "" for key, column in columns.items()]
            lines.append([name, *cells])
        table = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
        return "\n\n".join([self._about(), table, *self._warnings()]) + "\n"

    def _about(self) -> str:
        sources = ", ".join(f"{name} {count}" for name, count in self.drawings.items())
        return (
            f"{sum(self.drawings.values())} drawings: {sources}. Of their figures {self.leaked:.1%} has run together "
            "with the paper and is not judged by color."
        )

    def _warnings(self) -> list[str]:
        lines = [f"Left out: {name}, {reason}." for name, reason in self.left_out.items()]
        if any("fid" in row for row in self.rows.values()):
            lines.insert(
                0,
                f"FID of {sum(self.drawings.values())} pictures is too large, as it is of every set far below 50,000: "
                "compare it inside this table alone. KID has no such bias.",
            )
        return lines


def evaluate(
    drawings: Sequence[Judged],
    methods: Sequence[Method],
    bank: HistogramBank,
    *,
    only: Sequence[str] = MEASURES,
    seed: int = 0,
) -> Report:
    """Judge methods by drawings.

    Colors, LPIPS and the first asked/got are taken with the artist's own histogram given; FID and KID in automatic mode
    as in the thesis, each drawing with another histogram of the bank.

    Args:
        drawings: to color.
        methods: rows of the table.
        bank: of histograms for automatic mode, for diversity and for what lies between two of them.
        only: which of `MEASURES` to take.
        seed: of the histograms of automatic mode, and of methods that draw lots.

    Raises:
        InputError: fewer than two drawings can be judged.
        MissingExtraError: weights that a measure needs cannot be had.
    """
    for needed in (net.WEIGHTS for name, net in (("fid", fid), ("lpips", lpips)) if name in only):
        needed.fetch()  # before any work
    methods = [method for method in methods if set(only) & set(method.measures)]
    each: list[dict[str, Any]] = []
    chances: list[float] = []
    leaks: list[float] = []
    sources: Counter[str] = Counter()
    left_out: dict[str, str] = {}
    seen: dict[str, list[Floats]] = {name: [] for name in ("", *(method.name for method in methods))}
    for number, drawing in enumerate(tqdm(drawings, "evaluate", disable=None, unit="drawing")):
        try:
            subject = Subject(drawing)
        except InputError as error:
            left_out[drawing.name] = str(error)
            continue
        sources[subject.source] += 1
        leaks.append(subject.leaked)
        chances.append(chance_difference(subject.true, subject.areas))
        if "fid" in only:
            seen[""].append(fid.inception_features([subject.picture]))
        for method in methods:
            wanted = [name for name in only if name in method.measures]
            ready = method.on(subject)
            figures = _figures(subject, ready, bank, wanted, seed + number)
            each.append({"drawing": subject.name, "source": subject.source, "method": method.name} | figures)
            if "fid" in wanted:
                image = (ready.automatic or ready).image(bank.sample(seed + number), seed + number)
                seen[method.name].append(fid.inception_features([image]))
    if len(chances) < 2:
        raise InputError(f"only {len(chances)} of {len(drawings)} drawings can be judged: pass at least two")
    rows = {}
    for method in methods:
        own = [one for one in each if one["method"] == method.name]
        row = {key: float(np.mean([one[key] for one in own])) for key in COLUMNS if key in own[0]}
        if "difference" in row:
            row["ratio"] = row["difference"] / float(np.mean(chances))
        if seen[method.name]:
            pictures = np.concatenate(seen[""]), np.concatenate(seen[method.name])
            row |= {"fid": fid.frechet_distance(*pictures), "kid": 1000 * fid.kernel_distance(*pictures)}
        rows[method.name] = row
    return Report(drawings=dict(sources), leaked=float(np.mean(leaks)), left_out=left_out, rows=rows, each=each)


def _figures(subject: Subject, ready: Ready, bank: HistogramBank, wanted: Sequence[str], seed: int) -> dict[str, float]:
    """What one drawing says of a method."""
    true, areas = subject.true, subject.areas
    figures: dict[str, float] = {}
    if not {"colors", "lpips", "steering"} & set(wanted):
        return figures
    colors = ready.colors(subject.histogram, seed)
    if "colors" in wanted:
        figures["difference"] = color_difference(colors, true, areas)
        figures["categories"] = category_accuracy(categories_of(colors), true, areas)
        if ready.categories is not None:
            figures["predicted"] = category_accuracy(ready.categories, true, areas)
        figures["lost"] = lost_to_paper(colors, areas)
    if "lpips" in wanted:
        figures["lpips"] = lpips.perceptual_distance(ready.image(subject.histogram, seed), subject.picture)
    if "steering" in wanted:
        figures["disobedience"] = disobedience(lab_histogram(true, areas), lab_histogram(colors, areas))
        figures |= _steering(subject, ready, bank, seed)
    return figures


def _steering(subject: Subject, ready: Ready, bank: HistogramBank, seed: int) -> dict[str, float]:
    """What becomes of one drawing under many histograms, those of the bank's first seeds."""
    asked = [bank.sample(number) for number in range(VARIATIONS)]

    def colored(how: Ready) -> list[Colors]:
        return [how.colors(histogram, seed + number) for number, histogram in enumerate(asked)]

    obeyed = colored(ready)
    variations = colored(ready.automatic) if ready.automatic else obeyed
    distances = [
        disobedience(lab_histogram(*bank.histogram.palette(histogram, VARIATIONS)), lab_histogram(got, subject.areas))
        for histogram, got in zip(asked, obeyed, strict=True)
    ]
    way = [interpolate_histograms(asked[0], asked[1], step / STEPS) for step in range(STEPS + 1)]
    steps = [ready.colors(histogram, seed) for histogram in way]
    return {
        "disobedience_other": float(np.mean(distances)),
        "diversity": diversity(variations, subject.areas),
        "coherence": coherence(variations, subject.true, subject.areas),
        "largest_step": largest_step(steps, subject.areas),
        "detour": detour(steps, subject.areas),
    }
