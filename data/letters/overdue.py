"""Overdue letters by area, for the map and the duty desk."""

import datetime as dt

import pandas as pd
from sqlalchemy import Engine, func, select

from data.filter import date_of
from data.letters.reading import overdue
from data.letters.rows import visible
from data.store import reading
from data.tables.letters import letters


def overdue_by_division(engine: Engine, scope: str, as_of: dt.date) -> pd.DataFrame:
    """Letters whose answer is awaited past the deadline, by the division that they are about.

    Letters are no incidents: their number tells nothing about people and is shown as it is.

    Returns
    -------
    `division` (code of any level within the scope), `count`, `earliest` (date of the earliest deadline); the earliest
    first, no row where none is overdue.
    """
    query = (
        select(letters.c.division, func.count(), func.min(letters.c.due_day))
        .where(visible(scope), overdue(as_of))
        .group_by(letters.c.division)
        .order_by(func.min(letters.c.due_day), letters.c.division)
    )
    with reading(engine) as connection:
        rows = [(code, int(count), date_of(int(day))) for code, count, day in connection.execute(query)]
    return pd.DataFrame(rows, columns=["division", "count", "earliest"])
