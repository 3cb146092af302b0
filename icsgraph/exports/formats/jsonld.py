# SPDX-License-Identifier: Apache-2.0
"""JSON-LD."""

from __future__ import annotations

from functools import partial
from typing import Final

from icsgraph.exports.format import Format
from icsgraph.exports.rdf import write

FORMAT: Final = Format("JSON-LD: RDF for tools that read JSON", file=partial(write, "jsonld"))
