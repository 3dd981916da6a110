"""SALAC in ComfyUI: line art segmented, filled and colored. How to install it: README.md."""

from .nodes import Colorize, Fill, Segment, Variations

NODE_CLASS_MAPPINGS = {
    "SalacSegment": Segment,
    "SalacFill": Fill,
    "SalacColorize": Colorize,
    "SalacVariations": Variations,
}
NODE_DISPLAY_NAME_MAPPINGS = {
    "SalacSegment": "Segment Line Art (SALAC)",
    "SalacFill": "Fill Segments (SALAC)",
    "SalacColorize": "Colorize Line Art (SALAC)",
    "SalacVariations": "Line Art Variations (SALAC)",
}

__all__ = ["NODE_CLASS_MAPPINGS", "NODE_DISPLAY_NAME_MAPPINGS"]
