# SPDX-License-Identifier: Apache-2.0
"""TriG: Turtle with named graphs."""

from __future__ import annotations

from functools import partial
from typing import Final

from icsgraph.exports.format import Format
from icsgraph.exports.rdf import write

FORMAT: Final = Format("TriG: Turtle with named graphs", file=partial(write, "trig"))
