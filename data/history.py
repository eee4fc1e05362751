"""What the pool has known of one incident, and when."""

import pandas as pd
from sqlalchemy import Engine, select

from data.store import reading
from data.tables import FACTS, changes, incidents


def incident_id(engine: Engine, source: str, external_id: str) -> int | None:
    """Id of the incident that a source calls `external_id`; None if there is none."""
    same = (incidents.c.source == source) & (incidents.c.external_id == external_id)
    with reading(engine) as connection:
        found = connection.execute(select(incidents.c.id).where(same)).scalar()
    return None if found is None else int(found)


def history_of(engine: Engine, incident: int) -> pd.DataFrame:
    """Log entries of an incident in the order they were written.

    Returns
    -------
    `position`, `weight` (+1 what came to hold, -1 what ceased to), the facts, `batch_id`, `recorded_at` (UTC seconds,
    never falling). The facts that hold after an entry are those whose weights up to it sum to 1; after a withdrawal
    there are none.
    """
    columns = [changes.c[name] for name in ("position", "weight", *FACTS, "batch_id", "recorded_at")]
    query = select(*columns).where(changes.c.incident_id == incident).order_by(changes.c.position)
    with reading(engine) as connection:
        return pd.DataFrame(connection.execute(query).all(), columns=[column.name for column in columns])
