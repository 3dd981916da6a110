"""Kit drawings: reproducible records whose every pixel belongs to a group, and ink that lies where the line is."""

# ruff: noqa: E402 (what is imported below needs the packages that are asked for first)

import base64
import hashlib
import io
import os
import tarfile
from dataclasses import replace

import numpy as np
import pytest

skia = pytest.importorskip("skia")
pytest.importorskip("dicebear_styles")

from salac.errors import InputError, MissingExtraError
from salac.training.drawing import PARTS, ROLES
from salac.training.kits import KITS, available, draw_kit
from salac.training.kits.painter import Composition, Flat, Ink, Stroke, paint
from salac.training.kits.svg import read_path, read_svg
from salac.training.npm import Package

SIZE = 128


@pytest.fixture(params=sorted(KITS))
def kit(request):
    if request.param not in available():
        pytest.skip(f"{request.param} is not installed: {KITS[request.param].missing()}")
    return request.param


def test_the_same_seed_draws_the_same_picture(kit):
    first, second = (draw_kit(5, SIZE, [kit]) for _ in range(2))
    np.testing.assert_array_equal(first.ink, second.ink)
    np.testing.assert_array_equal(first.group, second.group)
    np.testing.assert_array_equal(first.tone, second.tone)
    assert first.identity == second.identity


@pytest.mark.parametrize("seed", range(4))
def test_every_pixel_belongs_to_a_group(kit, seed):
    drawing = draw_kit(seed, SIZE, [kit])
    for layer in (drawing.ink, drawing.group, drawing.tone):
        assert layer.shape == (SIZE, SIZE)
        assert layer.dtype == np.uint8
    assert len(drawing.parts) == len(drawing.roles) > drawing.group.max()
    assert all(0 <= part < len(PARTS) for part in drawing.parts)
    assert all(0 <= role < len(ROLES) for role in drawing.roles)
    assert (drawing.parts[0], drawing.roles[0]) == (PARTS.index("background"), ROLES.index("paper"))


@pytest.mark.parametrize("seed", range(4))
def test_a_drawing_has_paper_ink_and_several_colors(kit, seed):
    drawing = draw_kit(seed, SIZE, [kit])
    assert drawing.ink.max() == 255
    assert 0.005 < (drawing.ink < 128).mean() < 0.6
    assert (drawing.group > 0).mean() > 0.1
    assert len(np.unique(drawing.group)) >= 3


def test_a_drawing_names_its_components_and_licence(kit):
    drawing = draw_kit(0, SIZE, [kit])
    assert drawing.source == kit
    assert drawing.licence == KITS[kit].licence
    assert all(name.startswith(f"{kit}:") for name in drawing.identity)
    assert drawing.meta["attribution"] == KITS[kit].attribution


def test_different_seeds_compose_different_components():
    identities = {draw_kit(seed, 64, ["adventurer"]).identity for seed in range(8)}
    assert len(identities) == 8


def test_an_unknown_kit_is_refused_by_name():
    with pytest.raises(InputError, match="adventurer"):
        draw_kit(0, kits=["adventure"])


def test_a_missing_kit_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr("salac.training.kits.dicebear.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="pip install dicebear-styles"):
        draw_kit(0, kits=["lorelei"])


@pytest.mark.parametrize(
    ("data", "box"),
    [
        ("M1 2h4v3H1z", (1, 2, 5, 5)),
        ("m1,2 4,0 0,3", (1, 2, 5, 5)),
        ("M0 0a5 5 0 0110 0z", (0, -5, 10, 0)),
        ("M0 0q5 10 10 0t10 0", (0, -5, 20, 5)),
        ("M0 0c0 4 4 4 4 0s4-4 4 0", (0, -3, 8, 3)),
        ("M.5.5l1-1.5", (0.5, -1, 1.5, 0.5)),
    ],
)
def test_path_data_is_read_as_svg_defines_it(data, box):
    bounds = read_path(data).computeTightBounds()
    found = (bounds.left(), bounds.top(), bounds.right(), bounds.bottom())
    np.testing.assert_allclose(found, box, atol=1e-3)


def test_transforms_and_styles_are_inherited():
    (shape,) = read_svg(
        '<g transform="translate(10 20) scale(2)" style="stroke:#F00;stroke-width:3px">'
        '<rect x="1" y="1" width="2" height="2" fill="none" opacity=".5"/></g>'
    )
    bounds = shape.path.getBounds()
    assert (bounds.left(), bounds.top(), bounds.right(), bounds.bottom()) == (12, 22, 16, 26)
    assert (shape.fill, shape.stroke, shape.stroke_width, shape.stroke_opacity) == (None, "#f00", 6.0, 0.5)


def _drawn(*strokes, line=2.0):
    composition = Composition(strokes=strokes, identity=(), head=skia.Rect(0, 0, 40, 40), line=line)
    return paint(composition, 40, skia.Matrix())


def test_a_flat_erases_the_ink_that_it_covers():
    line, patch = read_svg(
        '<path d="M0 20h40" stroke="#000" stroke-width="4"/><rect x="10" y="10" width="20" height="20"/>'
    )
    layers = _drawn(Stroke(line, stroke=Ink()), Stroke(patch, fill=Flat("upper", "cloth.1")))
    assert layers.ink[20, 5] == 0
    assert layers.ink[20, 20] == 255
    assert layers.group[20, 20] == 1
    assert layers.group[20, 2] == 0


def test_line_pixels_belong_to_the_nearest_flat():
    left, right, line = read_svg(
        '<rect width="20" height="40"/><rect x="20" width="20" height="40"/>'
        '<path d="M20 0v40" stroke="#000" stroke-width="6"/>'
    )
    layers = _drawn(
        Stroke(left, fill=Flat("skin", "skin")), Stroke(right, fill=Flat("hair", "hair")), Stroke(line, stroke=Ink())
    )
    assert (layers.group[:, :20] == 1).all()
    assert (layers.group[:, 21:] == 2).all()


@pytest.mark.parametrize("hollow", [False, True])
def test_wide_ink_is_a_fill_and_thin_ink_a_line(hollow):
    (shape,) = read_svg('<path d="M5 5h20v20h-20zM25 14h14v2h-14z"/>')
    layers = _drawn(Stroke(shape, fill=Ink(("hair", "hair"), hollow=hollow)))
    assert layers.group[15, 15] == 1
    assert layers.group[15, 36] == 0
    assert layers.ink[15, 36] == 0
    assert layers.ink[15, 15] == (255 if hollow else 0)
    assert layers.ink[15, 6] == 0


@pytest.fixture
def package(monkeypatch, tmp_path):
    """A package of two files, and an `npm` on the path that packs it in version 1.0.0 and no other."""
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path / "cache"))
    tarball = tmp_path / "scope-art-1.0.0.tgz"
    with tarfile.open(tarball, mode="w:gz") as archive:
        for name in ("package/svg/a.svg", "package/index.js"):
            info = tarfile.TarInfo(name)
            info.size = 6
            archive.addfile(info, io.BytesIO(b"<svg/>"))
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f'#!/bin/sh\n[ "$*" = "pack --silent @scope/art@1.0.0" ] && cp "{tarball}" .\n')
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:{os.environ['PATH']}")
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    return Package(name="@scope/art", version="1.0.0", integrity=digest, wanted=("svg/",))


def test_a_package_is_fetched_once_and_only_what_is_wanted_is_kept(package, monkeypatch, tmp_path):
    assert "fetch" in package.missing()
    folder = package.fetch()
    assert [path.name for path in folder.rglob("*.*")] == ["a.svg"]
    assert package.missing() is None
    with pytest.raises(MissingExtraError, match="connect"):
        replace(package, version="2.0.0").fetch()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert package.fetch() == folder
    with pytest.raises(MissingExtraError, match="npm"):
        replace(package, version="2.0.0").fetch()


def test_a_tarball_of_another_digest_is_refused(package):
    with pytest.raises(MissingExtraError, match="pinned"):
        replace(package, integrity="AAAA").fetch()
    assert package.missing() is not None
