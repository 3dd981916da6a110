"""Layers: reopened, they make up the picture again, and flats can be given other colors."""

import dataclasses
import json
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.api.layers import PixelLayer

import salac
from salac.errors import OutputError
from salac.export.flats import save_palette, save_regions
from salac.export.layers import Layer, layers

Pixels = np.ndarray


@pytest.fixture(scope="module")
def result(model_folder: Path) -> salac.Colorization:
    """Rooms of every size in odd numbers of pixels, colored at random, shaded hard in both directions."""
    sketch = np.full((157, 201), 255, np.uint8)
    cv2.circle(sketch, (90, 80), 60, 0, 2, cv2.LINE_AA)
    cv2.circle(sketch, (70, 70), 14, 0, 1, cv2.LINE_AA)
    cv2.rectangle(sketch, (60, 90), (130, 120), 60, 2)
    result = salac.Colorizer.from_pretrained(model_folder)(sketch)
    rng = np.random.default_rng(0)
    covering = result.segments.nearest()
    colors = rng.integers(0, 255, (covering.count + 1, 3), dtype=np.uint8)
    colors[1] = 255
    proposal = colors[covering.labels]
    shading = rng.integers(-90, 90, proposal.shape)
    paint = np.where(proposal.min(2, keepdims=True) == 255, 255, (proposal + shading).clip(0, 255)).astype(np.uint8)
    return dataclasses.replace(result, proposal=proposal, paint=paint)


def compose(stack: list[tuple[Pixels, tuple[int, int], str]], shape: tuple[int, int]) -> Pixels:
    """Lay layers (RGBA, (left, top), blend) over one another from the bottom up, as both formats define it."""
    canvas = np.zeros((*shape, 3))
    for pixels, (left, top), blend in stack:
        below = canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]]
        color, alpha = pixels[..., :3] / 255, pixels[..., 3:] / 255
        mixed = {"normal": color, "multiply": below * color, "screen": below + color - below * color}[blend]
        below += alpha * (mixed - below)
    return canvas * 255


def test_layers_compose_to_the_image(result) -> None:
    stack = [(e.pixels, (e.left, e.top), e.blend) for e in layers(result) if isinstance(e, Layer)]
    assert np.abs(compose(stack, result.sketch.shape) - result.image).max() <= 1


def test_psd_opens_with_named_layers_and_composes_to_the_image(result, tmp_path: Path) -> None:
    result.save(tmp_path / "x.psd")
    document = PSDImage.open(tmp_path / "x.psd")
    assert [layer.name for layer in document] == ["paper", "flats", "shade", "light", "line"]
    assert all(group.is_group() for group in document[1])
    assert {group.name for group in document[1]} <= set(salac.color.CATEGORIES)
    assert sum(len(group) for group in document[1]) == len(result.palette())
    assert document[-1].blend_mode.name == "MULTIPLY"
    # What a viewer without layers shows, and what a painter's program makes of the layers.
    assert np.array_equal(np.asarray(document.topil()), result.image)
    composed = np.asarray(document.composite(force=True).convert("RGB")).astype(int)
    assert np.abs(composed - result.image).max() <= 1


def test_a_flat_given_another_color_stays_shaded(result, tmp_path: Path) -> None:
    result.save(tmp_path / "x.psd")
    document = PSDImage.open(tmp_path / "x.psd")
    flat = max((layer for layer in document.descendants() if layer.name.startswith("#")), key=lambda x: x.width)
    assert isinstance(flat, PixelLayer)
    before = np.asarray(document.composite(force=True).convert("RGB")).astype(float)
    pixels = np.asarray(flat.topil()).copy()
    pixels[..., :3] = (128, 128, 128)
    color = tuple(int(flat.name[i : i + 2], 16) for i in (1, 3, 5))
    group = flat.parent
    assert group is not None
    changed = group.create_pixel_layer(Image.fromarray(pixels), name="gray", top=flat.top, left=flat.left)
    group.remove(flat)
    assert changed.kind == "pixel"
    after = np.asarray(document.composite(force=True).convert("RGB")).astype(float)
    member = (result.proposal == color).all(2) & (result.sketch == 255)
    assert after[~member & (result.sketch == 255)] == pytest.approx(before[~member & (result.sketch == 255)], abs=1)
    darker = member & (result.paint < result.proposal).all(2)
    # A level of a dark flat is a large share of it.
    assert after[darker] == pytest.approx(128 * before[darker] / np.array(color), abs=2 + 128 / min(color))


def test_ora_is_as_the_specification_says_and_composes_to_the_image(result, tmp_path: Path) -> None:
    result.save(tmp_path / "x.ora")
    with zipfile.ZipFile(tmp_path / "x.ora") as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert archive.read("mimetype") == b"image/openraster"

        def picture(name: str) -> Pixels:
            return np.array(Image.open(BytesIO(archive.read(name))))

        image = ElementTree.fromstring(archive.read("stack.xml"))
        assert (image.get("w"), image.get("h")) == ("201", "157")
        (root,) = image
        assert [child.get("name") for child in root] == ["line", "light", "shade", "flats", "paper"]
        stack = [
            (picture(x.get("src", "")), (int(x.get("x", "")), int(x.get("y", ""))), blend)
            for x in reversed(list(root.iter("layer")))
            for blend in [x.get("composite-op", "").removeprefix("svg:").replace("src-over", "normal")]
        ]
        assert np.abs(compose(stack, result.sketch.shape) - result.image).max() <= 1
        assert np.array_equal(picture("mergedimage.png"), result.image)
        assert max(picture("Thumbnails/thumbnail.png").shape) <= 256


def test_flats_alone_have_no_shading_and_a_blank_page_no_flats(model_folder: Path, tmp_path: Path) -> None:
    colorizer = salac.Colorizer.from_pretrained(model_folder)
    blank = colorizer(np.full((20, 30), 255, np.uint8), refine=False)
    blank = dataclasses.replace(blank, proposal=np.full((20, 30, 3), 255, np.uint8), paint=np.full((20, 30, 3), 255))
    blank.save(tmp_path / "blank.psd")
    assert [layer.name for layer in PSDImage.open(tmp_path / "blank.psd")] == ["paper", "flats", "line"]
    assert blank.palette() == []


def test_a_proposal_that_was_painted_over_is_kept(result) -> None:
    proposal = result.proposal.copy()
    proposal[100:104, 80:90] = (1, 2, 3)
    edited = dataclasses.replace(result, proposal=proposal, paint=proposal)
    stack = [(e.pixels, (e.left, e.top), e.blend) for e in layers(edited) if isinstance(e, Layer)]
    assert np.abs(compose(stack, result.sketch.shape) - edited.image).max() <= 1


def test_regions_and_palette_tell_every_segment(result, tmp_path: Path) -> None:
    save_regions(result, tmp_path / "regions.png")
    save_palette(result, tmp_path / "palette.json")
    ids = np.array(Image.open(tmp_path / "regions.png"))
    assert ids.dtype == np.uint16
    assert np.array_equal(ids, result.segments.labels)
    facts = json.loads((tmp_path / "palette.json").read_text())
    told = [segment for color in facts["colors"] for segment in color["segments"]] + facts["paper"]
    assert sorted(told) == list(range(1, result.segments.count + 1))
    assert sum(color["share"] for color in facts["colors"]) == pytest.approx(1, abs=0.01)
    for color in facts["colors"]:
        y, x = np.argwhere(result.segments.labels == color["segments"][0])[0]
        assert "#{:02x}{:02x}{:02x}".format(*result.proposal[y, x]) == color["color"]


@pytest.mark.parametrize("suffix", [".psd", ".ora"])
def test_what_cannot_be_written_is_told_and_the_old_file_stays(result, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"x{suffix}"
    target.write_text("mine")
    with pytest.raises(OutputError, match="exists"):
        result.save(target, overwrite=False)
    with pytest.raises(OutputError, match="does not exist"):
        result.save(tmp_path / "no" / f"x{suffix}")
    assert target.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    result.save(str(target).upper().replace(str(tmp_path).upper(), str(tmp_path)))
    long = dataclasses.replace(result, sketch=np.full((1, 30_001), 255, np.uint8))
    if suffix == ".psd":
        with pytest.raises(OutputError, match=r"choose \.ora"):
            long.save(target)
