# SPDX-License-Identifier: Apache-2.0
"""RDF/XML: RDF for tools that read XML."""

from __future__ import annotations

from functools import partial
from typing import Final

from icsgraph.exports.format import Format
from icsgraph.exports.rdf import write

FORMAT: Final = Format("RDF/XML: RDF for tools that read XML", file=partial(write, "rdfxml"))
