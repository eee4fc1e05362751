"""A copy of the demo in which people have been at work, for pictures: assessed, alerts led on, letters written."""

import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from data.alerts.acting import By, act_on
from data.alerts.reading import Alert, AlertFilter, find_alert, list_alerts
from data.assessments.ordered import Order, assess_pool
from data.assessments.runs import list_runs
from data.backtests.order import BacktestOrder
from data.backtests.run import Backtesting
from data.counting import Counting
from data.letters.acts import Act, do_act
from data.letters.drafting import draft_letter
from data.letters.evidence import evidence_of
from data.letters.letter import Actor, Draft
from data.letters.settings import read_letter_settings
from data.settings import Settings
from data.store import open_store
from geo.geography import Geography, open_geography
from risk.incident import DISPUTE_TYPES
from risk.score.settings import ScoreSettings

WAYS = (("submit", "issue", "receive", "answer"), ("submit", "issue", "receive"), ("submit", "issue"), ("submit",), ())
"""How far letters have come: one each."""
ANSWER = "已约谈用工单位,欠薪分两批发放。"


def stage(demo: Settings, folder: Path, now: pd.Timestamp) -> Settings:
    """Copy a demo into a folder and work on it."""
    own = Settings(var=folder / "var")
    shutil.copytree(demo.var, own.var, ignore=shutil.ignore_patterns("feeds"))
    order = Order("", "", own.root_code)
    assess_pool(own, order, now=now.to_pydatetime(), on_progress=lambda _label, _done, _of: None)
    engine = open_store(own)
    _back_test(engine, own)
    listed = list_alerts(engine, AlertFilter(own.root_code))["number"].tolist()
    _lead_alerts(engine, own, listed[len(WAYS) :], now)
    geography = open_geography(own.geography)
    for number, way in zip(listed, WAYS, strict=False):
        alert = find_alert(engine, own.root_code, number)
        assert alert is not None
        _write_letter(engine, own, _draft(alert, geography, now.date()), way, now)
    engine.dispose()
    return own


def _back_test(engine: Engine, settings: Settings) -> None:
    """A short one, of the levels that pages open with."""
    counting = Counting(engine, settings)
    last = list_runs(engine, scope=settings.root_code)[0].as_of
    order = BacktestOrder(settings.root_code, last, origins=8, refit_every=8, layers=("county", "township"))
    Backtesting(engine, counting, settings).run(order, on_progress=lambda _label, _done, _of: None)
    counting.close()


def _lead_alerts(engine: Engine, settings: Settings, numbers: list[str], now: pd.Timestamp) -> None:
    """Every third alert is acknowledged, of those every second assigned, of those every second closed."""
    by = By("王敏", now, settings.root_code)
    for position, number in enumerate(numbers[::3]):
        act_on(engine, number, "acknowledge", by)
        if position % 2:
            act_on(engine, number, "assign", by, unit="街道综治中心")
        if position % 4 == 3:
            act_on(engine, number, "close", by, note="经调解达成协议,已经履行。")


def _draft(alert: Alert, geography: Geography, today: dt.date) -> Draft:
    county, kind = alert.division[:6], DISPUTE_TYPES[alert.dispute_type].name
    names = geography.names([county, alert.division])
    area = names[alert.division] if alert.division == county else names[county] + names[alert.division]
    title = f"关于{area}{kind}纠纷的风险提示"
    levels = ScoreSettings().levels
    level = levels[min(alert.level, len(levels) - 1)]
    return Draft(
        "risk_notice",
        county,
        f"{names[county]}综治中心",
        alert.division,
        title,
        f"近期{area}{kind}纠纷明显增多,依据附后。",
        "请组织排查,对已受理的纠纷逐件调处,并于期限前反馈。",
        receiver=f"{names[county]}有关部门",
        due=today + dt.timedelta(days=7),
        dispute_type=alert.dispute_type,
        alert=alert.number,
        evidence=evidence_of(alert, area=area, dispute_type=kind, level=f"{level.colour} {level.name}"),
    )


def _write_letter(engine: Engine, settings: Settings, draft: Draft, way: tuple[str, ...], now: pd.Timestamp) -> None:
    rules = read_letter_settings(settings)
    letter = draft_letter(engine, rules, draft, Actor("王敏", now, settings.root_code))
    for step in way:
        person = "王敏" if step == "submit" else "李强"
        note = ANSWER if step == "answer" else ""
        do_act(engine, rules, letter, Act(step, Actor(person, now, settings.root_code), note))
