"""Nothing that users run executes what a file says: no pickle, no eval, no code in weights."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import salac

PACKAGE = Path(salac.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "code", "runpy", "yaml"}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "torch.load",
    "torch.jit.load",
    "torch.hub.load",
    "torch.compile",
    "jit.load",
    "subprocess.run",
    "subprocess.Popen",
}

PINNED = {"evaluation/fid.py": "torch.jit.load", "training/archives.py": "subprocess.run"}
"""pip and apt-get fetch archives for `salac data` and `evaluate`, and FID's net is TorchScript: pinned by digest."""


def test_what_is_looked_for_is_found() -> None:
    tree = ast.parse(
        "import pickle as p\nfrom dill import loads\nx = eval(y)\ntorch.load(f)\nnp.load(f, allow_pickle=1)"
    )
    assert len(list(offences(tree))) == 5
    assert not list(offences(ast.parse("torch.load(f, weights_only=True)"), training=True))
    assert list(offences(ast.parse("torch.load(f, weights_only=False)"), training=True))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_can_bring_code_along(source: Path) -> None:
    path = source.relative_to(PACKAGE)
    found = list(offences(ast.parse(source.read_text()), path.parts[0] in ("training", "evaluation")))
    known = PINNED.get(path.as_posix())
    assert len(found) == (1 if known else 0), found
    assert not known or found[0].startswith(f"{known} in line")


def offences(tree: ast.AST, training: bool = False) -> Iterator[str]:
    """What could execute the content of a file; training and evaluation may load tensors alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.partition(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES and not node.level:
            # The name of an error can do no harm.
            yield from (f"{node.module}.{name.name}" for name in node.names if not name.name.endswith("Error"))
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            arguments = {word.arg: ast.unparse(word.value) for word in node.keywords}
            if called == "torch.load" and training and arguments.get("weights_only") == "True":
                continue
            if called in CALLS or arguments.get("allow_pickle", "False") != "False":
                yield f"{called} in line {node.lineno}"
