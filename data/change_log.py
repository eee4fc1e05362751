"""Rows into the store: current facts and, in the same transaction, signed changes."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Column, Connection, MetaData, String, Table, bindparam, select, update

from data.store import add_rows, next_id
from data.tables import FACTS, changes, incidents

KEPT = (*FACTS, "longitude", "latitude")


@dataclass(frozen=True)
class Written:
    """How many rows were new, changed something, or said nothing new."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "Written") -> "Written":
        """Sum of two."""
        return Written(self.added + other.added, self.updated + other.updated, self.unchanged + other.unchanged)


def add_incidents(connection: Connection, rows: pd.DataFrame, *, batch_id: int, recorded_at: int) -> Written:
    """Upsert rows of one source in their order; a later row of the same external id updates.

    Parameters
    ----------
    connection
        Inside `data.store.writing`.
    rows
        `external_id` and the columns of `KEPT`; one source.
    """
    written = Written()
    turn = rows.groupby("external_id", sort=False).cumcount()
    for wave in range(int(turn.max()) + 1 if len(rows) else 0):
        # Within a wave every id stands once, so a repeated id is compared with its own earlier row.
        written += _add_distinct(connection, rows[turn == wave], batch_id=batch_id, recorded_at=recorded_at)
    return written


def _add_distinct(connection: Connection, rows: pd.DataFrame, *, batch_id: int, recorded_at: int) -> Written:
    stored = _stored(connection, str(rows["source"].iloc[0]), rows["external_id"])
    known = rows["external_id"].isin(stored.index)
    fresh = rows[~known].assign(batch_id=batch_id, duplicate=False)
    fresh.insert(0, "id", range(first := next_id(connection, incidents), first + len(fresh)))
    add_rows(connection, incidents, fresh[["id", "external_id", *KEPT, "batch_id"]])
    again = rows[known].set_index("external_id", drop=False)
    before = stored.loc[again.index]
    again = again.assign(duplicate=before["duplicate"])  # said by people who linked reports, not by the feed
    moved = _differs(again, before, KEPT)
    recount = _differs(again, before, FACTS)
    _update(connection, again[moved], before["id"][moved], batch_id)
    log = [
        _signed(fresh, fresh["id"], 1),
        _signed(before[recount], before["id"][recount], -1),
        _signed(again[recount], before["id"][recount], 1),
    ]
    entries = pd.concat([part for part in log if len(part)] or log[:1])
    add_rows(connection, changes, entries.assign(batch_id=batch_id, recorded_at=recorded_at))
    return Written(len(fresh), int(moved.sum()), int((~moved).sum()))


def _signed(rows: pd.DataFrame, ids: pd.Series, weight: int) -> pd.DataFrame:
    entries = rows[list(FACTS)].copy()
    entries.insert(0, "incident_id", ids.to_numpy())
    entries.insert(1, "weight", weight)
    return entries


def _differs(left: pd.DataFrame, right: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    differs = pd.Series(False, index=left.index)
    for name in columns:
        a, b = left[name].astype("object"), right[name].astype("object")
        missing = a.isna() & b.isna()
        differs |= ~missing & ((a != b) | (a.isna() != b.isna()))
    return differs


def _update(connection: Connection, rows: pd.DataFrame, ids: pd.Series, batch_id: int) -> None:
    if rows.empty:
        return
    values = rows[list(KEPT)].astype("object")
    values = values.where(values.notna(), None).assign(batch_id=batch_id, row_id=ids.to_numpy())
    records = [{str(name): value for name, value in row.items()} for row in values.to_dict("records")]
    statement = update(incidents).where(incidents.c.id == bindparam("row_id"))
    connection.execute(statement, records)


def _stored(connection: Connection, source: str, external_ids: pd.Series) -> pd.DataFrame:
    """Rows already there for these ids, indexed by external id."""
    columns = [incidents.c.id, incidents.c.external_id, *(incidents.c[name] for name in KEPT)]
    any_row = select(incidents.c.id).where(incidents.c.source == source).limit(1)
    found: list = []
    if connection.execute(any_row).first() is not None:
        asked = Table("asked", MetaData(), Column("external_id", String(80)), prefixes=["TEMPORARY"])
        asked.create(connection)
        add_rows(connection, asked, external_ids.to_frame())
        matching = (incidents.c.source == source) & (incidents.c.external_id == asked.c.external_id)
        found = list(connection.execute(select(*columns).join(asked, matching)))
        asked.drop(connection)
    frame = pd.DataFrame(found, columns=[column.name for column in columns], dtype="object")
    return frame.set_index("external_id")
