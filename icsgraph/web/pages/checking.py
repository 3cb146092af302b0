# SPDX-License-Identifier: Apache-2.0
"""Files of records that a visitor chooses to findings by duty, and to downloads. Nothing of them is kept.

The page that shows the findings carries the files themselves, packed, in its form, so that a download posts them again.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from icsgraph.web.errors import Refused, refusal
from icsgraph.web.jobs import Check, Reply
from icsgraph.web.pages.visit import Pages, Visit
from icsgraph.web.protocol import sent_files
from icsgraph.web.sent import ENDINGS, MOST_FILES, Sent, looked_over, packed

_FORMS: Final = {"html": "html", "csv": "csv", "sarif": "sarif", "ttl": "ttl"}
_PACKED: Final = 120_000  # letters of a packed file that a page carries; for a larger one it is chosen again
_FINDINGS: Final = 25  # of one duty that the page shows; the downloads hold all


@dataclass(frozen=True, slots=True)
class Records:
    """Files as they were sent, under safe names, and the form of report that is wanted."""

    files: Sent
    form: str

    @property
    def name(self) -> str:
        """What the page calls them."""
        return self.files[0][0] if len(self.files) == 1 else f"{len(self.files)} files"

    @property
    def packed(self) -> tuple[str, str]:
        """One name and the files as text for a form; the text is empty where they are too large to go with a page."""
        name, data = packed(self.files)
        text = base64.b64encode(zlib.compress(data, 9)).decode()
        return name, text if len(text) <= _PACKED else ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty as the page shows it: what was found, of which the first are shown, and what is on record."""

    id: str
    title: str
    findings: list[dict[str, Any]]
    number: int
    met: int
    looked_at: int


def routes(pages: Pages) -> list[Route]:
    """Give the routes of the form and of its answer."""
    return [
        pages.route("/check", lambda visit: visit.page("check.html", endings=", ".join(ENDINGS), records=None)),
        pages.waiting("/check", _check, ("POST",)),
    ]


async def _check(visit: Visit) -> Response:
    most = visit.pages.context.limits.data_body
    try:
        async with visit.request.form(max_files=MOST_FILES, max_fields=10, max_part_size=_PACKED + 1000) as form:
            records = await _records(form, most)
    except HTTPException as error:
        what = f"it cannot be read: {error.detail}"
        raise Refused(400, "E830", "the form", what, "Choose the files again.") from error
    job = Check(records.files, records.form or "json", visit.day)
    reply = await visit.pages.context.work(job)
    if reply.status != 200:
        raise refusal(reply)
    if records.form:
        return _download(reply, records)
    return await visit.pages.drawn_up(_page, visit, records, json.loads(reply.body))


async def _records(form: FormData, most: int) -> Records:
    carried, wanted = form.get("packed"), str(form.get("form") or "")
    if wanted and wanted not in _FORMS:
        raise Refused(400, "E832", "form", f"there is no report in the form {wanted[:40]!r}", "Use the buttons.")
    files = await sent_files(form, most)
    if not files and isinstance(carried, str) and carried:
        files = ((str(form.get("name") or ""), _unpacked(carried, most + 1)),)
    if not files:
        raise Refused(400, "E830", "the form", "no file came with it", "Choose a file, then press Check.")
    if sum(len(data) for _, data in files) > most:
        mend = "Take it apart, or run icsgraph validate on a machine of your own."
        raise Refused(413, "E831", files[0][0][:100], f"there is more than {most // 1024} KiB", mend)
    return Records(looked_over(files), wanted)


def _unpacked(packed: str, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), most)
    except (binascii.Error, zlib.error) as error:
        raise Refused(400, "E830", "the form", "the file in it is damaged", "Choose the file again.") from error


def _page(visit: Visit, records: Records, report: dict[str, Any]) -> Response:
    findings: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        findings.setdefault(finding["constraint"], []).append(finding)
    coverage = {each["constraint"]: each for each in (*report["coverage"], *report["forms"])}
    duties = [_duty(name, found, coverage.get(name, {})) for name, found in findings.items()]
    rest = [_duty(name, [], each) for name, each in coverage.items() if name not in findings and each["looked_at"]]
    return visit.page(
        "check.html", endings=", ".join(ENDINGS), records=records, report=report, duties=duties, met=rest, forms=_FORMS,
        idle=sum(1 for each in report["coverage"] if not each["looked_at"]), of=_FINDINGS,
    )  # fmt: skip


def _duty(name: str, findings: list[dict[str, Any]], looked: dict[str, Any]) -> Duty:
    title = findings[0]["title"] if findings else looked["title"]
    met = looked.get("outcomes", {}).get("met", 0)
    return Duty(name, title, findings[:_FINDINGS], len(findings), met, looked.get("looked_at", 0))


def _download(reply: Reply, records: Records) -> Response:
    name = f"{PurePath(records.name).stem[:60] or 'report'}-findings.{_FORMS[records.form]}"
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    headers = {**reply.headers, "Content-Disposition": f'attachment; filename="{safe}"'}
    return Response(reply.body, 200, headers, media_type=reply.media)
