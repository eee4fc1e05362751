"""The cube is compared with a plain loop over the stored rows."""

import datetime as dt
from collections import Counter
from pathlib import Path

import h3.api.basic_int as h3
import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from data.cell_series import cell_series
from data.counting import Counting
from data.cube import TOTAL, count_cube
from data.filter import IncidentFilter, OutOfScopeError
from data.layers import LAYERS, layer_of
from data.steps import steps_until
from data.study_area import area_of_cells, area_of_divisions, common_division
from data.tables import incidents
from geo.hexagons import text
from risk.incident import DISPUTE_TYPES
from tests.pools import Pool

LAST_DAY = dt.date(2026, 11, 24)
WEEKS = steps_until(LAST_DAY, unit="week", count=20)


def fill(pool: Pool) -> None:
    rng = np.random.default_rng(5)
    size = 900
    accepted = pd.Timestamp("2026-11-25 08:00") - pd.to_timedelta(rng.integers(0, 200 * 24, size), unit="h")
    point = rng.random(size) < 0.8
    rows = pd.DataFrame(
        {
            "编号": np.arange(size),
            "纠纷类型": rng.choice(["邻里", "婚姻家庭", "劳动争议、欠薪"], size),
            "受理时间": accepted.strftime("%Y-%m-%d %H:%M:%S"),
            "区划代码": rng.choice(["620102", "", "6201"], size),
            "经度": np.where(point, (103.5 + rng.choice([0.0, 0.02, 1.0], size)).astype(str), ""),
            "纬度": np.where(point, "36.5", ""),
        }
    )
    pool.take_in(rows)


@pytest.fixture
def counting(pool_of) -> Counting:
    return pool_of(fill).counting


@pytest.fixture
def geography(pool_of) -> Path:
    return pool_of(fill).settings.geography


@pytest.fixture
def stored(pool_of) -> pd.DataFrame:
    with pool_of(fill).engine.connect() as connection:
        rows = pd.DataFrame(connection.execute(select(incidents)).mappings().all())
    rows["date"] = pd.to_datetime(rows["occurred_at"], unit="s", utc=True).dt.tz_convert("Asia/Shanghai").dt.date
    return rows


def step_by_loop(steps, date: dt.date) -> int | None:
    for step in range(steps.count):
        if steps.of(step).start <= date < steps.of(step).end:
            return step
    return None


@pytest.mark.parametrize("unit", ["day", "week", "month"])
@pytest.mark.parametrize("name", ["county", "cell7"])
def test_every_count_equals_a_loop_over_the_rows(counting, stored, geography, places, unit, name):
    steps = steps_until(LAST_DAY, unit=unit, count=5)
    layer = layer_of(name)
    if layer.is_cells:
        area = area_of_cells(counting, "62", layer, places.locator)
    else:
        area = area_of_divisions("62", layer, geography)
    cube = count_cube(counting, IncidentFilter("62", steps.period), layer=layer, places=area.places, steps=steps)
    looped: Counter = Counter()
    for row in stored.itertuples():
        step = step_by_loop(steps, row.date)
        place = h3.cell_to_parent(row.cell, 7) if layer.is_cells and row.cell else 0
        if not layer.is_cells:
            place = row.place // 10**9 * 10**9
        if step is not None and place in set(area.places.tolist()):
            looped[place, step, row.dispute_type] += 1
            looped[place, step, TOTAL] += 1
    for kind in (TOTAL, "D01", "D06", "D20"):
        dense = cube.dense(kind)
        for position, place in enumerate(area.places.tolist()):
            for step in range(steps.count):
                assert dense[position, step] == looped[place, step, kind]
    inside = sum(step_by_loop(steps, date) is not None for date in stored["date"])
    assert cube.rows["incident_count"].sum() + cube.elsewhere["incident_count"].sum() == inside


def test_types_add_up_to_the_total(counting, geography):
    area = area_of_divisions("6201", LAYERS["county"], geography)
    asked = IncidentFilter("6201", WEEKS.period)
    cube = count_cube(counting, asked, layer=LAYERS["county"], places=area.places, steps=WEEKS)
    assert (sum(cube.dense(kind) for kind in DISPUTE_TYPES) == cube.dense()).all()
    assert cube.dense().shape == (len(area.places), 20)


def test_places_never_hit_are_there_and_places_outside_the_scope_are_not(counting, geography):
    area = area_of_divisions("6201", LAYERS["county"], geography)
    assert len(area.places) == 9
    assert (area.places // 10**11 == 6201).all()
    assert 620171000000000 in area.places.tolist()
    assert not any(
        place // 10**11 in (6297, 6298, 6299) for place in area_of_divisions("62", LAYERS["city"], geography).places
    )
    asked = IncidentFilter("6202", WEEKS.period)
    with pytest.raises(OutOfScopeError):
        count_cube(counting, asked, layer=LAYERS["county"], places=area.places, steps=WEEKS)
    with pytest.raises(ValueError, match="period"):
        count_cube(
            counting,
            IncidentFilter("6201", WEEKS.of(0)),
            layer=LAYERS["county"],
            places=area.places,
            steps=WEEKS,
        )


def test_cells_come_with_their_ring_as_far_as_it_lies_in_the_scope(counting, places, stored):
    layer = LAYERS["cell7"]
    area = area_of_cells(counting, "62", layer, places.locator)
    hit = {h3.cell_to_parent(cell, 7) for cell in stored["cell"] if cell}
    assert hit <= set(area.places.tolist())
    for cell in set(area.places.tolist()) - hit:
        assert hit & set(h3.grid_ring(cell, 1))
    assert (np.diff(area.places) > 0).all()
    assert (area.home // 10**13 == 62).all()
    one = area_of_cells(counting, "620102001", layer, places.locator)
    assert (one.home // 10**6 == 620102001).all()


def test_an_empty_pool_has_an_empty_study_area_of_cells(engine, settings, places):
    counting = Counting(engine, settings)
    area = area_of_cells(counting, "62", LAYERS["cell7"], places.locator)
    assert len(area.places) == area.neighbours.count == 0
    cube = count_cube(
        counting, IncidentFilter("62", WEEKS.period), layer=LAYERS["cell7"], places=area.places, steps=WEEKS
    )
    assert cube.dense().shape == (0, 20)
    counting.close()


def test_the_common_division_is_the_smallest_that_holds_both():
    first = np.array([620102001001001, 620102001001001, 620102000000000, 620100000000000, 620102001001001])
    last = np.array([620102001001001, 620102001001002, 620102002001001, 620200000000000, 630102001001001])
    assert common_division(first, last).tolist() == [
        620102001001001,
        620102001001000,
        620102000000000,
        620000000000000,
        0,
    ]


def test_an_unknown_layer_or_type_is_refused(counting, geography):
    with pytest.raises(ValueError, match="cell7"):
        layer_of("street")
    area = area_of_divisions("6201", LAYERS["county"], geography)
    asked = IncidentFilter("6201", WEEKS.period)
    cube = count_cube(counting, asked, layer=LAYERS["county"], places=area.places, steps=WEEKS)
    with pytest.raises(ValueError, match="D77"):
        cube.series("D77")


def test_the_series_of_a_cell_is_its_row_of_the_cube_without_small_counts(counting, places):
    layer = LAYERS["cell7"]
    area = area_of_cells(counting, "62", layer, places.locator)
    asked = IncidentFilter("62", WEEKS.period, dispute_types=("D02",))
    cube = count_cube(counting, asked, layer=layer, places=area.places, steps=WEEKS)
    dense = cube.dense("D02")
    for position in range(len(area.places)):
        series = cell_series(counting, asked, text(area.places[[position]])[0], WEEKS)
        assert series.index[0] == WEEKS.of(0).start
        expected = [None if 0 < count < 5 else count for count in dense[position].tolist()]
        assert [None if pd.isna(value) else value for value in series] == expected
    with pytest.raises(ValueError, match="period"):
        cell_series(counting, IncidentFilter("62", WEEKS.of(0)), text(area.places[:1])[0], WEEKS)
