"""What the briefing screen lists as emerging: unsettled alerts, or before the first of them the newest hotspots."""

from dataclasses import dataclass

import pandas as pd

from dashboard.alerts.words import both_words
from dashboard.hotspots.classes import class_colour, class_letter, class_name
from dashboard.hotspots.reads import cached_hotspots
from dashboard.naming import division_name, type_name
from dashboard.palette import DARK
from dashboard.risks.levels import label_colour
from dashboard.wall.screen import WallScreen
from dashboard.wording import count_text
from data.alerts.life import LIVE, STATES
from data.alerts.reading import AlertFilter, list_alerts
from data.assessments.reading import HotspotFilter, visible_runs
from data.assessments.runs import Run
from data.assessments.shown_counts import smallest_of
from data.forecasts.score_settings import read_score_settings

URGENT = (1, 2, 3)
"""New, consecutive and intensifying: the classes that ask for action."""
LAYER = "township"
ALERTS, HOTSPOTS = "未办结的预警", "新兴热点"


@dataclass(frozen=True)
class Finding:
    """One line of the list; `colour` is that of `word`, `division` where it lies."""

    word: str
    colour: str
    place: str
    kind: str
    counts: str
    division: str


@dataclass(frozen=True)
class Findings:
    """Lines in the order of their gravity; `title` says what they are, `note` of when."""

    title: str
    note: str
    listed: list[Finding]


def read_findings(screen: WallScreen) -> Findings:
    """What to list for the scene's unit and type."""
    kinds = (screen.scene.dispute_type,) if screen.scene.dispute_type else ()
    alerts = list_alerts(screen.pool.engine, AlertFilter(screen.wanted.scope, screen.wanted.division, kinds))
    if len(alerts):
        live = alerts[alerts["state"].isin(LIVE)]
        settled = len(alerts) - len(live)
        words = f"已办结和误报 {settled} 条" if settled else ""
        return Findings(ALERTS, words, [_alert(screen, row) for _, row in live.iterrows()])
    runs = visible_runs(screen.pool.engine, screen.wanted.scope)
    if not runs:
        return Findings(HOTSPOTS, "还没有研判过", [])
    rows = emerging_of(screen, runs[0])
    return Findings(
        HOTSPOTS, f"研判截至 {runs[0].as_of:%Y-%m-%d}", [_hotspot(screen, row) for _, row in rows.iterrows()]
    )


def emerging_counts(screen: WallScreen) -> tuple[int, int | None] | None:
    """Emerging hotspots of the newest assessment and of the one before; None before the first."""
    runs = visible_runs(screen.pool.engine, screen.wanted.scope)
    if not runs:
        return None
    before = next((run for run in runs[1:] if run.as_of < runs[0].as_of), None)
    return len(emerging_of(screen, runs[0])), None if before is None else len(emerging_of(screen, before))


def emerging_of(screen: WallScreen, run: Run) -> pd.DataFrame:
    """Hotspots of a run in the scene's unit that ask for action, the best evidence first.

    Left out are those whose own incidents ceased: what makes them hot lies next to them and is listed there.
    """
    wanted = HotspotFilter(screen.wanted.scope, LAYER, screen.wanted.division, classes=URGENT, run_id=run.id)
    rows = cached_hotspots(screen.pool, run, wanted)
    kind = screen.scene.dispute_type
    rows = rows[rows["dispute_type"] == kind if kind else rows["dispute_type"] != ""]
    return rows[rows["last_count"].isna() | (rows["last_count"].fillna(1) > 0)]


def _alert(screen: WallScreen, row: pd.Series) -> Finding:
    levels = read_score_settings(screen.pool.settings).levels
    number = min(int(row["level"]), len(levels) - 1)
    floors = (bool(row["current_is_floor"]), bool(row["previous_is_floor"]))
    counts = both_words(row["dispute_type"], row["current"], row["previous"], floors=floors)
    return Finding(
        f"{levels[number].colour} {levels[number].name}",
        label_colour(number, len(levels), DARK),
        division_name(screen.pool.geography, row["division"]),
        f"{type_name(row['dispute_type'])} · {STATES[row['state']]}",
        counts,
        row["division"],
    )


def _hotspot(screen: WallScreen, row: pd.Series) -> Finding:
    below, kind = smallest_of(row["dispute_type"]), int(row["emerging_class"])
    counts = " → ".join(count_text(row[name], below=below) for name in ("previous_count", "last_count"))
    return Finding(
        f"{class_letter(kind)} {class_name(kind)[:2]}",
        class_colour(kind, DARK),
        division_name(screen.pool.geography, row["code"]),
        type_name(row["dispute_type"]),
        counts,
        row["code"],
    )
