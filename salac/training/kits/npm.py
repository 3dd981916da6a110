"""Fetches pinned npm packages whose artwork some kits draw: once, checked against the digest of the registry."""

import base64
import hashlib
import os
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from salac.errors import MissingExtraError

_REGISTRY = "https://registry.npmjs.org"
_TIMEOUT = 60.0


def cache_folder() -> Path:
    """Where fetched artwork is kept: `$SALAC_CACHE/kits` if set, else `~/.cache/salac/kits`."""
    root = os.environ.get("SALAC_CACHE")
    return (Path(root) if root else Path.home() / ".cache" / "salac") / "kits"


@dataclass(frozen=True, kw_only=True)
class Package:
    """One version of one npm package.

    Attributes:
        name: as npm spells it, scope included.
        version: the pinned version.
        integrity: base64 of the tarball's SHA-512, as in `npm view NAME dist.integrity`.
        wanted: paths inside the package that are kept; a trailing slash keeps a folder.
    """

    name: str
    version: str
    integrity: str
    wanted: tuple[str, ...]

    @property
    def url(self) -> str:
        """Address of the tarball."""
        return f"{_REGISTRY}/{self.name}/-/{self.name.rpartition('/')[2]}-{self.version}.tgz"

    def folder(self, root: Path | None = None) -> Path:
        """Where the wanted files lie once fetched.

        Args:
            root: cache folder; None for the usual one.
        """
        return (root or cache_folder()) / f"{self.name.replace('/', '+').lstrip('@')}-{self.version}"

    def missing(self) -> str | None:
        """Remedy if the files are not here, else None."""
        if self.folder().is_dir():
            return None
        return f"salac.training.kits.fetch() downloads {self.name}@{self.version} to {self.folder()}"

    def fetch(self, root: Path | None = None) -> Path:
        """Downloads, checks and unpacks the package unless that is done already.

        Args:
            root: cache folder; None for the usual one.

        Returns:
            The folder of the wanted files.

        Raises:
            MissingExtraError: the registry cannot be reached, or what it sent is not what was pinned.
        """
        folder = self.folder(root)
        if folder.is_dir():
            return folder
        try:
            with urllib.request.urlopen(self.url, timeout=_TIMEOUT) as answer:
                tarball = answer.read()
        except (urllib.error.URLError, TimeoutError) as error:
            raise MissingExtraError(f"{self.url} cannot be fetched ({error}); connect to the network once") from error
        self._check(tarball)
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Unpacked beside its place and moved there whole, so that no other process sees half a package.
        unpacked = Path(tempfile.mkdtemp(prefix=".fetch-", dir=folder.parent))
        try:
            self._unpack(tarball, unpacked)
            unpacked.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
        return folder

    def _check(self, tarball: bytes) -> None:
        digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
        if digest != self.integrity:
            raise MissingExtraError(
                f"{self.url} sent a file with sha512-{digest}, but sha512-{self.integrity} is pinned: do not use it"
            )

    def _unpack(self, tarball: bytes, target: Path) -> None:
        with tarfile.open(fileobj=BytesIO(tarball), mode="r:gz") as archive:
            for member in archive.getmembers():
                path = member.name.removeprefix("package/")
                if member.isfile() and any(path == name or path.startswith(name) for name in self.wanted):
                    member.name = path
                    archive.extract(member, target, filter="data")
