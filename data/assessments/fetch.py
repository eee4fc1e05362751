"""Rows of a query over the record store, for readers of assessments."""

import pandas as pd
from sqlalchemy import Engine, Select
from sqlalchemy.exc import SQLAlchemyError

from data.store import PoolUnavailableError


def fetch(engine: Engine, query: Select) -> pd.DataFrame:
    """All rows, columns named as selected, also when there are none.

    Raises
    ------
    PoolUnavailableError
        The record store does not answer.
    """
    try:
        with engine.connect() as connection:
            rows = connection.execute(query).all()
    except SQLAlchemyError as error:
        raise PoolUnavailableError(str(error)) from error
    return pd.DataFrame(rows, columns=[column.name for column in query.selected_columns])
