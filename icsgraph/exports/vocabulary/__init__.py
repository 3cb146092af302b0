# SPDX-License-Identifier: Apache-2.0
"""The ontology to documentation: a page for each module, with a diagram, and for each term what uses it.

:class:`Site` gives pages as text, for a web server, and writes them all to a folder; :mod:`serving` says which term
serves which competency question. Everything is read from the graph and the files that ship: nothing is written twice.
"""

from __future__ import annotations

from icsgraph.exports.vocabulary.site import Site

__all__ = ["Site"]
