# SPDX-License-Identifier: Apache-2.0
"""Style sheets and scripts that ship with icsgraph, and the query editor where it was bundled, at /static/."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

FOLDER: Final = Path(__file__).parent / "static"
EDITOR: Final = ("yasgui/yasgui.min.js", "yasgui/yasgui.min.css")
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".txt": "text/plain"}


def has_editor() -> bool:
    """Say whether the query editor was bundled when this package was built."""
    return all((FOLDER / name).is_file() for name in EDITOR)


def routes() -> list[Route]:
    """Give the one route."""
    return [Route("/static/{name:path}", _static, methods=["GET"])]


def _static(request: Request) -> Response:
    path = (FOLDER / request.path_params["name"]).resolve()
    if not path.is_relative_to(FOLDER.resolve()) or not path.is_file() or path.suffix not in _TYPES:
        return PlainTextResponse("There is no such file.\n", 404)
    return FileResponse(path, media_type=_TYPES[path.suffix], headers={"Cache-Control": "max-age=3600"})
