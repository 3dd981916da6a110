"""The only door for pictures: whatever the user holds becomes a plain uint8 array, and an array becomes a file."""

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

from salac._decode import check_size, decode_file, decode_image, reason, to_eight_bits
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
    "read_drawing",
    "read_layer",
    "read_picture",
    "read_sketch",
    "whole_file",
    "write_picture",
]

PictureSource: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | Image.Image | NDArray[Any] | torch.Tensor"
)
"""Anything that `read_sketch` and `read_picture` take."""

MAX_PIXELS = 40_000_000
"""Largest picture that is read unless the caller says otherwise, in pixels."""

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

LAYERED = (".psd", ".ora")
"""Suffixes of what is saved in layers; see `salac.export.layers`."""

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


def read_drawing(source: PictureSource, *, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """Read a drawing and bring its paper to white and its ink to dark: what segmentation and every stage start from.

    A clean digital drawing comes back unchanged. Arguments, result and errors as for `read_sketch`.
    """
    return normalise_paper(read_sketch(source, max_pixels=max_pixels))


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


def read_layer(source: PictureSource, *, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """Read a picture with its transparency, such as scribbles on a layer of their own.

    Args:
        source: as for `read_picture`; tensors hold no transparency.
        max_pixels: largest width times height that is accepted.

    Returns:
        uint8 (H, W, 4), sRGB with straight alpha, 255 = opaque.

    Raises:
        InputError: as for `read_sketch`.
    """
    pixels = _read(source, "layer", max_pixels, keep_colors=True, keep_alpha=True)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    if pixels.shape[2] == 3:
        pixels = np.concatenate([pixels, np.full((*pixels.shape[:2], 1), 255, np.uint8)], axis=2)
    return pixels


def _read(
    source: object, noun: str, max_pixels: int, keep_colors: bool = False, keep_alpha: bool = False
) -> NDArray[np.uint8]:
    """Turn any source into uint8 (H, W) or (H, W, 3), upright and opaque, or (H, W, 4) where transparency is kept."""
    if isinstance(max_pixels, bool) or not isinstance(max_pixels, int | np.integer) or max_pixels < 1:
        raise InputError(f"max_pixels is {max_pixels!r}: pass a whole number of pixels, at least 1")
    if _is_tensor(source):
        return _from_array(_tensor_to_array(cast("torch.Tensor", source), noun, max_pixels), noun, max_pixels)
    if isinstance(source, np.ndarray):
        return _from_array(source, noun, max_pixels, keep_alpha)

    from PIL import Image

    if isinstance(source, Image.Image):
        check_size(source.width, source.height, noun, max_pixels)
        return decode_image(source, noun, "the image object", keep_colors, keep_alpha)
    return decode_file(source, noun, max_pixels, keep_colors, keep_alpha)


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
    check_size(planes.shape[-1], planes.shape[-2], noun, max_pixels)
    planes = planes.detach()
    if planes.is_floating_point():
        planes = planes.float()  # numpy knows no bfloat16
    array: NDArray[Any] = planes.cpu().numpy()
    return array if array.ndim == 2 else np.moveaxis(array, 0, 2)


def _from_array(array: NDArray[Any], noun: str, max_pixels: int, keep_alpha: bool = False) -> NDArray[np.uint8]:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (1, 2, 3, 4)):
        raise InputError(f"{noun} array has shape {array.shape}: pass (H, W) or (H, W, 1|2|3|4), channels last")
    check_size(array.shape[1], array.shape[0], noun, max_pixels)
    pixels = _array_to_eight_bits(array, noun)
    if pixels.ndim == 2:
        return np.array(pixels, order="C")
    channels = pixels.shape[2]
    color = pixels[..., :1] if channels <= 2 else pixels[..., :3]
    if keep_alpha and channels in (2, 4):
        return np.concatenate([np.broadcast_to(color, (*color.shape[:2], 3)), pixels[..., -1:]], axis=2)
    if channels in (2, 4):
        alpha = pixels[..., -1:].astype(np.uint32)
        color = ((color * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return np.array(color[..., 0] if channels <= 2 else color, order="C")


def _array_to_eight_bits(array: NDArray[Any], noun: str) -> NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return cast("NDArray[np.uint8]", array)
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.newbyteorder("=") == np.uint16:
        return to_eight_bits(array, noun)
    if array.dtype.kind == "f":
        low, high = array.min(), array.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            raise InputError(f"{noun} array holds NaN or infinite values: mend them, floats must lie in [0, 1]")
        if low < -_FLOAT_SLACK or high > 1 + _FLOAT_SLACK:
            raise InputError(f"{noun} array holds floats from {low:g} to {high:g}: scale them to [0, 1] or pass uint8")
        return to_eight_bits(np.clip(array, 0, 1).astype(np.float32), noun)
    raise InputError(f"{noun} array is {array.dtype}: pass bool, uint8, uint16 or floats in [0, 1]")


def _to_gray(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if pixels.ndim == 2:
        return pixels
    import cv2

    return cast(NDArray[np.uint8], cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


# --- writing ---------------------------------------------------------------------------------------------------------


def encode_picture(array: NDArray[np.uint8] | NDArray[np.uint16], format: str) -> bytes:  # noqa: A002
    """Encode a picture in memory, for instance for standard output.

    Args:
        array: uint8 (H, W), (H, W, 3) or (H, W, 4): gray, sRGB or sRGB with alpha; or uint16 (H, W), PNG and TIFF only.
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
    wide = isinstance(array, np.ndarray) and array.dtype == np.uint16 and array.ndim == 2
    if not wide and (not isinstance(array, np.ndarray) or array.dtype != np.uint8):
        raise InputError(f"picture to write is {getattr(array, 'dtype', type(array).__name__)}: pass a uint8 array")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)) or not array.size:
        raise InputError(f"picture to write has shape {array.shape}: pass (H, W), (H, W, 3) or (H, W, 4)")
    name, settings = WRITERS[suffix]
    if wide and name not in ("PNG", "TIFF"):
        raise OutputError(f"{name} holds no 16 bits: choose .png or .tif")
    if name in ("JPEG", "BMP") and array.ndim == 3 and array.shape[2] == 4:
        raise OutputError(f"{name} holds no transparency: choose .png, .webp or .tif")

    from PIL import Image

    encoded = io.BytesIO()
    try:
        Image.fromarray(np.ascontiguousarray(array)).save(encoded, name, **settings)
    except (OSError, ValueError, struct.error) as error:
        height, width = array.shape[:2]
        raise OutputError(f"{name} cannot hold {width}x{height} ({reason(error)}): choose .png or resize it") from None
    return encoded.getvalue()


def write_picture(
    path: str | os.PathLike[str], array: NDArray[np.uint8] | NDArray[np.uint16], *, overwrite: bool = True
) -> None:
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
    target = _target(path)
    encoded = encode_picture(array, target.suffix)
    with whole_file(target, overwrite=overwrite) as file:
        file.write(encoded)


def _target(path: str | os.PathLike[str]) -> Path:
    try:
        # A link is followed, so that what it points to is replaced rather than the link.
        target = Path(os.path.realpath(os.fspath(path)))
    except (TypeError, ValueError):
        raise InputError(f"{path!r} is no path to write to: pass a string or a pathlib.Path") from None
    # os.path asks quietly; pathlib raises where a name is too long.
    if not os.path.isdir(target.parent):
        raise OutputError(f"folder {str(target.parent)!r} does not exist: make it first")
    return target


@contextmanager
def whole_file(path: str | os.PathLike[str], *, overwrite: bool = True) -> Iterator[BinaryIO]:
    """Open a file to be written whole or not at all: it takes its place once what is done with it is done.

    Args:
        path: where to write, in a folder that exists.
        overwrite: whether a file that is already there may be replaced.

    Raises:
        InputError: if the path is none.
        OutputError: if the folder is missing or full, or the file exists and may not be replaced. The old file is then
            as it was, and no temporary file is left.
    """
    target = _target(path)
    if not overwrite and os.path.exists(target):
        raise OutputError(f"{str(target)!r} exists: choose another name or pass overwrite=True")
    # Not from tempfile, whose files only the owner may read.
    temporary = target.with_name(f".salac-{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(target):
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(f"{str(target)!r} cannot be written ({reason(error)}): check space and rights") from None
    finally:
        temporary.unlink(missing_ok=True)


# --- finding ---------------------------------------------------------------------------------------------------------


def find_pictures(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, recursive: bool = False
) -> list[Path]:
    """List the pictures that paths, folders and glob patterns name, each once, page2 before page10.

    Args:
        paths: one or several files, folders or patterns such as ``pages/*.png``. Folders and patterns give visible
            files with a picture's suffix; a file that is named outright is taken whatever its suffix.
        recursive: whether folders inside folders are searched too.

    Returns:
        Existing files, in natural order; whether they can be read shows when they are.

    Raises:
        InputError: if a file is missing, or a folder or pattern holds no picture.
    """
    try:
        entries = [os.fspath(entry) for entry in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    except TypeError:
        raise InputError(f"{paths!r} names no pictures: pass paths, folders or patterns") from None
    if not entries:
        raise InputError("no picture is named: pass a file, a folder or a pattern such as 'pages/*.png'")
    found = {picture: None for entry in entries for picture in _pictures_at(entry, recursive)}
    return sorted(found, key=_natural_order)


def _pictures_at(entry: str, recursive: bool) -> list[Path]:
    path = Path(entry)
    if os.path.isdir(path):
        candidates = path.rglob("*") if recursive else path.iterdir()
        pictures = [
            file for file in candidates if not any(part.startswith(".") for part in file.relative_to(path).parts)
        ]
    elif os.path.exists(path):
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
