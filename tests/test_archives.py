"""Pinned archives, fetched from a real server."""

import hashlib
import io
import tarfile
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from salac.errors import MissingExtraError
from salac.training.archives import Archive

FILES = {"art/a.svg": b"<svg/>", "art/deep/b.svg": b"<svg><g/></svg>", "readme": b"?"}


def tarball(mode: str, prefix: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as archive:
        for name, data in FILES.items():
            info = tarfile.TarInfo(prefix + name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return content.getvalue()


def wheel() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return content.getvalue()


def debian() -> bytes:
    members = {"debian-binary": b"2.0", "control.tar.xz": b"odd", "data.tar.xz": tarball("w:xz", "./")}
    return b"!<arch>\n" + b"".join(
        f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) % 2)
        for name, data in members.items()
    )


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Address of a folder that is served, and the folder."""
    monkeypatch.setenv("SALAC_CACHE", str(tmp_path / "cache"))
    (tmp_path / "web").mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "web"))
    monkeypatch.setattr(SimpleHTTPRequestHandler, "log_message", lambda *args: None)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}", tmp_path / "web"
        httpd.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("name", "content"), [("a.tgz", tarball("w:gz", "package/")), ("a.whl", wheel()), ("a.deb", debian())]
)
def test_an_archive_is_fetched_once_and_what_is_wanted_kept(server, name: str, content: bytes) -> None:
    address, folder = server
    (folder / name).write_bytes(content)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    archive = Archive(name="a-1.0", url=f"{address}/{name}", digest=digest, wanted=("art/",), room="kits")
    got = archive.fetch()
    kept = {path.relative_to(got).as_posix(): path.read_bytes() for path in got.rglob("*") if path.is_file()}
    assert kept == {name: data for name, data in FILES.items() if name != "readme"}
    (folder / name).unlink()
    assert archive.fetch() == got


def test_what_is_not_pinned_or_not_there_is_refused(server) -> None:
    address, folder = server
    (folder / "a.whl").write_bytes(wheel())
    wrong = Archive(name="a", url=f"{address}/a.whl", digest="sha256:00", wanted=("art/",), room="kits")
    with pytest.raises(MissingExtraError, match="pinned"):
        wrong.fetch()
    lost = Archive(name="b", url=f"{address}/b.whl", digest="sha256:00", wanted=("art/",), room="kits")
    with pytest.raises(MissingExtraError, match="connect"):
        lost.fetch()
    assert not wrong.folder.exists()


def test_the_upscaler_draws_edges_sharper_than_resampling() -> None:
    from salac.training import upscale

    if not upscale._ARCHIVE.folder.is_dir():
        pytest.skip("its weights have not been fetched: salac.training.upscale.fetch_upscaler()")
    picture = np.full((30, 300, 3), 255, np.uint8)
    picture[:, 140:] = (200, 60, 60)
    large = upscale.load_upscaler().enlarge(picture)
    assert large.shape == (120, 1200, 3)
    assert abs(large[:, :500].astype(int) - 255).max() <= 12
    ramp = large[60, 540:580, 1].astype(int)
    assert np.count_nonzero((ramp > 80) & (ramp < 235)) <= 4
    # Tiles leave no seam.
    assert abs(np.diff(large[:, 600:1190].astype(int), axis=1)).max() <= 3
