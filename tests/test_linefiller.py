"""LineFiller's maps, bit for bit, on drawings segmented by LineFiller itself."""

from pathlib import Path

import numpy as np
import pytest

from salac._tbs import linefiller

GOLDEN = sorted((Path(__file__).parent / "data" / "linefiller").glob("*.npz"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_map_equals_linefillers(path: Path) -> None:
    golden = np.load(path)
    raw = linefiller.fill(golden["sketch"] > 220).labels
    assert np.array_equal(raw, golden["raw"])
    merged = linefiller.merge(raw)
    assert np.array_equal(merged, golden["merged"])
    assert np.array_equal(linefiller.thin(merged), golden["thinned"])
