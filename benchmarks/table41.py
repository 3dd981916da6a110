"""Table 4.1 of the thesis again: the chain and both baselines from chance, on the same drawings, in the same time.

    python benchmarks/table41.py DATA [--minutes 40] [--only salac generative alacgan] [-o runs/table41]
    salac evaluate DATA --model runs/table41/model --baselines runs/table41

DATA is a data set to train on; judged are its drawings that are held out, or any others. Every method is given so many
minutes of one core: the chain shares them among its stages. Each run makes as many steps as that core does in them,
planned from what its first steps take in CPU time, so that its learning rate ends where they end whatever else the
machine does. Not counted are what a stage prepares for itself or the next, such as the drawings of the StyleGAN2, and
held-out scores. What is repeated goes on where it stopped.
"""

import argparse
from pathlib import Path
from unittest.mock import patch

import torch
from pace import steps_in

from salac.training import recipes
from salac.training.loop import Settings, Task, planned_steps

METHODS = {
    "salac": {"style-gan": 0.04, "style-clusters": 0.08, "categories": 0.13, "proposal": 0.5, "refiner": 0.25},
    "generative": {"generative": 1.0},
    "alacgan": {"alacgan": 1.0},
}
"""The stages of each, and their shares of its time: most goes where colors and shade are learnt."""
RUNS = {"style-clusters": ("style-clusters-7", "style-clusters-9")}
"""The runs that a stage consists of, where it is not one of its own name."""


def plan(stage: str, data: Path, out: Path, minutes: float) -> int:
    """How many steps each run of a stage makes in so many minutes of all; what the stage needs is prepared."""
    found: list[int] = []

    def measure(task: Task, settings: Settings) -> None:
        found.append(steps_in(task, minutes / len(RUNS.get(stage, (stage,)))))

    with patch.object(recipes, "train", measure):
        recipes.train_stage(stage, data, out, threads=1)
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA", type=Path, help="data set to train on")
    parser.add_argument("--minutes", metavar="M", type=float, default=40.0, help="of one core, a method (40)")
    parser.add_argument("--only", metavar="NAME", nargs="+", choices=METHODS, default=METHODS, help=", ".join(METHODS))
    parser.add_argument("-o", dest="out", metavar="OUT", type=Path, default=Path("runs/table41"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    for method in args.only:
        for stage, share in METHODS[method].items():
            first, *_ = RUNS.get(stage, (stage,))
            begun = planned_steps(args.out / first / "checkpoint.pt")
            steps = begun or plan(stage, args.data, args.out, share * args.minutes)
            print(f"{stage}: {steps} steps", flush=True)
            recipes.train_stage(stage, args.data, args.out, steps=steps, threads=1, resume=True)
        if method == "salac":
            recipes.export(args.data, args.out, args.out / "model")


if __name__ == "__main__":
    main()
