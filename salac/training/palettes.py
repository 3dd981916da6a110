"""Palettes as illustrators combine them: a color for every role of a drawing.

A training step draws a new palette for a fixed drawing, so the nets never see one figure twice in the same colors.
Colors are composed in OKLCh (lightness 0..1, chroma 0..0.3, hue in degrees; Ottosson, 2020), where equal steps look
equal whatever the hue, and converted to sRGB once at the end. The thesis (section 4.1) trains on the colorful side of
modern anime illustration, and so do these palettes: saturated on average, with the neutrals (white shirts, black, navy,
grey, beige) that make the saturated parts speak.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from salac.training.drawing import ROLES

Floats = npt.NDArray[np.float64]

_RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LAB_TO_LMS, _LMS_TO_RGB = np.linalg.inv(_LMS_TO_LAB), np.linalg.inv(_RGB_TO_LMS)
_CHROMA_STEPS = np.linspace(1.0, 0.0, 17)


def _oklch(hex_colors: list[str]) -> Floats:
    """Convert "#rrggbb" to OKLCh (N, 3)."""
    srgb = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in hex_colors]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    lightness, a, b = (np.cbrt(linear @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T).T
    return np.stack([lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360], axis=1)


def _srgb(lch: Floats) -> npt.NDArray[np.uint8]:
    """Convert OKLCh (N, 3) to sRGB (N, 3); a color outside the cube keeps its lightness and hue and loses chroma."""
    hue = np.radians(lch[:, 2])
    chroma = lch[:, 1] * _CHROMA_STEPS[:, None]
    lightness = np.broadcast_to(lch[:, 0].clip(0, 1), chroma.shape)
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)
    linear = (lab @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T
    inside = ((linear > -0.002) & (linear < 1.002)).all(axis=-1)
    linear = linear[inside.argmax(axis=0), np.arange(len(lch))].clip(0, 1)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * srgb).astype(np.uint8)


class _Swatches:
    """Colors that artists reach for, each with how often; a draw wanders a little around the one it picks."""

    def __init__(self, shares: dict[str, float], wander: tuple[float, float, float] = (0.02, 0.012, 4.0)) -> None:
        self.colors = _oklch(list(shares))
        self.edges = np.cumsum(list(shares.values())) / sum(shares.values())
        self.wander = np.array(wander)

    def draw(self, rng: np.random.Generator) -> Floats:
        """Draw one OKLCh color (3,)."""
        color = self.colors[np.searchsorted(self.edges, rng.random())]
        # A grey has no hue to speak of: its wander in chroma shrinks so that white stays white and black stays black.
        freedom = np.array([1.0, min(1.0, 0.25 + color[1] / 0.06), 1.0])
        drawn = color + rng.normal(size=3) * self.wander * freedom
        drawn[0], drawn[1] = min(drawn[0], 1.0), max(drawn[1], 0.0)
        return drawn


_SKIN = _Swatches(
    {
        "#ffefe6": 6, "#ffe6da": 16, "#fde0d0": 19, "#fbd6c3": 16, "#f6c9ae": 12, "#efbb98": 8, "#dfa47f": 6,
        "#c68a62": 6, "#a56d49": 5, "#835237": 4, "#633c2b": 3, "#4a2d22": 1.5,
    },
    wander=(0.006, 0.005, 4.0),
)  # fmt: skip
_FANTASY_SKIN = _Swatches(
    {"#b9c7e6": 3, "#cfe0c0": 2, "#d9c2e8": 3, "#9fb3a3": 1, "#8d7fb0": 1, "#e8a39b": 1, "#dfe3ea": 2}
)
_SIGN_SKIN = _Swatches({"#fcea2b": 3, "#ffd43b": 3, "#f7c948": 2, "#f5b82e": 1})
"""Yellow, as emoji and toy figures have it."""
_NATURAL_HAIR = _Swatches(
    {
        "#0b0a0d": 12, "#26222b": 10, "#2f3140": 6, "#3a2b2a": 12, "#523629": 11, "#75482f": 11, "#96643f": 8,
        "#b98850": 6, "#dcb064": 9, "#f3d687": 9, "#f7e8bd": 6, "#8f3326": 5, "#c1542f": 5, "#e0854a": 2, "#8e8f9b": 3,
        "#c9ccd6": 4, "#efeff4": 7,
        # Blond and red as comics, emoji and children's books have it.
        "#f6c445": 4, "#f2aa3c": 4, "#e8842c": 3,
    }
)  # fmt: skip
_FANTASY_HAIR = _Swatches(
    {
        "#f7b3c8": 9, "#ee7fa5": 7, "#c94b78": 4, "#c92f3f": 6, "#8fb9ec": 8, "#5a8ade": 7, "#2f57a8": 6, "#2b3566": 6,
        "#c7b3ee": 7, "#9a78d6": 7, "#65439e": 6, "#9ad9cf": 5, "#3fb6b8": 6, "#24727e": 4, "#a8d9a6": 2, "#5ea57a": 3,
        "#2f6b54": 2, "#f5a06a": 3, "#f6c9b0": 2,
    },
    wander=(0.03, 0.015, 8.0),
)  # fmt: skip
_IRIS = _Swatches(
    {
        "#7a4a2c": 12, "#4d2f25": 8, "#b06a33": 8, "#e09a3a": 7, "#d9b23c": 4, "#3f74c4": 13, "#62a8e0": 8,
        "#2c4a8a": 5, "#2f9aa0": 6, "#4a9464": 8, "#7fae5a": 4, "#7a55bd": 8, "#b06ad0": 4, "#c23048": 9,
        "#e0688f": 5, "#7c8796": 5, "#2f2f3a": 4,
    },
    wander=(0.03, 0.02, 7.0),
)  # fmt: skip
_NEUTRAL = _Swatches(
    {
        "#fdfdfd": 22, "#f6f1ea": 9, "#eef0f6": 6, "#0b0a0d": 12, "#23222a": 12, "#34343f": 9, "#1f2740": 13,
        "#2f3e66": 4, "#8c8f9b": 6, "#c7c9d1": 5, "#5c5f6d": 5, "#e6d8c1": 6, "#cbb496": 4, "#6b5444": 4,
    },
    wander=(0.015, 0.005, 6.0),
)  # fmt: skip
_WHITE = _Swatches({"#ffffff": 5, "#faf7f2": 3, "#f0f3fa": 2}, wander=(0.008, 0.003, 4.0))
_DARK = _Swatches(
    {"#0b0a0d": 4, "#1d1b22": 4, "#2a2933": 4, "#252033": 2, "#2c2226": 1, "#1f2740": 2}, wander=(0.015, 0.006, 8.0)
)
_NAVY = _Swatches({"#1f2a4d": 5, "#27365f": 3, "#1c2238": 2, "#34497a": 1}, wander=(0.015, 0.01, 4.0))
_EARTH = _Swatches(
    {
        "#6e4f37": 4, "#9b7048": 4, "#c49a66": 4, "#5b6140": 3, "#7f8457": 3, "#a4523a": 3, "#d9b88a": 3, "#e8dcc3": 4,
        "#4a3a31": 3, "#b8863b": 3, "#7a2f2a": 2, "#3f4a45": 2,
    }
)  # fmt: skip
_METAL = _Swatches({"#e6b84a": 6, "#f0cf6e": 3, "#c9ccd6": 5, "#8e95a5": 3, "#c08a5c": 2, "#d8a392": 1})
_LEATHER = _Swatches(
    {"#5b3a29": 5, "#8a5a3a": 4, "#2d2a2e": 6, "#3f2a24": 3, "#b5885a": 2, "#d9c9b0": 1, "#6e2f2a": 1.5, "#f1ede6": 1.5}
)
_GREENERY = _Swatches(
    {"#6f9f62": 4, "#4f7f55": 4, "#8fb477": 3, "#3c6650": 3, "#a9bf86": 1, "#c97a4a": 1, "#f0b6c6": 1.5}
)
_GROUND = _Swatches({"#9b7a5a": 4, "#c9ad86": 3, "#8f8f95": 3, "#b9b6b2": 3, "#6b5140": 3, "#d8cbb8": 2, "#a65f48": 2})
_DECOR = _Swatches({"#f7b3c8": 4, "#f6d98a": 3, "#c7b3ee": 3, "#9ad9cf": 2, "#e8606a": 2, "#fdf6e8": 2, "#5a78b8": 2})
_SKY = _Swatches({"#a9d2f0": 5, "#7fb5e6": 4, "#cfe6f5": 3, "#f6d3b8": 1.5, "#f3b9c4": 1, "#2f3f73": 1.5, "#8c7fb8": 1})

_HUES = np.array([22.0, 40, 62, 88, 112, 150, 178, 200, 235, 258, 280, 305, 335, 358])
"""The hues of dress, named by eye: crimson, vermilion, orange, yellow, moss, green, jade, teal, sky, blue, indigo,
purple, magenta, pink. Their shares below follow taste, not the circle: warm reds and blues lead, greens are few."""
_HUE_EDGES = np.cumsum([13.0, 8, 7, 7, 3, 5, 4, 6, 9, 13, 9, 8, 4, 10]) / 106

_WHEEL = _oklch(
    ["#ff0000", "#ff8000", "#ffff00", "#80ff00", "#00ff00", "#00ffff", "#0080ff", "#0000ff", "#8000ff", "#ff00ff"]
)
_WHEEL = _WHEEL[np.argsort(_WHEEL[:, 2])]

_HARMONIES = {
    "mono": (0.0, 0.0, 0.0),
    "analogous": (0.0, 30.0, -28.0),
    "complementary": (0.0, 180.0, 10.0),
    "split": (0.0, 150.0, 210.0),
    "triad": (0.0, 120.0, 240.0),
}
_HARMONY_SHARES = (0.2, 0.3, 0.22, 0.16, 0.12)
_MOODS = {
    "vivid": ((0.44, 0.60, 0.78), (0.15, 0.21)),
    "bright": ((0.58, 0.72, 0.86), (0.10, 0.15)),
    "muted": ((0.36, 0.55, 0.74), (0.045, 0.085)),
    "deep": ((0.27, 0.37, 0.50), (0.07, 0.13)),
    "pastel": ((0.80, 0.87, 0.93), (0.04, 0.075)),
}
"""Mood: the lightness of a dark, a middle and a light garment, and the range of chroma."""


def _hue(rng: np.random.Generator) -> float:
    """Draw a hue of dress, in degrees."""
    return float(_HUES[np.searchsorted(_HUE_EDGES, rng.random())] + rng.normal(0, 7))


def _dye(rng: np.random.Generator, lightness: float, chroma: float, hue: float) -> Floats:
    """Color cloth so that every hue sits at a lightness that flatters it: yellow high, blue and purple low."""
    hue %= 360
    natural = np.interp(hue, _WHEEL[:, 2], _WHEEL[:, 0], period=360)
    pull = 0.45 * min(1.0, chroma / 0.2)
    lightness = (1 - pull) * lightness + pull * natural + rng.normal(0, 0.02)
    # The greens and cyans of a screen look garish as cloth: they lose chroma, and the greens sink a little.
    green, cyan = np.exp(-(((hue - np.array([138, 190])) / 26) ** 2))
    return np.array([lightness - 0.1 * green * min(1.0, chroma / 0.1), chroma * (1 - 0.48 * green - 0.22 * cyan), hue])


def _accent(rng: np.random.Generator, hue: float) -> Floats:
    """Draw the small color that catches the eye: ribbon, gem, buckle cloth."""
    return _dye(rng, rng.uniform(0.5, 0.75), rng.uniform(0.13, 0.20), hue)


def _in_harmony(rng: np.random.Generator, mood: str, neutrals: float) -> Floats:
    """Dress in a color harmony: four garments and an accent (5, 3); each garment but the first may turn neutral."""
    levels, chroma = _MOODS[mood]
    offsets = list(_HARMONIES.values())[rng.choice(len(_HARMONIES), p=_HARMONY_SHARES)]
    hue = _hue(rng)
    garments = [
        _dye(rng, level, rng.uniform(*chroma), hue + offset + rng.normal(0, 5))
        for level, offset in zip(rng.permutation(levels), offsets, strict=True)
    ]
    garments.append(garments[0] + np.array([rng.choice([-0.13, 0.12]), 0.0, rng.normal(0, 6)]))
    garments = [garments[0]] + [_NEUTRAL.draw(rng) if rng.random() < neutrals else cloth for cloth in garments[1:]]
    if rng.random() < 0.35:
        garments[0], garments[1] = garments[1], garments[0]
    return np.stack([*garments, _accent(rng, hue + rng.choice([180.0, 150.0, 30.0]))])


def _harmonious(rng: np.random.Generator) -> Floats:
    return _in_harmony(
        rng, str(rng.choice(["vivid", "bright", "muted", "deep"], p=[0.3, 0.32, 0.2, 0.18])), neutrals=0.4
    )


def _neutral_with_accent(rng: np.random.Generator) -> Floats:
    hue = _hue(rng)
    garments = [_NEUTRAL.draw(rng) for _ in range(4)]
    if rng.random() < 0.6:
        garments[rng.integers(1, 4)] = _dye(rng, rng.uniform(0.4, 0.7), rng.uniform(0.1, 0.18), hue)
    return np.stack([*garments, _accent(rng, hue)])


def _school(rng: np.random.Generator) -> Floats:
    """Sailor suits and blazers: a dark uniform color, white, and a ribbon."""
    uniform = _NAVY.draw(rng)
    if rng.random() < 0.4:
        uniform = _dye(rng, rng.uniform(0.28, 0.42), rng.uniform(0.04, 0.09), _hue(rng))
    skirt = uniform.copy() if rng.random() < 0.6 else _NEUTRAL.draw(rng)
    ribbon = _dye(rng, 0.52, 0.18, rng.choice([24.0, 24.0, 20.0, 258.0, 85.0, 150.0]) + rng.normal(0, 5))
    white = _WHITE.draw(rng)
    top = [white, uniform] if rng.random() < 0.6 else [uniform, white]
    return np.stack([*top, skirt, _DARK.draw(rng) if rng.random() < 0.5 else white, ribbon])


def _pastel(rng: np.random.Generator) -> Floats:
    return _in_harmony(rng, "pastel", neutrals=0.3)


def _earthy(rng: np.random.Generator) -> Floats:
    return np.stack([*(_EARTH.draw(rng) for _ in range(4)), _accent(rng, rng.choice([30.0, 75.0, 190.0, 150.0]))])


def _goth(rng: np.random.Generator) -> Floats:
    """Black with one deep color and a little white."""
    hue = rng.choice([20.0, 355.0, 305.0, 285.0, 258.0]) + rng.normal(0, 8)
    deep = _dye(rng, rng.uniform(0.3, 0.48), rng.uniform(0.09, 0.17), hue)
    last = _WHITE.draw(rng) if rng.random() < 0.5 else _NEUTRAL.draw(rng)
    garments = [_DARK.draw(rng), deep, _DARK.draw(rng), last]
    return np.stack([*garments, _accent(rng, hue)])


def _hero(rng: np.random.Generator) -> Floats:
    """Two strong colors against white or black, as heroes and idols wear."""
    hue = _hue(rng)
    first = _dye(rng, rng.uniform(0.48, 0.64), rng.uniform(0.17, 0.23), hue)
    second = _dye(rng, rng.uniform(0.5, 0.75), rng.uniform(0.15, 0.2), hue + rng.choice([180.0, 120.0, -120.0, 60.0]))
    ground = _WHITE.draw(rng) if rng.random() < 0.6 else _DARK.draw(rng)
    garments = [first, ground, second, _NEUTRAL.draw(rng)]
    if rng.random() < 0.3:
        garments[0], garments[1] = ground, first
    return np.stack([*garments, _dye(rng, 0.82, 0.16, 88 + rng.normal(0, 6))])


def _poster(rng: np.random.Generator) -> Floats:
    """The plain strong colors of comics, clip art and children's books."""
    garments = [_dye(rng, rng.uniform(0.45, 0.75), rng.uniform(0.17, 0.26), hue) for hue in rng.permutation(_HUES)[:4]]
    garments = [_NEUTRAL.draw(rng) if rng.random() < 0.25 else cloth for cloth in garments]
    return np.stack([*garments, _accent(rng, _hue(rng))])


_OUTFITS: tuple[tuple[Callable[[np.random.Generator], Floats], float], ...] = (
    (_harmonious, 0.28),
    (_neutral_with_accent, 0.17),
    (_school, 0.12),
    (_pastel, 0.12),
    (_earthy, 0.06),
    (_goth, 0.07),
    (_hero, 0.10),
    (_poster, 0.08),
)


def _hair(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw the hair and its second color: a tip, a streak or the inner side, nearly always of the same family."""
    hair = _NATURAL_HAIR.draw(rng) if rng.random() < 0.75 else _FANTASY_HAIR.draw(rng)
    if rng.random() < 0.12:
        return hair, _FANTASY_HAIR.draw(rng)
    step = rng.choice([-0.12, 0.10]) if 0.3 < hair[0] < 0.88 else (0.13 if hair[0] <= 0.3 else -0.10)
    second = hair + np.array([step + rng.normal(0, 0.02), rng.normal(0.01, 0.01), rng.normal(0, 14)])
    return hair, np.maximum(second, 0.0)


def draw_palette(rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw one palette: a color for every role of a drawing, combined as an illustrator would.

    Args:
        rng: source of all randomness.

    Returns:
        uint8 (len(ROLES), 3), sRGB, in the order of `ROLES`.
    """
    skin = (_SKIN, _FANTASY_SKIN, _SIGN_SKIN)[rng.choice(3, p=(0.94, 0.02, 0.04))].draw(rng)
    hair, hair_second = _hair(rng)
    iris = _IRIS.draw(rng)
    if hair[1] > 0.07 and rng.random() < 0.25:
        iris = np.array([np.clip(hair[0], 0.45, 0.7), hair[1] + 0.03, hair[2]])
    lighten = rng.uniform(0.08, 0.2)
    wear, shares = zip(*_OUTFITS, strict=True)
    cloth_1, cloth_2, cloth_3, cloth_4, accent = wear[rng.choice(len(wear), p=shares)](rng)
    # Lips are the skin with more blood in it; sometimes painted.
    lips = np.array([skin[0] - 0.13, skin[1] + 0.075, 22 + rng.normal(0, 6)])
    if rng.random() < 0.15:
        lips = np.array([rng.uniform(0.45, 0.62), rng.uniform(0.14, 0.19), 18 + rng.normal(0, 8)])
    # A scenery's first shape may be a hill, a trunk, a moon or a heart, so no kind of color is tied to a place in it.
    kinds = (_GREENERY, _GROUND, _SKY, _DECOR)
    scenery = [kinds[kind].draw(rng) for kind in rng.permutation(len(kinds))]
    colors = {
        "paper": np.array([1.0, 0.0, 0.0]),
        "skin": skin,
        "lips": lips,
        "sclera": np.array([rng.uniform(0.96, 1.0), rng.uniform(0.0, 0.008), 265.0]),
        "teeth": np.array([1.0, 0.0, 0.0]),
        "hair": hair,
        "hair.2": hair_second,
        "iris": iris,
        "iris.2": iris + np.array([lighten, 0.0, rng.normal(0, 15)]),
        "pupil": np.array([min(iris[0] * 0.45, 0.3), min(iris[1], 0.06), iris[2]]),
        "cloth.1": cloth_1,
        "cloth.2": cloth_2,
        "cloth.3": cloth_3,
        "cloth.4": cloth_4,
        "accent": accent,
        "metal": _METAL.draw(rng),
        "leather": _LEATHER.draw(rng),
        "ink": np.array([rng.uniform(0.16, 0.24), rng.uniform(0.0, 0.02), rng.uniform(0, 360)]),
        "object.1": scenery[0],
        "object.2": scenery[1],
        "object.3": scenery[2],
    }
    return _srgb(np.stack([colors[role] for role in ROLES]))
