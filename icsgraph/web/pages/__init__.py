# SPDX-License-Identifier: Apache-2.0
"""Pages for people: drawn up on the server, whole without a script, and fetching nothing from anywhere else.

Each page is a module that turns an address and a day into values for a template; ``visit`` has what all pages share.
"""

from __future__ import annotations

from starlette.routing import Route

from icsgraph.web.context import Context
from icsgraph.web.pages import asking, checking, documentation, maps, reader, start, statics, systems
from icsgraph.web.pages.visit import Pages


def routes(context: Context) -> list[Route]:
    """Give the routes of every page, and of the style sheets and scripts that they use."""
    pages = Pages(context)
    modules = (start, systems, reader, checking, maps, asking, documentation)
    return [*(route for module in modules for route in module.routes(pages)), *statics.routes()]
