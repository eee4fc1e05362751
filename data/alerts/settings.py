"""Rules of alerts from the shipped file and, over it, an office's own."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from data.feeds.yaml_section import BadProfileError, Section, read_section
from data.layers import LAYERS
from data.settings import Settings
from risk.alerts.rules import AlertRules
from risk.emerging import EmergingClass
from risk.score.settings import ScoreSettings

FILE = "alerts.yaml"
SHIPPED = Path(__file__).parents[1] / "files" / FILE
SUBJECT = "预警规则"
CLASSES = {kind.name.removesuffix("_HOT").lower(): int(kind) for kind in EmergingClass if kind.name.endswith("_HOT")}
NAMES = (
    "sign", "layers", "classes", "least_grade", "least_level", "level_by_grade",
    "cluster_days", "quiet_days", "graver_again", "settled_percent",
)  # fmt: skip
LONGEST_SIGN = 12


@dataclass(frozen=True)
class AlertSettings:
    """Rules, the sign in the numbers, and how many levels there are."""

    rules: AlertRules
    sign: str
    level_count: int

    def key(self) -> str:
        """SHA-256 of everything that what is raised depends on."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def read_alert_settings(settings: Settings, score: ScoreSettings) -> AlertSettings:
    """Settings of the shipped file, with whatever `var/alerts.yaml` says in its place.

    Parameters
    ----------
    score
        Whose levels are meant.

    Raises
    ------
    BadProfileError
        Saying what was found, what was expected and what to do.
    """
    shipped, own = read_section(SHIPPED, subject=SUBJECT), settings.var / FILE
    said = read_section(own, subject=SUBJECT) if own.exists() else Section(FILE, "", {}, SUBJECT)
    said.check_names(NAMES)
    return _settings(Section(said.file, "", {**shipped.values, **said.values}, SUBJECT), score)


def _settings(said: Section, score: ScoreSettings) -> AlertSettings:
    codes = [level.code for level in score.levels]
    sign = said.text("sign")
    if not sign.isalnum() or len(sign) > LONGEST_SIGN:
        raise said.wrong("sign", f"“{sign[:40]}”", f"不超过 {LONGEST_SIGN} 个字母、数字或汉字")
    by_grade = _listed(said, "level_by_grade", codes)
    if len(by_grade) != 4:
        raise said.wrong("level_by_grade", f"{len(by_grade)} 项", "4 项,依次对应 0、1、2、3 级依据")
    first, second, third, fourth = (codes.index(code) for code in by_grade)
    try:
        rules = AlertRules(
            layers=_listed(said, "layers", LAYERS),
            classes=tuple(CLASSES[name] for name in _listed(said, "classes", CLASSES)),
            least_grade=said.whole("least_grade", least=0),
            least_level=codes.index(said.text("least_level", allowed=codes)),
            grade_levels=(first, second, third, fourth),
            cluster_days=said.whole("cluster_days"),
            quiet_days=said.whole("quiet_days"),
            settled_share=said.whole("settled_percent") / 100,
            graver_again=said.whole("graver_again", least=0),
        )
    except BadProfileError:
        raise
    except ValueError as error:
        raise BadProfileError(said.file, "", f"“{error}”", "能发出预警的规则", subject=SUBJECT) from error
    return AlertSettings(rules, sign, len(codes))


def _listed(said: Section, name: str, allowed: Collection[str]) -> tuple[str, ...]:
    found = said.texts(name)
    for each in found:
        if each not in allowed:
            raise said.wrong(name, f"“{each[:40]}”", f"以下之一:{'、'.join(allowed)}")
    if not found:
        raise said.wrong(name, "空白", "至少一项")
    return found
