"""What came in: the batches, and their rejected rows to download."""

import csv
import io
import json

import pandas as pd
from sqlalchemy import Engine, func, select

from data.readers.columns import HEADERS, label
from data.store import reading
from data.tables import batches, rejected

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def recent_batches(engine: Engine, *, limit: int = 20) -> pd.DataFrame:
    """Return the latest batches, newest first, columns as in the table `batches`."""
    with reading(engine) as connection:
        rows = connection.execute(select(batches).order_by(batches.c.id.desc()).limit(limit))
        return pd.DataFrame(rows.all(), columns=list(rows.keys()))


def rows_since(engine: Engine, moment: int) -> dict[str, int]:
    """Sums over the batches finished since a moment (UTC seconds): rows_read, added, updated, unchanged, rejected."""
    names = ("rows_read", "added", "updated", "unchanged", "rejected")
    sums = [func.coalesce(func.sum(batches.c[name]), 0).label(name) for name in names]
    with reading(engine) as connection:
        row = connection.execute(select(*sums).where(batches.c.finished_at >= moment)).mappings().one()
    return {name: int(row[name]) for name in names}


def rejected_by_source(engine: Engine) -> dict[str, int]:
    """Rejected rows of each source over all batches."""
    query = select(batches.c.source, func.sum(batches.c.rejected)).group_by(batches.c.source)
    with reading(engine) as connection:
        return {source: int(count) for source, count in connection.execute(query)}


def unmapped_words(engine: Engine) -> dict[str, int]:
    """Words kept as other because no table knows them, with the rows they stood in."""
    found: dict[str, int] = {}
    with reading(engine) as connection:
        for (words,) in connection.execute(select(batches.c.unmapped_words)):
            for word, count in json.loads(words).items():
                found[word] = found.get(word, 0) + count
    return found


def rejected_rows(engine: Engine, batch_id: int) -> pd.DataFrame:
    """Rejected rows of a batch in file order: `line`, `column`, `reason`, `row` (JSON text)."""
    columns = [rejected.c[name] for name in ("line", "column", "reason", "row")]
    with reading(engine) as connection:
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
