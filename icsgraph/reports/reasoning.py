# SPDX-License-Identifier: Apache-2.0
"""What reasoning found as text, JSON, CSV and Turtle: contradictions, explanations, a hierarchy, faults of form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.model.namespaces import RDFS
from icsgraph.rules.contradiction import Contradiction
from icsgraph.rules.hygiene import LEVELS, Fault
from icsgraph.rules.sources import Place
from icsgraph.rules.verdicts import Consistency, Question
from icsgraph.rules.why import Explained, Step
from icsgraph.rules.words import Words
from icsgraph.store.canonical import turtle

_WIDTH: Final = 80
Places = Mapping[ox.Triple, Place]


def contradictions_text(found: Sequence[Contradiction], total: int, words: Words) -> str:
    """Write contradictions: a sentence each, the statements with their places, the axioms that forbid it."""
    lines = []
    for number, each in enumerate(found, 1):
        lines += _wrapped(each.sentence, f"{number}. ", "   ")
        lines += ["   Because:"]
        for step in each.steps:
            lines += _step_lines(step, each.places, words, "   ")
        lines += ["   Forbidden by:"]
        for axiom, said in each.axioms:
            lines += _placed(said, each.places.get(axiom), "   - ")
        lines.append("")
    if total > len(found):
        lines += [f"{total - len(found)} more contradictions are not shown; mend these first.", ""]
    return "\n".join(lines)


def contradictions_value(found: Sequence[Contradiction], words: Words) -> list[dict[str, Any]]:
    """Give contradictions as values for JSON."""
    return [
        {
            "sentence": each.sentence,
            "because": [_step_value(step, each.places, words) for step in each.steps],
            "axioms": [_triple_value(axiom, each.places, said) for axiom, said in each.axioms],
        }
        for each in found
    ]


def consistency_text(found: Consistency) -> str:
    """Say whether files can be true together with the ontology, and what contradicts what."""
    if found.contradictions:
        head = "Inconsistent: what the files say cannot all be true.\n\n"
        return head + contradictions_text(found.contradictions, found.total, found.words)
    read = f"{found.statements} statements read, {found.left_out} literals outside OWL 2's datatypes left out"
    lines = _wrapped(f"Consistent ({read}).", "", "")
    impossible = ["Classes that can have no instance:", *(f"  {iri}" for iri in found.unsatisfiable)]
    lines += impossible if found.unsatisfiable else ["Every class can have an instance."]
    return "\n".join(lines) + "\n"


def consistency_json(found: Consistency) -> str:
    """Say it as one JSON object."""
    return _json({
        "consistent": not found.contradictions,
        "contradictions": contradictions_value(found.contradictions, found.words),
        "total": found.total,
        "impossibleClasses": list(found.unsatisfiable),
    })  # fmt: skip


def question_text(asked: Question) -> str:
    """Write why a triple holds, or that it does not."""
    if asked.explained is None:
        return "\n".join(_wrapped(f"Neither stated nor implied: {asked.words.fact(asked.triple)}", "", "  ")) + "\n"
    return explanation_text(asked.explained, asked.words)


def question_json(asked: Question) -> str:
    """Write it as one JSON object."""
    if asked.explained is None:
        return _json({"holds": False, "triple": str(asked.triple)})
    return explanation_json(asked.explained, asked.words)


def explanation_text(explained: Explained, words: Words) -> str:
    """Write why a triple holds, as a tree that ends in statements with file and line."""
    return "\n".join(_step_lines(explained.step, explained.places, words, "")) + "\n"


def explanation_json(explained: Explained, words: Words) -> str:
    """Write why a triple holds as one JSON object, steps nested."""
    return _json(_step_value(explained.step, explained.places, words))


def hierarchy_text(parents: Mapping[str, Sequence[str]], added: Sequence[tuple[str, str]], words: Words) -> str:
    """Draw the class hierarchy; a link that reasoning added is marked with +."""
    below: dict[str, list[str]] = {}
    for name, above in parents.items():
        for each in above or ("",):
            below.setdefault(each, []).append(name)
    marked = set(added)

    def drawn(name: str, depth: int, seen: frozenset[str]) -> Iterator[str]:
        labelled = sorted((words.term(ox.NamedNode(child)), child) for child in below.get(name, ()))
        for label, child in labelled:
            yield f"{'+' if (child, name) in marked else ' '} {'  ' * depth}{label}"
            if child not in seen:
                yield from drawn(child, depth + 1, seen | {child})

    lines = [f"{len(parents)} classes; {len(added)} links, marked with +, follow and are not stated.", ""]
    return "\n".join([*lines, *drawn("", 0, frozenset())]) + "\n"


def hierarchy_turtle(added: Sequence[tuple[str, str]]) -> str:
    """Write the links that reasoning added, as Turtle."""
    sub = ox.NamedNode(RDFS + "subClassOf")
    return turtle(ox.Triple(ox.NamedNode(name), sub, ox.NamedNode(above)) for name, above in added)


def hierarchy_json(parents: Mapping[str, Sequence[str]], added: Sequence[tuple[str, str]]) -> str:
    """Write the classes with their parents, and the links that reasoning added, as JSON."""
    return _json({"parents": {name: list(above) for name, above in sorted(parents.items())}, "added": list(added)})


def faults_text(faults: Sequence[Fault]) -> str:
    """Write faults of form, one paragraph each, and a line that counts them."""
    lines = []
    for fault in faults:
        place = f"{fault.place}: " if fault.place else ""
        value = f" {fault.value!r}" if fault.value else ""
        lines += [f"{fault.level.upper()} {fault.id} {place}{fault.title}: {fault.term}{value}", f"  {fault.mend}"]
    counts = [f"{sum(f.level == level for f in faults)} {level}" for level in LEVELS]
    return "\n".join([*lines, f"Faults of form: {', '.join(counts)}."]) + "\n"


def faults_json(faults: Sequence[Fault]) -> str:
    """Write faults of form as a JSON list."""
    return _json([_fault_value(fault) for fault in faults])


def faults_csv(faults: Sequence[Fault]) -> str:
    """Write faults of form as CSV."""
    out = io.StringIO()
    names = ("level", "id", "title", "term", "value", "file", "line", "mend")
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_fault_value(fault) for fault in faults)
    return out.getvalue()


def _fault_value(fault: Fault) -> dict[str, object]:
    return {
        "level": fault.level,
        "id": fault.id,
        "title": fault.title,
        "term": fault.term,
        "value": fault.value,
        "file": fault.place.file if fault.place else None,
        "line": fault.place.line if fault.place else None,
        "mend": fault.mend,
    }


def _step_lines(step: Step, places: Places, words: Words, indent: str) -> list[str]:
    said = words.fact(step.triple)
    if step.kind == "worked out":
        said += f" ({step.words})"
    elif step.kind == "repeated":
        said += " (explained above)"
    lines = _placed(said, places.get(step.triple), f"{indent}- ")
    further = f"{indent}  "
    if step.kind == "derived":
        lines += _wrapped(f"derived by the rule {step.rule}: {step.words}", f"{further}", f"{further}  ")
    elif step.kind == "inferred":
        if not step.axiom:
            lines += [f"{further}inferred ({step.rule}): what is said of one name holds for the other"]
        for axiom in step.axiom:
            lines += _placed(f"inferred ({step.rule}): {words.axiom(axiom)}", places.get(axiom), further)
    for inner in _gathered(step.because):
        lines += _step_lines(inner, places, words, f"{indent}  ")
    return lines


def _gathered(steps: Sequence[Step]) -> list[Step]:
    """Keep one step of several bounds that come from one stated date."""
    kept: dict[object, Step] = {}
    for step in steps:
        key: object = step.triple
        if step.kind == "worked out":
            key = (step.triple.subject, tuple(s.triple for s in step.because) or step.words)
        kept.setdefault(key, step)
    return list(kept.values())


def _step_value(step: Step, places: Places, words: Words) -> dict[str, Any]:
    value = _triple_value(step.triple, places, words.fact(step.triple)) | {"kind": step.kind}
    if step.rule:
        value["rule"] = step.rule
    if step.words:
        value["words"] = step.words
    if step.axiom:
        value["axioms"] = [_triple_value(axiom, places, words.axiom(axiom)) for axiom in step.axiom]
    if step.because:
        value["because"] = [_step_value(inner, places, words) for inner in step.because]
    return value


def _triple_value(triple: ox.Triple, places: Places, said: str) -> dict[str, Any]:
    place = places.get(triple)
    return {
        "says": said,
        "subject": str(triple.subject),
        "predicate": str(triple.predicate),
        "object": str(triple.object),
        "file": place.file if place else None,
        "line": place.line if place else None,
    }


def _placed(text: str, place: Place | None, first: str) -> list[str]:
    """Write a line with its place, which is never broken: on the line if it fits, else on one of its own."""
    lines = _wrapped(text, first, " " * len(first))
    if place is None:
        return lines
    if len(lines[-1]) + len(str(place)) + 3 <= _WIDTH:
        return [*lines[:-1], f"{lines[-1]}   [{place}]"]
    return [*lines, f"{' ' * len(first)}[{place}]"]


def _wrapped(text: str, first: str, further: str) -> list[str]:
    lines = wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )
    return lines or [first.rstrip()]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def triples_text(triples: Sequence[ox.Triple], form: str) -> str:
    """Write triples as canonical Turtle (``ttl``) or sorted N-Triples (``nt``)."""
    return turtle(triples) if form == "ttl" else "".join(f"{triple} .\n" for triple in triples)
