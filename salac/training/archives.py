"""Artwork and weights of others, fetched once from where they are published and checked against a pinned digest."""

import hashlib
import os
import shutil
import subprocess
import sys
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

_TIMEOUT, _PATIENCE = 60.0, 900.0
"""Seconds that a server may be silent, and that a client may take."""

_CLIENTS = {
    # One wheel whatever Python asks, for one is pinned.
    "pip": (
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
        *("--platform=manylinux1_x86_64", "--python-version=3.11", "--implementation=cp", "--abi=none"),
    ),
    "apt": ("apt-get", "download", "--quiet"),
    "npm": ("npm", "pack", "--silent"),
}
"""What fetches packages by name, into the folder that it is called in."""


def cache_folder(room: str) -> Path:
    """Where fetched files of a kind are kept: `$SALAC_CACHE/ROOM` if set, else `~/.cache/salac/ROOM`."""
    root = os.environ.get("SALAC_CACHE")
    return (Path(root) if root else Path.home() / ".cache" / "salac") / room


@dataclass(frozen=True, kw_only=True)
class Archive:
    """One published archive: a tarball (.tgz), a wheel (.whl) or a Debian package (.deb).

    Attributes:
        name: of the folder that its files are kept in; holds the version.
        url: where it is published: an address; or the name of a package with its version, which the client that is
            set up for such packages fetches, "pip:name==1.0", "apt:name=1.0-1" or "npm:name@1.0".
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
        file, content = _download(self.url)
        self._check(content)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        # Unpacked beside its place and moved there whole, so that no other process sees half an archive.
        unpacked = Path(tempfile.mkdtemp(prefix=".fetch-", dir=self.folder.parent))
        try:
            for path, inside in _files(file, content):
                if any(path == name or (name.endswith("/") and path.startswith(name)) for name in self.wanted):
                    target = unpacked / path
                    if not target.resolve().is_relative_to(unpacked.resolve()):
                        raise MissingExtraError(f"{self.url} holds {path!r}, outside its folder: do not use it")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(inside)
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
            raise MissingExtraError(
                f"files of {self.url} do not match the hashes: {digest} was sent, but {self.digest} is pinned: "
                "do not use it"
            )


def _download(url: str) -> tuple[str, bytes]:
    """The name and the content of an archive."""
    client, _, package = url.partition(":")
    try:
        if client not in _CLIENTS:
            with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:
                return url, answer.read()
        with tempfile.TemporaryDirectory() as scratch:
            done = subprocess.run(
                [*_CLIENTS[client], package], cwd=scratch, capture_output=True, text=True, timeout=_PATIENCE
            )
            if done.returncode:
                raise OSError(" ".join((done.stderr.partition("ERROR: ")[2] or done.stderr).split())[:300])
            (file,) = Path(scratch).iterdir()
            return file.name, file.read_bytes()
    except (urllib.error.URLError, subprocess.TimeoutExpired, OSError) as error:
        raise MissingExtraError(f"{url} cannot be fetched ({error}); connect to the network once") from error


def _files(file: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Paths and contents of an archive's files, npm's folder `package/` left out of the paths."""
    if file.endswith(".whl"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from ((info.filename, archive.read(info)) for info in archive.infolist() if not info.is_dir())
        return
    tarball = _debian_data(content) if file.endswith(".deb") else content
    with tarfile.open(fileobj=BytesIO(tarball), mode="r|*") as stream:
        for member in stream:
            inside = stream.extractfile(member) if member.isfile() else None
            if inside is not None:
                yield member.name.removeprefix("./").removeprefix("package/"), inside.read()


def _debian_data(content: bytes) -> bytes:
    """The tarball of files inside a .deb, which is an `ar` archive of members with headers of 60 bytes."""
    offset = len(b"!<arch>\n")
    while offset < len(content):
        name, size = content[offset : offset + 16].decode(), int(content[offset + 48 : offset + 58])
        if name.startswith("data.tar"):
            return content[offset + 60 : offset + 60 + size]
        offset += 60 + size + size % 2
    raise MissingExtraError("a Debian package without files was sent: do not use it")
