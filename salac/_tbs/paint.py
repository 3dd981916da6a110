"""Back to pixels: spans as a label map, labels as colors, and the colors that an illustration has under a label."""

import numpy as np
from numpy.typing import NDArray

from salac._tbs.bits import Spans
from salac._tbs.jit import kernel

Labels = NDArray[np.int32]
Colors = NDArray[np.uint8]

# So many labels are counted in one pass over the pixels: 4096 histograms of three channels take 12 MB.
LABELS_A_PASS = 4096


def paint_labels(spans: Spans, ids: NDArray[np.int32], width: int) -> Labels:
    """The label map (H, width): ids[label] on every span, 0 elsewhere."""
    labels = np.empty((spans.row.size - 1, width), np.int32)
    _paint_labels(spans, ids, labels.reshape(-1), np.uint64(width))
    return labels


@kernel
def _paint_labels(spans: Spans, ids: NDArray[np.int32], labels: Labels, width: np.uint64) -> None:
    # Unsigned indices: with signed ones numba checks every pixel for wrap-around, three times slower.
    row_start = np.uint64(0)
    for y in range(spans.row.size - 1):
        x = row_start
        for i in range(spans.row[y], spans.row[y + 1]):
            start, stop = row_start + np.uint64(spans.start[i]), row_start + np.uint64(spans.stop[i])
            label = ids[spans.label[i]]
            for line in range(x, start):
                labels[line] = 0
            for pixel in range(start, stop):
                labels[pixel] = label
            x = stop
        row_start += width
        for line in range(x, row_start):
            labels[line] = 0


def paint(labels: Labels, colors: Colors) -> Colors:
    """The picture colors[labels], uint8 (H, W, 3), for colors (count + 1, 3)."""
    picture = np.empty((*labels.shape, 3), np.uint8)
    _paint(labels.reshape(-1), colors, picture.reshape(-1))
    return picture


@kernel
def _paint(labels: Labels, colors: Colors, picture: Colors) -> None:
    channel = np.uint64(0)
    for i in range(np.uint64(labels.size)):
        label = np.uint64(labels[i])
        picture[channel] = colors[label, 0]
        picture[channel + np.uint64(1)] = colors[label, 1]
        picture[channel + np.uint64(2)] = colors[label, 2]
        channel += np.uint64(3)


def median_colors(labels: Labels, illustration: Colors, colors: Colors) -> None:
    """Overwrite colors[label] with the median of the illustration (H, W, 3) there, for every label >= 1 that occurs.

    Of an even number of values the lower middle one is the median (numpy: percentile 50, method "lower"). Values are
    counted, not sorted: one histogram of 256 bins per label and channel.
    """
    for first in range(1, colors.shape[0], LABELS_A_PASS):
        block = colors[first : first + LABELS_A_PASS]
        histogram = np.zeros((block.shape[0], 3, 256), np.uint32)
        _count_values(labels.reshape(-1), illustration.reshape(-1), first, histogram)
        _take_medians(histogram, block)


def mode_colors(labels: Labels, illustration: Colors, colors: Colors) -> None:
    """Overwrite colors[label] with the commonest color of the illustration there, for every label >= 1 that occurs.

    Of several equally common ones the darkest in red, then green, then blue.
    """
    inside = labels > 0
    key = labels[inside].astype(np.int64)
    for channel in range(3):
        key <<= 8
        key |= illustration[..., channel][inside]
    key, count = np.unique(key, return_counts=True)
    # Of several assignments to one entry the last stands: the highest count, then the lowest key.
    ascending = np.lexsort((-key, count))
    label, color = key[ascending] >> 24, key[ascending] & 0xFFFFFF
    colors[label] = np.stack([color >> 16, color >> 8 & 0xFF, color & 0xFF], axis=1)


@kernel
def _count_values(labels: Labels, illustration: Colors, first: int, histogram: NDArray[np.uint32]) -> None:
    channel = np.uint64(0)
    for i in range(np.uint64(labels.size)):
        label = labels[i] - first
        if 0 <= label < histogram.shape[0]:
            bins = histogram[label]
            bins[0, illustration[channel]] += np.uint32(1)
            bins[1, illustration[channel + np.uint64(1)]] += np.uint32(1)
            bins[2, illustration[channel + np.uint64(2)]] += np.uint32(1)
        channel += np.uint64(3)


@kernel
def _take_medians(histogram: NDArray[np.uint32], colors: Colors) -> None:
    for label in range(histogram.shape[0]):
        total = np.int64(0)
        for value in range(256):
            total += histogram[label, 0, value]
        if total == 0:
            continue
        for channel in range(3):
            rank = (total - 1) // 2
            value = 0
            while rank >= histogram[label, channel, value]:
                rank -= histogram[label, channel, value]
                value += 1
            colors[label, channel] = value
