# SPDX-License-Identifier: Apache-2.0
"""The reference of the Python interface, made of its docstrings: ``python tests/api/python_reference.py`` writes it."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path
from textwrap import dedent

import icsgraph

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "python.md"
ROLE = re.compile(r":\w+:`[~.]?([^`]+)`")


def page() -> str:
    """Give the page as it has to be."""
    parts = [
        "# Python\n\nMade from docstrings by `python tests/api/python_reference.py`; a test compares them. "
        "How to use it: [icsgraph in Python](../how-to/python.md).\n"
    ]
    parts += [_thing(name, getattr(icsgraph, name)) for name in sorted(icsgraph.__all__, key=str.lower)]
    return "\n".join(parts)


def _thing(name: str, thing: object) -> str:
    if inspect.isfunction(thing):
        return f"## icsgraph.{name}\n\n{_signature(name, thing)}\n{_text(thing)}"
    parts = [f"## icsgraph.{name}\n\n{_text(thing)}"]
    if dataclasses.is_dataclass(thing):
        fields = [f"- `{field.name}`: `{field.type}`" for field in dataclasses.fields(thing)]
        parts.append("\n".join(fields) + "\n")
    for member, found in _members(thing).items():
        if member.startswith("_"):
            continue
        if isinstance(found, property):
            kind = found.fget.__annotations__["return"]
            parts.append(f"### {name}.{member}\n\n`{member}: {kind}`\n\n{_text(found)}")
        elif inspect.isfunction(found):
            parts.append(f"### {name}.{member}\n\n{_signature(member, found)}\n{_text(found)}")
    return "\n".join(parts)


def _members(thing: object) -> dict[str, object]:
    """What a class has of its own and of the classes of the interface that it is made of, in their order."""
    made_of = [each for each in thing.__mro__[::-1] if each.__module__.startswith("icsgraph.")]
    return {name: found for each in made_of for name, found in vars(each).items()}


def _signature(name: str, function: object) -> str:
    signature = inspect.signature(function)
    kept = [p.replace(annotation=_Plain(p.annotation)) for p in signature.parameters.values() if p.name != "self"]
    told = [str(p) for p in kept]
    stars = [p.kind for p in kept]
    if inspect.Parameter.KEYWORD_ONLY in stars and inspect.Parameter.VAR_POSITIONAL not in stars:
        told.insert(stars.index(inspect.Parameter.KEYWORD_ONLY), "*")
    inner = "".join(f"    {each},\n" for each in told)
    body = f"{name}(\n{inner})" if told else f"{name}()"
    return f"```python\n{body} -> {signature.return_annotation}\n```\n"


class _Plain:
    """An annotation that is written as it stands in the source."""

    def __init__(self, text: object) -> None:
        self.text = text

    def __repr__(self) -> str:
        return str(self.text)


def _text(thing: object) -> str:
    lines = dedent(inspect.getdoc(thing) or "").splitlines()
    out: list[str] = []
    inside = False
    for line in lines:
        if line.strip() in ("Args:", "Raises:"):
            out += [f"**{line.strip()[:-1]}**", ""]
            inside = True
        elif inside and re.match(r"    \w[\w ]*: ", line):
            term, _, rest = line.strip().partition(": ")
            out.append(f"- `{term}`: {rest}")
        else:
            out.append(line.strip() if not inside else f"  {line.strip()}" if line.strip() else "")
    return ROLE.sub(r"`\1`", "\n".join(out)).replace("``", "`") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
