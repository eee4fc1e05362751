"""Many rows into one table: past SQLAlchemy's parameter dictionaries, which would cost more than the insert."""

import io
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from sqlalchemy import Boolean, Connection, Dialect, Float, Integer, LargeBinary, Table, insert
from sqlalchemy.exc import DBAPIError

ROWS_PER_WRITE = 65_536


def add_rows(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    """Insert a table's rows; missing values become NULL.

    Parameters
    ----------
    rows
        Named like the table's columns, any of them; those left out get their defaults.
    """
    if rows.empty:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        _insert(connection, table, rows)


def _insert(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    names = [column.name for column in table.columns if column.name in rows.columns]
    connection.exec_driver_sql(
        _insertion(table, tuple(names), connection.dialect),
        list(zip(*(_python_values(rows[name]) for name in names), strict=True)),
    )


@lru_cache(64)
def _insertion(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect, column_keys=names))


def _python_values(column: pd.Series) -> list[Any]:
    missing = column.isna()
    if not missing.any():
        return list(column.tolist())
    return list(column.astype(object).where(~missing, None).tolist())


def _copy(connection: Connection, table: Table, rows: pd.DataFrame) -> None:
    names = [column.name for column in table.columns if column.name in rows.columns]
    typed = pa.table({name: _typed(rows[name], table.c[name].type) for name in names})
    quote = connection.dialect.identifier_preparer
    target = f"{quote.format_table(table)} ({', '.join(quote.quote(name) for name in names)})"
    raw = connection.connection.dbapi_connection
    try:
        with raw.cursor() as cursor:  # type: ignore[union-attr]
            if _has_line_breaks(typed):
                # A line of \. alone would end a CSV, even within quotes.
                with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                    for row in _tuples(typed):
                        copy.write_row(row)
            else:
                with cursor.copy(f"COPY {target} FROM STDIN (FORMAT csv)") as copy:
                    for batch in typed.to_batches(max_chunksize=ROWS_PER_WRITE):
                        copy.write(_csv(batch))
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_of_sqlalchemy(connection, error) from error


def _typed(column: pd.Series, kind: Any) -> pa.ChunkedArray:
    # A column of whole numbers with gaps comes as floats; of two states perhaps as 0 and 1.
    values = pa.chunked_array([pa.Array.from_pandas(column)]) if len(column) else pa.chunked_array([], pa.null())
    if isinstance(kind, LargeBinary):
        return pa.chunked_array([[None if value is None else "\\x" + value.hex() for value in values.to_pylist()]])
    for sql, arrow in ((Integer, pa.int64()), (Float, pa.float64()), (Boolean, pa.bool_())):
        if isinstance(kind, sql):
            return values.cast(arrow)
    return values.cast(pa.string())


def _has_line_breaks(rows: pa.Table) -> bool:
    texts = (column for column in rows.columns if pa.types.is_string(column.type))
    return any(pc.any(pc.match_substring_regex(column, r"[\r\n]")).as_py() for column in texts)


def _tuples(rows: pa.Table) -> Iterator[Sequence[Any]]:
    return zip(*(column.to_pylist() for column in rows.columns), strict=True)


def _csv(rows: pa.RecordBatch) -> bytes:
    # Arrow quotes every text and leaves NULL bare, which is how PostgreSQL tells NULL from the empty text.
    out = io.BytesIO()
    pyarrow.csv.write_csv(rows, out, pyarrow.csv.WriteOptions(include_header=False))
    return out.getvalue()


def _as_of_sqlalchemy(connection: Connection, error: Exception) -> Exception:
    dbapi_error = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance("COPY", None, error, dbapi_error, hide_parameters=True, dialect=connection.dialect)
