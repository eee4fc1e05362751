"""What an assessment writes about alerts; only inside the transaction that its caller holds."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select, update

from data.alerts.counted import Sum, Told, added, division_of
from data.alerts.known import KnownAlerts
from data.alerts.life import CLOSED, NEW
from data.assessments.runs import Run
from data.disclosure import SMALLEST_SHOWN
from data.filter import day_number
from data.study_area import common_division
from data.tables import alert_acts, alert_places, alert_sightings, alerts
from geo.divisions import place_of
from risk.incident import DISPUTE_TYPES

SYSTEM = ""
"""Who acts where an assessment does."""


@dataclass(frozen=True)
class Look:
    """One look at the hot places of a run: what is counted there, the sign of new numbers, now (with time zone)."""

    run: Run
    told: Told
    sign: str
    now: pd.Timestamp

    @property
    def day(self) -> int:
        """Last day number counted."""
        return day_number(self.run.as_of)

    @property
    def moment(self) -> int:
        """UTC seconds."""
        return int(self.now.timestamp())


class Ledger:
    """Writes of one look. `own` is always the hot places of one finding (`data.alerts.hot.hot_places`)."""

    def __init__(self, connection: Connection, look: Look, known: KnownAlerts) -> None:
        self._connection = connection
        self._look = look
        self._known = known

    def may_raise(self, own: pd.DataFrame) -> bool:
        """Whether there was any incident of late where the places lie: what is hot may be all in what lies around.

        Types that are never shown where they are few raise nothing there either: the alert would tell of them.
        """
        count = self._told(own, at=0).count
        is_sensitive = DISPUTE_TYPES[str(own["dispute_type"].iloc[0])].suppress_below > SMALLEST_SHOWN
        return count != 0 and not (is_sensitive and count is None)

    def raise_new(self, own: pd.DataFrame) -> None:
        """Raise an alert under the next number."""
        year = self._look.now.year
        # No gap and no second use: there is no other writer now, and no alert is ever deleted.
        last = self._connection.execute(select(func.max(alerts.c.serial)).where(alerts.c.year == year)).scalar()
        serial = int(last or 0) + 1
        best, level = _ranked(own).iloc[0], int(own["level"].min())
        values = self._seen(own) | {
            "number": f"{self._look.sign}-{year}-{serial:04d}",
            "year": year,
            "serial": serial,
            "scope": self._look.run.scope,
            "dispute_type": str(best["dispute_type"]),
            "layer": str(best["layer"]),
            "home": self._home(own),
            "within": _common(own["within"]),
            "state": NEW,
            "level": level,
            "gravest_level": level,
            "first_day": int(own["since"].min()),
            "raised_at": self._look.moment,
            "changed_at": self._look.moment,
        }
        alert_id = int(self._connection.execute(insert(alerts).values(**values).returning(alerts.c.id)).scalar_one())
        self._add_places(alert_id, own)
        self._note(alert_id, "raise", (None, NEW), (None, level))
        self._keep_sighting(alert_id, own)

    def grow(self, own: pd.DataFrame, alert_id: int, absorbed: tuple[int, ...]) -> bool:
        """Let an alert go on, whole with those it has met; return whether its places or level grew."""
        row, others = self._known.row(alert_id), [self._known.row(each) for each in absorbed]
        for other in others:
            self._absorb(other, row)
        held = self._known.places_of(alert_id).union(*(self._known.places_of(each) for each in absorbed))
        fresh = own[[pair not in held for pair in zip(own["layer"], own["place"].tolist(), strict=True)]]
        self._add_places(alert_id, fresh)
        level = min(int(own["level"].min()), row.level, *(other.level for other in others))
        within = pd.concat([own["within"], pd.Series([row.within, *(other.within for other in others)])])
        values = self._seen(own) | {"within": _common(within)}
        if level < row.level:
            values |= {"level": level, "gravest_level": level, "changed_at": self._look.moment}
            self._note(alert_id, "escalate", (row.state, row.state), (row.level, level))
        if len(fresh):
            words = f"新增 {len(fresh)} 处,共 {len(held) + len(fresh)} 处。"
            self._note(alert_id, "grow", (row.state, row.state), (level, level), words)
        self._connection.execute(update(alerts).where(alerts.c.id == alert_id).values(**values))
        self._keep_sighting(alert_id, own)
        return bool(len(fresh)) or level < row.level or bool(absorbed)

    def see_settled(self, own: pd.DataFrame, alert_id: int) -> None:
        """Note that what was settled is still there: quiet is counted from now on."""
        if self._look.day > self._known.row(alert_id).last_day:
            self._connection.execute(update(alerts).where(alerts.c.id == alert_id).values(last_day=self._look.day))
        self._keep_sighting(alert_id, own)

    def _absorb(self, row: Any, into: Any) -> None:
        """Close an alert that has become a part of another, and hand its places over."""
        self._note(row.id, "merge", (row.state, CLOSED), (row.level, row.level), f"并入 {into.number}。")
        self._note(into.id, "absorb", (into.state, into.state), (into.level, into.level), f"{row.number} 并入。")
        settled = {"state": CLOSED, "merged_into": into.id, "changed_at": self._look.moment}
        self._connection.execute(update(alerts).where(alerts.c.id == row.id).values(**settled))
        own = alert_places.c.alert_id == row.id
        places = [
            dict(each._mapping) | {"alert_id": into.id}
            for each in self._connection.execute(select(alert_places).where(own))
        ]
        self._connection.execute(update(alert_places).where(own).values(live=False))
        self._connection.execute(insert(alert_places), places)

    def _told(self, own: pd.DataFrame, *, at: int) -> Sum:
        """Incidents of the last steps (0) or those before (1) in the divisions that the places lie in."""
        divisions = [division_of(layer, home) for layer, home in zip(own["layer"], own["home"].tolist(), strict=True)]
        return added(self._look.told, str(own["dispute_type"].iloc[0]), divisions, at=at)

    def _seen(self, own: pd.DataFrame) -> dict[str, object]:
        """Columns that say what it looks like now."""
        best = _ranked(own).iloc[0]
        current, previous = self._told(own, at=0), self._told(own, at=1)
        numbers = {str(name): int(number) for name, number in own["layer"].value_counts(sort=False).items()}
        words = {"unit": self._look.run.parameters["unit"], "hot": best["reason"], "layers": numbers}
        return {
            "emerging_class": int(best["emerging_class"]),
            "grade": int(own["grade"].max()),
            "score": None if own["score"].isna().all() else int(own["score"].max()),
            "recurrence_days": int(own["recurrence_days"].max()),
            "last_day": self._look.day,
            "last_count": current.count,
            "previous_count": previous.count,
            "last_is_floor": current.is_floor,
            "previous_is_floor": previous.is_floor,
            "words": json.dumps(words, ensure_ascii=False),
            "run_id": self._look.run.id,
        }

    def _home(self, own: pd.DataFrame) -> int:
        """Division (15 digits) with most incidents of the last steps, of equals that of the best place."""
        kind = str(own["dispute_type"].iloc[0])
        codes = [division_of(layer, home) for layer, home in _ranked(own)[["layer", "home"]].itertuples(index=False)]
        told = {code: self._look.told.get((kind, code), (None, None))[0] for code in codes}
        # A withheld count is at least 1: it comes after every one that is told, and before none at all.
        return place_of(max(dict.fromkeys(codes), key=lambda code: 0.5 if told[code] is None else told[code] or 0))

    def _add_places(self, alert_id: int, own: pd.DataFrame) -> None:
        columns = ("layer", "place", "dispute_type", "home")
        rows = [
            dict(zip(columns, values, strict=True)) | {"alert_id": alert_id, "live": True}
            for values in zip(*(own[name].tolist() for name in columns), strict=True)
        ]
        if rows:
            self._connection.execute(insert(alert_places), rows)

    def _note(
        self,
        alert_id: int,
        act: str,
        states: tuple[str | None, str],
        levels: tuple[int | None, int],
        words: str = "",
    ) -> None:
        self._connection.execute(
            insert(alert_acts).values(
                alert_id=alert_id,
                act=act,
                person=SYSTEM,
                from_state=states[0],
                to_state=states[1],
                from_level=levels[0],
                to_level=levels[1],
                note=words,
                recorded_at=self._look.moment,
            )
        )

    def _keep_sighting(self, alert_id: int, own: pd.DataFrame) -> None:
        same = (alert_sightings.c.alert_id == alert_id) & (alert_sightings.c.run_id == self._look.run.id)
        known = self._connection.execute(select(alert_sightings.c.places).where(same)).scalar()
        seen = self._seen(own)
        places = {str(layer): part["place"].tolist() for layer, part in own.groupby("layer")}
        if known is not None:
            # A settled alert may be met by several findings of one run.
            before = json.loads(known)
            places = {name: sorted({*before.get(name, ()), *places.get(name, ())}) for name in {**before, **places}}
            self._connection.execute(delete(alert_sightings).where(same))
        kept = ("emerging_class", "grade", "score", "last_count", "last_is_floor")
        self._connection.execute(
            insert(alert_sightings).values(
                alert_id=alert_id,
                run_id=self._look.run.id,
                as_of=self._look.day,
                level=int(own["level"].min()),
                places=json.dumps(places),
                recorded_at=self._look.moment,
                **{name: seen[name] for name in kept},
            )
        )


def _ranked(own: pd.DataFrame) -> pd.DataFrame:
    """The gravest place first, of equals the surest."""
    order = ["level", "grade", "score", "layer", "place"]
    return own.sort_values(order, ascending=[True, False, False, True, True])


def _common(within: pd.Series) -> int:
    """Smallest division (15 digits) that holds all of some; 0 where not even the province does."""
    places = within.to_numpy(np.int64)
    if not places.all():
        return 0
    return int(common_division(places.min(keepdims=True), places.max(keepdims=True))[0])
