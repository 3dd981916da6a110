"""The chain: what comes out for what goes in, with small untrained nets."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

import salac
from salac.errors import InputError, ModelError
from salac.stages import ColorCategories, ColorProposal, Refiner, StyleClusters
from salac.stages.view import MOST_TOKENS, net_shape, view
from salac.tbs import segment
from salac.types import StyleClusterMaps


@pytest.fixture(scope="module")
def colorizer(model_folder: Path) -> salac.Colorizer:
    return salac.Colorizer.from_pretrained(model_folder)


@pytest.fixture(scope="module")
def sketch() -> np.ndarray:
    """A face in a frame, 200 x 160 px."""
    canvas = np.full((200, 160), 255, np.uint8)
    cv2.circle(canvas, (80, 90), 50, 0, 2)
    cv2.circle(canvas, (62, 80), 8, 0, 1)
    cv2.circle(canvas, (98, 80), 8, 0, 1)
    cv2.ellipse(canvas, (80, 115), (18, 8), 0, 0, 360, 0, 1)
    cv2.rectangle(canvas, (40, 150), (120, 198), 0, 2)
    return canvas


def same(first: salac.Colorization, second: salac.Colorization) -> bool:
    return np.array_equal(first.image, second.image) and np.array_equal(first.proposal, second.proposal)


def test_every_intermediate_is_there_at_the_sketchs_own_size(colorizer, sketch) -> None:
    result = colorizer(sketch, seed=3)
    size = sketch.shape
    assert result.image.shape == result.proposal.shape == (*size, 3)
    assert result.image.dtype == result.proposal.dtype == np.uint8
    assert result.segments.labels.shape == size
    assert result.style_clusters.layer7.shape == result.style_clusters.layer9.shape == size
    assert result.style_clusters.layer7.max() < 7
    assert result.style_clusters.layer9.max() < 6
    assert result.categories.shape == size
    assert result.categories.max() < 6
    assert result.histogram.sum() == pytest.approx(1, abs=1e-3)
    assert result.seed == 3
    assert np.array_equal(result.sketch, sketch)
    # The artist's line stays as black as it was.
    assert result.image[sketch == 0].max() == 0


def test_a_segment_has_one_color_in_the_proposal(colorizer, sketch) -> None:
    result = colorizer(sketch)
    for label in range(1, result.segments.count + 1):
        assert len(np.unique(result.proposal[result.segments.labels == label], axis=0)) == 1


def test_variations_are_the_seeds_one_by_one(colorizer, sketch) -> None:
    results = list(colorizer.variations(sketch, n=3, seed=5))
    assert [r.seed for r in results] == [5, 6, 7]
    assert all(same(r, colorizer(sketch, seed=r.seed)) for r in results)
    assert len({id(r.segments) for r in results}) == 1


def test_flats_are_the_proposal_under_the_line(colorizer, sketch) -> None:
    flats, refined = colorizer(sketch, seed=2, refine=False), colorizer(sketch, seed=2)
    assert np.array_equal(flats.paint, refined.proposal)
    line = sketch[..., None] / 255
    assert np.abs(flats.image - refined.proposal * line).max() <= 0.5
    assert np.abs(refined.image - refined.paint * line).max() <= 0.5
    assert [r.seed for r in colorizer.variations(sketch, n=2, refine=False)] == [0, 1]


def test_threads_agree_with_one_another(colorizer, sketch) -> None:
    alone = colorizer(sketch, seed=1)
    with ThreadPoolExecutor(4) as pool:
        assert all(same(alone, r) for r in pool.map(lambda _: colorizer(sketch, seed=1), range(8)))


def test_global_random_state_is_left_alone(colorizer, sketch) -> None:
    torch.manual_seed(1)
    np.random.seed(1)  # noqa: NPY002
    expected = torch.rand(1), np.random.rand()  # noqa: NPY002
    torch.manual_seed(1)
    np.random.seed(1)  # noqa: NPY002
    colorizer(sketch, seed=9)
    assert (torch.rand(1), np.random.rand()) == expected  # noqa: NPY002


def test_colors_come_from_what_steers_them(colorizer, sketch, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), (200, 30, 40)).save(tmp_path / "red.png")
    red = colorizer(sketch, reference=tmp_path / "red.png")
    assert red.seed is None
    allowed = np.array([[255, 255, 255], [254, 254, 254], [200, 30, 40], [26, 23, 28]])
    for color in np.unique(red.proposal.reshape(-1, 3), axis=0):
        assert np.abs(allowed - color).max(1).min() <= 3, color
    palette = colorizer(sketch, palette=["#c81e28"])
    assert np.abs(palette.histogram - red.histogram).max() < 1e-3
    again = colorizer(sketch, histogram=red.histogram)
    assert same(again, red)
    with pytest.raises(InputError, match="not both"):
        colorizer(sketch, palette=["#fff"], histogram=red.histogram)
    with pytest.raises(InputError):
        colorizer(sketch, palette=["reddish"])


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (700, 3), (16, 16), (120, 333)])
def test_any_size_comes_back_at_its_size(colorizer, shape) -> None:
    blank = np.full(shape, 255, np.uint8)
    assert colorizer(blank).image.shape == (*shape, 3)
    assert colorizer(np.zeros(shape, np.uint8)).image.shape == (*shape, 3)
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    assert colorizer(noise).image.shape == (*shape, 3)


def test_each_stage_works_alone(model_folder: Path, sketch) -> None:
    clusters = StyleClusters.from_pretrained(model_folder)(sketch)
    categories = ColorCategories.from_pretrained(model_folder)(sketch, clusters=clusters)
    histogram = salac.RGBuvHistogram().from_palette(np.array([[250, 210, 190], [40, 60, 160]], np.uint8), np.ones(2))
    proposal = ColorProposal.from_pretrained(model_folder)(sketch, categories=categories, histogram=histogram)
    image = Refiner.from_pretrained(model_folder)(sketch, proposal=proposal)
    assert image.shape == (*sketch.shape, 3)
    with pytest.raises(InputError, match="proposal is"):
        Refiner.from_pretrained(model_folder)(sketch, proposal=proposal[:-1])


def test_paper_stays_pure_white_and_paint_is_carried_inside_segments(sketch) -> None:
    from salac._tbs.carry import shade_segments

    labels = np.ones((64, 64), np.int32)
    labels[:, 32:] = 2
    fill = np.full((64, 64, 3), 100, np.uint8)
    fill[:16] = 255
    small = labels[::8, ::8].copy()
    chances = np.zeros((8, 8, 2), np.float32)
    chances[:, 4:, 0] = 0.9
    shifts = np.zeros((3, 2, 3), np.float32)
    shifts[:, 0] = (-20, -30, -10)
    shaded = shade_segments(fill, labels, chances, small, shifts, (0.5, 0.5), 0.6)
    assert (shaded[:16] == 255).all()
    assert (shaded[16:, :32] == 100).all()
    assert (shaded[16:, 32:] == (80, 70, 90)).all()


@pytest.mark.parametrize("steepness", [0.2, 0.05])
def test_the_edge_of_a_shade_is_crisp_at_any_size_and_however_slowly_chances_change(steepness: float) -> None:
    from salac._tbs.carry import shade_segments

    chances = np.zeros((8, 8, 2), np.float32)
    chances[..., 1] = np.clip(0.5 + steepness * (np.arange(8) - 3.5), 0, 1)
    shifts = np.full((2, 2, 3), 100, np.float32)
    for side in (16, 64, 640):
        labels = np.ones((side, side), np.int32)
        fill = np.full((side, side, 3), 100, np.uint8)
        shaded = shade_segments(fill, labels, chances, np.ones((8, 8), np.int32), shifts, (0.5, 0.5), 0.6)
        between = ((shaded[..., 0] > 100) & (shaded[..., 0] < 200)).sum(1)
        assert between.max() <= 2
        assert abs((shaded[..., 0] > 150).mean() - 0.5) < 0.05


def test_shade_that_is_nowhere_sure_is_left_out() -> None:
    from salac._tbs.carry import shade_segments

    labels, fill = np.ones((64, 64), np.int32), np.full((64, 64, 3), 100, np.uint8)
    chances = np.zeros((16, 16, 2), np.float32)
    chances[2:6, 2:6, 0] = 0.55
    chances[10:14, 2:6, 0] = 0.55
    chances[11, 3, 0] = 0.9
    shifts = np.full((2, 2, 3), -50, np.float32)
    shaded = shade_segments(fill, labels, chances, labels[::4, ::4], shifts, (0.5, 0.5), 0.6)
    assert (shaded[:36] == 100).all()
    assert (shaded[42:54, 10:22] < 60).all()


def test_what_no_line_divides_has_one_color(colorizer, sketch) -> None:
    from salac._tbs.borders import blank_borders

    result = colorizer(sketch)
    labels = result.segments.labels.copy()
    largest = int(result.segments.areas[1:].argsort()[-2]) + 1
    rows = np.nonzero((labels == largest).any(1))[0]
    labels[(labels == largest) & (np.arange(len(labels))[:, None] > rows.mean())] = labels.max() + 1
    cut = salac.Segments.from_labels(labels)
    pairs, blank = blank_borders(result.sketch, cut.labels, 220)
    halves = sorted({int(cut.labels[y, x]) for y, x in np.argwhere(result.segments.labels == largest)})
    assert halves in pairs[blank >= 0.2].tolist()
    proposal = colorizer.color_proposal(result.sketch, cut, result.categories, histogram=result.histogram)
    assert len({tuple(proposal[cut.labels == half][0]) for half in halves}) == 1


def test_saving_and_the_sheet(colorizer, sketch, tmp_path: Path) -> None:
    result = colorizer(sketch)
    result.save(tmp_path / "out.png")
    assert np.array_equal(np.array(Image.open(tmp_path / "out.png")), result.image)
    sheet = result.sheet(side=100)
    assert sheet.height == 100
    assert sheet.width > 7 * 80


def test_what_belongs_to_another_sketch_is_refused(model_folder: Path, sketch) -> None:
    other = segment(sketch[:-1])
    histogram = salac.RGBuvHistogram().from_palette(np.array([[250, 210, 190]], np.uint8), np.ones(1))
    blank = np.zeros(sketch.shape, np.uint8)
    clusters, categories = StyleClusters.from_pretrained(model_folder), ColorCategories.from_pretrained(model_folder)
    proposal = ColorProposal.from_pretrained(model_folder)
    for call in (
        lambda: clusters(sketch, other),
        lambda: categories(sketch, other),
        lambda: categories(sketch, clusters=StyleClusterMaps(blank, blank[:-1])),
        lambda: categories(sketch, clusters=StyleClusterMaps(blank, blank + 6)),
        lambda: proposal(sketch, other, histogram=histogram),
        lambda: proposal(sketch, categories=blank[:-1], histogram=histogram),
        lambda: proposal(sketch, categories=blank + 6, histogram=histogram),
        lambda: proposal(sketch, categories=blank.astype(float), histogram=histogram),
        lambda: proposal(sketch, histogram=-histogram),
    ):
        with pytest.raises(InputError, match=r"\(200, 160\)|histogram must be"):
            call()


@pytest.mark.parametrize("seed", [-1, 1.5, "1", None, True])
def test_unusable_seeds_are_refused_before_any_work(colorizer, seed) -> None:
    with pytest.raises(InputError, match="pass a whole number from 0 up"):
        colorizer("no such sketch.png", seed=seed)
    with pytest.raises(InputError, match="pass a whole number from 0 up"):
        next(colorizer.variations("no such sketch.png", seed=seed))


def test_damaged_models_are_refused(model_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model"):
        salac.Colorizer.from_pretrained("nonsense")
    copy = tmp_path / "model"
    copy.mkdir()
    for file in model_folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    weights = copy / "color-proposal.safetensors"
    whole = bytearray(weights.read_bytes())
    whole[-1] ^= 1
    weights.write_bytes(whole)
    with pytest.raises(ModelError, match="damaged"):
        salac.Colorizer.from_pretrained(copy)
    weights.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        salac.Colorizer.from_pretrained(copy)


def test_small_segments_keep_their_say(sketch) -> None:
    canvas = np.full((1024, 1024), 255, np.uint8)
    cv2.rectangle(canvas, (500, 500), (511, 511), 0, 1)
    segments = segment(canvas, merge_area=0, sliver_area=0)
    seen = view(canvas, segments.nearest(), size=64)
    inner = seen.tokens[segments.labels[505, 505]]
    assert (seen.labels == inner).any()
    assert inner != seen.tokens[segments.labels[0, 0]]


def test_more_segments_than_tokens() -> None:
    rng = np.random.default_rng(0)
    grid = np.full((640, 640), 255, np.uint8)
    grid[::10], grid[:, ::10] = 0, 0
    grid[rng.random(grid.shape) < 0.01] = 0
    segments = segment(grid, merge_area=0, sliver_area=0).nearest()
    assert segments.count > 4 * MOST_TOKENS
    seen = view(grid, segments, size=128)
    assert seen.count == MOST_TOKENS + 1
    assert seen.tokens.max() < seen.count
    assert (seen.tokens[1:] > 0).all()


def test_net_shape_keeps_area_and_aspect() -> None:
    assert net_shape(512, 512, 128, 16) == (128, 128)
    assert net_shape(2000, 1000, 128, 16) == (176, 96)
    assert net_shape(1, 4096, 128, 16) == (64, 256)
