"""PostgreSQL with the rows of segments and covering indexes."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pyarrow import csv
from sqlalchemy import Select, create_engine, text

from data.dialects import render

_TYPES = {"dispute_type": "TEXT", "duplicate": "BOOLEAN"}


class PostgresqlPeer:
    """The same rows in one table of a server.

    Parameters
    ----------
    url
        Of an empty database, `postgresql+psycopg://…`.
    columns
        Columns of the segments that the queries touch.
    indexes
        Columns of each covering index.
    """

    def __init__(
        self, url: str, segments: list[Path], columns: Sequence[str], indexes: Sequence[Sequence[str]]
    ) -> None:
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        names = ", ".join(f"{name} {_TYPES.get(name, 'BIGINT')}" for name in columns)
        with self._engine.connect() as connection:
            connection.execute(text(f"CREATE TABLE facts ({names})"))
            driver: Any = connection.connection.driver_connection
            for segment in segments:
                rows = io.BytesIO()
                table = pq.read_table(segment, columns=list(columns))
                csv.write_csv(table, rows, csv.WriteOptions(include_header=False))
                with driver.cursor() as cursor, cursor.copy("COPY facts FROM STDIN (FORMAT csv)") as stream:
                    stream.write(rows.getvalue())
            connection.execute(text("SET maintenance_work_mem = '1GB'"))
            for number, index in enumerate(indexes):
                connection.execute(text(f"CREATE INDEX covering_{number} ON facts ({', '.join(index)})"))
            connection.execute(text("VACUUM ANALYZE facts"))  # an index alone answers only over vacuumed pages

    def ask(self, query: Select) -> list[tuple]:
        """Rows of a query."""
        statement, values = render(query, "postgres")
        with self._engine.connect() as connection:
            return [tuple(map(_plain, row)) for row in connection.execute(text(_named(statement)), values)]


def _named(statement: str) -> str:
    """`%(name)s`, as PostgreSQL's driver writes parameters, in SQLAlchemy's own spelling."""
    return statement.replace("%(", ":").replace(")s", "")


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else int(value)
