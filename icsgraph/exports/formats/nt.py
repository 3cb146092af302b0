# SPDX-License-Identifier: Apache-2.0
"""N-Triples: RDF, a statement a line."""

from __future__ import annotations

from functools import partial
from typing import Final

from icsgraph.exports.format import Format
from icsgraph.exports.rdf import write

FORMAT: Final = Format("N-Triples: RDF, a statement a line", file=partial(write, "nt"))
