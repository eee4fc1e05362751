"""Why a file as a whole cannot be read. The message is what the operator sees."""

from collections.abc import Sequence


class BadFileError(ValueError):
    """A file that cannot be read at all; nothing of it was stored."""


class EmptyFileError(BadFileError):
    """No byte, or no row under the header."""


class UnknownColumnsError(BadFileError):
    """The header does not name the required columns."""

    def __init__(self, *, found: Sequence[str], missing: Sequence[str]) -> None:
        shown = "、".join(name.strip()[:20] or "(空)" for name in list(found)[:12]) or "(没有)"
        super().__init__(
            f"表头里没有找到必需的列:{'、'.join(missing)}。读到的列是:{shown}。"
            "请检查第一行是否为表头、分隔符是否为逗号,列名是否与模板一致。"
        )


class UnreadableFileError(BadFileError):
    """Broken content: encoding, archive, cells too large."""
