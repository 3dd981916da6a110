"""Data and training end to end, on a handful of drawings: built, colored, learnt from."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

pytest.importorskip("skia", reason="drawing needs the extra [train]")

from salac.color import categories_of
from salac.errors import InputError, ModelError
from salac.nets.generator import ConvProposalGenerator, GeneratorConfig
from salac.nets.refinenet import RefineNet
from salac.nets.refiner import RefinerConfig
from salac.training import categories, style_clusters
from salac.training.build import LABELS, MOST_SEGMENTS, build, is_held_out, prepare
from salac.training.dataset import Drawings
from salac.training.drawing import PARTS
from salac.training.figures import draw_figure
from salac.training.loop import Settings, train
from salac.training.portraits import portraits
from salac.training.priors import is_made_by, write_categories, write_clusters
from salac.training.proposal import ProposalTask, collate, condition, nearest_slots
from salac.training.recipes import histogram_bank, train_stage
from salac.training.refiner import RefinerTask
from salac.training.sizes import SIZES


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "set"
    build(folder, figures=24, kits=0, validation=16, seed=1)
    return folder


@pytest.fixture
def quick(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path / "run", steps=2, device="cpu")


def test_splits_share_no_held_out_part(data: Path) -> None:
    train_set, validation = (Drawings(data, split) for split in ("train", "validation"))
    assert len(train_set) == 24
    assert 1 <= len(validation) <= 8
    assert not any(is_held_out(name) for entry in train_set.entries for name in entry["identity"])
    assert all(any(map(is_held_out, entry["identity"])) for entry in validation.entries)


def test_a_data_set_is_never_overwritten(data: Path) -> None:
    with pytest.raises(InputError, match="already"):
        build(data, figures=1, kits=0)
    with pytest.raises(InputError, match="no data set"):
        Drawings(data / "elsewhere", "train")


def test_prepared_maps_belong_together() -> None:
    drawing = draw_figure(5)
    sample = prepare(drawing)
    again = prepare(draw_figure(5))
    assert np.array_equal(sample.maps, again.maps)
    assert sample.entry == again.entry
    ink, group, _, labels = sample.maps
    assert labels.min() >= 1
    assert labels.max() <= MOST_SEGMENTS
    voted = np.array(sample.entry["segment_groups"])[labels]
    assert (voted == group)[ink == 255].mean() > 0.9


def test_an_example_is_a_function_of_its_seed(data: Path) -> None:
    drawings = Drawings(data, "train")
    first, second = (drawings.batch(3, 7, 64, 4) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a.sketch, b.sketch)
        assert np.array_equal(a.colors, b.colors)
        assert np.array_equal(a.paint(), b.paint())
    other = drawings.batch(3, 8, 64, 4)
    assert any(not np.array_equal(a.colors, b.colors) for a, b in zip(first, other, strict=True))


def test_a_drawing_comes_in_several_palettes(data: Path) -> None:
    drawings = Drawings(data, "train")
    alone = drawings.batch(3, 7, 64, 1)[0]
    (example,) = drawings.batch(3, 7, 64, 1, palettes=3)
    colorings = example.colorings()
    assert np.array_equal(alone.colors, example.colors)
    assert len({coloring.colors.tobytes() for coloring in colorings}) == 3
    assert all(coloring.sketch is example.sketch for coloring in colorings)
    batch = collate([example, example], 12, None)
    assert (len(batch.sketch), batch.palettes) == (2, 3)
    for row, coloring in enumerate(colorings):
        painted = batch.colors[row].numpy()[batch.labels[0].numpy()]
        assert np.array_equal(painted, coloring.segment_colors()[coloring.labels])
        assert np.array_equal(batch.palette[row].numpy(), condition(coloring, 12, None)[0])


def test_an_example_is_whole_and_in_range(data: Path) -> None:
    for example in Drawings(data, "train").held_out(0, 128, 8):
        assert example.sketch.shape == example.labels.shape == example.group.shape == (128, 128)
        assert 0 <= example.sketch.min() <= example.sketch.max() <= 1
        picture = example.illustration()
        assert picture.min() >= 0
        assert picture.max() <= 1.001
        # Bare paper is white whatever the palette.
        assert (example.paint()[example.group == 0] == 1).all()
        assert PARTS[example.parts[0]] == "background"


def test_the_condition_is_the_figures_own_palette(data: Path) -> None:
    for example in Drawings(data, "train").held_out(0, 128, 6):
        palette, weights = condition(example, 12, None)
        assert weights.sum() == pytest.approx(1, abs=1e-3)
        slots = nearest_slots(example, palette, weights)
        areas = np.bincount(example.group.ravel(), minlength=len(slots))
        used = [s for s, area, part in zip(slots, areas, example.parts, strict=True) if part and area > 30]
        assert all(s >= 12 or weights[s] > 0 for s in used)
        assert (slots[example.parts == 0] == 12).all()


def test_every_stage_learns_something_at_all(data: Path, quick: Settings, tmp_path: Path) -> None:
    narrow = GeneratorConfig(widths=(8, 8, 16, 16), dim=16, depth=1, size=64)
    tasks = (
        ProposalTask(data, quick, config=narrow, prior=None),
        ProposalTask(data, quick, config=narrow, prior=None, kind=ConvProposalGenerator),
        RefinerTask(data, quick, config=RefinerConfig(widths=(8, 8, 8, 8), size=256)),
        categories.make_task(data, quick, SIZES["tiny"].categories(), prior=None),
    )
    for number, task in enumerate(tasks):
        before = {name: [p.clone() for p in net.parameters()] for name, net in task.nets.items()}
        train(task, replace(quick, folder=tmp_path / str(number)))
        for name, net in task.nets.items():
            changed = [not torch.equal(a, b) for a, b in zip(before[name], net.parameters(), strict=True)]
            assert np.mean(changed) > 0.8, name


def test_style_cluster_nets_learn_from_pairs(quick: Settings, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pairs = rng.integers(0, 6, (style_clusters.HELD_OUT + 8, 5, 128, 128), np.uint8)
    np.save(tmp_path / "pairs.npy", pairs)
    task = style_clusters.make_task(tmp_path / "pairs.npy", 9, quick, SIZES["tiny"].style_clusters(9))
    assert task.batch(0).targets.shape == (style_clusters.BATCH, 128, 128)
    losses = task.step(0, task.batch(0))
    assert losses["cross_entropy"].item() > 0


def test_portraits_show_faces(data: Path) -> None:
    faces = portraits(Drawings(data, "train"))
    assert faces.windows
    pictures = faces.pictures(np.random.default_rng(0), 64, 3)
    assert pictures.shape == (3, 3, 64, 64)
    assert pictures.min() >= -1.001
    assert pictures.max() <= 1.001


def test_the_bank_holds_figures_colors(data: Path) -> None:
    bank = histogram_bank(data, count=10)
    assert len(bank) == 10
    assert bank.sample(3).sum() == pytest.approx(1, abs=1e-2)


def test_category_targets_follow_the_palette(data: Path) -> None:
    example = Drawings(data, "train").held_out(0, 128, 1)[0]
    batch = categories.collate([example])
    assert np.array_equal(batch.targets[0].numpy(), categories_of(example.colors)[example.group])


def test_a_batch_counts_only_the_labels_of_its_fullest_drawing(data: Path) -> None:
    examples = Drawings(data, "train").held_out(0, 128, 4)
    shown = [len(np.unique(example.labels)) for example in examples]
    batch = collate(examples, 12, None)
    assert batch.tokens == max(shown) < MOST_SEGMENTS
    assert batch.labels.amax((1, 2)).tolist() == [count - 1 for count in shown]


def test_a_run_may_start_from_a_models_weights(data: Path, model_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="this run trains"):
        train_stage("refiner", data, tmp_path, steps=1, start=model_folder, device="cpu")
    train_stage("refiner", data, tmp_path, steps=1, start="salac-tiny", device="cpu")
    log = (tmp_path / "refiner" / "log.jsonl").read_text()
    error = json.loads(log.splitlines()[-1])["held_out"]
    # From chance the first step changes next to nothing: the head starts at zero.
    assert abs(error["absolute_error"] - error["absolute_error_of_proposal"]) > 0.02


def test_later_stages_are_told_what_the_chain_will_tell_them(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        layer7, layer9 = (RefineNet(replace(SIZES["tiny"].style_clusters(layer), width=8)).eval() for layer in (7, 9))
        net = RefineNet(replace(SIZES["tiny"].categories(), width=8)).eval()
    assert not is_made_by(copy, "clusters", layer7, layer9)
    write_clusters(copy, layer7, layer9, torch.device("cpu"))
    assert is_made_by(copy, "clusters", layer7, layer9)
    assert not is_made_by(copy, "clusters", layer9, layer7)
    write_categories(copy, net, torch.device("cpu"))
    assert is_made_by(copy, "categories", net)
    clusters, told = (Drawings(copy, "train", prior=name) for name in ("clusters", "categories"))
    assert clusters.priors.max() <= 7 * 6
    for planes, codes in zip(told.maps, told.priors, strict=True):
        labels = planes[LABELS][1::2, 1::2]
        for segment in np.unique(labels):
            # A category, never none, and one alone for a whole segment.
            assert len(np.unique(codes[labels == segment])) == 1
        assert 1 <= codes.min() <= codes.max() <= 6
