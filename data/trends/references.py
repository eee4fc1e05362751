"""Published figures that a share is compared with: as shipped, or from an office's own file. Never a target."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from data.settings import Settings
from risk.incident import CHANNELS

FILE = "references.yaml"
SHIPPED = Path(__file__).resolve().parent.parent / "files" / FILE
KEYS = ("label", "success")


class BadReferenceFileError(ValueError):
    """The file of published figures can not be used; the message says why and what to do."""


@dataclass(frozen=True)
class References:
    """`label` says whose and of when; `success` is mediation success (0-1) by channel, in the order to show."""

    label: str
    success: dict[str, float]


def read_references(settings: Settings) -> References:
    """Figures of `references.yaml` under var, or the shipped ones without it.

    Raises
    ------
    BadReferenceFileError
        The file can not be read as what it should be.
    """
    own = settings.var / FILE
    path = own if own.exists() else SHIPPED
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadReferenceFileError(f"参考值文件 {path.name} 读不出来。请按随附的样例改写。") from error
    if not isinstance(found, dict) or set(found) != set(KEYS) or not isinstance(found["success"], dict):
        raise _wrong(path, "顶层", "应有且只有 label 和 success 两项")
    label = found["label"]
    if not isinstance(label, str) or not 0 < len(label) <= 20:
        raise _wrong(path, "label", "应为 1–20 个字的文字")
    return References(label, {str(channel): _share(path, channel, each) for channel, each in found["success"].items()})


def _share(path: Path, channel: object, value: object) -> float:
    if channel not in CHANNELS:
        raise _wrong(path, f"success.{str(channel)[:20]}", f"渠道应为 {'、'.join(CHANNELS)} 之一")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise _wrong(path, f"success.{channel}", "应为 0 到 1 之间的小数,如 0.703")
    return float(value)


def _wrong(path: Path, key: str, expected: str) -> BadReferenceFileError:
    return BadReferenceFileError(f"参考值文件 {path.name} 的“{key}”有误:{expected}。请修改后刷新页面。")
