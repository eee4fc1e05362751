"""Rows of a query over the record store, for readers of assessments."""

import pandas as pd
from sqlalchemy import Engine, Select

from data.store import reading


def fetch(engine: Engine, query: Select) -> pd.DataFrame:
    """All rows, columns named as selected, also when there are none.

    Raises
    ------
    PoolUnavailableError
        The record store does not answer.
    """
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return pd.DataFrame(rows, columns=[column.name for column in query.selected_columns])
