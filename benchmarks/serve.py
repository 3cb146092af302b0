# SPDX-License-Identifier: Apache-2.0
"""How the service holds under load: 200 clients at once that ask light, heavy and hostile queries.

    python benchmarks/serve.py [SECONDS]

Builds a store and serves it on a free port, has every client ask one query after another, kills a worker now and then,
and says for each kind of query how many were answered, how (status), and how long they took, and how much memory the
service had at most. Then, still under load, it does away with more: every file of the store's folder, everything that
answers and what starts it, the files that the service itself reads, and at last the service.

Every answer of status 200 is compared with the one that the store itself gave before there was a service: the benchmark
fails (exit status 1) when one differs or is shorter than it says, when a light query is refused before the harm begins,
or when it is not answered again after it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Coroutine
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from icsgraph.model.namespaces import PREFIXES
from icsgraph.opening import derive_all
from icsgraph.queries import Library
from icsgraph.store import shipped
from icsgraph.store.building import build_store
from icsgraph.store.built import read_manifest
from icsgraph.web.description import prefixes, stored_query
from icsgraph.web.source import Source, held, locate

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = 200
LIMITS = ("--seconds", "10", "--memory", "512")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LIGHT = {
    "boards": "SELECT ?b ?l { ?b a ics:IntegratedCareBoard ; rdfs:label ?l } ORDER BY ?b",
    "a constraint": "SELECT ?p ?o { <https://w3id.org/icsgraph/constraint/ICS-20> ?p ?o } ORDER BY ?p ?o",
    "whether": "ASK { ?s a ics:Constraint }",
}
HEAVY = {
    "every kind": "SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t ORDER BY ?t",
    "words in labels": "SELECT (COUNT(*) AS ?n) { ?s rdfs:label ?l FILTER(REGEX(?l, '(care|health).*board', 'i')) }",
    "pairs": "SELECT (COUNT(*) AS ?n) { ?a a ics:IntegratedCareBoard . ?s ?p ?o }",
}
HOSTILE = {
    "endless": ENDLESS,
    "another endless one": ENDLESS + " # {number}",
    "memory": "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
    "service": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "update": "PREFIX a: <x:> DELETE WHERE { ?s ?p ?o }",
    "file": "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }",
}
KINDS = {"light": (LIGHT, 0.80), "heavy": (HEAVY, 0.12), "hostile": (HOSTILE, 0.08)}


async def ask(port: int, query: str, patience: float = 120) -> tuple[int, bytes, float]:
    """Ask one query over a connection of its own; give status, body and seconds."""
    begun = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"GET /sparql?format=csv&query={quote(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        async with asyncio.timeout(patience):
            answer = await reader.read()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head:
        raise ConnectionResetError
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if length is None:
        raise SystemExit(f"an answer does not say how long it is: {head!r}")
    if int(length[1]) != len(body):
        raise ConnectionResetError("cut off, as its length tells")
    return int(head.split()[1]), body, time.monotonic() - begun


class Load:
    """What was asked, and what came back."""

    def __init__(self, port: int, until: float) -> None:
        self.port, self.until, self.number = port, until, 0
        self.times: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, Counter[str]] = defaultdict(Counter)
        self.right: dict[str, list[str]] = {}
        self.wrong: list[str] = []

    def learn(self, store: Path, folder: Path) -> None:
        """Ask each light and heavy query of the store itself, with the prefixes and stored queries that are served."""
        folder.mkdir()
        queries = Library(shipped.files("queries/competency", "*.rq"))
        more = [*prefixes(), *(triple for query in queries for triple in stored_query(query))]
        opened = ox.Store.read_only(str(held(locate(Source(store)), folder, more).path))
        for name, query in (LIGHT | HEAVY).items():
            answer = opened.query(query, prefixes=PREFIXES)
            if isinstance(answer, ox.QueryBoolean):
                self.right[name] = [str(bool(answer)).lower()]
            else:
                self.right[name] = answer.serialize(format=ox.QueryResultsFormat.CSV).decode().splitlines()

    async def client(self, seed: int) -> None:
        """Ask one query after another."""
        dice = random.Random(seed)
        while time.monotonic() < self.until:
            kind = dice.choices(list(KINDS), [share for _, share in KINDS.values()])[0]
            name, query = dice.choice(list(KINDS[kind][0].items()))
            self.number += 1
            try:
                status, body, took = await ask(self.port, query.replace("{number}", str(self.number)))
            except (OSError, TimeoutError) as error:
                self.statuses[kind][type(error).__name__] += 1
                continue
            self.statuses[kind][str(status)] += 1
            self.times[kind].append(took)
            if status == 200 and self.right.get(name) != body.decode().splitlines():
                self.wrong.append(name)
            await asyncio.sleep(dice.uniform(0.5, 1.5))  # a client that looks at what it gets


def below(pid: int) -> list[int]:
    """Give the processes below one, itself first."""
    found = [pid]
    for parent in found:
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(each) for each in path.read_text().split()]
    return found


def memory(pid: int) -> float:
    """Give the MiB that a process and those below it have for themselves, each shared page counted once."""
    total = 0
    for each in below(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                total += int(line.split()[1]) if line.startswith("Pss:") else 0
    return total / 1024


async def watch(pid: int, until: float, most: list[float]) -> None:
    """Look at the memory twice a second, and kill a worker every five seconds."""
    looks = 0
    while time.monotonic() < until:
        most.append(await asyncio.to_thread(memory, pid))
        looks += 1
        if looks % 10 == 0 and len(workers := below(pid)[3:]):
            with contextlib.suppress(OSError):
                os.kill(random.choice(workers), signal.SIGKILL)
        await asyncio.sleep(0.5)


def table(load: Load, most: list[float]) -> str:
    """Give what was measured as a Markdown table."""
    lines = ["| queries | asked | median | 95th | worst | statuses |", "| --- | --- | --- | --- | --- | --- |"]
    for kind in KINDS:
        times = sorted(load.times[kind]) or [0.0]
        asked = sum(load.statuses[kind].values())
        lines.append(
            f"| {kind} | {asked} | {statistics.median(times):.2f} s | {times[int(len(times) * 0.95)]:.2f} s "
            f"| {times[-1]:.2f} s | {told(load, kind)} |"
        )
    return "\n".join([*lines, "", f"Memory of the service: {most[0]:.0f} MiB before, {max(most):.0f} MiB at most."])


def told(load: Load, kind: str) -> str:
    """Say how often each status came."""
    return ", ".join(f"{status}: {number}" for status, number in sorted(load.statuses[kind].items()))


def started(store: Path) -> tuple[subprocess.Popen[str], int]:
    """Start the service over a store; give its process and port."""
    server = subprocess.Popen(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", "--store", str(store), "serve", "--port", "0",
         *LIMITS],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return server, int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])


async def loaded(load: Load, seconds: float, beside: Coroutine[None, None, None]) -> None:
    """Have all clients ask for a time, with something else going on."""
    load.until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        group.create_task(beside)
        for seed in range(CLIENTS):
            group.create_task(load.client(seed))


def spoil(folder: Path) -> None:
    """Cut every file of data in a folder short."""
    for path in folder.glob("*.sst"):
        os.truncate(path, path.stat().st_size // 3)


async def harm(server: subprocess.Popen[str], store: Path, seconds: float) -> None:
    """Do away with the store, with all that answers, with what the service reads, and with the service, by turns."""
    (reads,) = Path(tempfile.gettempdir()).glob(f"icsgraph-serve-{server.pid}-*/1")
    await asyncio.sleep(seconds / 5)
    spoil(store / read_manifest(store).store)
    shutil.rmtree(store / read_manifest(store).store)
    await asyncio.sleep(seconds / 5)
    for pid in below(server.pid)[1:]:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    await asyncio.sleep(seconds / 5)
    spoil(reads)
    await asyncio.sleep(seconds / 5)
    server.kill()


async def recovered(port: int, load: Load, seconds: float = 60) -> bool:
    """Say whether every light query is answered, and rightly, within a time."""
    until = time.monotonic() + seconds
    left = dict(LIGHT)
    while left and time.monotonic() < until:
        for name, query in list(left.items()):
            status, body, _ = await ask(port, query)
            if status == 200 and body.decode().splitlines() == load.right[name]:
                del left[name]
    return not left


async def main(seconds: float, folder: Path) -> int:
    """Build, start, load, do harm, start again, report."""
    store, kept = folder / "store", folder / "kept"
    build_store([], store, derive_all)
    shutil.copytree(store, kept)
    server, port = started(store)
    load, harmed = Load(port, 0), Load(port, 0)
    load.learn(kept, folder / "held")
    harmed.right = load.right
    try:
        most = [memory(server.pid)]
        await loaded(load, seconds, watch(server.pid, time.monotonic() + seconds, most))
        await loaded(harmed, seconds, harm(server, store, seconds))
        server.wait(30)
        server, port = started(kept)
        again = await recovered(port, load)
    finally:
        server.kill()
        server.wait(30)
    print(f"{CLIENTS} clients for {seconds:g} s, {os.cpu_count()} cores, a worker killed every 5 s")
    print(table(load, most))
    print(f"\nFor {seconds:g} s more, by turns: the store cut short and removed, all workers and their parent killed,")
    print("what the service reads cut short, the service killed. Statuses of")
    for kind in KINDS:
        print(f"- {kind} queries: {told(harmed, kind)}")
    wrong = Counter(load.wrong + harmed.wrong)
    print("\nEvery answer of status 200 was right." if not wrong else f"\nWRONG: {wrong}")
    print("Started again, it answered at once." if again else "Started again, it DID NOT answer.")
    refused = {status for status in load.statuses["light"] if status != "200"}
    if refused:
        print(f"Light queries were refused: {sorted(refused)}")
    return 1 if wrong or refused or not again else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="icsgraph-load-") as name:
        sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30, Path(name))))
