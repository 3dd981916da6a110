"""Eyes as cartoons and stickers have them, as a table: dots, beads, ovals, goggles, half closed ones, arcs."""

from dataclasses import dataclass

from . import depths
from .chance import Rng, between, chance, choose
from .curves import Outline, array, bezier, ellipse, join, spline, vector
from .head import Head
from .scene import Scene


@dataclass(frozen=True, slots=True)
class ToonEye:
    """A cartoonist's eye.

    Attributes:
        manners: in which it is drawn.
        white: half width and half height of the outlined white, (0, 0) for none.
        pupil: half width and half height of the black dot; (0, 0) for none.
        iris: radius of a colored iris below it, 0 for none.
        lid: share of the white that a lid covers.
        lash: an upper lid line drawn over the eye, with that many lashes at its outer end; -1 for none.
        arch: closed eyes: 1 arched up, -1 arched down.
        spacing: distance of the eyes from the middle, 0 for the usual.
    """

    manners: tuple[str, ...] = ("cartoon", "sticker")
    white: tuple[float, float] = (0.0, 0.0)
    pupil: tuple[float, float] = (0.0, 0.0)
    iris: float = 0.0
    lid: float = 0.0
    lash: int = -1
    arch: int = 0
    spacing: float = 0.0


_TOON = ("cartoon",)

TOON_EYES = {
    "dots": ToonEye(pupil=(0.09, 0.095)),
    "beads": ToonEye(pupil=(0.075, 0.14)),
    "lashed_dots": ToonEye(pupil=(0.075, 0.1), lash=2),
    "lidded_dots": ToonEye(_TOON, pupil=(0.07, 0.08), lash=0),
    "ovals": ToonEye(_TOON, white=(0.19, 0.25), pupil=(0.07, 0.09), lash=-1),
    "lashed_ovals": ToonEye(_TOON, white=(0.21, 0.22), pupil=(0.05, 0.06), iris=0.12, lash=3),
    "goggles": ToonEye(_TOON, white=(0.29, 0.31), pupil=(0.07, 0.08), spacing=0.29),
    "irised": ToonEye(_TOON, white=(0.22, 0.2), pupil=(0.06, 0.065), iris=0.14, lash=0),
    "sleepy": ToonEye(_TOON, white=(0.22, 0.22), pupil=(0.07, 0.08), lid=0.45),
    "staring": ToonEye(white=(0.2, 0.2), pupil=(0.035, 0.035)),
    "smiling": ToonEye(arch=1),
    "shut": ToonEye(arch=-1),
}
"""Eyes by name."""


def draw_toon_eyes(scene: Scene, head: Head) -> str:
    """Draw both eyes and brows in the head's frame; returns the kind's name."""
    rng = scene.rng
    kind = choose(rng, [name for name, eye in TOON_EYES.items() if head.style in eye.manners])
    eye = TOON_EYES[kind]
    spacing = eye.spacing or between(rng, (0.34, 0.44))
    size, gaze = between(rng, (0.85, 1.2)), (rng.normal(0, 0.25), rng.normal(0, 0.15))
    brow = _Brow(rng, head)
    for s in (-1, 1):
        if s > 0 and head.profile:
            continue
        x = 0.48 if head.profile else head.across(s * spacing)
        narrow = 0.6 if head.profile else 1 - (0.22 if s > 0 else 0.05) * head.turn
        with scene.placed(x, head.manner.eye_line, 0, (s * size * narrow, size)):
            _draw_eye(scene, eye, (s * gaze[0] * head.facing, gaze[1]))
            brow.draw(scene, eye.white[1] or 0.14)
    return kind


def _draw_eye(scene: Scene, eye: ToonEye, gaze: tuple[float, float]) -> None:
    lines = scene.ghost(depths.LASH)
    if eye.arch:
        a = eye.arch
        scene.stroke(lines, spline([(-0.17, 0.05 * a), (0, -0.09 * a), (0.17, 0.05 * a)]), 1.3, (0.3, 0.3))
        return
    wide, high = eye.white
    white = None
    x, y = 0.0, 0.0
    if wide:
        white = scene.shape(ellipse(0, 0, wide, high), "eye_white", "sclera", depths.EYE, 0.9)
        reach = max(eye.iris, eye.pupil[0])
        x = max(-0.8, min(0.8, gaze[0])) * max(0.0, wide - reach)
        y = max(-0.6, min(0.6, gaze[1])) * max(0.0, high - reach) + high * eye.lid * 0.45
    if eye.iris:
        scene.shape(ellipse(x, y, eye.iris, eye.iris), "iris", "iris", depths.EYE + 0.1, 0.8, clip=white)
    dot = ellipse(x, y, *eye.pupil)
    pupil = scene.shape(dot, "iris", "pupil", depths.EYE + 0.2, 0.0, clip=white)
    pupil.solid = True
    if eye.pupil[0] > 0.06 and not scene.plain and chance(scene.rng, 0.5):
        spark = ellipse(x + 0.3 * eye.pupil[0], y - 0.35 * eye.pupil[1], 0.3 * eye.pupil[0], 0.3 * eye.pupil[1], 12)
        scene.shape(spark, "eye_white", "sclera", depths.EYE + 0.3, 0.0, clip=white)
    if eye.lid and white:
        scene.shape(_lid(wide, high, eye.lid), "skin", "skin", depths.EYE + 0.4, 0.9, clip=white)
    if eye.lash >= 0:
        w, top = (wide * 1.05, -high * 0.75) if wide else (0.14, -eye.pupil[1] * 0.9)
        lid = spline([(-w, top + 0.1), (-0.3 * w, top - 0.03), (0.4 * w, top - 0.02), (w, top + 0.08)])
        scene.stroke(lines, lid, 1.4, (0.8, 0.2))
        for i in range(eye.lash):
            root = lid[-1 - 4 * i]
            scene.stroke(lines, [root, root + vector(0.09 - 0.02 * i, -0.05 - 0.03 * i)], 1.0, (0, 1))


def _lid(wide: float, high: float, share: float) -> Outline:
    edge = high * (2 * share - 1)
    return join(bezier((-1.2 * wide, edge), (0, edge - 0.03), (1.2 * wide, edge)),
                array([(1.2 * wide, -1.2 * high), (-1.2 * wide, -1.2 * high)])).inked(0)  # fmt: skip


class _Brow:
    """The brows of a face: thin, thick or none, tilted by its mood."""

    def __init__(self, rng: Rng, head: Head):
        self._thick = 0.0 if chance(rng, 0.2) else between(rng, (0.03, 0.075 if not head.male else 0.12))
        self._tilt, self._lift = rng.normal(0, 0.06), between(rng, (0.06, 0.14))

    def draw(self, scene: Scene, above: float) -> None:
        """Draw one brow, its inner end at -x, `above` the eye's middle."""
        if not self._thick:
            return
        y, thick = -above - self._lift, max(self._thick, 1.1 * scene.pen)
        arch = spline([(-0.17, y + self._tilt), (0.02, y - 0.05), (0.2, y + 0.02 - self._tilt)])
        scene.blade(scene.ghost(depths.BROW), arch, (0.8 * thick, thick, 0.8 * thick, 0.3 * thick))
