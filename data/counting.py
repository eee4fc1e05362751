"""Counting: DuckDB in memory over the manifest's files."""

import threading
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from sqlalchemy import Engine, Select
from sqlalchemy.exc import SQLAlchemyError

from data.dialects import render
from data.segments import SCHEMA, Manifest, months_in, read_manifest
from data.settings import Settings
from data.store import PoolUnavailableError

_NOTHING = "no_facts"
"""An empty table that stands for the facts where no file has any."""

HELD_ROWS = 2_000_000
"""A pool of at most so many rows is held in memory (some 60 bytes a row): its queries take half the time."""


class Counting:
    """Runs counting queries over the published segments; safe to share between threads."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._months: dict[Path, tuple[int, int]] = {}
        self._tables: dict[Path, str] = {}
        self._next_table = 0
        self._lock = threading.Lock()
        self._duckdb = duckdb.connect(":memory:")
        self._duckdb.execute("SET autoinstall_known_extensions = false")
        self._duckdb.execute("SET autoload_known_extensions = false")
        self._duckdb.execute("SET memory_limit = $limit", {"limit": settings.duckdb_memory})
        self._duckdb.execute("SET parquet_metadata_cache = true")
        self._duckdb.from_arrow(SCHEMA.empty_table()).create(_NOTHING)

    def version(self) -> int:
        """Version of what is published now.

        Raises
        ------
        PoolUnavailableError
            The record store does not answer.
        """
        try:
            return read_manifest(self._engine, self._settings).version
        except SQLAlchemyError as error:
            raise PoolUnavailableError(str(error)) from error

    def run(self, query: Select) -> pd.DataFrame:
        """Rows of a query over `facts`, as published at this moment.

        Raises
        ------
        PoolUnavailableError
            The store or a segment can not be read.
        """
        try:
            manifest = read_manifest(self._engine, self._settings)
            files = self._needed(manifest, query)
            text, values = render(query, "duckdb", facts_name=_NOTHING)
            if files and manifest.rows <= HELD_ROWS:
                text = text.replace(f"FROM {_NOTHING} AS", f"FROM {self._held(files)} AS")
            elif files:
                text = text.replace(f"FROM {_NOTHING} AS", "FROM READ_PARQUET($files) AS")
                values["files"] = [str(file) for file in files]
            return self._fetch(text, values)
        except (duckdb.Error, SQLAlchemyError, OSError, pa.ArrowException) as error:
            raise PoolUnavailableError(str(error)) from error

    def _held(self, files: list[Path]) -> str:
        """SQL of the files' rows as tables in memory; a file is read once, for files never change."""
        with self._lock:
            for file in files:
                if file not in self._tables:
                    self._next_table += 1
                    self._duckdb.read_parquet(str(file)).create(name := f"held_{self._next_table:d}")
                    self._tables[file] = name
            names = [self._tables[file] for file in files]
        if len(names) == 1:
            return names[0]
        return "(" + " UNION ALL ".join(f"SELECT * FROM {name}" for name in names) + ")"  # noqa: S608 - own names

    def _needed(self, manifest: Manifest, query: Select) -> list[Path]:
        """Files that may hold rows of the query's months; all of them when it names none."""
        months = query.get_execution_options().get("months")
        if months is None:
            return list(manifest.files)
        return [file for file in manifest.files if not months.isdisjoint(range(*self._span(file)))]

    def _span(self, file: Path) -> tuple[int, int]:
        """Half-open range of a file's months; files never change, so each is looked into once."""
        if file not in self._months:
            first, last = months_in(file)
            self._months[file] = (first, last + 1)
        return self._months[file]

    def _fetch(self, text: str, values: dict[str, Any]) -> pd.DataFrame:
        with self._duckdb.cursor() as cursor:
            return cursor.execute(text, values).df()

    def close(self) -> None:
        """Let go of DuckDB."""
        self._duckdb.close()
