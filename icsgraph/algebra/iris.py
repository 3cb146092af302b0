# SPDX-License-Identifier: Apache-2.0
"""A relative IRI and a base to an absolute IRI, whatever the scheme.

The standard library's ``urljoin`` resolves only against schemes that it lists, and leaves ``urn:`` and others alone.

Source: https://www.rfc-editor.org/rfc/rfc3986#section-5.2
"""

from __future__ import annotations

import re

_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.\-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


def is_absolute(iri: str) -> bool:
    """Whether the IRI begins with a scheme."""
    return _SCHEME.match(iri) is not None


def resolve(iri: str, base: str) -> str:
    """Resolve an IRI against a base.

    Example:
        >>> resolve("../b?q", "https://example.org/x/y/z")
        'https://example.org/x/b?q'
    """
    scheme, authority, path, query, fragment = _split(iri)
    if scheme is None:
        base_scheme, base_authority, base_path, base_query, _ = _split(base)
        scheme = base_scheme
        if authority is None:
            authority = base_authority
            if not path:
                path, query = base_path, base_query if query is None else query
            elif not path.startswith("/"):
                path = _merge(base_path, path, base_authority is not None)
    return "".join(
        (
            f"{scheme}:" if scheme is not None else "",
            f"//{authority}" if authority is not None else "",
            _without_dots(path),
            f"?{query}" if query is not None else "",
            f"#{fragment}" if fragment is not None else "",
        )
    )


def _split(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    found = _PARTS.fullmatch(iri)
    assert found is not None, "the pattern matches any string"
    return found[1], found[2], found[3], found[4], found[5]


def _merge(base: str, path: str, has_authority: bool) -> str:
    return f"/{path}" if has_authority and not base else base[: base.rfind("/") + 1] + path


def _without_dots(path: str) -> str:
    if not re.search(r"(^|/)\.\.?(/|$)", path):
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1 or (kept and kept[0]):
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
