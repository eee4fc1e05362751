"""The OpenAPI 3.1 document of the API, made from what the code itself goes by."""

import tomllib
from typing import Any

from api.body import ARRAY, LINES
from data.readers.columns import HEADERS, REQUIRED, label
from data.readers.json_rows import LOGICAL, LONGEST, NUMERIC
from data.settings import ROOT, Settings
from risk.incident import SOURCES

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

INCIDENTS = "/api/v1/incidents"
HEALTH = "/api/v1/health"
OPENAPI = "/api/v1/openapi.json"

ERRORS = {
    400: "请求有误:不是合法的 JSON、没有任何一行、参数不对",
    401: "没有密钥,或密钥无效、过期、已吊销",
    403: "密钥不允许这个来源",
    408: "请求体发送过慢",
    413: "请求体过大或件数过多",
    415: "请求体的类型、编码或压缩不支持",
    409: "同一个 Idempotency-Key 已用于另一个请求体",
    429: "请求过于频繁",
    503: "数据存储暂时不可用,没有保存任何内容",
}


def describe(settings: Settings, *, base_path: str = "") -> dict[str, Any]:
    """Return the document; `base_path` is what the dashboard is served under."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "平安地图 数据接入",
            "version": VERSION,
            "description": "逐件接收矛盾纠纷事件。回答成功即已落盘。姓名、电话、正文等其他字段在保存之前丢弃。",
        },
        "servers": [{"url": base_path or "/"}],
        "paths": {
            INCIDENTS: {"post": _post_incidents(settings)},
            HEALTH: {"get": _get_health()},
            OPENAPI: {"get": _get_openapi()},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "每个来源一把密钥"}},
            "schemas": {"Incident": _incident(), "Answer": _answer(), "Row": _row(), "Error": _error()},
        },
    }


def _post_incidents(settings: Settings) -> dict[str, Any]:
    megabytes = settings.api_body_bytes / 1_000_000
    # Anything may stand in a row: what is no incident is answered there, with 200 for the others' sake.
    rows = {"type": "array", "minItems": 1, "items": {"anyOf": [_ref("Incident"), {}]}}
    return {
        "operationId": "postIncidents",
        "summary": "提交矛盾纠纷事件",
        "description": f"一次最多 {settings.api_rows} 件、{megabytes:g} MB;逐行发送时每行一件。有问题的件逐件拒收。",
        "security": [{"key": []}],
        "parameters": [
            {
                "name": "source",
                "in": "query",
                "description": "来源;密钥只有一个来源时可省略",
                "schema": {"type": "string", "enum": list(SOURCES)},
            },
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "请求的唯一编号;同一编号重发得到同一回答。省略时按请求体判断",
                "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$"},
            },
        ],
        "requestBody": {
            "required": True,
            "content": {ARRAY: {"schema": rows}, LINES[0]: {"schema": rows}},
        },
        "responses": {
            "200": {
                "description": "逐件结果;已落盘",
                "headers": {
                    "Idempotency-Replayed": {
                        "description": "以前回答过的请求,本次没有再保存",
                        "schema": {"const": "true"},
                    }
                },
                "content": {ARRAY: {"schema": _ref("Answer")}},
            }
        }
        | {str(status): _refusal(status, text) for status, text in ERRORS.items()},
    }


def _refusal(status: int, description: str) -> dict[str, Any]:
    response: dict[str, Any] = {"description": description, "content": {ARRAY: {"schema": _ref("Error")}}}
    if status in (429, 503):
        seconds = {"type": "integer", "minimum": 1}
        response["headers"] = {"Retry-After": {"description": "几秒后重试", "schema": seconds}}
    if status == 401:
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return response


def _get_health() -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0}
    properties = {
        "live": {"const": True},
        "ready": {"type": "boolean", "description": "可以接收数据"},
        "version": {"type": "string", "description": "软件版本"},
        "data_version": whole | {"description": "已发布数据的版本"},
        "data_age_seconds": {"type": ["integer", "null"], "minimum": 0, "description": "距最近一次数据变化的秒数"},
        "unpublished_changes": whole | {"description": "已落盘、尚未计入统计的变化"},
    }
    schema = _closed(properties, required=["live", "ready", "version"])
    content = {ARRAY: {"schema": schema}}
    return {
        "operationId": "getHealth",
        "summary": "运行状态",
        "security": [],
        "responses": {
            "200": {"description": "可以接收数据", "content": content},
            "503": {"description": "在运行,但暂时不能接收数据", "content": content},
        },
    }


def _get_openapi() -> dict[str, Any]:
    return {
        "operationId": "getOpenApi",
        "summary": "本说明",
        "security": [],
        "responses": {"200": {"description": "OpenAPI 3.1", "content": {ARRAY: {"schema": {"type": "object"}}}}},
    }


def _incident() -> dict[str, Any]:
    properties = {}
    for name in HEADERS:
        types = ["string", "null"]
        types += ["number"] if name in NUMERIC else []
        types += ["boolean"] if name in LOGICAL else []
        properties[name] = {"type": types, "maxLength": LONGEST, "description": label(name)}
    for name in REQUIRED:
        properties[name] |= {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "description": "一件;其他字段一律丢弃。写法与导入文件相同,代码或中文皆可",
        "required": list(REQUIRED),
        "properties": properties,
    }


def _answer() -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0}
    counts = ("rows_read", "added", "updated", "unchanged", "outdated", "rejected")
    properties: dict[str, Any] = {"batch": whole | {"description": "批次"}} | dict.fromkeys(counts, whole)
    properties["dropped_fields"] = {"type": "array", "items": {"type": "string"}, "description": "丢弃的字段(部分)"}
    properties["rows"] = {"type": "array", "items": _ref("Row")}
    return _closed(properties, required=list(properties))


def _row() -> dict[str, Any]:
    line = {"type": "integer", "minimum": 1, "description": "第几件;逐行发送时为行号"}
    kept = {"line": line, "external_id": {"type": "string"}}
    kept["result"] = {"enum": ["added", "updated", "unchanged", "outdated"]}
    texts = {name: {"type": "string"} for name in ("field", "code", "reason")}
    rejected = {"line": line, "result": {"const": "rejected"}} | texts
    return {"oneOf": [_closed(properties, required=list(properties)) for properties in (kept, rejected)]}


def _error() -> dict[str, Any]:
    texts = {name: {"type": "string"} for name in ("code", "message")}
    return _closed({"error": _closed(texts, required=list(texts))}, required=["error"])


def _closed(properties: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
