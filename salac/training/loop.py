"""The one training loop: every stage is a `Task`, and `train` runs it with checkpoints, a log and preview sheets.

Randomness is a function of (seed, step) alone and nothing else survives between steps than nets, optimizers and
averages, so a run that was stopped and resumed ends with the same weights as one that never stopped. Under `torchrun`
it is a function of (seed, step, rank): every rank makes its own share of the one batch of a step; rank 0's is what a
single process would make, and rank 0 alone writes and evaluates.
"""

import copy
import json
import math
import os
import sys
import time
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Protocol

import cv2
import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset

from ..errors import InputError, ModelError
from ..stages.torch_nets import pick_device
from . import ranks


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a run goes, apart from what it learns.

    Attributes:
        folder: receives `checkpoint.pt`, `log.jsonl` and `preview-*.png`.
        steps: optimizer steps of the whole run; the learning rate decays over them. A resumed run may be given more.
        max_minutes: stop (with a checkpoint) after this long in this call.
        resume: continue from the checkpoint in `folder` if there is one.
        seed: of everything random.
        device: "cpu", "cuda", ...; None takes CUDA where there is one.
        batch: drawings of a step; None for as many as the stage takes on a CPU.
        workers: processes that prepare batches ahead, on Linux; 0 for one thread, None for what the device can eat: a
            thread for a CPU, a process a core for CUDA.
        checkpoint_minutes: minutes between checkpoints, evaluations and previews.
        average: decay of the exponential moving average of the weights.
    """

    folder: Path
    steps: int
    max_minutes: float = math.inf
    resume: bool = False
    seed: int = 0
    device: str | None = None
    batch: int | None = None
    workers: int | None = None
    checkpoint_minutes: float = 4.0
    average: float = 0.998


class Task(Protocol):
    """What a stage must offer to be trained.

    Attributes:
        nets: every module with weights or state, by name.
        optimizers: by name; each parameter group's "lr" is the peak that the schedule scales.
        averaged: names of the nets whose moving average is kept; that average is what ships.
    """

    @property
    def nets(self) -> Mapping[str, nn.Module]: ...  # noqa: D102
    @property
    def optimizers(self) -> Mapping[str, torch.optim.Optimizer]: ...  # noqa: D102
    @property
    def averaged(self) -> tuple[str, ...]: ...  # noqa: D102

    def batch(self, step: int, share: int = 0) -> Any:
        """Prepare a share of this step's batch, the only one of a single process; a pure function of both, called from
        a worker thread.
        """
        ...

    def step(self, step: int, batch: Any) -> dict[str, float | torch.Tensor]:
        """Make one optimizer step, by `ranks.descend`, and return the losses to log."""
        ...

    def evaluate(self, nets: Mapping[str, nn.Module]) -> dict[str, float]:
        """Score the averaged nets on held-out data."""
        ...

    def preview(self, nets: Mapping[str, nn.Module]) -> Image.Image:
        """Draw a sheet of what the averaged nets do on held-out data."""
        ...


def generator(seed: int, *path: int, share: int = 0) -> np.random.Generator:
    """Random numbers of one place in a run: the same (seed, path, share) always gives the same stream."""
    return np.random.default_rng([seed, *path, 0, share] if share else [seed, *path])


def autocast(device: torch.device) -> AbstractContextManager[Any]:
    """bfloat16 for convolutions and matrix products; losses and color stay float32 by their own casts."""
    return torch.autocast(device.type, dtype=torch.bfloat16)


def schedule(step: int, steps: int, *, warmup: int = 100, floor: float = 0.03) -> float:
    """Learning-rate factor: linear warm-up, then a cosine from 1 down to `floor` at the last step."""
    decay = floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / max(1, steps))))
    return min(1.0, (step + 1) / warmup) * decay


def train(task: Task, settings: Settings) -> Path:
    """Run `task` until its last step or the time limit, whichever comes first.

    Returns:
        The checkpoint written last.

    Raises:
        InputError: the folder holds a run and is not to be resumed.
        ModelError: the checkpoint to resume from is damaged, or belongs to another task, configuration or seed; or a
            loss is not a number.
    """
    settings.folder.mkdir(parents=True, exist_ok=True)
    # Batches are prepared in threads of our own; OpenCV's would only fight with the net's over the cores.
    cv2.setNumThreads(1)
    checkpoint = settings.folder / "checkpoint.pt"
    averages = {name: copy.deepcopy(task.nets[name]).eval().requires_grad_(False) for name in task.averaged}
    peaks = {name: [group["lr"] for group in opt.param_groups] for name, opt in task.optimizers.items()}
    first, before = 0, 0.0
    if checkpoint.exists():
        if not settings.resume:
            raise InputError(f"{settings.folder} holds a run already: resume it, remove it or choose another folder")
        first, before = _load(checkpoint, task, averages, settings.seed)
    share, leads = ranks.rank(), ranks.leads()
    if leads and first:
        _forget(settings.folder / "log.jsonl", first)
    ranks.share_weights([*task.nets.values(), *averages.values()])

    started = saved = time.monotonic()
    sums: dict[str, torch.Tensor | float] = {}
    counted = 0

    def minutes() -> float:
        return before + (time.monotonic() - started) / 60

    steps = range(first, settings.steps)
    with closing(_prepared(task, steps, share, settings)) as batches, (settings.folder / "log.jsonl").open("a") as log:
        for step, batch in zip(steps, batches, strict=True):
            factor = schedule(step, settings.steps)
            for name, opt in task.optimizers.items():
                for group, peak in zip(opt.param_groups, peaks[name], strict=True):
                    group["lr"] = peak * factor
            torch.manual_seed(int(generator(settings.seed, step, share=share).integers(1 << 62)))
            losses = task.step(step, batch)
            _average(averages, task.nets, min(settings.average, (1 + step) / (10 + step)))

            counted += 1
            for name, value in losses.items():
                value = value.detach() if isinstance(value, torch.Tensor) else value
                sums[name] = sums.get(name, 0.0) + value
            done = step + 1 == settings.steps
            out_of_time, due = ranks.decide(
                time.monotonic() - started > settings.max_minutes * 60,
                time.monotonic() - saved > settings.checkpoint_minutes * 60,
            )
            due = due or done or out_of_time
            if counted == 100 or due:
                own = torch.tensor([float(value) / counted for value in sums.values()], dtype=torch.float64)
                means = dict(zip(sums, ranks.mean(own).tolist(), strict=True))
                if leads:
                    _write(log, {"step": step + 1, "minutes": round(minutes(), 2)} | means)
                if not all(map(math.isfinite, means.values())):
                    raise ModelError(
                        f"a loss is not a number at step {step + 1}: {means}; the checkpoint before it is kept"
                    )
                sums, counted = {}, 0
            if due and leads:
                _save(checkpoint, task, averages, settings, step + 1, minutes())
                scores = task.evaluate(averages)
                _write(log, {"step": step + 1, "minutes": round(minutes(), 2), "held_out": scores})
                task.preview(averages).save(settings.folder / f"preview-{step + 1:07d}.png")
                saved = time.monotonic()
            if out_of_time:
                break
    ranks.wait()  # for the checkpoint
    return checkpoint


def _prepared(task: Task, steps: range, share: int, settings: Settings) -> Generator[Any]:
    """The batches of `steps`, each prepared while the one before it is learnt from."""
    on_cuda, workers = pick_device(settings.device).type == "cuda", settings.workers
    if workers is None:
        workers = len(os.sched_getaffinity(0)) // ranks.beside() if on_cuda and sys.platform == "linux" else 0
    if workers:
        # Forked, for nets on a device cannot be handed over; a batch reads none of them.
        yield from DataLoader(
            _Batches(task, share),
            batch_size=None,
            sampler=steps,
            num_workers=workers,
            pin_memory=on_cuda,
            multiprocessing_context="fork",
        )
        return
    with ThreadPoolExecutor(1) as pool:
        ahead = [pool.submit(task.batch, step, share) for step in steps[:1]]
        for step in steps:
            batch = ahead.pop().result()
            if step + 1 in steps:
                ahead.append(pool.submit(task.batch, step + 1, share))
            yield batch


class _Batches(Dataset[Any]):
    """What the processes that prepare batches know of a task."""

    def __init__(self, task: Task, share: int):
        self.task, self.share = task, share

    def __getitem__(self, step: int) -> Any:
        return self.task.batch(step, self.share)


def load_averages(checkpoint: Path, nets: Mapping[str, nn.Module]) -> None:
    """Fill `nets` with the averaged weights of a checkpoint, strictly.

    Raises:
        ModelError: the checkpoint is damaged or of other nets.
    """
    state = _read(checkpoint)
    try:
        for name, net in nets.items():
            net.load_state_dict(state["averages"][name])
    except (KeyError, RuntimeError) as error:
        raise ModelError(f"{checkpoint} holds other nets than those asked for: {error}") from error


def planned_steps(checkpoint: Path) -> int | None:
    """How many steps the run of a checkpoint was begun for; None where there is no checkpoint."""
    return _read(checkpoint).get("steps") if checkpoint.exists() else None


@torch.no_grad()
def _average(averages: Mapping[str, nn.Module], nets: Mapping[str, nn.Module], decay: float) -> None:
    for name, average in averages.items():
        ours, theirs = average.state_dict(), nets[name].state_dict()
        floats = [key for key, value in ours.items() if value.is_floating_point()]
        torch._foreach_lerp_([ours[k] for k in floats], [theirs[k] for k in floats], 1 - decay)
        for key in ours.keys() - set(floats):
            ours[key].copy_(theirs[key])


def _save(
    path: Path, task: Task, averages: Mapping[str, nn.Module], settings: Settings, step: int, minutes: float
) -> None:
    state = {
        "seed": settings.seed,
        "steps": settings.steps,
        "step": step,
        "minutes": minutes,
        "nets": {name: net.state_dict() for name, net in task.nets.items()},
        "optimizers": {name: opt.state_dict() for name, opt in task.optimizers.items()},
        "averages": {name: net.state_dict() for name, net in averages.items()},
    }
    part = path.with_suffix(".part")
    torch.save(state, part)
    os.replace(part, path)


def _read(path: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu", mmap=True)
    except (OSError, RuntimeError, EOFError, UnpicklingError) as error:
        raise ModelError(f"{path} is no readable checkpoint: remove it and train again") from error
    return state


def _load(path: Path, task: Task, averages: Mapping[str, nn.Module], seed: int) -> tuple[int, float]:
    state = _read(path)
    if state.get("seed", seed) != seed:
        raise ModelError(f"{path} was begun with seed {state['seed']}: go on with that one, not with {seed}")
    try:
        for name, net in task.nets.items():
            net.load_state_dict(state["nets"][name])
        for name, average in averages.items():
            average.load_state_dict(state["averages"][name])
        for name, opt in task.optimizers.items():
            opt.load_state_dict(state["optimizers"][name])
    except (KeyError, RuntimeError, ValueError) as error:
        raise ModelError(
            f"{path} does not fit this task: {error}; train into another folder or drop --resume"
        ) from error
    return int(state["step"]), float(state["minutes"])


def _forget(log: Path, first: int) -> None:
    """Drop what the log says of steps after the checkpoint: they will be made again."""
    if log.exists():
        rows = [line for line in log.read_text().splitlines() if json.loads(line)["step"] <= first]
        log.write_text("".join(row + "\n" for row in rows))


def _write(log: Any, row: dict[str, Any]) -> None:
    print(json.dumps(row), file=log, flush=True)
    print(json.dumps(row), flush=True)
