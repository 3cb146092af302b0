# SPDX-License-Identifier: Apache-2.0
"""Turtle: RDF for people and version control."""

from __future__ import annotations

from functools import partial
from typing import Final

from icsgraph.exports.format import Format
from icsgraph.exports.rdf import write

FORMAT: Final = Format("Turtle: RDF for people and version control", file=partial(write, "ttl"))
