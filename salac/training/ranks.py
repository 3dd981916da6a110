"""Training by several processes at once, as `torchrun` starts them: every rank learns from its share of each batch.

What is computed is what DistributedDataParallel computes: equal weights everywhere, and gradients averaged over ranks
before every optimizer step. It is done by hand: DistributedDataParallel excludes `torch.autograd.grad`, by which the
R1 and path length penalties differentiate gradients, and because the two nets of a GAN take turns in one step. Without
`torchrun` there is one rank, and nothing here changes a single bit.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn

from ..errors import InputError

PATIENCE = timedelta(hours=2)
"""How long ranks wait for another, which may have pictures to draw, or an evaluation to make."""


@contextmanager
def joined(device: str | None) -> Iterator[None]:
    """Be one of the processes that `torchrun` started, where it did: NCCL on CUDA, each rank on a GPU of its own, else
    gloo.

    Args:
        device: that is asked for; None takes CUDA where there is one.

    Raises:
        InputError: there are fewer GPUs than processes.
    """
    if not dist.is_torchelastic_launched() or os.environ["WORLD_SIZE"] == "1":
        yield
        return
    local = int(os.environ["LOCAL_RANK"])
    on_cuda = torch.cuda.is_available() if device is None else device.startswith("cuda")
    if on_cuda:
        if local >= torch.cuda.device_count():
            raise InputError(f"there are {torch.cuda.device_count()} GPUs: pass no more by --nproc-per-node")
        torch.cuda.set_device(local)  # what "cuda" means from now on
    # The first optimizer imports these. Where there is a group by then, defaults of theirs hold it and its threads
    # beyond its end, and the interpreter may abort when it ends itself.
    from torch.distributed.nn import functional  # noqa: F401

    # What is decided lies on the CPU, what is learnt on the GPU.
    dist.init_process_group("cpu:gloo,cuda:nccl" if on_cuda else "gloo", timeout=PATIENCE)
    try:
        yield
    finally:
        dist.destroy_process_group()


def rank() -> int:
    """Number of this process, which is that of its share of every batch."""
    return dist.get_rank() if dist.is_initialized() else 0


def count() -> int:
    """How many processes train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


def beside() -> int:
    """How many of them train on this machine."""
    return int(os.environ["LOCAL_WORLD_SIZE"]) if dist.is_initialized() else 1


def leads() -> bool:
    """Whether this is the process that writes and evaluates."""
    return rank() == 0


def wait() -> None:
    """Go on when all ranks are here."""
    decide(False)


def decide(*answers: bool) -> list[bool]:
    """What rank 0 says; clocks differ."""
    said = torch.tensor([*answers] if leads() else [False] * len(answers), dtype=torch.uint8)
    if count() > 1:
        dist.all_reduce(said)
    return [bool(answer) for answer in said]


def mean(value: Tensor) -> Tensor:
    """The mean over ranks of what each has computed, without a gradient.

    A loss that is a weighted mean over the batch divides by the mean of the ranks' weights: the mean of such losses is
    then the loss of the whole batch.
    """
    if count() == 1:
        return value
    result = value.detach().clone()
    average([result])
    return result


@torch.no_grad()
def average(tensors: Sequence[Tensor]) -> None:
    """Set tensors of one type, in place, to their means over ranks."""
    if count() == 1:
        return
    flat = torch.cat([tensor.flatten() for tensor in tensors])
    dist.all_reduce(flat)
    flat /= count()
    for tensor, values in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
        tensor.copy_(values.view(tensor.shape))


@torch.no_grad()
def share_weights(nets: Iterable[nn.Module]) -> None:
    """Give all ranks the weights of rank 0."""
    if count() == 1:
        return
    for net in nets:
        for tensor in net.state_dict().values():
            whole = tensor.contiguous()  # in memory as everywhere
            dist.broadcast(whole, 0)
            tensor.copy_(whole)


def descend(optimizer: torch.optim.Optimizer, loss: Tensor, *, clip: float | None = None) -> None:
    """One optimizer step along the gradient of a loss, averaged over ranks.

    Args:
        optimizer: of everything that learns from it.
        loss: scalar, the mean over this rank's share of the batch.
        clip: greatest norm of the averaged gradient; None leaves it as it is.
    """
    optimizer.zero_grad()
    loss.backward()
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    average([parameter.grad for parameter in parameters if parameter.grad is not None])
    if clip is not None:
        nn.utils.clip_grad_norm_(parameters, clip)
    optimizer.step()
