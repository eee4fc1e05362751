"""Rows into the store: current facts and, in the same transaction, signed changes.

What decides between two deliveries of one incident: the higher `version` where both have one, else the later
delivery. A withdrawn incident counts nowhere and keeps the facts it was known by; a withdrawal of an incident that
nobody has heard of is kept too, so that an older row which comes after it does not bring it to life.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Table, func, select

from data.decisions import (
    INCOMING,
    Outcome,
    add_new,
    decide,
    decide_revision,
    decided,
    incoming_table,
    known,
    log_facts,
    log_new,
    write_current,
    write_revision,
)
from data.feeds.mapped_words import apply_mappings
from data.leads import leads_to_change
from data.scratch import Part
from data.store import add_rows, next_id
from data.tables import changes, incidents
from data.tables.links import links

NOT_REVISED = ("id", "external_id", "source", "batch_id")
"""Columns that say which incident it is and who delivered it."""

_LATEST = {"coded": None, "version": None, "withdrawn": False, "type_word": None}
"""What a row that does not say so means."""


@dataclass(frozen=True)
class Written:
    """How many rows were new, changed something, or said nothing new; `outdated` of these came too late."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    outdated: int = 0

    def __add__(self, other: "Written") -> "Written":
        """Sum of two."""
        return Written(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @classmethod
    def of(cls, outcomes: Iterable[str]) -> "Written":
        """Sum of the outcomes of rows, as `add_incidents` gives them."""
        found = Counter(outcomes)
        outdated = found["outdated"]
        return cls(found["added"], found["updated"], found["unchanged"] + outdated, outdated)


@dataclass(frozen=True)
class Logged:
    """Where a part of an import stands in the log.

    Parameters
    ----------
    first_id
        New incidents have the ids from this one on, in the order of the part's rows.
    start, new, end
        Positions before the part, after its new incidents, and after all of it.
    known
        Numbers of the part's rows, from 0, whose incidents were known before.
    recorded_at
        Moment of all its entries.
    """

    first_id: int
    start: int
    new: int
    end: int
    known: NDArray[np.int64]
    recorded_at: int


def add_incidents(connection: Connection, rows: pd.DataFrame, *, batch_id: int, recorded_at: int) -> pd.Series:
    """Upsert rows in their order; a later row of the same source and external id updates.

    Parameters
    ----------
    connection
        Inside `data.store.writing`.
    rows
        `external_id` and what `data.decisions.DELIVERED` names; `version` (integer, None where the feed has none),
        `withdrawn`, `coded` and `type_word` may be left out.
    recorded_at
        UTC seconds; a moment before the last one in the log is taken for that one, so that moments never fall.

    Returns
    -------
    Outcome of each row, indexed like `rows`: "added", "updated", "unchanged", "outdated".
    """
    if rows.empty:
        return pd.Series([], index=rows.index, dtype="str")
    came = incoming_rows(rows).assign(n=range(len(rows)))
    outcomes = np.full(len(rows), Outcome.ADDED.name.lower(), dtype=object)
    with _staged(connection, incoming_table("incoming", INCOMING), came) as incoming:
        write = _Writing(connection, next_id(connection, incidents), batch_id, not_before(connection, recorded_at))
        left = incoming.c.turn == 0
        if write.add(incoming, left, (0, len(rows) - 1)) < len(rows):
            left &= known(incoming, first_id=write.first_id)
            for wave in range(1, int(came["turn"].max()) + 2):
                write.carry_out(incoming, left)
                for row in connection.execute(select(decided.c.n, decided.c.outcome)):
                    outcomes[row.n] = Outcome(row.outcome).name.lower()
                left = incoming.c.turn == wave
    write.settle_groups()
    return pd.Series(outcomes, index=rows.index)


def add_parts(
    connection: Connection,
    parts: Iterable[Part],
    *,
    batch_id: int,
    recorded_at: int,
    on_part: Callable[[Logged], None] | None = None,
) -> Written:
    """Upsert rows that a scratch holds, part by part; as `add_incidents`, for many rows.

    Parameters
    ----------
    parts
        Of tables of `incoming_rows`.
    on_part
        Called with where a part stands in the log, after each of them.
    """
    write = _Writing(connection, next_id(connection, incidents), batch_id, not_before(connection, recorded_at))
    found: Counter[str] = Counter()
    decided.create(connection)
    for incoming, wanted in parts:
        spread = select(func.min(incoming.c.n), func.max(incoming.c.n), func.count(), func.max(incoming.c.turn))
        first, last, rows, turns = connection.execute(spread.where(wanted)).one()
        left = wanted & (incoming.c.turn == 0)
        start = end_of_log(connection)
        added = write.add(incoming, left, (first, last))
        new = end_of_log(connection)
        found["added"] += added
        old: list[int] = []
        if added < rows:
            left &= known(incoming, first_id=write.first_id)
            for wave in range(1, turns + 2):
                write.carry_out(incoming, left)
                outcomes = connection.execute(select(decided.c.n, decided.c.outcome)).all()
                found.update(Outcome(row.outcome).name.lower() for row in outcomes)
                old += [row.n - first for row in outcomes]
                left = wanted & (incoming.c.turn == wave)
        if on_part:
            end = end_of_log(connection)
            on_part(
                Logged(write.first_id + first, start, new, end, np.array(old, np.int64), write.recorded_at),
            )
    write.settle_groups()
    decided.drop(connection)
    return Written.of(found)


def incoming_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows as `add_incidents` takes them with all that a table of incoming rows has, but for their numbers.

    `turn` is 0 for the first row of an external id, 1 for the second …: within a turn every id stands once, so a
    repeated id is compared with its own earlier row.
    """
    missing = {name: value for name, value in _LATEST.items() if name not in rows}
    turn = np.zeros(len(rows), np.int64)
    again = rows["external_id"].duplicated(keep=False).to_numpy(bool)
    if again.any():
        turn[again] = rows[again].groupby(["source", "external_id"], sort=False).cumcount()
    return rows.assign(**missing)[list(INCOMING)].assign(turn=turn)


@dataclass
class _Writing:
    """One batch's rows on their way into the tables."""

    connection: Connection
    first_id: int
    batch_id: int
    recorded_at: int
    groups: set[int] = field(default_factory=set)
    """Groups of linked reports that something was decided about."""

    def add(self, incoming: Table, wanted: ColumnElement[bool], numbers: tuple[int, int]) -> int:
        """Write and log incidents that are new among the wanted rows, whose `n` lie between two numbers; how many."""
        apply_mappings(self.connection, incoming, wanted)
        first, last = (self.first_id + number for number in numbers)
        added = add_new(self.connection, incoming, wanted, first_id=self.first_id, batch_id=self.batch_id)
        log_new(self.connection, (first, last), batch_id=self.batch_id, recorded_at=self.recorded_at)
        return added

    def carry_out(self, incoming: Table, wanted: ColumnElement[bool]) -> None:
        """Write and log what the wanted rows say of incidents that are stored."""
        entry = {"batch_id": self.batch_id, "recorded_at": self.recorded_at}
        apply_mappings(self.connection, incoming, wanted)
        decide(self.connection, incoming, wanted)
        log_facts(self.connection, -1, **entry)
        write_current(self.connection, incoming, batch_id=self.batch_id)
        log_facts(self.connection, +1, **entry)
        self.groups |= _groups_touched(self.connection)

    def settle_groups(self) -> None:
        _settle_groups(self.connection, self.groups, batch_id=self.batch_id, recorded_at=self.recorded_at)


def revise_incidents(connection: Connection, revised: pd.DataFrame, *, batch_id: int, recorded_at: int) -> int:
    """Write new values of incidents that the pool knows, with the log; return how many changed.

    Parameters
    ----------
    connection
        Inside `data.store.writing`.
    revised
        `id`, each once, and any columns of `incidents` with their new values: facts, `duplicate`, `withdrawn`, …
        Unknown ids are passed over.
    batch_id
        Of the log's entries; the incidents go on naming the batch that delivered them.
    recorded_at
        As in `add_incidents`.
    """
    columns = tuple(str(name) for name in revised.columns if name != "id")
    wrong = [name for name in columns if name in NOT_REVISED or name not in incidents.c]
    if "id" not in revised or not columns or wrong or revised["id"].duplicated().any():
        raise ValueError(f"expected distinct ids and columns of incidents to revise, found {list(revised.columns)}")
    if revised.empty:
        return 0
    came = revised.assign(n=range(len(revised)))
    with _staged(connection, incoming_table("revised", ("id", *columns)), came) as staged:
        moment = not_before(connection, recorded_at)
        decide_revision(connection, staged, columns)
        log_facts(connection, -1, batch_id=batch_id, recorded_at=moment)
        write_revision(connection, staged, columns)
        log_facts(connection, +1, batch_id=batch_id, recorded_at=moment)
        counted = select(func.count()).select_from(decided).where(decided.c.outcome == Outcome.UPDATED)
        changed = int(connection.execute(counted).scalar_one())
        groups = _groups_touched(connection) if "withdrawn" in columns else set()
    _settle_groups(connection, groups, batch_id=batch_id, recorded_at=recorded_at)
    return changed


def _groups_touched(connection: Connection) -> set[int]:
    """Groups of linked reports that something was just decided about."""
    updated = (links.c.report_id == decided.c.incident_id) & (decided.c.outcome == Outcome.UPDATED)
    return set(connection.execute(select(links.c.group_id).join_from(decided, links, updated)).scalars())


def _settle_groups(connection: Connection, groups: set[int], *, batch_id: int, recorded_at: int) -> None:
    """Where a report was withdrawn or brought back, another one linked with it may have to count as the incident."""
    if len(revised := leads_to_change(connection, groups)):
        revise_incidents(connection, revised, batch_id=batch_id, recorded_at=recorded_at)


def end_of_log(connection: Connection) -> int:
    """Last position in the log, 0 where it is empty."""
    return int(connection.execute(select(func.coalesce(func.max(changes.c.position), 0))).scalar_one())


def not_before(connection: Connection, recorded_at: int) -> int:
    """`recorded_at`, or the last moment in the log when the clock has been set back behind it."""
    last = connection.execute(select(changes.c.recorded_at).order_by(changes.c.position.desc()).limit(1)).scalar()
    return max(recorded_at, int(last or 0))


@contextmanager
def _staged(connection: Connection, table: Table, rows: pd.DataFrame) -> Iterator[Table]:
    """Rows in a temporary table, beside one for what is decided about them."""
    for each in (table, decided):
        each.create(connection)
    add_rows(connection, table, rows[[column.name for column in table.c if column.name in rows]])
    yield table
    for each in (table, decided):
        each.drop(connection)
