"""A whole run on one city: coherent, idempotent, learnt once, and nothing withheld let out."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.cube import count_cube
from data.filter import IncidentFilter, OutOfScopeError
from data.forecasts.delays import shares_reported
from data.forecasts.models import DamagedModelError, list_models, load_model, model_in_use, roll_back
from data.forecasts.reading import SHOWN, ForecastFilter, read_forecast, words_of
from data.forecasts.scored import COLUMNS
from data.layers import layer_of
from data.study_area import area_of_divisions
from geo.divisions import place_of
from risk.incident import DISPUTE_TYPES

COUNTY = "620302"


@pytest.fixture(scope="module")
def rows(made) -> pd.DataFrame:
    return pd.read_parquet(made.file)


def of(rows, layer, kind=""):
    return rows[(rows["layer"] == layer) & (rows["dispute_type"] == kind)]


def test_a_run_has_every_layer_and_every_column_and_no_gap(rows, order, made):
    assert set(rows["layer"]) == set(order.layers)
    assert set(rows.columns) == set(COLUMNS)
    assert not rows.isna().any().any()
    assert made.rows == len(rows)


def test_children_add_up_to_their_county(rows):
    counties, townships = of(rows, "county"), of(rows, "township")
    for county in counties["place"].tolist():
        own = counties.loc[counties["place"] == county, "expected_month"].iloc[0]
        below = townships.loc[townships["place"] // 10**9 == county // 10**9, "expected_month"].sum()
        # What is only known to lie in the county is expected there and in no township.
        assert -1e-9 <= own - below <= 0.25 * own


def test_villages_add_up_to_their_township(rows):
    townships, villages = of(rows, "township"), of(rows, "village")
    sums = villages["expected_week"].groupby(villages["place"] // 10**6).sum()
    both = townships.set_index(townships["place"] // 10**6)["expected_week"]
    assert (sums <= both.loc[sums.index] + 1e-9).all()
    assert sums.sum() > 0.5 * both.sum()


def test_hexagons_add_up_to_coarser_hexagons(rows):
    fine, coarse = of(rows, "cell8"), of(rows, "cell7")
    assert fine["expected_month"].sum() == pytest.approx(coarse["expected_month"].sum())


def test_types_add_up_to_all_together(rows):
    county = of(rows, "county")["place"].iloc[0]
    one = rows[(rows["layer"] == "county") & (rows["place"] == county)]
    kinds = one[one["dispute_type"] != ""]
    together = one[one["dispute_type"] == ""].iloc[0]
    assert kinds["expected_month"].sum() == pytest.approx(together["expected_month"], abs=0.02 * 21)
    assert kinds["month_count"].sum() == together["month_count"]


def test_counts_beside_the_forecast_are_those_of_the_cube(rows, pool, order, city):
    area = area_of_divisions(order.scope, layer_of("township"), city.geography)
    asked = IncidentFilter(order.scope, order.steps.period, sources=order.sources)
    cube = count_cube(pool, asked, layer=area.layer, places=area.places, steps=order.steps)
    counted = pd.Series(cube.dense()[:, -4:].sum(axis=1), index=area.places)
    table = of(rows, "township").set_index("place")
    assert (table["month_count"] == counted.loc[table.index]).all()
    assert table["month_count"].sum() == counted.sum()


def test_bounds_lie_around_the_expected_count(rows):
    assert (rows["low_90_month"] <= rows["low_50_month"]).all()
    assert (rows["high_50_month"] <= rows["high_90_month"]).all()
    assert (rows["low_50_month"] <= np.ceil(rows["expected_month"])).all()
    assert rows["score"].between(0, 100).all()


def test_the_same_order_over_the_same_data_is_not_computed_again(forecasting, order, made):
    again, new = forecasting.run(order, assessment_run_id=0, on_progress=lambda *_: None)
    assert (new, again.id) == (False, made.id)


def test_a_young_model_is_used_again_and_says_the_same(forecasting, order, made, record_store, city, rows):
    other = replace(order, score=replace(order.score, false_discovery=0.1))
    again, new = forecasting.run(other, assessment_run_id=0, on_progress=lambda *_: None)
    assert new
    assert again.model_id == made.model_id
    assert len(list_models(record_store, city, order.scope)) == 1
    pd.testing.assert_frame_equal(
        pd.read_parquet(again.file).drop(columns="surprising"), rows.drop(columns="surprising")
    )


def test_a_model_reads_back_without_pickle_and_a_changed_file_is_refused(record_store, city, order, made, tmp_path):
    stored = model_in_use(record_store, city, order.scope)
    assert load_model(stored).method_ == stored.method
    damaged = tmp_path / "model.skops"
    damaged.write_bytes(stored.file.read_bytes()[:-7] + b"changed")
    with pytest.raises(DamagedModelError, match="校验和"):
        load_model(replace(stored, file=damaged))
    with pytest.raises(DamagedModelError, match="读不出来"):
        load_model(replace(stored, file=tmp_path / "gone.skops"))


def test_the_door_withholds_small_counts_below_the_county(record_store, city, order, made, rows):
    shown = read_forecast(record_store, city, ForecastFilter(order.scope, "township", COUNTY))
    assert tuple(shown.columns) == SHOWN
    true = of(rows, "township").set_index("place")["month_count"]
    counts = shown.set_index("code")["month_count"]
    small = [code for code in counts.index if 0 < true[place_of(code)] < 5]
    assert small
    assert counts[small].isna().all()
    open_ones = counts.dropna()
    assert all(open_ones[code] == true[place_of(code)] for code in open_ones.index)


def test_the_door_shows_counties_as_they_are_and_orders_by_score(record_store, city, order, made):
    shown = read_forecast(record_store, city, ForecastFilter(order.scope, "county"))
    assert shown["month_count"].notna().all()
    assert shown["score"].is_monotonic_decreasing
    assert set(shown["burden_points"] % 10) == {0}


def test_a_division_outside_the_scope_is_refused(order):
    with pytest.raises(OutOfScopeError):
        ForecastFilter(order.scope, "township", "620102")


def test_nothing_known_is_an_empty_table(record_store, city):
    assert read_forecast(record_store, city, ForecastFilter("6299", "township")).empty


def test_drivers_of_a_row_are_words(record_store, city, order, made):
    row = read_forecast(record_store, city, ForecastFilter(order.scope, "county")).iloc[0]
    assert any(sentence.startswith("未来 4 周预计") for sentence in words_of(row, made.settings["score"]["severity"]))


def test_a_card_says_what_was_learnt_and_what_it_is_for(made, order):
    assert made.card["sources"] == list(order.sources)
    assert "grid_patrol" not in made.card["sources"]
    assert made.card["limits"]
    assert made.card["incidents"] > 0


def test_rolling_back_sets_the_model_aside(record_store, city, order, forecasting, made):
    before = model_in_use(record_store, city, order.scope)
    forecasting.run(replace(order, refit_days=0), assessment_run_id=0, on_progress=lambda *_: None)
    newer = model_in_use(record_store, city, order.scope)
    assert newer.id != before.id
    assert roll_back(record_store, city, order.scope, person="王敏", moment=7, model_id=before.id).id == newer.id
    assert roll_back(record_store, city, order.scope, person="王敏", moment=7, model_id=newer.id).id == before.id
    aside = next(model for model in list_models(record_store, city, order.scope) if model.id == newer.id)
    assert (aside.set_aside, aside.set_aside_by, aside.set_aside_at) == (True, "王敏", 7)


def test_the_last_weeks_are_known_to_be_incomplete_and_old_ones_to_be_whole(city, pool, order):
    newest = replace(order, as_of=order.as_of + dt.timedelta(days=1))
    asked = IncidentFilter(newest.scope, newest.steps.period, sources=newest.sources)
    found = shares_reported(pool, city, asked, newest.steps)
    assert found.shape == (len(DISPUTE_TYPES), newest.weeks)
    assert np.allclose(found[:, : newest.weeks - 9], 1)
    assert 0.3 < found[:, -1].mean() < found[:, -3].mean() < 1


def test_weeks_that_ended_long_before_the_newest_report_are_whole(city, pool, order):
    earlier = replace(order, as_of=order.as_of - dt.timedelta(days=70))
    asked = IncidentFilter(earlier.scope, earlier.steps.period, sources=earlier.sources)
    assert np.allclose(shares_reported(pool, city, asked, earlier.steps), 1)
