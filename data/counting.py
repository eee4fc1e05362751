"""Counting: DuckDB in memory over the manifest's files."""

from typing import Any

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
        manifest = self._manifest()
        for _ in range(_TURNS):
            try:
                return self._run(manifest, query)
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

    def _run(self, manifest: Manifest, query: Select) -> pd.DataFrame:
        text, values = render(query, "duckdb", facts_name=_NOTHING)
        if needed := _needed(manifest, query):
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
