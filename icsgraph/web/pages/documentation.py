# SPDX-License-Identifier: Apache-2.0
"""The documentation of the ontology, as its own pages are, with a way back to the others."""

from __future__ import annotations

from typing import Final

from markupsafe import escape
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from icsgraph.exports.vocabulary.site import STYLE
from icsgraph.model.errors import LookupFailed
from icsgraph.web.pages.visit import Pages, Visit

_FIRST: Final = '<nav aria-label="Pages">\n'


def routes(pages: Pages) -> list[Route]:
    """Give the routes of the documentation; its own links are relative, so that its first page ends in a slash."""
    return [
        pages.route("/ontology", lambda visit: RedirectResponse("/ontology/")),
        pages.route("/ontology/{name:path}", _page),
    ]


def _page(visit: Visit) -> Response:
    site, name = visit.pages.context.site(), visit.request.path_params["name"] or "index.html"
    if name not in site.names:
        mend = "The documentation begins at /ontology/."
        raise LookupFailed("E401", name, "the documentation of the ontology has no page of that name", mend)
    made = visit.pages.kept(f"ontology {name}", lambda: site.page(name))
    if name == STYLE:
        return Response(made, media_type="text/css")
    return HTMLResponse(made.replace(_FIRST, _FIRST + f'<p><a href="{escape(visit.link("/"))}">icsgraph</a></p>\n', 1))
