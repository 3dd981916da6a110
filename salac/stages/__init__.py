"""The learned stages, each usable alone: style clusters, color categories, color proposal, refinement."""

from .color_categories import ColorCategories
from .color_proposal import ColorProposal
from .refiner import Refiner
from .style_clusters import StyleClusters

__all__ = ["ColorCategories", "ColorProposal", "Refiner", "StyleClusters"]
