"""Damaged segments made again from the log, which holds every row that was ever published."""

from dataclasses import dataclass

from sqlalchemy import Engine

from data.arrow_reading import arrow_reading
from data.locks import only_one
from data.segments.files import DamagedSegmentError, write_file
from data.segments.log import months_of_log
from data.segments.manifest import Segment, read_manifest, swap
from data.segments.publication import republish_locked
from data.segments.schema import segment_rows
from data.settings import Settings
from data.store import writing


class LogIncompleteError(RuntimeError):
    """The log has not the rows that a segment had."""


@dataclass(frozen=True)
class Rebuilt:
    """How many segments were looked at, and the names of those that others took the place of."""

    checked: int
    files: tuple[str, ...]


def damaged(engine: Engine, settings: Settings) -> list[tuple[Segment, str]]:
    """Segments that are missing or not what was published, each with what was found."""
    found = []
    for segment in read_manifest(engine, settings).segments:
        try:
            segment.check()
        except DamagedSegmentError as error:
            found.append((segment, str(error)))
    return found


def rebuild(engine: Engine, settings: Settings, *, everything: bool = False) -> Rebuilt:
    """Make damaged segments again from the log, each swapped in by itself, or all of them in one step.

    Parameters
    ----------
    everything
        Publish the whole log anew, whatever the manifest and checksums say; readers see either all or nothing of it.

    Raises
    ------
    LogIncompleteError
        The log has more or fewer rows than a segment that is not to be trusted; that segment is left as it is.
    PoolUnavailableError
        The store does not answer, or there is no room.
    """
    with only_one(engine, settings, "publish"):
        manifest = read_manifest(engine, settings)
        bad = {segment.id for segment, _ in damaged(engine, settings)}
        again = [segment for segment in manifest.segments if everything or segment.id in bad]
        if everything:
            republish_locked(engine, settings)
        for segment in () if everything else again:
            _rebuild(engine, settings, segment)
    return Rebuilt(len(manifest.segments), tuple(segment.path.name for segment in again))


def _rebuild(engine: Engine, settings: Settings, segment: Segment) -> None:
    positions = (segment.first_position, segment.last_position)
    zone = str(settings.timezone)
    with arrow_reading(engine) as read:
        log = months_of_log(read, positions, (segment.first_month, segment.last_month), zone)
    if log.num_rows != segment.rows:
        raise LogIncompleteError(
            f"分段 {segment.path.name} 应有 {segment.rows:,} 行（日志位置 {positions[0]}–{positions[1]}），"
            f"库中变更记录只对上 {log.num_rows:,} 行。请先从备份恢复变更记录。"
        )
    written = write_file(segment_rows(log, zone), settings.segments)
    try:
        with writing(engine) as connection:
            swap(connection, [segment], [(written, *positions)], recount=True)
    except BaseException:
        written.path.unlink(missing_ok=True)
        raise
