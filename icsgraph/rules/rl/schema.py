# SPDX-License-Identifier: Apache-2.0
"""The schema rules of OWL 2 RL (scm-*): what follows about classes and properties from what is said of them.

Left out, for they say nothing: each class and property is below itself, each class is below owl:Thing and above
owl:Nothing (scm-cls, scm-op, scm-dp).
"""

from __future__ import annotations

from collections.abc import Iterator

from icsgraph.model.namespaces import OWL
from icsgraph.rules.rl.rule import DOMAIN, RANGE, SUBCLASS, SUBPROPERTY, Rule, Terms, U, V, W, X, Y, Z

# A conclusion of these is put together from conclusions that have rules of their own already.
COMPOSED = frozenset(
    (
        *("scm-sco", "scm-spo", "scm-dom1", "scm-dom2", "scm-rng1", "scm-rng2"),
        *("scm-eqc1", "scm-eqc2", "scm-eqp1", "scm-eqp2", "scm-int", "scm-uni"),
    )
)


def schema_rules(terms: Terms) -> Iterator[Rule]:
    """Give the schema rules that need no list; those for intersections and unions are made with their axioms."""
    name = terms.name
    sub, spo, dom, rng = name(SUBCLASS), name(SUBPROPERTY), name(DOMAIN), name(RANGE)
    eqc, eqp = name(OWL + "equivalentClass"), name(OWL + "equivalentProperty")
    on, has = name(OWL + "onProperty"), name(OWL + "hasValue")
    some, every = name(OWL + "someValuesFrom"), name(OWL + "allValuesFrom")
    yield Rule("scm-sco", ((X, sub, Y), (Y, sub, Z)), (X, sub, Z), apart=(X, Z))
    yield Rule("scm-spo", ((X, spo, Y), (Y, spo, Z)), (X, spo, Z), apart=(X, Z))
    for same, below, rule in ((eqc, sub, "scm-eqc"), (eqp, spo, "scm-eqp")):
        yield Rule(rule + "1", ((X, same, Y),), (X, below, Y), apart=(X, Y))
        yield Rule(rule + "1", ((X, same, Y),), (Y, below, X), apart=(X, Y))
        yield Rule(rule + "2", ((X, below, Y), (Y, below, X)), (X, same, Y), apart=(X, Y))
    for says, rule in ((dom, "scm-dom"), (rng, "scm-rng")):
        yield Rule(rule + "1", ((X, says, Y), (Y, sub, Z)), (X, says, Z))
        yield Rule(rule + "2", ((X, says, Y), (Z, spo, X)), (Z, says, Y))
    yield Rule("scm-hv", ((X, has, Z), (X, on, U), (Y, has, Z), (Y, on, V), (U, spo, V)), (X, sub, Y))
    for kind, rule in ((some, "scm-svf"), (every, "scm-avf")):
        yield Rule(rule + "1", ((X, kind, Z), (X, on, U), (Y, kind, W), (Y, on, U), (Z, sub, W)), (X, sub, Y))
        narrow, wide = (X, Y) if kind == some else (Y, X)
        yield Rule(rule + "2", ((X, kind, Z), (X, on, U), (Y, kind, Z), (Y, on, V), (U, spo, V)), (narrow, sub, wide))
