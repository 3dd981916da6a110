"""How much of a figure is seen: from the head alone to the whole body, a chibi, or two figures."""

from dataclasses import dataclass

import numpy as np

from . import depths
from .body import Body
from .chance import Range, Rng, between, chance
from .render import View
from .scene import Scene


@dataclass(frozen=True, slots=True)
class Framing:
    """A crop of the picture.

    Attributes:
        share: how often it is drawn.
        pen: usual width of a pen stroke in pixels of a picture of 512.
        span: usual side of the square in world units, for choices made before the figure is drawn.
        bottom: height of the lower edge in world units; None shows the feet.
        knees: the lower edge lies at the knees instead.
        chibi: the figure is one.
    """

    share: float
    pen: float
    span: float
    bottom: Range | None = None
    knees: bool = False
    chibi: bool = False

    @property
    def legs(self) -> bool:
        """Whether some of the legs may be seen."""
        return self.bottom is None or self.bottom[1] > 4.8


FRAMINGS = {
    "head": Framing(18, 2.6, 4.3, (1.9, 2.5)),
    "bust": Framing(22, 2.3, 6.2, (3.2, 4.6)),
    "upper": Framing(17, 2.0, 8.0, (5.0, 6.6)),
    "knee": Framing(11, 1.8, 11.0, knees=True),
    "full": Framing(15, 1.65, 14.0),
    "chibi": Framing(10, 1.85, 9.0, chibi=True),
    "duo": Framing(7, 1.8, 8.5, (3.4, 5.4)),
}
CALM = ("head", "bust")
"""Framings without raised arms, which would only cross the picture."""


def frame(rng: Rng, framing: Framing, scene: Scene, bodies: list[Body]) -> View:
    """The square to show, after the figures have been drawn."""
    drawn = [shape for shape in scene.shapes if shape.contours and shape.clip is None]
    boxes = np.array([shape.box for shape in drawn])
    upper = np.array([shape.box for shape in drawn if _on_head(shape.depth)])
    margin = between(rng, (0.02, 0.07))
    if framing.bottom is None and not framing.knees:
        left, top, right, bottom = boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()
        side = max(right - left, bottom - top) * (1 + 2 * margin)
        middle = (left + right) / 2
        slack = side - (right - left) * (1 + margin)
        return View(middle - side / 2 + rng.uniform(-0.2, 0.2) * slack, (top + bottom) / 2 - side / 2, side)
    top = upper[:, 1].min()
    if framing.knees:
        body = bodies[0]
        bottom = body.root[1] + body.scale * (float(body.legs[1].knee[1]) + rng.uniform(-0.6, 0.4))
        top = max(boxes[:, 1].min(), -4.2)
    else:
        assert framing.bottom is not None
        bottom = between(rng, framing.bottom)
    top -= (bottom - top) * margin
    side = bottom - top
    if len(bodies) > 1:
        width = (upper[:, 2].max() - upper[:, 0].min()) * (1 + 2 * margin)
        side = max(side, width)
        middle = (upper[:, 2].max() + upper[:, 0].min()) / 2
    else:
        middle = rng.normal(0, 0.13 if chance(rng, 0.12) else 0.035) * side
    return View(float(middle - side / 2), float(top), float(side))


def _on_head(depth: float) -> bool:
    return depths.FACE <= depth % depths.NEXT_FIGURE < depths.RAISED_HAND
