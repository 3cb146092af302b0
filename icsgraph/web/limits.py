# SPDX-License-Identifier: Apache-2.0
"""How much one request may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one request, and of all together.

    Attributes:
        workers: processes that answer questions side by side; as many again take over what turns out to be heavy.
        seconds: what a query may take; ``check_seconds`` is for a check of posted records.
        rows: rows or triples of an answer; what lies beyond is cut, and the answer says so.
        memory: MiB that a worker may use above what it starts with; ``check_memory`` is for a check of posted records,
            which are laid over a copy of the graph.
        query_body: bytes of a posted query; ``data_body`` is for posted records.
        connections: connections held open at once.
        patience: seconds that a client may take to send its headers, its body, or to take a piece of the answer.
        waiting: requests that may wait for a worker before further ones are turned away.
    """

    workers: int = 2
    seconds: float = 30.0
    check_seconds: float = 120.0
    rows: int = 100_000
    memory: int = 1024
    check_memory: int = 2048
    query_body: int = 1 << 20
    data_body: int = 16 << 20
    connections: int = 1000
    patience: float = 15.0
    waiting: int = 500
