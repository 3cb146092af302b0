# SPDX-License-Identifier: Apache-2.0
"""SPARQL servers on this machine, empty or with N-Triples: Oxigraph's and Virtuoso, where they are installed.

Tests and benchmarks start them here alone.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")
GRAPH = "urn:invented"
INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def oxigraph(data: Path, folder: Path) -> Iterator[str]:
    """The address of the queries of an Oxigraph server that holds a file and takes nothing else."""
    assert OXIGRAPH is not None
    store = folder / "oxigraph"
    subprocess.run([OXIGRAPH, "load", "--location", store, "--file", data], check=True, capture_output=True)
    with serving_oxigraph(store, folder, "serve-read-only") as (_, address):
        yield f"{address}/query"


@contextmanager
def serving_oxigraph(store: Path, folder: Path, how: str = "serve") -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The process and the address of an Oxigraph server over a store, which is made where it is missing."""
    assert OXIGRAPH is not None
    address = f"127.0.0.1:{_port()}"
    with _running([OXIGRAPH, how, "--location", str(store), "--bind", address], folder) as server:
        _wait(f"http://{address}/query", server)
        yield server, f"http://{address}"


@contextmanager
def virtuoso(
    data: Path | None, folder: Path, *, graph: str = GRAPH, buffers: int = 170_000, rows: int = 10_000_000
) -> Iterator[str]:
    """The address of the queries of a Virtuoso that holds a file in a graph, or nothing.

    Args:
        buffers: pages of 8 kB that it may keep in memory.
        rows: how many rows an answer has at most.
    """
    sql, http = _port(), _port()
    settings = INI.format(folder=folder, sql=sql, http=http, buffers=buffers, dirty=buffers * 3 // 4, rows=rows)
    (folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
    with _running(["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"], folder) as server:
        _wait(f"http://127.0.0.1:{http}/sparql", server)
        if data is not None:
            shutil.copy(data, folder / "data.nt")
            load = f"DB.DBA.TTLP_MT(file_to_string_output('{folder}/data.nt'), '', '{graph}', 0); checkpoint;"
            command = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"]
            subprocess.run(command, check=True, capture_output=True)
        yield f"http://127.0.0.1:{http}/sparql"


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield server
    finally:
        server.kill()
        server.wait()


def _port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"the server for {url} has ended")
        try:
            urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} does not answer")
