"""What the page answers when something on it is touched: values for its widgets, and messages where that fails."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from ..colorizer import Colorizer
from ..errors import InputError, SalacError
from . import studio
from .studio import Picture, Work

SHOWN = 4
"""How many values `_shown` tells."""


class Desk:
    """Answers of one model to all visitors; what belongs to one of them comes in with each call, and goes out again."""

    def __init__(self, colorizer: Colorizer, folder: str | os.PathLike[str]):
        """Take a model, and a folder for files to download."""
        self.colorizer = colorizer
        self.folder = folder

    def open(self, path: str | None, shaded: bool) -> list[Any]:
        """Show another drawing, or none, and forget the one before.

        Returns:
            The drawing's widget, emptied if it cannot be used; downloads, steering, scribbling, easel, gallery and the
            gallery's first seed; then what `_shown` tells.
        """
        work = None
        if path:
            try:
                work = studio.open_drawing(self.colorizer, path, shaded)
            except SalacError as error:
                _tell(error, path)
        there = work is not None
        easel = studio.shrink(work.plain.sketch, studio.EASEL)[..., None].repeat(3, -1) if work else None
        places = [gr.update(visible=there), gr.update(visible=there), gr.update(interactive=there)]
        return [gr.skip() if there else None, *places, easel, [], 0, *_shown(work)]

    def sample(self, work: Work | None, first: int) -> Iterator[list[tuple[Picture, str]]]:
        """Fill the gallery, one variation after the other."""
        pictures: list[tuple[Picture, str]] = []
        for picture in studio.variations(self.colorizer, work, first) if work else ():
            pictures = [*pictures, picture]
            yield pictures

    def stages(self, work: Work | None) -> list[tuple[Picture, str]]:
        """Show every stage of the result."""
        return studio.stages(work.result) if work else []

    def choose(self, work: Work | None, first: int, event: gr.SelectData) -> list[Any]:
        """Make a variation of the gallery the result."""
        return self._recolor(work, lambda work: {"asked": {"seed": first + event.index}})

    def repaint(self, work: Work | None, swatches: Any) -> list[Any]:
        """Color by the palette as it was edited."""
        return self._recolor(work, lambda work: {"asked": {"palette": studio.palette_of(swatches)}})

    def refer(self, work: Work | None, path: str | None) -> list[Any]:
        """Color by a picture; its widget, emptied if it cannot be used, comes before what `_shown` tells."""
        if not path:
            return [gr.skip()] * (1 + SHOWN)
        shown = self._recolor(work, lambda work: {"asked": studio.colors_of_reference(path)}, path)
        return [gr.skip() if isinstance(shown[0], Work) else None, *shown]

    def obey(self, work: Work | None, easel: dict[str, Any] | None) -> list[Any]:
        """Color by the scribbles on the easel; without any the hinted segments get their own colors back."""
        layers = easel["layers"] if easel else []
        return self._recolor(work, lambda work: {"scribbles": studio.scribbles_of(layers, work.plain.sketch.shape)})

    def shade(self, work: Work | None, shaded: bool) -> list[Any]:
        """Leave shade and light out, or bring them back."""
        return self._recolor(work, lambda work: {"shaded": shaded})

    def save(self, work: Work | None, suffix: str) -> str:
        """Write the result to a file of this kind, and tell the path.

        Raises:
            gr.Error: it cannot be written; nothing is downloaded then.
        """
        try:
            return studio.save(_there(work), suffix, self.folder)
        except SalacError as error:
            raise gr.Error(html.escape(str(error)), print_exception=False) from None

    def _recolor(
        self, work: Work | None, changes: Callable[[Work], dict[str, Any]], path: str | None = None
    ) -> list[Any]:
        try:
            work = _there(work)
            return _shown(studio.recolor(self.colorizer, work, **changes(work)))
        except SalacError as error:
            _tell(error, path)
            return [gr.skip()] * SHOWN


def _there(work: Work | None) -> Work:
    if work is None:
        raise InputError("there is no drawing any more: drop it again")
    return work


def _tell(error: SalacError, path: str | None) -> None:
    """Show what went wrong; of a file that was sent only the name, for its folder says nothing to a visitor."""
    message = str(error).replace(path, Path(path).name) if path else str(error)
    # Messages are shown as HTML, and names of files are part of them.
    gr.Warning(html.escape(message))


def _shown(work: Work | None) -> list[Any]:
    """The state, and what is shown of it: image, caption, palette."""
    if work is None:
        return [None, None, "", []]
    result = work.result
    height, width = result.sketch.shape
    caption = f"Colors of {work.title}. {width} × {height} px, {result.segments.count} segments."
    return [work, studio.shrink(result.image, studio.VIEW), caption, studio.swatches(result)]
