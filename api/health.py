"""`GET /api/v1/health`: whether the server lives, can take posts, and how old its data are. Says nothing secret."""

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from api.answers import answer
from api.description import VERSION
from api.desk import Desk
from data.state import PoolState, read_state
from data.unavailable import PoolUnavailableError


async def get_health(_request: Request, desk: Desk) -> Response:
    """200 when ready, 503 when the store does not answer or there is no geography yet."""
    said = await to_thread.run_sync(_health, desk)
    return answer(said, status=200 if said["ready"] else 503)


def _health(desk: Desk) -> dict[str, Any]:
    said: dict[str, Any] = {"live": True, "ready": False, "version": VERSION}
    try:
        state: PoolState = read_state(desk.engine)
        _ = desk.places
    except PoolUnavailableError:
        return said  # what exactly is wrong stands in the log of the operator, not on an open address
    now = int(desk.now().timestamp())
    age = None if state.changed_at is None else max(0, now - state.changed_at)
    return said | {
        "ready": True,
        "data_version": state.version,
        "data_age_seconds": age,
        "unpublished_changes": state.unpublished,
    }
