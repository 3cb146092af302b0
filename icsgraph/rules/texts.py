# SPDX-License-Identifier: Apache-2.0
"""IRIs that a text in SPARQL or Turtle names, with the line of each, without reading what the text says.

Comments and strings name nothing. Prefixes are those that the text declares, else those that the caller gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<comment>\#[^\n]*)
    | (?P<prefix>(?:@prefix|PREFIX)\s+(?P<short>[\w.\-]*):\s*<(?P<space>[^>\s]*)>)
    | (?P<iri><[^<>"{}|^`\\\s]*>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?<![\w?$:@.\-])(?P<name>[A-Za-z][\w\-]*:[A-Za-z_](?:[\w\-.]*[\w\-])?)(?![\w{])""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_BLOCK: Final = re.compile(r"^```(sparql|turtle|ttl|trig)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def named(text: str, prefixes: Mapping[str, str], first_line: int = 1) -> Iterator[tuple[str, int]]:
    """Give each IRI that a text in SPARQL or Turtle names, and its line."""
    known = dict(prefixes)
    for token in _TOKEN.finditer(text):
        line = first_line + text.count("\n", 0, token.start())
        if token["prefix"]:
            known[token["short"]] = token["space"]
        elif token["iri"]:
            yield token["iri"][1:-1], line
        elif token["name"]:
            prefix, _, local = token["name"].partition(":")
            if prefix in known:
                yield known[prefix] + local, line


def blocks(markdown: str) -> Iterator[tuple[str, int]]:
    """Give the code blocks of a page that are in SPARQL or Turtle, each with the line where it begins."""
    for block in _BLOCK.finditer(markdown):
        yield block[2], markdown.count("\n", 0, block.start(2)) + 1
