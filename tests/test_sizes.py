"""The sizes of models: every net of each is built and asked once, at its own size, without a weight being computed."""

import pytest
import torch

from salac.errors import InputError
from salac.nets.generator import CATEGORIES, ProposalGenerator
from salac.nets.refinenet import RefineNet
from salac.nets.refiner import RefinerGenerator
from salac.nets.stylegan2 import StyleGAN2Discriminator, StyleGAN2Generator
from salac.training.priors import CLUSTER_CHANNELS
from salac.training.recipes import train_stage
from salac.training.sizes import SIZES, Size

MILLIONS = {"tiny": (0.2, 6.0), "base": (3.0, 60.0)}


def nets(size: Size) -> dict[str, tuple[torch.nn.Module, tuple]]:
    """Every net, and what it is asked."""

    def drawing(side: int, *priors: torch.Tensor) -> tuple:
        return torch.rand(1, 1, side, side), torch.zeros(1, side, side, dtype=torch.long), 8, *priors

    side, palette = size.proposal.size, torch.rand(1, size.proposal.slots, 3)
    proposal = drawing(side, torch.rand(1, CATEGORIES, side, side), palette, palette[..., 0])
    shown = size.refiner.size
    return {
        "style-gan": (StyleGAN2Generator(size.style_gan), (torch.rand(1, size.style_gan.style_dim),)),
        "critic": (StyleGAN2Discriminator(size.style_gan), (torch.rand(1, 3, *2 * [size.style_gan.size]),)),
        "style-clusters-7": (RefineNet(size.style_clusters(7)), drawing(size.side)),
        "style-clusters-9": (RefineNet(size.style_clusters(9)), drawing(size.side)),
        "categories": (
            RefineNet(size.categories()),
            drawing(size.side, torch.rand(1, CLUSTER_CHANNELS, size.side, size.side)),
        ),
        "proposal": (ProposalGenerator(size.proposal), proposal),
        "refiner": (RefinerGenerator(size.refiner), (torch.rand(1, 1, shown, shown), torch.rand(1, 3, shown, shown))),
    }


@pytest.mark.parametrize("name", SIZES)
def test_every_net_of_a_size_can_be_built_and_asked(name: str) -> None:
    least, most = MILLIONS[name]
    with torch.device("meta"), torch.no_grad():
        for stage, (net, question) in nets(SIZES[name]).items():
            weights = sum(parameter.numel() for parameter in net.parameters()) / 1e6
            net(*question)
            assert least < weights < most, stage


def test_base_works_at_512_px() -> None:
    base = SIZES["base"]
    assert base.proposal.size == base.refiner.size == 512
    # The layers that are clustered are as wide as in "Segmentation in Style": 512 channels at 64 px, 256 at 128 px.
    assert base.style_gan.widths[4:6] == (512, 256)


def test_an_unknown_size_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="no size 'huge': choose one of tiny, base"):
        train_stage("proposal", tmp_path, tmp_path, size="huge")
