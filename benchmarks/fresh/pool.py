"""A large pool behind what is posted, and a key to post with."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from sqlalchemy import insert

from benchmarks.query import END, _ground, _write_segments
from data.api_keys import Grant, create_key
from data.settings import Settings
from data.store import open_store
from data.tables import changes
from geo.datum import Datum

FIRST = pd.Timestamp(END, tz="Asia/Shanghai") - pd.Timedelta(days=2)
"""When the first posted incident was accepted; each next one a second later, by which the watcher knows them apart."""

SOURCE = "hotline"


@dataclass(frozen=True)
class Made:
    """A pool on disk and a key of its intake."""

    settings: Settings
    key: str


def open_large(folder: Path, installed: Settings, behind: int) -> Made:
    """Publish so many incidents, as compaction leaves them, where the folder has none yet.

    Parameters
    ----------
    installed
        Whose geography is borrowed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    geography = folder / "geography"
    if not geography.exists():
        geography.symlink_to(installed.geography.resolve())
    settings = replace(installed, var=folder.resolve(), database_url="")
    engine = open_store(settings)
    if not settings.segments.is_dir():
        _write_segments(engine, settings, _ground(settings), behind, 0)
        _continue_log(engine, behind)
    key = create_key(engine, Grant("freshness", (SOURCE,), settings.root_code, Datum.WGS84), now=0)[1]
    engine.dispose()
    return Made(settings, key)


def _continue_log(engine: object, position: int) -> None:
    """Let the log go on where the segments end, which were written without one."""
    moment = int(FIRST.timestamp())
    last = {
        "position": position,
        "incident_id": position,
        "weight": 1,
        "source": SOURCE,
        "dispute_type": "D02",
        "channel": "direct",
        "status": "accepted",
        "occurred_at": moment,
        "accepted_at": moment,
        "place": 0,
        "cell": 0,
        "located_by": 0,
        "conflict": False,
        "duplicate": False,
        "batch_id": 0,
        "recorded_at": moment,
    }
    with engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(insert(changes).values(last))
