# SPDX-License-Identifier: Apache-2.0
"""The service as a process: where it listens, how it starts, stops, loses workers, and changes its store."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from serving import ROOT, Served
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.opening import derive_all
from icsgraph.store.building import build_store

COUNT = "SELECT (COUNT(*) AS ?n) { ?s a ics:Document }"


def workers(pid: int) -> list[int]:
    """The processes that answer, which hang below the one that splits them off."""
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            children = [int(each) for each in path.read_text().split()]
            found += [child for child in children if parent != pid]
            waiting += children
    return found


def documents(server: Served) -> tuple[str, str]:
    got = server.query(COUNT)
    assert 200 == got.status, got.text
    return got.json["results"]["bindings"][0]["n"]["value"], got.headers["x-icsgraph-data"]


@pytest.fixture(scope="module")
def own(store, tmp_path_factory):
    """A server of this module's own, over a copy of the store, to be meddled with."""
    folder = tmp_path_factory.mktemp("own") / "store"
    shutil.copytree(store, folder)
    server = Served("--store", str(folder), options=("--seconds", "4"))
    yield server, folder
    server.stop()


def test_it_listens_to_this_machine_alone(own):
    """Unless told otherwise the address is the loopback's."""
    server, _ = own

    assert server.url.startswith("http://127.0.0.1:")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found by /proc")
def test_killed_workers_are_replaced_and_nothing_wrong_is_answered(own):
    """While workers are killed one after another, each query is answered, and answered alike."""
    server, _ = own
    answers, ended = [], threading.Event()

    def ask() -> None:
        while not ended.is_set():
            answers.append(server.query(COUNT))

    expected = documents(server)[0]
    askers = [threading.Thread(target=ask) for _ in range(4)]
    for thread in askers:
        thread.start()
    for _ in range(4):
        time.sleep(0.4)
        for pid in workers(server.process.pid)[:2]:
            os.kill(pid, signal.SIGKILL)
    time.sleep(0.5)
    ended.set()
    for thread in askers:
        thread.join()
    right = [got for got in answers if got.status == 200]

    assert {expected} == {got.json["results"]["bindings"][0]["n"]["value"] for got in right}
    assert set() == {got.code for got in answers} - {"", "E807"}  # the second worker may be lost to a query as well
    assert len(right) > 0.9 * len(answers)
    assert server.get("/healthz").json["replaced"] > 0


def test_a_newer_store_is_served_without_a_request_being_dropped(own, tmp_path):
    """While the store is built anew and the old one removed, every query is answered from the one or the other."""
    server, folder = own
    answers, ended = [], threading.Event()

    def ask() -> None:
        while not ended.is_set():
            answers.append(server.query(COUNT))

    before = documents(server)
    askers = [threading.Thread(target=ask) for _ in range(3)]
    for thread in askers:
        thread.start()
    (tmp_path / "more.ttl").write_text(
        "<https://example.org/d> a <https://w3id.org/icsgraph/def/Document> .", encoding="utf-8"
    )
    build_store([tmp_path / "more.ttl"], folder, derive_all)
    until = time.monotonic() + 20
    while documents(server) == before and time.monotonic() < until:
        time.sleep(0.2)
    ended.set()
    for thread in askers:
        thread.join()
    after = documents(server)
    seen = {(got.json["results"]["bindings"][0]["n"]["value"], got.headers["x-icsgraph-data"]) for got in answers}

    assert {200} == {got.status for got in answers}
    assert before != after
    assert {before, after} >= seen


def test_a_damaged_store_is_not_changed_over_to(own):
    """A manifest that says nonsense leaves what is served, also when a signal asks for the change."""
    server, folder = own
    manifest = folder / "manifest.json"
    text, before = manifest.read_text(encoding="utf-8"), documents(server)
    manifest.write_text("{", encoding="utf-8")
    server.process.send_signal(signal.SIGHUP)
    time.sleep(2)
    during = documents(server)
    manifest.write_text(text, encoding="utf-8")

    assert before == during
    assert "E131" in "".join(server.said)


def test_a_port_that_is_taken_is_named(own):
    """A second service on one port says so, and leaves with 2."""
    server, folder = own
    done = subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", "--store", str(folder), "serve", "--port",
         str(server.port)],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=60,
    )  # fmt: skip

    assert (2, True) == (done.returncode, done.stderr.startswith(f"E801: 127.0.0.1:{server.port}"))


def test_it_stops_once_what_is_asked_is_answered(own):
    """SIGTERM lets a request that runs be answered, takes no new ones, and leaves nothing behind."""
    server, _ = own
    got = []
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d a ics:IntegratedCareBoard }"
    asking = threading.Thread(target=lambda: got.append(server.query(heavy)))
    asking.start()
    time.sleep(0.3)
    status = server.stop()
    asking.join()

    assert 0 == status
    assert [200] == [each.status for each in got]
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=2):
        pass


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found by /proc")
def test_no_worker_outlives_the_service(store):
    """When the service itself is killed, its workers end too, whatever they are at."""
    server = Served("--store", str(store))
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

    def ask() -> None:
        with pytest.raises(OSError):
            server.query(endless)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(1)
    pids = workers(server.process.pid)
    server.process.kill()
    asking.join()
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until:
        time.sleep(0.2)
    server.stop()

    assert pids
    assert [] == [pid for pid in pids if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (("--data", "data/examples/northshire", "--store", "{store}", "serve"), "--data, --store"),
        (("--store", "{store}", "serve", "--large", "boundaries"), "{store}"),
        (("--endpoint", "http://127.0.0.1:1/sparql", "serve"), "serve"),
    ],
)
def test_what_cannot_be_served_is_said_at_once(store, arguments, where):
    """Options that do not go together are refused before anything is opened."""
    done = CliRunner().invoke(app, [each.format(store=store) for each in arguments])

    assert (2, True) == (done.exit_code, done.stderr.startswith(f"E440: {where.format(store=store)}: "))


def test_what_serving_needs_is_named_where_it_is_missing(monkeypatch):
    """Without the packages of the extra, the command says how to get them."""
    import importlib.util

    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "uvicorn" else found(name))
    done = CliRunner().invoke(app, ["serve"])

    assert 2 == done.exit_code
    assert "E802: serve: uvicorn is not installed\n  Install it with: pip install 'icsgraph[serve]'" in done.stderr


@pytest.mark.parametrize("own_records", [True, False])
def test_users_own_records_are_served_to_no_site_and_what_ships_to_any(tmp_path, own_records):
    """Files named with --data are served as they stand; pages of other sites may read only what ships."""
    (tmp_path / "more.ttl").write_text(
        "<https://example.org/d> a <https://w3id.org/icsgraph/def/Document> .", encoding="utf-8"
    )
    server = Served(*(("--data", str(tmp_path / "more.ttl")) if own_records else ()))
    try:
        there = server.query("ASK { <https://example.org/d> a ics:Document }").json["boolean"]
        origin = server.get("/healthz", Origin="https://stranger.example").headers.get("access-control-allow-origin")
    finally:
        server.stop()

    assert (own_records, None if own_records else "*") == (there, origin)
