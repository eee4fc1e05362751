"""A toy province for tests of the pool: two cities, a few counties, townships as unit squares."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest

from data.demo import is_demo_built
from data.places import Places, known_places
from data.settings import Settings
from data.store import open_store
from tests.examples import few
from tests.pools import Fill, Pool, Pools
from tests.postgresql import NO_BINARIES, TEMPLATE, Server, find_binaries

ROOT = Path(__file__).resolve().parent.parent
AS_OF = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")


# Examples are the same in each run: what fails here fails everywhere. `make drill` tries three times as many.
hypothesis.settings.register_profile("everyday", max_examples=few(100), deadline=None, derandomize=True)
hypothesis.settings.load_profile("everyday")


def pytest_configure(config: pytest.Config) -> None:
    """Share files between processes in the order below, not in one by their number of tests."""
    if config.getoption("dist", "") == "loadfile":
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with a file that builds the demo, and go through those that need none while it is built.

    Of the rest the large ones come first, so that no process is left alone with one of them at the end.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("examples")
    needs = {path: any("demo" in getattr(item, "fixturenames", ()) for item in files[path]) for path in files}
    paths = sorted(files, key=lambda path: (needs[path], -len(files[path])))
    with_demo = [path for path in paths if needs[path]]
    paths = with_demo[-1:] + [path for path in paths if path not in with_demo[-1:]]
    items[:] = [item for path in paths for item in files[path]]


class SquareLocator:
    """Township 620102001 is the square [103, 104) x [36, 37), 620102002 the one east of it; nothing else is drawn."""

    def locate(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        row = np.floor(latitude) == 36
        west, east = row & (np.floor(longitude) == 103), row & (np.floor(longitude) == 104)
        return np.where(west, 620102001001001, np.where(east, 620102002001001, 0)).astype("int64")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL of the tests' own, with a store prepared as template of every test's database."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip(NO_BINARIES)
    server = Server(binaries)
    server.start()
    server.execute(f"CREATE DATABASE {TEMPLATE}")
    open_store(Settings(database_url=server.url(TEMPLATE))).dispose()
    yield server
    server.stop(mode="immediate")
    server.remove()


@pytest.fixture
def store_kind(request: pytest.FixtureRequest) -> str:
    """Kind of the record store: "sqlite", or whatever a test is parametrized with."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def store(request: pytest.FixtureRequest, store_kind: str) -> Iterator[str]:
    """DATABASE_URL of a new record store: none, which is SQLite, or of a new database on PostgreSQL."""
    if getattr(request, "param", store_kind) == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgresql")
    database = server.new_database()
    yield server.url(database)
    server.drop(database)


@pytest.fixture
def settings(tmp_path: Path, store: str) -> Settings:
    return Settings(var=tmp_path / "var", database_url=store)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite store, to be copied: to make its tables takes longer than most tests do."""
    settings = Settings(var=tmp_path_factory.mktemp("prepared"))
    open_store(settings).dispose()
    return settings.var / "store.sqlite"


@pytest.fixture
def engine(settings: Settings, prepared: Path):
    if not settings.database_url and not (settings.var / prepared.name).exists():
        settings.var.mkdir(exist_ok=True)
        shutil.copy(prepared, settings.var)
    engine = open_store(settings)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def pools(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Pools]:
    """What the tests of a module filled."""
    folder = tmp_path_factory.mktemp("pools")
    pools = Pools(folder, lambda: request.getfixturevalue("postgresql"), prepared, toy_places(), AS_OF)
    yield pools
    pools.close()


@pytest.fixture
def pool_of(pools: Pools, store_kind: str) -> Callable[[Fill], Pool]:
    """`pool_of(fill)`: the pool that `fill(pool)` filled, once for a module and kind of store, for tests that read."""
    return lambda fill: pools.read(store_kind, fill)


@pytest.fixture
def copy_of(pools: Pools, store_kind: str, tmp_path: Path) -> Iterator[Callable[[Fill], Pool]]:
    """`copy_of(fill)`: a copy of what `fill(pool)` filled once, for tests that write."""
    with pools.copies(store_kind, tmp_path / "copy") as copy:
        yield copy


def toy_places() -> Places:
    """The divisions of the toy province."""
    codes = pd.Series(
        [
            *("62", "6201", "620102", "620102001", "620102001001", "620102001001001"),
            *("620102002", "620102002001", "620102002001001", "620171", "6202", "620201"),
        ]
    )
    drawn = ~codes.isin(["620171"])
    return known_places(codes, drawn, root="62", bounds=(92.0, 32.0, 109.0, 43.0), locator=SquareLocator())


@pytest.fixture
def places() -> Places:
    return toy_places()


@pytest.fixture
def as_of() -> pd.Timestamp:
    return AS_OF


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """`built_once(name, build)`: folder that `build(folder)` filled for every process that shares the work."""
    base = tmp_path_factory.getbasetemp()
    # Such processes have folders of their own in one that is common to them.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def once(name: str, build: Callable[[Path], object]) -> Path:
        folder, built = shared / name, shared / f"{name}.built"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not built.exists():
                folder.mkdir(exist_ok=True)
                build(folder)
                built.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def demo(built_once) -> Settings:
    """The demo of Gansu, smaller in incidents but whole in geography; built once, for tests that read.

    It ends at `AS_OF`, so that it is the same on every day.

    `PINGAN_TEST_DEMO` names a folder to keep it in, for whoever runs the tests again and again.
    """
    kept = os.environ.get("PINGAN_TEST_DEMO")

    def build(folder: Path) -> None:
        settings = Settings(var=Path(kept) if kept else folder)
        environment = os.environ | {"PINGAN_VAR": str(settings.var), "DATABASE_URL": ""}
        command = [sys.executable, "manage.py", "demo", "--incidents", "30000", "--until", f"{AS_OF:%Y-%m-%d %H:%M}"]
        if not is_demo_built(settings):
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

    folder = built_once("demo", build)
    return Settings(var=Path(kept) if kept else folder)


@pytest.fixture
def bare(demo: Settings, tmp_path: Path) -> Settings:
    """An installation with the demo's geography and nothing in its pool, for tests that write."""
    settings = Settings(var=tmp_path / "bare")
    settings.var.mkdir()
    settings.geography.symlink_to(demo.geography)
    return settings
