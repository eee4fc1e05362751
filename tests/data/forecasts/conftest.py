"""One city of the demo, copied, so that tests may write runs beside it."""

import datetime as dt
import shutil

import pytest

from data.counting import Counting
from data.forecasts.order import ForecastOrder
from data.forecasts.run import Forecasting
from data.settings import Settings
from data.store import open_store

CITY = "6203"
LAYERS = ("county", "township", "village", "grid", "cell7", "cell8")


@pytest.fixture(scope="session")
def city(demo, tmp_path_factory) -> Settings:
    """An installation with the demo's incidents and a store of its own."""
    settings = Settings(var=tmp_path_factory.mktemp("forecasts"))
    for name in ("store.sqlite", "store.sqlite-wal", "store.sqlite-shm"):
        if (demo.var / name).exists():
            shutil.copy(demo.var / name, settings.var / name)
    shutil.copytree(demo.segments, settings.segments, dirs_exist_ok=True)
    settings.geography.symlink_to(demo.geography)
    return settings


@pytest.fixture(scope="session")
def record_store(city):
    engine = open_store(city)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def pool(city, record_store):
    counting = Counting(record_store, city)
    yield counting
    counting.close()


@pytest.fixture(scope="session")
def order(pool) -> ForecastOrder:
    from data.counts import Counts

    newest = max(Counts(pool._engine, pool).latest().values())
    return ForecastOrder(
        CITY, dt.datetime.fromtimestamp(newest, dt.UTC).date() - dt.timedelta(days=2), weeks=78, layers=LAYERS
    )


@pytest.fixture(scope="session")
def forecasting(city, record_store, pool) -> Forecasting:
    return Forecasting(record_store, pool, city)


@pytest.fixture(scope="session")
def made(forecasting, order):
    """The first run, whose model was learnt for it."""
    return forecasting.run(order, assessment_run_id=0, on_progress=lambda *_: None)[0]
