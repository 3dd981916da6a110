"""Clip art: which drawings are taken, and what is made of one."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("resvg_py")

from salac.training import clipart
from salac.training.build import GROUP, INK, LABELS, STORED

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="100" height="120">
<g stroke="#101010" stroke-width="4"><rect x="20" y="50" width="60" height="60" fill="#c03040"/>
<circle cx="50" cy="32" r="22" fill="#f0c8a0"/><circle cx="42" cy="30" r="4" fill="#4070c0"/>
<circle cx="58" cy="30" r="4" fill="#4070c0"/><rect x="35" y="70" width="30" height="20" fill="#f0d040"/></g></svg>"""


def test_a_drawing_keeps_its_lines_and_colors(tmp_path: Path) -> None:
    path = tmp_path / "robot_01.svg"
    path.write_text(SVG)
    sample = next(s for seed in range(9) if (s := clipart.draw_clipart(path, np.random.default_rng(seed))) is not None)
    assert sample.maps.shape == (4, STORED, STORED)
    colors = np.array(sample.entry["colors"])[sample.maps[GROUP]]
    middle = sample.maps[LABELS] == sample.maps[LABELS][STORED * 6 // 10, STORED // 2 - STORED // 5]
    assert np.abs(colors[middle] - (0xC0, 0x30, 0x40)).max() < 12
    assert (colors[:8] == 255).all()
    assert 0.02 < (sample.maps[INK] < 128).mean() < 0.3
    assert sample.entry["identity"] == ["robot"]


@pytest.mark.parametrize(
    "svg", ["<svg", "<svg/>", SVG.replace("#c03040", "none").replace("#f0", "#eee")[:150] + "</g></svg>"]
)
def test_what_is_no_colored_drawing_is_passed_over(tmp_path: Path, svg: str) -> None:
    path = tmp_path / "odd.svg"
    path.write_text(svg)
    assert clipart.draw_clipart(path, np.random.default_rng(0)) is None


def test_series_of_drawings_that_models_are_judged_by_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path))
    source = clipart.CLIPART.folder / clipart.CLIPART.wanted[0]
    for name in (
        "food/milk_bw.svg",
        "food/milk.svg",
        "food/tea_02.svg",
        "recreation/games/ace.svg",
        "computer/key.svg",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(SVG)
    assert [path.name for path in clipart.clipart()] == ["tea_02.svg"]
    assert clipart.series(Path("tea_02_bw.svg")) == clipart.series(Path("tea_01.svg"))
