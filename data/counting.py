"""Counting: DuckDB in memory over the manifest's files."""

import threading
from typing import Any

import duckdb
import pandas as pd
from sqlalchemy import Engine, Select
from sqlalchemy.exc import SQLAlchemyError

from data.dialects import render
from data.segments import SCHEMA, Manifest, read_manifest
from data.settings import Settings
from data.store import PoolUnavailableError


class Counting:
    """Runs counting queries over the published segments; safe to share between threads."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._views: set[int] = set()
        self._lock = threading.Lock()
        self._duckdb = duckdb.connect(":memory:")
        self._duckdb.execute("SET autoinstall_known_extensions = false")
        self._duckdb.execute("SET autoload_known_extensions = false")
        self._duckdb.execute("SET memory_limit = $limit", {"limit": settings.duckdb_memory})
        self._duckdb.execute("SET parquet_metadata_cache = true")

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
            self._ensure_view(manifest)
            text, values = render(query, "duckdb", facts_name=f"facts_{manifest.version}")
            return self._fetch(text, values)
        except (duckdb.Error, SQLAlchemyError) as error:
            raise PoolUnavailableError(str(error)) from error

    def _fetch(self, text: str, values: dict[str, Any]) -> pd.DataFrame:
        with self._duckdb.cursor() as cursor:
            return cursor.execute(text, values).df()

    def _ensure_view(self, manifest: Manifest) -> None:
        """Make the view of a version once; a query that runs on an older one keeps it."""
        with self._lock:
            if manifest.version in self._views:
                return
            with self._duckdb.cursor() as cursor:
                name = f"facts_{manifest.version:d}"
                if manifest.files:
                    rows = cursor.read_parquet([str(file) for file in manifest.files])
                else:
                    rows = cursor.from_arrow(SCHEMA.empty_table())
                rows.create_view(name)
            self._views.add(manifest.version)

    def close(self) -> None:
        """Let go of DuckDB."""
        self._duckdb.close()
