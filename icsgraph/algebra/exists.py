# SPDX-License-Identifier: Apache-2.0
"""The body of an EXISTS to what can safely stand in its place, or to the reason why nothing can.

EXISTS puts the values of a solution in for variables of its body; MINUS, OPTIONAL and a join evaluate the body by
itself and compare afterwards. The two agree for a body that is *independent*: made of triples, groups, UNION and GRAPH,
with filters that look only at what their own group certainly binds. Then the body by itself has a solution that agrees
with the one outside exactly where the body with values put in has any.

Source: https://www.w3.org/TR/sparql11-query/#sparqlAlgebra (exists, minus), #neg-notexists-minus for how they differ
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from icsgraph.algebra import nodes as n
from icsgraph.algebra.functions import VOLATILE
from icsgraph.algebra.scope import Variables, bound_by_patterns, free_variables, fresh, in_scope, mentioned
from icsgraph.algebra.visit import transform, walk


@dataclass(frozen=True, slots=True)
class Around:
    """What is known about the place where an EXISTS stands.

    Args:
        scope: What its own group can bind.
        certain: What every solution of its own group binds, filters included.
        bound: What the patterns of its group certainly bind, whatever the filters then keep.
        outside: What an EXISTS further out puts in, or a GRAPH names, at any depth.
        left: What the left side of an OPTIONAL binds, where its group is the right side.
    """

    scope: Variables
    certain: Variables
    bound: Variables
    outside: Variables
    left: Variables

    @property
    def visible(self) -> Variables:
        return self.scope | self.outside | self.left


@dataclass(frozen=True, slots=True)
class Form:
    """Elements for the end of the group, and what they are called."""

    kind: str
    elements: tuple[n.Element, ...]
    why: str


_NONE: Variables = frozenset()


def patterns(group: n.Group) -> int:
    """How many triples are planned together with the group: those of its filters are not.

    A path of several steps is as many triples.
    """
    total = 0
    for element in group.elements:
        match element:
            case n.Triple():
                total += steps(element.predicate)
            case n.Group():
                total += patterns(element)
            case n.Union():
                total += sum(patterns(branch) for branch in element.branches)
            case n.Optional() | n.Minus() | n.GraphPattern() | n.Service():
                total += patterns(element.group)
            case n.SubSelect():
                total += patterns(element.query.where)
            case _:
                pass
    return total


def steps(path: n.Variable | n.Path) -> int:
    """How many triples a path stands for."""
    match path:
        case n.SequencePath():
            return sum(map(steps, path.parts))
        case n.InversePath():
            return steps(path.path)
        case _:
            return 1


def set_form(exists: n.Exists, around: Around, used: set[n.Variable]) -> Form | str:
    """A form that evaluates the body once for all solutions; otherwise the reason why there is none that is safe."""
    body = exists.group
    if reason := next(_dependence(body, around.visible, outermost=True), None):
        return reason
    seen = free_variables(body)
    if hidden := (seen & around.outside) | ((seen & around.left) - around.certain):
        return f"{_list(hidden)} may get a value from outside the group"
    shared = seen & around.scope
    joined = in_scope(body) & around.certain & bound_by_patterns(body)
    if not joined:
        return "the body shares no variable with its group that both certainly bind"
    looks_out = next(_foreign_filters(body, around.visible), None)
    if exists.negated and looks_out is None:
        why = f"the body stands by itself and meets its group in {_list(joined)}, bound on both sides"
        return Form("minus", (n.Minus(body),), why)
    if exists.negated:
        return _optional(body, shared, used, f"a filter of the body looks at {looks_out}, which MINUS would hide")
    if looks_out is not None:
        return f"a filter of the body looks at {looks_out} outside it"
    if loose := (in_scope(body) & around.scope) - (joined & around.bound):
        return f"{_list(loose)} is not certainly bound on both sides, so a join could repeat rows"
    keys = tuple(sorted(joined, key=lambda variable: variable.name))
    select = n.Select(where=body, projection=keys, modifier="DISTINCT")
    why = f"each solution meets one distinct row of {_list(joined)} at most, so that no row is repeated"
    return Form("join", (n.SubSelect(select),), why)


def _optional(body: n.Group, shared: Variables, used: set[n.Variable], why: str) -> Form:
    """OPTIONAL and a test; the variables of the body get names of their own, since OPTIONAL lets them out."""
    names: dict[n.Variable, n.Variable] = {}
    for variable in sorted(mentioned(body) - shared, key=lambda each: each.name):
        names[variable] = fresh(f"{variable.name}_", used)
        used.add(names[variable])
    found = fresh("found", used)
    used.add(found)
    renamed = transform(body, lambda node: names.get(node, node) if isinstance(node, n.Variable) else node)
    group = n.Group((*renamed.elements, n.Bind(n.TRUE, found)))
    test = n.Filter(n.Unary("!", n.BuiltIn("BOUND", (found,))))
    return Form("optional", (n.Optional(group), test), why)


def _dependence(group: n.Group, visible: Variables, outermost: bool) -> Iterator[str]:
    """Reasons why the body is not independent; filters of the outermost group are left to the caller."""
    for element in group.elements:
        match element:
            case n.Triple():
                pass
            case n.Group():
                yield from _dependence(element, visible, outermost=False)
            case n.Union():
                for branch in element.branches:
                    yield from _dependence(branch, visible, outermost=False)
            case n.GraphPattern():
                yield from _dependence(element.group, visible, outermost=False)
            case n.Filter():
                if call := _volatile(element):
                    yield f"{call} in the body gives another value each time"
                elif not outermost and (seen := (free_variables(element) & visible) - bound_by_patterns(group)):
                    yield f"a filter in an inner group looks at {_list(seen)} outside it"
            case _:
                yield f"the body holds {_NAMES[type(element)]}, for which putting values in and comparing can differ"


_NAMES: dict[type[n.Node], str] = {
    n.Optional: "OPTIONAL",
    n.Minus: "MINUS",
    n.Service: "SERVICE",
    n.Bind: "BIND",
    n.InlineData: "VALUES",
    n.SubSelect: "a subselect",
}


def _foreign_filters(body: n.Group, visible: Variables) -> Iterator[str]:
    bound = bound_by_patterns(body)
    for element in body.elements:
        if isinstance(element, n.Filter) and (seen := (free_variables(element) & visible) - bound):
            yield _list(seen)


def _volatile(node: n.Node) -> str | None:
    return next((each.name for each in walk(node) if isinstance(each, n.BuiltIn) and each.name in VOLATILE), None)


def nested_form(exists: n.Exists, visible: Variables, used: set[n.Variable]) -> n.Exists | str:
    """One EXISTS for each pattern, each inside the one before, so that each looks up with values at hand.

    The meaning is the same wherever the EXISTS stands. Patterns are taken in the order in which most of their
    variables are known already; it is refused where a pattern would know none.
    """
    body = exists.group
    if other := next((each for each in body.elements if not isinstance(each, n.Triple | n.Filter)), None):
        return f"the body holds {_NAMES.get(type(other), 'a group, UNION or GRAPH')} beside triples and filters"
    if call := _volatile(body):
        return f"{call} in the body gives another value each time"
    whole = (each for each in _without_blank_nodes(body, used).elements if isinstance(each, n.Triple))
    ordered = _order([step for triple in whole for step in _in_steps(triple, used)], visible)
    if isinstance(ordered, str):
        return ordered
    filters = [each for each in body.elements if isinstance(each, n.Filter)]
    return n.Exists(_nest(ordered, filters, visible), exists.negated)


def _in_steps(triple: n.Triple, used: set[n.Variable]) -> Iterator[n.Triple]:
    """The triples of a path, with variables of their own between them: in EXISTS nobody sees these, or counts rows."""
    path = triple.predicate
    if isinstance(path, n.InversePath) and steps(path) > 1:
        yield from _in_steps(n.Triple(triple.object, path.path, triple.subject), used)
    elif isinstance(path, n.SequencePath):
        start = triple.subject
        for part in path.parts[:-1]:
            between = fresh("between", used)
            used.add(between)
            yield from _in_steps(n.Triple(start, part, between), used)
            start = between
        yield from _in_steps(n.Triple(start, path.parts[-1], triple.object), used)
    else:
        yield triple


def _order(triples: list[n.Triple], visible: Variables) -> list[n.Triple] | str:
    known, ordered, left = visible, list[n.Triple](), list(triples)
    while left:
        best = max(left, key=lambda triple: (len(mentioned(triple) & known), -len(mentioned(triple) - known)))
        if not mentioned(best) & known:
            return "a pattern of the body shares no variable with the patterns before it"
        left.remove(best)
        ordered.append(best)
        known |= mentioned(best)
    return ordered


def _nest(triples: list[n.Triple], filters: list[n.Filter], known: Variables, bound: Variables = _NONE) -> n.Group:
    """``bound``: what the patterns before bind; a variable that is only visible around may have no value there."""
    first, rest = triples[0], triples[1:]
    known, bound = known | mentioned(first), bound | mentioned(first)
    ahead = _NONE.union(*(mentioned(each) for each in rest)) - bound
    here = [
        each for each in filters if (free_variables(each) <= known and not free_variables(each) & ahead) or not rest
    ]
    later = [each for each in filters if each not in here]
    inner = (n.Filter(n.Exists(_nest(rest, later, known, bound))),) if rest else ()
    return n.Group((first, *here, *inner))


def _without_blank_nodes(body: n.Group, used: set[n.Variable]) -> n.Group:
    """The body with variables for blank nodes, whose labels cannot be used in two groups."""
    names: dict[n.BlankNode, n.Variable] = {}
    for node in walk(body):
        if isinstance(node, n.BlankNode) and node not in names:
            names[node] = fresh(f"{node.label}_", used)
            used.add(names[node])
    return transform(body, lambda node: names.get(node, node) if isinstance(node, n.BlankNode) else node)


def _list(variables: Variables) -> str:
    return ", ".join(f"?{name}" for name in sorted(variable.name for variable in variables))
