"""What of a net runs at once: functions of named tensors, the same ones that a stage calls and that are exported.

A net is one function, but for the proposal's generators, which `see` a drawing once and `color` it many times.
"""

from collections.abc import Mapping
from typing import NamedTuple

from torch import Tensor, nn

from .generator import ConvProposalGenerator, Proposal, ProposalGenerator, SeenPixels, SeenSegments
from .refinenet import RefineNet
from .refiner import RefinerGenerator
from .weights import AnyNet


class Graph(NamedTuple):
    """A function of named tensors.

    Attributes:
        module: takes the inputs in order and returns the outputs in order, for a single drawing.
        inputs: their names; shapes and meanings are those of the nets' own arguments.
        outputs: their names.
    """

    module: nn.Module
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class Classify(nn.Module):
    """RefineNet: which class each pixel is of."""

    def __init__(self, net: RefineNet):
        super().__init__()
        self.net = net

    def forward(self, sketch: Tensor, labels: Tensor, count: int, priors: Tensor | None = None) -> tuple[Tensor]:
        return (self.net(sketch, labels, count, priors),)


class Tone(nn.Module):
    """RefinerGenerator: the chances (1, 2, H, W) of shadow and of highlight."""

    def __init__(self, net: RefinerGenerator):
        super().__init__()
        self.net = net

    def forward(self, sketch: Tensor, proposal: Tensor) -> tuple[Tensor]:
        return (self.net(sketch, proposal).sigmoid(),)


class See(nn.Module):
    """What a generator sees of a drawing before any color is known."""

    def __init__(self, net: ProposalGenerator | ConvProposalGenerator, seen: int):
        super().__init__()
        self.net, self.seen = net, seen

    def forward(self, sketch: Tensor, labels: Tensor, count: int, categories: Tensor) -> tuple[Tensor, ...]:
        return self.net.see(sketch, labels, count, categories)[: self.seen]  # type: ignore[return-value]


class Point(nn.Module):
    """ProposalGenerator: where segments point, which are alike, what they are, and the colors that are pointed at."""

    def __init__(self, net: ProposalGenerator):
        super().__init__()
        self.net = net

    def forward(self, tokens: Tensor, areas: Tensor, palette: Tensor, shares: Tensor) -> tuple[Tensor, ...]:
        return self.net.color(SeenSegments(tokens, areas), palette, shares)


class Paint(nn.Module):
    """ConvProposalGenerator: the painted picture."""

    def __init__(self, net: ConvProposalGenerator):
        super().__init__()
        self.net = net

    def forward(self, labels: Tensor, count: int, channels: Tensor, palette: Tensor, shares: Tensor) -> tuple[Tensor]:
        return (self.net.color(SeenPixels(channels, labels, count), palette, shares),)


def graphs_of(net: AnyNet) -> Mapping[str, Graph]:
    """The functions of a net, by name."""
    drawing, prior = ("sketch", "labels", "count"), ("categories",)
    if isinstance(net, RefineNet):
        priors = ("priors",) if net.config.priors else ()
        return {"classify": Graph(Classify(net), drawing + priors, ("logits",))}
    if isinstance(net, RefinerGenerator):
        return {"tone": Graph(Tone(net), ("sketch", "proposal"), ("chances",))}
    if isinstance(net, ProposalGenerator):
        outputs = Proposal._fields
        return {
            "see": Graph(See(net, 2), drawing + prior, ("tokens", "areas")),
            "color": Graph(Point(net), ("tokens", "areas", "palette", "shares"), outputs),
        }
    return {
        "see": Graph(See(net, 1), drawing + prior, ("channels",)),
        "color": Graph(Paint(net), ("labels", "count", "channels", "palette", "shares"), ("picture",)),
    }
