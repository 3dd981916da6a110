"""Clip art: which drawings are taken, and what is made of one."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("resvg_py")

from salac.errors import InputError
from salac.training.build import GROUP, INK, LABELS, STORED, Sample
from salac.training.clipart import SOURCES, Piece, draw_clipart, pieces
from salac.training.clipart.emoji import EMOJI, subject
from salac.training.clipart.openclipart import ARCHIVE, series

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="120">'
ROBOT = """<rect x="6" y="52" width="14" height="30" fill="#30a050"/>
<rect x="80" y="52" width="14" height="30" fill="#30a050"/>
<rect x="20" y="50" width="60" height="60" fill="#c03040"/>
<circle cx="50" cy="32" r="22" fill="#f0c8a0"/><circle cx="42" cy="30" r="4" fill="#4070c0"/>
<circle cx="58" cy="30" r="4" fill="#4070c0"/><rect x="35" y="70" width="30" height="20" fill="#f0d040"/>"""
OUTLINED = f'{HEAD}<g stroke="#101010" stroke-width="4">{ROBOT}</g></svg>'
FLAT = f'{HEAD}{ROBOT}<rect x="20" y="95" width="60" height="15" fill="#a62838"/></svg>'
RED, SKIN, YELLOW = (0xC0, 0x30, 0x40), (0xF0, 0xC8, 0xA0), (0xF0, 0xD0, 0x40)


def piece(svg: str) -> Piece:
    return Piece(
        source="clipart",
        licence="CC0-1.0",
        attribution="Somebody",
        name="robot_01",
        identity="robot",
        markup=lambda: svg,
    )


def drawn(svg: str) -> list[Sample]:
    """What is made of a drawing by several hands."""
    samples = [draw_clipart(piece(svg), np.random.default_rng(seed)) for seed in range(9)]
    return [sample for sample in samples if sample is not None]


@pytest.mark.parametrize("svg", [OUTLINED, FLAT])
def test_a_drawing_keeps_its_colors_and_has_lines(svg: str) -> None:
    samples = drawn(svg)
    assert len(samples) >= 5
    for sample in samples:
        assert sample.maps.shape == (4, STORED, STORED)
        colors = np.array(sample.entry["colors"])[sample.maps[GROUP]]
        middle = sample.maps[LABELS] == sample.maps[LABELS][STORED * 6 // 10, STORED // 2 - STORED // 5]
        assert np.abs(colors[middle] - RED).max() < 12
        assert (colors[:8] == 255).all()
        assert 0.01 < (sample.maps[INK] < 160).mean() < 0.3
        assert sample.entry["identity"] == ["robot"]
        segment_groups = np.array(sample.entry["segment_groups"])
        assert (segment_groups[sample.maps[LABELS]] == sample.maps[GROUP]).all()


def test_shade_has_the_color_of_what_it_lies_on_and_its_edge_is_seldom_drawn() -> None:
    samples = drawn(FLAT)
    for sample in samples:
        column = sample.maps[GROUP][:, STORED // 2 - STORED // 6]
        assert column[STORED * 8 // 10] == column[STORED * 9 // 10] > 0
    halves = [s.maps[LABELS][[STORED * 8 // 10, STORED * 9 // 10], STORED // 2 - STORED // 6] for s in samples]
    assert np.mean([upper == lower for upper, lower in halves]) > 0.4


def test_a_white_thing_is_no_hole_in_the_paper() -> None:
    samples = drawn(FLAT.replace("#f0c8a0", "#ffffff"))
    assert samples
    for sample in samples:
        assert sample.maps[GROUP][STORED // 10, STORED // 2] > 0


@pytest.mark.parametrize(
    "svg",
    [
        "<svg",
        f"{HEAD}</svg>",
        f'{HEAD}<circle cx="50" cy="50" r="40" fill="#c03040"/></svg>',
        FLAT.replace("#c03040", "#fefefe").replace("#a62838", "#fdfdfd").replace("#f0c8a0", "#fcfcfc"),
    ],
    ids=["damaged", "empty", "a sign", "like paper"],
)
def test_what_is_no_colored_drawing_is_passed_over(svg: str) -> None:
    assert drawn(svg) == []


def test_series_of_drawings_that_models_are_judged_by_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path))
    source = ARCHIVE.folder / ARCHIVE.wanted[0]
    for name in (
        "food/milk_bw.svg",
        "food/milk.svg",
        "food/tea_02.svg",
        "recreation/games/ace.svg",
        "computer/key.svg",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(OUTLINED)
    (tea,) = pieces(["openclipart"])
    assert (tea.name, tea.identity, tea.markup()) == ("tea_02", "tea", OUTLINED)
    assert series(Path("tea_02_bw.svg")) == series(Path("tea_01.svg"))


def test_a_set_gives_every_drawing_once_whatever_the_skin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path))
    folder = EMOJI["noto"].package.folder()
    folder.mkdir(parents=True)
    people = ["woman-cook", "woman-cook-dark-skin-tone", "man-cook", "man-cook-light-skin-tone", "person-cook"]
    names = {"People & Body": [*people, "grinning-face"], "Food & Drink": ["pear"], "Flags": ["flag-chile"]}
    icons = {name: {"body": ROBOT} for group in names.values() for name in group}
    (folder / "icons.json").write_text(json.dumps({"width": 100, "height": 120, "icons": icons}))
    (folder / "metadata.json").write_text(json.dumps({"categories": names}))
    found = pieces(["noto"])
    assert sorted(piece.identity for piece in found) == ["emoji:cook", "emoji:cook", "emoji:pear"]
    assert len({subject(piece.name) for piece in found}) == 2
    assert {(piece.source, piece.licence) for piece in found} == {("clipart:noto", "Apache-2.0")}
    assert draw_clipart(found[0], np.random.default_rng(0)) is not None
    assert subject("man-cook-medium-dark-skin-tone") == subject("cook") == "cook"
    assert subject("woman-light-skin-tone-bald") == "bald"


def test_a_judge_is_no_source() -> None:
    assert not any("openmoji" in emoji.package.name for emoji in EMOJI.values())
    with pytest.raises(InputError, match="noto"):
        pieces(["openmoji"])
    assert set(SOURCES) == {"openclipart", *EMOJI}
