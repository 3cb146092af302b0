# SPDX-License-Identifier: Apache-2.0
"""The jobs of ``icsgraph reason``: files to a verdict, a hierarchy, what follows, an explanation or faults of form."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.law import find_body
from icsgraph.model.errors import LoadError, LookupFailed, ReasonError
from icsgraph.model.namespaces import ICS, OWL, PREFIXES, RDF, RDFS
from icsgraph.opening import derivation_rules, ontology_store, open_graph, sources_of
from icsgraph.rules.contradiction import contradictions
from icsgraph.rules.contradiction_hermit import by_hermit
from icsgraph.rules.hermit import reason
from icsgraph.rules.hygiene import Fault, Hygiene, ordered, read_queries
from icsgraph.rules.rl import Closure, close
from icsgraph.rules.verdicts import Consistency, Hierarchy, Materialised, Question
from icsgraph.rules.why import Why
from icsgraph.rules.words import Words
from icsgraph.store import shipped
from icsgraph.store.context import CONTEXT
from icsgraph.store.load import has_rdf
from icsgraph.store.opened import Opened

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
_TEXTS: Final = (".rq", ".ru", ".md")
_PROPERTIES: Final = tuple(OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))


def consistency(paths: Sequence[Path], told: Callable[[str], None]) -> Consistency:
    """Say whether the ontology and some files can be true together.

    Raises:
        LoadError: when a path is missing, a folder empty or a file malformed.
        LimitError: E702, when the rules find no contradiction and there is no Java for HermiT.
    """
    store, own, sources = ontology_store(*paths)
    quads = [quad for file in own for quad in store.quads_for_pattern(None, None, None, file.graph)]
    words = Words(store)
    found, total = contradictions(store, quads, sources, words)
    if found:
        return Consistency(tuple(found), total, (), 0, 0, words)
    verdict = reason(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    if not verdict.consistent:
        hidden = by_hermit(store, quads, sources, words, told)
        return Consistency((hidden,), 1, (), verdict.statements, verdict.left_out, words)
    return Consistency((), 0, verdict.unsatisfiable, verdict.statements, verdict.left_out, words)


def hierarchy(paths: Sequence[Path]) -> Hierarchy:
    """Have HermiT classify the ontology with some files.

    Raises:
        LimitError: E702, when there is no Java for HermiT.
        ReasonError: E323, when the files contradict the ontology.
    """
    store, _, _ = ontology_store(*paths)
    quads = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    verdict = reason(quads)
    if not verdict.consistent:
        what = "the files contradict the ontology, so that every class is every other"
        raise ReasonError("E323", "reason --classify", what, "icsgraph reason --consistency says what clashes.")
    stated = _closed(
        (q.subject.value, q.object.value)
        for q in quads
        if q.predicate.value in (RDFS + "subClassOf", OWL + "equivalentClass")
        and isinstance(q.subject, ox.NamedNode)
        and isinstance(q.object, ox.NamedNode)
    )
    parents = {}
    for name, above in verdict.above.items():
        further = {a for each in above for a in verdict.above.get(each, ()) if name not in verdict.above.get(each, ())}
        parents[name] = tuple(sorted(above - further))
    added = tuple(
        sorted((name, above) for name, all_ in parents.items() for above in all_ if above not in stated.get(name, ()))
    )
    return Hierarchy(parents, added, Words(store))


def _closed(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    above: dict[str, set[str]] = {}
    for below, over in pairs:
        above.setdefault(below, set()).add(over)
    changed = True
    while changed:
        changed = False
        for known in above.values():
            further = {name for each in known for name in above.get(each, ())} - known
            known |= further
            changed = changed or bool(further)
    return above


def materialised(paths: Sequence[Path], as_at: date) -> Materialised:
    """Draw what follows by OWL 2 RL from the packaged graph; with files over it, only what they add.

    Raises:
        LoadError: when a path is missing, a folder empty or a file malformed.
    """
    opened = open_graph(*paths, as_at=as_at)
    closure = _close(opened.store)
    before: set[ox.Triple] = set(_close(open_graph(as_at=as_at).store).derived()) if paths else set()
    rules: dict[str, int] = {}
    for how in closure.known.values():
        if how is not None:
            rules[how[0].name] = rules.get(how[0].name, 0) + 1
    new = (triple for triple in closure.derived() if triple not in before)
    triples = sorted((triple for triple in new if not paths or _is_told_of(triple, opened)), key=str)
    return Materialised(tuple(triples), dict(sorted(rules.items())), len(closure.clashes))


def _is_told_of(triple: ox.Triple, opened: Opened) -> bool:
    """Whether no blank node of what ships is in a triple: each opening may call such a node otherwise."""
    blank = [node for node in (triple.subject, triple.object) if isinstance(node, ox.BlankNode)]
    graphs = [file.graph for file in opened.files]
    find = opened.store.quads_for_pattern
    return all(
        any(next(find(node, None, None, graph), None) or next(find(None, None, node, graph), None) for graph in graphs)
        for node in blank
    )


def _close(store: ox.Store) -> Closure:
    quads = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return close(quad for quad in quads if quad.subject != CONTEXT)  # the as-at date is no fact about the world


def question(paths: Sequence[Path], as_at: date, typed: tuple[str, str, str]) -> Question:
    """Explain why a triple holds in the packaged graph with some files over it.

    Args:
        typed: subject, predicate and object, each as an IRI, a prefixed name, a code, a label or a literal.

    Raises:
        LookupFailed: E401 or E402, when the subject means nothing, or several things.
        ReasonError: E324, when there is no such property.
    """
    opened = open_graph(*paths, as_at=as_at)
    store = opened.store
    words = Words(store)
    why = Why(store, sources_of(opened), derivation_rules(), words.term, lambda: _close(store))
    subject = _thing(store, typed[0])
    predicate = _property(store, typed[1])
    triple = ox.Triple(subject, predicate, _value(store, why, subject, predicate, typed[2]))
    return Question(triple, why.explain(triple), words)


def _iri(typed: str) -> ox.NamedNode | None:
    prefix, colon, local = typed.partition(":")
    text = typed.strip("<>") if "://" in typed else PREFIXES[prefix] + local if colon and prefix in PREFIXES else ""
    try:
        return ox.NamedNode(text) if text else None
    except ValueError:
        return None


def _labelled(store: ox.Store, typed: str) -> list[ox.NamedNode]:
    found = set()
    for text in (ox.Literal(typed, language="en"), ox.Literal(typed)):
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS + "label"), text, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                found.add(quad.subject)
    return sorted(found, key=lambda node: node.value)


def _thing(store: ox.Store, typed: str) -> ox.NamedNode:
    if node := _iri(typed):
        return node
    labelled = _labelled(store, typed)
    if len(labelled) > 1:
        listed = ", ".join(node.value for node in labelled[:4])
        raise LookupFailed("E402", typed, f"more than one thing has this label: {listed}", "Give the IRI of one.")
    return labelled[0] if labelled else find_body(store, typed, "body")


def _property(store: ox.Store, typed: str) -> ox.NamedNode:
    if typed in ("a", "is a"):
        return ox.NamedNode(RDF + "type")
    if node := _iri(typed):
        return node
    kinds = [ox.NamedNode(kind) for kind in _PROPERTIES]
    names: dict[str, ox.NamedNode] = {}
    for kind in kinds:
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                names.setdefault(Words(store).term(quad.subject).lower(), quad.subject)
                if quad.subject.value.startswith(ICS):
                    names[quad.subject.value.removeprefix(ICS).lower()] = quad.subject
    if found := names.get(typed.lower()):
        return found
    near = difflib.get_close_matches(typed.lower(), names, n=3, cutoff=0.5)
    mend = f"Did you mean {', '.join(near)}?" if near else "Give a prefixed name, such as ics:partnerBoard."
    raise ReasonError("E324", typed, "there is no property of that name", mend)


def _value(store: ox.Store, why: Why, subject: ox.NamedNode, predicate: ox.NamedNode, typed: str) -> Node:
    if node := _iri(typed):
        return node
    said = [q.object for q in store.quads_for_pattern(subject, predicate, None, ox.DefaultGraph())]
    held = said if any(_is_called(store, each, typed) for each in said) else why.objects(subject, predicate)
    for each in held:
        if not isinstance(each, ox.Triple) and _is_called(store, each, typed):
            return each
    if labelled := _labelled(store, typed):
        return labelled[0]
    try:
        return find_body(store, typed, "body")
    except LookupFailed:
        return ox.Literal(typed)


def _is_called(store: ox.Store, term: object, typed: str) -> bool:
    if isinstance(term, ox.Literal):
        return term.value == typed
    if not isinstance(term, ox.NamedNode):
        return False
    names = {
        quad.object.value for quad in store.quads_for_pattern(term, None, None) if isinstance(quad.object, ox.Literal)
    }
    return typed in names or term.value.rpartition("/")[2] == typed


def faults(paths: Sequence[Path]) -> list[Fault]:
    """Find the faults of form in some files (RDF, queries, pages); with none named, in everything that ships.

    Raises:
        LoadError: when a path is missing, a folder empty or a file malformed.
    """
    root = shipped.root()
    texts = [path for path in paths if path.suffix in _TEXTS and path.is_file()]
    data = [path for path in paths if path not in texts]
    for folder in [path for path in data if path.is_dir()]:
        texts += _texts(folder)
        if _texts(folder) and not has_rdf(folder):
            data.remove(folder)
    if not paths:
        folders = [root / name for name in ("shapes", "data/examples", "ontology/alignments")]
        data = [
            *shipped.graph_files(frozenset(shipped.on_demand_names())),
            *(folder for folder in folders if folder.is_dir()),
        ]
        texts = [t for name in ("queries", "ontology", "shapes", "data", "docs") for t in _texts(root / name)]
        texts += [root / "README.md"] if (root / "README.md").is_file() else []
    store, _, sources = ontology_store(*data)
    hygiene = Hygiene(store, sources, read_queries(root / "queries" / "hygiene"))
    found = hygiene.faults()
    for path in texts:
        name = path.relative_to(root).as_posix() if not paths else path.as_posix()
        found += hygiene.in_text(name, _read(path, name))
    return ordered(found)


def _texts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in _TEXTS and path.is_file())


def _read(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = f"the file cannot be read: {error}"
        raise LoadError("E105", name, what, "Check that it is text in UTF-8, and run the command again.") from error
