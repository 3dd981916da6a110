"""Pages that lie elsewhere in the repository: the site shows them whole, and links to them lead to them here too."""

import posixpath
import re
from typing import Any

from sphinx.application import Sphinx

PAGES = {
    "changelog": "CHANGELOG.md",
    "comfyui": "examples/comfyui/README.md",
    "examples": "examples/README.md",
    "security": "SECURITY.md",
    "sketches": "examples/sketches/LICENSES.md",
}
"""Page of the site -> file in the repository, relative to its root."""

_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def show(app: Sphinx, page: str, source: list[str]) -> None:
    """Give a page the text of its file, and turn what links to such files."""
    folder = posixpath.dirname(PAGES.get(page, f"docs/{page}"))
    if page in PAGES:
        source[0] = (app.srcdir.parent / PAGES[page]).read_text("utf-8")
    pages = {path: f"/{name}.md" for name, path in PAGES.items()}

    def turned(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, link[1]))
        elsewhere = posixpath.relpath(path, "docs")
        return f"]({pages.get(path, elsewhere if page in PAGES else link[1])}"

    source[0] = _LINK.sub(turned, source[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """Listen to pages as they are read."""
    app.connect("source-read", show)
    return {"parallel_read_safe": True}
