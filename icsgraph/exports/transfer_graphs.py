# SPDX-License-Identifier: Apache-2.0
"""Named graphs to the graphs of the same names in a store, one after another, each made sure of by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from icsgraph.exports.transfer import Graph, Sent, send
from icsgraph.model.errors import TransferError
from icsgraph.store.endpoint import Credentials


def send_graphs(
    quads: Iterable[ox.Quad], url: str, credentials: Credentials | None = None, *, replace: bool = False
) -> Sent:
    """Send each named graph to the store's graph of that name; give the sums over all of them.

    Raises:
        TransferError: E950 to E952, as for one graph; it says which graphs are there whole.
        EndpointError: E610, when the address is none, or holds a password.
    """
    graphs: dict[str, set[ox.Triple]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs[quad.graph_name.value].add(quad.triple)
    done: list[tuple[str, Sent]] = []
    for name, triples in sorted(graphs.items()):
        try:
            done.append((name, send(triples, Graph(url, name, credentials), replace=replace)))
        except TransferError as error:
            whole = f"{len(done)} of {len(graphs)} graphs were sent whole before it" + (
                f", the last {done[-1][0]}" if done else ""
            )
            raise TransferError(error.code, error.where, f"graph {name}: {error.what}. {whole}", error.mend) from error
    held = [sent.before for _, sent in done if sent.before is not None]
    return Sent(
        sum(sent.statements for _, sent in done), sum(sent.requests for _, sent in done),
        sum(held) if held else None, sum(sent.after for _, sent in done), len(done),
    )  # fmt: skip
