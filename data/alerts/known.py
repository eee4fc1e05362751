"""Alerts as an assessment finds them: their places, how far they got, when they were last seen."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, select

from data.alerts.life import LIVE
from data.tables import alert_places, alerts

REMEMBERED_DAYS = 730
"""Settled alerts last seen longer ago say nothing about today."""


@dataclass(frozen=True)
class KnownAlerts:
    """All alerts that what is hot today may belong to.

    Parameters
    ----------
    rows
        Rows of the table by id.
    places
        As `known` in `risk.alerts.matching.match`.
    """

    rows: dict[int, Any]
    places: pd.DataFrame

    def row(self, alert_id: int) -> Any:
        """The row of an alert."""
        return self.rows[alert_id]

    def places_of(self, alert_id: int) -> set[tuple[str, int]]:
        """Layer and place of everything it ever covered."""
        own = self.places[self.places["alert_id"] == alert_id]
        return set(zip(own["layer"], own["place"].tolist(), strict=True))


def read_known(connection: Connection, *, day: int) -> KnownAlerts:
    """Live alerts, and settled ones that were not merged and were seen in the two years before a day."""
    query = select(alerts).where(alerts.c.merged_into.is_(None), alerts.c.last_day >= day - REMEMBERED_DAYS)
    rows = {row.id: row for row in connection.execute(query)}
    columns = ("alert_id", "dispute_type", "layer", "place", "home")
    covered = [
        tuple(row) for row in connection.execute(select(*(alert_places.c[name] for name in columns))) if row[0] in rows
    ]
    places = pd.DataFrame(covered, columns=list(columns))
    whole = {"alert_id": "int64", "place": "int64", "home": "int64"}
    places = places.astype(whole).astype({"dispute_type": object, "layer": object})
    of = [rows[each] for each in places["alert_id"].tolist()]
    return KnownAlerts(
        rows,
        places.assign(
            live=pd.Series([row.state in LIVE for row in of], dtype=bool),
            rank=pd.Series([LIVE.index(row.state) if row.state in LIVE else 0 for row in of], dtype="int64"),
            level=pd.Series([row.level for row in of], dtype="int64"),
            last_day=pd.Series([row.last_day for row in of], dtype="int64"),
        ),
    )
