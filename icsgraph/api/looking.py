# SPDX-License-Identifier: Apache-2.0
"""Things to what the graph says of them: descriptions, search, what changed between days, guidance, reasoning."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Final

from icsgraph.api.data import Data, day_of
from icsgraph.api.progress import telling
from icsgraph.api.showing import Listing
from icsgraph.api.told import Differences, Told
from icsgraph.model.errors import LookupFailed

if TYPE_CHECKING:
    import rdflib

    from icsgraph.api.guidance import Guidance
    from icsgraph.api.reasoning import Reasoning
    from icsgraph.law.describe import Description
    from icsgraph.queries.search import Entry

_LINKS: Final = 40


class Looking(Data):
    """A graph in which things can be looked up."""

    def describe(self, thing: str, *, limit: int = _LINKS) -> Told[Description]:
        """Say everything about one thing: a code, a name, a constraint, a prefixed name or an IRI.

        Its forms are text, md, ttl, jsonld, and two drawings of what it is linked to: mermaid and svg.

        Args:
            limit: at most this many links to it; a drawing counts the rest.

        Raises:
            LookupFailed: E401 when it means nothing here, E402 when it means more than one thing.
        """
        from icsgraph.law.describe import describe
        from icsgraph.reports import neighbourhood
        from icsgraph.reports import thing as forms

        opened = self.opened()

        def all_links(_: Description) -> Description:
            return describe(opened, thing, sys.maxsize)

        return Told(describe(opened, thing, limit), {
            "text": forms.as_text, "md": forms.as_markdown, "ttl": forms.as_turtle, "jsonld": forms.as_jsonld,
            "mermaid": lambda found: neighbourhood.as_mermaid(all_links(found)),
            "svg": lambda found: neighbourhood.as_svg(all_links(found)),
        })  # fmt: skip

    def find(self, words: str, *, kind: str = "", limit: int = 10) -> Listing[Entry]:
        """Find things by words of their names, codes, definitions and rules, which may be misspelt; the best first."""
        from icsgraph.law.find import find

        opened = self.opened()
        with telling(self._progress, "searching"):
            hits = find(opened, words, kind=kind, limit=limit)
        return Listing((hit.entry for hit in hits), "things", ("label", "kind", "field", "text", "iri"))

    def changes(self, since: date | str, *, kind: str = "") -> Differences:
        """Say what began, ended and changed between an earlier day and the graph's own."""
        from icsgraph.law.between import between

        day = day_of(since, "since")
        return Differences(between(self.opened(), day, self.as_at, kind), str(day), str(self.as_at))

    @property
    def guidance(self) -> Guidance:
        """What the editions of the guidance say."""
        from icsgraph.api.guidance import Guidance

        return Guidance(self.opened())

    @property
    def reasoning(self) -> Reasoning:
        """What follows from the ontology and the graph's files, and whether they can be true together.

        Raises:
            LookupFailed: E440 for a store or an endpoint: reasoning reads files.
        """
        from icsgraph.api.reasoning import Reasoning

        if self._endpoint or self._store:
            where = self._endpoint.url if self._endpoint else str(self._store)
            raise LookupFailed("E440", where, "reasoning reads its own data", "Open the files themselves for this.")
        return Reasoning(self.paths, self.as_at, self._progress)

    def rdflib(self) -> rdflib.Graph:
        """Give all triples as a graph of rdflib: a copy, which takes some seconds and much memory."""
        from icsgraph.api.copying import as_rdflib

        with telling(self._progress, "copying to rdflib"):
            return as_rdflib(self.opened().store)
