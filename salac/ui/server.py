"""The page on an address of this machine, until it is stopped."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr
import uvicorn
from fastapi import FastAPI

from ..colorizer import Colorizer
from ..errors import InputError
from .page import CSS, THEME, build_page

MAX_UPLOAD = "256mb"
SESSIONS = 64
"""Visitors whose drawings are kept in memory; the one who was away longest goes first."""


@contextmanager
def serving(colorizer: Colorizer, host: str, port: int) -> Iterator[tuple[uvicorn.Server, socket.socket]]:
    """Bind the page to an address; `server.run([socket])` serves it, and leaving the context wipes what was uploaded.

    Args:
        colorizer: the model.
        host: name or address to listen on.
        port: 0 takes one that is free.

    Raises:
        InputError: the address is taken, or is none of this machine.
    """
    try:
        bound = socket.create_server((host, port))
    except (OSError, OverflowError) as error:
        raise InputError(f"cannot listen on {host}:{port} ({error}): choose another --port or --host") from None
    with bound, tempfile.TemporaryDirectory(prefix="salac-ui-") as folder, _temporary_files(folder):
        page = build_page(colorizer)
        page.state_session_capacity = SESSIONS
        app = gr.mount_gradio_app(
            FastAPI(openapi_url=None),
            page,
            "/",
            theme=THEME,
            css_paths=CSS,
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            enable_monitoring=False,
            max_file_size=MAX_UPLOAD,
        )
        # Open pages hold a connection each: they are not waited for.
        yield uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)), bound


def address(bound: socket.socket) -> str:
    """The address that a browser on this machine opens."""
    host, port = bound.getsockname()[:2]
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"


@contextmanager
def _temporary_files(folder: str) -> Iterator[None]:
    """Have Gradio keep its files in a folder, which it asks the environment for."""
    before = os.environ.get("GRADIO_TEMP_DIR")
    os.environ["GRADIO_TEMP_DIR"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["GRADIO_TEMP_DIR"]
        else:
            os.environ["GRADIO_TEMP_DIR"] = before
