# SPDX-License-Identifier: Apache-2.0
"""Pages for people: drawn up on the server, whole without a script, and fetching nothing from anywhere else.

Each page is a module that turns an address and a day into values for a template; ``visit`` has what all pages share.
"""

from __future__ import annotations

from starlette.routing import Route

from icsgraph.web.pages.asking import routes as asking
from icsgraph.web.pages.checking import routes as checking
from icsgraph.web.pages.documentation import routes as documentation
from icsgraph.web.pages.grounds import measures, outlines
from icsgraph.web.pages.maps import routes as maps
from icsgraph.web.pages.reader import routes as reader
from icsgraph.web.pages.reader import warm as warm_reader
from icsgraph.web.pages.start import routes as start
from icsgraph.web.pages.statics import routes as statics
from icsgraph.web.pages.systems import routes as systems
from icsgraph.web.pages.visit import Pages


def routes(pages: Pages) -> list[Route]:
    """Give the routes of every page, and of the style sheets and scripts that they use."""
    all_pages = (start, systems, reader, checking, maps, asking, documentation)
    return [*(route for each in all_pages for route in each(pages)), *statics()]


def warm(pages: Pages) -> None:
    """Have ready what takes longest to make: outlines and measures of the map, the guidance, and the ontology."""
    pages.kept("outlines", lambda: outlines(pages.context))
    pages.kept("measures", lambda: measures(pages.context))
    warm_reader(pages)
    pages.context.site().page("index.html")
