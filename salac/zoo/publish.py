"""Publishing a model folder on the Hugging Face Hub: first what would be sent, then all of it in one commit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import ModelError
from .card import CARD, write_card
from .hub import ModelSource
from .manifest import CONFIG, MANIFEST, brief, write_manifest

CURVES = "curves.svg"
"""The picture in the card of a model that was trained with this package."""


def prepare(folder: Path, repo: str) -> dict[str, int]:
    """Check a model and complete its folder: every file as in the manifest, a configuration and a card.

    Args:
        folder: of the model.
        repo: `org/name` that it is meant for, the title of a card that has to be written.

    Returns:
        The files that are published and their sizes; whatever else lies in the folder is not.

    Raises:
        ModelError: the folder holds no model, or a damaged one.
    """
    source = ModelSource(folder)
    for name in source.manifest:
        source.file(name)
    if not (folder / CONFIG).exists():
        write_manifest(folder, source.licence)
    write_card(folder, repo)
    names = [*source.manifest, MANIFEST, CONFIG, CARD, CURVES]
    return {name: (folder / name).stat().st_size for name in names if (folder / name).exists()}


def publish(
    folder: Path,
    repo: str,
    *,
    private: bool | None = None,
    revision: str | None = None,
    token: str | bool | None = None,
) -> str:
    """Send a model to the Hub, all files in one commit, and return that commit.

    Args:
        folder: of the model; see `prepare` for what is sent.
        repo: `org/name`, made if it does not exist.
        private: whether a new one is private; None leaves it to the organisation.
        revision: branch to publish to, made if it does not exist; None takes main.
        token: with the right to write, as in huggingface_hub.

    Raises:
        ModelError: the folder holds no whole model, or the Hub refused it.
    """
    from huggingface_hub import HfApi

    files = prepare(folder, repo)
    api = HfApi(token=token, library_name="salac")
    try:
        api.create_repo(repo, private=private, exist_ok=True)
        if revision is not None:
            api.create_branch(repo, branch=revision, exist_ok=True)
        commit = api.upload_folder(
            repo_id=repo,
            folder_path=folder,
            revision=revision,
            allow_patterns=list(files),
            commit_message="Publish a model of salac",
        )
    except Exception as error:  # the client lets the exceptions of several libraries through
        raise ModelError(
            f"{repo!r} cannot be published ({brief(error)}): check its name, the network, and that the token may write"
        ) from error
    return commit.oid


def registry_entry(folder: Path, repo: str, commit: str) -> Mapping[str, Any]:
    """The entry that pins a published model in the registry."""
    source = ModelSource(folder)
    files = {name: facts._asdict() for name, facts in source.manifest.items()}
    return {"repo": repo, "revision": commit, "licence": source.licence, "files": files}
