"""`salac data prepare`: a folder of illustrations becomes a data set, as in the thesis, section 4.1.

First every picture is looked at: can it be read, what do its metadata say, how colorful is it, is it there twice? Then
those that are kept are ranked by color and drawn. What was found out about a picture is kept in `.preparing/` until the
data set is whole, so an interrupted run goes on where it stopped.
"""

import functools
import hashlib
import json
import os
import shutil
import signal
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ..errors import InputError, SalacError
from ..image import find_pictures, read_picture
from .build import Sample
from .illustrations import (
    STRONGEST_BOOST,
    Picture,
    centred,
    colorfulness,
    perceptual_hash,
    plain_background,
    prepare_illustration,
)
from .packs import SPLITS, PackWriter, refuse_complete, save_array, write_manifest, write_whole
from .sidecars import Sidecars, Wanted
from .yardstick import is_yardstick

DULLEST_SHARE = 0.2
"""Share of the pictures, the least colorful, that are left out."""
VALIDATION_SHARE = 0.08
"""Share of the pictures that are held out, as 7,215 of the thesis' 87,215 are."""
GREYEST = 6.0
"""Colorfulness below which a picture has no color."""
DUPLICATE_BITS = 12
"""Pictures whose perceptual hashes differ in at most so many of 256 bits are one picture."""
_BANDS = 16

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Look:
    """What is known of a picture before it is prepared.

    Attributes:
        file: path below the folder.
        stamp: changes when the file does.
        problem: why it cannot be used, "" if it can.
        pixels: height times width.
        colorfulness: of its figure.
        fingerprint: perceptual hash in hexadecimal.
    """

    file: str
    stamp: str
    problem: str = ""
    pixels: int = 0
    colorfulness: float = 0.0
    fingerprint: str = ""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How pictures are judged and drawn.

    Attributes:
        least_side: pictures whose longer side is smaller are left out, px.
        any_background: take pictures whose background is not plain, too.
        super_resolution: enlarge with a net before lines are extracted; else by Lanczos.
        seed: of the XDoG parameters.
    """

    least_side: int = 256
    any_background: bool = False
    super_resolution: bool = True
    seed: int = 0


def prepare_folder(
    folder: Path, data: Path, *, wanted: Wanted, manner: Manner, licence: str = "unknown", workers: int | None = None
) -> None:
    """Make a data set of a folder of illustrations.

    Args:
        folder: searched with all folders in it; metadata are read from files beside the pictures, see `sidecars`.
        data: the data set; an interrupted one is continued.
        wanted: which pictures, by their metadata.
        manner: how they are judged and drawn.
        licence: of pictures whose metadata name none.
        workers: processes; all cores by default.

    Raises:
        InputError: there are no pictures, too few are fit, or `data` holds a data set already.
        MissingExtraError: the weights of the super-resolution net cannot be had.
    """
    refuse_complete(data)
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: give the one that the illustrations lie in")
    if is_yardstick(folder):
        raise InputError(f"{folder} is a yardstick: what one judges by must not be trained on")
    pictures = find_pictures(folder, recursive=True)
    if manner.super_resolution:
        from .upscale import fetch_upscaler

        fetch_upscaler()
    else:
        print("no super-resolution: lines are extracted from pictures enlarged by Lanczos, and are more ragged for it")
    work = data / ".preparing"
    work.mkdir(parents=True, exist_ok=True)
    sidecars = Sidecars(folder)
    skipped: dict[str, str] = {}
    chosen = []
    for path in pictures:
        file = path.relative_to(folder).as_posix()
        reason = wanted.objection(sidecars.of(file))
        if reason:
            skipped[file] = reason
        else:
            chosen.append(file)
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=get_context("spawn"), initializer=_settle) as pool:
        looks = _look_at_all(pool, folder, chosen, work / "looks.jsonl", manner)
        skipped |= {look.file: look.problem for look in looks if look.problem}
        kept = _without_duplicates([look for look in looks if not look.problem], skipped)
        boosts = _rank(kept, skipped)
        made = _prepare_all(pool, folder, {look.file: look for look in kept}, boosts, work, manner)
    skipped |= {file: "too few segments enclosed by lines" for file, path in made.items() if path is None}
    ready = {file: path for file, path in made.items() if path is not None}
    _report(data, skipped, len(ready))
    if len(ready) < 2:
        raise InputError(f"{len(ready)} of {len(pictures)} pictures are fit to learn from: see {data / 'skipped.txt'}")
    _write_splits(data, ready, sidecars, source=folder.resolve().name, licence=licence)
    write_manifest(data, {"command": "salac data prepare", **asdict(wanted), **asdict(manner)})
    shutil.rmtree(work)


def _write_splits(data: Path, ready: dict[str, Path], sidecars: Sidecars, *, source: str, licence: str) -> None:
    """Gather prepared samples in packs, each identity on one side of the split."""
    identities = {file: str(sidecars.of(file).get("identity") or file) for file in ready}
    held_out = _held_out(identities)
    writers = {split: PackWriter(data / split) for split in SPLITS}
    for file, path in ready.items():
        sample, facts = _read_sample(path), sidecars.of(file)
        about = {
            "source": source,
            "licence": facts.get("licence") or licence,
            "attribution": facts.get("attribution"),
            "identity": [identities[file]],
            "file": file,
        }
        writers["validation" if identities[file] in held_out else "train"].add(sample.maps, about | sample.entry)
    for writer in writers.values():
        writer.close()


# --- looking ---------------------------------------------------------------------------------------------------------


def _look_at_all(
    pool: ProcessPoolExecutor, folder: Path, files: Sequence[str], journal: Path, manner: Manner
) -> list[Look]:
    """Look at every file that the journal of an earlier run does not know."""
    known: dict[tuple[str, str], Look] = {}
    if journal.exists():
        for line in journal.read_text().splitlines():
            try:
                look = Look(**json.loads(line))
            except (ValueError, TypeError):  # the last line of an interrupted run
                continue
            known[look.file, look.stamp] = look
    stamps = {file: _stamp(folder / file, manner) for file in files}
    missing = [file for file in files if (file, stamps[file]) not in known]
    with journal.open("a") as log:
        for look in _all_cores(pool, functools.partial(_look, folder, manner), missing, "looking"):
            known[look.file, look.stamp] = look
            print(json.dumps(asdict(look)), file=log, flush=True)
    return [known[file, stamps[file]] for file in files if (file, stamps[file]) in known]


def _look(folder: Path, manner: Manner, file: str) -> Look:
    """Judge one picture; runs in a worker process."""
    look = functools.partial(Look, file=file, stamp=_stamp(folder / file, manner))
    try:
        picture = read_picture(folder / file)
    except SalacError as error:
        return look(problem=" ".join(str(error).split()))
    if max(picture.shape) < manner.least_side:
        return look(problem=f"smaller than {manner.least_side} px")
    background = plain_background(picture)
    if background is None and not manner.any_background:
        return look(problem="no plain background")
    figure = picture if background is None else picture[~background]
    if figure.size < 0.02 * picture.size:
        return look(problem="nothing on it")
    color = colorfulness(figure)
    if color < GREYEST:
        return look(problem="no color")
    return look(
        pixels=picture.shape[0] * picture.shape[1],
        colorfulness=round(color, 3),
        fingerprint=perceptual_hash(picture).hex(),
    )


def _without_duplicates(looks: Sequence[Look], skipped: dict[str, str]) -> list[Look]:
    """Keep the largest of pictures that are the same; hashes so near each other share one of 16 bands of bits."""
    buckets: dict[tuple[int, bytes], list[tuple[str, npt.NDArray[np.uint8]]]] = defaultdict(list)
    kept = []
    for look in sorted(looks, key=lambda look: (-look.pixels, look.file)):
        print_of = bytes.fromhex(look.fingerprint)
        bits = np.frombuffer(print_of, np.uint8)
        width = len(print_of) // _BANDS
        bands = [(k, print_of[k * width : (k + 1) * width]) for k in range(_BANDS)]
        others = {name: other for band in bands for name, other in buckets[band]}
        twin = next((n for n, o in others.items() if np.bitwise_count(bits ^ o).sum() <= DUPLICATE_BITS), None)
        if twin is not None:
            skipped[look.file] = f"the same as {twin}"
            continue
        kept.append(look)
        for band in bands:
            buckets[band].append((look.file, bits))
    return kept


def _rank(looks: list[Look], skipped: dict[str, str]) -> dict[str, float]:
    """Leave the least colorful out; the others' factors of saturation fall as their rank rises (thesis 4.1)."""
    ranked = sorted(looks, key=lambda look: (look.colorfulness, look.file))
    dull = int(DULLEST_SHARE * len(ranked))
    skipped |= {look.file: "among the least colorful" for look in ranked[:dull]}
    lively = ranked[dull:]
    return {look.file: 1 + STRONGEST_BOOST * (1 - place / max(1, len(lively) - 1)) for place, look in enumerate(lively)}


# --- drawing ---------------------------------------------------------------------------------------------------------


def _prepare_all(
    pool: ProcessPoolExecutor,
    folder: Path,
    looks: dict[str, Look],
    boosts: dict[str, float],
    work: Path,
    manner: Manner,
) -> dict[str, Path | None]:
    """Prepare every picture that an earlier run did not; its sample's file, or None where there was too little."""
    targets = {}
    for file, boost in sorted(boosts.items()):
        key = f"{file} {looks[file].stamp} {boost:.3f} {manner}"
        targets[file] = work / f"{hashlib.sha1(key.encode()).hexdigest()}.npy"
    missing = [(file, boosts[file], target) for file, target in targets.items() if not target.exists()]
    empty = set()
    for file, is_fit in _all_cores(pool, functools.partial(_prepare, folder, manner), missing, "drawing"):
        if not is_fit:
            empty.add(file)
    return {file: None if file in empty else target for file, target in targets.items()}


def _prepare(folder: Path, manner: Manner, task: tuple[str, float, Path]) -> tuple[str, bool]:
    """Prepare one picture; runs in a worker process."""
    file, boost, target = task
    picture = read_picture(folder / file)
    rng = np.random.default_rng([manner.seed, zlib.crc32(perceptual_hash(picture))])
    square = centred(picture, plain_background(picture))
    sample = prepare_illustration(square, rng, boost=boost, enlarge=_enlarger(manner))
    if sample is not None:
        write_whole(target.with_suffix(".json"), json.dumps(sample.entry).encode())
        save_array(target, sample.maps)
    return file, sample is not None


def _read_sample(path: Path) -> Sample:
    return Sample(maps=np.load(path), entry=json.loads(path.with_suffix(".json").read_text()))


def _enlarger(manner: Manner) -> Callable[[Picture], Picture] | None:
    if not manner.super_resolution:
        return None
    from .upscale import load_upscaler

    return load_upscaler().enlarge


def _held_out(identities: dict[str, str]) -> set[str]:
    """Identities that validation alone sees, chosen by their names, until they make up its share."""
    counts = Counter(identities.values())
    held_out: set[str] = set()
    for name in sorted(counts, key=lambda name: zlib.crc32(name.encode()))[:-1]:
        if sum(counts[other] for other in held_out) >= VALIDATION_SHARE * len(identities):
            break
        held_out.add(name)
    return held_out


# --- many pictures ---------------------------------------------------------------------------------------------------


def _all_cores(
    pool: ProcessPoolExecutor, work: Callable[[Task], Result], tasks: Sequence[Task], title: str
) -> Iterator[Result]:
    """Results in the order in which they are done, behind a progress bar where somebody looks at it."""
    waiting: list[Future[Result]] = [pool.submit(work, task) for task in tasks]
    try:
        for future in tqdm(as_completed(waiting), title, total=len(tasks), disable=None, unit="picture"):
            yield future.result()
    finally:  # who interrupts us does not wait for the rest
        for future in waiting:
            future.cancel()


def _settle() -> None:
    """Make a worker process use one core, for there is one process for each, and leave Ctrl-C to who started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    import torch

    torch.set_num_threads(1)


def _stamp(path: Path, manner: Manner) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns} {manner.least_side} {manner.any_background}"


def _report(data: Path, skipped: dict[str, str], ready: int) -> None:
    """List what was left out, and say how many for which reason."""
    write_whole(data / "skipped.txt", "".join(f"{file}\t{why}\n" for file, why in sorted(skipped.items())).encode())
    reasons = Counter("the same as another" if why.startswith("the same as") else why for why in skipped.values())
    print(f"{ready} pictures prepared, {len(skipped)} left out (listed in {data / 'skipped.txt'})")
    for why, count in reasons.most_common(12):
        print(f"  {count:6}  {why}")
