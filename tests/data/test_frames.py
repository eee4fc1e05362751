import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.counting import Counting
from data.counts import COUNTS
from data.filter import IncidentFilter, Period
from data.frames import child_frames
from tests.pools import Pool

ENDS = [dt.date(2026, 11, 26) - dt.timedelta(days=7 * back) for back in range(12)]


def fill(pool: Pool) -> None:
    rng = np.random.default_rng(3)
    days = pd.to_datetime("2025-09-01") + pd.to_timedelta(rng.integers(0, 450, 900), unit="D")
    rows = pd.DataFrame(
        {
            "编号": [f"F{number}" for number in range(len(days))],
            "纠纷类型": rng.choice(["邻里", "医疗", "消费"], len(days)),
            "受理时间": days.strftime("%Y-%m-%d 09:00:00"),
            "发生时间": days.strftime("%Y-%m-%d 08:00:00"),
            "区划代码": rng.choice(["620102001", "620102002", "620102", "620201"], len(days), p=[0.6, 0.05, 0.05, 0.3]),
        }
    )
    pool.take_in(rows)


@pytest.mark.parametrize("days", [7, 28, 200])
@pytest.mark.parametrize(("division", "children"), [("62", ["6201", "6202"]), ("620102", ["620102001", "620102002"])])
def test_every_frame_is_the_table_of_its_period(pool_of, division, children, days):
    periods = [Period(end - dt.timedelta(days=days), end) for end in ENDS]
    asked = IncidentFilter("62", periods[0], division=division, dispute_types=("D02", "D11"))
    pool = pool_of(fill)
    frames = list(child_frames(pool.counting, asked, children, periods))
    assert len(frames) == len(periods)
    for period, frame in zip(periods, frames, strict=True):
        expected = pool.counts.by_child(replace(asked, period=period), children)[COUNTS]
        pd.testing.assert_frame_equal(frame, expected)


def test_frames_of_an_empty_pool_are_zeros(engine, settings):
    empty = Counting(engine, settings)
    period = Period(dt.date(2026, 1, 1), dt.date(2026, 2, 1))
    (frame,) = child_frames(empty, IncidentFilter("62", period), ["6201"], [period])
    assert frame.loc["6201"].tolist() == [0, 0, 0]
    empty.close()
