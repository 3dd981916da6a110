"""What `tests/test_ranks.py` runs under torchrun: a short training of the proposal GAN.

In float32, for in bfloat16 "the same within rounding" would mean little.
"""

import sys
from functools import partial
from pathlib import Path

import torch
from torch.nn.functional import pad

from salac.nets.generator import GeneratorConfig
from salac.training import ranks
from salac.training.loop import Settings, train
from salac.training.proposal import ProposalBatch, ProposalTask

NARROW = GeneratorConfig(widths=(8, 8, 16, 16), dim=16, depth=1, size=64)
STEPS = 2


class Doubled(ProposalTask):
    """One process that learns from the shares of two."""

    def batch(self, step: int, share: int = 0) -> ProposalBatch:
        shares = [ProposalTask.batch(self, step, rank) for rank in (0, 1)]
        most = max(share.tokens for share in shares)
        return ProposalBatch(*map(torch.cat, zip(*(padded(share, most) for share in shares), strict=True)))


def padded(batch: ProposalBatch, tokens: int) -> ProposalBatch:
    """The same with room for more labels, which nothing has."""
    more = tokens - batch.tokens
    return batch._replace(
        colors=pad(batch.colors, (0, 0, 0, more)), slots=pad(batch.slots, (0, more)), parts=pad(batch.parts, (0, more))
    )


def run(kind: type[ProposalTask], data: Path, folder: Path, **changes) -> None:
    settings = Settings(folder=folder, steps=STEPS, device="cpu", **changes)
    train(kind(data, settings, config=NARROW, prior=None), settings)


if __name__ == "__main__":
    torch.autocast = partial(torch.autocast, enabled=False)
    data, folder = map(Path, sys.argv[1:])
    with ranks.joined("cpu"):
        run(ProposalTask, data, folder / "two")
        run(ProposalTask, data, folder / "resumed", max_minutes=0)  # stops after one step
        run(ProposalTask, data, folder / "resumed", resume=True)
