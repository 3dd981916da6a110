"""From what the proposal generator says of segments to their colors."""

import numpy as np
import pytest

from salac.stages.choice import ASKED, BACKGROUND, SAMPLED, SKIN, choose, share_out, things
from salac.stages.twins import find_twins
from salac.training.drawing import PARTS

SURELY = 4.0


def answer(
    pointer: list[list[float]],
    *,
    together: tuple[int, ...] = (),
    background: tuple[float, ...] = (),
    skin: tuple[float, ...] = (),
) -> dict:
    """Logits of segments, those of `together` taken for one thing, with their chances of being background and skin."""
    count = len(pointer)
    alike = np.where(np.eye(count, dtype=bool), SURELY, -SURELY)
    alike[np.ix_(together, together)] = SURELY
    paper, body = np.array(background or (0.01,) * count), np.array(skin or (1e-9,) * count)
    parts = np.log(np.stack([paper, body, 1 - paper - body], -1))
    return {"pointer": np.array(pointer, np.float32), "alike": alike.astype(np.float32), "parts": parts}


def log_chances(logits: list[list[float]]) -> np.ndarray:
    values = np.array(logits)
    return values - np.log(np.exp(values).sum(1, keepdims=True))


def test_things_share_a_palette_out() -> None:
    # Both would take the first color, which is asked for on half of the area only; the second is less set on it.
    halves, asked = np.array([0.5, 0.5]), np.array([0.5, 0.5])
    assert share_out(log_chances([[2.0, 1, -9, -9], [1.5, 1, -9, -9]]), halves, asked).tolist() == [0, 1]
    # What is sure stays, and nobody gets what nobody asked for.
    assert share_out(log_chances([[12.0, 1, -9, -9], [12.0, 1, -9, -9]]), halves, asked).tolist() == [0, 0]
    assert share_out(log_chances([[1.0, 3, -9, -9], [1.5, 1, -9, -9]]), halves, np.array([1.0, 0])).tolist() == [0, 0]


def test_what_was_drawn_by_lot_is_not_insisted_on() -> None:
    # A face may turn blue where blue is asked for, and does not where nobody asked.
    likely = log_chances([[3.5, 1, -9, -9], [3.5, -9, -9, -9]])
    areas, shares = np.array([0.3, 0.7]), np.array([0.7, 0.3])
    assert share_out(likely, areas, shares, ASKED).tolist() == [1, 0]
    assert share_out(likely, areas, shares, SAMPLED).tolist() == [0, 0]


def test_a_shirt_and_trousers_get_the_colors_of_their_sizes() -> None:
    # Each is a little likelier in the other's color; which is which is told by how much of it there is to be.
    likely = log_chances([[1.0, 1.2, -9, -9], [1.2, 1.0, -9, -9], [-9, -9, -9, 9]])
    areas = np.array([0.6, 0.3, 0.1])
    assert share_out(likely, areas, np.array([0.66, 0.34])).tolist() == [0, 1, 3]
    assert share_out(likely, areas, np.array([0.34, 0.66])).tolist() == [1, 0, 3]


def test_one_thing_has_one_color() -> None:
    # Each for itself, the two sleeves would share the palette out; held for one thing, they choose together.
    pointer = [[-9.0, -9, -9, -9], [2.0, 1, -9, -9], [1.5, 1, -9, -9], [-9, 3, -9, -9]]
    labels = np.repeat([[1, 2, 3]], [4, 4, 8], axis=1)
    shares = np.array([0.5, 0.5])
    alone, _ = choose(answer(pointer), np.array([0.25, 0.75]), labels)
    assert alone[1] != alone[2]
    one, _ = choose(answer(pointer, together=(1, 2)), shares, labels)
    assert one[1:].tolist() == [0, 0, 1]


def test_what_no_line_divides_is_one_thing_unless_it_is_paper() -> None:
    pointer = [[-9.0, -9, -9, -9], [4.0, 1, -9, -9], [1.0, 3, -9, -9], [-9, 3, -9, -9]]
    labels = np.repeat([[0, 1, 2, 3]], [2, 6, 6, 2], axis=1)
    shares = np.array([0.5, 0.5])
    divided, _ = choose(answer(pointer), shares, labels)
    assert divided[1:].tolist() == [0, 1, 1]
    # Paper, which all are open to, joins nothing.
    on_paper = answer(pointer, background=(0.99, 0.01, 0.01, 0.01))
    apart, _ = choose(on_paper, shares, labels, undivided=np.array([[0, 1], [0, 2], [0, 3]]))
    assert apart[1:].tolist() == [0, 1, 1]
    joined, _ = choose(on_paper, shares, labels, undivided=np.array([[0, 1], [1, 2]]))
    assert joined[1] == joined[2]


def test_parts_are_those_that_the_net_learns() -> None:
    assert [PARTS[part] for part in (BACKGROUND, SKIN)] == ["background", "skin"]


def test_skin_takes_the_color_that_skin_has() -> None:
    # An ear points a little rather at the hair's color than at the face's, though it is rather skin than hair.
    pointer = [[-9.0, -9, -9, -9], [4.0, 0, -9, -9], [0.0, 4, -9, -9], [1.0, 1.2, -9, -9]]
    labels = np.repeat([[1, 2, 3]], [7, 8, 1], axis=1)
    shares = np.array([0.45, 0.55])
    unheard, _ = choose(answer(pointer), shares, labels)
    assert unheard[1:].tolist() == [0, 1, 1]
    heard, _ = choose(answer(pointer, skin=(1e-9, 0.9, 0.02, 0.55)), shares, labels)
    assert heard[1:].tolist() == [0, 1, 0]
    # What is hardly skin keeps what it points at.
    sleeve, _ = choose(answer(pointer, skin=(1e-9, 0.9, 0.02, 0.02)), shares, labels)
    assert sleeve[1:].tolist() == [0, 1, 1]


def test_twins_are_likelier_one_thing() -> None:
    pointer = [[-9.0, -9, -9, -9], [2.0, 1, -9, -9], [1.5, 1, -9, -9], [-9, 3, -9, -9]]
    labels = np.repeat([[1, 2, 3]], [4, 4, 8], axis=1)
    shoes = answer(pointer)
    shoes["alike"][1, 2] = shoes["alike"][2, 1] = -1
    alone, _ = choose(shoes, np.array([0.25, 0.75]), labels)
    assert alone[1] != alone[2]
    together, _ = choose(shoes, np.array([0.25, 0.75]), labels, twins=np.array([[1, 2]]))
    assert together[1] == together[2]


def test_twins_have_one_shape_on_one_level() -> None:
    labels = np.zeros((100, 100), np.int64)
    for label, (y, x) in enumerate([(50, 10), (51, 60), (80, 30)], 1):
        labels[y : y + 12, x : x + 8] = label
    labels[50:54, 10:14] = 0  # what the left one lacks on the left the right one lacks on the right
    labels[51:55, 64:68] = 0
    labels[50:62, 40:42] = 4  # as high, and narrow
    assert find_twins(labels).tolist() == [[1, 2]]
    assert find_twins(np.zeros((10, 10), np.int64)).tolist() == []


def test_things_are_what_is_alike_on_average() -> None:
    # 0 and 1 are alike, 2 is like 1 but not like 0; 3 is by itself.
    alike = np.full((4, 4), -SURELY)
    alike[0, 1] = alike[1, 0] = 3
    alike[1, 2] = alike[2, 1] = 1
    group = things(alike)
    assert group[0] == group[1]
    assert len({group[0], group[2], group[3]}) == 3
    assert things(np.zeros((1, 1))).tolist() == [0]
    assert things(np.zeros((0, 0))).tolist() == []


def test_paper_is_what_reaches_the_rim_or_is_beyond_doubt() -> None:
    labels = np.array([[1, 1, 1, 1], [1, 2, 3, 1], [1, 1, 1, 1]])
    logits = [[0.0, 5, 0]] * 4  # one color, white, ink black
    slots, paper = choose(answer(logits, background=(0.5, 0.7, 0.7, 0.97)), np.ones(1), labels)
    assert paper[1:].tolist() == [True, False, True]
    assert slots[2] == 0  # in doubt whether it is paper: then at least it has a color


def test_a_page_that_is_all_paper_has_no_colors_to_share() -> None:
    _, paper = choose(answer([[0.0, 0, 0]] * 2, background=(0.5, 0.99)), np.ones(1), np.ones((4, 4), np.int64))
    assert paper[1]


@pytest.mark.parametrize("shares", [np.zeros(2), np.array([1.0, 0.0])])
def test_an_empty_palette_leaves_the_fixed_colors(shares: np.ndarray) -> None:
    slots, _ = choose(answer([[-1e4, -1e4, 0, 2]] * 3), shares, np.array([[1, 2]]))
    assert slots[1:].tolist() == [3, 3]
