"""`POST /api/v1/incidents`."""

import hashlib
from functools import partial

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from api.answers import Refused, answer
from api.body import bearer_of, has_lines, idempotency_key_of, not_known, read_body, source_of
from api.desk import Desk
from api.group_commit import StoppedError
from data.api_keys import ApiKey
from data.intake import Intake, KeyReusedError, Post
from data.readers.json_rows import JsonRows, MalformedJsonError, read_json_rows
from data.unavailable import PoolUnavailableError


async def post_incidents(request: Request, desk: Desk) -> Response:
    """Take the rows of a feed; the answer says row by row what is on disk."""
    try:
        return await _taken(request, desk)
    except Refused as refused:
        return refused.response()
    except (PoolUnavailableError, StoppedError):
        message = "数据存储暂时不可用,本次请求没有保存任何内容,请稍后重试。"
        return Refused(503, "unavailable", message, {"retry-after": "5"}).response()


async def _taken(request: Request, desk: Desk) -> Response:
    key = await to_thread.run_sync(desk.key, bearer_of(request))
    if key is None:
        raise not_known("密钥无效、已过期或已被吊销。")
    desk.rate.check(key.id)
    source, lines, said = source_of(request, key), has_lines(request), idempotency_key_of(request)
    with desk.room.hold(desk.settings.api_body_bytes):
        body = await read_body(request, desk.settings.api_body_bytes)
        post = await to_thread.run_sync(partial(_post, desk, body, key, source, lines=lines, said=said))
        if post.read.count > desk.settings.api_rows:
            raise Refused(413, "too_many_rows", f"一次最多 {desk.settings.api_rows} 件,请分批发送。")
        try:
            taken = await desk.group.submit(post)
        except KeyReusedError as error:
            raise Refused(409, "idempotency_key_reused", str(error)) from error
    return answer(taken.answer, headers={"idempotency-replayed": "true"} if taken.repeated else None)


def _post(desk: Desk, body: bytes, key: ApiKey, source: str, *, lines: bool, said: str) -> Post:
    intake = Intake(key.id, key.name, source, key.datum, key.division, desk.profile(key))
    try:
        read: JsonRows = read_json_rows(body, lines=lines)
    except MalformedJsonError as error:
        raise Refused(400, "malformed", str(error)) from error
    return Post(intake, read, hashlib.sha256(body).hexdigest(), said)
