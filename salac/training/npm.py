"""Pinned npm packages whose artwork some kits draw: fetched once by `npm`, checked against the digest npm names."""

import base64
from dataclasses import dataclass
from pathlib import Path

from salac.training.archives import Archive


@dataclass(frozen=True, kw_only=True)
class Package:
    """One version of one npm package.

    Attributes:
        name: as npm spells it, scope included.
        version: the pinned version.
        integrity: base64 of the tarball's SHA-512, as in `npm view NAME dist.integrity`.
        wanted: paths inside the package that are kept; a trailing slash keeps a folder.
        room: kind of artwork, a folder of the cache.
    """

    name: str
    version: str
    integrity: str
    wanted: tuple[str, ...]
    room: str = "kits"

    @property
    def archive(self) -> Archive:
        """The package's tarball."""
        return Archive(
            name=f"{self.name.replace('/', '+').lstrip('@')}-{self.version}",
            url=f"npm:{self.name}@{self.version}",
            digest=f"sha512:{base64.b64decode(self.integrity).hex()}",
            wanted=self.wanted,
            room=self.room,
        )

    def folder(self) -> Path:
        """Where the wanted files lie once fetched."""
        return self.archive.folder

    def missing(self) -> str | None:
        """Remedy if the files are not here, else None."""
        if self.folder().is_dir():
            return None
        return f"salac.training.kits.fetch() downloads {self.name}@{self.version} to {self.folder()}"

    def fetch(self) -> Path:
        """Downloads, checks and unpacks the package unless that is done already.

        Returns:
            The folder of the wanted files.

        Raises:
            MissingExtraError: npm is not here or cannot reach the package, or what came is not what was pinned.
        """
        return self.archive.fetch()
