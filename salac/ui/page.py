"""The widgets of the page, and what each of them sets going."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from ..colorizer import Colorizer
from .desk import Desk
from .studio import VARIATIONS

HERE = Path(__file__).parent
EXAMPLES = [str(HERE / "examples" / f"{name}.png") for name in ("portrait", "full-figure", "squirrel")]
CSS = HERE / "page.css"
THEME = gr.themes.Base(
    primary_hue="indigo",
    neutral_hue="stone",
    radius_size="lg",
    # Names of what systems have: a font from elsewhere would be fetched.
    font=["system-ui", "sans-serif"],
    font_mono=["ui-monospace", "monospace"],
).set(
    body_background_fill="*neutral_50",
    block_border_width="1px",
    block_shadow="none",
    button_large_text_weight="500",
    button_medium_text_weight="500",
    button_large_padding="10px 16px",
    button_large_text_size="15px",
    button_secondary_background_fill="white",
    button_secondary_background_fill_dark="*neutral_800",
    button_secondary_background_fill_hover="*neutral_100",
    button_secondary_border_color="*neutral_300",
    button_border_width="1px",
    button_primary_background_fill="*primary_600",
    button_primary_background_fill_hover="*primary_700",
)
BRUSH = ["#c8202a", "#e0a63c", "#4d7a3a", "#2f4f9f", "#7a3b8f", "#f3d9c0", "#7a3b2e", "#2b2b2b", "#ffffff"]

SAVED = {"Save PNG": ".png", "Save PSD": ".psd", "Save ORA": ".ora"}
"""What the buttons below the result write."""
CACHE = (3600, 24 * 3600)
"""Seconds between two looks for old temporary files, and the age from which they go."""


def build_page(colorizer: Colorizer) -> gr.Blocks:
    """Lay the page out and tie its widgets to a model.

    Args:
        colorizer: the model that all visitors share; it keeps nothing of them.

    Returns:
        The page; what belongs to one visitor is in its session's state.
    """
    with gr.Blocks(title="SALAC", analytics_enabled=False, delete_cache=CACHE, fill_width=True) as page:
        desk = Desk(colorizer, page.GRADIO_CACHE)
        work, first = gr.State(None), gr.State(0)
        gr.HTML("<h1>SALAC</h1><p>Drop a line drawing and see it colored. No network needed.</p>", elem_id="heading")

        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320), gr.Tabs():
                with gr.Tab("Drawing"):
                    drawing = gr.Image(
                        type="filepath",
                        image_mode=None,
                        sources=["upload", "clipboard"],
                        label="Line drawing",
                        show_label=False,
                        buttons=[],
                        height=480,
                        elem_id="drawing",
                        placeholder="# Drop a line drawing\nor click to choose a file",
                    )
                    gr.Examples(EXAMPLES, drawing, label="Or try one of these")
                with gr.Tab("Scribbles", interactive=False) as scribbling:
                    gr.HTML(
                        "<p>Paint on a part: it gets exactly that color, or stays paper where it is white.</p>",
                        elem_classes="section",
                    )
                    easel = gr.ImageEditor(
                        format="png",
                        sources=(),
                        transforms=(),
                        layers=False,
                        brush=gr.Brush(default_size=12, colors=BRUSH, default_color=BRUSH[0]),
                        eraser=gr.Eraser(default_size=24),
                        show_label=False,
                        buttons=[],
                        height=480,
                        elem_id="easel",
                    )
                    obey = gr.Button("Color with these scribbles", variant="primary", elem_id="obey")
            with gr.Column(scale=6, min_width=320):
                with gr.Row(elem_id="above"):
                    caption = gr.HTML(elem_id="caption", min_width=100)
                    shaded = gr.Checkbox(True, label="Shade", container=False, scale=0, min_width=100, elem_id="shade")
                image = gr.Image(
                    show_label=False,
                    interactive=False,
                    format="png",
                    buttons=["fullscreen"],
                    height=480,
                    elem_id="result",
                )
                with gr.Row(visible=False) as downloads:
                    saving = [gr.Button(label, min_width=90, size="md") for label in SAVED]
                saved = gr.DownloadButton(visible="hidden", elem_id="saved")

        with gr.Column(visible=False) as steering:
            with gr.Row(equal_height=False):
                with gr.Column(scale=6, min_width=320):
                    gr.HTML("<h3>Variations</h3><p>Click one to make it the result.</p>", elem_classes="section")
                    gallery = gr.Gallery(
                        show_label=False,
                        columns=4,
                        object_fit="contain",
                        allow_preview=False,
                        format="png",
                        buttons=[],
                        elem_id="variations",
                    )
                    more = gr.Button("Eight more", elem_id="more")
                with gr.Column(scale=5, min_width=320):
                    gr.HTML("<h3>Palette</h3><p>Of the result. Change it and color again.</p>", elem_classes="section")
                    palette = gr.HTML(
                        [],
                        html_template=(HERE / "palette.html").read_text(),
                        css_template=(HERE / "palette.css").read_text(),
                        js_on_load=(HERE / "palette.js").read_text(),
                        elem_id="palette",
                    )
                    repaint = gr.Button("Color with this palette", variant="primary", elem_id="repaint")
                    with gr.Accordion("Or take the colors of a picture", open=False):
                        reference = gr.Image(
                            type="filepath",
                            image_mode=None,
                            sources=["upload", "clipboard"],
                            show_label=False,
                            buttons=[],
                            height=200,
                            elem_id="reference",
                        )
            with gr.Accordion("Every stage", open=False, elem_id="stages"):
                steps = gr.Gallery(
                    show_label=False, columns=4, object_fit="contain", format="png", buttons=[], elem_id="steps"
                )

        for picture in (drawing, reference):
            # The file as it was sent: Pillow, as Gradio would call it, neither knows all of them nor says what to do.
            picture.preprocess = lambda payload: payload and payload.path

        drawing.preprocess = reference.preprocess = _as_sent

        shown = [work, image, caption, palette]
        how: dict[str, Any] = {"show_progress": "minimal", "show_progress_on": image}
        quietly: dict[str, Any] = {"show_progress": "hidden"}

        of_drawing = [drawing, downloads, steering, scribbling, easel, gallery, first]
        fresh = drawing.change(desk.open, [drawing, shaded], [*of_drawing, *shown], **how)
        another = more.click(lambda first: first + VARIATIONS, first, first, **quietly)
        for event in (fresh, another):
            event.then(desk.sample, [work, first], gallery, **quietly)
        for event in (
            fresh,
            gallery.select(desk.choose, [work, first], shown, **how),
            repaint.click(desk.repaint, [work, palette], shown, **how),
            reference.change(desk.refer, [work, reference], [reference, *shown], **how),
            obey.click(desk.obey, [work, easel], shown, **how),
            shaded.input(desk.shade, [work, shaded], shown, **how),
        ):
            event.then(desk.stages, work, steps, **quietly)

        for button in saving:
            download = "() => document.querySelector('#saved').click()"
            saver = partial(desk.save, suffix=SAVED[button.value])
            button.click(saver, work, saved, **how).success(None, js=download)
    return page


def _as_sent(payload: Any) -> str | None:
    """The path of a picture as it was sent: salac's reader knows more files, and says what to do about bad ones."""
    return payload and str(payload.path)
