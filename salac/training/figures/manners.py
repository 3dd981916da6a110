"""Manners of drawing a face, as a table: anime, cartoon, sticker, lifelike; all figures of a picture share one."""

from dataclasses import dataclass

from .chance import Range


@dataclass(frozen=True, slots=True)
class Manner:
    """How faces are built and drawn.

    Attributes:
        share: how often it is drawn.
        framings: framings it is drawn in, () for all.
        pens: pens it is drawn with, () for all.
        jaw: width of the jaw relative to the anime one; that of men is wider by `male_jaw`.
        round: the head is a ball.
        eye_line: height of the eyes in head units.
        eye_width, eye_height: half width and half height of an eye.
        toon_eyes: chance of eyes from the cartoonist's table, see `toon_eyes`.
        lips: chance of a mouth with lips.
        nose: size of the nose, how far it stands out in profile.
        ears: size of the ears.
        body: size of the body under the head.
        old: chance of an old face.
        beard: chance that a man has a beard or a moustache.
        fringe: how much higher the fringe ends, so that it does not hide the eyes.
        plain: few inner lines.
    """

    share: float
    framings: tuple[str, ...] = ()
    pens: tuple[str, ...] = ()
    jaw: Range = (0.9, 1.06)
    male_jaw: float = 0.05
    round: bool = False
    eye_line: float = 0.40
    eye_width: Range = (0.255, 0.325)
    eye_height: Range = (0.27, 0.39)
    toon_eyes: float = 0.0
    lips: float = 0.0
    nose: Range = (0.0, 0.0)
    ears: Range = (0.95, 1.1)
    body: float = 1.0
    old: float = 0.02
    beard: float = 0.1
    fringe: float = 0.0
    plain: bool = False


MANNERS = {
    "anime": Manner(58),
    "cartoon": Manner(
        16, pens=("nib", "loose_nib", "brush", "comic_pen", "felt_pen", "fineliner"), jaw=(0.88, 1.3), male_jaw=0.1,
        eye_line=0.34, eye_width=(0.16, 0.26), eye_height=(0.2, 0.32), toon_eyes=0.85, lips=0.25, nose=(0.08, 0.34),
        ears=(1.0, 1.5), old=0.15, beard=0.4, fringe=-0.16,
    ),
    "sticker": Manner(
        11, ("head", "bust", "upper", "chibi"), ("felt_pen", "fineliner", "comic_pen"), jaw=(0.98, 1.04), male_jaw=0.0,
        round=True, eye_line=0.36, toon_eyes=1.0, lips=0.04, nose=(0.04, 0.12), ears=(0.8, 1.1), old=0.08, beard=0.4,
        fringe=-0.16, plain=True,
    ),
    "lifelike": Manner(
        15, ("head", "bust", "upper", "knee", "full", "duo"), jaw=(1.0, 1.12), male_jaw=0.14, eye_line=0.29,
        eye_width=(0.19, 0.235), eye_height=(0.105, 0.14), lips=0.7, nose=(0.06, 0.18), ears=(0.9, 1.1), body=1.2,
        old=0.28, beard=0.55, fringe=-0.24,
    ),
}  # fmt: skip
"""Manners by name."""
