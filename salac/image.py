"""The only door for pictures: whatever the user holds becomes a plain uint8 array, and an array becomes a file.

Reading never depends on, and never changes, the global switches of Pillow and of `warnings`: each format's reader is
called directly, so a picture's size is known, and refused, before a single pixel is decoded.
"""

from __future__ import annotations

import glob
import io
import os
import re
import secrets
import shutil
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from salac.errors import InputError, OutputError
from salac.paper import normalise_paper

if TYPE_CHECKING:
    import torch
    from PIL import Image

__all__ = [
    "MAX_PIXELS",
    "PictureSource",
    "encode_picture",
    "find_pictures",
    "normalise_paper",
    "read_picture",
    "read_sketch",
    "write_picture",
]

PictureSource: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | Image.Image | NDArray[Any] | torch.Tensor"
)
"""Anything that `read_sketch` and `read_picture` take."""

MAX_PIXELS = 40_000_000
"""Largest picture that is read unless the caller says otherwise, in pixels."""

READABLE = "PNG, JPEG, WebP, TIFF, BMP or GIF"
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif"})
WRITERS: dict[str, tuple[str, dict[str, Any]]] = {
    ".png": ("PNG", {}),
    ".webp": ("WEBP", {"lossless": True}),
    ".jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".tif": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ".tiff": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ".bmp": ("BMP", {}),
}
"""Pillow's name and settings for each suffix that can be written; only JPEG loses anything."""

_ORIENTATION_TAG = 0x0112
_FLOAT_SLACK = 1e-4  # resampling overshoots [0, 1] by a rounding error


# --- reading ---------------------------------------------------------------------------------------------------------


def read_sketch(source: PictureSource, *, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """Read a drawing as one gray channel, exactly as its maker left it.

    Transparent pixels are paper, EXIF orientation is applied, an animation gives its first frame. The paper is not
    touched: see `normalise_paper` for photographs and tinted paper.

    Args:
        source: path, bytes, binary file, PIL image, array or tensor. PNG, JPEG, WebP, TIFF, BMP and GIF of any bit
            depth are read. Arrays are (H, W) or (H, W, 1|2|3|4) (gray, gray + alpha, sRGB, sRGB + alpha), tensors
            (H, W), (1|3, H, W) or (1, 1|3, H, W); both hold bool, uint8, uint16 or floats in [0, 1]. 16-bit values
            and PIL's mode I span 0..65535 where any is above 255, PIL's mode F spans 0..255 where any is above 1.
        max_pixels: largest width times height that is accepted.

    Returns:
        uint8 (H, W), 0 = ink, 255 = paper.

    Raises:
        InputError: if there is no such file, or it is damaged, truncated, too large or no picture; if an array has
            another shape, type or range than above.
    """
    return _to_gray(_read(source, "sketch", max_pixels))


def read_picture(source: PictureSource, *, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """Read a reference or an illustration as sRGB, laid on white where it is transparent.

    Args:
        source: as for `read_sketch`; an embedded ICC profile is converted to sRGB.
        max_pixels: largest width times height that is accepted.

    Returns:
        uint8 (H, W, 3), sRGB.

    Raises:
        InputError: as for `read_sketch`.
    """
    pixels = _read(source, "picture", max_pixels, keep_colors=True)
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _read(source: object, noun: str, max_pixels: int, keep_colors: bool = False) -> NDArray[np.uint8]:
    """Turn any source into opaque uint8 (H, W) or (H, W, 3), upright."""
    if isinstance(max_pixels, bool) or not isinstance(max_pixels, int | np.integer) or max_pixels < 1:
        raise InputError(f"max_pixels is {max_pixels!r}: pass a whole number of pixels, at least 1")
    if _is_tensor(source):
        return _from_array(_tensor_to_array(cast("torch.Tensor", source), noun, max_pixels), noun, max_pixels)
    if isinstance(source, np.ndarray):
        return _from_array(source, noun, max_pixels)

    from PIL import Image

    if isinstance(source, Image.Image):
        _check_size(source.width, source.height, noun, max_pixels)
        return _decoded(source, noun, "the image object", keep_colors)
    with _opened(source, noun) as (stream, name):
        with _pillow_errors(noun, name):
            image = _reader(stream, noun, name, max_pixels)(stream)
        _check_size(image.width, image.height, noun, max_pixels, name)
        return _decoded(image, noun, name, keep_colors)


def _check_size(width: int, height: int, noun: str, max_pixels: int, name: str = "") -> None:
    if width * height > max_pixels:
        size, limit = (f"{pixels / 1e6:.10g} MP" for pixels in (width * height, max_pixels))
        where = f" ({name})" if name else ""
        raise InputError(f"{noun} is {size}; the limit is {limit}: pass max_pixels=... or resize it{where}")
    if width * height == 0:
        raise InputError(f"{noun} is {width}x{height}, without a single pixel: pass one of at least 1x1")


# --- files -----------------------------------------------------------------------------------------------------------


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
            raise InputError(f"{noun} {name!r} cannot be opened ({_reason(error)}): check the path") from None
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
        raise InputError(f"{noun} {name} cannot be read ({_reason(error)}): pass an open binary file") from None
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
            _check_size(*_webp_size(head), noun, max_pixels, name)
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
        raise InputError(
            f"{noun} {name} is far too large: resize it, or save it as PNG and pass max_pixels=..."
        ) from None
    except MemoryError:
        raise InputError(f"{noun} {name} does not fit into memory: resize it") from None
    except Exception as error:
        raise InputError(f"{noun} {name} is damaged or cut short ({_reason(error)}): save it again") from None


def _reason(error: BaseException) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split()) or type(error).__name__


def _decoded(image: Image.Image, noun: str, name: str, keep_colors: bool) -> NDArray[np.uint8]:
    with _pillow_errors(noun, name):
        image.load()
        turned = _upright(_opaque_pixels(image, noun, keep_colors), _orientation(image))
    return np.ascontiguousarray(turned)


def _opaque_pixels(image: Image.Image, noun: str, keep_colors: bool) -> NDArray[np.uint8]:
    """Decode any Pillow mode to uint8 (H, W) or (H, W, 3) on white."""
    if image.mode.startswith(("I", "F")):
        samples = np.asarray(image)
        gray = _from_samples(samples, noun)
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


def _from_samples(samples: NDArray[Any], noun: str) -> NDArray[np.uint8]:
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


# --- arrays and tensors ----------------------------------------------------------------------------------------------


def _is_tensor(source: object) -> bool:
    # Whoever holds a tensor has imported torch; nobody else should pay for it.
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(source, torch.Tensor)


def _tensor_to_array(tensor: torch.Tensor, noun: str, max_pixels: int) -> NDArray[Any]:
    """Bring (H, W), (1|3, H, W) or (1, 1|3, H, W) to an array with channels last."""
    shape = tuple(tensor.shape)
    planes = tensor[0] if len(shape) == 4 and shape[0] == 1 else tensor
    if planes.ndim not in (2, 3) or (planes.ndim == 3 and planes.shape[0] not in (1, 3)):
        raise InputError(f"{noun} tensor has shape {shape}: pass (H, W), (1|3, H, W) or (1, 1|3, H, W)")
    _check_size(planes.shape[-1], planes.shape[-2], noun, max_pixels)
    planes = planes.detach()
    if planes.is_floating_point():
        planes = planes.float()  # numpy knows no bfloat16
    array: NDArray[Any] = planes.cpu().numpy()
    return array if array.ndim == 2 else np.moveaxis(array, 0, 2)


def _from_array(array: NDArray[Any], noun: str, max_pixels: int) -> NDArray[np.uint8]:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4)):
        raise InputError(f"{noun} array has shape {array.shape}: pass (H, W) or (H, W, 1|2|3|4), channels last")
    _check_size(array.shape[1], array.shape[0], noun, max_pixels)
    pixels = _to_eight_bits(array, noun)
    if pixels.ndim == 2:
        return np.array(pixels, order="C")
    channels = pixels.shape[2]
    color = pixels[..., :1] if channels <= 2 else pixels[..., :3]
    if channels in (2, 4):
        alpha = pixels[..., -1:].astype(np.uint32)
        color = ((color * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return np.array(color[..., 0] if channels <= 2 else color, order="C")


def _to_eight_bits(array: NDArray[Any], noun: str) -> NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return cast("NDArray[np.uint8]", array)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.newbyteorder("=") == np.uint16:
        return _from_samples(array, noun)
    if array.dtype.kind == "f":
        low, high = array.min(), array.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            raise InputError(f"{noun} array holds NaN or infinite values: mend them, floats must lie in [0, 1]")
        if low < -_FLOAT_SLACK or high > 1 + _FLOAT_SLACK:
            raise InputError(f"{noun} array holds floats from {low:g} to {high:g}: scale them to [0, 1] or pass uint8")
        return _from_samples(np.clip(array, 0, 1).astype(np.float32), noun)
    raise InputError(f"{noun} array is {array.dtype}: pass bool, uint8, uint16 or floats in [0, 1]")


def _to_gray(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pixels.ndim == 2:
        return pixels
    import cv2

    return cast(NDArray[np.uint8], cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


# --- writing ---------------------------------------------------------------------------------------------------------


def encode_picture(array: NDArray[np.uint8], format: str) -> bytes:  # noqa: A002
    """Encode a picture in memory, for instance for standard output.

    Args:
        array: uint8 (H, W), (H, W, 3) or (H, W, 4): gray, sRGB or sRGB with alpha.
        format: "png", "webp", "jpg", "jpeg", "tif", "tiff" or "bmp", with or without a leading dot.

    Returns:
        The bytes of the file; every format but JPEG keeps each pixel exactly.

    Raises:
        InputError: if the array has another shape or type.
        OutputError: if the format is unknown, or cannot hold this picture's alpha or size.
    """
    suffix = "." + format.lower().removeprefix(".")
    if suffix not in WRITERS:
        raise OutputError(f"cannot write {format!r} pictures: choose one of {', '.join(WRITERS)}")
    if not isinstance(array, np.ndarray) or array.dtype != np.uint8:
        raise InputError(f"picture to write is {getattr(array, 'dtype', type(array).__name__)}: pass a uint8 array")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)) or not array.size:
        raise InputError(f"picture to write has shape {array.shape}: pass (H, W), (H, W, 3) or (H, W, 4)")
    name, settings = WRITERS[suffix]
    if name in ("JPEG", "BMP") and array.ndim == 3 and array.shape[2] == 4:
        raise OutputError(f"{name} holds no transparency: choose .png, .webp or .tif")

    from PIL import Image

    encoded = io.BytesIO()
    try:
        Image.fromarray(np.ascontiguousarray(array)).save(encoded, name, **settings)
    except (OSError, ValueError, struct.error) as error:
        height, width = array.shape[:2]
        raise OutputError(f"{name} cannot hold {width}x{height} ({_reason(error)}): choose .png or resize it") from None
    return encoded.getvalue()


def write_picture(path: str | os.PathLike[str], array: NDArray[np.uint8], *, overwrite: bool = True) -> None:
    """Write a picture whole or not at all: a reader sees the old file or the new one, never half of either.

    Args:
        path: where to write; the suffix chooses the format, the folder must exist.
        array: as for `encode_picture`.
        overwrite: whether a file that is already there may be replaced.

    Raises:
        InputError: if the array has another shape or type.
        OutputError: if the suffix is unknown, the folder is missing or full, or the file exists and may not be
            replaced. The old file is then as it was, and no temporary file is left.
    """
    # A link is followed, so that what it points to is replaced rather than the link.
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise OutputError(f"folder {str(target.parent)!r} does not exist: make it first")
    encoded = encode_picture(array, target.suffix)
    if not overwrite and target.exists():
        raise OutputError(f"{str(target)!r} exists: choose another name or pass overwrite=True")
    # Not from tempfile, whose files only the owner may read.
    temporary = target.with_name(f".salac-{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(encoded)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except OSError as error:
        raise OutputError(f"{str(target)!r} cannot be written ({_reason(error)}): check space and rights") from None
    finally:
        temporary.unlink(missing_ok=True)


# --- finding ---------------------------------------------------------------------------------------------------------


def find_pictures(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, recursive: bool = False
) -> list[Path]:
    """List the pictures that paths, folders and glob patterns name, each once, page2 before page10.

    Args:
        paths: one or several files, folders or patterns such as "pages/*.png". Folders and patterns give visible
            files with a picture's suffix; a file that is named outright is taken whatever its suffix.
        recursive: whether folders inside folders are searched too.

    Returns:
        Existing files that are not empty, in natural order.

    Raises:
        InputError: if a file is missing or empty, or a folder or pattern holds no picture.
    """
    entries = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not entries:
        raise InputError("no picture is named: pass a file, a folder or a pattern such as 'pages/*.png'")
    found = {picture: None for entry in entries for picture in _pictures_at(os.fspath(entry), recursive)}
    for picture in found:
        if picture.is_file() and not picture.stat().st_size:
            raise InputError(f"picture {str(picture)!r} is empty: save it again")
    return sorted(found, key=_natural_order)


def _pictures_at(entry: str, recursive: bool) -> list[Path]:
    path = Path(entry)
    if path.is_dir():
        candidates = path.rglob("*") if recursive else path.iterdir()
        pictures = [
            file for file in candidates if not any(part.startswith(".") for part in file.relative_to(path).parts)
        ]
    elif path.exists():
        return [path]
    elif glob.has_magic(entry):
        pictures = [Path(match) for match in glob.glob(entry, recursive=True)]
    else:
        raise InputError(f"picture {entry!r} does not exist: check the path")
    pictures = [file for file in pictures if file.suffix.lower() in PICTURE_SUFFIXES and file.is_file()]
    if not pictures:
        raise InputError(f"{entry!r} holds no picture: it needs files in {', '.join(sorted(PICTURE_SUFFIXES))}")
    return pictures


def _natural_order(path: Path) -> list[tuple[int, int, str]]:
    pieces = re.split(r"(\d+)", str(path).lower())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces]
