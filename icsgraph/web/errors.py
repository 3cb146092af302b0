# SPDX-License-Identifier: Apache-2.0
"""What a request is turned away for, to a status and a document that says so (RFC 9457); never a stack trace."""

from __future__ import annotations

import json
from typing import Final

from icsgraph.model.errors import EndpointError, IcsgraphError, LimitError, ServeError
from icsgraph.web.jobs import Reply

PROBLEM: Final = "application/problem+json"


class Refused(ServeError):
    """A request is turned away, with an HTTP status, and headers that go with that."""

    def __init__(
        self, status: int, code: str, where: str, what: str, mend: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(code, where, what, mend)
        self.status, self.headers = status, headers or {}


def too_long(seconds: float) -> Refused:
    """The time limit is reached."""
    what = f"the answer takes longer than the {seconds:g} seconds that one request may take"
    return Refused(504, "E806", "request", what, "Ask for less: bind more, or put a LIMIT into the inner patterns.")


def too_much_memory(mebibytes: int) -> Refused:
    """The memory limit is reached."""
    what = f"the answer needs more than the {mebibytes} MiB that one request may use"
    return Refused(507, "E807", "request", what, "Ask for less: avoid patterns that share no variable, and big sorts.")


def busy() -> Refused:
    """More is waiting than can be answered."""
    what, mend = "the service has more to do than it can take on", "Try again in a few seconds, or ask for less."
    return Refused(503, "E808", "request", what, mend, {"Retry-After": "5"})


def damaged() -> Refused:
    """The files of the store were changed under the service, so that what was read from them is not to be relied on."""
    what = "the files of the store have been changed or removed while it is served, and nothing read from them is given"
    mend = "Try again later. Whoever runs the service builds the store again, and it goes on by itself."
    return Refused(503, "E542", "store", what, mend, {"Retry-After": "10"})


def failed() -> Refused:
    """Something of ours went wrong."""
    what, mend = "the service failed at this request", "Report it with the time; the log of the service says more."
    return Refused(500, "E816", "service", what, mend)


def status_of(error: IcsgraphError) -> int:
    """Give the HTTP status for an error of any room."""
    if isinstance(error, Refused):
        return error.status
    if error.code in ("E211", "E401"):  # a stored query, a thing or a name that is not there
        return 404
    if isinstance(error, EndpointError | LimitError):
        return 500
    return 400


def problem(error: IcsgraphError) -> Reply:
    """Give the reply that tells of an error."""
    status = status_of(error)
    told = {
        "status": status, "title": error.what, "code": error.code, "where": error.where, "detail": str(error),
        "mend": error.mend,
    }  # fmt: skip
    headers = {"Cache-Control": "no-store", **(error.headers if isinstance(error, Refused) else {})}
    return Reply(status, PROBLEM, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode(), headers)


def refusal(reply: Reply) -> Refused:
    """Give back the error that a reply tells of."""
    told = json.loads(reply.body)
    headers = {name: value for name, value in reply.headers.items() if name != "Cache-Control"}
    return Refused(reply.status, told["code"], told["where"], told["title"], told["mend"], headers)
