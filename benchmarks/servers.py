# SPDX-License-Identifier: Apache-2.0
"""N-Triples to a SPARQL server that holds them: Oxigraph's or Virtuoso, where they are installed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

OXIGRAPH = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
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
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 10000000
"""


@contextmanager
def oxigraph(data: Path, folder: Path) -> Iterator[str]:
    """The address of an Oxigraph server."""
    assert OXIGRAPH is not None
    store, address = folder / "oxigraph", f"127.0.0.1:{_port()}"
    subprocess.run([OXIGRAPH, "load", "--location", store, "--file", data], check=True, capture_output=True)
    with _running([OXIGRAPH, "serve-read-only", "--location", str(store), "--bind", address], folder) as server:
        _wait(f"http://{address}/query", server)
        yield f"http://{address}/query"


@contextmanager
def virtuoso(data: Path, folder: Path) -> Iterator[str]:
    """The address of a Virtuoso."""
    sql, http = _port(), _port()
    shutil.copy(data, folder / "data.nt")
    (folder / "virtuoso.ini").write_text(INI.format(folder=folder, sql=sql, http=http), encoding="utf-8")
    with _running(["virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"], folder) as server:
        _wait(f"http://127.0.0.1:{http}/sparql", server)
        load = f"DB.DBA.TTLP_MT(file_to_string_output('{folder}/data.nt'), '', '{GRAPH}', 0); checkpoint;"
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"], check=True, capture_output=True)
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
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} does not answer")
