"""`salac models`: what is there, whether it is whole, and how it is exported and published."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ..errors import SalacError
from .arguments import add_model, command, group
from .batch import DONE, FAILED, complain


def add_models(commands: Any) -> None:
    """Add `salac models`."""
    actions = group(commands, "models", "list, download, verify, export and publish models")
    command(actions, "list", "list the models that have a name of their own", _list_models)
    download = command(actions, "download", "fetch all files of a model into the cache of the Hub", _download)
    add_model(download, "model")
    add_model(command(actions, "verify", "compare a model's files with its manifest", _verify), "model", nargs="?")
    export = command(actions, "export", "write a model as ONNX files, which run without PyTorch", _export)
    add_model(export, "model")
    export.add_argument("folder", metavar="FOLDER", type=Path, help="for `Colorizer.from_onnx`; its parent must exist")
    notes = "Without --push nothing is sent. The token is that of `hf auth login`, or of the environment's HF_TOKEN."
    publish = command(actions, "publish", "publish a model on the Hugging Face Hub", _publish, notes)
    publish.add_argument("folder", metavar="FOLDER", type=Path, help="of the model; it gets a card if it has none")
    publish.add_argument("repo", metavar="ORG/NAME", help="on the Hub, made if it does not exist")
    publish.add_argument("--branch", metavar="B", help="to publish to, made if it does not exist (main)")
    publish.add_argument("--private", action="store_true", help="make a new one private")
    publish.add_argument("--push", action="store_true", help="send it")


def _list_models(args: argparse.Namespace) -> int:
    from ..zoo.registry import registry

    for name, model in registry().items():
        where = "installed" if model.folder else f"{model.repo}@{model.revision}"
        licence, files = model.manifest
        print(f"{name}  {len(files)} files, {model.manifest.size / 1e6:.1f} MB, {licence}, {where}")
        for file, facts in files.items():
            print(f"  {file:<32} {facts.size:>12,} bytes")
    return DONE


def _download(args: argparse.Namespace) -> int:
    from ..zoo.hub import ModelSource

    source = ModelSource(args.model)
    for name in source.manifest:
        print(source.file(name), flush=True)
    return DONE


def _export(args: argparse.Namespace) -> int:
    from ..colorizer import Colorizer

    Colorizer.from_pretrained(args.model, device="cpu").export_onnx(args.folder)
    for path in sorted(args.folder.iterdir()):
        print(f"{path.name:<32} {path.stat().st_size:>12,} bytes")
    return DONE


def _publish(args: argparse.Namespace) -> int:
    from ..zoo.publish import prepare, publish, registry_entry

    for name, size in prepare(args.folder, args.repo).items():
        print(f"{name:<32} {size:>12,} bytes")
    if not args.push:
        print(f"nothing is sent to {args.repo} yet: pass --push")
        return DONE
    commit = publish(args.folder, args.repo, private=args.private or None, revision=args.branch)
    print(f"published as {args.repo}@{commit}; to pin it in the registry:")
    print(json.dumps(registry_entry(args.folder, args.repo, commit), indent=1))
    return DONE


def _verify(args: argparse.Namespace) -> int:
    from ..zoo.hub import BUNDLED, ModelSource

    source = ModelSource(args.model or BUNDLED)
    code = DONE
    for name in source.manifest:
        try:
            source.file(name)
            print(f"{name}: as in the manifest")
        except SalacError as error:
            complain(error)
            code = FAILED
    return code
