"""Linking reports of one incident: they count as one where incidents are asked for, as several where reports are.

People link, unlink and dismiss; what they said is kept in `link_acts`. A feed's later row changes a report's facts
and leaves its links alone.
"""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Engine, delete, insert, or_, select, update

from data.change_log import revise_incidents
from data.day_batches import add_to_day
from data.filter import OutOfScopeError
from data.leads import leads_to_change
from data.store import reading, writing
from data.tables import incidents
from data.tables.links import dismissed_pairs, link_acts, links
from geo.divisions import place_range


class UnknownReportError(ValueError):
    """No report has this id, or its feed has withdrawn it."""


@dataclass(frozen=True)
class Said:
    """Who says something about reports, at which moment (with time zone), and whose division it must be about."""

    person: str
    at: pd.Timestamp
    scope: str

    @property
    def seconds(self) -> int:
        """The moment in UTC seconds."""
        return int(self.at.timestamp())


def link(engine: Engine, first: int, second: int, said: Said) -> int:
    """Say that two reports are of one incident; what either is linked to already comes along.

    Returns
    -------
    How many reports changed their standing in the counts: 0 when they were linked before.

    Raises
    ------
    UnknownReportError
        One of them is not there or withdrawn, or they are the same.
    OutOfScopeError
        One of them lies outside the division of whoever says so.
    """
    with writing(engine) as connection:
        _check(connection, first, second, said)
        groups = {_group_of(connection, report) for report in (first, second)}
        group = min(groups)
        if len(groups) == 1 and _is_linked(connection, first):
            return 0
        connection.execute(update(links).where(links.c.group_id.in_(groups)).values(group_id=group))
        known = set(connection.execute(select(links.c.report_id).where(links.c.group_id == group)).scalars())
        fresh = [{"report_id": one, "group_id": group} for one in (first, second) if one not in known]
        if fresh:
            connection.execute(insert(links), fresh)
        _note(connection, "link", first, second, said)
        return _revise(connection, leads_to_change(connection, [group], anew=True), said)


def unlink(engine: Engine, report: int, said: Said) -> int:
    """Take a report out of its group; it counts as an incident of its own again.

    Returns
    -------
    How many reports changed their standing in the counts: 0 when it was not linked.
    """
    with writing(engine) as connection:
        if not _is_linked(connection, report):
            return 0
        _check_scope(connection, [report], said)
        group = _group_of(connection, report)
        rest = select(links.c.report_id).where(links.c.group_id == group, links.c.report_id != report)
        others = sorted(connection.execute(rest).scalars())
        connection.execute(delete(links).where(links.c.report_id == report))
        alone = [report]
        if len(others) == 1:
            connection.execute(delete(links).where(links.c.report_id == others[0]))
            alone += others
        else:
            connection.execute(update(links).where(links.c.group_id == group).values(group_id=others[0]))
        for other in others:
            _note(connection, "unlink", report, other, said)
        singles = pd.DataFrame({"id": alone, "duplicate": False})
        leads = leads_to_change(connection, others[:1] if len(others) > 1 else [])
        return _revise(connection, pd.concat([singles, leads], ignore_index=True), said)


def dismiss(engine: Engine, first: int, second: int, said: Said) -> None:
    """Say that two reports are not of one incident; the pair is not suggested again.

    Raises
    ------
    UnknownReportError, OutOfScopeError
        As for `link`.
    """
    pair = {"first_id": min(first, second), "second_id": max(first, second)}
    with writing(engine) as connection:
        _check(connection, first, second, said)
        same = [dismissed_pairs.c[name] == value for name, value in pair.items()]
        if connection.execute(select(dismissed_pairs).where(*same)).first() is None:
            connection.execute(insert(dismissed_pairs), [pair])
            _note(connection, "dismiss", first, second, said)


def acts_of(engine: Engine, report: int) -> pd.DataFrame:
    """What was said about a report, oldest first: `act`, `report_id`, `other_id`, `person`, `recorded_at`."""
    names = ("act", "report_id", "other_id", "person", "recorded_at")
    about = or_(link_acts.c.report_id == report, link_acts.c.other_id == report)
    query = select(*(link_acts.c[name] for name in names)).where(about).order_by(link_acts.c.id)
    with reading(engine) as connection:
        return pd.DataFrame(connection.execute(query).all(), columns=list(names))


def _check(connection: Connection, first: int, second: int, said: Said) -> None:
    live = select(incidents.c.id).where(incidents.c.id.in_([first, second]), ~incidents.c.withdrawn)
    if len(connection.execute(live).all()) != 2:
        raise UnknownReportError("这两件上报中有一件已经撤回或不存在。请刷新页面后再看。")
    _check_scope(connection, [first, second], said)


def _check_scope(connection: Connection, reports: list[int], said: Said) -> None:
    start, after = place_range(said.scope)
    outside = (incidents.c.place < start) | (incidents.c.place >= after)
    if connection.execute(select(incidents.c.id).where(incidents.c.id.in_(reports), outside)).first():
        raise OutOfScopeError(f"reports outside {said.scope}")


def _is_linked(connection: Connection, report: int) -> bool:
    return connection.execute(select(links.c.group_id).where(links.c.report_id == report)).first() is not None


def _group_of(connection: Connection, report: int) -> int:
    """The report's group; its own id where it is not linked, which is what a new group would be named."""
    found = connection.execute(select(links.c.group_id).where(links.c.report_id == report)).scalar()
    return report if found is None else int(found)


def _note(connection: Connection, act: str, first: int, second: int, said: Said) -> None:
    row = {"act": act, "report_id": first, "other_id": second, "person": said.person, "recorded_at": said.seconds}
    connection.execute(insert(link_acts), [row])


def _revise(connection: Connection, revised: pd.DataFrame, said: Said) -> int:
    if revised.empty:
        return 0
    batch = add_to_day(connection, "links", said.at)
    changed = revise_incidents(connection, revised, batch_id=batch.id, recorded_at=said.seconds)
    batch.count(connection, len(revised), changed)
    return changed
