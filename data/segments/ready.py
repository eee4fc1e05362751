"""Segments that lie ready: made by an import of its own rows, in the transaction that writes them to the log.

Rows that are at hand need not be read back from the log to be published. A file is named in `ready_segments` and counts
nowhere until a publication comes to exactly its positions; whatever is not sure is left to be read from the log.
"""

import logging
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Connection, func, insert, select

from data.arrow_reading import rows_of
from data.change_log import Logged
from data.segments.files import DamagedSegmentError, Written, check_file, write_file
from data.segments.log import COLUMNS, ROWS_PER_SEGMENT, between
from data.segments.schema import LOG_SCHEMA, segment_rows
from data.settings import Settings
from data.store import next_id
from data.tables import changes, incidents, ready_segments
from data.unavailable import PoolUnavailableError

LEAST_ROWS = 1_000
"""Rows of a file from which on its segment is made at once: fewer are read from the log in no time."""

Part = tuple[Written, int, int]
"""A file with its first and last position."""

_log = logging.getLogger(__name__)

_UNSAID = ("incident_id", "weight", "recorded_at", "duplicate")
_SAID = pa.schema([*(each for each in LOG_SCHEMA if each.name not in _UNSAID), ("sure", pa.bool_())])
"""What a row says of itself; `sure` where that is what the log will say if the incident is new."""


class FactsAside:
    """What the rows of a file say, kept on disk part by part until they have their ids."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts = 0
        self.rows = 0

    def add(self, rows: pd.DataFrame) -> None:
        """Keep a part; rows as `data.change_log.incoming_rows` gives them.

        Raises
        ------
        PoolUnavailableError
            There is no room (disk full).
        """
        table = pa.table([_said(rows, each) for each in _SAID], schema=_SAID)
        try:
            with pa.ipc.new_file(self._path(self._parts), _SAID) as file:
                file.write_table(table)
        except OSError as error:
            raise PoolUnavailableError(f"暂存区写不下,文件没有导入任何一行:{error}") from error
        self._parts += 1
        self.rows += len(rows)

    def read(self, part: int) -> pa.Table:
        """Return a part, by its number."""
        with pa.ipc.open_file(self._path(part)) as file:
            return file.read_all()

    def _path(self, part: int) -> Path:
        return self._folder / f"facts-{part}.arrow"


def _said(rows: pd.DataFrame, field: pa.Field) -> pa.Array:
    if field.name == "sure":
        # A withdrawn incident is in no log; the type of a word may have been said by people.
        return pa.array(~rows["withdrawn"].to_numpy(bool) & rows["type_word"].isna().to_numpy(bool))
    values = pa.Array.from_pandas(rows[field.name])
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(field.type):
        return values.cast(pa.string()).dictionary_encode().cast(field.type)
    return values.cast(field.type)


class ReadySegments:
    """Collects the log's rows of one import, part by part, and writes them as segments that lie ready."""

    def __init__(self, connection: Connection, settings: Settings, facts: FactsAside) -> None:
        self._connection = connection
        self._settings = settings
        self._facts = facts
        self._part = 0
        self._rows: list[pa.Table] = []
        self._first = self._last = 0
        self.parts: list[Part] = []

    def add(self, logged: Logged) -> None:
        """Take the next part's rows: of new incidents from what the file said, all others from the log."""
        said = self._facts.read(self._part)
        self._part += 1
        rows = pa.concat_tables([_new(said, logged), *self._others(said, logged)])
        counted = self._connection.execute(select(func.count()).where(between(logged.start + 1, logged.end)))
        if rows.num_rows != (entries := counted.scalar_one()):
            _log.error("expected %d entries of the log after %d, found %d", entries, logged.start, rows.num_rows)
            self.write()  # this part is left to be read from the log
            return
        if not self._rows:
            self._first = logged.start + 1
        self._rows.append(rows)
        self._last = logged.end
        if sum(each.num_rows for each in self._rows) >= ROWS_PER_SEGMENT:
            self.write()

    def _others(self, said: pa.Table, logged: Logged) -> list[pa.Table]:
        """Entries that the file's rows do not tell: of known incidents, and of those with words for their types."""
        found = []
        if logged.end > logged.new:
            found.append(self._read(between(logged.new + 1, logged.end)))
        if not pc.all(said["sure"]).as_py():
            ids = (logged.first_id, logged.first_id + said.num_rows - 1)
            worded = select(incidents.c.id).where(incidents.c.id.between(*ids), incidents.c.type_word.is_not(None))
            found.append(self._read(between(logged.start + 1, logged.new) & changes.c.incident_id.in_(worded)))
        return found

    def _read(self, wanted: ColumnElement[bool]) -> pa.Table:
        return rows_of(self._connection, select(*COLUMNS).where(wanted), LOG_SCHEMA)

    def write(self) -> None:
        """Write what was collected; nothing is named where there is no room, and the log will be read instead."""
        rows, self._rows = self._rows, []
        if not sum(each.num_rows for each in rows):
            return
        table = segment_rows(pa.concat_tables(rows).unify_dictionaries(), str(self._settings.timezone))
        with suppress(PoolUnavailableError):
            written = write_file(table, self._settings.segments)
            self.parts.append((written, self._first, self._last))
            _name(self._connection, self.parts[-1])


def _new(said: pa.Table, logged: Logged) -> pa.Table:
    """Entries of incidents that are new."""
    wanted = said["sure"].to_numpy().copy()
    wanted[logged.known] = False
    found = said.filter(pa.array(wanted))
    made = {
        "incident_id": np.flatnonzero(wanted) + logged.first_id,
        "weight": np.ones(found.num_rows, np.int32),
        "recorded_at": np.full(found.num_rows, logged.recorded_at, np.int64),
        "duplicate": np.zeros(found.num_rows, bool),
    }
    columns = [pa.array(made[each.name]) if each.name in made else found[each.name] for each in LOG_SCHEMA]
    return pa.table(columns, schema=LOG_SCHEMA)


def _name(connection: Connection, part: Part) -> None:
    written, first, last = part
    connection.execute(
        insert(ready_segments).values(
            id=next_id(connection, ready_segments),
            file_name=written.path.name,
            first_position=first,
            last_position=last,
            first_month=written.first_month,
            last_month=written.last_month,
            rows=written.rows,
            size=written.size,
            file_hash=written.file_hash,
        )
    )


def ready_parts(connection: Connection, settings: Settings, first: int, end: int) -> list[Part]:
    """Files that lie ready for positions from one to another, in their order, none of them damaged or overlapping."""
    inside = (ready_segments.c.first_position >= first) & (ready_segments.c.last_position <= end)
    query = select(ready_segments).where(inside).order_by(ready_segments.c.first_position)
    found: list[Part] = []
    for row in connection.execute(query):
        written = Written(
            settings.segments / row.file_name, row.rows, row.size, row.file_hash, row.first_month, row.last_month
        )
        after = found[-1][2] if found else first - 1
        with suppress(FileNotFoundError, DamagedSegmentError):
            check_file(written.path, size=written.size, file_hash=written.file_hash)
            if row.first_position > after:
                found.append((written, row.first_position, row.last_position))
    return found
