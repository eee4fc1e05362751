"""Letters of a toy province's centres."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from data.alerts.reading import Alert
from data.letters.acts import Act, do_act
from data.letters.drafting import draft_letter
from data.letters.letter import Actor, Draft
from data.letters.settings import LetterSettings, read_letter_settings
from data.settings import Settings

AS_OF = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")
DRAFT = Draft(
    kind="risk_notice",
    issuer="6201",
    issuer_name="兰州市综治中心",
    division="620102",
    title="关于城关区劳动争议、欠薪纠纷的风险提示函",
    body="近期欠薪纠纷增多。",
    demand="请排查。",
    receiver="城关区人力资源和社会保障局",
    due=dt.date(2026, 12, 5),
    dispute_type="D06",
)


def by(person: str, *, scope: str = "62", days: int = 0) -> Actor:
    """Somebody, some days after the first moment."""
    return Actor(person, AS_OF + pd.Timedelta(days=days), scope)


@pytest.fixture
def kinds(tmp_path) -> LetterSettings:
    """The shipped settings."""
    return read_letter_settings(Settings(var=tmp_path / "nothing"))


@pytest.fixture
def written(engine, kinds):
    """Write a letter and lead it through acts: `written("submit", "issue")`; returns its id."""

    def write(*acts: str, days: int = 0, **changed: Any) -> int:
        letter_id = draft_letter(engine, kinds, replace(DRAFT, **changed), by("王敏"))
        for act in acts:
            person = "王敏" if act == "submit" else "李强"
            do_act(engine, kinds, letter_id, Act(act, by(person, days=days), "已了解情况"))
        return letter_id

    return write


def alert(**changed: Any) -> Alert:
    """An alert of a township, its counts withheld."""
    plain = Alert(
        id=1,
        number="YJ-2026-0001",
        dispute_type="D06",
        layer="township",
        division="620102001",
        places=("620102001",),
        level=0,
        state="new",
        emerging_class=1,
        grade=3,
        score=92,
        first_seen=dt.date(2026, 11, 12),
        last_seen=dt.date(2026, 11, 24),
        raised_at=0,
        changed_at=0,
        assigned_to="",
        merged_into="",
        current=19,
        previous=None,
        current_is_floor=False,
        previous_is_floor=False,
        reasons=("近 4 周 19 件,前 4 周 <5 件。", "新增热点。"),
    )
    return replace(plain, **changed)
