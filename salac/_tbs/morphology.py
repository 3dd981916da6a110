"""The ball: a digital disc, and where it fits."""

import math

import numpy as np
from numpy.typing import NDArray

from salac._tbs.bits import ONE, TOP, Words
from salac._tbs.jit import kernel

ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


def disc(radius: int) -> NDArray[np.int64]:
    """The ball as half widths (radius + 1,): row dy of it reaches half_width[abs(dy)] columns to either side.

    Its pixels are those with dx^2 + dy^2 <= radius^2 + radius / 2, which looks rounder on the grid than radius^2.
    """
    return np.array([math.isqrt(radius * radius + radius // 2 - dy * dy) for dy in range(radius + 1)], np.int64)


def erode(words: Words, half_width: NDArray[np.int64], padding: np.uint64) -> Words:
    """The positions where the ball covers set pixels only; outside the drawing nothing blocks it."""
    fits = words.copy()
    _erode(words, half_width, padding, fits)
    return fits


def dilate(words: Words, half_width: NDArray[np.int64], padding: np.uint64) -> Words:
    """The pixels that a ball at some set position covers (bits past the width are undefined).

    By duality, so that one kernel is enough: what no ball covers is where a ball fits into the complement.
    """
    return ~erode(~words, half_width, padding)


@kernel
def _erode(words: Words, half_width: NDArray[np.int64], padding: np.uint64, fits: Words) -> None:
    height, width = words.shape
    # One guard word at either end stands for the free outside.
    row = np.full(width + 2, ALL)
    narrower = np.full(width + 2, ALL)
    for y in range(height):
        blocked = False
        for j in range(width):
            row[j + 1] = words[y, j]
        row[width] |= padding
        for j in range(width):
            blocked |= row[j + 1] != ALL
        if not blocked:
            continue
        # From the ball's short top and bottom rows to its widest: each is the one before, narrowed a little more.
        reach = 0
        for dy in range(half_width.size - 1, -1, -1):
            while reach < half_width[dy]:
                for j in range(1, width + 1):
                    left = row[j] << ONE | row[j - 1] >> TOP
                    right = row[j] >> ONE | row[j + 1] << TOP
                    narrower[j] = row[j] & left & right
                row, narrower = narrower, row
                reach += 1
            if y >= dy:
                for j in range(width):
                    fits[y - dy, j] &= row[j + 1]
            if y + dy < height:
                for j in range(width):
                    fits[y + dy, j] &= row[j + 1]
