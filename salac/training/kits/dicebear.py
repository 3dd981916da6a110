"""Composes the styles of the PyPI package `dicebear-styles`: trees of SVG elements with color tokens and components.

Only the definitions are used, not the package that renders them: a rendered avatar no longer tells which token, and so
which role, a color came from.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.util import find_spec
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from salac.training.kits.svg import Shape, read_element


def missing() -> str | None:
    """Remedy if the styles are not installed, else None."""
    return None if find_spec("dicebear_styles") else "pip install dicebear-styles==10.6.0"


class Style:
    """One style definition: a canvas of components, each with variants."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self._canvas = definition["canvas"]["elements"]
        self._components = definition["components"]

    @staticmethod
    @cache
    def load(name: str) -> "Style":
        """Reads an installed style once.

        Args:
            name: file name in the package, such as "open-peeps".
        """
        return Style(json.loads(resources.files("dicebear_styles").joinpath(f"{name}.json").read_text("utf-8")))

    def choose(
        self, rng: np.random.Generator, odds: Mapping[str, float], undrawn: frozenset[str] = frozenset()
    ) -> dict[str, str]:
        """Chooses a variant of every component.

        Args:
            rng: source of the choice.
            odds: chance that an optional component is there; those not named always are.
            undrawn: variants that are never chosen.
        """
        choice = {}
        for component, definition in self._components.items():
            variants = sorted(set(definition["variants"]) - undrawn)
            variant = variants[rng.integers(len(variants))]
            if rng.random() < odds.get(component, 1.0):
                choice[component] = variant
        return choice

    def shapes(self, choice: Mapping[str, str]) -> tuple[Shape, ...]:
        """Lays the chosen variants out, back to front; fills are color tokens, such as "hair", or written colors.

        Args:
            choice: variant of every component that is there.
        """
        root = Element("svg", {"fill": "none"})
        self._append(root, self._canvas, choice)
        return read_element(root)

    def _append(self, parent: Element, children: list[dict[str, Any]], choice: Mapping[str, str]) -> None:
        for child in children:
            name, kind = child.get("name", ""), child["type"]
            attributes = {key: _written(value) for key, value in (child.get("attributes") or {}).items()}
            if kind == "component" and name in choice:
                group = Element("g", {**attributes, "component": name, "variant": choice[name]})
                self._append(group, self._components[name]["variants"][choice[name]]["elements"], choice)
                parent.append(group)
            elif kind == "element":
                element = Element(name, attributes)
                self._append(element, child.get("children") or [], choice)
                parent.append(element)


def _written(value: Any) -> str:
    """An attribute as text; a color reference becomes the name of its token."""
    return str(value["name"] if isinstance(value, dict) else value)
