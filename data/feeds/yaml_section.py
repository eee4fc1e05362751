"""Read settings out of a YAML file; whatever is wrong is told by file, key, what was found and what was expected."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LONGEST_FILE = 1_000_000
PROFILE = "来源配置"
"""What a file is called in messages unless it says otherwise."""
_KINDS = {bool: "是/否", int: "整数", float: "小数", list: "列表", dict: "分组", type(None): "空白"}


class BadProfileError(ValueError):
    """A profile or other file of settings that can not be used; the message says where and why."""

    def __init__(self, file: str, key: str, found: str, expected: str, *, subject: str = PROFILE) -> None:
        where = f"的“{key}”" if key else ""
        super().__init__(f"{subject} {file} {where}有误:写的是{found},应为{expected}。请修改后重试。")


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML's safe forms only, in which a key may stand once: of two, one would be lost without a word."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [str(key.value) for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            line = node.start_mark.line + 1
            raise yaml.MarkedYAMLError(problem=f"第 {line} 行起的分组里“{key}”出现了两次")
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def told(value: Any) -> str:
    """How a value found is named in a message."""
    if isinstance(value, str):
        return f"“{value[:40]}”" if value else "空白"
    kind = next((name for kind, name in _KINDS.items() if type(value) is kind), type(value).__name__)
    return f"{kind} {str(value)[:40]}" if isinstance(value, (bool, int, float)) else kind


@dataclass(frozen=True)
class Section:
    """A group of settings in a file; `key` is where it stands, "" for the file itself; `subject` what it is called."""

    file: str
    key: str
    values: Mapping[str, Any]
    subject: str = PROFILE

    def wrong(self, name: str, found: str, expected: str) -> BadProfileError:
        """Return the error that a setting of this group is wrong."""
        key = f"{self.key}.{name}" if self.key else name
        return BadProfileError(self.file, key, found, expected, subject=self.subject)

    def check_names(self, allowed: Iterable[str]) -> None:
        """Raise where a setting stands that nobody reads: most often a slip of the pen."""
        allowed = tuple(allowed)
        for name in self.values:
            if name not in allowed:
                raise self.wrong(name, "不认识的配置项", f"以下之一:{'、'.join(allowed)}")

    def text(self, name: str, *, default: str | None = None, allowed: Iterable[str] = ()) -> str:
        """One text, one of `allowed` where given."""
        value = self._given(name, default)
        choices = tuple(allowed)
        if not isinstance(value, str) or not value.strip() or (choices and value not in choices):
            expected = f"以下之一:{'、'.join(choices)}" if choices else "一段文字(纯数字请加引号)"
            raise self.wrong(name, told(value), expected)
        return value

    def whole(self, name: str, *, default: int | None = None, least: int = 1) -> int:
        """One whole number."""
        value = self._given(name, default)
        if type(value) is not int or value < least:
            raise self.wrong(name, told(value), f"不小于 {least} 的整数")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; one alone may stand without brackets. Empty where nothing is said."""
        value = self.values.get(name)
        items = [] if value is None else value if isinstance(value, list) else [value]
        for item in items:
            if not isinstance(item, str) or not item.strip():
                raise self.wrong(name, told(item), "文字的列表(纯数字请加引号)")
        return tuple(item.strip() for item in items)

    def section(self, name: str) -> "Section":
        """Return a group within; an empty one where nothing is said."""
        value = self.values.get(name)
        if not isinstance(value, dict | None):
            raise self.wrong(name, told(value), "一组“名称: 值”")
        inner = Section(self.file, f"{self.key}.{name}" if self.key else name, value or {}, self.subject)
        inner.check_keys()
        return inner

    def checked(self, name: str, convert: Callable[[str], Any], expected: str, *, default: str) -> Any:
        """One text, converted."""
        value = self.text(name, default=default)
        try:
            return convert(value)
        except (ValueError, KeyError, OSError) as error:
            raise self.wrong(name, told(value), expected) from error

    def check_keys(self) -> None:
        """Raise where a name is no text: YAML takes an unquoted `yes` or `01` for something else."""
        for name in self.values:
            if not isinstance(name, str):
                raise self.wrong(str(name), told(name), "文字(请给它加上引号)")

    def _given(self, name: str, default: Any) -> Any:
        value = self.values.get(name, default)
        if value is None:
            raise self.wrong(name, "空白", "必填")
        return value


def read_section(path: Path, *, subject: str = PROFILE) -> Section:
    """Return all of a file; `subject` is what messages call it.

    Raises
    ------
    BadProfileError
        It can not be read, is no YAML, or holds no group of settings.
    """
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise BadProfileError(path.name, "", "超过 1 MB 的文件", "一个简短的 YAML 文件", subject=subject)
        found = yaml.load(path.read_text("utf-8-sig"), _Loader)  # noqa: S506 - a SafeLoader that refuses doubled keys
    except UnicodeDecodeError as error:
        raise BadProfileError(path.name, "", "不是 UTF-8 的文字", "UTF-8 编码的 YAML 文件", subject=subject) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadProfileError(path.name, "", _problem(error), "合法的 YAML", subject=subject) from error
    if not isinstance(found, dict):
        raise BadProfileError(path.name, "", told(found), "一组“名称: 值”", subject=subject)
    section = Section(path.name, "", found, subject)
    section.check_keys()
    return section


def _problem(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"第 {mark.line + 1} 行第 {mark.column + 1} 列附近" if mark else ""
    return f"{where}读不懂的内容({getattr(error, 'problem', None) or type(error).__name__})"
