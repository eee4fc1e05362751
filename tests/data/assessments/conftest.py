"""A toy pool with a burst of wage disputes in the last weeks around one point."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data.assessments.assess import Assessor
from data.assessments.parameters import Parameters, ScanSettings
from data.counting import Counting
from tests.pools import Pool

LAST_DAY = dt.date(2026, 11, 24)


def feed(size: int = 900, *, burst: int = 40) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    hours = np.concatenate([rng.integers(24, 25 * 168, size), rng.integers(24, 14 * 24, burst)])
    accepted = pd.Timestamp("2026-11-25 08:00") - pd.to_timedelta(hours, unit="h")
    everywhere = rng.choice(["103.2", "103.4", "103.6", "103.8", "104.4"], size)
    return pd.DataFrame(
        {
            "编号": np.arange(size + burst),
            "纠纷类型": np.concatenate([rng.choice(["邻里", "婚姻家庭"], size), np.full(burst, "劳动争议、欠薪")]),
            "受理时间": accepted.strftime("%Y-%m-%d %H:%M:%S"),
            "区划代码": "",
            "经度": np.concatenate([everywhere, np.full(burst, "103.41")]),
            "纬度": "36.5",
        }
    )


def fill(pool: Pool) -> None:
    pool.take_in(feed())


def nothing(_pool: Pool) -> None:
    """A pool that stays empty."""


@pytest.fixture
def pool(request, copy_of) -> Pool:
    """Copy of a pool: with the burst in it for who counts, empty for who does not."""
    return copy_of(fill if "counting" in request.fixturenames else nothing)


@pytest.fixture
def settings(pool):
    return pool.settings


@pytest.fixture
def engine(pool):
    return pool.engine


@pytest.fixture
def import_rows(pool):
    return pool.take_in


@pytest.fixture
def counting(pool) -> Counting:
    return pool.counting


@pytest.fixture
def assessor(engine, settings, counting, places) -> Assessor:
    return Assessor(engine, counting, settings, locator=places.locator)


@pytest.fixture
def parameters() -> Parameters:
    layers, types = ("county", "cell7"), ("", "D01", "D06")
    return Parameters("62", LAST_DAY, layers, types, steps=20, scan=ScanSettings(layer=""))
