"""Counting: DuckDB in memory over the manifest's files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd
from sqlalchemy import Engine, Select
from sqlalchemy.exc import SQLAlchemyError

from data.dialects import render
from data.held_segments import HeldSegments
from data.segments import SCHEMA, DamagedSegmentError, Manifest, Segment, read_manifest
from data.settings import Settings
from data.unavailable import PoolUnavailableError, reason

_NOTHING = "no_facts"
"""An empty table that stands for the facts where no file has any."""

_Found = TypeVar("_Found")

_TURNS = 5
"""How often a query begins anew where segments were put together or removed under it."""


class Counting:
    """Runs counting queries over the published segments; safe to share between threads."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._duckdb = duckdb.connect(":memory:")
        self._duckdb.execute("SET autoinstall_known_extensions = false")
        self._duckdb.execute("SET autoload_known_extensions = false")
        self._duckdb.execute("SET memory_limit = $limit", {"limit": settings.duckdb_memory})
        self._duckdb.execute("SET parquet_metadata_cache = true")
        self._duckdb.from_arrow(SCHEMA.empty_table()).create(_NOTHING)
        self._held = HeldSegments(self._duckdb)
        self._kept: dict[str, dict[Path, pd.DataFrame]] = {}

    def version(self) -> int:
        """Version of what is published now.

        Raises
        ------
        PoolUnavailableError
            The record store does not answer.
        """
        return self._manifest().version

    def run(self, query: Select) -> pd.DataFrame:
        """Rows of a query over `facts`, all of one manifest, as published at this moment.

        Raises
        ------
        DamagedSegmentError
            A segment is missing or is not what was published.
        PoolUnavailableError
            The store or a segment can not be read.
        """
        return self._read(lambda manifest: self._run(manifest, _needed(manifest, query), query))

    def run_each(self, query: Select) -> list[pd.DataFrame]:
        """Rows of a query over each segment by itself, not to be changed.

        A segment never changes, so what was found in it is kept: only those published since are read. For what can be
        put together from parts, such as a maximum, and few queries: results are kept for each of them.

        Raises
        ------
        DamagedSegmentError, PoolUnavailableError
            As `run`.
        """
        return self._read(lambda manifest: self._run_each(manifest, query))

    def _run_each(self, manifest: Manifest, query: Select) -> list[pd.DataFrame]:
        asked = str(render(query, "duckdb"))
        kept = self._kept.get(asked, {})
        found = {
            segment.path: kept[segment.path] if segment.path in kept else self._run(manifest, [segment], query)
            for segment in manifest.segments
        }
        self._kept[asked] = found
        return list(found.values())

    def _read(self, read: Callable[[Manifest], _Found]) -> _Found:
        """Read from the manifest of this moment, or of the next one where files are swapped meanwhile."""
        manifest = self._manifest()
        for _ in range(_TURNS):
            try:
                return read(manifest)
            except (duckdb.Error, OSError, DamagedSegmentError) as error:
                failed, failure = manifest, error
            manifest = self._manifest()
            # Files are swapped and removed while others read them; an error of the files that still count is one.
            if manifest.newest == failed.newest and not isinstance(failure, duckdb.CatalogException):
                break
        if isinstance(failure, PoolUnavailableError):
            raise failure
        raise PoolUnavailableError(str(failure)) from failure

    def _manifest(self) -> Manifest:
        try:
            return read_manifest(self._engine, self._settings)
        except SQLAlchemyError as error:
            raise PoolUnavailableError(reason(error)) from error

    def _run(self, manifest: Manifest, needed: list[Segment], query: Select) -> pd.DataFrame:
        text, values = render(query, "duckdb", facts_name=_NOTHING)
        if needed:
            relation, files = self._held.relation(manifest, needed)
            text = text.replace(f"FROM {_NOTHING} AS", f"FROM {relation} AS")
            if files:
                values["files"] = files
        return self._fetch(text, values)

    def _fetch(self, text: str, values: dict[str, Any]) -> pd.DataFrame:
        with self._duckdb.cursor() as cursor:
            return cursor.execute(text, values).df()

    def close(self) -> None:
        """Let go of DuckDB."""
        self._duckdb.close()


def _needed(manifest: Manifest, query: Select) -> list[Segment]:
    """Segments that may hold rows of the query's months; all of them when it names none."""
    months = query.get_execution_options().get("months")
    if months is None:
        return list(manifest.segments)
    return [segment for segment in manifest.segments if not months.isdisjoint(segment.months)]
