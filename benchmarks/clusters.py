"""How much style clusters know of what is drawn: `python benchmarks/clusters.py DATA RUN [RUN ...]`.

Normalised mutual information (NMI) of clusters and the true parts of figures (skin, hair, top ...): 0 is chance, 1 says
that either tells the other. RUN is a folder that `salac train style-clusters` has trained in. What a StyleGAN2 draws
has no true parts; there the parts count that the bundled proposal net sees in it.

The last table asks what clusters are worth to the stage after them: a random forest guesses the color category of
segments from their shape and place, and from these with the clusters that the nets see.
"""

import argparse
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import normalized_mutual_info_score

from salac.color import categories_of, to_lab
from salac.nets.generator import ProposalGenerator
from salac.nets.refinenet import RefineNet
from salac.nets.segments import encode_segments, segment_areas, segment_fill, segment_means
from salac.nets.stylegan2 import StyleGAN2Generator
from salac.nets.weights import load_net
from salac.stages.color_proposal import FILE
from salac.stages.style_clusters import CLUSTERS
from salac.training.clustering import StyleClusterModel, kmeans
from salac.training.dataset import TOKENS, Drawings, Example, stack
from salac.training.drawing import UNKNOWN_PART
from salac.training.loop import autocast, load_averages
from salac.training.sizes import SIZES
from salac.training.style_clusters import clusters_of
from salac.training.style_sources import PROPOSAL, STYLE_GAN, ProposalSource, StyleBatch, StyleGANSource
from salac.zoo.hub import ModelSource

SIDE = 128


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("-n", type=int, default=100, help="validation figures, and generated pictures")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    validation = Drawings(args.data, "validation")
    figures = figures_of(validation, args.n, SIDE)
    print("| clusters | layer, clusters | NMI with parts | inside the figure |\n|---|---|---:|---:|")
    rows = [by_chance(figures), by_color(figures)]
    for run in args.runs:
        rows += by_source(run, validation, args.n), by_nets(run, figures)
    for name, layer, labels, parts in chain.from_iterable(rows):
        print(f"| {name} | {layer}, {CLUSTERS[layer]} | {agreement(parts, labels):.2f} | ", end="")
        print(f"{agreement(parts, labels, inside=True):.2f} |", flush=True)

    taught, asked = Drawings(args.data, "train").held_out(0, SIDE, 4 * args.n), validation.held_out(0, SIDE, 2 * args.n)
    print("\n| a forest is told of a segment | category of colors, by area |\n|---|---:|")
    print(f"| shape and place | {guessed(taught, asked, None):.3f} |", flush=True)
    for run in args.runs:
        print(f"| the clusters of {source_of(run)} as well | {guessed(taught, asked, run):.3f} |", flush=True)


Row = tuple[str, int, np.ndarray, np.ndarray]
"""Name, layer, clusters uint8 (N, h, w) and parts uint8 (N, h, w)."""


def agreement(parts: np.ndarray, labels: np.ndarray, *, inside: bool = False) -> float:
    """NMI of clusters and parts (N, h, w), over all pixels whose part is known or over those of the figure alone."""
    judged = (parts != UNKNOWN_PART) & ((parts > 0) | (not inside))
    return float(normalized_mutual_info_score(parts[judged], labels[judged]))


def figures_of(drawings: Drawings, count: int, side: int) -> list[Example]:
    """The first figures, whole and clean, of side x side px, always in the same colors."""
    chosen = map(int, drawings.pools["figures"][:count])
    return [drawings.example(index, np.random.default_rng([0, index]), (side, side)) for index in chosen]


def parts_of(figures: list[Example], side: int) -> np.ndarray:
    """Parts uint8 (N, side, side)."""
    step = figures[0].group.shape[0] // side
    return np.stack([example.parts[example.group][step // 2 :: step, step // 2 :: step] for example in figures])


def by_chance(figures: list[Example]) -> Iterator[Row]:
    """Segments, each with a random cluster."""
    rng = np.random.default_rng(0)
    for layer, count in CLUSTERS.items():
        labels = np.stack([rng.integers(count, size=TOKENS)[example.labels] for example in figures])
        yield "random, by segment", layer, labels, parts_of(figures, SIDE)


def by_color(figures: list[Example]) -> Iterator[Row]:
    """K-means of the true colors in CIELAB, over all figures at once."""
    palettes = [to_lab(example.colors / 255).astype(np.float32) for example in figures]
    rng = np.random.default_rng(0)
    pixels = np.concatenate(
        [palette[example.group].reshape(-1, 3) for palette, example in zip(palettes, figures, strict=True)]
    )
    sample = pixels[rng.choice(len(pixels), 50_000)]
    for layer, count in CLUSTERS.items():
        centers = kmeans(sample, count, rng)
        nearest = [np.square(palette[:, None] - centers).sum(-1).argmin(1) for palette in palettes]
        labels = [colors[example.group] for colors, example in zip(nearest, figures, strict=True)]
        yield "k-means of true colors", layer, np.stack(labels), parts_of(figures, SIDE)


def source_of(run: Path) -> str:
    """Name of the source of a run's clusters."""
    return clusters_in(run).source


def clusters_in(run: Path) -> StyleClusterModel:
    """The clusters of a run."""
    return StyleClusterModel.load(clusters_of(run / "style-clusters-7" / "pairs.npy"))


def by_source(run: Path, validation: Drawings, count: int) -> Iterator[Row]:
    """The clusters of features as they are."""
    clusters, cpu = clusters_in(run), torch.device("cpu")
    net = load_net(ModelSource().file(FILE), ProposalGenerator)
    proposal = ProposalSource(net, validation, cpu)
    if clusters.source == PROPOSAL:
        figures = figures_of(validation, count, net.config.size)
        found = [clusters.assign(proposal.see(figures[k : k + 8])) for k in range(0, count, 8)]
        for layer in CLUSTERS:
            labels = np.concatenate([part[layer] for part in found])
            yield "proposal features", layer, labels, parts_of(figures, labels.shape[1])
        return
    gan = StyleGAN2Generator(SIZES["tiny"].style_gan)
    load_averages(run / STYLE_GAN / "checkpoint.pt", {"generator": gan})
    drawn = [(clusters.assign(b.features), parts_seen(net, b)) for b in StyleGANSource(gan).batches(count, 1)]
    for layer in CLUSTERS:
        labels = np.concatenate([part[layer] for part, _ in drawn])
        step = drawn[0][1].shape[1] // labels.shape[1]
        parts = np.concatenate([seen for _, seen in drawn])[:, step // 2 :: step, step // 2 :: step]
        yield "StyleGAN2 features, of its own pictures", layer, labels, parts


@torch.inference_mode()
def parts_seen(net: ProposalGenerator, batch: StyleBatch) -> np.ndarray:
    """The parts uint8 (B, H, W) that a proposal net sees in sketches."""
    sketches, labels = torch.from_numpy(batch.sketches)[:, None].float() / 255, torch.from_numpy(batch.labels).long()
    slots, categories = net.config.slots, torch.zeros(len(labels), 6, *labels.shape[1:])
    seen = net(
        sketches, labels, TOKENS, categories, torch.zeros(len(labels), slots, 3), torch.zeros(len(labels), slots)
    )
    return segment_fill(seen.parts.argmax(-1, keepdim=True), labels)[:, 0].byte().numpy()


def by_nets(run: Path, figures: list[Example]) -> Iterator[Row]:
    """The clusters that a run's nets see in sketches."""
    name = f"nets taught by {clusters_in(run).source}, from sketches"
    for layer, logits in zip(CLUSTERS, predicted(run, figures), strict=True):
        yield name, layer, logits.argmax(1).byte().numpy(), parts_of(figures, SIDE)


@torch.inference_mode()
def predicted(run: Path, examples: list[Example]) -> list[torch.Tensor]:
    """Logits (N, clusters, h, w) of both nets of a run."""
    logits = []
    for layer in CLUSTERS:
        net = RefineNet(SIZES["tiny"].style_clusters(layer)).eval()
        load_averages(run / f"style-clusters-{layer}" / "checkpoint.pt", {"net": net})
        parts = [examples[k : k + 16] for k in range(0, len(examples), 16)]
        with autocast(torch.device("cpu")):
            logits.append(torch.cat([net(*sketches_of(part), TOKENS).float() for part in parts]))
    return logits


def sketches_of(examples: list[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """Sketches (N, 1, h, w) and labels (N, h, w)."""
    sketches, labels = ([getattr(example, name) for example in examples] for name in ("sketch", "labels"))
    return stack(sketches)[:, None], stack(labels).long()


def guessed(taught: list[Example], asked: list[Example], run: Path | None) -> float:
    """Accuracy by area of a forest that guesses the color category of segments of a figure."""
    forest = RandomForestClassifier(200, min_samples_leaf=3, random_state=0)
    known, categories, areas = described(taught, run)
    forest.fit(known, categories, sample_weight=areas)
    known, categories, areas = described(asked, run)
    return float(np.average(forest.predict(known) == categories, weights=areas))


def described(examples: list[Example], run: Path | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is told of every segment of a figure (N, C), its color category (N,) and area (N,)."""
    labels = sketches_of(examples)[1]
    told = encode_segments(labels, TOKENS)[:, 1:-1]
    if run:
        chosen = [F.one_hot(logits.argmax(1)).permute(0, 3, 1, 2) for logits in predicted(run, examples)]
        told = torch.cat([told, *chosen], 1)
    areas = segment_areas(labels, TOKENS)
    categories = np.stack([categories_of(example.colors)[example.segment_groups] for example in examples])
    parts = np.stack([example.segment_parts() for example in examples])
    judged = (areas.numpy() > 0) & (parts > 0)
    return segment_means(told, labels, areas).numpy()[judged], categories[judged], areas.numpy()[judged]


if __name__ == "__main__":
    main()
