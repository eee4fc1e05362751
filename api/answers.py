"""How the API answers: JSON that no proxy keeps, and errors with a stable code and Chinese words."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Refused(Exception):  # noqa: N818 - an answer, raised from wherever it is known
    """A request that is answered with an error."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, dict(headers or {})

    def response(self) -> Response:
        """The answer."""
        body = {"error": {"code": self.code, "message": self.message}}
        return answer(body, status=self.status, headers=self.headers)


def answer(content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return JSON."""
    return Response(orjson.dumps(content), status, HEADERS | dict(headers or {}), "application/json")


def no_such(allowed: str | None) -> Response:
    """Answer what no route takes: another method of a known address (`allowed` names its own), or no address at all."""
    if allowed:
        return Refused(405, "method_not_allowed", f"这个接口只接受 {allowed}。", {"allow": allowed}).response()
    return Refused(404, "not_found", "没有这个接口。接口说明见 /api/v1/openapi.json。").response()
