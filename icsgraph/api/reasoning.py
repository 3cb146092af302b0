# SPDX-License-Identifier: Apache-2.0
"""Files and the ontology to a verdict, a hierarchy, what follows, why something holds, and faults of form."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from icsgraph.api.progress import Progress, Step, telling
from icsgraph.api.showing import Listing
from icsgraph.api.told import Told
from icsgraph.reports import reasoning as written

if TYPE_CHECKING:
    from icsgraph.rules.hygiene import Fault
    from icsgraph.rules.verdicts import Consistency, Hierarchy, Materialised, Question


class Reasoning:
    """The jobs of ``icsgraph reason`` over the ontology and a graph's own files."""

    def __init__(self, paths: tuple[Path, ...], as_at: date, progress: Progress | None = None) -> None:
        """Take the files of a graph, its day, and whom to tell of progress."""
        self._paths, self._as_at, self._progress = paths, as_at, progress

    def consistency(self) -> Told[Consistency]:
        """Say whether the ontology and the files can be true together; ``value.is_sound`` is the verdict.

        Raises:
            LimitError: E702 when the rules find no contradiction, and there is no Java for HermiT.
        """
        from icsgraph.reasoning import consistency

        def say(line: str) -> None:
            if self._progress:
                self._progress(Step(line))

        with telling(self._progress, "looking for contradictions"):
            found = consistency(self._paths, say)
        return Told(found, {"text": written.consistency_text, "json": written.consistency_json})

    def classify(self) -> Told[Hierarchy]:
        """Give the hierarchy of classes, with the links that HermiT adds.

        Raises:
            LimitError: E702 when there is no Java for HermiT.
            ReasonError: E323 when the files contradict the ontology.
        """
        from icsgraph.reasoning import hierarchy

        with telling(self._progress, "classifying"):
            found = hierarchy(self._paths)
        return Told(found, {
            "text": lambda h: written.hierarchy_text(h.parents, h.added, h.words),
            "ttl": lambda h: written.hierarchy_turtle(h.added),
            "json": lambda h: written.hierarchy_json(h.parents, h.added),
        })  # fmt: skip

    def materialise(self) -> Told[Materialised]:
        """Give what follows by OWL 2 RL and is stated nowhere; of a graph with files, only what they add."""
        from icsgraph.reasoning import materialised

        with telling(self._progress, "drawing what follows"):
            found = materialised(self._paths, self._as_at)
        return Told(found, {
            "ttl": lambda m: written.triples_text(m.triples, "ttl"),
            "nt": lambda m: written.triples_text(m.triples, "nt"),
        })  # fmt: skip

    def explain(self, subject: str, predicate: str, value: str) -> Told[Question]:
        """Say why a triple holds, down to file and line; ``value.explained`` is None where it does not hold.

        Args:
            subject: a code, a label, a prefixed name or an IRI.
            predicate: a name of a property, such as ``is a``.
            value: as the subject, or the text of a literal.

        Raises:
            LookupFailed: E401 or E402 when the subject means nothing, or several things.
            ReasonError: E324 when there is no such property.
        """
        from icsgraph.reasoning import question

        with telling(self._progress, "looking for reasons"):
            found = question(self._paths, self._as_at, (subject, predicate, value))
        return Told(found, {"text": written.question_text, "json": written.question_json})

    def faults(self) -> Listing[Fault]:
        """Give faults of form in the graph's files; of what ships, where the graph has none."""
        from icsgraph.reasoning import faults

        with telling(self._progress, "looking for faults of form"):
            return Listing(faults(self._paths), "faults of form")
