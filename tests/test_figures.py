import numpy as np
import pytest

from salac.training.drawing import BASE_TONE, LIGHT_TONE, PARTS, ROLES, SHADOW_TONE, Drawing

pytest.importorskip("skia")
from salac.training.figures import draw_figure

SEEDS = range(12)


@pytest.fixture(scope="module")
def drawings() -> list[Drawing]:
    return [draw_figure(seed, size=160) for seed in SEEDS]


def test_same_seed_gives_same_picture(drawings: list[Drawing]) -> None:
    again = draw_figure(3, size=160)
    for layer in ("ink", "group", "tone"):
        np.testing.assert_array_equal(getattr(again, layer), getattr(drawings[3], layer))
    assert (again.parts, again.roles, again.identity) == (
        drawings[3].parts,
        drawings[3].roles,
        drawings[3].identity,
    )


def test_different_seeds_give_different_pictures(drawings: list[Drawing]) -> None:
    assert len({drawing.ink.tobytes() for drawing in drawings}) == len(drawings)


def test_layers_share_size_and_type(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        for layer in (drawing.ink, drawing.group, drawing.tone):
            assert layer.shape == (160, 160)
            assert layer.dtype == np.uint8
            assert layer.flags["C_CONTIGUOUS"]


def test_every_pixel_belongs_to_a_valid_group(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        pairs = list(zip(drawing.parts, drawing.roles, strict=True))
        assert drawing.group.max() < len(pairs)
        assert pairs[0] == (PARTS.index("background"), ROLES.index("paper"))
        assert len(set(pairs)) == len(pairs)
        assert max(drawing.parts) < len(PARTS)
        assert max(drawing.roles) < len(ROLES)


def test_a_figure_shows_face_hair_and_cloth(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        seen = {PARTS[drawing.parts[group]] for group in np.unique(drawing.group)}
        hairless = {"hair:bald", "accessory:hood", "accessory:headscarf", "accessory:barbute", "accessory:coif"}
        expected = {"background", "skin", "upper"} | (set() if hairless & set(drawing.identity) else {"hair"})
        assert expected <= seen
        assert (drawing.group > 0).mean() > 0.1


def test_ink_is_a_drawing_not_a_blot(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        assert 0.005 < (drawing.ink < 128).mean() < 0.5
        assert (drawing.ink > 200).mean() > 0.4


def test_tone_is_cel_shading_on_bare_paper(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        assert (drawing.tone[drawing.group == 0] == BASE_TONE).mean() > 0.99
        assert (drawing.tone == BASE_TONE).mean() > 0.5
        assert drawing.tone.min() <= SHADOW_TONE
        assert drawing.tone.max() <= LIGHT_TONE + 1
    assert any((drawing.tone == LIGHT_TONE).any() for drawing in drawings)


def test_larger_size_shows_the_same_figure() -> None:
    small, large = draw_figure(1, size=96), draw_figure(1, size=192)
    assert small.identity == large.identity
    assert (small.group == large.group[::2, ::2]).mean() > 0.95


def test_identity_names_what_was_drawn(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        kinds = {name.split(":")[0] for name in drawing.identity}
        assert {"framing", "hair", "bangs", "eyes", "mouth", "outfit", "bottoms", "pose", "scenery"} <= kinds
        assert drawing.source == "figures"
        assert drawing.licence == "Apache-2.0"
