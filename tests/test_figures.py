import numpy as np
import pytest

from salac.tbs import segment
from salac.training.drawing import BASE_TONE, LIGHT_TONE, PARTS, ROLES, SHADOW_TONE, Drawing

pytest.importorskip("skia")
from salac.training.figures import draw_figure
from salac.training.figures.beards import BEARDS, MOUSTACHES, draw_beard
from salac.training.figures.beasts import draw_beast
from salac.training.figures.belongings import BELONGINGS
from salac.training.figures.bestiary import BEASTS
from salac.training.figures.body import LEG_POSES, Body, make_body
from salac.training.figures.clothes import BOTTOMS, OUTFITS, Wardrobe, draw_clothes
from salac.training.figures.eyes import EYES, draw_eyes
from salac.training.figures.hair import HAIR_STYLES, draw_hair_style
from salac.training.figures.hatching import TEXTURES, choose_texture
from salac.training.figures.hats import HATS, put_on
from salac.training.figures.head import Head, draw_face, make_head
from salac.training.figures.manners import MANNERS
from salac.training.figures.mouth import mouth_place
from salac.training.figures.noses import NOSES, draw_nose
from salac.training.figures.pens import PENS, choose_pen
from salac.training.figures.props import draw_props
from salac.training.figures.scene import Scene
from salac.training.figures.still_life import THINGS, draw_still_life
from salac.training.figures.toon_eyes import TOON_EYES

SEEDS = range(12)


@pytest.fixture(scope="module")
def drawings() -> list[Drawing]:
    return [draw_figure(seed, size=160) for seed in SEEDS]


@pytest.fixture(scope="module")
def people(drawings: list[Drawing]) -> list[Drawing]:
    return [drawing for drawing in drawings if any(name.startswith("hair:") for name in drawing.identity)]


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


def test_a_figure_shows_face_hair_and_cloth(people: list[Drawing]) -> None:
    for drawing in people:
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


def test_identity_names_what_was_drawn(people: list[Drawing]) -> None:
    assert len(people) > 8
    for drawing in people:
        kinds = {name.split(":")[0] for name in drawing.identity}
        assert {"framing", "hair", "bangs", "eyes", "mouth", "outfit", "bottoms", "pose", "scenery"} <= kinds
        assert drawing.source == "figures"
        assert drawing.licence == "Apache-2.0"


def test_there_is_much_to_choose_from() -> None:
    assert len(HAIR_STYLES) >= 30
    assert len(OUTFITS) >= 25
    assert len(EYES) + len(TOON_EYES) >= 8
    assert len(HATS) >= 20
    assert len(BEARDS) + len(MOUSTACHES) >= 12


def test_one_color_is_many_closed_pieces() -> None:
    """As artists draw: yokes, seams, strands and folds part a garment or hair, and all of its pieces match."""
    pieces: dict[str, list[int]] = {"upper": [], "lower": [], "hair": [], "skin": []}
    for seed in range(300, 310):
        drawing = draw_figure(seed, size=320)
        labels = segment(drawing.ink, lines="nearest").labels
        for group, part in enumerate(drawing.parts):
            inside = np.bincount(labels[drawing.group == group], minlength=labels.max() + 1)[1:]
            mostly = inside > 0.5 * np.bincount(labels.ravel())[1:]
            if PARTS[part] in pieces and mostly.any():
                pieces[PARTS[part]].append(int((mostly & (inside > 60)).sum()))
    for part, counts in pieces.items():
        assert np.median(counts) >= 3, part


def test_animals_and_things_are_drawn_as_well() -> None:
    shown = set()
    for seed in range(120):
        rng = np.random.default_rng(seed)
        for draw in (draw_beast, draw_still_life):
            scene = Scene(rng, np.array([-0.6, -0.8]), 0.02, plain=False)
            shown |= set(draw(scene))
            assert _is_finite(scene)
    assert {f"beast:{name}" for name in BEASTS} | {f"thing:{name}" for name in THINGS} <= shown


@pytest.mark.parametrize("name", BELONGINGS)
def test_every_belonging_is_held_by_every_body(name: str) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        scene = Scene(rng, np.array([-0.6, -0.8]), 0.02, plain=False)
        hold = BELONGINGS[name].arms
        body = make_body(
            rng, chibi=seed == 3, male=bool(seed % 2), narrow=False, calm=False, size=1.0, only=(), hold=hold
        )
        drawn = draw_props(scene, body, "tshirt", name)
        if not body.back:
            assert drawn == [name]
            assert {"prop"} <= {shape.part for shape in scene.shapes}
            assert _is_finite(scene)


def _scene(seed: int) -> tuple[Scene, Head, Body]:
    rng = np.random.default_rng(seed)
    scene = Scene(rng, np.array([-0.6, -0.8]), 0.02, plain=False)
    body = make_body(rng, chibi=False, male=bool(seed % 2), narrow=False, calm=False, size=1.0, only=())
    return scene, make_head(rng, body, list(MANNERS)[seed % len(MANNERS)]), body


def _is_finite(scene: Scene) -> bool:
    return bool(scene.shapes) and all(np.isfinite(shape.box).all() for shape in scene.shapes if shape.contours)


@pytest.mark.parametrize("outfit", OUTFITS)
def test_every_outfit_fits_every_body(outfit: str) -> None:
    bottoms = ("none",) if OUTFITS[outfit].skirt else tuple(BOTTOMS)
    for seed in range(4):
        for name in bottoms:
            scene, _, body = _scene(seed)
            draw_clothes(scene, body, Wardrobe(outfit, name))
            assert _is_finite(scene)
            assert {"upper"} <= {shape.part for shape in scene.shapes}


@pytest.mark.parametrize("style", HAIR_STYLES)
def test_every_hair_style_grows_on_every_head(style: str) -> None:
    for seed in range(4):
        scene, head, body = _scene(seed)
        face = draw_face(scene, head, body.back)
        draw_hair_style(scene, head, face, style)
        assert _is_finite(scene)


@pytest.mark.parametrize("hat", HATS)
def test_every_hat_fits_every_head(hat: str) -> None:
    for seed in range(4):
        scene, head, body = _scene(seed)
        hair, _ = draw_hair_style(scene, head, draw_face(scene, head, body.back), "short")
        put_on(hair, hat)
        assert any(shape.part == "accessory" for shape in scene.shapes)
        assert _is_finite(scene)


def test_every_face_pen_and_pose_comes_up() -> None:
    eyes, noses, beards, poses = set(), set(), set(), set()
    for seed in range(1200):
        scene, head, body = _scene(seed)
        poses.add(body.pose.split("/")[1])
        eyes.add(draw_eyes(scene, head))
        if not head.profile:
            noses.add(draw_nose(scene, head, draw_face(scene, head, back=False)))
        beards |= set(draw_beard(scene, head, mouth_place(head)))
        assert _is_finite(scene)
    assert eyes == set(EYES) | set(TOON_EYES)
    assert noses == set(NOSES)
    assert beards == set(BEARDS) | set(MOUSTACHES)
    assert poses == set(LEG_POSES)
    rng = np.random.default_rng(0)
    assert {choose_pen(rng).kind for _ in range(200)} == set(PENS)
    assert {choose_texture(rng) for _ in range(400)} == set(TEXTURES)
