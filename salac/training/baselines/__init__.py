"""What the thesis compares itself to (section 4.3), to be trained on the same drawings; no part of what users run."""

from pathlib import Path

from ...errors import InputError
from .alacgan import Alacgan, AlacganTask
from .generative import Generative, GenerativeTask
from .picture import Painter

TASKS: dict[str, type[AlacganTask] | type[GenerativeTask]] = {"alacgan": AlacganTask, "generative": GenerativeTask}
"""How each is trained, by the name of its stage."""

PAINTERS: dict[str, type[Alacgan] | type[Generative]] = {"alacgan": Alacgan, "generative": Generative}
"""How each paints once trained."""


def painters(runs: Path, device: str | None = None) -> list[Painter]:
    """The trained baselines in the folder of all runs.

    Raises:
        InputError: there is none.
        ModelError: a checkpoint is damaged or of another version.
    """
    trained = {name: runs / name / "checkpoint.pt" for name in PAINTERS}
    found: list[Painter] = [
        PAINTERS[name](checkpoint, device) for name, checkpoint in trained.items() if checkpoint.exists()
    ]
    if not found:
        raise InputError(f"{runs} holds no run of {' or '.join(PAINTERS)}: train one by `salac train`")
    return found
