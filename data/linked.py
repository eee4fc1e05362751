"""Reports that people have linked, to be looked at and taken apart again."""

import pandas as pd
from sqlalchemy import Engine, func, select

from data.store import reading
from data.tables import incidents
from data.tables.links import link_acts, links
from geo.divisions import place_range


def linked_reports(engine: Engine, *, scope: str, limit: int = 30) -> pd.DataFrame:
    """Reports of the groups that were linked last, whole groups, newest group first, its lead before the others.

    Parameters
    ----------
    scope
        The reader's own division: of a group that reaches beyond it only the reports within are given.
    limit
        Most groups.

    Returns
    -------
    `group`, `id`, `source`, `dispute_type`, `place`, `occurred_at` (UTC seconds), `duplicate` (False for the lead).
    """
    first, after = place_range(scope)
    inside = (incidents.c.place >= first) & (incidents.c.place < after)
    said = (
        select(link_acts.c.report_id, func.max(link_acts.c.id).label("said")).group_by(link_acts.c.report_id).subquery()
    )
    recent = (
        select(links.c.group_id, func.max(said.c.said).label("said"))
        .join_from(links, incidents, incidents.c.id == links.c.report_id)
        .join(said, said.c.report_id == links.c.report_id, isouter=True)
        .where(inside)
        .group_by(links.c.group_id)
        .order_by(func.coalesce(func.max(said.c.said), 0).desc(), links.c.group_id)
        .limit(limit)
        .subquery()
    )
    names = ("id", "source", "dispute_type", "place", "occurred_at", "duplicate")
    query = (
        select(links.c.group_id, *(incidents.c[name] for name in names))
        .join_from(recent, links, links.c.group_id == recent.c.group_id)
        .join(incidents, incidents.c.id == links.c.report_id)
        .where(inside, ~incidents.c.withdrawn)
        .order_by(func.coalesce(recent.c.said, 0).desc(), links.c.group_id, incidents.c.duplicate, incidents.c.id)
    )
    with reading(engine) as connection:
        return pd.DataFrame(connection.execute(query).all(), columns=["group", *names])


def last_act(engine: Engine) -> int:
    """Number of the last thing that was said about links, 0 before the first: what suggestions depend on."""
    with reading(engine) as connection:
        return int(connection.execute(select(func.coalesce(func.max(link_acts.c.id), 0))).scalar_one())
