"""The Open Clip Art Library: drawings by hundreds of hands, in the public domain."""

from functools import partial
from pathlib import Path

from ..archives import Archive
from .piece import Piece

ARCHIVE = Archive(
    name="openclipart-svg-0.18",
    url="apt:openclipart-svg=1:0.18+dfsg-19",
    digest="sha256:989712d90d57dfa3230049f553bb43b76c30ee4d4b8c5f6e106e33f7db5cbdc5",
    wanted=("usr/share/openclipart/svg/",),
    room="clipart",
)
LICENCE, ATTRIBUTION = "CC-PDDC", "Open Clip Art Library"
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
_COLORLESS = "_bw"
_MOST_BYTES = 2_000_000


def openclipart() -> list[Piece]:
    """The library's drawings, fetched if need be, in a fixed order.

    Raises:
        MissingExtraError: the library cannot be fetched.
    """
    folder = ARCHIVE.fetch() / ARCHIVE.wanted[0]
    files = sorted(path for kind in KINDS for path in (folder / kind).rglob("*.svg") if _is_wanted(path))
    return [
        Piece(
            source="clipart",
            licence=LICENCE,
            attribution=ATTRIBUTION,
            name=path.stem,
            identity=series(path),
            markup=partial(path.read_text, "utf-8", "replace"),
        )
        for path in files
    ]


def series(path: Path) -> str:
    """What drawings of one series share in their names: `buddy01` and `buddy02_bw` are on the same side of a split."""
    return path.stem.removesuffix(_COLORLESS).rstrip("0123456789_")


def _is_wanted(path: Path) -> bool:
    return series(path) not in JUDGED_BY and NO_DRAWINGS.isdisjoint(path.parts) and path.stat().st_size < _MOST_BYTES
