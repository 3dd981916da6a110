"""How the site is built: `python -m sphinx -W -b html docs docs/_build/html`. No network is asked."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE / "extensions")]

import salac  # noqa: E402

project = "SALAC"
author = "the authors of SALAC"
project_copyright = "the authors of SALAC, Apache-2.0"
version = release = salac.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "commands", "repository"]
exclude_patterns = ["_build", "figures"]

myst_heading_anchors = 4

autodoc_default_options = {"members": True, "member-order": "bysource", "show-inheritance": True}
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring, napoleon_numpy_docstring = True, False

html_theme = "furo"
html_title = f"SALAC {version}"
html_copy_source = False
html_show_sphinx = False
