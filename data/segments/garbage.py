"""Garbage: files that no manifest names."""

import time
from contextlib import suppress

from sqlalchemy import Engine, select

from data.locks import only_one
from data.segments.manifest import read_manifest
from data.settings import Settings
from data.tables import ready_segments

GRACE_SECONDS = 900
"""How long a nameless file stays: a query that began with an older manifest may still read it."""


def collect(engine: Engine, settings: Settings, *, grace: float = GRACE_SECONDS) -> tuple[int, int]:
    """Remove files that the manifest does not name and that nobody has touched for `grace` seconds.

    A file that is being put together is younger than that; one that was swapped out is as old as the swap. A query
    that meets a removed file all the same asks again with the manifest of then.

    Returns
    -------
    How many files, and their bytes.
    """
    with only_one(engine, settings, "publish"):
        return collect_locked(engine, settings, grace=grace)


def collect_locked(engine: Engine, settings: Settings, *, grace: float = GRACE_SECONDS) -> tuple[int, int]:
    """As `collect`, by a holder of the lock."""
    with engine.connect() as connection:  # before the manifest: what is named in between was ready before
        ready = set(connection.execute(select(ready_segments.c.file_name)).scalars())
    named = ready | {segment.path.name for segment in read_manifest(engine, settings).segments}
    files = size = 0
    present = time.time()
    for pattern in ("*.parquet", "*.writing"):
        for file in settings.segments.glob(pattern):
            if file.name in named:
                continue
            with suppress(FileNotFoundError):
                found = file.stat()
                if present - found.st_mtime >= grace:
                    file.unlink()
                    files, size = files + 1, size + found.st_size
    return files, size
