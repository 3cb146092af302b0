# SPDX-License-Identifier: Apache-2.0
"""The reference of what lies outside OWL 2 RL, made from the axioms: ``python tests/docs/profile.py`` writes it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from icsgraph.model.namespaces import PREFIXES
from icsgraph.opening import ontology_with
from icsgraph.rules.rl import outside

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "ontology-profile.md"
HEAD = """\
# The ontology's profile

Made from the axioms by `python tests/docs/profile.py`; a test compares them. The ontology is OWL 2 DL. All of it but
the axioms below is in OWL 2 RL as well, the part that rules can work out on large data, which `icsgraph reason` does
([how](../how-to/reason.md)).

## Axioms outside OWL 2 RL

| axiom | why it is outside | what the rules still draw |
| --- | --- | --- |
"""
TAIL = """
HermiT reads all of them. No stored query, shape or derivation rule depends on one: queries and shapes read what is
stated and what `ontology/rules/*.rq` derive, with no OWL reasoning under them, and are tested so. Besides, a test shows
that on the entailment cases HermiT finds one fact about a named thing that the rules do not: that a service which is
*said to be* neither a health nor a social care service, and may affect health, is
health-related (case 032, made for it).

A contradiction through a choice between classes is found without HermiT all the same: `icsgraph reason` looks whether
a thing's own classes exclude every class of the choice.

## What the rules leave out

- What says nothing: everything is itself (eq-ref), everything is a thing (cls-thing), a literal is of its datatype
  (dt-type2), each class and property is below itself, owl:Thing is above all classes (scm-cls, scm-op, scm-dp), and
  declarations of annotation properties and datatypes (prp-ap, dt-type1).
- Literals as subjects: a range says nothing of a literal but that it must fit, which dt-not-type checks for OWL 2's
  numbers, booleans and text; other datatypes are left to shapes. Two literals that are one value (dt-eq) are not
  written as equal; they are compared by value where a functional property has two (dt-diff).
- Axioms that data or other axioms *derive* (a subproperty of `rdfs:subClassOf`, say), beyond what the schema rules
  (scm-*) add.
- Conclusions about class expressions without a name are drawn and used, and not written out.
"""


def short(term: object) -> str:
    """Give an IRI with its prefix."""
    if isinstance(term, ox.Literal):
        return term.value
    iri = term.value if isinstance(term, ox.NamedNode) else str(term)
    fitting = [(space, prefix) for prefix, space in PREFIXES.items() if iri.startswith(space)]
    space, prefix = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
    return f"{prefix}:{iri.removeprefix(space)}" if prefix else iri


def page() -> str:
    """Give the page as it has to be."""
    rows = [f"| {each.axiom} | {each.why} | {each.kept} |" for each in outside(ontology_with(), short)]
    return HEAD + "\n".join(rows) + "\n" + TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
