"""Segments as a query reads them: small ones held in memory, large ones from their files, all checked first."""

import threading
from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.segments import Manifest, Segment

HELD_ROWS = 2_000_000
"""A pool of at most so many rows is held in memory (some 60 bytes a row): its queries take half the time."""

HELD_FILE_ROWS = 131_072
"""A file of at most so many rows is held whatever the pool's size: opening it costs more than reading it."""


class HeldSegments:
    """Segments that one DuckDB has checked, and tables of those it holds. Safe to share between threads."""

    def __init__(self, engine: duckdb.DuckDBPyConnection) -> None:
        self._duckdb = engine
        self._tables: dict[Path, str] = {}
        self._checked: dict[Path, tuple[int, int]] = {}
        self._newest = 0
        self._next_table = 0
        self._lock = threading.Lock()

    def relation(self, manifest: Manifest, needed: Sequence[Segment]) -> tuple[str, list[str]]:
        """SQL that stands for the rows of some segments, and the files it reads (parameter `files`).

        Raises
        ------
        DamagedSegmentError
            A segment is missing or is not what was published.
        """
        few = manifest.rows <= HELD_ROWS
        with self._lock:
            self._forget(manifest)
            held = [segment for segment in needed if few or segment.rows <= HELD_FILE_ROWS]
            tables = [self._table(segment) for segment in held]
            read = [segment for segment in needed if segment not in held]
            for segment in read:
                self._check(segment)
        parts = [f"SELECT * FROM {name}" for name in tables]  # noqa: S608 - own names
        if read:
            parts.insert(0, "SELECT * FROM READ_PARQUET($files)")
        if len(parts) == 1:
            return parts[0].removeprefix("SELECT * FROM "), [str(segment.path) for segment in read]
        return "(" + " UNION ALL ".join(parts) + ")", [str(segment.path) for segment in read]

    def _table(self, segment: Segment) -> str:
        """Name of the table with a segment's rows; files never change, so each is read once."""
        if segment.path not in self._tables:
            self._check(segment)
            self._next_table += 1
            name = f"held_{self._next_table:d}"
            self._duckdb.read_parquet(str(segment.path)).create(name)
            self._tables[segment.path] = name
        return self._tables[segment.path]

    def _check(self, segment: Segment) -> None:
        """Compare a file with its checksum when it is met, and again when it was touched since."""
        if segment.path in self._tables:
            return
        try:
            found = segment.path.stat()
            seen = (found.st_size, found.st_mtime_ns)
        except FileNotFoundError:
            seen = None
        if seen is None or self._checked.get(segment.path) != seen:
            segment.check()
            if seen is not None:
                self._checked[segment.path] = seen

    def _forget(self, manifest: Manifest) -> None:
        """Drop the tables of segments that count no more; a query that still wanted one asks again."""
        if manifest.newest <= self._newest:
            return
        self._newest = manifest.newest
        named = set(manifest.files)
        for path in self._tables.keys() - named:
            self._duckdb.execute(f"DROP TABLE {self._tables.pop(path)}")
        self._checked = {path: seen for path, seen in self._checked.items() if path in named}
