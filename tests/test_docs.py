"""The documentation is true: its code runs, its links lead somewhere, its site builds."""

import ast
import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

import salac
from salac.image import read_sketch

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "SECURITY.md", *DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
PAGES = [page for page in PAGES if "_build" not in page.parts]

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#([^)\s]+))?\)")
IMAGE = re.compile(r"!\[[^\]]*\]\(figures/([^)]+)\)")

NEEDS_MORE = re.compile(r"org/name|me/my-model|models/mine|other-model|salac\.batch\(|onnx|n=500")
"""In code that asks for a network, another model, a cluster or minutes: it is compiled and its names are looked up."""

WITH_DOCTESTS = ("color", "colorizer", "explore", "histogram", "palette_files", "tbs", "types")
"""Modules whose docstrings have examples."""


def blocks(page: Path) -> Iterator[str]:
    yield from (code for language, code in BLOCK.findall(page.read_text("utf-8")) if language == "python")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="module")
def sketch() -> np.ndarray:
    """A real drawing, small enough to be colored many times: uint8 (261, 261)."""
    portrait = read_sketch(ROOT / "examples" / "sketches" / "portrait.png")
    return cv2.resize(portrait, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)


@pytest.fixture
def desk(sketch: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The files that the pages speak of, in the current folder; what they have imported and made before."""
    monkeypatch.chdir(tmp_path)
    result = salac.colorize(sketch, seed=4)
    for name in ("sketch", "page"):
        Image.fromarray(sketch).save(f"{name}.png")
    for name in ("illustration", "photo", "cover", "page-1"):
        Image.fromarray(result.image).save(f"{name}.png")
    scribbles = np.zeros((*sketch.shape, 4), np.uint8)
    cv2.circle(scribbles, (sketch.shape[1] // 2, sketch.shape[0] // 2), 12, (200, 30, 40, 255), -1)
    Image.fromarray(scribbles).save("scribbles.png")
    Image.fromarray(result.segments.labels.astype(np.uint16)).save("page-ids.png")
    result.save("brand.gpl")
    Path("pages").mkdir()
    Image.fromarray(sketch).save("pages/1.png")
    return {
        "salac": salac,
        "np": np,
        "cv2": cv2,
        "Image": Image,
        "sketch": sketch,
        "illustration": result.image,
        "result": result,
        "segments": result.segments,
        "colorizer": salac.Colorizer.from_pretrained(),
    }


@pytest.mark.parametrize("page", [page for page in PAGES if any(blocks(page))], ids=named)
def test_code_on_pages_runs(page: Path, desk: dict[str, object]) -> None:
    for number, code in enumerate(blocks(page)):
        name = f"{named(page)}, block {number}"
        tree = ast.parse(code, name)
        look_up(tree)
        if not NEEDS_MORE.search(code):
            exec(compile(tree, name, "exec"), desk)


def look_up(tree: ast.AST) -> None:
    """Every name of salac's is there: `salac.x.y`, `salac.Class.method`, `from salac.x import y`."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute):
            names = [ast.unparse(node)]
        for name in names:
            if re.fullmatch(r"salac(\.\w+)+", name):
                pkgutil.resolve_name(name)


@pytest.mark.parametrize("module", WITH_DOCTESTS)
def test_examples_in_docstrings_are_true(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testmod(importlib.import_module(f"salac.{module}"), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    for path, _ in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / path).exists(), path


def test_every_figure_is_made_by_a_script_and_shown() -> None:
    figures = {path.name for path in (DOCS / "figures").glob("*.png")}
    shown = {name for page in DOCS.glob("*.md") for name in IMAGE.findall(page.read_text("utf-8"))}
    shown |= set(re.findall(r"docs/figures/([\w-]+\.png)", (ROOT / "README.md").read_text("utf-8")))
    assert figures == shown
    scripts = "".join(path.read_text("utf-8") for path in (DOCS / "figures").glob("*.py"))
    for stem in (name.removesuffix(".png") for name in figures):
        # The subject and the figure may be put together by the script: "segmentation" and "gaps".
        assert any(name in scripts for name in (f'"{stem}', f"{stem}.png", f'"{stem.partition("-")[2]}"')), stem


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    for needed in ("sphinx", "myst_parser", "furo"):
        pytest.importorskip(needed)
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-d", tmp_path / "trees"]
    done = subprocess.run([*command, DOCS, tmp_path / "site"], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    site = tmp_path / "site"
    assert "salac colorize" in (site / "cli.html").read_text("utf-8")
    assert "Hellinger" in (site / "api" / "colors.html").read_text("utf-8")
    made = {page.relative_to(site).with_suffix("").as_posix() for page in site.rglob("*.html")}
    assert made >= {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")} - {"_build"}
