"""Which spans belong together: union-find over spans instead of pixels."""

import numpy as np
from numpy.typing import NDArray

from salac._tbs.bits import Spans
from salac._tbs.jit import kernel


def components(spans: Spans, *, diagonal: bool) -> tuple[NDArray[np.int32], int]:
    """Number the connected pieces of equal label.

    Args:
        spans: n spans; neighbours within a row that touch must differ in label.
        diagonal: whether pixels that only share a corner are connected.

    Returns:
        The piece of every span, int32 (n,), from 1 in raster order of a piece's first pixel, and how many there are.
    """
    piece = np.empty(spans.start.size, np.int32)
    return piece, _components(spans, 1 if diagonal else 0, piece)


@kernel
def find(parent: NDArray[np.int32], i: int) -> int:
    """The root of i, halving the path on the way."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@kernel
def _components(spans: Spans, reach: int, piece: NDArray[np.int32]) -> int:
    row, start, stop, label = spans.row, spans.start, spans.stop, spans.label
    parent = np.arange(start.size).astype(np.int32)
    for y in range(1, row.size - 1):
        above, above_end = row[y - 1], row[y]
        here, here_end = row[y], row[y + 1]
        while above < above_end and here < here_end:
            touch = start[here] < stop[above] + reach and start[above] < stop[here] + reach
            if touch and label[above] == label[here]:
                a, b = find(parent, above), find(parent, here)
                # The lower root wins, so a piece's root is the span of its first pixel.
                if a < b:
                    parent[b] = a
                else:
                    parent[a] = b
            if stop[above] < stop[here]:
                above += 1
            else:
                here += 1
    count = 0
    for i in range(start.size):
        root = find(parent, i)
        if root == i:
            count += 1
            piece[i] = count
        else:
            piece[i] = piece[root]
    return count
