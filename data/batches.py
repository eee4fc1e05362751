"""What came in: the batches, and their rejected rows to download."""

import csv
import io
import json

import pandas as pd
from sqlalchemy import Engine, select

from data.readers.columns import HEADERS, label
from data.tables import batches, rejected

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def recent_batches(engine: Engine, *, limit: int = 20) -> pd.DataFrame:
    """Return the latest batches, newest first, columns as in the table `batches`."""
    with engine.connect() as connection:
        rows = connection.execute(select(batches).order_by(batches.c.id.desc()).limit(limit))
        return pd.DataFrame(rows.all(), columns=list(rows.keys()))


def rejected_rows(engine: Engine, batch_id: int) -> pd.DataFrame:
    """Rejected rows of a batch in file order: `line`, `column`, `reason`, `row` (JSON text)."""
    columns = [rejected.c[name] for name in ("line", "column", "reason", "row")]
    with engine.connect() as connection:
        rows = connection.execute(select(*columns).where(rejected.c.batch_id == batch_id).order_by(rejected.c.line))
        return pd.DataFrame(rows.all(), columns=list(rows.keys()))


def rejected_csv(engine: Engine, batch_id: int) -> bytes:
    """Rejected rows of a batch as a CSV for people (UTF-8 with mark)."""
    return rejected_table(rejected_rows(engine, batch_id))


def rejected_table(rows: pd.DataFrame) -> bytes:
    """CSV of rejected rows: 行, 列, 原因, then what the row said in the allowed columns."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["行", "列", "原因", *(label(field) for field in HEADERS)])
    for line, column, reason, row in rows[["line", "column", "reason", "row"]].itertuples(index=False):
        said = json.loads(row)
        writer.writerow([line, column, reason, *(harmless(said.get(field, "")) for field in HEADERS)])
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Text that a spreadsheet will not take for a formula; plain numbers stay as they are."""
    if text.startswith(FORMULA_MARKS) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
