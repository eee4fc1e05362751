"""The addresses of the API."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.answers import answer, no_such
from api.description import HEALTH, INCIDENTS, OPENAPI, describe
from api.desk import Desk
from api.health import get_health
from api.incidents import post_incidents

EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def routes(desk: Desk, *, base_path: str = "") -> list[Route]:
    """Routes of the API under the path that the dashboard is served under ("" for the root)."""
    base = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    document = answer(describe(desk.settings, base_path=base)).body
    methods = {base + INCIDENTS: "POST", base + HEALTH: "GET, HEAD", base + OPENAPI: "GET, HEAD"}

    async def get_openapi(_request: Request) -> Response:
        return Response(document, media_type="application/json")

    async def nothing_here(request: Request) -> Response:
        # Any other address below /api would show the dashboard.
        return no_such(methods.get(request.url.path))

    return [
        Route(base + INCIDENTS, partial(post_incidents, desk=desk), methods=["POST"]),
        Route(base + HEALTH, partial(get_health, desk=desk), methods=["GET"]),
        Route(base + OPENAPI, get_openapi, methods=["GET"]),
        Route(base + "/api/{rest:path}", nothing_here, methods=EVERY_METHOD),
    ]
