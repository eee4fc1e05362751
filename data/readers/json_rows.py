"""Strict JSON to rows of text: an array of objects, or one object a line. A wrong row is told; it spoils no other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from data.readers.columns import HEADERS

NUMERIC = ("longitude", "latitude", "scale", "version")
"""Fields that may also be written as JSON numbers; a code or id written as one has lost its leading zeros."""

LOGICAL = ("withdrawn",)
"""Fields that may also be written as true or false."""

LONGEST = 400
"""Characters of a value; nothing that an incident says is longer."""

NAMED = 12
"""Names of dropped fields that are told."""

_Broken = tuple[str, str, str]
"""Field or "", stable code, reason."""


class MalformedJsonError(ValueError):
    """A body that is no JSON as a whole, or no array of rows; nothing of it can be taken."""


@dataclass(frozen=True)
class Refusal:
    """Why a row can not be read: its line, a field or "", a stable code, the reason in words."""

    line: int
    field: str
    code: str
    reason: str


@dataclass(frozen=True)
class JsonRows:
    """Rows read, as plain lists: posts are many and small, and put together before a table is made of them.

    `columns` holds the text of each field ("" where blank), `lines` the line of each row (its position from 1).
    """

    columns: dict[str, list[str]]
    lines: list[int]
    refused: list[Refusal] = field(default_factory=list)
    dropped: tuple[str, ...] = ()
    """Some names of fields that are not allowed in."""

    @property
    def count(self) -> int:
        """All rows, refused ones included."""
        return len(self.lines) + len(self.refused)

    @property
    def last_line(self) -> int:
        """The highest line."""
        return max([*self.lines[-1:], *(refusal.line for refusal in self.refused[-1:])])


class _Number(str):
    """A number as it was written, so that no digit is lost on the way to text."""

    __slots__ = ()


class _Constant(str):
    """NaN, Infinity, -Infinity: no JSON."""

    __slots__ = ()


class _Doubled(str):
    """An object in which this name stands twice."""

    __slots__ = ()


def _object(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    return _Doubled(next(name for name in names if names.count(name) > 1))


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_Number, parse_int=_Number, parse_constant=_Constant, strict=True
)


def read_json_rows(body: bytes, *, lines: bool) -> JsonRows:
    """Rows of a body.

    Parameters
    ----------
    lines
        Whether each line is an object of its own (NDJSON) instead of one array around all.

    Raises
    ------
    MalformedJsonError
        Not UTF-8; or, for an array, not JSON or no array; or no row at all.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedJsonError(f"请求体不是 UTF-8 文本(第 {error.start + 1} 个字节)。") from error
    items = _lines(text) if lines else _array(text)
    columns: dict[str, list[str]] = {name: [] for name in HEADERS}
    good: list[int] = []
    refused: list[Refusal] = []
    dropped: dict[str, None] = {}
    for line, item in items:
        row, broken = _row(item, dropped)
        if broken:
            refused.append(Refusal(line, *broken))
            continue
        good.append(line)
        for name, values in columns.items():
            values.append(row.get(name, ""))
    if not good and not refused:
        raise MalformedJsonError("请求体里没有任何一行。请至少发送一件。")
    return JsonRows(columns, good, refused, tuple(dropped))


def _array(text: str) -> Iterator[tuple[int, Any]]:
    try:
        found = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedJsonError(f"请求体不是合法的 JSON:第 {error.lineno} 行第 {error.colno} 列。") from error
    except RecursionError as error:
        raise MalformedJsonError("请求体的 JSON 嵌套过深。") from error
    if type(found) is not list:
        raise MalformedJsonError("请求体应为 JSON 数组,每个元素是一件;逐行发送时请用 application/x-ndjson。")
    return iter(enumerate(found, start=1))


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    for line, piece in enumerate(text.split("\n"), start=1):
        if not piece.strip():
            continue
        try:
            yield line, _DECODER.decode(piece)
        except (json.JSONDecodeError, RecursionError):
            yield line, ("", "not_json", "这一行不是合法的 JSON")


def _row(item: Any, dropped: dict[str, None]) -> tuple[dict[str, str], _Broken | None]:
    """Text of each field, or what is wrong with the row."""
    if type(item) is tuple:
        return {}, item
    if type(item) is _Doubled:
        known = str(item) if item in HEADERS else ""
        return {}, (known, "duplicate_field", "同一个字段出现了两次")
    if type(item) is not dict:
        return {}, ("", "not_object", "这一行不是 JSON 对象")
    row: dict[str, str] = {}
    for name, value in item.items():
        if name not in HEADERS:
            if len(dropped) < NAMED:
                dropped[_printable(name)] = None
            continue
        text, broken = _text(name, value)
        if broken:
            return {}, (name, *broken)
        row[name] = text
    return row, None


def _printable(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name[:40])


def _text(name: str, value: Any) -> tuple[str, tuple[str, str] | None]:
    if value is None:
        return "", None
    if type(value) is bool and name in LOGICAL:
        return "1" if value else "0", None
    if type(value) is _Constant:
        return "", ("not_a_number", f"{value} 不是 JSON 的数")
    if type(value) is not str and not (type(value) is _Number and name in NUMERIC):
        also = "或数字" if name in NUMERIC else "或 true/false" if name in LOGICAL else ""
        return "", ("wrong_type", f"应为字符串{also}")
    if len(value) > LONGEST:
        return "", ("too_long", f"超过 {LONGEST} 个字符")
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        return "", ("bad_characters", "含有不成对的代理字符,无法保存")
    return str(value), None
