"""Toy pools that are filled once for a module: read by all its tests, or copied for each that writes."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from data.batch_import import Delivery, import_file
from data.counting import Counting
from data.counts import Counts
from data.places import Places
from data.segments import publish
from data.settings import Settings
from data.store import open_store
from geo.datum import Datum
from tests.postgresql import TEMPLATE, Server


class Pool:
    """An installation with its record store and segments on the toy province."""

    def __init__(self, settings: Settings, places: Places, as_of: pd.Timestamp) -> None:
        self.settings = settings
        self.places = places
        self.as_of = as_of
        self.engine: Engine = open_store(settings)

    @cached_property
    def counting(self) -> Counting:
        return Counting(self.engine, self.settings)

    @cached_property
    def counts(self) -> Counts:
        return Counts(self.engine, self.counting)

    def take_in(self, rows: pd.DataFrame, source: str = "hotline") -> None:
        """Import rows under their Chinese headers, and publish them."""
        path = self.settings.var / f"{source}.csv"
        rows.to_csv(path, index=False)
        import_file(self.engine, self.places, Delivery(path, source, Datum.WGS84), as_of=self.as_of)
        publish(self.engine, self.settings)
        path.unlink()

    def close(self) -> None:
        if "counting" in self.__dict__:
            self.counting.close()
        self.engine.dispose()


Fill = Callable[[Pool], Any]


@dataclass(frozen=True)
class Pools:
    """What a module has filled, by kind of store and by the function that filled it."""

    folder: Path
    server: Callable[[], Server]
    prepared: Path
    """An empty SQLite store."""
    places: Places
    as_of: pd.Timestamp
    _filled: dict[tuple[str, Fill], Settings] = field(default_factory=dict)
    _open: dict[tuple[str, Fill], Pool] = field(default_factory=dict)

    def read(self, kind: str, fill: Fill) -> Pool:
        """The pool that `fill` filled. Not to be written to: the next test finds the same one."""
        if (kind, fill) not in self._open:
            self._open[kind, fill] = Pool(self._settings(kind, fill), self.places, self.as_of)
        return self._open[kind, fill]

    @contextmanager
    def copies(self, kind: str, folder: Path) -> Iterator[Callable[[Fill], Pool]]:
        """Hold a function that copies the pool that `fill` filled into a new folder."""
        made: list[Pool] = []

        def copy(fill: Fill) -> Pool:
            filled = self._settings(kind, fill)
            if (kind, fill) in self._open:
                self._open[kind, fill].engine.dispose()  # nobody may be connected to a database that is copied
            to = folder / str(len(made))
            shutil.copytree(filled.var, to)
            made.append(Pool(self._new(kind, to, template=filled.database_url), self.places, self.as_of))
            return made[-1]

        yield copy
        for pool in made:
            pool.close()
            self._drop(pool.settings)

    def close(self) -> None:
        for pool in self._open.values():
            pool.close()
        for settings in self._filled.values():
            self._drop(settings)

    def _drop(self, settings: Settings) -> None:
        if settings.database_url:
            self.server().drop(name_in(settings.database_url))

    def _settings(self, kind: str, fill: Fill) -> Settings:
        if (kind, fill) not in self._filled:
            var = self.folder / f"{kind}{len(self._filled)}"
            var.mkdir()
            if kind == "sqlite":
                shutil.copy(self.prepared, var)
            settings = self._new(kind, var)
            pool = Pool(settings, self.places, self.as_of)
            try:
                fill(pool)
            finally:
                pool.close()
            self._filled[kind, fill] = settings
        return self._filled[kind, fill]

    def _new(self, kind: str, var: Path, *, template: str = "") -> Settings:
        if kind == "sqlite":
            return Settings(var=var)
        server = self.server()
        database = server.new_database(name_in(template) if template else TEMPLATE)
        return Settings(var=var, database_url=server.url(database))


def name_in(url: str) -> str:
    """Name of the database in a URL."""
    return url.partition("@/")[2].partition("?")[0]
