"""A drawing as packed rows (64 pixels a word) and as spans (stretches of set pixels within a row)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from salac._tbs.jit import kernel

Words = NDArray[np.uint64]
"""(H, ceil(W / 64)): bit b of word j is column 64 * j + b; the padding bits past column W - 1 are 0."""

ONE = np.uint64(1)
TOP = np.uint64(63)

# 2 is a primitive root of 67: the powers of two that fit into a word have different remainders, which name the bit.
PRIME = np.uint64(67)
_LOWEST_BIT = np.empty(67, np.int64)
_LOWEST_BIT[[2**b % 67 for b in range(64)]] = range(64)


class Spans(NamedTuple):
    """Disjoint stretches of pixels, ordered by row, then by column.

    Attributes:
        row: int64 (H + 1,): the spans row[y]:row[y + 1] lie in row y.
        start: int32 (n,): first column.
        stop: int32 (n,): one past the last column.
        label: int32 (n,): what the stretch belongs to.
    """

    row: NDArray[np.int64]
    start: NDArray[np.int32]
    stop: NDArray[np.int32]
    label: NDArray[np.int32]


def pack(free: NDArray[np.bool_]) -> Words:
    """Pack a mask (H, W) of free pixels into words."""
    octets = np.packbits(free, axis=1, bitorder="little")
    missing = -octets.shape[1] % 8
    if missing:
        octets = np.pad(octets, ((0, 0), (0, missing)))
    return np.ascontiguousarray(octets).view("<u8").astype(np.uint64, copy=False)


def padding(width: int) -> np.uint64:
    """The bits of a row's last word that lie past column width - 1."""
    used = width % 64
    return np.uint64(0 if used == 0 else 0xFFFFFFFFFFFFFFFF << used & 0xFFFFFFFFFFFFFFFF)


def runs(words: Words, width: int, label: int = 0) -> Spans:
    """The maximal stretches of set bits, all with the same label."""
    count = _count_runs(words)
    row = np.empty(words.shape[0] + 1, np.int64)
    start = np.empty(count, np.int32)
    stop = np.empty(count, np.int32)
    _trace_runs(words, width, row, start, stop)
    return Spans(row, start, stop, np.full(count, label, np.int32))


@kernel
def _count_runs(words: Words) -> int:
    count = 0
    for y in range(words.shape[0]):
        before = np.uint64(0)
        for j in range(words.shape[1]):
            word = words[y, j]
            starts = word & ~(word << ONE | before)
            before = word >> TOP
            while starts != 0:
                starts &= starts - ONE
                count += 1
    return count


@kernel
def _trace_runs(
    words: Words, width: int, row: NDArray[np.int64], start: NDArray[np.int32], stop: NDArray[np.int32]
) -> None:
    count = 0
    for y in range(words.shape[0]):
        row[y] = count
        before = np.uint64(0)
        inside = False
        for j in range(words.shape[1]):
            word = words[y, j]
            changes = word ^ (word << ONE | before)
            before = word >> TOP
            while changes != 0:
                lowest = changes & (~changes + ONE)
                x = 64 * j + _LOWEST_BIT[lowest % PRIME]
                changes ^= lowest
                if inside:
                    stop[count] = x
                    count += 1
                else:
                    start[count] = x
                inside = not inside
        if inside:
            stop[count] = width
            count += 1
    row[words.shape[0]] = count


def interleave(first: Spans, second: Spans) -> Spans:
    """Both lists of spans as one; they must not overlap."""
    count = first.start.size + second.start.size
    both = Spans(
        np.empty_like(first.row), np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.int32)
    )
    _interleave(first, second, both)
    return both


@kernel
def _interleave(first: Spans, second: Spans, both: Spans) -> None:
    count = 0
    for y in range(first.row.size - 1):
        both.row[y] = count
        i, i_end = first.row[y], first.row[y + 1]
        k, k_end = second.row[y], second.row[y + 1]
        while i < i_end or k < k_end:
            if k == k_end or (i < i_end and first.start[i] < second.start[k]):
                start, stop, label = first.start[i], first.stop[i], first.label[i]
                i += 1
            else:
                start, stop, label = second.start[k], second.stop[k], second.label[k]
                k += 1
            both.start[count], both.stop[count], both.label[count] = start, stop, label
            count += 1
    both.row[first.row.size - 1] = count
