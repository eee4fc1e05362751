"""What a request says: whose key, which source, which kind of body, and the body itself, read up to a limit."""

import re
from email.message import Message

import anyio
from starlette.requests import ClientDisconnect, Request

from api.answers import Refused
from data.api_keys import ApiKey

ARRAY = "application/json"
LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl")
SECONDS = 30
"""Within which a body must have arrived, so that nobody holds room by sending slowly."""

_KEY_FORM = re.compile(r"[\x21-\x7e]{1,200}")


def bearer_of(request: Request) -> str:
    """Return the key that the request names.

    Raises
    ------
    Refused
        401 when there is none.
    """
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise not_known("请在请求头里给出密钥:Authorization: Bearer <密钥>。")
    return key.strip()


def not_known(message: str) -> Refused:
    """401."""
    return Refused(401, "unauthorized", message, {"www-authenticate": 'Bearer realm="pingan"'})


def source_of(request: Request, key: ApiKey) -> str:
    """Return the source that the rows are of: the one asked for, or the only one of the key.

    Raises
    ------
    Refused
        400 when it is not said, 403 when the key does not allow it.
    """
    unknown = [name for name in request.query_params if name != "source"]
    asked = request.query_params.getlist("source")
    if unknown or len(asked) > 1:
        found = "、".join(unknown or asked)[:80]
        raise Refused(400, "bad_query", f"地址参数只能有一个 source,收到:{found}。")
    if asked and asked[0] not in key.sources:
        raise Refused(403, "source_not_allowed", f"这把密钥只能提交来源:{'、'.join(key.sources)}。")
    if not asked and len(key.sources) > 1:
        raise Refused(400, "source_missing", f"这把密钥有多个来源,请用 ?source= 指明:{'、'.join(key.sources)}。")
    return asked[0] if asked else key.sources[0]


def has_lines(request: Request) -> bool:
    """Whether the body is NDJSON and not one array.

    Raises
    ------
    Refused
        415 for any other kind, encoding or compression.
    """
    said = Message()
    said["content-type"] = request.headers.get("content-type", "")
    kind, charset = said.get_content_type(), str(said.get_param("charset", "utf-8"))
    encoding = request.headers.get("content-encoding", "identity")
    if kind not in (ARRAY, *LINES) or not request.headers.get("content-type"):
        raise Refused(415, "unsupported_media_type", f"请求体应为 {ARRAY}(数组)或 {LINES[0]}(逐行)。")
    if charset.lower() not in ("utf-8", "utf8") or encoding.lower() != "identity":
        raise Refused(415, "unsupported_media_type", "请求体应为 UTF-8,且不压缩。")
    return kind in LINES


def idempotency_key_of(request: Request) -> str:
    """Return the sender's own key for the request, "" where there is none.

    Raises
    ------
    Refused
        400 when it is not 1 to 200 visible ASCII characters.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY_FORM.fullmatch(key):
        raise Refused(400, "bad_idempotency_key", "Idempotency-Key 应为 1 至 200 个可见的 ASCII 字符。")
    return key or ""


async def read_body(request: Request, most: int) -> bytes:
    """Read the body, never more than `most` bytes of it.

    Raises
    ------
    Refused
        413 when it is longer, 408 when it does not arrive, 400 when the sender goes away.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > most:
        raise _too_large(most)
    body = bytearray()
    try:
        with anyio.fail_after(SECONDS):
            async for part in request.stream():
                if len(body) + len(part) > most:
                    raise _too_large(most)
                body += part
    except TimeoutError as error:
        raise Refused(408, "too_slow", f"请求体在 {SECONDS} 秒内没有发完。", {"connection": "close"}) from error
    except ClientDisconnect as error:
        raise Refused(400, "incomplete", "请求体没有发完,连接已断开。") from error
    return bytes(body)


def _too_large(most: int) -> Refused:
    # The rest of the body is not read: the connection can not be used again.
    message = f"请求体超过 {most / 1_000_000:g} MB 的上限,请分批发送。"
    return Refused(413, "too_large", message, {"connection": "close"})
