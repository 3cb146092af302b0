# SPDX-License-Identifier: Apache-2.0
"""The SPARQL 1.1 query language as frozen values: what parsing gives, rewriting changes and writing turns into text.

A syntax tree, close to the grammar, not the evaluation algebra. What it leaves out has no meaning of its own:

* prefixes and base: IRIs are absolute;
* ``;`` ``,`` ``[ … ]`` and ``( … )`` in triples: a group holds :class:`Triple` values one by one, as written;
* ``$x`` and ``?x`` are one variable; ``ASC(?x)`` is ``?x``; a body ``{ SELECT … }`` is a group that holds a subselect;
* redundant brackets, and the order of ``LIMIT`` and ``OFFSET``.

Everything is hashable and compares by value. Build trees by calling the classes; every sequence is a tuple.

Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf
from typing import TypeAlias

from icsgraph.algebra.functions import BUILT_INS

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a tree."""


# Terms


@dataclass(frozen=True, slots=True)
class IRI(Node):
    """An absolute IRI, without its angle brackets."""

    value: str


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A literal, its lexical form kept as written; neither datatype nor language is a string.

    ``xsd:string`` is stored as no datatype, since both spell the same term.
    """

    lexical: str
    datatype: IRI | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if self.datatype is not None and self.language is not None:
            raise ValueError(f"a literal has a datatype or a language, not both: {self.lexical!r}")
        if self.datatype == IRI(XSD + "string"):
            object.__setattr__(self, "datatype", None)


@dataclass(frozen=True, slots=True)
class Variable(Node):
    """A variable, without ``?`` or ``$``."""

    name: str


@dataclass(frozen=True, slots=True)
class BlankNode(Node):
    """A blank node of a pattern: a variable that cannot be named outside its basic graph pattern."""

    label: str


Term: TypeAlias = IRI | Literal | Variable | BlankNode

TYPE = IRI(RDF + "type")
TRUE = Literal("true", IRI(XSD + "boolean"))
FALSE = Literal("false", IRI(XSD + "boolean"))

# Property paths


@dataclass(frozen=True, slots=True)
class InversePath(Node):
    """``^path``"""

    path: Path


@dataclass(frozen=True, slots=True)
class SequencePath(Node):
    """``a/b``, of two parts or more."""

    parts: tuple[Path, ...]

    def __post_init__(self) -> None:
        _at_least_two(self.parts, "a path sequence")


@dataclass(frozen=True, slots=True)
class AlternativePath(Node):
    """``a|b``, of two parts or more."""

    parts: tuple[Path, ...]

    def __post_init__(self) -> None:
        _at_least_two(self.parts, "a path alternative")


@dataclass(frozen=True, slots=True)
class RepeatedPath(Node):
    """``path?``, ``path*``, ``path+``"""

    path: Path
    modifier: OneOf["?", "*", "+"]


@dataclass(frozen=True, slots=True)
class NegatedPath(Node):
    """``!(a|^b)``: each part is an IRI or the inverse of one, and there is one at least.

    ``!()``, which Oxigraph does not read, is parsed as ``a|!a``: every property is one or the other.
    """

    parts: tuple[IRI | InversePath, ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise ValueError("a negated property set without a property is written a|!a")
        if any(isinstance(part, InversePath) and not isinstance(part.path, IRI) for part in self.parts):
            raise ValueError("a negated property set holds IRIs and inverses of IRIs only")


Path: TypeAlias = IRI | InversePath | SequencePath | AlternativePath | RepeatedPath | NegatedPath

# Expressions


@dataclass(frozen=True, slots=True)
class Or(Node):
    """``a || b``, of two operands or more."""

    operands: tuple[Expression, ...]

    def __post_init__(self) -> None:
        _at_least_two(self.operands, "||")


@dataclass(frozen=True, slots=True)
class And(Node):
    """``a && b``, of two operands or more."""

    operands: tuple[Expression, ...]

    def __post_init__(self) -> None:
        _at_least_two(self.operands, "&&")


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``left < right`` and its like."""

    operator: OneOf["=", "!=", "<", ">", "<=", ">="]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class In(Node):
    """``operand IN (…)``, or ``NOT IN``."""

    operand: Expression
    choices: tuple[Expression, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``left + right`` and its like."""

    operator: OneOf["+", "-", "*", "/"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``!e``, ``-e``, ``+e``. A number with a sign in an expression is parsed as this, in a triple as a literal."""

    operator: OneOf["!", "+", "-"]
    operand: Expression


@dataclass(frozen=True, slots=True)
class BuiltIn(Node):
    """A call of a built-in function other than an aggregate or EXISTS; ``functions.BUILT_INS`` has the names."""

    name: str
    arguments: tuple[Expression, ...] = ()

    def __post_init__(self) -> None:
        if self.name not in BUILT_INS:
            raise ValueError(f"no built-in function of SPARQL 1.1: {self.name!r}")
        least, most = BUILT_INS[self.name]
        if not least <= len(self.arguments) <= (most if most is not None else len(self.arguments)):
            raise ValueError(f"{self.name} does not take {len(self.arguments)} arguments")
        if self.name == "BOUND" and not isinstance(self.arguments[0], Variable):
            raise ValueError("BOUND takes a variable")


@dataclass(frozen=True, slots=True)
class FunctionCall(Node):
    """A call of a function named by an IRI, casts included."""

    function: IRI
    arguments: tuple[Expression, ...] = ()
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """``COUNT(DISTINCT ?x)`` and its like; no argument is ``COUNT(*)``."""

    name: OneOf["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"]
    argument: Expression | None = None
    distinct: bool = False
    separator: str | None = None

    def __post_init__(self) -> None:
        if self.argument is None and self.name != "COUNT":
            raise ValueError(f"only COUNT takes *, not {self.name}")
        if self.separator is not None and self.name != "GROUP_CONCAT":
            raise ValueError(f"only GROUP_CONCAT takes a separator, not {self.name}")


@dataclass(frozen=True, slots=True)
class Exists(Node):
    """``EXISTS { … }``, or ``NOT EXISTS``."""

    group: Group
    negated: bool = False


Expression: TypeAlias = (
    IRI
    | Literal
    | Variable
    | Or
    | And
    | Comparison
    | In
    | Arithmetic
    | Unary
    | BuiltIn
    | FunctionCall
    | Aggregate
    | Exists
)

# Patterns


@dataclass(frozen=True, slots=True)
class Triple(Node):
    """A triple pattern, or, with a path that is more than an IRI, a path pattern."""

    subject: Term
    predicate: Variable | Path
    object: Term


@dataclass(frozen=True, slots=True)
class Group(Node):
    """``{ … }``: its elements in the order written. Triples side by side form one basic graph pattern."""

    elements: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True)
class Optional(Node):
    """``OPTIONAL { … }``"""

    group: Group


@dataclass(frozen=True, slots=True)
class Minus(Node):
    """``MINUS { … }``"""

    group: Group


@dataclass(frozen=True, slots=True)
class Union(Node):
    """``{ … } UNION { … }``, of two branches or more; a single group in a group is a :class:`Group`."""

    branches: tuple[Group, ...]

    def __post_init__(self) -> None:
        _at_least_two(self.branches, "UNION")


@dataclass(frozen=True, slots=True)
class GraphPattern(Node):
    """``GRAPH name { … }``"""

    name: IRI | Variable
    group: Group


@dataclass(frozen=True, slots=True)
class Service(Node):
    """``SERVICE SILENT name { … }``"""

    name: IRI | Variable
    group: Group
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``FILTER (…)``, which holds for the whole group that it stands in."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Bind(Node):
    """``BIND (expression AS ?variable)``"""

    expression: Expression
    variable: Variable


@dataclass(frozen=True, slots=True)
class InlineData(Node):
    """``VALUES (…) { … }``: one value for each variable in each row, None for UNDEF."""

    variables: tuple[Variable, ...]
    rows: tuple[tuple[IRI | Literal | None, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.variables) for row in self.rows):
            raise ValueError("each row of VALUES has one value, or UNDEF, for each variable")


@dataclass(frozen=True, slots=True)
class SubSelect(Node):
    """``{ SELECT … }`` inside a group. The inner query has no dataset."""

    query: Select

    def __post_init__(self) -> None:
        if self.query.dataset:
            raise ValueError("a subselect cannot have FROM")


Element: TypeAlias = (
    Triple | Group | Optional | Minus | Union | GraphPattern | Service | Filter | Bind | InlineData | SubSelect
)

# Queries


@dataclass(frozen=True, slots=True)
class Assignment(Node):
    """``(expression AS ?variable)`` of a SELECT or GROUP BY."""

    expression: Expression
    variable: Variable


@dataclass(frozen=True, slots=True)
class OrderCondition(Node):
    """One sort key of ORDER BY."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class DatasetClause(Node):
    """``FROM iri``, or ``FROM NAMED iri``."""

    iri: IRI
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Node):
    """What all four query forms have."""

    where: Group = field(default_factory=Group)
    dataset: tuple[DatasetClause, ...] = ()
    group_by: tuple[Expression | Assignment, ...] = ()
    having: tuple[Expression, ...] = ()
    order_by: tuple[OrderCondition, ...] = ()
    limit: int | None = None
    offset: int | None = None
    values: InlineData | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Select(Query):
    """``SELECT``; no projection is ``SELECT *``."""

    projection: tuple[Variable | Assignment, ...] = ()
    modifier: OneOf["DISTINCT", "REDUCED"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Query):
    """``ASK``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Construct(Query):
    """``CONSTRUCT``; no template is ``CONSTRUCT WHERE { … }``, whose pattern is the template."""

    template: tuple[Triple, ...] | None

    def __post_init__(self) -> None:
        if self.template is None and any(
            not isinstance(element, Triple) or not isinstance(element.predicate, IRI | Variable)
            for element in self.where.elements
        ):
            raise ValueError("CONSTRUCT WHERE takes triples only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe(Query):
    """``DESCRIBE``; no subjects is ``DESCRIBE *``; no where at all and an empty one are one thing."""

    subjects: tuple[IRI | Variable, ...] = ()


def _at_least_two(parts: tuple[Node, ...], what: str) -> None:
    if len(parts) < 2:
        raise ValueError(f"{what} needs two parts or more, not {len(parts)}")
