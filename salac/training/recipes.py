"""`salac train`: one command a stage, in the order of `STAGES`, and the export of what they learned as one model."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..errors import InputError, ModelError
from ..histogram import HistogramBank, RGBuvHistogram
from ..nets.generator import ConvProposalGenerator, ProposalGenerator
from ..nets.refinenet import RefineNet
from ..nets.refiner import RefinerGenerator
from ..nets.stylegan2 import StyleGAN2Generator
from ..nets.weights import load_net, save_net
from ..stages import color_categories, color_proposal
from ..stages import refiner as stage_refiner
from ..stages import style_clusters as stage_clusters
from ..stages.torch_nets import pick_device
from ..zoo.hub import ModelSource
from ..zoo.manifest import write_manifest
from . import baselines, categories, ranks, style_clusters
from .card import write_card
from .clustering import StyleClusterModel
from .dataset import Drawings
from .illustrations import colorfulness
from .loop import Settings, Task, load_averages, planned_steps, train
from .loop import generator as random_numbers
from .portraits import portraits
from .priors import is_made_by, write_categories, write_clusters
from .proposal import ProposalTask
from .refiner import RefinerTask
from .sizes import SIZES, Size
from .style_gan import StyleGANTask
from .style_sources import PROPOSAL, SOURCES, STYLE_GAN, ProposalSource, StyleGANSource, StyleSource

STAGES = ("style-gan", "style-clusters", "categories", "proposal", "refiner", *baselines.TASKS)
STEPS = {
    "style-gan": 12_000,
    "style-clusters-7": 4_000,
    "style-clusters-9": 4_000,
    "categories": 4_000,
    "proposal": 12_000,
    "refiner": 8_000,
    "alacgan": 12_000,
    "generative": 12_000,
}
"""Optimizer steps of a run, if it is not told otherwise: hours of a core each. What ships had fewer; see its card."""
GENERATORS: dict[str, type[ProposalGenerator] | type[ConvProposalGenerator]] = {
    "palette": ProposalGenerator,
    "conv": ConvProposalGenerator,
}
FILES = {
    "style-clusters-7": stage_clusters.LAYER7_FILE,
    "style-clusters-9": stage_clusters.LAYER9_FILE,
    "categories": color_categories.FILE,
    "proposal": color_proposal.FILE,
    "refiner": stage_refiner.FILE,
}
"""The file of a model that each run fills."""
DULLEST_SHARE = 0.35
"""Share of the figures, the least colorful, whose histograms are left out of the bank."""
BANK = 1000
"""Histograms of the training distribution that a model carries."""


def train_stage(
    stage: str,
    data: Path,
    runs: Path,
    *,
    minutes: float = math.inf,
    steps: int | None = None,
    resume: bool = False,
    seed: int = 0,
    device: str | None = None,
    threads: int | None = None,
    batch: int | None = None,
    generator: str = "palette",
    start: str | Path | None = None,
    size: str = "tiny",
    features: str = STYLE_GAN,
) -> None:
    """Train one stage, together with the other processes where `torchrun` started several.

    Args:
        stage: one of `STAGES`; "proposal" without a category net before it, and "categories" without style clusters,
            learn to do without that prior.
        data: a data set of `salac data build`.
        runs: a folder; every stage has a folder of its own in it.
        minutes: stop after so long; `resume` goes on.
        steps: of the whole run; by default `STEPS`, or those that the run to resume was begun for.
        resume: go on where the last run stopped.
        seed: of everything random.
        device: "cpu", "cuda", ...; None takes CUDA where there is one, and each of several processes its own.
        threads: CPU threads; None leaves that to torch.
        batch: drawings of a step (of each process); None for the stage's own, which suits a CPU.
        generator: of the proposal: "palette", whose segments point at the colors of a histogram, or "conv", the
            thesis' own.
        start: a model whose weights a new run starts from, instead of from chance.
        size: of the nets, one of `SIZES`, the same for all stages of a model; baselines have but one.
        features: whose features style clusters are found in: "style-gan" or "proposal", see `style_sources`.

    Raises:
        InputError: the stage, the size or the features are unknown, or a stage before it is missing.
        ModelError: `start` has no such weights.
    """
    if stage not in STAGES:
        raise InputError(f"no stage {stage!r}: choose one of {', '.join(STAGES)}")
    if generator not in GENERATORS:
        raise InputError(f"no generator {generator!r}: choose one of {', '.join(GENERATORS)}")
    if features not in SOURCES:
        raise InputError(f"no features {features!r}: choose one of {', '.join(SOURCES)}")
    nets = _size(size)
    if threads:
        torch.set_num_threads(threads)

    def run(name: str, share: float = 1.0) -> Settings:
        return Settings(
            folder=runs / name,
            steps=steps or (resume and planned_steps(runs / name / "checkpoint.pt")) or STEPS[name],
            max_minutes=minutes * share,
            resume=resume,
            seed=seed,
            device=device,
            batch=batch,
        )

    def learn(name: str, task: Task, settings: Settings) -> None:
        if start is not None and name in FILES:
            net: Any = task.nets[task.averaged[0]]
            given = load_net(ModelSource(start).file(FILES[name]), type(net))
            try:
                net.load_state_dict(given.state_dict())
            except RuntimeError as error:
                message = f"{FILES[name]} of {start} is {given.config}, this run trains {net.config}"
                raise ModelError(message) from error
        train(task, settings)

    with ranks.joined(device):
        if stage == "style-gan":
            learn(stage, _style_gan(data, run(stage), nets), run(stage))
        elif stage == "style-clusters":
            pairs = runs / "style-clusters-7" / "pairs.npy"
            if _wants_pairs(pairs, runs / features / "checkpoint.pt", resume) and ranks.leads():
                pairs.parent.mkdir(parents=True, exist_ok=True)
                source = _style_source(features, data, runs, nets, pick_device(device))
                style_clusters.write_pairs(source, pairs, seed, nets.side)
            ranks.wait()
            for layer in (7, 9):
                settings = run(f"style-clusters-{layer}", share=0.5)
                task = style_clusters.make_task(pairs, layer, settings, nets.style_clusters(layer))
                learn(f"style-clusters-{layer}", task, settings)
        elif stage == "categories":
            prior = _predict_clusters(data, runs, nets, pick_device(device))
            learn(stage, categories.make_task(data, run(stage), nets.categories(), prior=prior), run(stage))
        elif stage == "proposal":
            prior = _predict_categories(data, runs, nets, pick_device(device))
            kind = GENERATORS[generator]
            learn(stage, ProposalTask(data, run(stage), config=nets.proposal, kind=kind, prior=prior), run(stage))
        elif stage == "refiner":
            learn(stage, RefinerTask(data, run(stage), config=nets.refiner), run(stage))
        else:
            learn(stage, baselines.TASKS[stage](data, run(stage)), run(stage))


def export(data: Path, runs: Path, folder: Path, *, generator: str = "palette", size: str = "tiny") -> None:
    """Write the averaged nets of `runs`, the histograms of the training distribution and a model card to `folder`.

    Raises:
        InputError: a stage has not been trained, or the size is unknown.
        ModelError: the nets are of another size.
    """
    nets = _size(size)
    layer7, layer9 = _style_nets(runs, nets)
    category_net = _category_net(runs, nets)
    proposal, refiner = GENERATORS[generator](nets.proposal), RefinerGenerator(nets.refiner)
    _load(runs, "proposal", generator=proposal)
    _load(runs, "refiner", generator=refiner)
    folder.mkdir(parents=True, exist_ok=True)
    for name, net in zip(FILES, (layer7, layer9, category_net, proposal, refiner), strict=True):
        save_net(net, folder / FILES[name])
    histogram_bank(data).save(folder / "histograms.safetensors")
    write_manifest(folder)
    write_card(folder.resolve().name, data, runs, folder)


def histogram_bank(data: Path, count: int = BANK, seed: int = 0) -> HistogramBank:
    """Histograms of the flat colors of training figures, background left out, the dullest figures too (thesis 4.1)."""
    histogram = RGBuvHistogram()
    found = []
    for example in Drawings(data, "train", lit=True).held_out(seed, 128, round(count / (1 - DULLEST_SHARE))):
        areas = np.bincount(example.group.ravel(), minlength=len(example.colors)) * (example.parts > 0)
        if areas.any():
            vivid = colorfulness(np.repeat(example.colors, areas, axis=0))
            found.append((vivid, histogram.from_palette(example.colors, areas)))
    found.sort(key=lambda pair: -pair[0])
    # In an order that says nothing of how vivid they are: seeds count through it.
    order = np.random.default_rng(seed).permutation(min(count, len(found)))
    return HistogramBank.from_histograms([found[k][1] for k in order])


def _size(name: str) -> Size:
    if name not in SIZES:
        raise InputError(f"no size {name!r}: choose one of {', '.join(SIZES)}")
    return SIZES[name]


def _style_gan(data: Path, settings: Settings, nets: Size) -> StyleGANTask:
    size, batch = nets.style_gan.size, settings.batch or 16
    train, validation = (portraits(Drawings(data, split)) for split in ("train", "validation"))
    return StyleGANTask(
        nets.style_gan,
        lambda step, share=0: train.pictures(random_numbers(settings.seed, step, share=share), size, batch),
        validation.pictures(np.random.default_rng(settings.seed), size, 64),
        device=pick_device(settings.device),
        seed=settings.seed,
    )


def _wants_pairs(pairs: Path, net: Path, resume: bool) -> bool:
    """Whether pairs must be made of the features that the net of a checkpoint has, before nets learn from them."""
    if not pairs.exists():
        return True
    features, made_of = net.parent.name, StyleClusterModel.load(style_clusters.clusters_of(pairs)).source
    if not (resume and pairs.with_name("checkpoint.pt").exists()):
        return features != made_of or _is_stale(pairs, net)
    if features != made_of:
        message = f"{pairs.parent} was begun with clusters of {made_of}, not of {features}: go on with those"
        raise InputError(f"{message}, or train into another folder")
    return False  # other clusters would have other numbers


def _style_source(features: str, data: Path, runs: Path, nets: Size, device: torch.device) -> StyleSource:
    """The net whose features are clustered: that of `runs`, or the bundled proposal generator if there is none."""
    if features == STYLE_GAN:
        gan = StyleGAN2Generator(nets.style_gan)
        _load(runs, STYLE_GAN, generator=gan)
        return StyleGANSource(gan.to(device))
    if (runs / PROPOSAL / "checkpoint.pt").exists():
        proposal = ProposalGenerator(nets.proposal)
        _load(runs, PROPOSAL, generator=proposal)
    else:
        proposal = load_net(ModelSource().file(color_proposal.FILE), ProposalGenerator)
    return ProposalSource(proposal, Drawings(data, "train"), device)


def _style_nets(runs: Path, size: Size) -> tuple[RefineNet, RefineNet]:
    nets = [RefineNet(size.style_clusters(layer)) for layer in (7, 9)]
    for layer, net in zip((7, 9), nets, strict=True):
        _load(runs, f"style-clusters-{layer}", net=net)
    return nets[0].eval(), nets[1].eval()


def _category_net(runs: Path, size: Size) -> RefineNet:
    net = RefineNet(size.categories())
    _load(runs, "categories", net=net)
    return net.eval()


def _load(runs: Path, name: str, **nets: torch.nn.Module) -> None:
    checkpoint = runs / name / "checkpoint.pt"
    if not checkpoint.exists():
        raise InputError(f"{checkpoint} is missing: train the stage {name.removesuffix('-7').removesuffix('-9')} first")
    load_averages(checkpoint, nets)


def _predict_clusters(data: Path, runs: Path, nets: Size, device: torch.device) -> str | None:
    """See to it that the style clusters beside the drawings are what the nets of `runs` see; None without such nets."""
    if not (runs / "style-clusters-9" / "checkpoint.pt").exists():
        return None
    if ranks.leads():
        layers = _style_nets(runs, nets)
        if not is_made_by(data, "clusters", *layers):
            write_clusters(data, *layers, device)
    ranks.wait()
    return "clusters"


def _predict_categories(data: Path, runs: Path, nets: Size, device: torch.device) -> str | None:
    """The same of the color categories."""
    if not (runs / "categories" / "checkpoint.pt").exists():
        return None
    clusters = _predict_clusters(data, runs, nets, device)
    if ranks.leads():
        net = _category_net(runs, nets)
        if not is_made_by(data, "categories", net):
            write_categories(data, net, device, prior=clusters)
    ranks.wait()
    return "categories"


def _is_stale(made: Path, source: Path) -> bool:
    return source.exists() and source.stat().st_mtime > made.stat().st_mtime
