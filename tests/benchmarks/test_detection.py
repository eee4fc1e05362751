"""The injection study counts what it says it counts."""

import json

import h3.api.numpy_int as h3
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, binomtest

from benchmarks.detecting.area import WEEKS, area_of
from benchmarks.detecting.injected import City, one_trial, study_city
from benchmarks.detecting.methods import METHODS, Alert, strong_cells, strongest_hit
from benchmarks.detecting.nulls import NOMINAL, Rate, permute_dates, threshold_of
from benchmarks.detecting.outcomes import Found, summary
from benchmarks.detecting.simulated import DAY, NONE, alerts_begun, read_incidents, study_simulation, watch

MIDDLE = h3.latlng_to_cell(36.06, 103.83, 7)


@pytest.fixture(scope="module")
def city():
    cells = np.sort(h3.grid_disk(MIDDLE, 4).astype(np.int64))
    counts = np.random.default_rng(3).poisson(0.5, (len(cells), 40)).astype(np.int64)
    return City(area_of(cells), counts)


def test_a_threshold_is_exceeded_too_often_one_time_in_ten_at_most():
    values = np.arange(1000.0)
    above = int((values > threshold_of(values)).sum())
    assert binom.sf(above, 1000, NOMINAL) >= 0.9
    assert binom.sf(above + 1, 1000, NOMINAL) < 0.9
    with pytest.raises(ValueError, match="at least 150"):
        threshold_of(np.arange(149.0))


def test_a_rate_has_its_interval_and_rates_add_up():
    figures = (Rate(3, 100) + Rate(4, 265)).figures()
    assert figures["false_alerts_per_365_days"] == 1.0
    exact = binomtest(7, 365).proportion_ci()
    found = figures["false_alerts_per_365_days_interval"]
    assert found == pytest.approx([exact.low * 365 / 7, exact.high * 365 / 7], abs=0.006)
    assert Rate(0, 52).figures()["false_alerts_per_365_days_interval"][0] == 0.0


def test_permuted_dates_keep_the_totals_of_cells_and_weeks(city):
    permuted = permute_dates(city.counts, np.array([7], dtype=np.uint64))
    assert (permuted != city.counts).any()
    assert (permuted.sum(axis=0) == city.counts.sum(axis=0)).all()
    assert (permuted.sum(axis=1) == city.counts.sum(axis=1)).all()


@pytest.mark.parametrize("name", METHODS)
def test_every_method_points_at_a_burst_and_at_nothing_where_nothing_happened(city, name):
    at = [*city.area.neighbours.of(30).tolist(), 30]
    counts = city.counts[:, -WEEKS:].copy()
    counts[at, -1] += 12
    best = max(METHODS[name](city.area, counts), key=lambda alert: alert.strength)
    assert set(best.cells.tolist()) & set(at)
    assert METHODS[name](city.area, np.zeros_like(counts)) == []


def test_a_hit_shares_a_cell_and_lies_above_the_threshold():
    alerts = [Alert(2.0, 1, np.array([1, 2])), Alert(5.0, 7, np.array([7])), Alert(3.0, 2, np.array([2, 3]))]
    assert strongest_hit(alerts, 1.0, {2}) is alerts[2]
    assert strongest_hit(alerts, 3.0, {2}) is None
    assert strong_cells(alerts, 2.5) == {2, 3, 7}


def test_what_is_missed_counts_for_power_and_not_for_delay():
    figures = summary([Found(7.0, 1.0), None, Found(21.0, 2.0), None])
    assert figures == {"clusters": 4, "power": 0.5, "median_delay_days": 14.0, "median_place_error_km": 1.5}
    assert summary([None])["median_delay_days"] is None


@pytest.fixture
def quick_methods(monkeypatch):
    """All but the classes, which cost most."""
    monkeypatch.delitem(METHODS, "classes")


def test_a_cluster_of_no_risk_is_found_by_nobody(city):
    low = dict.fromkeys(METHODS, 0.1)
    assert set(one_trial(city, 1.0, low, np.random.default_rng(1)).values()) == {None}


@pytest.mark.usefixtures("quick_methods")
def test_every_method_and_risk_has_its_figures(city):
    figures = study_city(city, trials=2, nulls=150, seed=1)
    assert figures["scan"]["relative_risk_3.0"]["clusters"] == 2
    assert set(METHODS) <= set(figures)
    assert figures["scan"]["false_alerts_per_365_days"] < 5


END = pd.Timestamp("2026-01-01", tz="Asia/Shanghai")


@pytest.fixture
def simulation(tmp_path):
    """Forty weeks of one type in a ring of cells, and fifty incidents of one hotspot in the last four weeks."""
    rng = np.random.default_rng(5)
    cells = h3.grid_disk(MIDDLE, 2)
    ordinary, extra = 400, 50
    where = np.r_[rng.choice(len(cells), ordinary), np.full(extra, 0)]
    at = np.array([h3.cell_to_latlng(cells[one]) for one in where])
    days = np.r_[rng.uniform(0.1, 279, ordinary), rng.uniform(0.1, 27, extra)]
    occurred = END - pd.to_timedelta(np.round(days * DAY), unit="s")
    table = pd.DataFrame({"dispute_type": "D06", "latitude": at[:, 0], "longitude": at[:, 1], "with_point": True})
    table["hotspot"] = np.r_[np.full(ordinary, NONE), np.zeros(extra, int)]
    table["occurred_at"], table["accepted_at"] = occurred, occurred + pd.Timedelta(hours=1)
    table.loc[0, "accepted_at"] = END - pd.Timedelta(seconds=1)
    table.loc[1, ["occurred_at", "accepted_at"]] = END - pd.Timedelta(days=280)
    table.loc[2, "with_point"] = False
    table["parent"], table["duplicate_of"] = NONE, NONE
    table.loc[3, "parent"], table.loc[4, "duplicate_of"] = 5, 6
    table.to_parquet(tmp_path / "truth_incidents.parquet")
    spot = {
        "dispute_type": "D06", "longitude": 103.83, "latitude": 36.06, "radius_m": 900.0, "grid_codes": [],
        "start": (END - pd.Timedelta(days=27)).isoformat(), "end": END.isoformat(), "ongoing": True,
        "relative_risk": 6.0, "expected_baseline": 1.0, "expected_extra": 50.0, "incidents": [],
    }  # fmt: skip
    (tmp_path / "truth.json").write_text(json.dumps({"parameters": {}, "feeds": {}, "hotspots": [spot]}))
    return tmp_path


def test_a_look_knows_what_was_accepted_before_it_and_counts_by_week(simulation):
    incidents = read_incidents(simulation)
    assert len(incidents) == 449
    assert incidents["repeat"].sum() == 2
    watched = watch(incidents, "D06", weeks=WEEKS)
    assert watched.looks[[0, -1]].tolist() == [10, 39]
    assert watched.moment(39) == watched.end
    last = watched.at(39)
    recent = (watched.occurred >= watched.end - 26 * 7 * DAY) & (watched.accepted < watched.end)
    assert last.shape[1] == WEEKS
    assert last.sum() == recent.sum()
    assert watched.at(10).shape[1] == 10
    without = watched.at(39, watched.hotspot == NONE)
    assert last.sum() - without.sum() == 50
    assert (last - without)[:, :-4].sum() == 0


@pytest.mark.usefixtures("quick_methods")
def test_an_alert_that_lasts_begins_once_and_own_thresholds_are_exceeded_once_a_year(simulation):
    watched = watch(read_incidents(simulation), "D06", weeks=WEEKS)
    everything = np.ones(len(watched.hotspot), bool)
    own, begun = alerts_begun(watched, dict.fromkeys(METHODS, 6.0), everything)
    assert begun["scan"].looks == len(watched.looks)
    assert begun["scan"].alerts == 1
    looks = [max(alert.strength for alert in METHODS["scan"](watched.area, watched.at(look))) for look in watched.looks]
    assert sum(strength > own["scan"] for strength in looks) == 0
    assert own["scan"] == max(looks)


@pytest.mark.usefixtures("quick_methods")
def test_a_hotspot_of_a_simulation_is_found_and_its_own_alerts_are_no_false_ones(simulation):
    figures = study_simulation(simulation, weeks=WEEKS, nulls=160, seed=1)
    assert figures["scan"]["all"]["power"] == 1.0
    assert figures["scan"]["all"]["median_delay_days"] <= 14
    assert figures["scan"]["all"] == figures["scan"]["of_10_and_more"]
    assert figures["scan"]["at_one_real_false_alert"]["power"] == 1.0
    assert figures["looks"] == 30
    assert figures["scan"]["without_hotspots_per_365_days"] < 10
    assert figures["scan"]["without_hotspots_and_repeats_per_365_days"] < 10
