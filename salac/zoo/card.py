"""The model card that a model gets when it is saved: what its files say of themselves."""

import json
from pathlib import Path

from .manifest import CONFIG, MANIFEST, read_manifest

CARD = "README.md"


def write_card(folder: Path, name: str = "") -> None:
    """Write `README.md` from the manifest and the configurations of a model, unless it has one.

    Args:
        folder: of the model.
        name: its title; the folder's own name by default.
    """
    if (folder / CARD).exists():
        return
    manifest = read_manifest(folder / MANIFEST)
    described = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["files"]
    rows = [
        f"| {file} | {described[file].get('arch', '')} | {facts.size:,} | `{facts.sha256}` |"
        for file, facts in manifest.files.items()
    ]
    (folder / CARD).write_text(
        f"""---
license: {manifest.licence.lower()}
library_name: salac
tags: [line-art, colorization, segmentation]
---

# {name or folder.resolve().name}

Weights of SALAC (`pip install salac`), which colors line drawings, as safetensors in half precision:

| file | what it holds | bytes | sha256 |
|---|---|---|---|
{chr(10).join(rows)}

Every file is compared with `manifest.json` before it is read. The configurations are in the files' own metadata, and
for readers in `config.json`.

## What it was trained on

This card was written when the model was saved, by what its files say. What they learnt from, how well they do and
what they cannot do is for its maker to add here.
""",
        encoding="utf-8",
    )
