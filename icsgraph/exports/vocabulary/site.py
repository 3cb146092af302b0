# SPDX-License-Identifier: Apache-2.0
"""The documentation as pages: their names, the text of each, and all of them written to a folder.

Links are relative, so that the pages work from a folder and below any address of a web server. What is too long for one
page is an index and pages by kind, family or edition (:mod:`layout`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from icsgraph.exports.vocabulary import diagram
from icsgraph.exports.vocabulary.axioms import Expression, Ref
from icsgraph.exports.vocabulary.layout import Part, check_weight, parts, parts_of_module, term_weight
from icsgraph.exports.vocabulary.serving import USERS, Question, shipped_serving
from icsgraph.exports.vocabulary.terms import Module, Reader, Term, read_modules, short
from icsgraph.exports.vocabulary.uses import Check, Register, Statement
from icsgraph.model.errors import OutputError
from icsgraph.model.namespaces import ICS, RDFS
from icsgraph.store import shipped

STYLE: Final = "style.css"
_FIXED: Final = {
    "index.html": "The ontology",
    "questions.html": "Competency questions",
    "checks.html": "Checks",
    "provisions.html": "Provisions",
    "statements.html": "Statements of the guidance",
}


_HEADINGS: Final = {
    "class": "Classes", "object property": "Properties between things",
    "datatype property": "Properties with text, numbers and dates", "annotation property": "Annotations",
    "concept scheme": "Concept schemes", "concept": "Concepts", "individual": "Individuals",
}  # fmt: skip


class Site:
    """Documentation of the ontology in a store, with the law, the guidance and the questions that use it.

    Args:
        store: its default graph holds the ontology and, for the links to them, the law and the guidance.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store, self._reader = store, Reader(store)
        self.modules = read_modules(store)
        self.terms = {term.iri: term for module in self.modules for term in module.terms}
        self._questions, self._serves = shipped_serving()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all pages and of the style sheet, the first page first."""
        own = (name for m in self.modules for name in (f"module-{m.name}.html", *(p.name for p in self.parts[m.name])))
        listed = (part.name for name in _FIXED for part in self.parts.get(name, ()))
        return (*_FIXED, *listed, *own, STYLE)

    def page(self, name: str) -> str:
        """Give the text of a page, or of the style sheet.

        Raises:
            KeyError: when :attr:`names` has no such name.
        """
        if name not in self.names:
            raise KeyError(name)
        if name == STYLE:
            return self._environment.get_template(STYLE).render()
        if name in _FIXED:
            return self._filled(f"{name}.j2", name, _FIXED[name], parts=self.parts.get(name, ()))
        module = next((m for m in self.modules if name == f"module-{m.name}.html"), None)
        if module is not None:
            return self._filled("module.html.j2", name, module.title, module=module, parts=self.parts[module.name])
        index, part = next((index, p) for index, each in self.parts.items() for p in each if p.name == name)
        if index in _FIXED:
            template, above, title = f"part-{index}.j2", index, f"{_FIXED[index]}: {part.title}"
        else:
            module = next(m for m in self.modules if m.name == index)
            template, above, title = "part-module.html.j2", f"module-{index}.html", f"{module.title}: {part.title}"
        return self._filled(template, above, title, part=part, siblings=self.parts[index], above=above)

    def _filled(self, template: str, here: str, title: str, **values: Any) -> str:  # noqa: ANN401  of a template
        current = "true" if "part" in values else "page"  # a part stands below what the list of pages names
        common = {"pages": _FIXED, "here": here, "current": current, "modules": self.modules, "site": self}
        return self._environment.get_template(template).render(title=title, **common, **values)

    @cached_property
    def parts(self) -> Mapping[str, Sequence[Part[Any]]]:
        """The pages of what is too long for one page, by the name of its index or of its module."""
        found: dict[str, Sequence[Part[Any]]] = {
            "questions.html": parts("questions", self._asked_by(), self._question_weight),
            "checks.html": parts("checks", self._families(), lambda c: check_weight(c, len(self.of_check(c.id)))),
            "statements.html": parts("statements", self._editions(), lambda s: 600),
        }
        asked = {t.iri: self._serves.get(t.key, ()) if t.key else () for t in self.terms.values()}
        texts = {iri: [self._questions[name].question for name in names] for iri, names in asked.items()}
        for module in self.modules:
            found[module.name] = parts_of_module(
                module.name, module.terms, lambda t: term_weight(t, self.register, texts[t.iri])
            )
        return found

    def _asked_by(self) -> list[tuple[str, str, list[Question]]]:
        every = self._questions.values()
        return [(user, f"asked by {heading}", [q for q in every if q.user == user]) for user, heading in USERS.items()]

    def _families(self) -> list[tuple[str, str, list[Check]]]:
        ordered = sorted(self.register.checks.values(), key=lambda c: c.id.rpartition("-")[0])
        return [(name, f"{name}-…", list(each)) for name, each in groupby(ordered, lambda c: c.id.rpartition("-")[0])]

    def _editions(self) -> list[tuple[str, str, list[Statement]]]:
        every = self.register.statements.values()
        return [(year, year, list(each)) for year, each in groupby(every, lambda s: s.id.partition("/")[0])]

    def _question_weight(self, question: Question) -> int:
        return 600 + len(self.query(question.id)[1]) + 75 * len(self.serving(question.id))

    @cached_property
    def _homes(self) -> dict[str, str]:
        """The page on which each entry stands: a term by its IRI, others by their ids."""
        found = {t.iri: f"module-{m.name}.html" for m in self.modules for t in m.terms}
        for each in self.parts.values():
            for part in each:
                found |= {entry.iri if isinstance(entry, Term) else entry.id: part.name for entry in part.entries}
        return found

    def at(self, id: str) -> str:
        """Give the link to the entry of a question, a check or a statement."""
        return f"{self._homes[id]}#{id}"

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write every page to a folder, each whole or not at all; files of other names are left as they are.

        Raises:
            OutputError: E501, when the folder cannot be made or written to.
        """
        written = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in self.names:
                _write(folder / name, self.page(name))
                written.append(folder / name)
        except OSError as error:
            raise OutputError(
                "E501", str(folder), f"cannot be written: {error.strerror}", "Name another folder with --output."
            ) from error
        return tuple(written)

    @cached_property
    def register(self) -> Register:
        """Checks, provisions and statements, read when the first page needs them."""
        return Register(self._store)

    def address(self, iri: str) -> str:
        """Give the link to a term, a page or an outside address; empty where there is nothing to open."""
        term = self.terms.get(iri)
        if term is not None:
            return f"{self._homes[iri]}#{term.name}"
        if iri.startswith(ICS) and iri.removeprefix(ICS) in {m.name for m in self.modules}:
            return f"module-{iri.removeprefix(ICS)}.html"
        return iri if iri.startswith("http") and not iri.startswith(ICS.removesuffix("def/")) else ""

    def _link(self, iri: str) -> Markup:
        term, address = self.terms.get(iri), self.address(iri)
        labels = (term.label,) if term is not None else self._reader.texts(ox.NamedNode(iri), RDFS + "label")
        label = labels[0] if labels else _outside(iri)
        return Markup('<a href="{}">{}</a>').format(address, label) if address else escape(label)

    def _words(self, said: Expression) -> Markup:
        return Markup("").join(self._link(part.iri) if isinstance(part, Ref) else escape(part) for part in said)

    @cached_property
    def _environment(self) -> Environment:
        made = Environment(
            loader=PackageLoader("icsgraph.exports.vocabulary"),
            autoescape=lambda name: name is None or not name.endswith(".css"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        made.globals.update(headings=_HEADINGS, questions=self._questions, serves=self._serves)
        made.filters.update(link=self._link, words=self._words)
        return made

    def classes_drawn(self, module: Module) -> Markup:
        """Give the drawing of a module's classes; empty for a module without any."""
        return Markup(diagram.classes(module, self.terms, self.address))

    def imports_drawn(self) -> Markup:
        """Give the drawing of which module imports which."""
        modules = [m for m in self.modules if m.name != "icsgraph"]
        return Markup(diagram.imports(modules, lambda name: f"module-{name}.html"))

    def query(self, question: str) -> tuple[str, str]:
        """Give the slug and the text of a question's stored query; nothing for a pair of cases, which do not ship."""
        path = shipped.root() / self._questions[question].file
        if path.suffix != ".rq":
            return "", ""
        return path.stem.partition("-")[2], path.read_text(encoding="utf-8")

    def serving(self, question: str) -> list[Term]:
        """Give the terms that serve a question, by name."""
        return self._named(self._served.get(question, ()))

    def of_check(self, check: str) -> list[Term]:
        """Give the terms that a check's shape and queries name."""
        return self._named(self.register.checks[check].terms)

    def _named(self, keys: Iterable[str]) -> list[Term]:
        return sorted((self._by_key[key] for key in keys if key in self._by_key), key=lambda t: t.name)

    @cached_property
    def _by_key(self) -> dict[str, Term]:
        return {term.key: term for term in self.terms.values() if term.key}

    @cached_property
    def _served(self) -> dict[str, list[str]]:
        """The keys of the terms that serve each question."""
        found: dict[str, list[str]] = {}
        for key, questions in self._serves.items():
            for question in questions:
                found.setdefault(question, []).append(key)
        return found


def _outside(iri: str) -> str:
    """A short name for an address that is no term: the section of an Act, an edition, a page."""
    if "legislation.gov.uk/id/" in iri:
        return iri.partition("legislation.gov.uk/id/")[2]
    return short(iri).removeprefix("https://").removeprefix("http://")


def _write(path: Path, content: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8") as stream:
        part = Path(stream.name)
        try:
            stream.write(content)
            stream.close()
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
