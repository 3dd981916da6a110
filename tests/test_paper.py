"""Paper of every kind becomes white and its ink dark; a clean drawing stays as its maker left it."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from salac.image import encode_picture, normalise_paper, read_sketch


def drawing(height=700, width=560):
    """Two figures, thin waves, hatching, a black fill (lower left) and a large gray one (lower right)."""
    gray = np.full((height, width), 255, np.uint8)
    across = np.linspace(0.1, 0.9, 100)

    def stroke(points, thickness):
        fixed_point = np.int32(np.array(points) * (width * 16, height * 16))
        cv2.polylines(gray, [fixed_point], False, 0, thickness, cv2.LINE_AA, 4)

    turn = np.linspace(0, 2 * np.pi, 200)
    stroke(np.c_[0.5 + 0.25 * np.cos(turn), 0.3 + 0.2 * np.sin(turn)], 2)
    stroke(np.c_[0.5 + 0.35 * np.cos(turn), 0.7 + 0.22 * np.sin(turn)], 3)
    for wave in range(5):
        stroke(np.c_[across, 0.15 + 0.13 * wave + 0.03 * np.sin(across * (6 + wave))], 1)
    for line in range(25):
        stroke([(0.05 + 0.01 * line, 0.55), (0.02 + 0.01 * line, 0.65)], 1)
    gray[int(0.8 * height) : int(0.97 * height), int(0.2 * width) : int(0.5 * width)] = 0
    gray[int(0.8 * height) : int(0.95 * height), int(0.7 * width) : int(0.95 * width)] = 150
    return gray


CLEAN = drawing()
BLACK_FILL = (slice(570, 670), slice(120, 270))
GRAY_FILL = (slice(570, 655), slice(402, 522))


def light(shape, kind):
    down, across = np.mgrid[0 : 1 : shape[0] * 1j, 0 : 1 : shape[1] * 1j]
    return {
        "even": np.full(shape, 0.92),
        "slope": 0.92 * (1 - 0.5 * (0.6 * across + 0.4 * down)),
        "vignette": 0.92 * (1 - 1.1 * ((across - 0.5) ** 2 + (down - 0.5) ** 2)),
        "hand shadow": 0.92 * (1 - 0.35 / (1 + np.exp(-(across + down - 1.2) * 25))),
        "overexposed": np.minimum(1, 1.5 - 0.4 * (across + down)),
    }[kind]


def photograph(gray, kind, *, tint=1.0, contrast=0.85, noise=3.0, seed=0):
    """Photograph a drawing: light that falls unevenly, tinted paper, ink of limited contrast, a noisy sensor."""
    reflected = 1 - contrast * (1 - gray / 255.0)
    exposure = 255 * tint * light(gray.shape, kind) * reflected
    return np.clip(exposure + np.random.default_rng(seed).normal(0, noise, gray.shape), 0, 255).astype(np.uint8)


def ink_overlap(one, other):
    one, other = one < 128, other < 128
    return (one & other).sum() / (one | other).sum()


LIGHTS = ("even", "slope", "vignette", "hand shadow", "overexposed")


@pytest.mark.parametrize("kind", LIGHTS)
@pytest.mark.parametrize(("tint", "noise"), [(1.0, 3.0), (0.8, 6.0)])
def test_photographed_paper_gives_the_clean_drawing_back(kind, tint, noise):
    result = normalise_paper(photograph(CLEAN, kind, tint=tint, noise=noise))
    assert ink_overlap(result, CLEAN) > 0.92
    assert np.mean(result[CLEAN == 255] >= 250) > 0.995
    assert result[BLACK_FILL].max() < 100
    # The gray area is one even tone: no pixel of it falls among the ink.
    assert np.mean(result[GRAY_FILL] < 80) < 0.001


@pytest.mark.parametrize("kind", LIGHTS)
def test_faint_pencil_on_photographed_paper_becomes_ink(kind):
    lines = np.where(CLEAN == 150, 255, CLEAN).astype(np.uint8)
    result = normalise_paper(photograph(lines, kind, contrast=0.35))
    assert ink_overlap(result, lines) > 0.85
    assert np.mean(result[lines == 255] >= 250) > 0.995


def test_a_color_photograph_from_a_file_works():
    paper_color = np.array([1.0, 0.93, 0.78])
    photo = photograph(CLEAN, "slope")[..., None] * paper_color
    jpeg = encode_picture(photo.astype(np.uint8), "jpg")
    assert ink_overlap(normalise_paper(read_sketch(jpeg)), CLEAN) > 0.9


def test_a_clean_drawing_is_unchanged():
    soft = cv2.GaussianBlur(CLEAN, (0, 0), 0.7)
    jpeg = cv2.imdecode(cv2.imencode(".jpg", CLEAN, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], cv2.IMREAD_GRAYSCALE)
    for clean in (CLEAN, soft, jpeg, CLEAN[:64, :64], CLEAN[100:101], np.where(CLEAN < 128, 0, 255).astype(np.uint8)):
        result = normalise_paper(clean)
        np.testing.assert_array_equal(result, clean)
        assert not np.shares_memory(result, clean)


def test_xdog_paper_becomes_white_and_nothing_else_changes():
    paper = np.random.default_rng(0).integers(250, 255, CLEAN.shape)
    result = normalise_paper(np.where(CLEAN == 255, paper, CLEAN).astype(np.uint8))
    np.testing.assert_array_equal(result[CLEAN < 250], CLEAN[CLEAN < 250])
    assert (result[CLEAN >= 250] == 255).all()


@pytest.mark.parametrize("level", [100, 180, 230, 246])
def test_flat_gray_paper_becomes_white(level):
    result = normalise_paper((CLEAN * (level / 255)).astype(np.uint8))
    assert (result[CLEAN == 255] == 255).all()
    assert ink_overlap(result, CLEAN) > 0.97


@pytest.mark.parametrize("strength", [0.1, 0.25, 0.4])
def test_light_pencil_on_white_becomes_ink(strength):
    lines = np.where(CLEAN == 150, 255, CLEAN)
    result = normalise_paper((255 - (255 - lines) * strength).astype(np.uint8))
    assert ink_overlap(result, lines) > 0.93
    assert (result[lines == 255] == 255).all()


@pytest.mark.parametrize("kind", LIGHTS)
@pytest.mark.parametrize("noise", [0, 2, 8])
def test_a_photographed_blank_page_is_plain_white(kind, noise):
    blank = np.full((900, 700), 255, np.uint8)
    assert (normalise_paper(photograph(blank, kind, noise=noise)) == 255).all()


@pytest.mark.parametrize("level", [90, 128, 200, 250, 252, 255])
def test_a_flat_blank_page_is_plain_white(level):
    for shape in ((1, 1), (7, 300), (200, 150)):
        assert (normalise_paper(np.full(shape, level, np.uint8)) == 255).all()


def test_white_on_black_is_inverted():
    np.testing.assert_array_equal(normalise_paper(255 - CLEAN), CLEAN)
    chalk = photograph(255 - CLEAN, "slope", tint=0.9)
    assert ink_overlap(normalise_paper(chalk), CLEAN) > 0.85


def test_black_stays_black():
    assert (normalise_paper(np.zeros((60, 40), np.uint8)) == 0).all()
    night = np.zeros((600, 600), np.uint8)
    cv2.circle(night, (300, 300), 150, 255, -1)
    cv2.circle(night, (300, 300), 80, 0, 2)
    np.testing.assert_array_equal(normalise_paper(night), night)
    mostly_black = CLEAN.copy()
    mostly_black[200:] = 0
    assert ink_overlap(normalise_paper(photograph(mostly_black, "slope")), mostly_black) > 0.98


@settings(max_examples=80, deadline=None)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_any_picture_keeps_its_size_and_is_left_alone(gray):
    before = gray.copy()
    result = normalise_paper(gray)
    assert result.shape == gray.shape
    assert result.dtype == np.uint8
    np.testing.assert_array_equal(gray, before)
