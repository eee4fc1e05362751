"""Which report of a group of linked ones counts as the incident: the lead.

The lead stays the lead for as long as it is not withdrawn. Then the live report that was accepted first takes over,
and the old one, should its feed bring it back, comes back as a further report.
"""

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection, select

from data.tables import incidents
from data.tables.links import links


def leads_to_change(connection: Connection, groups: Iterable[int], *, anew: bool = False) -> pd.DataFrame:
    """What must be revised so that each group counts as one incident, if any of it lives.

    Parameters
    ----------
    groups
        Ids of groups that something has happened to.
    anew
        Choose the leads anew (the earliest accepted live report), even where there is one already.

    Returns
    -------
    `id` and `duplicate` of incidents to be revised; empty where every group is as it should be.
    """
    wanted = sorted(set(groups))
    if not wanted:
        return _table([])
    columns = [incidents.c[name] for name in ("id", "accepted_at", "withdrawn", "duplicate")]
    query = (
        select(links.c.group_id, *columns)
        .join_from(links, incidents, incidents.c.id == links.c.report_id)
        .where(links.c.group_id.in_(wanted))
    )
    members = pd.DataFrame(connection.execute(query).all(), columns=["group", *(column.name for column in columns)])
    found: list[tuple[int, bool]] = []
    for _, group in members.groupby("group"):
        live = group[~group["withdrawn"].astype(bool)].sort_values(["accepted_at", "id"])
        leads = live[~live["duplicate"].astype(bool)]
        if live.empty or (len(leads) == 1 and not anew):
            continue
        lead = int(live["id"].iloc[0])
        found += [(int(one), int(one) != lead) for one in group["id"]]
    return _table(found)


def _table(rows: list[tuple[int, bool]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["id", "duplicate"])
