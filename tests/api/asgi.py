"""Requests to an ASGI application in this process, without a network."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette

INCIDENTS = "/api/v1/incidents"
HEALTH = "/api/v1/health"


@dataclass
class Answer:
    """A response as it came."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    unread: int = 0
    """Parts of the request's body that were never asked for."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def results(self) -> list[str]:
        return [row["result"] for row in self.json["rows"]]


@dataclass(frozen=True)
class Asked:
    """A request: `parts` are the pieces in which its body arrives."""

    method: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    parts: tuple[bytes, ...] = (b"",)


async def ask(app: Starlette, asked: Asked) -> Answer:
    address = urlsplit(asked.address)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": address.path,
        "raw_path": address.path.encode(),
        "query_string": address.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in asked.headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    parts = [
        {"type": "http.request", "body": part, "more_body": number < len(asked.parts) - 1}
        for number, part in enumerate(asked.parts)
    ]
    answer = Answer()

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    answer.unread = len(parts)
    return answer


def together(app: Starlette, every: Sequence[Asked]) -> list[Answer]:
    """Answers to requests that are sent at the same moment."""

    async def all_of_them() -> list[Answer]:
        return list(await asyncio.gather(*(ask(app, each) for each in every)))

    return asyncio.run(all_of_them())


def incident(identity: str, **changed: Any) -> dict[str, Any]:
    row = {
        "external_id": identity,
        "dispute_type": "邻里",
        "status": "受理",
        "accepted_at": "2026-11-01 10:00:00",
        "division_code": "620102",
        "longitude": 103.5,
        "latitude": 36.5,
    }
    return row | changed


def post(rows: Any, key: str, *, query: str = "", **headers: str) -> Asked:
    """A post of rows (any JSON, or bytes as they are)."""
    body = rows if isinstance(rows, bytes) else json.dumps(rows, ensure_ascii=False).encode()
    given = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Asked("POST", INCIDENTS + query, given | named, (body,))
