"""Photographed, tinted or inverted drawings brought to dark ink on white paper; clean ones left as they are."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

PAPER_WHITE = 250
"""Gray level from which flat paper counts as white: XDoG leaves its paper at 250 to 255."""

# Shares below are of the light that the bare paper gives back, 1 = as bright as the paper.
_BLACK_FILL = 0.45  # a whole block this dark is ink: a shadow on paper is lighter
_LEAST_PAPER = 0.1  # of the page; a smaller area with sharp edges is a filled area, not paper in a shadow
_PAPER_SHARE = 0.80  # pixels above are taken for bare paper when its noise is measured
_FAINTEST_MARK = 0.06  # a page whose marks are all fainter is blank
_DARK_INK = 128  # gray level; ink that reaches it needs no strengthening


def normalise_paper(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Bring the paper of a drawing to white and its ink to dark.

    A drawing that is already dark ink on flat white paper is returned as it is; only paper of 250..254, as XDoG
    leaves it, becomes 255. Otherwise the light on the paper is estimated as a slowly varying surface and divided out
    (the shading correction of document scanning), then the ink's own level is stretched to black and the paper's
    noise clipped to white. Black fills stay black, large gray areas stay even, a blank page becomes plain white.
    White-on-black drawings (dark on the whole and along the border, with bright marks) are inverted first.

    Args:
        gray: uint8 (H, W), a sketch as `salac.image.read_sketch` gives it.

    Returns:
        uint8 (H, W), 255 = paper.
    """
    if _is_inverted(gray):
        gray = 255 - gray
    if not _is_flat_white(gray):
        return _strengthen_ink(_divide_by_paper(gray))
    if _has_faint_ink(gray):
        return _strengthen_ink(gray)
    return _whiten(gray)


def _is_inverted(gray: NDArray[np.uint8]) -> bool:
    """Tell chalk on a blackboard from ink on paper, and from a white figure before a black night."""
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    lowest, middle, highest = np.percentile(gray, [0.5, 50, 99.9])
    is_dark = middle < 100 and np.median(border) < 100 and np.mean(gray < 128) > 0.75
    # In a dark photograph of ink on paper, marks go down from the middle; chalk goes up.
    has_bright_marks = highest - middle > max(60, 2 * (middle - lowest))
    return bool(is_dark and has_bright_marks and np.mean(_block_percentile(gray, 20) > 128) < 0.12)


def _whiten(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Set paper of 250..254 to 255, unless those levels are only the soft edges of lines on true white."""
    off_white = np.count_nonzero((gray >= PAPER_WHITE) & (gray < 255))
    if off_white <= 0.1 * np.count_nonzero(gray >= PAPER_WHITE):
        return gray.copy()
    return np.where(gray >= PAPER_WHITE, np.uint8(255), gray)


# --- the paper -------------------------------------------------------------------------------------------------------


def _block_side(gray: NDArray[np.uint8]) -> int:
    longer: int = max(gray.shape)
    return max(8, -(-longer // 96))


def _block_percentile(gray: NDArray[np.uint8], percent: int) -> NDArray[np.float32]:
    """Measure a percentile in each square block, some 96 of them along the longer side.

    The 80th is the paper's level: lines cover less than four fifths of most blocks.
    """
    side = _block_side(gray)
    height, width = gray.shape
    padded = np.pad(gray, ((0, -height % side), (0, -width % side)), mode="edge")
    step = max(1, side // 16)  # 16x16 samples tell a percentile well enough
    samples = padded.reshape(padded.shape[0] // side, side, padded.shape[1] // side, side)[:, ::step, :, ::step]
    samples = samples.transpose(0, 2, 1, 3).reshape(samples.shape[0], samples.shape[2], -1)
    rank = samples.shape[2] * percent // 100
    return np.partition(samples, rank, axis=2)[..., rank].astype(np.float32)


def _continued(blocks: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Continue block values past the border by their own slope, so that a filter there keeps a falling light."""
    return np.pad(blocks, reach, mode="reflect", reflect_type="odd")


def _spread_blocks(blocks: NDArray[np.float32], gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Interpolate a value per block to a value per pixel of `gray`, rounded."""
    import cv2

    side = _block_side(gray)
    height, width = gray.shape
    rounded = np.rint(_continued(blocks, 1).clip(0, 255)).astype(np.uint8)
    spread = cv2.resize(rounded, (rounded.shape[1] * side, rounded.shape[0] * side))
    return cast("NDArray[np.uint8]", spread[side : side + height, side : side + width])


def _is_flat_white(gray: NDArray[np.uint8]) -> bool:
    """Tell white digital paper, gray areas and all, from a photograph: only light varies a little at every step."""
    if np.count_nonzero(gray >= PAPER_WHITE) <= 0.3 * np.count_nonzero(gray > 128):
        return False
    blocks = _block_percentile(gray, 80)
    free_of_lines = blocks - _block_percentile(gray, 20) <= 24
    pairs = shaded = 0
    for axis in (0, 1):
        step = np.abs(np.diff(blocks, axis=axis))
        before, after = (np.delete(np.arange(blocks.shape[axis]), end) for end in (-1, 0))
        free = free_of_lines.take(before, axis) & free_of_lines.take(after, axis)
        dark = np.minimum(blocks.take(before, axis), blocks.take(after, axis)) < PAPER_WHITE
        pairs += int(np.count_nonzero(free))
        shaded += int(np.count_nonzero(free & dark & (step > 0) & (step <= 20)))
    return shaded <= 0.02 * pairs


def _divide_by_paper(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take the light out: 255 where a pixel is as bright as the paper around it."""
    import cv2

    surface = cv2.medianBlur(_continued(_block_percentile(gray, 80), 1), 3)[1:-1, 1:-1].clip(0, 255)
    brightest = float(np.percentile(surface, 95))
    if brightest < 40:  # a page of nothing but ink
        return gray
    around_ink = cv2.dilate(_is_ink(surface, brightest), np.ones((3, 3), np.uint8))
    surface = cv2.inpaint(np.rint(surface).astype(np.uint8), around_ink, 3, cv2.INPAINT_TELEA).astype(np.float32)

    # Closing lifts the paper over hatching and small gray areas.
    reach = max(1, max(surface.shape) // 12)
    padded = _continued(surface, reach)
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    closed = cv2.GaussianBlur(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disk), (0, 0), 1.0)
    paper = _spread_blocks(closed[reach:-reach, reach:-reach].clip(1, 255), gray)
    return cast("NDArray[np.uint8]", cv2.divide(gray, paper, scale=255))


def _is_ink(surface: NDArray[np.float32], brightest: float) -> NDArray[np.uint8]:
    """Tell blocks within filled areas from paper: light changes gradually from block to block, a filled area steps.

    Paper is every area of gradual change that is large enough to be lit on its own, say by a hard shadow's edge.
    """
    import cv2

    light = np.log(np.maximum(surface, 1))
    gradual = float(np.clip(6 / max(surface.shape), 0.06, 0.25))
    ink = np.zeros(surface.shape, np.uint8)
    visited = np.zeros((surface.shape[0] + 2, surface.shape[1] + 2), np.uint8)  # floodFill wants a frame of one
    for row, column in np.ndindex(*surface.shape):
        if visited[row + 1, column + 1]:
            continue
        before = visited.copy()
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | 1 << 8
        area, *_ = cv2.floodFill(light, visited, (column, row), 0, gradual, gradual, flags)
        reached = (visited != before)[1:-1, 1:-1]
        if area < _LEAST_PAPER * surface.size or surface[reached].max() < _BLACK_FILL * brightest:
            ink[reached] = 1
    # A page so busy that no area is large: only what is black for certain is no paper.
    return ink if not ink.all() else (surface < _BLACK_FILL * brightest).astype(np.uint8)


# --- the ink ---------------------------------------------------------------------------------------------------------


def _has_faint_ink(gray: NDArray[np.uint8]) -> bool:
    ink = gray[gray < PAPER_WHITE]
    return bool(ink.size and np.percentile(ink, 3) > _DARK_INK)


def _strengthen_ink(shares: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Stretch the darkest ink to black and the paper, with its noise, to white.

    Args:
        shares: uint8 (H, W), 255 = as bright as bare paper.

    Returns:
        uint8 (H, W); plain white where nothing stands out of the paper's noise.
    """
    import cv2

    noise = _paper_noise(shares)
    smooth = cv2.blur(shares, (3, 3))
    marks = smooth < 255 - _spread_blocks(np.maximum(_FAINTEST_MARK * 255, 3.5 * noise), shares)
    if np.count_nonzero(marks) < min(marks.size, max(4, 2e-5 * marks.size)):
        return np.full_like(shares, 255)

    # The stretch would turn the noise of an even gray area into speckle: smooth whatever the noise explains.
    even = cv2.absdiff(shares, smooth) <= _spread_blocks(3 * noise, shares)
    calm = np.where(even, smooth, shares)
    calm[shares >= 255 - _spread_blocks(4.5 * noise, shares)] = 255

    white = np.clip(255 - 4.5 * np.median(noise), _PAPER_SHARE * 255, PAPER_WHITE)
    black = min(np.percentile(shares[marks], 3), white - _FAINTEST_MARK * 255)
    levels = np.clip((np.arange(256) - black) / (white - black) * 255, 0, 255)
    return cast("NDArray[np.uint8]", cv2.LUT(calm, np.rint(levels).astype(np.uint8)))


def _paper_noise(shares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Measure the standard deviation of bare paper in each block; it grows where the light was weak."""
    import cv2

    middle, bright = _block_percentile(shares, 50), _block_percentile(shares, 80)
    noise = (bright - middle) / np.float32(0.84)  # the 80th percentile of a normal distribution
    bare = middle > _PAPER_SHARE * 255
    if not bare.any():
        return np.zeros_like(noise)
    noise[~bare] = np.median(noise[bare])
    # Overexposed paper hides its noise at 255, but shows it wherever its light falls off a little.
    noise = np.maximum(noise, np.float32(0.7) * np.percentile(noise[bare], 75).astype(np.float32))
    smoothed: NDArray[np.float32] = cv2.GaussianBlur(cv2.medianBlur(noise, 5), (0, 0), 2.0)
    return smoothed
