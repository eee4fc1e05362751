"""What the duty desk shows, read once: the URL, the alerts, and the one that is open."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import pandas as pd
import streamlit as st

from dashboard.acting import acting_name
from dashboard.alerts.asked import TABS, AlertsAsked, read_alerts_asked
from dashboard.naming import division_name
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool, Reads, reads_of
from data.alerts.acting import By
from data.alerts.reading import Alert, AlertFilter, find_alert, list_alerts
from data.assessments.reading import find_run
from data.assessments.runs import Run
from data.forecasts.score_settings import read_score_settings
from risk.score.settings import Level


@dataclass(frozen=True)
class AlertsScreen:
    """Everything the page shows; `alerts` as `list_alerts` gives them, of all types, states and levels.

    `run` is the newest assessment, None before the first. `alert` is the one that is open, None where there is none.
    """

    pool: Pool
    reads: Reads
    asked: AlertsAsked
    run: Run | None
    alerts: pd.DataFrame
    alert: Alert | None
    levels: tuple[Level, ...]
    palette: Palette
    now: datetime
    latest: dict[str, datetime]
    wrong: list[str]

    @property
    def scope(self) -> str:
        """The reader's own division."""
        return self.pool.settings.root_code

    @property
    def person(self) -> str:
        """Who acts; "" while nobody has given a name."""
        return acting_name()

    @property
    def by(self) -> By:
        """Who acts, now."""
        return By(self.person, pd.Timestamp(self.now), self.scope)

    @cached_property
    def listed(self) -> pd.DataFrame:
        """Alerts of the chosen type, tab and level."""
        return chosen(self.alerts, self.asked)

    @property
    def position(self) -> int | None:
        """Row of the open alert in the list; None where it is not among them."""
        if self.alert is None:
            return None
        numbers = self.listed["number"].tolist()
        return numbers.index(self.alert.number) if self.alert.number in numbers else None

    def place_name(self, division: str) -> str:
        """`城关区 · 雁南街道`."""
        return division_name(self.pool.geography, division)

    def level_words(self, number: int) -> str:
        """`红 重大`; the last level for any beyond."""
        level = self.levels[min(number, len(self.levels) - 1)]
        return f"{level.colour} {level.name}"

    def local(self, moment: int) -> datetime:
        """UTC seconds as a local moment."""
        return datetime.fromtimestamp(moment, self.pool.settings.timezone)


def chosen(alerts: pd.DataFrame, asked: AlertsAsked) -> pd.DataFrame:
    """Rows of the chosen type, tab and level; the last acted upon first where they are settled."""
    rows = alerts[alerts["state"].isin(TABS[asked.state]) & (alerts["merged_into"] == "")]
    if asked.type:
        rows = rows[rows["dispute_type"] == asked.type]
    if asked.level:
        rows = rows[rows["level"] == int(asked.level)]
    if asked.state in ("closed", "false_alarm"):
        rows = rows.sort_values("changed_at", ascending=False, kind="stable")
    return rows.reset_index(drop=True)


def read_alerts_screen(pool: Pool) -> AlertsScreen:
    """Read what the URL asks for.

    Raises
    ------
    BadScoreFileError
        The office's levels can not be read.
    """
    root = pool.settings.root_code
    levels = read_score_settings(pool.settings).levels
    asked, wrong = read_alerts_asked(st.query_params, root=root, known=pool.geography.knows, levels=len(levels))
    alerts = list_alerts(pool.engine, AlertFilter(root, asked.code))
    alert = find_alert(pool.engine, root, asked.alert) if asked.alert else None
    if asked.alert and alert is None:
        wrong.append(f"alert={asked.alert}")
    if alert is None:
        listed = chosen(alerts, asked)
        alert = None if listed.empty else find_alert(pool.engine, root, str(listed.iloc[0]["number"]))
    reads = reads_of(pool)
    run = find_run(pool.engine, root)
    palette = of_theme(st.context.theme.type)
    return AlertsScreen(pool, reads, asked, run, alerts, alert, levels, palette, pool.now(), reads.latest(), wrong)
