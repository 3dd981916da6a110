"""What several tests need: a whole model, untrained and small, in the form that trained models have."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a model with every file that a trained one has; its nets are random and tiny."""
    import numpy as np
    import torch

    from salac.histogram import HistogramBank, RGBuvHistogram
    from salac.nets.generator import GeneratorConfig, ProposalGenerator
    from salac.nets.refinenet import RefineNet, RefineNetConfig
    from salac.nets.refiner import RefinerConfig, RefinerGenerator
    from salac.nets.weights import save_net
    from salac.zoo.manifest import write_manifest

    folder = tmp_path_factory.mktemp("model")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        nets = {
            "style-clusters-7": RefineNet(RefineNetConfig(classes=7, width=8, size=64)),
            "style-clusters-9": RefineNet(RefineNetConfig(classes=6, width=8, size=64)),
            "color-categories": RefineNet(RefineNetConfig(classes=6, priors=13, width=8, size=64)),
            "color-proposal": ProposalGenerator(GeneratorConfig(widths=(8, 8, 16, 16), dim=16, depth=1, size=64)),
            "refiner": RefinerGenerator(RefinerConfig(widths=(8, 8, 8, 8), size=64)),
        }
    for name, net in nets.items():
        save_net(net, folder / f"{name}.safetensors")
    form, rng = RGBuvHistogram(), np.random.default_rng(0)
    palettes = [form.from_palette(rng.integers(256, size=(5, 3), dtype=np.uint8), np.ones(5)) for _ in range(16)]
    HistogramBank.from_histograms(palettes).save(folder / "histograms.safetensors")
    write_manifest(folder)
    return folder
