"""What became of alerts: acts, sightings, changes since a moment, what settled the like, how many were false."""

import json
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Engine, func, select

from data.alerts.life import CLOSED, FALSE_ALARM, LIVE
from data.alerts.reading import Alert, AlertFilter, inside, list_alerts
from data.assessments.fetch import fetch
from data.filter import date_of
from data.tables import alert_acts, alert_sightings, alerts
from geo.divisions import PREFIX_LENGTH

COUNTY, CITY = PREFIX_LENGTH[3], PREFIX_LENGTH[2]
ACT_COLUMNS = ("act", "person", "from_state", "to_state", "from_level", "to_level", "note", "recorded_at")


def acts_of(engine: Engine, alert: Alert) -> pd.DataFrame:
    """Everything that happened to an alert, oldest first: `ACT_COLUMNS`; `person` is "" where an assessment did it.

    The alert comes from `find_alert`, so that its reader may see it.
    """
    query = select(*(alert_acts.c[name] for name in ACT_COLUMNS)).where(alert_acts.c.alert_id == alert.id)
    return fetch(engine, query.order_by(alert_acts.c.id))


def sightings_of(engine: Engine, alert: Alert) -> pd.DataFrame:
    """What an alert looked like in each assessment that saw it, oldest first.

    Returns
    -------
    `run_id`, `as_of` (date), `level`, `emerging_class`, `grade`, `score` (Int64), `places` (how many were hot).
    """
    names = ("run_id", "as_of", "level", "emerging_class", "grade", "score", "places")
    query = select(*(alert_sightings.c[name] for name in names)).where(alert_sightings.c.alert_id == alert.id)
    rows = fetch(engine, query.order_by(alert_sightings.c.as_of, alert_sightings.c.run_id))
    return rows.assign(
        as_of=[date_of(day) for day in rows["as_of"]],
        places=[sum(len(each) for each in json.loads(places).values()) for places in rows["places"]],
        score=rows["score"].astype("Int64"),
    )


@dataclass(frozen=True)
class Changes:
    """How many alerts were raised, became graver and were settled since a moment."""

    raised: int
    escalated: int
    settled: int


def changes_since(engine: Engine, scope: str, moment: int) -> Changes:
    """Changes after a moment (UTC seconds) among the alerts of a scope; an alert counts once for each."""
    query = (
        select(alert_acts.c.act, alert_acts.c.to_state, alerts.c.id)
        .join(alerts, alerts.c.id == alert_acts.c.alert_id)
        .where(alert_acts.c.recorded_at > moment)
    )
    rows = fetch(engine, inside(query, AlertFilter(scope).division))
    raised = set(rows.loc[rows["act"] == "raise", "id"])
    return Changes(
        raised=len(raised),
        escalated=len(set(rows.loc[rows["act"] == "escalate", "id"]) - raised),
        settled=rows.loc[rows["act"].isin(["close", "false_alarm"]), "id"].nunique(),
    )


def similar_alerts(engine: Engine, scope: str, alert: Alert, *, most: int = 5) -> pd.DataFrame:
    """Closed alerts of the same type in the same county, else in the same city, the newest first.

    Returns
    -------
    Columns of `list_alerts` and `note` (what was said when it was closed), `closed_at` (UTC seconds), `near`
    ("county" or "city").
    """
    found = pd.DataFrame()
    for near, length in (("county", COUNTY), ("city", CITY)):
        division = max(alert.division[:length], scope, key=len)
        # Of an alert whose home lies elsewhere the reader sees a part, and is shown what was alike in the own division.
        found = _closed(engine, scope, division if division.startswith(scope) else scope, alert).assign(near=near)
        if len(found):
            break
    return found.head(most)


def _closed(engine: Engine, scope: str, division: str, alert: Alert) -> pd.DataFrame:
    """Closed alerts of an alert's type in a division, without itself, the newest first."""
    found = list_alerts(engine, AlertFilter(scope, division, (alert.dispute_type,), (CLOSED,)))
    found = found[(found["merged_into"] == "") & (found["id"] != alert.id)]
    names = {"alert_id": "id", "note": "note", "recorded_at": "closed_at"}
    closing = select(*(alert_acts.c[name] for name in names)).where(alert_acts.c.act == "close")
    said = fetch(engine, closing.order_by(alert_acts.c.id)).rename(columns=names).drop_duplicates("id", keep="last")
    merged = found.merge(said, on="id", how="inner")
    return merged.sort_values("closed_at", ascending=False, kind="stable").reset_index(drop=True)


def tally(engine: Engine, scope: str) -> pd.DataFrame:
    """How alerts turned out, by `dispute_type` and `state`: `alerts` (merged ones are left out).

    False alarms over all that were settled are what the evaluation asks for.
    """
    query = (
        select(alerts.c.dispute_type, alerts.c.state, func.count().label("alerts"))
        .where(alerts.c.merged_into.is_(None))
        .group_by(alerts.c.dispute_type, alerts.c.state)
        .order_by(alerts.c.dispute_type, alerts.c.state)
    )
    return fetch(engine, inside(query, AlertFilter(scope).division))


def false_alarm_share(counts: pd.DataFrame) -> tuple[int, int]:
    """False alarms, and all settled alerts, of a `tally`."""
    false = int(counts.loc[counts["state"] == FALSE_ALARM, "alerts"].sum())
    return false, int(counts.loc[~counts["state"].isin(LIVE), "alerts"].sum())
