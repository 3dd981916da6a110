"""What each part of the color proposal is worth: short runs that differ from a reference in one thing.

    python benchmarks/ablations.py DATA FOLDER ... [--minutes 10] [--only NAME ...] [-n 60] [-o runs/ablations]

DATA is a data set to train on, with color categories predicted where a category net was trained; every FOLDER holds
drawings by artists, as `salac evaluate` takes them. All runs have the same drawings, one thread, and one seed, but for
two that tell how far apart seeds are. Each makes as many steps as one core does in so many minutes, planned from what
its first steps take in CPU time, so that its learning rate ends where the minutes end whatever else the machine does. A
run that was stopped goes on, one whose result is in OUT/results.jsonl is left out, and a Markdown table comes last.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import torch
from pace import steps_in
from torch import Tensor, nn

import salac
from salac.color import categories_of, to_lab
from salac.errors import InputError
from salac.evaluation.colors import category_accuracy, chance_difference, color_difference
from salac.evaluation.drawings import Subject, read_drawings
from salac.histogram import RGBuvHistogram
from salac.nets import generator
from salac.nets.generator import ConvProposalGenerator, GeneratorConfig, ProposalGenerator, Trunk
from salac.nets.segments import SEGMENT_CHANNELS
from salac.stages import ColorProposal
from salac.stages.torch_nets import TorchNet
from salac.training import proposal
from salac.training.critics import Critics
from salac.training.dataset import SHARES, TOKENS
from salac.training.loop import Settings, load_averages, planned_steps, train
from salac.training.proposal import ProposalTask, Weights


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What a run does otherwise than the reference.

    Attributes:
        about: the same in words, for the table.
        size: the nets' side, px.
        seed: of everything random.
        residual: residual blocks, as in `GeneratorConfig`.
        kind: the generator.
        prior: whether color categories are known.
        weights: of the losses; None for those of training.
        changed: makes a context in which the run is trained and judged.
    """

    about: str
    size: int = 128
    seed: int = 0
    residual: tuple[int, ...] = GeneratorConfig.residual
    kind: type[ProposalGenerator] | type[ConvProposalGenerator] = ProposalGenerator
    prior: bool = True
    weights: Weights | None = None
    changed: Callable[[], AbstractContextManager[Any]] = nullcontext

    @property
    def config(self) -> GeneratorConfig:
        """Of the generator."""
        return GeneratorConfig(size=self.size, residual=self.residual)


class LabHistogram(RGBuvHistogram):
    """A soft CIELAB histogram, without gradients: a palette is told by it, and nothing learnt through it."""

    def _position(self, colors: Tensor) -> Tensor:
        last = np.array(self.shape) - 1
        low, high = np.array([0, -110, -110]), np.array([100, 110, 110])
        place = (to_lab(colors.numpy()) - low) / (high - low) * last
        return torch.from_numpy(place.clip(0, last)).to(colors)


class LabConvGenerator(ConvProposalGenerator):
    """The thesis' generator, told its colors by another histogram."""

    def __init__(self, config: GeneratorConfig):
        super().__init__(config)
        self.histogram = LabHistogram(luminance_bins=8, chroma_bins=11)
        self.code[0] = nn.Linear(self.histogram.bins, config.dim)


def ids(labels: Tensor, count: int) -> Tensor:
    """Segments as plain numbers in one channel, as in the thesis; the other channels are empty."""
    channels = torch.zeros(len(labels), SEGMENT_CHANNELS, *labels.shape[1:])
    channels[:, 1] = labels / TOKENS
    return channels


def nothing(labels: Tensor, count: int) -> Tensor:
    """No word of the segments."""
    return torch.zeros(len(labels), SEGMENT_CHANNELS, *labels.shape[1:])


def encoded(how: Callable[[Tensor, int], Tensor]) -> Callable[[], AbstractContextManager[Any]]:
    """Tell generators of segments in another way."""
    return lambda: patch.object(generator, "encode_segments", how)


def unpooled() -> AbstractContextManager[Any]:
    """Let no segment hear its own mean."""
    return patch.object(Trunk, "_shared", staticmethod(lambda *_: torch.zeros(())))


def unjudged() -> AbstractContextManager[Any]:
    """Train without critics, and without what they cost."""
    stack = ExitStack()
    for method in ("fooled", "learn"):
        stack.enter_context(patch.object(Critics, method, lambda *_: torch.zeros(())))
    return stack


def drawn_from(*kinds: str) -> Callable[[], AbstractContextManager[Any]]:
    """Train on drawings of some kinds alone."""
    return lambda: patch.dict(SHARES, {kind: 0.0 for kind in SHARES if kind not in kinds})


def one_palette() -> AbstractContextManager[Any]:
    """Color every drawing of a step once."""
    return patch.object(proposal, "PALETTES", 1)


VARIANTS = {
    "reference": Variant(about="reference"),
    "seed-1": Variant(about="reference, from another seed", seed=1),
    "seed-2": Variant(about="reference, from a third seed", seed=2),
    "one-palette": Variant(about="one palette a drawing and step", changed=one_palette),
    "no-labels": Variant(about="segments not encoded", changed=encoded(nothing)),
    "ids": Variant(about="segments encoded as plain ids", changed=encoded(ids)),
    "conv": Variant(about="painted pixels, RGB-uv histogram by modulation (the thesis)", kind=ConvProposalGenerator),
    "conv-lab": Variant(about="painted pixels, soft Lab histogram by modulation", kind=LabConvGenerator),
    "no-pooling": Variant(about="no segment pooling in the decoder", changed=unpooled),
    "no-gan": Variant(about="no discriminators", changed=unjudged),
    "gan-x5": Variant(about="GAN weight x 5", weights=Weights(adversarial=5 * Weights.adversarial)),
    "shallow": Variant(about="no residual blocks", residual=(0, 0, 0, 0)),
    "size-96": Variant(about="96 px", size=96),
    "size-192": Variant(about="192 px", size=192),
    "no-categories": Variant(about="no color categories", prior=False),
    "figures": Variant(about="figures alone", changed=drawn_from("figures")),
    "kits": Variant(about="kits alone", changed=drawn_from("kits")),
    "no-clipart": Variant(about="figures and kits, no clip art", changed=drawn_from("figures", "kits")),
}


@dataclass(frozen=True, kw_only=True)
class Sitter:
    """A drawing to judge by, with what is the same for every run."""

    subject: Subject
    categories: npt.NDArray[np.uint8]
    chance: float


def sitters(folder: Path, most: int) -> list[Sitter]:
    """The drawings of a folder; color categories are those that the bundled model sees."""
    model = salac.Colorizer.from_pretrained()
    found = []
    for drawing in read_drawings(folder, most):
        try:
            subject = Subject(drawing)
        except InputError:
            continue
        clusters = model.style_clusters(subject.gray, subject.segments)
        categories = model.color_categories(subject.gray, subject.segments, clusters)
        chance = chance_difference(subject.true, subject.areas)
        found.append(Sitter(subject=subject, categories=categories, chance=chance))
    return found


def judge(stage: ColorProposal, drawings: Sequence[Sitter], prior: bool) -> dict[str, float]:
    """CIEDE2000 beside chance and category accuracy, the artist's own histogram given."""
    figures = []
    for one in drawings:
        subject = one.subject
        propose = stage.on(subject.gray, subject.segments, one.categories if prior else None)
        colors = subject.colors_of(propose(subject.histogram))
        same = category_accuracy(categories_of(colors), subject.true, subject.areas)
        figures.append((color_difference(colors, subject.true, subject.areas), one.chance, same))
    difference, chance, same = np.mean(figures, axis=0)
    return {"drawings": len(figures), "ratio": round(difference / chance, 3), "categories": round(same, 3)}


def run(name: str, data: Path, folder: Path, minutes: float, judges: dict[str, list[Sitter]]) -> dict[str, Any]:
    """Train and judge one variant."""
    variant = VARIANTS[name]
    checkpoint = folder / "checkpoint.pt"

    def task(steps: int) -> tuple[ProposalTask, Settings]:
        settings = Settings(folder=folder, steps=steps, resume=True, device="cpu", seed=variant.seed)
        prior = "categories" if variant.prior else None
        made = ProposalTask(
            data, settings, config=variant.config, kind=variant.kind, prior=prior, weights=variant.weights
        )
        return made, settings

    with variant.changed():
        steps = planned_steps(checkpoint) or steps_in(task(1)[0], minutes)
        train(*task(steps))
        net = variant.kind(variant.config)
        load_averages(checkpoint, {"generator": net})
        stage = ColorProposal(TorchNet(net.eval(), torch.device("cpu")))
        verdicts = {source: judge(stage, drawings, variant.prior) for source, drawings in judges.items()}
    held_out = json.loads((folder / "log.jsonl").read_text().splitlines()[-1])["held_out"]
    made = {"name": name, "minutes": minutes, "data": str(data), "steps": steps}
    return made | {"held_out": held_out, "judged": verdicts}


def table(results: Sequence[dict[str, Any]]) -> str:
    """Results as Markdown: CIEDE2000 beside chance and category accuracy by folder."""
    folders = list(dict.fromkeys(folder for result in results for folder in result["judged"]))
    lines = [["run", "minutes", "steps", "own held-out CIEDE2000", *folders], ["---"] + ["---:"] * (3 + len(folders))]
    for result in results:
        verdicts = [result["judged"].get(folder) for folder in folders]
        cells = [f"{v['ratio']:.2f}, {v['categories']:.2f}" if v else "" for v in verdicts]
        own = f"{result['held_out']['ciede2000']:.1f}"
        lines.append([VARIANTS[result["name"]].about, f"{result['minutes']:g}", str(result["steps"]), own, *cells])
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA", type=Path, help="data set to train on")
    parser.add_argument("folders", metavar="FOLDER", type=Path, nargs="+", help="drawings by artists to judge by")
    parser.add_argument("--minutes", metavar="M", type=float, default=10.0, help="of one core, a run (10)")
    names = ", ".join(VARIANTS)
    parser.add_argument("--only", metavar="NAME", nargs="+", choices=VARIANTS, default=VARIANTS, help=names)
    parser.add_argument("-n", dest="most", metavar="N", type=int, default=60, help="drawings of a folder at most (60)")
    parser.add_argument("-o", dest="out", metavar="OUT", type=Path, default=Path("runs/ablations"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    file = args.out / "results.jsonl"
    results = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    done = {(result["name"], result["minutes"], result["data"]) for result in results}
    missing = [name for name in args.only if (name, args.minutes, str(args.data)) not in done]
    judges = {folder.name: sitters(folder, args.most) for folder in args.folders} if missing else {}
    for name in missing:
        results.append(run(name, args.data, args.out / f"{name}-{args.minutes:g}", args.minutes, judges))
        with file.open("a") as lines:
            lines.write(json.dumps(results[-1]) + "\n")
        print(json.dumps(results[-1]), flush=True)
    print(table(results))


if __name__ == "__main__":
    main()
