"""How wide and how large the nets of a model are."""

from dataclasses import dataclass

from ..color import CATEGORIES
from ..nets.generator import GeneratorConfig
from ..nets.refinenet import RefineNetConfig
from ..nets.refiner import RefinerConfig
from ..nets.stylegan2 import StyleGAN2Config
from ..stages.style_clusters import CLUSTERS
from .priors import CLUSTER_CHANNELS


@dataclass(frozen=True, kw_only=True)
class Size:
    """Configurations of every stage's nets.

    Attributes:
        style_gan: of the generator whose features are clustered, and of its discriminator.
        width: of the nets that see style clusters and categories.
        side: of the square picture that these are trained at, px.
        proposal: of the proposal's generator.
        refiner: of the refiner.
    """

    style_gan: StyleGAN2Config
    width: int
    side: int
    proposal: GeneratorConfig
    refiner: RefinerConfig

    def style_clusters(self, layer: int) -> RefineNetConfig:
        """Of the net that sees the style clusters of one layer (7 or 9)."""
        return RefineNetConfig(classes=CLUSTERS[layer], width=self.width, size=self.side)

    def categories(self) -> RefineNetConfig:
        """Of the category net."""
        return RefineNetConfig(classes=len(CATEGORIES), priors=CLUSTER_CHANNELS, width=self.width, size=self.side)


SIZES = {
    "tiny": Size(
        style_gan=StyleGAN2Config(),
        width=16,
        side=128,
        proposal=GeneratorConfig(),
        refiner=RefinerConfig(),
    ),
    "base": Size(
        # Layer 7 has 512 channels and layer 9 has 256, as in "Segmentation in Style".
        style_gan=StyleGAN2Config(widths=(512, 512, 512, 512, 512, 256, 128), style_dim=512, mapping_layers=8),
        width=64,
        side=256,
        proposal=GeneratorConfig(
            slots=16, widths=(64, 128, 256, 384), residual=(1, 3, 4, 6), dim=256, depth=6, heads=8, size=512
        ),
        refiner=RefinerConfig(widths=(96, 192, 256, 384), size=512),
    ),
}
"""salac-tiny, which is trained on a laptop, and salac-base, which wants a GPU."""
