# SPDX-License-Identifier: Apache-2.0
"""What is answered while workers, store files and the service are done away with: what is right, or no answer."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from serving import Served

from icsgraph.model.namespaces import PREFIXES
from icsgraph.store.built import read_manifest
from icsgraph.web.source import Source, held, locate

QUERIES = {
    "a count": "SELECT (COUNT(*) AS ?n) { ?s a ics:Statement }",
    "what is absent": "SELECT (COUNT(*) AS ?n) { ?s a ics:Statement FILTER NOT EXISTS { ?s ics:restsOn ?p } }",
    "what may be there": "SELECT ?s ?p { ?s a ics:Statement OPTIONAL { ?s ics:restsOn ?p } } ORDER BY ?s ?p",
    "much": "SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s ?l LIMIT 3000",
}
CLEAR = ("E542", "E816", "E807", "E806", "E808", "E131")
linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found by /proc")


@pytest.fixture
def own(store, tmp_path) -> Path:
    """A copy of the store, to be done harm to."""
    return shutil.copytree(store, tmp_path / "store")


@pytest.fixture(scope="module")
def right(store) -> dict[str, list[str]]:
    """The answer to each query, from the store itself, without any service."""
    opened = ox.Store.read_only(str(store / read_manifest(store).store))
    found = {}
    for name, query in QUERIES.items():
        answer = opened.query(query, prefixes=PREFIXES)
        found[name] = answer.serialize(format=ox.QueryResultsFormat.CSV).decode().splitlines()
    return found


class Load:
    """Clients that ask one query after another, each with its answer compared as it comes."""

    def __init__(self, port: int, right: dict[str, list[str]]) -> None:
        self.port, self.right = port, right
        self.counted: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._ended = threading.Event()

    def ask(self, name: str) -> str:
        """Give what a query got: right, a code, or that the connection ended; note what is wrong."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            wire.request("GET", f"/sparql?{urlencode({'query': QUERIES[name], 'format': 'csv'})}")
            got = wire.getresponse()
            length, body = got.headers.get("content-length"), got.read()
        except (OSError, http.client.HTTPException):
            return "cut"
        finally:
            wire.close()
        if got.status != 200:
            code = next((each for each in CLEAR if f'"{each}"'.encode() in body), "")
            return code or self._wrong(f"{name}: {got.status} {body[:200]!r}")
        if length is None or int(length) != len(body):
            return self._wrong(f"{name}: {len(body)} bytes of {length}")
        return "right" if body.decode().splitlines() == self.right[name] else self._wrong(f"{name}: {body[:200]!r}")

    def _wrong(self, what: str) -> str:
        self.wrong.append(what)
        return "wrong"

    def _client(self, name: str) -> None:
        while not self._ended.is_set():
            self.counted[self.ask(name)] += 1

    @contextmanager
    def going(self) -> Iterator[None]:
        """Have a client for each query ask until the block ends."""
        clients = [threading.Thread(target=self._client, args=(name,)) for name in QUERIES]
        for client in clients:
            client.start()
        try:
            time.sleep(0.5)
            yield
        finally:
            self._ended.set()
            for client in clients:
                client.join()


def until_right(load: Load, server: Served, seconds: float = 90) -> bool:
    """Wait until every query has its answer again, for as long as the service is there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.process.poll() is None:
        if all(load.ask(name) == "right" for name in QUERIES):
            return True
        time.sleep(0.3)
    return False


def made_ready(server: Served) -> None:
    """Wait for what the service makes ready at its start, which reads the store for a while."""
    for path in ("/map", "/guidance/changes", "/ontology/"):
        assert 200 == server.get(path).status
    time.sleep(1)


def below(pid: int) -> list[int]:
    """The processes below one."""
    found, waiting = [], [pid]
    while waiting:
        for path in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            children = [int(each) for each in path.read_text().split()]
            found += children
            waiting += children
    return found


def spoil(folder: Path, harm: str) -> None:
    """Do harm to every file of data in a folder."""
    for path in sorted(folder.glob("*.sst")):
        size = path.stat().st_size
        if harm == "removed":
            path.unlink()
            continue
        with path.open("r+b") as stream:
            if harm == "cut short":
                stream.truncate(size // 3)
            else:
                stream.seek(min(4096, size // 2))
                stream.write(os.urandom(min(size // 2, 200_000)))


@pytest.mark.parametrize("harm", ["removed", "cut short"])
def test_harm_to_the_store_changes_no_answer(own, right, harm):
    """The service has what it reads for itself: whatever is done to the folder, every query is rightly answered."""
    server = Served("--store", str(own))
    load = Load(server.port, right)
    try:
        with load.going():
            spoil(own / read_manifest(own).store, harm)
            time.sleep(1.5)
        after = load.ask("much")
    finally:
        server.stop()

    assert [] == load.wrong
    assert {"right"} == set(load.counted)
    assert "right" == after


@linux
@pytest.mark.parametrize("harm", ["cut short", "overwritten"])
def test_harm_to_what_the_service_reads_brings_no_wrong_answer(own, right, harm):
    """With its own files changed under load nothing is answered that could be wrong, and it mends itself."""
    server = Served("--store", str(own))
    load = Load(server.port, right)
    (reads,) = Path(tempfile.gettempdir()).glob(f"icsgraph-serve-{server.process.pid}-*/1")
    try:
        made_ready(server)
        with load.going():
            spoil(reads, harm)
            time.sleep(3)
        mended = until_right(load, server)
        status, log = server.process.poll(), "".join(server.said)
    finally:
        server.stop()

    assert [] == load.wrong
    assert (mended, status) == (True, None)
    assert load.counted["right"] > 0 < load.counted["E542"]
    assert "changed or removed while it is served" in log


@linux
def test_harm_while_a_page_is_made_brings_no_wrong_page(own, right):
    """Pages under load give what they gave before, say that the store is damaged, or the service ends and says why."""
    server = Served("--store", str(own))
    before = server.get("/systems?as-at=2024-06-01").body
    (reads,) = Path(tempfile.gettempdir()).glob(f"icsgraph-serve-{server.process.pid}-*/1")
    got: list[bytes] = []

    def ask(day: int) -> None:
        for path in (f"/systems?as-at=2023-05-{day:02}", "/systems?as-at=2024-06-01"):
            try:
                answer = server.get(path, "text/html")
            except (OSError, http.client.HTTPException):
                return
            if answer.status == 200 and path.endswith("2024-06-01"):
                got.append(answer.body)

    visitors = [threading.Thread(target=ask, args=(day,)) for day in range(1, 25)]
    for visitor in visitors:
        visitor.start()
    time.sleep(0.7)
    spoil(reads, "cut short")
    for visitor in visitors:
        visitor.join()
    until = time.monotonic() + 20
    ended = False
    while time.monotonic() < until and not ended:
        ended = server.process.poll() is not None
        with contextlib.suppress(OSError, http.client.HTTPException):  # it may end while it is asked
            if not ended and server.get("/systems?as-at=2024-06-01").status == 200:
                break
        time.sleep(0.3)
    status = server.process.poll()
    server.stop()

    assert {before} >= set(got)
    assert status in (None, 3)
    assert "E543" in "".join(server.said) or not ended


@linux
def test_a_store_that_is_damaged_everywhere_is_not_answered_from_until_it_is_built_anew(own, right, store):
    """Where the folder is damaged too, queries and pages say so; a new store in its place is taken up."""
    server = Served("--store", str(own))
    load = Load(server.port, right)
    folder = own / read_manifest(own).store
    (reads,) = Path(tempfile.gettempdir()).glob(f"icsgraph-serve-{server.process.pid}-*/1")
    try:
        made_ready(server)
        for each in (folder, reads):
            spoil(each, "cut short")
        time.sleep(3)
        meanwhile, page = load.ask("a count"), server.get("/systems", "text/html")
        shutil.rmtree(folder)
        shutil.copytree(store / folder.name, folder)
        again = own / "manifest.new"
        again.write_bytes((own / "manifest.json").read_bytes())
        again.replace(own / "manifest.json")
        recovered = until_right(load, server)
        log = "".join(server.said)
    finally:
        server.stop()

    assert [] == load.wrong
    assert "E542" == meanwhile
    assert (503, True) == (page.status, "E542" in page.text)
    assert recovered
    assert "E131" in log, "the damaged store was looked at, and not taken"


@linux
def test_killed_workers_and_what_splits_them_off_bring_no_wrong_answer(own, right):
    """Every process below the service killed again and again, the one that starts workers included: it goes on."""
    server = Served("--store", str(own))
    load = Load(server.port, right)
    try:
        with load.going():
            for _ in range(3):
                for pid in below(server.process.pid):
                    os.kill(pid, signal.SIGKILL)
                time.sleep(1.5)
        recovered = until_right(load, server)
    finally:
        server.stop()

    assert [] == load.wrong
    assert recovered
    assert load.counted["right"] > 0


@linux
def test_a_killed_service_gives_no_answer_that_looks_whole_and_is_not(own, right):
    """What is being sent at SIGKILL is told to be short by its length; a new service answers rightly at once."""
    server = Served("--store", str(own))
    load = Load(server.port, right)
    with load.going():
        time.sleep(1)
        workers = below(server.process.pid)
        server.process.kill()
        server.process.wait()
        time.sleep(0.5)
    gone = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < gone:
        time.sleep(0.1)
    left = [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    server.stop()
    new = Served("--store", str(own))
    try:
        again = {name: Load(new.port, right).ask(name) for name in QUERIES}
    finally:
        new.stop()

    assert [] == load.wrong
    assert load.counted["right"] > 0 < load.counted["cut"]
    assert [] == left
    assert dict.fromkeys(QUERIES, "right") == again


def test_a_store_that_is_held_is_intact_until_somebody_writes_to_it(own, tmp_path):
    """Reading changes no seal, also from several processes' views; a byte more, a removed file, a later time does."""
    folder = tmp_path / "held"
    folder.mkdir()
    located = held(locate(Source(own)), folder)
    readers = [ox.Store.read_only(str(folder)) for _ in range(3)]
    assert all(len(reader) for reader in readers)
    assert located.intact()
    file = max(folder.glob("*.sst"), key=lambda path: path.stat().st_size)
    before = file.stat()
    with file.open("ab") as stream:
        stream.write(b"x")
    longer = located.intact()
    os.truncate(file, before.st_size)
    later = located.intact()
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = located.intact()
    file.unlink()

    assert (False, False, True, False) == (longer, later, again, located.intact())
