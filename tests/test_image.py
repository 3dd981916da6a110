"""Reading, writing and finding pictures: every source gives the same drawing, every bad one a clear error."""

import io
import os
import struct
import subprocess
import sys
import time
import tracemalloc
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageCms, ImageFile, ImageOps

from salac.errors import InputError, OutputError, SalacError
from salac.image import encode_picture, find_pictures, read_picture, read_sketch, write_picture


def drawing(height=40, width=60):
    """Black lines, a gray patch and an L in one corner, so that every turn of it looks different."""
    gray = np.full((height, width), 255, np.uint8)
    gray[5:9, 3 : width - 20] = 0
    gray[5:30, 3:6] = 0
    gray[20:26, 30:44] = 128
    return gray


GRAY = drawing()
RGB = np.dstack([GRAY] * 3)
# Ink on nothing: the color below the transparent paper is black, as drawing programs write it.
RGBA = np.dstack([np.zeros_like(RGB), 255 - GRAY])


def file_bytes(image, suffix, **settings):
    buffer = io.BytesIO()
    image.save(buffer, {"jpg": "JPEG", "tif": "TIFF"}.get(suffix, suffix.upper()), **settings)
    return buffer.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


def png_header(width, height):
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", body), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


# --- every source gives the same sketch ------------------------------------------------------------------------------

LOSSLESS = {
    **{f"{mode}.png": (mode, "png") for mode in ("L", "LA", "P", "RGB", "RGBA", "I;16")},
    **{f"{mode}.tif": (mode, "tif") for mode in ("L", "LA", "P", "RGB", "RGBA", "CMYK", "I", "F", "I;16", "I;16B")},
    **{f"{mode}.bmp": (mode, "bmp") for mode in ("L", "P", "RGB")},
    "L.gif": ("L", "gif"),
}


@pytest.mark.parametrize("name", LOSSLESS)
def test_every_mode_and_format_gives_the_same_sketch(name, tmp_path):
    mode, suffix = LOSSLESS[name]
    if mode.startswith("I;16"):
        wide = GRAY.astype(np.uint16) * 257
        image = Image.fromarray(wide)
        if mode == "I;16B":
            image = Image.frombytes("I;16B", image.size, wide.astype(">u2").tobytes())
    else:
        image = Image.fromarray(GRAY).convert(mode)
    path = tmp_path / f"sketch.{suffix}"
    path.write_bytes(file_bytes(image, suffix))
    for source in (path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes()), opened(path.read_bytes()), image):
        np.testing.assert_array_equal(read_sketch(source), GRAY)
    np.testing.assert_array_equal(read_picture(path), RGB)


@pytest.mark.parametrize("mode", ["1", "L"])
def test_one_bit_drawings(mode, tmp_path):
    two_levels = np.where(GRAY < 200, 0, 255).astype(np.uint8)
    image = Image.fromarray(two_levels).convert(mode)
    for suffix, options in {"png": {}, "bmp": {}, "tif": {"compression": "group4"} if mode == "1" else {}}.items():
        np.testing.assert_array_equal(read_sketch(file_bytes(image, suffix, **options)), two_levels)


def test_sixteen_bit_color_png_keeps_its_tones(tmp_path):
    path = str(tmp_path / "deep.png")
    for pixels in (RGB, np.dstack([RGB, np.full_like(GRAY, 255)]), RGBA):
        cv2.imwrite(path, pixels.astype(np.uint16) * 257)
        np.testing.assert_array_equal(read_sketch(path), GRAY)


@pytest.mark.parametrize(
    ("suffix", "settings"), [("png", {}), ("webp", {"lossless": True, "exact": True}), ("tif", {})]
)
def test_ink_on_transparency_is_ink_on_white(suffix, settings):
    data = file_bytes(Image.fromarray(RGBA), suffix, **settings)
    np.testing.assert_array_equal(read_sketch(data), GRAY)
    np.testing.assert_array_equal(read_picture(data), RGB)


def test_transparent_colors_are_paper():
    black_paper = Image.fromarray(np.where(GRAY == 255, 0, 40).astype(np.uint8))
    expected = np.where(GRAY == 255, 255, 40)
    palette = black_paper.convert("P")
    transparent = {"L": (black_paper, 0), "RGB": (black_paper.convert("RGB"), (0, 0, 0))}
    transparent["I;16"] = (Image.fromarray(np.asarray(black_paper).astype(np.uint16) * 257), 0)
    for image, key in transparent.values():
        np.testing.assert_array_equal(read_sketch(file_bytes(image, "png", transparency=key)), expected)
    nearest = palette.getpixel((59, 39))
    for key in (nearest, bytes(0 if index == nearest else 255 for index in range(256))):
        np.testing.assert_array_equal(read_sketch(file_bytes(palette, "png", transparency=key)), expected)
    np.testing.assert_array_equal(read_sketch(file_bytes(palette, "gif", transparency=nearest)), expected)


def test_animation_gives_its_first_frame():
    first, second = Image.fromarray(GRAY), Image.fromarray(255 - GRAY)
    for suffix, options in {"gif": {}, "webp": {"lossless": True}, "tif": {}, "png": {}}.items():
        data = file_bytes(first, suffix, save_all=True, append_images=[second], **options)
        np.testing.assert_array_equal(read_sketch(data), GRAY)


def test_lossy_formats_stay_close():
    smooth = cv2.GaussianBlur(GRAY, (0, 0), 1.5)
    for data in (
        file_bytes(Image.fromarray(smooth), "jpg", quality=95),
        file_bytes(Image.fromarray(smooth).convert("CMYK"), "jpg", quality=95),
        file_bytes(Image.fromarray(smooth), "jpg", quality=95, progressive=True),
        file_bytes(Image.fromarray(smooth).convert("RGB"), "webp", quality=95),
    ):
        assert np.abs(read_sketch(data).astype(int) - smooth).max() <= 8


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_are_applied(suffix, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = file_bytes(Image.fromarray(GRAY), suffix, exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(opened(data)).convert("L"))
    for source in (data, opened(data)):
        np.testing.assert_array_equal(read_sketch(source), expected)
    assert read_picture(data).shape == (*expected.shape, 3)


def test_a_damaged_exif_block_is_ignored_quietly():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a description that is longer than four bytes"
    for suffix in ("jpg", "png", "webp"):
        for cut in (7, 11, 20, 40):
            data = file_bytes(Image.fromarray(GRAY), suffix, exif=exif.tobytes()[:cut])
            assert read_sketch(data).shape in {(40, 60), (60, 40)}


def test_embedded_profile_is_converted_to_srgb():
    flat = Image.new("RGB", (4, 4), (200, 120, 40))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert read_picture(file_bytes(flat, "png", icc_profile=srgb))[0, 0].tolist() == [200, 120, 40]
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for unusable in (lab, b"no profile at all"):
        assert read_picture(file_bytes(flat, "png", icc_profile=unusable))[0, 0].tolist() == [200, 120, 40]
    swapped = bytearray(srgb)
    red, green = srgb.index(b"rXYZ"), srgb.index(b"gXYZ")  # a camera whose red is sRGB's green
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    swapped = bytes(swapped).replace("sRGB".encode("utf-16-be"), "cam ".encode("utf-16-be")).replace(b"sRGB", b"cam ")
    converted = read_picture(file_bytes(flat, "png", icc_profile=swapped))[0, 0].astype(int)
    assert np.abs(converted - [120, 200, 40]).max() <= 2


# --- arrays and tensors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float16, np.float32, np.float64, ">u2"])
def test_arrays_of_every_shape_and_type(dtype):
    kind, wide = np.dtype(dtype).kind, np.dtype(dtype).itemsize > 1
    scale = 1 / 255 if kind == "f" else np.float64(257 if wide else 1)
    opaque = np.full_like(GRAY, 255)
    for shaped in (GRAY, GRAY[..., None], np.dstack([GRAY, opaque]), RGB, np.dstack([RGB, opaque]), RGBA):
        array = (shaped * scale).astype(dtype)
        before = array.copy()
        np.testing.assert_array_equal(read_sketch(array), GRAY)
        np.testing.assert_array_equal(read_picture(array), RGB)
        np.testing.assert_array_equal(array, before)


def test_results_never_share_memory_with_the_source():
    for source in (GRAY, RGB, torch.from_numpy(GRAY)):
        assert not np.shares_memory(read_sketch(source), np.asarray(source))
        assert not np.shares_memory(read_picture(source), np.asarray(source))


def test_bool_arrays_and_views():
    np.testing.assert_array_equal(read_sketch(GRAY == 255), np.where(GRAY == 255, 255, 0))
    np.testing.assert_array_equal(read_sketch(GRAY[::-1, ::2]), GRAY[::-1, ::2])


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_tensors_of_every_shape_and_type(dtype):
    gray = torch.from_numpy(GRAY)
    tensor = gray if dtype == torch.uint8 else (gray / 255).to(dtype)
    color = tensor.expand(3, -1, -1)
    for shaped in (tensor, tensor[None], color, tensor[None, None], color[None]):
        assert np.abs(read_sketch(shaped).astype(int) - GRAY).max() <= (1 if dtype == torch.bfloat16 else 0)
    if dtype.is_floating_point:
        assert read_sketch(tensor.clone().requires_grad_()).shape == GRAY.shape


@pytest.mark.parametrize(
    ("source", "remedy"),
    [
        (np.full((4, 4), np.nan), "NaN"),
        (np.full((4, 4), np.inf, np.float32), "infinite"),
        (np.full((4, 4), 255.0), "scale them to"),
        (np.full((4, 4), -0.5), "scale them to"),
        (np.zeros((4, 4), np.int64), "pass bool, uint8"),
        (np.array([["a"]]), "pass bool, uint8"),
        (np.zeros((3, 9, 9)), "channels last"),
        (np.zeros(9), "pass (H, W)"),
        (np.zeros((0, 5), np.uint8), "without a single pixel"),
        (torch.zeros(2, 3, 9, 9), "(1, 1|3, H, W)"),
        (torch.zeros(9, 9, 3), "(1, 1|3, H, W)"),
        (torch.full((4, 4), torch.nan), "NaN"),
        (torch.zeros((4, 4), dtype=torch.complex64), "pass bool, uint8"),
        (Image.fromarray(np.full((4, 4), np.nan, np.float32)), "scale them"),
        (Image.fromarray(np.full((4, 4), -3, np.int32)), "scale them"),
        (Image.new("L", (0, 5)), "without a single pixel"),
        (None, "pass a path"),
        (7, "pass a path"),
        ([[0, 255]], "pass a path"),
        ("", "check the path"),
        ("no\0path", "check the path"),
        ("missing.png", "check the path"),
        (b"", "empty"),
        (b"<svg/>", "save it as PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "save it as PNG"),
        (io.StringIO("text"), "mode 'rb'"),
    ],
    ids=repr,
)
def test_unusable_sources_are_refused_in_one_clear_line(source, remedy):
    for read in (read_sketch, read_picture):
        with pytest.raises(InputError) as caught:
            read(source)
        assert remedy in str(caught.value)
        assert "\n" not in str(caught.value)


def test_unusable_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        read_sketch(tmp_path)
    closed = io.BytesIO(encode_picture(GRAY, "png"))
    closed.close()
    with pytest.raises(InputError, match="pass an open binary file"):
        read_sketch(closed)


def test_a_pipe_and_a_used_stream_are_read_from_their_start():
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe:
        os.write(writing, encode_picture(GRAY, "png"))
        os.close(writing)
        np.testing.assert_array_equal(read_sketch(pipe), GRAY)
    stream = io.BytesIO()
    Image.fromarray(GRAY).save(stream, "PNG")
    np.testing.assert_array_equal(read_sketch(stream), GRAY)
    assert not stream.closed


# --- the limit -------------------------------------------------------------------------------------------------------


def bombs():
    gif = bytearray(file_bytes(Image.new("L", (1, 1)), "gif"))
    gif[6:10] = struct.pack("<HH", 20000, 10000)
    bmp = bytearray(file_bytes(Image.new("L", (1, 1)), "bmp"))
    bmp[18:26] = struct.pack("<ii", 20000, 10000)
    jpg = bytearray(file_bytes(Image.new("L", (1, 1)), "jpg"))
    size_at = jpg.index(b"\xff\xc0") + 5
    jpg[size_at : size_at + 4] = struct.pack(">HH", 10000, 20000)
    tif = bytearray(file_bytes(Image.new("L", (1, 1)), "tif"))
    for tag, value in ((256, 20000), (257, 10000)):
        at = tif.index(struct.pack("<H", tag)) + 8
        tif[at : at + 2] = struct.pack("<H", value)
    webp = bytearray(file_bytes(Image.new("L", (1, 1)), "webp", lossless=True))
    webp[21:25] = struct.pack("<I", (16000 - 1) | (12500 - 1) << 14)
    return {"png": png_header(20000, 10000), "gif": gif, "bmp": bmp, "jpg": jpg, "tif": tif, "webp": webp}


def test_a_picture_beyond_what_pillow_reads_is_refused_too():
    webp = b"RIFF\x64\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\x3f\0\xff\x3f\0" + bytes(60)
    with pytest.raises(InputError, match="sketch is 268.435456 MP; the limit is 40 MP".replace(".", r"\.")):
        read_sketch(webp)
    with pytest.raises(InputError, match=r"resize it or save it as PNG|save it again"):
        read_sketch(webp, max_pixels=10**9)


@pytest.mark.parametrize("suffix", ["png", "gif", "bmp", "jpg", "tif", "webp"])
def test_a_bomb_is_refused_from_its_header(suffix, tmp_path):
    path = tmp_path / f"bomb.{suffix}"
    path.write_bytes(bytes(bombs()[suffix]))
    read_sketch(GRAY)
    with pytest.raises(InputError):
        read_sketch(path)  # the readers are imported now
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(InputError) as caught:
        read_sketch(path)
    seconds = time.perf_counter() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "sketch is 200 MP; the limit is 40 MP: pass max_pixels=... or resize it" in str(caught.value)
    assert seconds < 0.05
    assert peak < 2**20


def test_the_limit_can_be_moved_and_holds_for_every_source():
    for source in (GRAY, torch.from_numpy(GRAY), Image.fromarray(GRAY), encode_picture(GRAY, "png")):
        assert read_sketch(source, max_pixels=2400).shape == (40, 60)
        with pytest.raises(InputError, match=r"picture is 0\.0024 MP; the limit is 0\.002399 MP"):
            read_picture(source, max_pixels=2399)
    for unusable in (0, -1, 2.5, True, None):
        with pytest.raises(InputError, match="max_pixels"):
            read_sketch(GRAY, max_pixels=unusable)


def test_large_pictures_within_the_limit_raise_no_bomb_warning(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for suffix in ("png", "jpg", "bmp", "gif"):
        assert read_sketch(file_bytes(Image.fromarray(GRAY), suffix)).shape == (40, 60)
    assert Image.MAX_IMAGE_PIXELS == 100


# --- damage ----------------------------------------------------------------------------------------------------------


def samples():
    noise = np.random.default_rng(5).integers(0, 256, (48, 64, 3), np.uint8)
    noise[:, :32] = 255
    image = Image.fromarray(noise)
    return {suffix: file_bytes(image, suffix) for suffix in ("png", "jpg", "gif", "bmp", "tif", "webp")} | {
        "deflate.tif": file_bytes(image, "tif", compression="tiff_adobe_deflate"),
        "progressive.jpg": file_bytes(image, "jpg", progressive=True),
    }


@pytest.mark.parametrize("name", samples())
def test_truncated_files_are_refused(name):
    data = samples()[name]
    for share in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9):
        with pytest.raises(InputError, match=r"save it (again|as)"):
            read_sketch(data[: int(len(data) * share)])


def outcome_of_reading(data, **limit):
    """Read; anything but a sketch or one clear line of error fails the test."""
    try:
        sketch = read_sketch(data, **limit)
    except SalacError as error:
        message = str(error)
    else:
        assert sketch.dtype == np.uint8
        assert sketch.ndim == 2
        return "read"
    assert message
    assert "\n" not in message
    return "refused"


def test_mutated_files_give_an_array_or_a_clear_error():
    rng = np.random.default_rng(11)
    outcomes = {"read": 0, "refused": 0}
    files = list(samples().values())
    for number in range(240):
        data = bytearray(files[number % len(files)])
        for position in rng.integers(0, [200, len(data)][number % 2], rng.integers(1, 12)):
            data[position % len(data)] = rng.integers(0, 256)
        outcomes[outcome_of_reading(bytes(data))] += 1
    assert min(outcomes.values()) > 20


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(
        np.uint8,
        st.one_of(
            st.tuples(st.integers(1, 24), st.integers(1, 24)),
            st.tuples(st.integers(1, 24), st.integers(1, 24), st.sampled_from([3, 4])),
        ),
    ),
    st.sampled_from(["png", "webp", "tif"]),
)
def test_what_is_written_is_read_back(pixels, suffix):
    data = encode_picture(pixels, suffix)
    np.testing.assert_array_equal(read_sketch(data), read_sketch(pixels))
    np.testing.assert_array_equal(read_picture(data), read_picture(pixels))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"BM", b"II*\0"]),
)
def test_arbitrary_bytes_never_escape_as_another_error(data, head):
    outcome_of_reading(head + data, max_pixels=10_000)


def test_global_switches_stay_as_they_are_while_many_threads_read():
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters), warnings.showwarning)
    data = [encode_picture(RGB, suffix) for suffix in ("png", "tif", "webp", "bmp")] * 10
    with ThreadPoolExecutor(8) as pool:
        for sketch in pool.map(read_sketch, data):
            np.testing.assert_array_equal(sketch, GRAY)
    after = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters), warnings.showwarning)
    assert before == after


def test_importing_is_cheap():
    code = "import sys, salac.image; print(sorted({'torch', 'cv2', 'PIL', 'numba'} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".tiff", ".bmp", ".jpg", ".jpeg", ".PNG"])
def test_pictures_are_written_by_suffix(suffix, tmp_path):
    path = tmp_path / f"out{suffix}"
    for pixels in (GRAY, RGB):
        write_picture(path, pixels)
        difference = np.abs(read_picture(path).astype(int) - RGB)
        assert difference.max() <= (40 if "jp" in suffix.lower() else 0)
        assert path.read_bytes() == encode_picture(pixels, suffix[1:])
    assert os.listdir(tmp_path) == [path.name]


def test_alpha_is_kept_where_the_format_holds_it(tmp_path):
    for suffix in (".png", ".webp", ".tif"):
        write_picture(tmp_path / f"a{suffix}", RGBA)
        assert np.asarray(Image.open(tmp_path / f"a{suffix}"))[..., 3].tolist() == RGBA[..., 3].tolist()
    for suffix in (".jpg", ".bmp"):
        with pytest.raises(OutputError, match=r"no transparency: choose \.png"):
            write_picture(tmp_path / f"a{suffix}", RGBA)


def test_unusable_targets_and_arrays_are_refused(tmp_path):
    with pytest.raises(OutputError, match="make it first"):
        write_picture(tmp_path / "new" / "out.png", RGB)
    assert not (tmp_path / "new").exists()
    for name in ("out.xyz", "out", "out.psd"):
        with pytest.raises(OutputError, match=r"choose one of \.png"):
            write_picture(tmp_path / name, RGB)
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_picture(tmp_path / "folder.png", RGB)
    with pytest.raises(OutputError, match=r"choose \.png or resize it"):
        encode_picture(np.zeros((1, 20000), np.uint8), "webp")
    for array in (RGB.astype(float), RGB.tolist(), GRAY[0], np.zeros((0, 4), np.uint8), np.zeros((4, 4, 2), np.uint8)):
        with pytest.raises(InputError, match="picture to write"):
            write_picture(tmp_path / "out.png", array)
    for path in (None, 7, "no\0path.png"):
        with pytest.raises(InputError, match="no path to write to"):
            write_picture(path, RGB)
    assert os.listdir(tmp_path) == ["folder.png"]


def test_an_existing_file_may_be_protected(tmp_path):
    path = tmp_path / "out.png"
    write_picture(path, GRAY, overwrite=False)
    with pytest.raises(OutputError, match="overwrite=True"):
        write_picture(path, 255 - GRAY, overwrite=False)
    np.testing.assert_array_equal(read_sketch(path), GRAY)


def failing(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(step, tmp_path, monkeypatch):
    path = tmp_path / "out.png"
    write_picture(path, GRAY)
    monkeypatch.setattr(os, step, failing)
    with pytest.raises(OutputError, match="No space left on device"):
        write_picture(path, 255 - GRAY)
    monkeypatch.undo()
    np.testing.assert_array_equal(read_sketch(path), GRAY)
    assert os.listdir(tmp_path) == ["out.png"]


def test_a_file_size_limit_of_the_system_leaves_the_old_file(tmp_path):
    write_picture(tmp_path / "out.bmp", GRAY)
    code = f"""
import resource, signal, numpy as np
from salac.errors import OutputError
from salac.image import write_picture
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    write_picture({str(tmp_path / "out.bmp")!r}, np.zeros((300, 300), np.uint8))
except OutputError as error:
    print(error)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "cannot be written (File too large)" in result.stdout
    np.testing.assert_array_equal(read_sketch(tmp_path / "out.bmp"), GRAY)
    assert os.listdir(tmp_path) == ["out.bmp"]


def test_a_link_and_the_rights_of_the_old_file_survive(tmp_path):
    path, link = tmp_path / "real.png", tmp_path / "link.png"
    write_picture(path, GRAY)
    assert path.stat().st_mode & 0o077 == 0o666 & ~current_umask() & 0o077
    path.chmod(0o640)
    link.symlink_to(path)
    write_picture(link, 255 - GRAY)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    np.testing.assert_array_equal(read_sketch(path), 255 - GRAY)


def current_umask():
    umask = os.umask(0)
    os.umask(umask)
    return umask


# --- finding ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pages(tmp_path):
    for name in ("page10.png", "page2.PNG", "page1.jpg", ".hidden.png", "notes.txt", "sub/deep.png", ".git/x.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def names(found, base):
    return [str(path.relative_to(base)) for path in found]


def test_folders_patterns_and_files_are_found_in_natural_order(pages):
    assert names(find_pictures(pages), pages) == ["page1.jpg", "page2.PNG", "page10.png"]
    assert names(find_pictures(pages, recursive=True), pages)[-1] == "sub/deep.png"
    assert len(find_pictures(pages, recursive=True)) == 4
    assert names(find_pictures(f"{pages}/page*"), pages) == ["page1.jpg", "page2.PNG", "page10.png"]
    assert names(find_pictures([f"{pages}/**/*.png", pages / "page10.png"]), pages) == ["page10.png", "sub/deep.png"]
    assert find_pictures(pages / "notes.txt") == [pages / "notes.txt"]


def test_a_name_with_brackets_is_a_file_first(tmp_path):
    (tmp_path / "page[1].png").write_bytes(b"x")
    assert find_pictures(tmp_path / "page[1].png") == [tmp_path / "page[1].png"]


def test_nothing_to_find_is_an_error(pages):
    (pages / "bare").mkdir()
    for paths, message in {
        pages / "gone.png": "does not exist",
        pages / "bare": "holds no picture",
        str(pages / "*.gif"): "holds no picture",
        (): "no picture is named",
        (None,): "names no pictures",
        7: "names no pictures",
    }.items():
        with pytest.raises(InputError, match=message):
            find_pictures(paths)


def test_find_pictures_gives_paths(pages):
    assert all(isinstance(path, Path) for path in find_pictures([str(pages)]))
