"""How well ink tells drawings of a data set from drawings by artists: `python benchmarks/realism.py DATA YARDSTICK`.

A logistic regression and a random forest on features of the ink (widths of strokes, ends, bends, blacks, grays, sizes
of segments), judged on drawings that they have not seen: 0.5 is chance, 1.0 says that every drawing gives itself away.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from salac._tbs.tips import find_tips
from salac.image import read_drawing
from salac.tbs import segment
from salac.training.build import INK
from salac.training.dataset import Drawings
from salac.training.yardstick import read_yardstick

SIDE, MOST = 256, 200


def features(gray: np.ndarray) -> np.ndarray:
    """Numbers that describe the ink of a drawing uint8 (SIDE, SIDE); 255 = paper."""
    ink = (gray < 128).astype(np.uint8)
    depth = cv2.distanceTransform(ink, cv2.DIST_L2, 3)
    ridge = depth[(depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))]
    widths = 2 * np.quantile(ridge, (0.1, 0.25, 0.5, 0.75, 0.9)) if ridge.size else np.zeros(5)
    contours = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0]
    length = max(sum(map(len, contours)), 1)
    bends = sum(len(cv2.approxPolyDP(contour, 1.0, True)) for contour in contours)
    segments = segment(gray)
    areas = np.sort(segments.areas[1:])[::-1] / gray.size
    sizes = np.quantile(areas, (0.1, 0.5, 0.9)) if areas.size else np.zeros(3)
    gray_share = ((gray > 40) & (gray < 215)).sum() / max((gray < 215).sum(), 1)
    black = (depth > 4).mean()
    orientation = np.arctan2(*(cv2.Sobel(gray, cv2.CV_32F, *axis) for axis in ((0, 1), (1, 0))))[ink > 0] % np.pi
    turns = np.histogram(orientation, 6, (0, np.pi))[0] / max(orientation.size, 1)
    shape = [len(contours) / length, bends / length, len(find_tips(ink).point) / length]
    return np.array([ink.mean(), *widths, gray_share, black, *shape, segments.count, *sizes, *turns])


def framed(gray: np.ndarray) -> np.ndarray:
    """The drawing cut to its ink, on a square of SIDE px, so that framing tells nothing."""
    rows, columns = np.flatnonzero((gray < 128).any(1)), np.flatnonzero((gray < 128).any(0))
    cut = gray[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = (SIDE - 16) / max(cut.shape)
    size = tuple(max(1, round(n * scale)) for n in cut.shape[::-1])
    small = cv2.resize(cut, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    page = np.full((SIDE, SIDE), 255, np.uint8)
    top, left = ((SIDE - n) // 2 for n in small.shape)
    page[top : top + small.shape[0], left : left + small.shape[1]] = small
    return page


def told_apart(some: np.ndarray, others: np.ndarray) -> str:
    """How surely two kinds of drawings are told apart, by either judge."""
    rows, kind = np.concatenate([some, others]), np.repeat([1, 0], [len(some), len(others)])
    judges = (
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, class_weight="balanced")),
        RandomForestClassifier(300, random_state=0, class_weight="balanced"),
    )
    scores = [cross_val_score(judge, rows, kind, cv=5, scoring="balanced_accuracy").mean() for judge in judges]
    return f"{len(some)} and {len(others)}: logistic regression {scores[0]:.2f}, random forest {scores[1]:.2f}"


def main() -> None:
    data, yardstick = map(Path, sys.argv[1:3])
    rng = np.random.default_rng(0)
    drawings, pairs = Drawings(data, "validation"), read_yardstick(yardstick)
    by_artists: dict[str, list[np.ndarray]] = {}
    for pair in (pairs[k] for k in rng.permutation(len(pairs))[:MOST]):
        gray = read_drawing(pair.sketch)
        # Stored drawings are no larger than this; what shrinking does to ink must tell nothing.
        scale = SIDE / max(gray.shape)
        small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        by_artists.setdefault(pair.source, []).append(features(framed(small)))
    artists = {source: np.array(rows) for source, rows in by_artists.items()}
    for source, rows in artists.items():
        rest = [others for other, others in artists.items() if other != source]
        if rest:
            print(f"{source} against the other artists, {told_apart(rows, np.concatenate(rest))}")
    for kind, pool in drawings.pools.items():
        made = [drawings.maps[int(k)][INK] for k in rng.permutation(pool)[:MOST]]
        ours = np.array([features(framed(gray)) for gray in made if (gray < 128).any()])
        print(f"{kind} against all artists, {told_apart(ours, np.concatenate(list(artists.values())))}")


if __name__ == "__main__":
    main()
