"""Palettes as the files that painting programs keep: .gpl (GIMP, Krita), .aco and .ase (Adobe), and salac's own .json.

Sources: GIMP's devel-docs/gpl.txt; Adobe Photoshop File Formats Specification, "Color swatches"; for .ase, which Adobe
never described, the common understanding of it. Only .json knows how much of a picture a color takes.
"""

from __future__ import annotations

import colorsys
import json
import os
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from salac.color import parse_palette
from salac.errors import InputError, OutputError
from salac.image import whole_file

Color = tuple[float, float, float]
"""sRGB, each channel in 0..1."""

_ACO_SPACES = {0: "RGB", 1: "HSB", 2: "CMYK", 7: "LAB", 8: "Gray"}
_CHANNELS = {"RGB": 3, "HSB": 3, "CMYK": 4, "LAB": 3, "Gray": 1}
_ASE_COLOR = 1
_ASE_GLOBAL = 0


def read_palette(path: str | os.PathLike[str]) -> list[str]:
    """Read the colors of a palette file.

    Args:
        path: .gpl, .aco, .ase, or the .json that stands beside layers. CMYK is converted without a profile.

    Returns:
        Hex colors as `palette=` takes them, each once, in the file's order: ["#f7d7c4", "#3b4cc0:0.2", ...].

    Raises:
        InputError: it cannot be read, is damaged, of another kind, or has no color.
    """
    name = os.fspath(path)
    read = _READERS.get(Path(name).suffix.lower())
    if read is None:
        raise InputError(f"palette {name!r} is no file of a known kind: pass hex colors or {', '.join(_READERS)}")
    try:
        colors = list(dict.fromkeys(read(Path(name).read_bytes())))
    except OSError as error:
        raise InputError(f"palette {name!r} cannot be read ({error.strerror}): check the path") from None
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise InputError(f"palette {name!r} is damaged ({error}): save it again") from None
    if not colors:
        raise InputError(f"palette {name!r} has no colors: save it again")
    return colors


def write_palette(path: str | os.PathLike[str], palette: Sequence[str], *, overwrite: bool = True) -> None:
    """Write a palette file; the weights of its colors stay behind.

    Args:
        path: .gpl, .aco or .ase.
        palette: hex colors, such as `Colorization.palette` gives.
        overwrite: whether a file that is already there may be replaced.

    Raises:
        InputError: an entry is no hex color.
        OutputError: it cannot be written; an older file of that name is left as it was.

    Example:
        >>> write_palette("house.gpl", ["#f7d7c4", "#3b4cc0:2"])
        >>> read_palette("house.gpl")
        ['#f7d7c4', '#3b4cc0']
    """
    write = _WRITERS.get(Path(path).suffix.lower())
    if write is None:
        raise OutputError(f"cannot write palette {os.fspath(path)!r}: choose one of {', '.join(_WRITERS)}")
    colors = [(int(r), int(g), int(b)) for r, g, b in parse_palette(palette)[0]]
    with whole_file(path, overwrite=overwrite) as file:
        file.write(write(Path(path).stem, colors))


# --- GIMP ------------------------------------------------------------------------------------------------------------


def _read_gpl(data: bytes) -> Iterator[str]:
    first, *lines = data.decode("utf-8-sig", "replace").splitlines() or [""]
    if first.strip() != "GIMP Palette":
        raise ValueError("its first line is not 'GIMP Palette'")
    for line in lines:
        if levels := re.match(r"\s*(\d+)\s+(\d+)\s+(\d+)(\s|$)", line):
            red, green, blue = (int(level) / 255 for level in levels.groups()[:3])
            yield _hex((red, green, blue))


def _write_gpl(name: str, colors: Sequence[tuple[int, int, int]]) -> bytes:
    rows = [f"{r:3} {g:3} {b:3}\t#{r:02x}{g:02x}{b:02x}" for r, g, b in colors]
    return "\n".join(["GIMP Palette", f"Name: {name}", "Columns: 0", "#", *rows, ""]).encode()


# --- Adobe color swatches --------------------------------------------------------------------------------------------


def _read_aco(data: bytes) -> Iterator[str]:
    # Version 2 follows version 1 with the same colors and their names, which nobody needs here.
    version, count = struct.unpack_from(">2H", data)
    if version not in (1, 2):
        raise ValueError(f"it is of version {version}")
    position = 4
    for _ in range(count):
        space, *raw = struct.unpack_from(">H4H", data, position)
        position += 10
        if version == 2:
            (length,) = struct.unpack_from(">I", data, position)
            position += 4 + 2 * length
        if space not in _ACO_SPACES:
            raise ValueError(f"it has colors of kind {space}, not RGB, HSB, CMYK, Lab or gray")
        model = _ACO_SPACES[space]
        if model == "LAB":
            a, b = (value - 65536 if value > 32767 else value for value in raw[1:3])
            yield _to_hex(model, [raw[0] / 10000, a / 100, b / 100])
        elif model == "Gray":
            yield _to_hex(model, [raw[0] / 10000])
        elif model == "CMYK":
            yield _to_hex(model, [1 - value / 65535 for value in raw])
        else:
            yield _to_hex(model, [value / 65535 for value in raw[:3]])


def _write_aco(name: str, colors: Sequence[tuple[int, int, int]]) -> bytes:
    entries = [struct.pack(">H4H", 0, *(257 * level for level in color), 0) for color in colors]
    return struct.pack(">2H", 1, len(colors)) + b"".join(entries)


# --- Adobe swatch exchange -------------------------------------------------------------------------------------------


def _read_ase(data: bytes) -> Iterator[str]:
    signature, _, _, blocks = struct.unpack_from(">4s2HI", data)
    if signature != b"ASEF":
        raise ValueError("it does not begin with 'ASEF'")
    position = 12
    for _ in range(blocks):
        kind, length = struct.unpack_from(">HI", data, position)
        if kind == _ASE_COLOR:
            (name,) = struct.unpack_from(">H", data, position + 6)
            start = position + 8 + 2 * name
            model = data[start : start + 4].decode("ascii").strip()
            yield _to_hex(model, list(struct.unpack_from(f">{_CHANNELS[model]}f", data, start + 4)))
        position += 6 + length


def _write_ase(name: str, colors: Sequence[tuple[int, int, int]]) -> bytes:
    blocks = []
    for color in colors:
        title = ("#{:02x}{:02x}{:02x}".format(*color) + "\0").encode("utf-16-be")
        levels = struct.pack(">3f", *(level / 255 for level in color))
        block = struct.pack(">H", len(title) // 2) + title + b"RGB " + levels + struct.pack(">H", _ASE_GLOBAL)
        blocks.append(struct.pack(">HI", _ASE_COLOR, len(block)) + block)
    return struct.pack(">4s2HI", b"ASEF", 1, 0, len(blocks)) + b"".join(blocks)


# --- salac -----------------------------------------------------------------------------------------------------------


def _read_json(data: bytes) -> Iterator[str]:
    for entry in json.loads(data)["colors"]:
        yield f"{entry['color']}:{entry['share'] or 1e-4}"


# --- colors ----------------------------------------------------------------------------------------------------------


def _to_hex(model: str, values: Sequence[float]) -> str:
    """A color of any model, its values in 0..1, but Lab's a and b in -128..127, as "#rrggbb"."""
    if model == "Gray":
        return _hex((values[0], values[0], values[0]))
    if model == "CMYK":
        cyan, magenta, yellow, black = values
        return _hex(((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)))
    if model == "LAB":
        from skimage.color import lab2rgb

        values = lab2rgb([100 * values[0], values[1], values[2]]).tolist()
    first, second, third = values
    return _hex(colorsys.hsv_to_rgb(first, second, third) if model == "HSB" else (first, second, third))


def _hex(color: Color) -> str:
    if not all(-0.01 <= channel <= 1.01 for channel in color):
        raise ValueError(f"it has a color of channels {color}")
    return "#{:02x}{:02x}{:02x}".format(*(round(255 * min(max(channel, 0), 1)) for channel in color))


_READERS: dict[str, Callable[[bytes], Iterator[str]]] = {
    ".gpl": _read_gpl,
    ".aco": _read_aco,
    ".ase": _read_ase,
    ".json": _read_json,
}
KINDS = tuple(_READERS)
"""Suffixes of the files that are read."""
_WRITERS: dict[str, Callable[[str, Sequence[tuple[int, int, int]]], bytes]] = {
    ".gpl": _write_gpl,
    ".aco": _write_aco,
    ".ase": _write_ase,
}
WRITTEN = tuple(_WRITERS)
"""Suffixes of the files that are written."""
