"""Counting: DuckDB in memory over the manifest's files."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
from sqlalchemy import Engine, Select
from sqlalchemy.exc import SQLAlchemyError

from data.dialects import render
from data.held_segments import HELD_FILE_ROWS, HeldSegments
from data.kept import Kept
from data.segments import SCHEMA, DamagedSegmentError, Manifest, Segment, read_manifest, read_version
from data.settings import Settings
from data.unavailable import PoolUnavailableError, reason

_NOTHING = "no_facts"
"""An empty table that stands for the facts where no file has any."""

_Found = TypeVar("_Found")

Columns = dict[str, np.ndarray]
"""A result by the names of its columns."""

_MOST_KEPT = 512
"""Parts of results kept."""

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
        self._kept: Kept[tuple[str, tuple[Path, ...]], Columns] = Kept(_MOST_KEPT)

    @property
    def timezone(self) -> ZoneInfo:
        """Time zone that days are counted in."""
        return self._settings.timezone

    def version(self) -> int:
        """Version of what is published now.

        Raises
        ------
        PoolUnavailableError
            The record store does not answer.
        """
        try:
            return read_version(self._engine)
        except SQLAlchemyError as error:
            raise PoolUnavailableError(reason(error)) from error

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

    def run_each(self, query: Select) -> list[Columns]:
        """Columns of a query over parts of the segments, not to be changed.

        Segments never change, so what was found in them is kept: large ones are one part, and of the small ones only
        those published since are read. For what can be put together from parts, such as sums or a maximum.

        Raises
        ------
        DamagedSegmentError, PoolUnavailableError
            As `run`.
        """
        return self._read(lambda manifest: self._run_each(manifest, query))

    def _run_each(self, manifest: Manifest, query: Select) -> list[Columns]:
        asked, needed = str(render(query, "duckdb")), _needed(manifest, query)
        large = [segment for segment in needed if segment.rows > HELD_FILE_ROWS]
        parts = [large, *([segment] for segment in needed if segment.rows <= HELD_FILE_ROWS)]
        return [
            self._kept.of(
                (asked, tuple(segment.path for segment in part)), partial(self._columns, manifest, part, query)
            )
            for part in parts
            if part
        ]

    def _columns(self, manifest: Manifest, needed: list[Segment], query: Select) -> Columns:
        found = self._query(manifest, needed, query, lambda cursor: cursor.fetchnumpy())
        return {name: np.asarray(values) for name, values in found.items()}

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
        return self._query(manifest, needed, query, lambda cursor: cursor.df())

    def _query(
        self,
        manifest: Manifest,
        needed: list[Segment],
        query: Select,
        take: Callable[[duckdb.DuckDBPyConnection], _Found],
    ) -> _Found:
        text, values = render(query, "duckdb", facts_name=_NOTHING)
        if needed:
            relation, files = self._held.relation(manifest, needed)
            text = text.replace(f"FROM {_NOTHING} AS", f"FROM {relation} AS")
            if files:
                values["files"] = files
        with self._duckdb.cursor() as cursor:
            return take(cursor.execute(text, values))

    def close(self) -> None:
        """Let go of DuckDB."""
        self._duckdb.close()


def _needed(manifest: Manifest, query: Select) -> list[Segment]:
    """Segments that may hold rows of the query's months; all of them when it names none."""
    months = query.get_execution_options().get("months")
    if months is None:
        return list(manifest.segments)
    return [segment for segment in manifest.segments if not months.isdisjoint(segment.months)]
