# SPDX-License-Identifier: Apache-2.0
"""Hooks of the site: sections in the order in which people need them, and no links to files that are not in it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure import StructureItem
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

ORDER = {
    "tutorial": "Tutorial",
    "how-to": "How to",
    "reference": "Reference",
    "explanation": "Explanation",
    "errors": "Errors",
}
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>(?!https?:|mailto:|#)[^)#\s]+)(?:#[^)\s]*)?\)")


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Put the sections, which are the folders of the documentation, in order, and give them their names."""
    del config, files
    folders = {_folder(item): item for item in nav.items}
    nav.items = [folders.pop(name) for name in ("", *ORDER) if name in folders] + list(folders.values())
    for item in nav.items:
        item.title = ORDER.get(_folder(item), item.title)
    return nav


def _folder(item: StructureItem) -> str:
    while item.children:
        item = item.children[0]
    return item.file.src_uri.partition("/")[0] if "/" in item.file.src_uri else ""


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Say where in the checkout a file is that the site has not, in place of a link to it."""
    del config, files

    def put(link: re.Match[str]) -> str:
        here = posixpath.dirname(page.file.src_uri)
        path = posixpath.normpath(posixpath.join("docs", here, link["target"]))
        if not path.startswith("docs/") and not path.startswith(".."):
            return f"{link['text']} (`{path}` in the checkout)"
        return link[0]

    return LINK.sub(put, markdown)
