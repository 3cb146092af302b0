# SPDX-License-Identifier: Apache-2.0
"""How the service holds under load: 200 clients at once that ask light, heavy and hostile queries.

    python benchmarks/serve.py [SECONDS]

Starts a server on a free port, has every client ask one query after another, kills a worker now and then, and says for
each kind of query how many were answered, how (status), and how long they took, and how much memory the service had at
most. Every answer of status 200 is compared with the one that was given before the load began: the benchmark fails
(exit status 1) when one differs, or when a light query is refused or answered with an error of the service.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import quote

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
    return int(head.split()[1]) if head else 0, body, time.monotonic() - begun


class Load:
    """What was asked, and what came back."""

    def __init__(self, port: int, until: float) -> None:
        self.port, self.until, self.number = port, until, 0
        self.times: dict[str, list[float]] = defaultdict(list)
        self.statuses: dict[str, Counter[str]] = defaultdict(Counter)
        self.right: dict[str, bytes] = {}
        self.wrong: list[str] = []

    async def learn(self) -> None:
        """Ask each light and heavy query once, by itself."""
        for name, query in (LIGHT | HEAVY).items():
            status, body, _ = await ask(self.port, query)
            if status != 200:
                raise SystemExit(f"{name}: status {status} without any load")
            self.right[name] = body

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
            if status == 200 and self.right.get(name) != body:
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
        told = ", ".join(f"{status}: {number}" for status, number in sorted(load.statuses[kind].items()))
        asked = sum(load.statuses[kind].values())
        lines.append(
            f"| {kind} | {asked} | {statistics.median(times):.2f} s | {times[int(len(times) * 0.95)]:.2f} s "
            f"| {times[-1]:.2f} s | {told} |"
        )
    return "\n".join([*lines, "", f"Memory of the service: {most[0]:.0f} MiB before, {max(most):.0f} MiB at most."])


async def main(seconds: float) -> int:
    """Start, load, report."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", "serve", "--port", "0", *LIMITS],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    try:
        port = int(server.stdout.readline().rstrip("/\n").rpartition(":")[2])
        load, most = Load(port, 0), [memory(server.pid)]
        await load.learn()
        load.until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(watch(server.pid, load.until, most))
            for seed in range(CLIENTS):
                group.create_task(load.client(seed))
    finally:
        server.terminate()
        server.wait(30)
    print(f"{CLIENTS} clients for {seconds:g} s, {os.cpu_count()} cores, a worker killed every 5 s")
    print(table(load, most))
    print("\nEvery answer of status 200 was right." if not load.wrong else f"\nWRONG: {Counter(load.wrong)}")
    refused = {status for status in load.statuses["light"] if status != "200"}
    if refused:
        print(f"Light queries were refused: {sorted(refused)}")
    return 1 if load.wrong or refused else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)))
