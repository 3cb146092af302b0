# SPDX-License-Identifier: Apache-2.0
"""A request at /sparql to the query that it asks, or to the description of the service.

Source: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from icsgraph.web.context import Context
from icsgraph.web.errors import Refused
from icsgraph.web.jobs import Ask

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
_UPDATES: Final = ("update", "using-graph-uri", "using-named-graph-uri")
_FIELDS: Final = 200


async def asked(request: Request, context: Context) -> Ask | None:
    """Read the query of a request; None where a GET names none, which asks what the service is.

    Raises:
        Refused: 400 for what the protocol does not know, 413 for a body that is too large, 415 for one of another type.
        LookupFailed: E403, for ``as-at`` that is no day.
    """
    pairs = read_pairs(request.url.query)
    text = None
    if request.method == "POST":
        kind = media_type(request)
        if kind not in (FORM, QUERY):
            what = f"a query is not posted as {kind[:80] or 'nothing in particular'}"
            raise Refused(415, "E805", "Content-Type", what, f"Post it as {QUERY}, or as {FORM} with query=.")
        body = await read_body(request, context.limits.query_body)
        if kind == QUERY:
            text = body
        else:
            pairs = [*pairs, *read_pairs(body)]
    for name in _UPDATES:
        if any(key == name for key, _ in pairs):
            what = f"{name} belongs to updates, and data is only read here"
            raise Refused(400, "E805", name, what, "Ask with query=.")
    texts = [*([] if text is None else [text]), *_all(pairs, "query")]
    if len(texts) > 1:
        raise Refused(400, "E805", "query", f"{len(texts)} queries are given", "Give one.")
    if not texts:
        if request.method != "POST" and not _all(pairs, "default-graph-uri") and not _all(pairs, "named-graph-uri"):
            return None
        raise Refused(400, "E805", "query", "no query is given", "Give it with query=.")
    default, named = _all(pairs, "default-graph-uri"), _all(pairs, "named-graph-uri")
    dataset = bool(default or named)
    form = next((value for name in ("format", "output", "results") for value in _all(pairs, name)), "")
    return Ask(
        texts[0], form, context.day(next(iter(_all(pairs, "as-at")), None)), request.headers.get("accept", ""),
        tuple(default) if dataset else None, tuple(named) if dataset else None,
    )  # fmt: skip


def media_type(request: Request) -> str:
    """Give the media type of what is posted, without parameters.

    Raises:
        Refused: 415, when it is in another encoding than UTF-8.
    """
    name, *parameters = (part.strip() for part in request.headers.get("content-type", "").lower().split(";"))
    for each in parameters:
        key, _, value = each.partition("=")
        if key == "charset" and value.strip('"') not in ("utf-8", "utf8", "us-ascii"):
            what = f"the encoding is {value[:40]}"
            raise Refused(415, "E805", "Content-Type", what, "Send it in UTF-8.")
    return name


async def read_body(request: Request, most: int) -> str:
    """Read a body of text.

    Raises:
        Refused: 413 when it is larger than it may be, 400 when it is not in UTF-8.
    """
    return decoded(await read_bytes(request, most), "body")


async def read_bytes(request: Request, most: int) -> bytes:
    """Read a body.

    Raises:
        Refused: 413, when it is larger than it may be.
    """
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise too_large(most)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_large(most)
        parts.append(part)
    return b"".join(parts)


async def sent_files(form: FormData, most: int) -> tuple[tuple[str, bytes], ...]:
    """Give the files of a form by name; of one that is larger than all may be, as much as shows that."""
    files = [each for _, each in form.multi_items() if isinstance(each, UploadFile) and each.filename]
    return tuple([(each.filename or "", await each.read(most + 1)) for each in files])


def too_large(most: int) -> Refused:
    """What is posted is larger than it may be."""
    what = f"what is posted is larger than {most} bytes"
    return Refused(413, "E810", "body", what, "Post less, or run icsgraph yourself.")


def decoded(body: bytes, where: str) -> str:
    """Read UTF-8.

    Raises:
        Refused: 400, when it is something else.
    """
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(400, "E805", where, "it is not in UTF-8", "Send it in UTF-8.") from error


def read_pairs(text: str) -> list[tuple[str, str]]:
    """Read names and values of an address or a form.

    Raises:
        Refused: 400, when there are too many, or what is escaped is not in UTF-8.
    """
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError as error:
        raise Refused(400, "E805", "parameters", "they are not in UTF-8", "Escape UTF-8.") from error
    except ValueError as error:
        raise Refused(400, "E805", "parameters", f"there are more than {_FIELDS}", "Give fewer.") from error


def _all(pairs: Sequence[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in pairs if key == name]
