"""Severity weights, weights of the parts and names of the levels, from an office's own file where it has one."""

from pathlib import Path
from typing import Any

import yaml

from data.settings import Settings
from risk.score.settings import Level, ScoreSettings

FILE = "score.yaml"
KEYS = ("severity", "parts", "false_discovery", "levels")


class BadScoreFileError(ValueError):
    """The office's score file makes no scale."""


def read_score_settings(settings: Settings) -> ScoreSettings:
    """Settings of `score.yaml` under var; what it does not name is as shipped.

    `severity`: weight by dispute type. `parts`: weights of burden, surprise and emergence. `false_discovery`: rate.
    `levels`: list of `code`, `name`, `colour`, `share`, gravest first.

    Raises
    ------
    BadScoreFileError
        Saying what was found, what was expected and what to do.
    """
    file = settings.var / FILE
    if not file.exists():
        return ScoreSettings()
    said = _read(file)
    unknown = sorted(set(said) - set(KEYS))
    if unknown:
        raise BadScoreFileError(f"{file.name} 里有不认识的项:{'、'.join(unknown)}。可用的项:{'、'.join(KEYS)}。")
    try:
        given: dict[str, Any] = dict(said)
        if "severity" in given:
            given["severity"] = dict(ScoreSettings().severity) | given["severity"]
        if "levels" in given:
            given["levels"] = tuple(Level(**level) for level in given["levels"])
        return ScoreSettings(**given)
    except (TypeError, ValueError, AttributeError) as error:
        raise BadScoreFileError(f"{file.name} 不能作为评分设置:{error}。请改正,或删去该文件以使用默认设置。") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadScoreFileError(f"{file.name} 读不出来:{error}。应为 UTF-8 的 YAML 文件。") from error
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise BadScoreFileError(f"{file.name} 应为“项: 值”的形式,现在是 {type(said).__name__}。")
    return said
