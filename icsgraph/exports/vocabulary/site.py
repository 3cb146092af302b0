# SPDX-License-Identifier: Apache-2.0
"""The documentation as pages: their names, the text of each, and all of them written to a folder.

Links are relative, so that the pages work from a folder and below any address of a web server.
"""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from icsgraph.exports.vocabulary import diagram
from icsgraph.exports.vocabulary.axioms import Expression, Ref
from icsgraph.exports.vocabulary.serving import USERS, shipped_serving
from icsgraph.exports.vocabulary.terms import KINDS, Module, Reader, Term, read_modules, short
from icsgraph.exports.vocabulary.uses import Register
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
        return (*_FIXED, *(f"module-{m.name}.html" for m in self.modules), STYLE)

    def page(self, name: str) -> str:
        """Give the text of a page, or of the style sheet.

        Raises:
            KeyError: when :attr:`names` has no such name.
        """
        if name not in self.names:
            raise KeyError(name)
        if name == STYLE:
            return self._environment.get_template(STYLE).render()
        common = {"pages": _FIXED, "here": name, "modules": self.modules, "site": self}
        if name in _FIXED:
            return self._environment.get_template(f"{name}.j2").render(title=_FIXED[name], **common)
        module = next(m for m in self.modules if name == f"module-{m.name}.html")
        return self._environment.get_template("module.html.j2").render(title=module.title, module=module, **common)

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
            return f"module-{term.module}.html#{term.name}"
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
        made.globals.update(users=USERS, kinds=KINDS, questions=self._questions, serves=self._serves)
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
        names = {name for name, ids in self._serves.items() if question in ids}
        return sorted((t for t in self.terms.values() if t.key in names), key=lambda t: t.name)

    def of_check(self, check: str) -> list[Term]:
        """Give the terms that a check's shape and queries name."""
        names = self.register.checks[check].terms
        return sorted((t for t in self.terms.values() if t.key in names), key=lambda t: t.name)


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
