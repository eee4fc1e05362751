"""Pull: rows of another database's view come in part by part, each in one transaction with the feed's watermark.

Whoever is stopped begins again at the last watermark that was stored; rows that equal it, and those within the
overlap before it, are read again and add nothing twice.
"""

import hashlib
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, delete, insert, select

from data.batch_import import Batch, record_batch
from data.batch_list import note_batch
from data.change_log import Written, add_incidents
from data.checking import CheckedChunk, Delivery, check_chunk
from data.feeds.profile import FeedProfile
from data.feeds.remote_view import Part, open_view
from data.places import Places
from data.readers.files import RawChunk
from data.readers.parse import Rules
from data.store import add_rows, next_id, reading, writing
from data.tables import batches, rejected
from data.tables.feeds import watermarks

SECOND = 1_000_000


@dataclass
class Pulled:
    """What a pull brought. `rows_read` is always added + updated + unchanged + rejected."""

    rows_read: int = 0
    written: Written = field(default_factory=Written)
    rejected: int = 0
    watermark: int | None = None
    batches: list[int] = field(default_factory=list)
    dropped_columns: tuple[str, ...] = ()
    unmapped_words: dict[str, int] = field(default_factory=dict)


def pull(engine: Engine, places: Places, profile: FeedProfile, url: str, *, as_of: pd.Timestamp) -> Pulled:
    """Take in what the view holds from the feed's watermark on.

    Parameters
    ----------
    url
        SQLAlchemy URL of the other database; never logged, never stored.
    as_of
        Moment of the pull, with time zone.

    Raises
    ------
    data.feeds.remote_view.PullError
        The other database can not be read; parts stored before stay, with their watermark.
    PoolUnavailableError
        The record store does not answer.
    """
    rules = Rules(
        profile.source, profile.datum, as_of, places.bounds, places.own_codes, profile, _names(profile, places)
    )
    with open_view(url, profile) as view:
        known = watermark_of(engine, profile.name)
        done = Pulled(watermark=known, dropped_columns=view.dropped)
        latest = view.latest(as_of, rules.zone)
        with closing(view.parts(_begin(known, profile))) as parts:
            for part in parts:
                checked = check_chunk(RawChunk(part.rows), rules, places)
                mark = part.watermark if latest is None else min(part.watermark, latest)
                _store(engine, profile, Part(part.rows, mark), checked, done, as_of)
    return done


def watermark_of(engine: Engine, feed: str) -> int | None:
    """How far a feed's view has been read; None before the first pull."""
    with reading(engine) as connection:
        found = connection.execute(select(watermarks.c.watermark).where(watermarks.c.feed == feed)).scalar()
    return None if found is None else int(found)


def _names(profile: FeedProfile, places: Places) -> dict[str, str]:
    return dict(places.codes_by_name) if profile.division == "words" else {}


def _begin(known: int | None, profile: FeedProfile) -> int | None:
    assert profile.pull is not None  # noqa: S101 - open_view has refused a profile without
    unit = SECOND if profile.pull.watermark_kind == "time" else 1
    return None if known is None else known - profile.pull.overlap * unit


def _store(
    engine: Engine, profile: FeedProfile, part: Part, checked: CheckedChunk, done: Pulled, as_of: pd.Timestamp
) -> None:
    digest = hashlib.sha256(f"pull {profile.name}\n{part.rows.to_csv(index=False)}".encode()).hexdigest()
    moment = int(as_of.timestamp())
    with writing(engine) as connection:
        number = next_id(connection, batches)
        outcomes = add_incidents(connection, checked.rows, batch_id=number, recorded_at=moment)
        written = Written.of(outcomes)
        batch = Batch(
            len(part.rows), written.added, written.updated, written.unchanged, written.outdated, len(checked.rejected),
            done.dropped_columns, dict(checked.unmapped), id=number,
        )  # fmt: skip
        if _says_something_new(connection, batch, digest):
            name = Path(f"拉取 {profile.name} {as_of:%Y-%m-%d %H:%M}")
            record_batch(connection, batch, Delivery(name, profile.source, profile.datum), digest, as_of)
            note_batch(connection, number, "pull")
            add_rows(connection, rejected, checked.rejected.assign(batch_id=number))
            done.batches.append(number)
        done.watermark = _keep_watermark(connection, profile.name, part.watermark, done.watermark, moment)
    done.rows_read += batch.rows_read
    done.written += written
    done.rejected += batch.rejected
    for word, count in batch.unmapped_words.items():
        done.unmapped_words[word] = done.unmapped_words.get(word, 0) + count


def _says_something_new(connection: Connection, batch: Batch, digest: str) -> bool:
    """Whether the part changed anything, or refuses rows that the very same part has not refused before."""
    if batch.added or batch.updated:
        return True
    before = connection.execute(select(batches.c.id).where(batches.c.file_hash == digest).limit(1)).first()
    return bool(batch.rejected) and before is None


def _keep_watermark(connection: Connection, feed: str, reached: int, known: int | None, moment: int) -> int:
    """Store how far the view has been read, never backwards."""
    kept = reached if known is None else max(known, reached)
    connection.execute(delete(watermarks).where(watermarks.c.feed == feed))
    connection.execute(insert(watermarks).values(feed=feed, watermark=kept, pulled_at=moment))
    return kept
