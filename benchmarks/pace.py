"""How many steps a run may make so that runs of unlike nets take the same time, for `ablations` and `table41`."""

import time

from salac.training.loop import Task

MEASURED = range(1, 17)
"""Steps that are timed: behind the first, which is slow, and with one of the lazy penalty."""


def steps_in(task: Task, minutes: float) -> int:
    """How many steps the CPU makes in so many minutes of its own time; `task` is of no use afterwards.

    CPU time, so that the answer is the same whatever else the machine does.
    """
    task.step(0, task.batch(0))
    start = time.process_time()
    for step in MEASURED:
        task.step(step, task.batch(step))
    return max(1, round(60 * minutes * len(MEASURED) / (time.process_time() - start)))
