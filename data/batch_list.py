"""The list of batches: how each came, what became of its rows, which of its rejected rows were solved since."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
from sqlalchemy import Connection, Engine, Subquery, case, func, insert, select

from data.store import reading
from data.tables import batches, rejected
from data.tables.links import batch_notes, solved_rows

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "file": "文件",
        "http": "HTTP",
        "pull": "拉取",
        "watched": "监视目录",
        "words": "用语对照",
        "links": "人工关联",
        "places": "重新定位",
        "retry": "重试",
        "mended": "改正后重报",
    }
)
"""How a batch came to be, and its word."""

_FIGURES = ("rows_read", "added", "updated", "unchanged", "outdated", "rejected")


@dataclass(frozen=True)
class BatchFilter:
    """Which batches are meant; empty texts mean all."""

    source: str = ""
    kind: str = ""
    unsolved_only: bool = False


def note_batch(connection: Connection, batch_id: int, kind: str, *, corrects: int | None = None) -> None:
    """Say how a batch came, and whose rejected rows it mends; inside `writing`."""
    if kind not in KINDS:
        raise ValueError(f"expected one of {', '.join(KINDS)}, found {kind!r}")
    connection.execute(insert(batch_notes).values(batch_id=batch_id, kind=kind, corrects=corrects))


def list_batches(engine: Engine, asked: BatchFilter, *, limit: int = 200) -> pd.DataFrame:
    """Batches, newest first.

    Returns
    -------
    `id`, `kind`, `corrects` (Int64), `source` ("*" for several), `datum`, `file_name`, `rows_read`, `added`, `updated`,
    `unchanged`, `outdated`, `rejected`, `unsolved` (rejected rows that have not come in since), `finished_at` (UTC
    seconds).
    """
    solved = _solved_by_batch()
    kind = case(
        (batch_notes.c.kind.is_not(None), batch_notes.c.kind),
        (batches.c.file_name.startswith("HTTP "), "http"),
        else_="file",
    )
    unsolved = batches.c.rejected - func.coalesce(solved.c.solved, 0)
    wanted = []
    if asked.source:
        wanted.append(batches.c.source == asked.source)
    if asked.kind:
        wanted.append(kind == asked.kind)
    if asked.unsolved_only:
        wanted.append(unsolved > 0)
    columns = [
        batches.c.id,
        kind.label("kind"),
        batch_notes.c.corrects,
        *(batches.c[name] for name in ("source", "datum", "file_name", *_FIGURES)),
        unsolved.label("unsolved"),
        batches.c.finished_at,
    ]
    query = (
        select(*columns)
        .join_from(batches, batch_notes, batch_notes.c.batch_id == batches.c.id, isouter=True)
        .join(solved, solved.c.batch_id == batches.c.id, isouter=True)
        .where(*wanted)
        .order_by(batches.c.id.desc())
        .limit(limit)
    )
    with reading(engine) as connection:
        table = pd.DataFrame(connection.execute(query).all(), columns=[column.name for column in columns])
    return table.astype({"corrects": "Int64"})


def _solved_by_batch() -> Subquery:
    return (
        select(rejected.c.batch_id, func.count().label("solved"))
        .join_from(solved_rows, rejected, rejected.c.id == solved_rows.c.rejected_id)
        .group_by(rejected.c.batch_id)
        .subquery("solved")
    )


def unsolved_rows(engine: Engine, batch_id: int) -> pd.DataFrame:
    """Rejected rows of a batch that have not come in since: `id`, `line`, `column`, `reason`, `row` (JSON text)."""
    columns = [rejected.c[name] for name in ("id", "line", "column", "reason", "row")]
    open_row = rejected.c.id.not_in(select(solved_rows.c.rejected_id))
    query = select(*columns).where(rejected.c.batch_id == batch_id, open_row).order_by(rejected.c.line)
    with reading(engine) as connection:
        return pd.DataFrame(connection.execute(query).all(), columns=[column.name for column in columns])


def rejected_by_reason(engine: Engine, *, since: int) -> pd.DataFrame:
    """Rejected rows of batches finished since a moment (UTC seconds) that have not come in, by source and reason.

    Returns
    -------
    `source`, `column`, `reason` (without the value that was found), `rows`; most first.
    """
    names = [batches.c.source, rejected.c.column, rejected.c.reason]
    query = (
        select(*names, func.count().label("rows"))
        .join_from(rejected, batches, batches.c.id == rejected.c.batch_id)
        .where(batches.c.finished_at >= since, rejected.c.id.not_in(select(solved_rows.c.rejected_id)))
        .group_by(*names)
    )
    with reading(engine) as connection:
        table = pd.DataFrame(connection.execute(query).all(), columns=["source", "column", "reason", "rows"])
    table["reason"] = table["reason"].astype("str").str.split(":“", n=1).str[0]
    summed = table.groupby(["source", "column", "reason"])["rows"].sum().reset_index()
    return summed.sort_values(["rows", "source"], ascending=[False, True], ignore_index=True)


def mark_solved(connection: Connection, rejected_ids: list[int], *, batch_id: int, recorded_at: int) -> None:
    """Say that rejected rows came in with a batch; inside `writing`."""
    rows = [{"rejected_id": one, "batch_id": batch_id, "recorded_at": recorded_at} for one in rejected_ids]
    if rows:
        connection.execute(insert(solved_rows), rows)


def solved_among(connection: Connection, rejected_ids: pd.Index) -> set[int]:
    """Those of some rejected rows that came in already."""
    known: set[int] = set()
    ids = [int(one) for one in rejected_ids]
    for start in range(0, len(ids), 10_000):
        part = ids[start : start + 10_000]
        query = select(solved_rows.c.rejected_id).where(solved_rows.c.rejected_id.in_(part))
        known |= set(connection.execute(query).scalars())
    return known
