"""Failures are counted where they are and nowhere else: a drawing of four rooms and a button, then a figure."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from salac import Colorizer
from salac.evaluation.colors import PAPER
from salac.evaluation.drawings import Stored, Subject
from salac.evaluation.failures import FAILURES, Probe, amounts, hand_drawn, held_out_figures, rate
from salac.evaluation.methods import MEASURES, Chain, Ready
from salac.training.drawing import PARTS

SKIN, HAIR, RED, BLUE = (247, 215, 196), (120, 78, 48), (200, 32, 42), (60, 80, 190)
ROOMS = {"left": (40, 30), "right": (40, 110), "shirt": (120, 40), "hair": (120, 110), "button": (100, 60)}
"""A pixel of each."""
TRUE = {"left": SKIN, "right": SKIN, "shirt": RED, "hair": HAIR, "button": RED}
SHOWN = {"left": "skin", "right": "skin", "shirt": "upper", "hair": "hair", "button": "upper"}


@pytest.fixture(scope="module")
def probe() -> Probe:
    """Two rooms of skin over a shirt with a button and hair, on paper."""
    sketch = np.full((160, 160), 255, np.uint8)
    picture = np.full((160, 160, 3), PAPER, np.uint8)
    boxes = {"left": (10, 70, 10, 70), "right": (10, 70, 70, 150), "shirt": (70, 150, 10, 70)}
    boxes |= {"hair": (70, 150, 70, 150), "button": (92, 108, 52, 68)}
    for name, (top, bottom, left, right) in boxes.items():
        sketch[top : bottom + 1, left : right + 1] = 0
        sketch[top + 2 : bottom, left + 2 : right] = 255
        picture[top : bottom + 1, left : right + 1] = TRUE[name]
    drawing = Stored(name="rooms", source="test", sketch=sketch, picture=picture, mask=(picture < PAPER).any(2))
    subject = Subject(drawing)
    parts = np.zeros(subject.segments.count + 1, np.uint8)
    for name, pixel in ROOMS.items():
        parts[subject.segments.labels[pixel]] = PARTS.index(SHOWN[name])
    return Probe(subject, subject.true, parts, 0.0)


@dataclass(frozen=True)
class Given:
    """Colors rooms as it is told; what is not named gets its right color."""

    probe: Probe
    rooms: Mapping[str, tuple[int, int, int]]
    paper: tuple[int, int, int] = (PAPER, PAPER, PAPER)
    name: str = "given"
    measures: tuple[str, ...] = MEASURES

    def on(self, subject: Subject) -> Ready:
        def colors(histogram: npt.NDArray[np.float32], seed: int) -> npt.NDArray[np.uint8]:
            given = self.probe.true.copy()
            given[subject.areas == 0] = self.paper
            for room, color in self.rooms.items():
                given[subject.segments.labels[ROOMS[room]]] = color
            return given

        return Ready(colors=colors, image=lambda histogram, seed: subject.picture)


def failed(probe: Probe, rooms: Mapping[str, tuple[int, int, int]], **paper: tuple[int, int, int]) -> set[str]:
    found = amounts(Given(probe, rooms, **paper), probe)
    return {name for name, amount in found.items() if amount is not None and amount > FAILURES[name].limit} - {"vivid"}


def test_right_colors_fail_nowhere(probe: Probe) -> None:
    assert failed(probe, {}) == set()
    found = amounts(Given(probe, {}), probe)
    assert [name for name, amount in found.items() if amount is None] == []
    assert found["chance"] == 0


def test_each_failure_is_found(probe: Probe) -> None:
    assert failed(probe, {"right": RED}) >= {"skin-in-two", "skin-as-cloth"}
    assert failed(probe, {"right": RED, "left": RED}) == {"skin-as-cloth", "unrecognized"}
    assert failed(probe, {"button": BLUE}) == set()  # small beside the shirt
    assert failed(probe, {"hair": SKIN}) == {"hair-as-skin"}
    assert failed(probe, {"right": (254, 254, 254)}) == {"skin-in-two", "white-on-skin"}
    assert failed(probe, {"right": (PAPER,) * 3}) == {"skin-in-two", "white-on-skin", "paper-in-figure"}
    assert failed(probe, {"shirt": (PAPER,) * 3, "button": (PAPER,) * 3}) == {"paper-in-clothes", "paper-in-figure"}
    assert failed(probe, {"hair": (8, 8, 8)}) == {"blackened"}
    assert failed(probe, {}, paper=BLUE) == {"background"}
    # A shade of the right color is no failure.
    assert failed(probe, {"right": (243, 211, 190)}) == set()


def test_a_speck_stands_out_from_what_it_belongs_to(probe: Probe) -> None:
    subject = copy(probe.subject)
    subject.areas = probe.areas.copy()
    subject.areas[subject.segments.labels[ROOMS["button"]]] = 1
    found = amounts(Given(probe, {"button": BLUE}), Probe(subject, probe.true, probe.parts))
    assert found["specks"] == 1


def test_vivid_colors_are_saturated_and_keep_what_is_gray(probe: Probe) -> None:
    colors = np.array([[120, 120, 120], [180, 120, 120], SKIN], np.uint8)
    vivid = Probe(probe.subject, colors).vivid().true
    assert vivid[0].tolist() == [120, 120, 120]
    assert [int(np.ptp(color)) for color in vivid] > [int(np.ptp(color)) for color in colors]
    assert vivid.max() < PAPER


def test_drawings_by_hands_are_counted_where_nothing_is_known_of_parts(probe: Probe) -> None:
    gray, picture = probe.subject.gray, probe.subject.picture
    drawing = Stored(name="rooms", source="test", sketch=gray, picture=picture, mask=(picture < PAPER).any(2))
    found = amounts(Given(probe, {"right": (PAPER,) * 3}), hand_drawn(drawing))
    known = {name for name, amount in found.items() if amount is not None}
    assert known == {"chance", "vivid", "blackened", "specks", "paper-in-figure", "background"}
    assert rate("paper-in-figure", [found]) == (1.0, 1)
    assert rate("skin-in-two", [found]) == (0.0, 0)


def test_the_bundled_model_on_figures_that_no_data_set_holds() -> None:
    pytest.importorskip("skia")
    probes = list(held_out_figures(2))
    assert [probe.subject.name for probe in probes] == [probe.subject.name for probe in held_out_figures(2)]
    chain = Chain(colorizer=Colorizer.from_pretrained(device="cpu"), name="salac-tiny")
    found = [amounts(chain, probe) for probe in probes]
    for probe, one in zip(probes, found, strict=True):
        assert one.keys() == FAILURES.keys()
        assert probe.merged is not None
        assert probe.merged < 0.3
        assert probe.parts is not None
        assert (probe.parts[probe.areas > 0] > 0).all()
        perfect = amounts(Given(probe, {}), probe)
        assert {name for name, amount in perfect.items() if amount} <= {"merged", "vivid"}
    assert all(0 <= rate(name, found)[0] <= 1 for name in FAILURES)
