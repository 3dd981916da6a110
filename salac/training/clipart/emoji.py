"""Emoji sets: people, animals, food and things, each drawn by seven teams of artists in colors of their own.

OpenMoji is not among them: it judges. Nor are smileys, flags, signs and letters, which are no drawings of anything.
"""

import json
import re
import zlib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from ..npm import Package
from .piece import Piece


@dataclass(frozen=True, kw_only=True)
class EmojiSet:
    """One set, as published on npm in the JSON format of Iconify.

    Attributes:
        licence: SPDX identifier.
        attribution: who made it.
        package: the pinned package.
        without: a pattern that matches the names of pictures which are no drawings, or are drawn elsewhere already.
    """

    licence: str
    attribution: str
    package: Package
    without: str = "$^"


def _package(name: str, version: str, integrity: str) -> Package:
    wanted = ("icons.json", "metadata.json", "info.json")
    return Package(name=f"@iconify-json/{name}", version=version, integrity=integrity, wanted=wanted, room="clipart")


EMOJI = {
    "noto": EmojiSet(
        licence="Apache-2.0",
        attribution="Noto Emoji by Google Inc.",
        package=_package(
            "noto",
            "1.2.9",
            "DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==",
        ),
    ),
    "noto-v1": EmojiSet(
        licence="Apache-2.0",
        attribution="Noto Emoji, first version, by Google Inc.",
        package=_package(
            "noto-v1",
            "1.2.5",
            "/DsVMius69Q0fRS53z7QK1TROSuar606jiIx+laXtdsYGMXpf6LtHBx6CGfoo3UHHb/XpBsw+1L1x3eyPqMuVA==",
        ),
    ),
    "fluent-emoji": EmojiSet(
        licence="MIT",
        attribution="Fluent Emoji by Microsoft Corporation",
        package=_package(
            "fluent-emoji-flat",
            "1.2.6",
            "RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==",
        ),
    ),
    "twemoji": EmojiSet(
        licence="CC-BY-4.0",
        attribution="Twemoji by Twitter, Inc. and other contributors, CC BY 4.0",
        package=_package(
            "twemoji",
            "1.2.5",
            "uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==",
        ),
    ),
    "emojione": EmojiSet(
        licence="CC-BY-4.0",
        attribution="EmojiOne 2 by Ranks.com and the EmojiTwo contributors, CC BY 4.0",
        package=_package(
            "emojione",
            "1.2.3",
            "T9+T3HIbJNLKKsmxYKlaYhvnHYkz/HNYTV7SHCXVZPfeUi4FqskY70YeN8yYAZT8cCv7w5vJxS4Q1m8zb9CMMg==",
        ),
    ),
    "fxemoji": EmojiSet(
        licence="Apache-2.0",
        attribution="Firefox OS Emoji by Mozilla",
        package=_package(
            "fxemoji",
            "1.2.2",
            "UAasRaxzFUKfIGSmLwnoarsssA4LX0VLLuEmplIqM6ZNQqIQRtav8tZ4H1neTlBreXuMQyAifr5jP4kn78DpiQ==",
        ),
        without=r"2hearts|alien$|ang|astonish|blush|coldsweat|conf|crying|disap|dizzy|express|fearful|fox|frown|grin|hush"
        r"|japaneseang|kiss|laugh|loudly|mask|neutral|nomouth|ok|pens|perserv|pout|reliev|scream|sleep|small|smil|smir"
        r"|sweat|tired|tongue|unamused|weary|white|wink|worried|zzz|black|document|page|arrow|note|folder",
    ),
    "streamline-emojis": EmojiSet(
        licence="CC-BY-4.0",
        attribution="Streamline Emojis by Streamline, CC BY 4.0",
        package=_package(
            "streamline-emojis",
            "1.2.4",
            "iNr9T9XuZVTyQPJO8ZlLxBzPkpi7qMl+z1l0C31vpEMqhPMelth3n7CeWQYtixdetDPdI81yeG4ROqjWpYJE6A==",
        ),
    ),
}
"""Every set by name."""

_CATEGORIES = frozenset(
    {
        *("People & Body", "Animals & Nature", "Food & Drink", "Travel & Places", "Activities", "Objects"),
        *("People", "Nature", "Food", "Travel", "Places"),
        *("Activity", "Animals Nature", "Food Drink", "Travel Places"),
    }
)
"""Categories that hold drawings, as the sets call them. People of Streamline are a kit of their own."""
_NO_DRAWING = re.compile(
    r"oclock|thirty|clock\d|hand|finger|thumb|fist|point|flag|medal|moon|heart|button|symbol|chart|globe|silhouette"
    r"|pool-8|dice|-die|domino|mahjong|music|keycap|(?:^|-)(?:eyes?|ear|nose|mouth|lips)$|-sign|traffic-light|pistol|milky"
)
_SMILEY = re.compile(r"face|grin|kiss(?!-)|smil|-cat|alien|ogre|goblin|ghost|skull|poo$|pile-of|robot")
"""Smileys that a set counts among its people."""
_TONES = ("medium-light", "medium-dark", "medium", "light", "dark")
_TONE = re.compile(rf"-(?:{'|'.join(_TONES)})(?:-skin-tone|$)")
_PERSON = re.compile(r"(?:^|-)(?:man|men|woman|women|person|people|boy|girl|mr|mrs|child|adult)s?(?=-|$)")
_NUMBER = re.compile(r"-\d+$")
_MOST_OF_A_KIND = 2
"""Drawings of one identity that are taken of a set: of a man, a woman and a person who do the same, two."""


def emoji(name: str) -> list[Piece]:
    """The drawings of one set, fetched if need be, in a fixed order; of every person one skin tone, drawn by lot.

    Args:
        name: one of `EMOJI`.

    Raises:
        MissingExtraError: the set cannot be fetched.
    """
    chosen = EMOJI[name]
    folder = chosen.package.fetch()
    icons = _icons(folder)["icons"]
    categories = json.loads((folder / "metadata.json").read_text("utf-8"))["categories"]
    names = {
        icon
        for category, names in categories.items()
        if category in _CATEGORIES
        for icon in names
        if not (category.startswith("People") and _SMILEY.search(icon))
    }
    variants = defaultdict(list)
    for icon in sorted(names & icons.keys()):
        if not _NO_DRAWING.search(icon) and not re.search(chosen.without, icon):
            variants[_TONE.sub("", icon)].append(icon)
    kinds = defaultdict(list)
    for plain, tones in variants.items():
        kinds[subject(plain)].append(tones[_lot(f"{name} {plain}") % len(tones)])
    return [
        Piece(
            source=f"clipart:{name}",
            licence=chosen.licence,
            attribution=chosen.attribution,
            name=icon,
            identity=f"emoji:{kind}",
            markup=partial(_markup, folder, icon),
        )
        for kind in sorted(kinds)
        for icon in sorted(kinds[kind], key=_lot)[:_MOST_OF_A_KIND]
    ]


def subject(name: str) -> str:
    """What an emoji shows, whoever does it and whichever team drew it: `woman-cook-dark-skin-tone` is a `cook`."""
    bare = _NUMBER.sub("", _TONE.sub("", name))
    return _PERSON.sub("", bare).strip("-") or "person"


def _lot(name: str) -> int:
    return zlib.crc32(name.encode())


def _markup(folder: Path, name: str) -> str:
    icons = _icons(folder)
    icon = icons["icons"][name]
    left, top = icon.get("left", 0), icon.get("top", 0)
    width, height = (icon.get(side, icons.get(side, 16)) for side in ("width", "height"))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{left} {top} {width} {height}" width="{width}" height="{height}">{icon["body"]}</svg>'
    )


@lru_cache(maxsize=1)
def _icons(folder: Path) -> dict[str, Any]:
    """A set's pictures; drawn one set after the other, so one is kept."""
    icons: dict[str, Any] = json.loads((folder / "icons.json").read_text("utf-8"))
    return icons
