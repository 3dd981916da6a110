"""Models from the Hub: the real client against a real server, when all is well and when it is not."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub_server import TOKEN, Faults, Hub, Repo, running_hub

import salac

NAME = "studio/inks"
WEIGHTS = "refiner.safetensors"
CHECKOUT = str(Path(salac.__file__).parents[1])

PRELUDE = f"""
import sys
from pathlib import Path
from salac.errors import ModelError
from salac.zoo import registry
from salac.zoo.hub import ModelSource
def get(model={NAME!r}, name={WEIGHTS!r}, **options):
    try:
        path = ModelSource(model, **options).file(name)
        print(path.parent.name, path.stat().st_size)
    except ModelError as error:
        print("ModelError:", error)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Hub]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
def hub(server: Hub, model_folder: Path) -> Iterator[Hub]:
    """The server with one model, and nothing wrong."""
    server.repos, server.renamed, server.faults, server.requests = {}, {}, Faults(), []
    server.publish(NAME, model_folder)
    yield server
    server.faults = Faults()


@pytest.fixture
def good(model_folder: Path, hub: Hub) -> str:
    """What `get` says where all went well."""
    return f"{hub.repos[NAME].refs['main']} {(model_folder / WEIGHTS).stat().st_size}"


def start(hub: Hub, code: str, *prefix: str, **environment: str) -> "subprocess.Popen[str]":
    """Run Python in a process that knows the server."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    own = {
        "HF_ENDPOINT": hub.endpoint,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DOWNLOAD_TIMEOUT": "2",
        "PYTHONPATH": os.pathsep.join([CHECKOUT, os.environ.get("PYTHONPATH", "")]),
    }
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", PRELUDE + code],
        env=kept | own | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def worker(server: Hub) -> Iterator["subprocess.Popen[str]"]:
    """A process that runs a line of Python for each line it reads: not every test has to start one."""
    with start(server, "for line in sys.stdin: exec(line); print(flush=True)") as process:
        yield process
        process.kill()


class Client:
    """Asks for models, with a cache of its own: in a process that runs already, or in a new one."""

    def __init__(self, hub: Hub, home: Path, worker: "subprocess.Popen[str]"):
        self.hub, self.home, self.worker = hub, home, worker

    def get(self, model: str = NAME, **options: object) -> str:
        watchdog = threading.Timer(120, self.worker.kill)
        watchdog.start()
        asked = {"model": model, "cache_dir": str(self.home / "hub")} | options
        print(f"get(**{asked!r})", file=self.worker.stdin, flush=True)
        said = "".join(iter(self.worker.stdout.readline, "\n"))
        watchdog.cancel()
        return said.strip()

    def start(self, code: str, *prefix: str, **environment: str) -> "subprocess.Popen[str]":
        return start(self.hub, code, *prefix, **{"HF_HOME": str(self.home)} | environment)

    def run(self, code: str = "get()", *prefix: str, **environment: str) -> str:
        with self.start(code, *prefix, **environment) as process:
            said, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints
        self.complaints = complaints
        return said.strip()

    def cached(self) -> list[Path]:
        """All contents in the cache: no file is there that is not whole."""
        return [path for path in (self.home / "hub").rglob("blobs/*") if path.is_file()]


@pytest.fixture
def client(hub: Hub, tmp_path: Path, worker: "subprocess.Popen[str]") -> Client:
    return Client(hub, tmp_path / "home", worker)


def assert_no_bad_file(client: Client, model_folder: Path) -> None:
    contents = {path.read_bytes() for path in model_folder.iterdir()}
    assert all(path.read_bytes() in contents for path in client.cached())


# --- all is well -----------------------------------------------------------------------------------------------------


def test_fresh_then_warm_then_offline(client: Client, hub: Hub, good: str) -> None:
    assert client.run(TQDM_POSITION="-1") == good  # as if somebody looked on
    assert "100%|" in client.complaints
    assert {line.rsplit("/", 1)[-1] for line in hub.resolved()} == {"manifest.json", WEIGHTS}
    hub.requests.clear()
    assert client.run() == good
    assert hub.resolved() == [f"HEAD /{NAME}/resolve/main/manifest.json"]
    hub.requests.clear()
    assert client.run(HF_HUB_OFFLINE="1") == good
    assert client.run("get(local_files_only=True)") == good
    assert client.run(f"get('{NAME}@{good.split()[0]}')") == good
    assert hub.resolved() == []
    assert client.run(HF_ENDPOINT="http://127.0.0.1:9") == good


def test_a_stage_fetches_its_own_files_alone(client: Client, hub: Hub) -> None:
    code = f"""
import numpy as np
from salac.stages import Refiner
sketch = np.full((40, 30), 255, np.uint8)
print(Refiner.from_pretrained({NAME!r}, device="cpu")(sketch, proposal=np.zeros((40, 30, 3), np.uint8)).shape)
"""
    assert client.run(code) == "(40, 30, 3)"
    assert {Path(path).name for path in client.home.rglob("snapshots/*/*")} == {"manifest.json", WEIGHTS}


def test_revisions_by_branch_tag_commit_and_at_sign(client: Client, hub: Hub, good: str, model_folder: Path) -> None:
    old = good.split()[0]
    repo = hub.repos[NAME]
    repo.refs["v1"] = old
    files = dict(repo.commits[old])
    repo.commit({**files, "README.md": b"newer"})
    new = repo.refs["main"]
    assert new != old
    assert client.get().startswith(new)
    assert {client.get(revision="v1"), client.get(f"{NAME}@v1"), client.get(f"{NAME}@{old}")} == {good}
    assert client.get(revision=old) == good
    assert client.get(
        f"{NAME}@v2"
    ) == f"ModelError: manifest.json of model '{NAME}@v2' cannot be had: there is no such revision: " + (
        "check it, or leave it out"
    )


def test_all_files_are_of_one_commit_though_the_next_is_published_meanwhile(
    client: Client, hub: Hub, good: str, model_folder: Path
) -> None:
    repo = hub.repos[NAME]
    files = dict(repo.commits[repo.refs["main"]])
    # The same process asks for the manifest, then the weights; in between a new commit replaces both.
    repo.commit({**files, WEIGHTS: b"other", "manifest.json": b"{}"}, "next")
    said = client.run(
        f"""
source = ModelSource({NAME!r})
source.manifest
import urllib.request
urllib.request.urlopen({hub.endpoint + "/api/promote/next"!r}).read()
print(source.file({WEIGHTS!r}).parent.name)
"""
    )
    assert said == good.split()[0]
    assert repo.refs["main"] == repo.refs["next"]


def test_a_mirror_and_a_renamed_model(client: Client, hub: Hub, good: str) -> None:
    hub.renamed["studio/old-name"] = NAME
    assert client.get("studio/old-name") == good
    assert client.run(HF_ENDPOINT=f"http://localhost:{hub.server_port}") == good


def test_a_private_model_needs_its_token(client: Client, hub: Hub, good: str) -> None:
    hub.repos[NAME].private = True
    for refused in (client.get(), client.get(token="hf_wrong"), client.get("studio/nothing")):
        assert "there is no such model, or it is private: check the name, or pass token=..." in refused
    assert client.get(token=TOKEN) == good
    assert client.run(HF_TOKEN=TOKEN) == good


def test_a_cache_folder_of_ones_own(client: Client, hub: Hub, good: str, tmp_path: Path) -> None:
    own = tmp_path / "models"
    assert client.get(cache_dir=str(own)) == good
    assert list(own.rglob(WEIGHTS))
    assert not client.cached()
    assert client.get(cache_dir=str(own), local_files_only=True) == good


def test_four_processes_at_once(client: Client, hub: Hub, good: str, model_folder: Path) -> None:
    hub.faults.pause = 0.05
    processes = [client.start("get()") for _ in range(4)]
    assert [process.communicate(timeout=120)[0].strip() for process in processes] == [good] * 4
    assert_no_bad_file(client, model_folder)


# --- something is wrong ----------------------------------------------------------------------------------------------


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def page(data: bytes) -> bytes:
    return b"<html>Not what you asked for</html>"


def padded_page(data: bytes) -> bytes:
    return page(data).ljust(len(data))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Faults(spoil={WEIGHTS: flipped}), "is damaged, it has sha256"),
        (Faults(spoil={WEIGHTS: padded_page}), "is damaged, it has sha256"),
        (Faults(spoil={WEIGHTS: page}), "cannot be had"),
        (Faults(spoil={WEIGHTS: lambda data: data * 2}), "cannot be had"),
        (Faults(spoil={"manifest.json": padded_page}), "is no model manifest"),
        (Faults(short={WEIGHTS: 0.5}), "cannot be had"),
        (Faults(short={"manifest.json": 0.5}), "cannot be had"),
        (Faults(status={WEIGHTS: 404}), "cannot be had"),
        (Faults(status={WEIGHTS: 403}), "cannot be had"),
    ],
    ids=["wrong hash", "page of that size", "page", "twice", "manifest", "short", "short manifest", "404", "403"],
)
def test_a_bad_file_is_never_given_out_and_never_stays(
    client: Client, hub: Hub, good: str, model_folder: Path, fault: Faults, reason: str
) -> None:
    hub.faults = fault
    (complaint,) = client.get().splitlines()
    assert complaint.startswith("ModelError: ")
    assert reason in complaint
    assert_no_bad_file(client, model_folder)
    hub.faults = Faults()
    assert client.get() == good


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("ranges", [True, False], ids=["resumed", "anew"])
def test_a_line_that_breaks_once_is_taken_up_again(
    client: Client, hub: Hub, good: str, model_folder: Path, share: float, ranges: bool
) -> None:
    hub.faults = Faults(cut={WEIGHTS: share}, times=1, ranges=ranges)
    assert client.get() == good
    assert_no_bad_file(client, model_folder)


def test_a_line_that_breaks_every_time_ends_in_an_error(
    client: Client, hub: Hub, good: str, model_folder: Path
) -> None:
    hub.faults = Faults(cut={WEIGHTS: 0.99}, ranges=False)
    # The client takes up a download that came in pieces again and again, and a large file comes in pieces.
    pieces = "from huggingface_hub import constants; constants.DOWNLOAD_CHUNK_SIZE = 1000\n"
    assert "the server sent more than" in client.run(pieces + "get()")
    assert "cannot be had: peer closed connection" in client.get()
    assert_no_bad_file(client, model_folder)
    hub.faults = Faults()
    assert client.get() == good


@pytest.mark.parametrize(
    "fault",
    [
        Faults(spoil={WEIGHTS: flipped}, times=1),
        Faults(spoil={"manifest.json": lambda data: re.sub(rb"[0-9a-f]{64}", b"0" * 64, data)}, times=1),
        Faults(spoil={"manifest.json": padded_page}, times=1),
        Faults(short={WEIGHTS: 0.1}, times=1),
        Faults(status={WEIGHTS: 500}, times=1),
        Faults(status={"manifest.json": 503}, times=2),
        Faults(pause=0.2),
    ],
    ids=["wrong hash", "wrong manifest", "no manifest", "short", "500", "503", "slow"],
)
def test_what_goes_wrong_once_is_mended_quietly(
    client: Client, hub: Hub, good: str, model_folder: Path, fault: Faults
) -> None:
    hub.faults = fault
    assert client.get() == good
    assert_no_bad_file(client, model_folder)


def test_a_cached_file_that_goes_bad_is_fetched_again(client: Client, hub: Hub, good: str, model_folder: Path) -> None:
    assert client.get() == good
    (weights,) = (path.resolve() for path in client.home.rglob(f"snapshots/*/{WEIGHTS}"))
    weights.write_bytes(flipped(weights.read_bytes()))
    assert client.get() == good
    weights.write_bytes(flipped(weights.read_bytes()))
    assert client.run(HF_HUB_OFFLINE="1").startswith("ModelError: ")
    assert_no_bad_file(client, model_folder)
    assert client.get() == good


def test_a_login_page_for_everything(client: Client, hub: Hub, good: str) -> None:
    hub.faults = Faults(portal=True)
    (complaint,) = client.get().splitlines()
    assert "it is not cached, and the Hub cannot be asked" in complaint
    assert not client.cached()
    hub.faults = Faults()
    assert client.get() == good
    hub.faults = Faults(portal=True)
    assert client.get() == good


def test_nothing_cached_and_no_network(client: Client) -> None:
    said = [client.run(HF_HUB_OFFLINE="1"), client.get(local_files_only=True)]
    assert all("it is not cached, and the Hub cannot be asked" in line for line in said)
    assert all(len(line.splitlines()) == 1 for line in said)


def test_a_full_disk_leaves_nothing_behind(client: Client, good: str, model_folder: Path) -> None:
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))\n"
    assert (model_folder / WEIGHTS).stat().st_size > 8000
    assert "cannot be had: " in client.run(limit + "get()")
    assert_no_bad_file(client, model_folder)
    assert not list(client.home.rglob("*.incomplete"))
    assert client.get() == good


def test_a_cache_that_may_only_be_read(client: Client, hub: Hub, good: str, model_folder: Path) -> None:
    # Root may write everywhere unless it gives that up.
    plain = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if plain and not shutil.which(plain[0]):
        pytest.skip("root can write everywhere, and there is no setpriv")
    assert client.get() == good
    folders = [client.home, *(path for path in client.home.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    assert client.run("get()", *plain) == good
    assert client.run("get()", *plain, HF_HUB_OFFLINE="1") == good
    assert client.run("get(name='histograms.safetensors')", *plain).startswith("ModelError: ")
    (weights,) = (path.resolve() for path in client.home.rglob(f"snapshots/*/{WEIGHTS}"))
    weights.write_bytes(flipped(weights.read_bytes()))
    assert "is damaged" in client.run("get()", *plain)
    for folder in folders:
        folder.chmod(0o755)


def test_a_manifest_cannot_lead_out_of_its_folder(client: Client, hub: Hub) -> None:
    facts = {"size": 1, "sha256": "0" * 64}
    for name in ("../../secret.safetensors", "/etc/passwd", "weights.bin", "a/b.safetensors", ".safetensors"):
        manifest = {"format_version": 1, "licence": "x", "files": {name: facts}}
        hub.repos["studio/trap"] = Repo()
        hub.repos["studio/trap"].commit({"manifest.json": json.dumps(manifest).encode()})
        assert "is no name of a safetensors file" in client.get("studio/trap")


# --- the registry ----------------------------------------------------------------------------------------------------


def test_a_registered_model_is_pinned(client: Client, hub: Hub, good: str, model_folder: Path, tmp_path: Path) -> None:
    commit = good.split()[0]
    manifest = json.loads((model_folder / "manifest.json").read_text())
    entry = {"repo": NAME, "revision": commit, "licence": "Apache-2.0", "files": manifest["files"]}
    registry = tmp_path / "registry.json"
    registry.write_text(json.dumps({"format_version": 1, "models": {"inks": entry}}))
    use = f"registry.REGISTRY = Path({str(registry)!r})\n"
    files = dict(hub.repos[NAME].commits[commit])
    hub.repos[NAME].commit({**files, WEIGHTS: b"newer"})
    assert client.run(use + "get('inks')") == good
    assert "manifest.json" not in " ".join(hub.resolved())
    assert "is at revision" in client.run(use + "get('inks', revision='main')")
    # Somebody rewrote history: the commit's name is the same, its files are not.
    shutil.rmtree(client.home)
    hub.repos[NAME].commits[commit] = {**files, WEIGHTS: flipped(files[WEIGHTS])}
    assert "is damaged, it has sha256" in client.run(use + "get('inks')")
    assert not client.cached()
