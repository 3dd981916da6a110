"""Importing is quick, and imports run one way through the package."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import salac

PACKAGE = Path(salac.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    ("errors", "types"),
    (
        "image",
        "_decode",
        "paper",
        "color",
        "palette_files",
        "_peaks",
        "_shown",
        "histogram",
        "shading",
        "_tbs",
        "tbs",
        "nets",
        "zoo",
    ),
    ("hints", "steering", "stages"),
    ("colorizer",),
    ("export", "explore", "batches", "training", "evaluation"),
    ("ui",),
    ("cli", "__main__"),
)
"""Rooms of the package; each imports from its own layer and those above it in this list."""
LAYER_OF = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}

LAZY = ("__init__.py", "types.py", "tbs.py")
"""Public faces that reach further ahead, but only inside functions and for type checkers."""

HEAVY = ("torch", "numba", "cv2", "PIL", "numpy", "scipy", "skimage", "safetensors", "huggingface_hub", "ray")

SLACK = 5
"""Times are asserted this much more generously than they are meant, for busy machines."""


def python(code: str) -> str:
    path = os.pathsep.join([str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("module", ["salac", "salac.cli", "salac.errors"])
def test_import_loads_nothing_heavy(module: str) -> None:
    loaded = json.loads(python(f"import {module}, sys, json; print(json.dumps(list(sys.modules)))"))
    assert [name for name in HEAVY if name in loaded] == []


def test_segmentation_model_files_and_exported_models_need_no_torch() -> None:
    code = "import salac.tbs, salac._tbs.fast, salac.zoo.hub, salac.colorizer, sys; print('torch' in sys.modules)"
    assert python(code).strip() == "False"


@pytest.mark.parametrize(
    ("what", "seconds"), [("import salac", 0.15), ("from salac.cli import main; main(['--help'])", 0.3)]
)
def test_import_is_quick(what: str, seconds: float) -> None:
    code = f"import time; start = time.perf_counter(); {what}; print(); print(time.perf_counter() - start)"
    times = [float(python(code).splitlines()[-1]) for _ in range(3)]
    assert min(times) < SLACK * seconds


def test_every_public_name_is_there() -> None:
    assert sorted(salac.__all__) == dir(salac)
    assert all(getattr(salac, name).__module__.startswith("salac.") for name in salac.__all__)
    with pytest.raises(AttributeError, match="no attribute 'colourize'"):
        salac.colourize  # noqa: B018


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(source: Path) -> None:
    room = room_of(source)
    if room == "__init__":
        assert all(lazy for imported, lazy in imports(source) if imported.startswith("salac"))
        return
    assert room in LAYER_OF, f"say in LAYERS where {room} belongs"
    for imported, lazy in imports(source):
        package, _, rest = imported.partition(".")
        if package == "salac" and not (lazy and source.name in LAZY):
            other = rest.partition(".")[0]
            allowed = not other or LAYER_OF[other] <= LAYER_OF[room]
            assert allowed, f"{source.name} in {room} imports {imported}, which comes after it"
        if package == "torch":
            assert lazy or room not in ("_tbs", "tbs", "zoo"), f"{source.name} imports torch with the module"
        if imported.startswith("salac.training"):
            assert room in ("training", "evaluation", "cli"), f"{source.name} needs training to run"


def room_of(source: Path) -> str:
    return source.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(source: Path) -> Iterator[tuple[str, bool]]:
    """Modules that a file imports, by full name, and whether it does so only when called or type-checked."""
    package = ["salac", *source.relative_to(PACKAGE).parts[:-1]]
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(source.read_text()), False)]
    while waiting:
        node, lazy = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((name.name, lazy) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            # `from . import color` imports a module, `from .color import to_lab` a name of one.
            modules = [f"{module}.{name.name}" for name in node.names] if is_package(module) else [module]
            yield from ((name if is_module(name) else module, lazy) for name in modules)
        lazy = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or is_type_checking(node)
        waiting += [(child, lazy) for child in ast.iter_child_nodes(node)]


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def is_package(module: str) -> bool:
    return (PACKAGE.parent / module.replace(".", "/") / "__init__.py").is_file()


def is_module(module: str) -> bool:
    return is_package(module) or (PACKAGE.parent / f"{module.replace('.', '/')}.py").is_file()
