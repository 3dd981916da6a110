"""Adaptive discriminator augmentation: nothing at chance 0, and the chance follows the discriminator."""

import pytest
import torch
from torch import Tensor

from salac.training.ada import PICTURES, AdaptiveAugmentation, moved, recolored


@pytest.fixture
def pictures() -> Tensor:
    """Smooth, so that resampling changes little, and different from all their mirror images."""
    ticks = torch.linspace(-1, 1, 32)
    y, x = torch.meshgrid(ticks, ticks, indexing="ij")
    picture = torch.stack([x, 0.6 * y, 0.5 * torch.sin(2 * x + y)])
    return picture.expand(64, -1, -1, -1).clone()


def certain(chance: float) -> Tensor:
    return torch.tensor(chance)


def test_chance_0_changes_nothing(pictures: Tensor) -> None:
    torch.testing.assert_close(AdaptiveAugmentation()(pictures), pictures, atol=1e-5, rtol=0)


def test_every_picture_is_changed_in_its_own_way_at_chance_1(pictures: Tensor) -> None:
    torch.manual_seed(0)
    for change in (moved, recolored):
        changed = change(pictures, certain(1.0))
        assert changed.isfinite().all()
        assert ((changed - pictures).abs().mean((1, 2, 3)) > 0.01).all()
        assert ((changed[1:] - changed[:-1]).abs().mean((1, 2, 3)) > 0.01).all()
    # Beyond the border a picture goes on mirrored: what is not in it does not appear.
    assert moved(pictures, certain(1.0)).abs().max() <= pictures.abs().max() + 1e-4


def test_each_change_happens_as_often_as_it_should(pictures: Tensor) -> None:
    torch.manual_seed(0)
    many = pictures.repeat(16, 1, 1, 1)
    kept = [
        ((change(many, certain(0.1)) - many).abs().amax((1, 2, 3)) < 1e-3).float().mean().item()
        for change in (moved, recolored)
    ]
    # Mirror (half of them), quarters (three of four), zoom, stretch, turning and two shifts of two axes each.
    assert kept[0] == pytest.approx(0.95 * 0.925 * 0.9**7, abs=0.05)
    assert kept[1] == pytest.approx(0.95 * 0.9**4, abs=0.05)


def test_gray_pictures_keep_their_place_and_swapped_ones_their_contrast() -> None:
    torch.manual_seed(0)
    gray = torch.linspace(-1, 1, 64).view(1, 1, 8, 8).expand(64, 3, -1, -1)
    colors = recolored(gray, certain(1.0))
    torch.testing.assert_close(colors, colors[:, :1].expand(-1, 3, -1, -1), atol=1e-5, rtol=0)  # gray stays gray
    slopes = (colors[:, 0, -1, -1] - colors[:, 0, 0, 0]) / 2
    assert 0.3 < (slopes < 0).float().mean() < 0.7
    assert 0.2 < slopes.abs().log2().std() < 0.8


def test_the_generator_learns_through_it(pictures: Tensor) -> None:
    torch.manual_seed(0)
    pictures.requires_grad_()
    recolored(moved(pictures, certain(0.5)), certain(0.5)).square().sum().backward()
    assert pictures.grad is not None
    assert (pictures.grad.abs().sum((1, 2, 3)) > 0).all()


def test_the_chance_moves_towards_where_the_discriminator_doubts() -> None:
    augmentation = AdaptiveAugmentation()
    sure, torn = torch.ones(16), torch.tensor([1.0, -1.0] * 8)
    for _ in range(10):
        augmentation.adapt(sure)
    assert augmentation.chance == pytest.approx(160 / PICTURES)
    augmentation.adapt(torn)
    assert augmentation.chance == pytest.approx(144 / PICTURES)
    for _ in range(20):
        augmentation.adapt(torn)
    assert augmentation.chance == 0
    assert "chance" in augmentation.state_dict()  # and so in checkpoints
    for _ in range(PICTURES // 16 + 9):
        augmentation.adapt(sure)
    assert augmentation.chance == 1
