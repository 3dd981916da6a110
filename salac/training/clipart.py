"""The Open Clip Art Library: drawings by hundreds of hands, in the public domain.

Figures of our own and kits have few hands. Clip art is drawn with brush, pen and mouse, of people, animals, food and
things, and much of it has lines of its own: what nets meet, and have not seen a thousand times.
"""

from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from .archives import Archive
from .build import GROUP, PAINT, Sample
from .illustrations import centred, colorfulness, plain_background, prepare_illustration

CLIPART = Archive(
    name="openclipart-svg-0.18",
    url="apt:openclipart-svg=1:0.18+dfsg-19",
    digest="sha256:989712d90d57dfa3230049f553bb43b76c30ee4d4b8c5f6e106e33f7db5cbdc5",
    wanted=("usr/share/openclipart/svg/",),
    room="clipart",
)
KINDS = (
    *("animals", "buildings", "containers", "decorations", "education", "food", "office", "people", "plants"),
    *("recreation", "special", "tools", "transportation", "unsorted"),
)
"""Folders of the library that hold drawings; the others hold icons, flags, maps and signs, as do these in them:"""
NO_DRAWINGS = frozenset({"bodypart", "duplicates", "games", "patterns", "roadsigns", "smilies", "stickmen"})
JUDGED_BY = frozenset(
    {
        *("chibi_character_rick", "blue_girl_dirk_struve", "cartoon_squirrel_mike_sm", "gufo_civetta_architetto"),
        *("dino_architetto_francesc", "fata_fatina_architetto_f", "dog_02_drawn_with_strai", "milk", "bottled_drink"),
        *("apple_juice_box", "muffin", "pear_simple", "grapes_simple", "orange_simple", "watermelon_simple"),
        *("strawberry_simple", "lemon_simple"),
    }
)
"""Series of which a drawing stands among the examples, or models are compared on: never trained on."""
LICENCE, ATTRIBUTION = "CC-PDDC", "Open Clip Art Library"
_COLORLESS = "_bw"
_SIDE, _MOST_SIDE, _MOST_BYTES = 1024, 3072, 2_000_000
_GREYEST = 6.0
"""Colorfulness below which a drawing is not colored."""
_ENCLOSED = 0.6
"""Share of a figure that its lines must enclose; elsewhere it runs together with the paper."""


def clipart() -> list[Path]:
    """The library's drawings, fetched if need be, in a fixed order.

    Raises:
        MissingExtraError: the library cannot be fetched.
    """
    source = CLIPART.fetch() / CLIPART.wanted[0]
    return sorted(path for kind in KINDS for path in (source / kind).rglob("*.svg") if _is_wanted(path))


def _is_wanted(path: Path) -> bool:
    return series(path) not in JUDGED_BY and NO_DRAWINGS.isdisjoint(path.parts) and path.stat().st_size < _MOST_BYTES


def draw_clipart(path: Path, rng: np.random.Generator) -> Sample | None:
    """Render a drawing of the library, and find its lines, segments and colors.

    Args:
        path: one of `clipart`.
        rng: decides how its lines are had.

    Returns:
        The maps, uint8 (4, 256, 256), and a line of the index; None for what has no color, stands on no plain ground,
        is not enclosed by lines or has too little to see, and for a file that cannot be rendered.
    """
    picture = _render(path)
    ground = None if picture is None else plain_background(picture)
    if picture is None or ground is None or colorfulness(picture[~ground]) < _GREYEST:
        return None
    square = centred(picture, ground)
    sample = prepare_illustration(square, rng, boost=1.0, enlarge=None)
    if sample is None:
        return None
    figure = ~cv2.resize(square.background.astype(np.uint8), sample.maps[GROUP].shape).astype(bool)
    if (sample.maps[GROUP][figure] > 0).mean() < _ENCLOSED:
        return None
    about = {"source": "clipart", "licence": LICENCE, "attribution": ATTRIBUTION, "identity": [series(path)]}
    return Sample(maps=sample.maps[: PAINT.start], entry=about | sample.entry)


def series(path: Path) -> str:
    """What drawings of one series share in their names: `buddy01` and `buddy02_bw` are on the same side of a split."""
    return path.stem.removesuffix(_COLORLESS).rstrip("0123456789_")


def _render(path: Path) -> npt.NDArray[np.uint8] | None:
    """A drawing on white, uint8 (H, W, 3), with a margin around it."""
    import resvg_py

    try:
        text = path.read_text("utf-8", errors="replace")
        ElementTree.fromstring(text)
        page = Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text, width=_SIDE)))).convert("RGBA")
    except (ValueError, OSError, ElementTree.ParseError):
        return None
    box = page.getbbox(alpha_only=True)
    if box is None or max(page.size) > _MOST_SIDE:
        return None
    figure = page.crop(box)
    margin = max(8, round(0.04 * max(figure.size)))
    paper = Image.new("RGBA", (figure.width + 2 * margin, figure.height + 2 * margin), "white")
    paper.alpha_composite(figure, (margin, margin))
    return np.asarray(paper.convert("RGB"))
