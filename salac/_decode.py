"""Picture files and Pillow images to plain pixels: Pillow's readers, kept from every habit that could hurt a caller.

Each format's reader is called directly rather than through `Image.open`: so a picture's size is known, and refused,
before a single pixel is decoded, no global setting of Pillow or `warnings` is changed, and no format that starts
another program is ever tried.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from salac.errors import InputError

if TYPE_CHECKING:
    from PIL import Image

READABLE = "PNG, JPEG, WebP, TIFF, BMP or GIF"
_ORIENTATION_TAG = 0x0112


def decode_file(
    source: object, noun: str, max_pixels: int, keep_colors: bool, keep_alpha: bool = False
) -> NDArray[np.uint8]:
    """Decode a path, bytes or a binary file.

    Args:
        source: what the user gave.
        noun: what to call it in messages, "sketch" or "picture".
        max_pixels: largest width times height that is decoded.
        keep_colors: whether an embedded ICC profile matters.
        keep_alpha: whether transparency is kept rather than laid on white.

    Returns:
        uint8 (H, W) or (H, W, 3), upright and opaque; (H, W, 4), straight alpha last, where transparency is kept.

    Raises:
        InputError: if it cannot be opened, is too large, damaged, cut short or no picture.
    """
    with _opened(source, noun) as (stream, name):
        with _pillow_errors(noun, name):
            image = _reader(stream, noun, name, max_pixels)(stream)
        check_size(image.width, image.height, noun, max_pixels, name)
        return decode_image(image, noun, name, keep_colors, keep_alpha)


def check_size(width: int, height: int, noun: str, max_pixels: int, name: str = "") -> None:
    """Refuse a picture with more pixels than the limit, or with none."""
    if width * height > max_pixels:
        size, limit = (f"{pixels / 1e6:.10g} MP" for pixels in (width * height, max_pixels))
        where = f" ({name})" if name else ""
        raise InputError(f"{noun} is {size}; the limit is {limit}: pass max_pixels=... or resize it{where}")
    if width * height == 0:
        raise InputError(f"{noun} is {width}x{height}, without a single pixel: pass one of at least 1x1")


@contextmanager
def _opened(source: object, noun: str) -> Iterator[tuple[BinaryIO, str]]:
    """Give a seekable stream at its start and the name to use for it in messages."""
    if isinstance(source, bytes | bytearray | memoryview):
        yield io.BytesIO(source), "the given bytes"
    elif isinstance(source, str | os.PathLike):
        name = os.fspath(source)
        if os.path.isdir(name):
            raise InputError(f"{noun} {name!r} is a folder: pass one picture file")
        try:
            stream = open(name, "rb")  # noqa: SIM115  (closed below; only the opening is guarded here)
        except FileNotFoundError:
            raise InputError(f"{noun} {name!r} does not exist: check the path") from None
        except (OSError, ValueError) as error:
            raise InputError(f"{noun} {name!r} cannot be opened ({reason(error)}): check the path") from None
        with stream:
            yield _seekable(stream, noun, repr(name)), repr(name)
    elif callable(getattr(source, "read", None)):
        yield _seekable(cast(BinaryIO, source), noun, "the given file"), "the given file"
    else:
        raise InputError(
            f"{noun} is a {type(source).__name__}: pass a path, bytes, a binary file, a PIL image, an array or a tensor"
        )


def _seekable(stream: BinaryIO, noun: str, name: str) -> BinaryIO:
    try:
        if isinstance(cast(object, stream), io.TextIOBase):
            raise InputError(f"{noun} is a file opened as text: open it with mode 'rb'")
        if not stream.seekable():
            return io.BytesIO(stream.read())
        # Like Pillow: a buffer that was just written to is read from its start.
        stream.seek(0)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{noun} {name} cannot be read ({reason(error)}): pass an open binary file") from None
    return stream


def _reader(stream: BinaryIO, noun: str, name: str, max_pixels: int) -> Any:
    """Choose Pillow's reader by the first bytes; only formats that drawings come in, none that starts a program."""
    from PIL import BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

    class JpegFile(JpegImagePlugin.JpegImageFile):
        def _read_dpi_from_exif(self) -> None:
            """Leave the print size alone: Pillow warns about damaged EXIF where nothing was lost."""

    head = stream.read(30)
    stream.seek(0)
    if not head:
        raise InputError(f"{noun} {name} is empty: save it again")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile
    if head.startswith(b"\xff\xd8\xff"):
        return JpegFile
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        # Its reader prepares the whole canvas as soon as it is called, so the size is looked up first.
        if len(head) == 30:
            check_size(*_webp_size(head), noun, max_pixels, name)
        return WebPImagePlugin.WebPImageFile
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TiffImagePlugin.TiffImageFile
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GifImagePlugin.GifImageFile
    if head.startswith(b"BM"):
        return BmpImagePlugin.BmpImageFile
    raise InputError(f"{noun} {name} is no picture this library reads: save it as {READABLE}")


def _webp_size(head: bytes) -> tuple[int, int]:
    """Read width and height from the first 30 bytes (WebP container specification, and RFC 9649)."""
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF


@contextmanager
def _pillow_errors(noun: str, name: str) -> Iterator[None]:
    """Turn whatever a reader throws at a bad file (a dozen kinds of exception) into one clear InputError."""
    from PIL import Image

    try:
        yield
    except InputError:
        raise
    except Image.DecompressionBombError:
        raise InputError(f"{noun} {name} is larger than Pillow reads: resize it or save it as PNG") from None
    except MemoryError:
        raise InputError(f"{noun} {name} does not fit into memory: resize it") from None
    except Exception as error:
        raise InputError(f"{noun} {name} is damaged or cut short ({reason(error)}): save it again") from None


def reason(error: BaseException) -> str:
    """Say in one line what an exception is about."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split()) or type(error).__name__


def decode_image(
    image: Image.Image, noun: str, name: str, keep_colors: bool, keep_alpha: bool = False
) -> NDArray[np.uint8]:
    """Decode an opened Pillow image; arguments and result as for `decode_file`."""
    with _pillow_errors(noun, name):
        image.load()
        with_alpha = keep_alpha and image.has_transparency_data and not image.mode.startswith(("I", "F"))
        pixels = _layer_pixels(image) if with_alpha else _opaque_pixels(image, noun, keep_colors)
        turned = _upright(pixels, _orientation(image))
    return np.ascontiguousarray(turned)


def _opaque_pixels(image: Image.Image, noun: str, keep_colors: bool) -> NDArray[np.uint8]:
    """Decode any Pillow mode to uint8 (H, W) or (H, W, 3) on white."""
    if image.mode.startswith(("I", "F")):
        samples = np.asarray(image)
        gray = to_eight_bits(samples, noun)
        if isinstance(see_through := image.info.get("transparency"), int):
            gray[samples == see_through] = 255
        return gray

    alpha = None
    if image.has_transparency_data:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
    if keep_colors:
        image = _to_srgb(image)
    image = image.convert("L" if image.mode in ("1", "L") else "RGB")
    if alpha is not None:
        paper = alpha.point(lambda _: 255).convert(image.mode)
        paper.paste(image, mask=alpha)
        image = paper
    return np.array(image)


def _layer_pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Decode a mode with transparency to uint8 (H, W, 4), its colors as they were painted."""
    layer = image.convert("RGBA")
    colors = _to_srgb(layer).convert("RGB")
    return np.dstack([np.array(colors), np.array(layer.getchannel("A"))])


def to_eight_bits(samples: NDArray[Any], noun: str) -> NDArray[np.uint8]:
    """Bring wide samples to 8 bits, judging by the largest value: no file says which range it uses."""
    low, high = samples.min(), samples.max()
    tops = (1, 255) if samples.dtype.kind == "f" else (255, 65535)
    top = tops[0] if high <= tops[0] else tops[1]
    if not (low >= 0 and high <= top):
        raise InputError(f"{noun} holds values from {low} to {high}: scale them to 0..255 and save it as 8 bits")
    if samples.dtype.kind == "f":
        return cast("NDArray[np.uint8]", np.rint(samples * np.float32(255 / top)).astype(np.uint8))
    eight_bits = (np.arange(top + 1) * 255 + top // 2) // top
    return cast("NDArray[np.uint8]", eight_bits.astype(np.uint8)[samples])


def _to_srgb(image: Image.Image) -> Image.Image:
    """Convert from the embedded ICC profile; a profile that lcms cannot use is treated as absent, as viewers do."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    from PIL import ImageCms

    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(embedded):
            return image
        source = image.convert("RGB") if image.mode in ("P", "RGBA") else image
        converted = ImageCms.profileToProfile(source, embedded, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return image if converted is None else converted


def _orientation(image: Image.Image) -> int:
    """Read which way is up from the EXIF block itself: Pillow's own parser warns about blocks that are damaged."""
    exif = image.info.get("exif")
    if not isinstance(exif, bytes):
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    block = exif.removeprefix(b"Exif\0\0")
    order = "<" if block.startswith(b"II") else ">"
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (entries,) = struct.unpack_from(order + "H", block, start)
        for entry in range(entries):
            tag, _, _, value = struct.unpack_from(order + "HHIH", block, start + 2 + 12 * entry)
            if tag == _ORIENTATION_TAG:
                return int(value)
    except struct.error:
        pass
    return 1


def _upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Undo one of the eight EXIF orientations: a mirror for some, then quarter turns."""
    mirrored, quarter_turns = {
        2: (True, 0),
        3: (False, 2),
        4: (True, 2),
        5: (True, 1),
        6: (False, 3),
        7: (True, 3),
        8: (False, 1),
    }.get(orientation, (False, 0))
    return np.rot90(pixels[:, ::-1] if mirrored else pixels, quarter_turns)
