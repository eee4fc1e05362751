"""The manifest: which files count, read whole in one statement and changed in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, delete, insert, select, true, update

from data.segments.files import DamagedSegmentError, Written, check_file
from data.settings import Settings
from data.store import next_id
from data.tables import published, ready_segments, segments


@dataclass(frozen=True)
class Segment:
    """A file and which rows of the log it holds: those of its positions and months, both ends included."""

    id: int
    path: Path
    first_position: int
    last_position: int
    first_month: int
    last_month: int
    rows: int
    size: int
    file_hash: str

    @property
    def months(self) -> range:
        """Months it may hold rows of."""
        return range(self.first_month, self.last_month + 1)

    def check(self) -> None:
        """Compare the file with its checksum.

        Raises
        ------
        DamagedSegmentError
            The file is missing or damaged.
        """
        try:
            check_file(self.path, size=self.size, file_hash=self.file_hash)
        except FileNotFoundError as error:
            raise DamagedSegmentError(self.path, "不见了") from error


@dataclass(frozen=True)
class Manifest:
    """The published segments.

    Parameters
    ----------
    version
        Changes whenever a count may.
    position, settled
        The log is published up to `position`; up to `settled` it stands by month.
    segments
        In the order of their ids.
    """

    version: int = 0
    position: int = 0
    settled: int = 0
    segments: tuple[Segment, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Paths of the segments."""
        return tuple(segment.path for segment in self.segments)

    @property
    def rows(self) -> int:
        """Rows of all segments."""
        return sum(segment.rows for segment in self.segments)

    @property
    def newest(self) -> int:
        """Id of the newest segment: a manifest read later never has a smaller one."""
        return self.segments[-1].id if self.segments else 0

    @property
    def tail(self) -> tuple[Segment, ...]:
        """Segments that are not split by month yet, in the order of the log."""
        late = (segment for segment in self.segments if segment.first_position > self.settled)
        return tuple(sorted(late, key=lambda segment: segment.first_position))


def read_manifest(engine: Engine, settings: Settings) -> Manifest:
    """Return the segments that count now: one statement, so that no swap is seen half."""
    with engine.connect() as connection:
        return manifest_in(connection, settings)


def read_version(engine: Engine) -> int:
    """Version of the manifest alone: what is asked before anything else, by every screen and every second."""
    with engine.connect() as connection:
        return int(connection.execute(select(published.c.version)).scalar() or 0)


def manifest_in(connection: Connection, settings: Settings) -> Manifest:
    """As `read_manifest`, in a transaction that is open already."""
    named = [segments.c.file_name, *(segments.c[each.name] for each in fields(Segment) if each.name != "path")]
    asked = (
        select(published.c.version, published.c.position, published.c.settled, *named)
        .select_from(published.outerjoin(segments, true()))
        .order_by(segments.c.id)
    )
    rows = connection.execute(asked).all()
    if not rows:
        return Manifest()
    version, position, settled = rows[0][:3]
    found = [Segment(row[4], settings.segments / row[3], *row[5:]) for row in rows if row[3] is not None]
    return Manifest(version, position, settled, tuple(found))


class SwappedElsewhereError(RuntimeError):
    """Somebody else changed the manifest meanwhile; nothing was changed here."""


def advance(connection: Connection, manifest: Manifest, parts: Sequence[tuple[Written, int, int]], upto: int) -> None:
    """Name new files, each with its first and last position, and say that the log is published up to `upto`.

    Whatever lay ready for these positions is named now, or never will be.

    Raises
    ------
    SwappedElsewhereError
        The log was published further by somebody else.
    """
    _add(connection, parts)
    connection.execute(delete(ready_segments).where(ready_segments.c.last_position <= upto))
    values = {"position": upto, "version": manifest.version + 1}
    if not manifest.version:
        connection.execute(insert(published).values(id=1, settled=0, **values))
        return
    as_read = (published.c.position == manifest.position) & (published.c.version == manifest.version)
    if connection.execute(update(published).where(as_read).values(**values)).rowcount != 1:
        raise SwappedElsewhereError("the log was published by somebody else at the same time")


def swap(
    connection: Connection,
    out: Iterable[Segment],
    parts: Sequence[tuple[Written, int, int]],
    *,
    settled: int | None = None,
    recount: bool = False,
) -> None:
    """Name files in place of others.

    Parameters
    ----------
    settled
        Up to where the log stands by month from now on.
    recount
        Whether counts may change by this.

    Raises
    ------
    SwappedElsewhereError
        One of the others is not named any more.
    """
    ids = [segment.id for segment in out]
    _add(connection, parts)  # before the others go, so that ids only grow
    if connection.execute(delete(segments).where(segments.c.id.in_(ids))).rowcount != len(ids):
        raise SwappedElsewhereError("segments were swapped by somebody else at the same time")
    if settled is not None:
        connection.execute(update(published).values(settled=settled))
    if recount:
        connection.execute(update(published).values(version=published.c.version + 1))


def replace_all(
    connection: Connection, manifest: Manifest, parts: Sequence[tuple[Written, int, int]], upto: int
) -> None:
    """Name files of the whole log, up to `upto`, in place of all that were named.

    Raises
    ------
    SwappedElsewhereError
        Somebody else changed the manifest meanwhile.
    """
    advance(connection, manifest, parts, upto)
    swap(connection, manifest.segments, [], settled=0)


def _add(connection: Connection, parts: Sequence[tuple[Written, int, int]]) -> None:
    if not parts:
        return
    moment = int(pd.Timestamp.now("UTC").timestamp())
    first_id = next_id(connection, segments)
    rows = [
        {
            "id": first_id + at,
            "file_name": written.path.name,
            "first_position": first,
            "last_position": last,
            "first_month": written.first_month,
            "last_month": written.last_month,
            "rows": written.rows,
            "size": written.size,
            "file_hash": written.file_hash,
            "published_at": moment,
        }
        for at, (written, first, last) in enumerate(parts)
    ]
    connection.execute(insert(segments), rows)
