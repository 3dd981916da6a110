"""Style clusters: k-means, the two sources of features, and the pairs that nets learn from."""

from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

pytest.importorskip("skia", reason="drawing needs the extra [train]")

from salac.errors import InputError, ModelError
from salac.nets.generator import GeneratorConfig, ProposalGenerator
from salac.nets.stylegan2 import StyleGAN2Config, StyleGAN2Generator
from salac.stages.style_clusters import CLUSTERS
from salac.training import recipes, style_clusters
from salac.training.build import build
from salac.training.clustering import StyleClusterModel, fit_clusters, kmeans
from salac.training.dataset import Drawings
from salac.training.style_sources import PROPOSAL, STYLE_GAN, ProposalSource, StyleBatch, StyleGANSource, StyleSource

TINY = StyleGAN2Config(widths=(8, 8, 8, 8, 6, 4), style_dim=16, mapping_layers=2)
"""As many sizes as the real net, so that layers 7 and 9 exist."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "set"
    build(folder, figures=6, kits=0, validation=4, seed=1)
    return folder


@pytest.fixture
def generator() -> StyleGAN2Generator:
    torch.manual_seed(0)
    return StyleGAN2Generator(TINY)


@pytest.fixture(params=[STYLE_GAN, PROPOSAL])
def source(request: pytest.FixtureRequest, data: Path, generator: StyleGAN2Generator) -> StyleSource:
    if request.param == STYLE_GAN:
        return StyleGANSource(generator)
    torch.manual_seed(0)
    net = ProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=16, depth=1, size=64))
    return ProposalSource(net, Drawings(data, "train"), torch.device("cpu"))


def pictures(batches: list[StyleBatch]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    return list(chain.from_iterable(zip(b.grays, b.sketches, b.labels, strict=True) for b in batches))


def test_kmeans_finds_separate_blobs_largest_first() -> None:
    rng = np.random.default_rng(0)
    middles = np.array([[0, 0, 9], [9, 0, 0], [0, 9, 0], [-9, 0, 0]], np.float32)
    blobs = [
        middle + rng.standard_normal((count, 3)) for middle, count in zip(middles, (50, 200, 100, 20), strict=True)
    ]
    points = rng.permutation(np.concatenate(blobs)).astype(np.float32)
    centers = kmeans(points, 4, np.random.default_rng(1))
    np.testing.assert_allclose(centers, middles[[1, 2, 0, 3]], atol=0.8)
    np.testing.assert_array_equal(centers, kmeans(points, 4, np.random.default_rng(1)))


def test_clusters_repeat_from_their_seed_and_survive_a_file(generator: StyleGAN2Generator, tmp_path: Path) -> None:
    first, again = (fit_clusters(StyleGANSource(generator), seed=1, pictures=4) for _ in range(2))
    first.save(tmp_path / "clusters.safetensors")
    loaded = StyleClusterModel.load(tmp_path / "clusters.safetensors")
    assert loaded.source == STYLE_GAN
    features = generator(torch.randn(2, TINY.style_dim), features=CLUSTERS)[1]
    for number, count in CLUSTERS.items():
        labels = first.assign(features)[number]
        assert labels.dtype == np.uint8
        assert labels.shape == (2, *features[number].shape[2:])
        assert labels.max() < count
        assert first.layers[number].centers.shape == (count, features[number].shape[1])
        for other in (again, loaded):
            np.testing.assert_array_equal(other.assign(features)[number], labels)


def test_cluster_files_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="fit and save them again"):
        StyleClusterModel.load(tmp_path / "missing.safetensors")
    save_file({"x": np.zeros(1, np.float32)}, tmp_path / "other.safetensors", {"arch": "other"})
    with pytest.raises(ModelError, match="holds no style clusters"):
        StyleClusterModel.load(tmp_path / "other.safetensors")


def test_a_source_shows_the_same_pictures_however_many_are_asked_for(source: StyleSource) -> None:
    few, more = list(source.batches(2, seed=4)), list(source.batches(10, seed=4))
    assert len(pictures(more)) == 10
    assert torch.equal(next(source.features(2, seed=4))[9], few[0].features[9])
    for batch in more:
        gray, sketch, labels = (plane[0] for plane in batch[:3])
        assert gray.dtype == sketch.dtype == labels.dtype == np.uint8
        assert sketch.shape == labels.shape
        assert sketch.mean() > gray.mean() - 40  # mostly paper
        coarse, fine = batch.features[7], batch.features[9]
        assert len(coarse) == len(fine) == len(batch.grays)
        assert coarse.isfinite().all()
        assert fine.isfinite().all()
    for pair, other in zip(pictures(few), pictures(more), strict=False):
        assert np.abs(pair[0].astype(int) - other[0]).max() <= 1
        assert (pair[2] == other[2]).mean() > 0.99
    torch.testing.assert_close(few[0].features[9], more[0].features[9][:2], atol=0.02, rtol=0.02)
    assert (pictures(more)[0][0] != pictures(more)[1][0]).any()


def test_proposal_tokens_are_the_same_all_over_a_segment(data: Path) -> None:
    net = ProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=16, depth=1, size=64))
    source = ProposalSource(net, Drawings(data, "train"), torch.device("cpu"))
    batch = next(source.batches(1, seed=0))
    labels, tokens = batch.labels[0, 1::2, 1::2], batch.features[7][0]
    for label in np.unique(labels):
        inside = tokens[:, torch.from_numpy(labels == label)]
        assert (inside == inside[:, :1]).all()
    assert tokens.flatten(1).std(1).max() > 0


def test_stored_pairs_hold_pictures_sketches_segments_and_clusters(source: StyleSource, tmp_path: Path) -> None:
    path = tmp_path / "pairs.npy"
    style_clusters.write_pairs(source, path, seed=0, side=32, count=9)
    planes = np.load(path)
    assert planes.shape == (9, 5, 32, 32)
    assert planes[:, style_clusters.LAYER7].max() < CLUSTERS[7]
    assert planes[:, style_clusters.LAYER9].max() < CLUSTERS[9]
    assert StyleClusterModel.load(style_clusters.clusters_of(path)).source == source.name


def test_the_bundled_proposal_net_tells_skin_from_cloth_before_any_color(data: Path) -> None:
    """Its clusters are semantic: what they say of a figure's parts is far from chance."""
    score = pytest.importorskip("sklearn.metrics").normalized_mutual_info_score

    source = recipes._style_source(PROPOSAL, data, data, recipes.SIZES["tiny"], torch.device("cpu"))
    clusters = fit_clusters(source, seed=0, pictures=6)
    examples = Drawings(data, "train").held_out(0, 192, 6)
    labels = clusters.assign(source.see(examples))
    parts = np.stack([example.parts[example.group][1::2, 1::2] for example in examples])
    assert score(parts[parts > 0], labels[7][parts > 0]) > 0.2


def test_a_run_keeps_to_the_features_that_it_was_begun_with(
    data: Path, generator: StyleGAN2Generator, tmp_path: Path
) -> None:
    folder = tmp_path / "style-clusters-7"
    folder.mkdir()
    style_clusters.write_pairs(StyleGANSource(generator), folder / "pairs.npy", seed=0, side=32, count=1)
    (folder / "checkpoint.pt").touch()
    with pytest.raises(InputError, match="was begun with clusters of style-gan, not of proposal"):
        recipes.train_stage("style-clusters", data, tmp_path, features=PROPOSAL, resume=True, device="cpu")
    with pytest.raises(InputError, match="no features 'other': choose one of style-gan, proposal"):
        recipes.train_stage("style-clusters", data, tmp_path, features="other", device="cpu")
