"""The nets: what their outputs depend on, and that they survive a round trip to disk."""

import pytest
import torch
from safetensors.torch import save

from salac.errors import ModelError
from salac.nets.generator import ConvProposalGenerator, GeneratorConfig, ProposalGenerator, oklab
from salac.nets.refinenet import RefineNet, RefineNetConfig
from salac.nets.refiner import RefinerConfig, RefinerGenerator
from salac.nets.segments import encode_segments, segment_areas, segment_fill, segment_means
from salac.nets.weights import load_net, save_net

COUNT = 9


@pytest.fixture
def labels() -> torch.Tensor:
    """A map of 8 segments, 32 x 48 px, a batch of one."""
    blocks = torch.arange(1, COUNT).view(2, 4)
    return blocks.repeat_interleave(16, 0).repeat_interleave(12, 1)[None]


def inputs(batch: int = 1, channels: int = 1) -> torch.Tensor:
    return torch.rand(batch, channels, 32, 48, generator=torch.Generator().manual_seed(channels))


def test_means_and_fill_by_hand() -> None:
    labels = torch.tensor([[[0, 1, 1], [0, 1, 2]]])
    values = torch.tensor([[[[1.0, 2, 4], [3, 6, 9]]]])
    areas = segment_areas(labels, 4)
    assert areas.tolist() == [[2, 3, 1, 0]]
    means = segment_means(values, labels, areas)
    assert means.tolist() == [[[2], [4], [9], [0]]]
    assert segment_fill(means, labels).tolist() == [[[[2, 4, 4], [2, 4, 9]]]]


def test_oklab_is_ottossons() -> None:
    # https://bottosson.github.io/posts/oklab: white, and sRGB red; a and b three times as large here.
    colors = oklab(torch.tensor([[1.0, 1, 1], [1, 0, 0]]))
    assert colors[0].tolist() == pytest.approx([1, 0, 0], abs=1e-3)
    assert colors[1].tolist() == pytest.approx([0.628, 3 * 0.225, 3 * 0.126], abs=2e-3)


def test_encoding_by_hand() -> None:
    labels = torch.tensor([[[1, 1, 2, 2], [1, 1, 2, 2]]])
    boundary, area, y, x, top, sides, bottom, height = encode_segments(labels, 3)[0]
    assert boundary.tolist() == [[0, 1, 0, 0]] * 2
    assert torch.allclose(area, torch.log(torch.tensor(5.0)) / torch.log(torch.tensor(9.0)))
    assert torch.allclose(y, torch.tensor(0.5))
    assert torch.allclose(x[0], torch.tensor([1, 1, 5, 5]) / 6)
    for border in (top, sides, bottom):
        assert torch.allclose(border, torch.tensor(0.5))
    assert height[:, 0].tolist() == [0, 1]


def test_label_numbers_carry_no_meaning(labels: torch.Tensor) -> None:
    order = torch.tensor([0, 5, 3, 8, 1, 7, 2, 6, 4])
    permuted = order[labels]
    torch.manual_seed(0)
    classifier = RefineNet(RefineNetConfig(classes=6, priors=13, width=8)).eval()
    generator = ProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=32, depth=1)).eval()
    palette, weights = torch.rand(1, 12, 3), torch.rand(1, 12)
    with torch.no_grad():
        first, second = (classifier(inputs(), x, COUNT, inputs(channels=13)) for x in (labels, permuted))
        assert torch.allclose(first, second, atol=1e-5)
        ours, theirs = (generator(inputs(), x, COUNT, inputs(channels=6), palette, weights) for x in (labels, permuted))
    assert torch.allclose(ours.pointer[:, 1:], theirs.pointer[:, order[1:]], atol=1e-4)
    assert torch.allclose(ours.parts[:, 1:], theirs.parts[:, order[1:]], atol=1e-4)


def test_empty_slots_are_never_pointed_at(labels: torch.Tensor) -> None:
    generator = ProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=32, depth=1)).eval()
    weights = torch.zeros(1, 12)
    weights[0, 3] = 1
    palette = torch.rand(1, 12, 3)
    with torch.no_grad():
        proposal = generator(inputs(), labels, COUNT, torch.zeros(1, 6, 32, 48), palette, weights)
    assert set(proposal.pointer[0, 1:].argmax(-1).tolist()) <= {3, 12, 13}
    colors = proposal.soft_colors()
    assert colors.shape == (1, COUNT, 3)
    assert colors.min() >= 0
    assert colors.max() <= 1


NETS = [
    RefineNet(RefineNetConfig(classes=6, priors=13, width=8)),
    ProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=32, depth=1)),
    ConvProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=32)),
    RefinerGenerator(RefinerConfig(widths=(8, 16, 16, 16))),
]


@pytest.mark.parametrize("net", NETS, ids=lambda net: net.arch)
def test_a_saved_net_loads_with_the_same_values(net: torch.nn.Module, tmp_path) -> None:
    path = tmp_path / "net.safetensors"
    save_net(net, path)
    loaded = load_net(path, type(net))
    assert loaded.config == net.config
    for key, value in net.state_dict().items():
        assert torch.allclose(loaded.state_dict()[key], value, atol=1e-3), key
    assert not loaded.training


def test_damaged_and_foreign_files_are_refused(tmp_path) -> None:
    path = tmp_path / "net.safetensors"
    save_net(NETS[0], path)
    with pytest.raises(ModelError, match="expected 'tone-refiner'"):
        load_net(path, RefinerGenerator)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="readable"):
        load_net(path, RefineNet)
    with pytest.raises(ModelError, match="readable"):
        load_net(tmp_path / "none.safetensors", RefineNet)


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        (None, "does not say the configuration"),
        ("{", "holds no configuration"),
        ("7", "holds no configuration"),
        ('{"classes": 6, "widht": 8}', "did you mean 'width'"),
        ('{"classes": "six"}', "holds no configuration"),
        ('{"classes": -6}', "holds no configuration"),
        ('{"classes": 6, "width": 1000000}', "not in 0..4096"),
        ('{"classes": 6, "priors": 13, "width": 16}', "do not fit"),
    ],
)
def test_malformed_metadata_is_one_clear_line(tmp_path, config: str | None, reason: str) -> None:
    path = tmp_path / "net.safetensors"
    metadata = {"arch": "refinenet", "format_version": "1"} | ({} if config is None else {"config": config})
    path.write_bytes(save(NETS[0].state_dict(), metadata))
    with pytest.raises(ModelError, match=reason) as caught:
        load_net(path, RefineNet)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_loading_spends_no_chance(tmp_path) -> None:
    path = tmp_path / "net.safetensors"
    save_net(NETS[0], path)
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    load_net(path, RefineNet)
    assert torch.equal(torch.rand(3), expected)


def test_configurations_refuse_typos() -> None:
    with pytest.raises(ModelError, match="did you mean 'width'"):
        RefineNetConfig.from_dict({"classes": 6, "widht": 8})
    with pytest.raises(ModelError, match="classes"):
        RefineNetConfig.from_dict({"width": 8})
    assert GeneratorConfig.from_dict(GeneratorConfig().to_dict()) == GeneratorConfig()


def test_the_refiner_leaves_paint_flat_before_it_learns() -> None:
    net = RefinerGenerator(RefinerConfig(widths=(8, 16, 16, 16)))
    logits = net(torch.rand(1, 1, 64, 32), torch.rand(1, 3, 64, 32))
    assert logits.shape == (1, 2, 64, 32)
    assert (logits.sigmoid() < 0.1).all()


def test_the_thesis_generator_paints_in_range(labels: torch.Tensor) -> None:
    net = ConvProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=32))
    painted = net(inputs(), labels, COUNT, inputs(channels=6), torch.rand(1, 12, 3), torch.rand(1, 12))
    assert painted.shape == (1, 3, 32, 48)
    assert painted.min() >= 0
    assert painted.max() <= 1
    painted.mean().backward()
    assert all(p.grad.isfinite().all() for p in net.parameters() if p.grad is not None)
