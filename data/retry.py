"""Rejected rows tried again: from their stored text after words or boundaries changed, or from a mended file.

What comes in is a batch of its own that names the first; a rejected row that came in is marked solved and stays where
it is, so that a batch's figures go on adding up.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select

from data.batch_import import Batch, Delivery, check_chunk, import_file
from data.batch_list import mark_solved, note_batch, solved_among, unsolved_rows
from data.change_log import Written, add_incidents
from data.feeds.profile import FeedProfile
from data.places import Places
from data.readers.columns import HEADERS
from data.readers.files import RawChunk
from data.readers.parse import Rules
from data.store import next_id, reading, writing
from data.tables import batches, incidents
from geo.datum import Datum


class UnknownBatchError(ValueError):
    """There is no such batch, or nothing was delivered with it."""


@dataclass(frozen=True)
class Retried:
    """What came of a retry: rows tried, those that came in, and the batch they are (None when none did)."""

    tried: int
    accepted: int
    batch_id: int | None


def retry_rejected(
    engine: Engine,
    places: Places,
    batch_id: int,
    *,
    as_of: pd.Timestamp,
    profiles: Mapping[str, FeedProfile] | None = None,
) -> Retried:
    """Try the unsolved rejected rows of a batch again.

    Parameters
    ----------
    profiles
        By source, how its feed writes; the shipped ones where none are given.

    Raises
    ------
    UnknownBatchError
        No such batch.
    """
    first = _batch(engine, batch_id)
    rows = unsolved_rows(engine, batch_id)
    if rows.empty:
        return Retried(0, 0, None)
    said = [json.loads(text) for text in rows["row"]]
    texts = {field: [str(row.get(field, "") or "") for row in said] for field in HEADERS}
    raw = pd.DataFrame(texts, index=pd.Index(rows["id"], name="line"), dtype="str")
    profile = (profiles or {}).get(first["source"])
    rules = Rules(
        first["source"], Datum(first["datum"]), as_of, places.bounds, places.own_codes, profile, places.codes_by_name
    )
    checked = check_chunk(RawChunk(raw), rules, places)
    good = checked.rows.sort_index()
    if good.empty:
        return Retried(len(rows), 0, None)
    moment = int(as_of.timestamp())
    with writing(engine) as connection:
        # Somebody else may have tried the same batch meanwhile.
        good = good[~good.index.isin(solved_among(connection, good.index))]
        if good.empty:
            return Retried(len(rows), 0, None)
        number = next_id(connection, batches)
        outcomes = add_incidents(connection, good, batch_id=number, recorded_at=moment)
        _record(connection, number, first, Written.of(outcomes), moment)
        note_batch(connection, number, "retry", corrects=batch_id)
        mark_solved(connection, [int(one) for one in good.index], batch_id=number, recorded_at=moment)
    return Retried(len(rows), len(good), number)


def _record(connection: Connection, number: int, first: dict, written: Written, moment: int) -> None:
    """Write a batch that read exactly the rows that came in: the others stay with the batch that rejected them."""
    connection.execute(
        insert(batches).values(
            id=number,
            source=first["source"],
            file_name=f"重试第 {first['id']} 批:{first['file_name']}"[:255],
            file_hash=f"retry {number}",
            datum=first["datum"],
            simulated=first["simulated"],
            rows_read=written.added + written.updated + written.unchanged,
            added=written.added,
            updated=written.updated,
            unchanged=written.unchanged,
            outdated=written.outdated,
            rejected=0,
            dropped_columns="[]",
            unmapped_words="{}",
            started_at=moment,
            finished_at=moment,
        )
    )


def import_mended(
    engine: Engine, places: Places, delivery: Delivery, *, corrects: int, as_of: pd.Timestamp
) -> tuple[Batch, int]:
    """Take in a mended list of rejected rows as a batch of its own.

    Returns
    -------
    The batch, and how many rejected rows of the first one it solved: those whose 编号 is there now.

    Raises
    ------
    UnknownBatchError
        No such batch.
    data.readers.errors.BadFileError
        The file as a whole can not be read; nothing was stored.
    """
    first = _batch(engine, corrects)
    batch = import_file(engine, places, delivery, as_of=as_of)
    if batch.id is None or batch.repeat_of is not None:
        return batch, 0
    rows = unsolved_rows(engine, corrects)
    named = {int(one): str(json.loads(text).get("external_id", "")) for one, text in rows[["id", "row"]].to_numpy()}
    with writing(engine) as connection:
        note_batch(connection, batch.id, "mended", corrects=corrects)
        there = select(incidents.c.external_id).where(
            incidents.c.source == first["source"], incidents.c.batch_id == batch.id
        )
        known = set(connection.execute(there).scalars())
        already = solved_among(connection, pd.Index(named))
        solved = [one for one, name in named.items() if name and name in known and one not in already]
        mark_solved(connection, solved, batch_id=batch.id, recorded_at=int(as_of.timestamp()))
    return batch, len(solved)


def _batch(engine: Engine, batch_id: int) -> dict:
    with reading(engine) as connection:
        row = connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().first()
    if row is None or not row["datum"]:
        raise UnknownBatchError(f"没有第 {batch_id} 批导入,或者这一批不是送来的数据。")
    return dict(row)
