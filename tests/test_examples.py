"""The examples as users meet them: scripts, nodes as ComfyUI loads them, a real server on loopback, notebooks."""

import ast
import http.client
import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.error import HTTPError
from urllib.request import urlopen

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

import salac
from salac.image import encode_picture, read_picture

EXAMPLES = Path(__file__).parent.parent / "examples"


def load(name: str, path: Path) -> ModuleType:
    """Load a module from a file, a package where it is an __init__.py: what ComfyUI does with a node pack."""
    folders = [str(path.parent)] if path.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sketch() -> np.ndarray:
    """A figure of a few rooms, uint8 (96, 128)."""
    sketch = np.full((96, 128), 255, np.uint8)
    cv2.circle(sketch, (64, 34), 22, 0, 2)
    cv2.rectangle(sketch, (36, 56), (92, 90), 0, 2)
    cv2.line(sketch, (64, 56), (64, 90), 0, 2)
    return sketch


# --- scripts ---------------------------------------------------------------------------------------------------------

WRITTEN = {
    "colorize": {"{}-colored.png", "{}-stages.png"},
    "hints": {"{}-hints.png", "{}-locked.png", "{}-repainted.png"},
    "layers": {"{}.psd", "{}.ora", "{}.gpl"},
    "palette": {"{}-palette.png", "{}-reference.png", "full-figure-same-colors.png"},
    "segmentation_only": {"{}-segments.png", "{}-filled.png"},
    "stages": {"{}-proposal.png", "{}-refined.png"},
    "variations": {"{}-variations.png"},
}
"""What each script writes to out/, {} the name of its sketch; the server has tests of its own below."""


def test_every_script_is_tested_and_listed() -> None:
    scripts = {path.stem for path in EXAMPLES.glob("*.py")}
    assert scripts == WRITTEN.keys() | {"http_server"}
    listed = (EXAMPLES / "README.md").read_text("utf-8")
    assert all(f"python examples/{script}.py" in listed for script in scripts)


@pytest.mark.parametrize("script", WRITTEN)
def test_scripts_run_on_the_sketches_that_come_with_them(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    main = load(f"example_{script}", EXAMPLES / f"{script}.py").main
    main()
    name = main.__defaults__[0].stem
    assert {path.name for path in Path("out").iterdir()} == {file.format(name) for file in WRITTEN[script]}


# --- ComfyUI ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pack() -> ModuleType:
    return load("/ComfyUI/custom_nodes/salac", EXAMPLES / "comfyui" / "__init__.py")


@pytest.fixture(scope="module")
def batch(sketch: np.ndarray) -> torch.Tensor:
    """The drawing and its mirror image, as Load Image gives them."""
    pair = np.stack([sketch, sketch[:, ::-1]])[..., None].repeat(3, axis=3)
    return torch.from_numpy(pair).float() / 255


def node(pack: ModuleType, name: str, **inputs: object) -> tuple:
    """Run a node as ComfyUI does: by the name of its function, with those inputs that it names."""
    kind = pack.NODE_CLASS_MAPPINGS[name]
    asked = kind.INPUT_TYPES()
    known = asked["required"] | asked.get("optional", {})
    assert inputs.keys() <= known.keys()
    defaults = {key: entry[1]["default"] for key, entry in known.items() if len(entry) > 1 and "default" in entry[1]}
    outputs = getattr(kind(), kind.FUNCTION)(**defaults | inputs)
    assert len(outputs) == len(kind.RETURN_TYPES) == len(kind.RETURN_NAMES)
    for form, output in zip(kind.RETURN_TYPES, outputs, strict=True):
        if form in ("IMAGE", "MASK"):
            assert output.dtype == torch.float32
            assert output.ndim == {"IMAGE": 4, "MASK": 3}[form]
            assert 0 <= output.min() <= output.max() <= 1
    return outputs


def levels(picture: torch.Tensor) -> np.ndarray:
    return (picture * 255).round().to(torch.uint8).numpy()


def test_every_node_has_a_title(pack: ModuleType) -> None:
    assert pack.NODE_CLASS_MAPPINGS.keys() == pack.NODE_DISPLAY_NAME_MAPPINGS.keys()
    assert len(pack.NODE_CLASS_MAPPINGS) == 4


def test_segments_are_filled_with_the_colors_of_an_illustration(
    pack: ModuleType, batch: torch.Tensor, sketch: np.ndarray
) -> None:
    segments, preview, line = node(pack, "SalacSegment", sketch=batch)
    assert np.array_equal(segments[0].labels, salac.segment(sketch).labels)
    assert preview.shape == batch.shape
    assert np.array_equal(line.bool().numpy(), np.stack([one.labels == 0 for one in segments]))
    illustration = torch.rand(1, *batch.shape[1:], generator=torch.Generator().manual_seed(0))
    (flats,) = node(pack, "SalacFill", segments=segments, illustration=illustration)
    for one, flat in zip(segments, flats, strict=True):
        assert np.array_equal(levels(flat), salac.fill_segments(one, levels(illustration)[0]))


def test_drawings_are_colored_as_the_library_colors_them(
    pack: ModuleType, batch: torch.Tensor, sketch: np.ndarray
) -> None:
    image, flats, palette = node(pack, "SalacColorize", sketch=batch, seed=5)
    expected = salac.colorize(sketch, seed=5)
    assert np.array_equal(levels(image)[0], expected.image)
    assert np.array_equal(levels(flats)[0], expected.proposal)
    assert palette == " ".join(expected.palette())

    # The palette of one drawing colors the next.
    image, *_ = node(pack, "SalacColorize", sketch=batch[:1], palette=palette, shade=False)
    expected = salac.colorize(sketch, palette=palette.split(), refine=False)
    assert np.array_equal(levels(image)[0], expected.image)

    reference = torch.rand(2, 16, 16, 3, generator=torch.Generator().manual_seed(0))
    image, *_ = node(pack, "SalacColorize", sketch=batch[:1], reference=reference)
    expected = salac.colorize(sketch, reference=[one.numpy() for one in reference])
    assert np.array_equal(levels(image)[0], expected.image)

    # A scribble in the left half of the box, its mask as Load Image gives it: 1 where it is transparent.
    hints, mask = torch.zeros_like(batch[:1]), torch.ones(1, 96, 128)
    hints[:, 62:84, 42:60], mask[:, 62:84, 42:60] = torch.tensor([200, 30, 40]) / 255, 0
    _, flats, _ = node(pack, "SalacColorize", sketch=batch[:1], hints=hints, hints_mask=mask)
    assert levels(flats)[0][72, 50].tolist() == [200, 30, 40]


def test_variations_are_one_batch(pack: ModuleType, batch: torch.Tensor, sketch: np.ndarray) -> None:
    (images,) = node(pack, "SalacVariations", sketch=batch, count=3, seed=4, shade=False)
    assert len(images) == 6
    assert np.array_equal(levels(images)[2], salac.colorize(sketch, seed=6, refine=False).image)


# --- HTTP ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """Of the server, on any free port of loopback."""
    module = load("http_server", EXAMPLES / "http_server.py")
    module.Handler.log_message = lambda *_: None
    with module.server(0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_address
        server.shutdown()
        thread.join()


def test_a_drawing_goes_over_http_and_comes_back_in_color(address: tuple[str, int], sketch: np.ndarray) -> None:
    url = "http://{}:{}/".format(*address)
    drawing = encode_picture(sketch, "png")
    for query, how in (("?seed=3", {"seed": 3}), ("?palette=f7d7c4,3b4cc0:2", {"palette": ["f7d7c4", "3b4cc0:2"]})):
        with urlopen(url + query, drawing, timeout=60) as answer:
            assert answer.headers["Content-Type"] == "image/png"
            assert np.array_equal(read_picture(answer.read()), salac.colorize(sketch, **how).image)


@pytest.mark.parametrize(
    ("path", "body", "status", "reason"),
    [
        ("/", b"no picture", 400, "sketch"),
        ("/?seed=-1", b"", 400, "seed is '-1'"),
        ("/?palette=/etc/passwd", b"x", 400, "is no hex color"),
        ("/?colour=3", b"x", 400, "colour: known are"),
        ("/elsewhere", b"x", 404, "post a drawing to /"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(
    address: tuple[str, int], path: str, body: bytes, status: int, reason: str
) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen("http://{}:{}".format(*address) + path, body, timeout=60)
    with refused.value as answer:
        assert answer.status == status
        told = answer.read().decode()
    assert reason in told
    assert told.count("\n") == 1


def test_a_drawing_that_is_too_large_is_refused_by_its_length(address: tuple[str, int]) -> None:
    for header, status in ((("Content-Length", "900000000"), 413), (("X-Nothing", "0"), 411)):
        connection = http.client.HTTPConnection(*address, timeout=60)
        connection.putrequest("POST", "/")
        connection.putheader(*header)
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == status
        answer.read()
        connection.close()


# --- notebooks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("notebook", sorted((EXAMPLES / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_run_and_are_kept_without_output(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    names: dict[str, object] = {}
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            shown = run("".join(cell["source"]), f"{notebook.name}, cell {number}", names)
            if isinstance(shown, Image.Image):
                assert shown._repr_png_().startswith(b"\x89PNG")
    assert "colorizer" in names


def run(source: str, name: str, names: dict[str, object]) -> object:
    """Run a cell as a kernel does, and give what it would show: the value of the last line, where that has one."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), names)
    return eval(compile(ast.Expression(last.value), name, "eval"), names) if last else None
