"""A small server that speaks the Hugging Face Hub's protocol, and fails in the ways that servers do."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_right"

Files = dict[str, bytes]


@dataclass
class Repo:
    """A model: `commits` by their hash, and the branches and tags that name some of them."""

    commits: dict[str, Files] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    private: bool = False

    def commit(self, files: Files, branch: str = "main") -> str:
        content = repr(sorted((name, hashlib.sha256(data).hexdigest()) for name, data in files.items()))
        oid = hashlib.sha1(f"{len(self.commits)} {content}".encode()).hexdigest()
        self.commits[oid], self.refs[branch] = dict(files), oid
        return oid


@dataclass
class Faults:
    """What goes wrong: each answer for a file (by its name) is spoilt while `times` lasts."""

    spoil: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    """File -> what is sent in place of its bytes; of the announced size where the length is the same."""
    cut: dict[str, float] = field(default_factory=dict)
    """File -> the share of it after which the line goes dead."""
    short: dict[str, float] = field(default_factory=dict)
    """File -> the share of it that is sent as if that were all."""
    status: dict[str, int] = field(default_factory=dict)
    """File -> an HTTP status in place of the file."""
    portal: bool = False
    """Every request is answered by a login page."""
    pause: float = 0.0
    """Seconds between the pieces of a body."""
    times: int = 10**9
    """How many answers are spoilt before all is well."""
    ranges: bool = True
    """Whether a download can be taken up where it broke off."""


def is_lfs(name: str) -> bool:
    return name.endswith(".safetensors")


class Hub(ThreadingHTTPServer):
    """Serves `repos` at `endpoint`; large files lie at another host name, as the Hub's do."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.repos: dict[str, Repo] = {}
        self.renamed: dict[str, str] = {}
        self.blobs: dict[str, tuple[str, bytes]] = {}
        self.uploads: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.faults = Faults()
        self.lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def publish(self, repo: str, folder: Path, branch: str = "main") -> str:
        files = {path.name: path.read_bytes() for path in folder.iterdir()}
        return self.repos.setdefault(repo, Repo()).commit(files, branch)

    def resolved(self) -> list[str]:
        """The requests for files; the client asks for other things now and then."""
        return [line for line in self.requests if "/resolve/" in line]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests."""

    def take_fault(self) -> bool:
        with self.lock:
            self.faults.times -= 1
            return self.faults.times >= 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_message(self, *args: object) -> None: ...

    @property
    def _cdn(self) -> str:
        here, port = self.headers["host"].split(":")
        return f"http://{'localhost' if here == '127.0.0.1' else '127.0.0.1'}:{port}/cdn"

    # --- requests ------------------------------------------------------------------------------------------------

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        if self.server.faults.portal:
            return self._send(200, b"<html>Please log in to the hotel's network</html>", {"Content-Type": "text/html"})
        parts = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
        if parts[0] == "cdn":
            name, data = self.server.blobs[parts[1]]
            return self._send_file(name, data, {})
        if parts[:2] == ["api", "promote"]:  # not the Hub's: somebody publishes a commit in this very moment
            for repo in self.server.repos.values():
                repo.refs["main"] = repo.refs[parts[2]]
            return self._send_json({})
        if parts[0] == "api":
            return self._describe(parts[2:])
        return self._resolve("/".join(parts[:2]), parts[3], "/".join(parts[4:]))

    def _resolve(self, repo: str, revision: str, name: str) -> None:
        """`/{repo}/resolve/{revision}/{file}`: a small file itself, the way to a large one."""
        if repo in self.server.renamed:
            target = f"/{self.server.renamed[repo]}/resolve/{revision}/{name}"
            return self._send(307, b"", {"Location": target})
        known = self.server.repos.get(repo)
        if known is None or (known.private and self.headers.get("authorization") != f"Bearer {TOKEN}"):
            return self._refuse(401, "RepoNotFound", "Invalid username or password.")
        commit = known.refs.get(revision, revision)
        if commit not in known.commits:
            return self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        status = self.server.faults.status.get(name)
        if status and self.server.take_fault():
            return self._send(status, b"out of order", {})
        if name not in known.commits[commit]:
            return self._refuse(404, "EntryNotFound", "Entry not found", {"X-Repo-Commit": commit})
        data = known.commits[commit][name]
        if not is_lfs(name):
            etag = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            return self._send_file(name, data, {"ETag": f'"{etag}"', "X-Repo-Commit": commit})
        digest = hashlib.sha256(data).hexdigest()
        self.server.blobs[digest] = name, data
        headers = {"X-Linked-ETag": f'"{digest}"', "X-Linked-Size": str(len(data)), "X-Repo-Commit": commit}
        return self._send(302, b"", {**headers, "Location": f"{self._cdn}/{digest}"})

    def _describe(self, parts: list[str]) -> None:
        """`/api/models/{repo}[/revision/{revision}]` and `/api/models/{repo}/tree/{revision}`."""
        repo = self.server.repos.get("/".join(parts[:2]))
        if repo is None:
            return self._refuse(401, "RepoNotFound", "Invalid username or password.")
        commit = repo.refs.get(parts[3] if len(parts) > 3 else "main", parts[3] if len(parts) > 3 else "")
        files = repo.commits[commit]
        if len(parts) > 2 and parts[2] == "tree":
            return self._send_json(
                [
                    {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
                    | ({"lfs": {"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}} if is_lfs(name) else {})
                    for name, data in files.items()
                ]
            )
        names = [{"rfilename": name} for name in files]
        return self._send_json({"id": "/".join(parts[:2]), "sha": commit, "siblings": names, "private": repo.private})

    # --- uploads -------------------------------------------------------------------------------------------------

    def do_PUT(self) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        data = self._body()
        self.server.uploads[hashlib.sha256(data).hexdigest()] = data
        self._send(200, b"", {})

    def do_POST(self) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        body = self._body()
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._send(401, b'{"error": "Invalid username or password."}', {})
        path = urlsplit(self.path).path
        parts = path.strip("/").split("/")
        if path == "/api/repos/create":
            asked = json.loads(body)
            repo = f"{asked['organization']}/{asked['name']}" if asked.get("organization") else asked["name"]
            known = repo in self.server.repos
            if not known:
                self.server.repos[repo] = Repo(
                    private=asked.get("visibility") == "private" or bool(asked.get("private"))
                )
                self.server.repos[repo].commit({".gitattributes": b""})
            return self._send_json({"url": f"{self.server.endpoint}/{repo}", "name": repo}, 409 if known else 200)
        if path == "/api/validate-yaml":
            return self._send_json({"errors": [], "warnings": []})
        if parts[-2] == "preupload":
            modes = [
                {"path": f["path"], "uploadMode": "lfs" if is_lfs(f["path"]) else "regular", "shouldIgnore": False}
                for f in json.loads(body)["files"]
            ]
            return self._send_json({"files": modes})
        if path.endswith("/info/lfs/objects/batch"):
            objects = [
                {"oid": o["oid"], "size": o["size"], "actions": {"upload": {"href": f"{self._cdn}/{o['oid']}"}}}
                for o in json.loads(body)["objects"]
            ]
            return self._send_json({"transfer": "basic", "objects": objects})
        if parts[-2] == "commit":
            return self._commit("/".join(parts[2:4]), unquote(parts[-1]), body)
        if parts[-2] == "branch":
            repo = self.server.repos["/".join(parts[2:4])]
            repo.refs.setdefault(unquote(parts[-1]), repo.refs["main"])
            return self._send_json({})
        return self._send(404, b"", {})

    def _commit(self, name: str, branch: str, body: bytes) -> None:
        repo = self.server.repos[name]
        files = dict(repo.commits[repo.refs[branch]])
        for line in body.splitlines():
            entry = json.loads(line)
            value = entry["value"]
            if entry["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            if entry["key"] == "lfsFile":
                files[value["path"]] = self.server.uploads[value["oid"]]
        oid = repo.commit(files, branch)
        self._send_json({"success": True, "commitOid": oid, "commitUrl": f"{self.server.endpoint}/{name}/commit/{oid}"})

    def _body(self) -> bytes:
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    # --- answers -------------------------------------------------------------------------------------------------

    def _refuse(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        self._send(status, b"", {"X-Error-Code": code, "X-Error-Message": message, **(headers or {})})

    def _send_json(self, values: Any, status: int = 200) -> None:
        self._send(status, json.dumps(values).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_file(self, name: str, data: bytes, headers: dict[str, str]) -> None:
        """Send a file, or what the faults of the day leave of it."""
        faults = self.server.faults
        if self.command == "HEAD":
            return self._send(200, data, headers)
        faulty = name in {*faults.spoil, *faults.cut, *faults.short} and self.server.take_fault()
        body = faults.spoil[name](data) if faulty and name in faults.spoil else data
        if faulty and name in faults.short:
            body = body[: int(len(body) * faults.short[name])]
        asked = self.headers.get("range")
        start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked and faults.ranges else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        for header, value in {**headers, "Content-Length": str(len(body) - start)}.items():
            self.send_header(header, value)
        self.end_headers()
        end = int(len(body) * faults.cut[name]) if faulty and name in faults.cut else len(body)
        step = max(1, len(body) // 5) if faults.pause else len(body)
        for at in range(start, end, step):
            self.wfile.write(body[at : min(at + step, end)])
            self.wfile.flush()
            time.sleep(faults.pause)
        if end < len(body):
            self.close_connection = True
        return None


@contextmanager
def running_hub() -> Iterator[Hub]:
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, daemon=True)
        thread.start()
        yield hub
        hub.shutdown()
        thread.join()
