from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from data.simulation import read_truth, simulate
from data.simulation.calendar import from_spring_festival
from data.simulation.places import metres_between
from data.simulation.profiles import CHANNEL_SUCCESS, NEAR_REPEAT_DAYS, NEAR_REPEAT_METRES
from risk.incident import CHANNEL_SUCCESS_2024, CHANNELS

END = pd.Timestamp("2026-03-20 10:30", tz="Asia/Shanghai")
INCIDENTS = 20_000


def day_numbers(moments: pd.Series) -> np.ndarray:
    return np.asarray(moments.dt.tz_localize(None).to_numpy().astype("datetime64[D]").astype(np.int64))


def inside_hotspot(incidents: pd.DataFrame, spot: Any) -> pd.Series:
    """Which incidents are of the hotspot's type, in its grids and in its time."""
    grids = np.array(spot.grid_codes, dtype=np.int64)
    start, end = pd.Timestamp(spot.start), pd.Timestamp(spot.end)
    timely = (incidents["occurred_at"] >= start) & (incidents["occurred_at"] < end)
    return timely & (incidents["dispute_type"] == spot.dispute_type) & incidents["place"].isin(grids)


def test_the_stated_number_of_distinct_incidents_is_there(simulated: Any) -> None:
    assert simulated.truth.incidents == len(simulated.incidents) == INCIDENTS
    assert not simulated.incidents.duplicated(["source", "external_id"]).any()


def test_the_truth_is_read_back_as_it_was_returned(simulated: Any) -> None:
    assert read_truth(simulated.folder) == simulated.truth


def test_nothing_is_later_than_the_end_and_no_time_runs_backwards(simulated: Any) -> None:
    rows = simulated.incidents
    assert (rows["accepted_at"] >= rows["occurred_at"]).all()
    closed = rows.dropna(subset=["closed_at"])
    assert (closed["closed_at"] > closed["accepted_at"]).all()
    assert rows["accepted_at"].max() <= END
    assert closed["closed_at"].max() <= END
    assert rows["occurred_at"].min() >= END - pd.Timedelta(days=730, minutes=1)


def test_the_last_weeks_are_incomplete_where_feeds_are_slow(simulated: Any) -> None:
    def last_week(source: str) -> float:
        occurred = simulated.incidents.loc[simulated.incidents["source"] == source, "occurred_at"]
        age = (END - occurred).dt.days
        return float((age < 7).sum() / ((age >= 42) & (age < 49)).sum())

    assert last_week("court") < 0.5
    assert last_week("police") > 0.7


def test_finished_cases_have_an_outcome_and_others_none(simulated: Any) -> None:
    rows = simulated.incidents
    finished = rows["status"].isin(["closed", "followed_up", "archived"])
    assert (finished == rows["closed_at"].notna()).all()
    assert (finished == (rows["outcome"] != "")).all()
    assert {"reopened", "returned", "extended", "supervised", "mediating", "accepted"} <= set(rows["status"])


def test_mediation_succeeds_about_as_often_as_published(simulated: Any) -> None:
    table = pd.concat(simulated.feeds.values())
    finished = table[table["办理结果"] != ""].drop_duplicates("编号", keep="last")
    for channel, published in CHANNEL_SUCCESS_2024.items():
        outcomes = finished.loc[finished["对接渠道"] == CHANNELS[channel], "办理结果"]
        allowed = 4 * np.sqrt(published * (1 - published) / len(outcomes))
        assert (outcomes == "成功").mean() == pytest.approx(published, abs=allowed)
        assert CHANNEL_SUCCESS[channel] == published


def test_other_types_stay_under_a_tenth(simulated: Any) -> None:
    assert (simulated.incidents["dispute_type"] == "D99").mean() < 0.10


def test_wages_are_disputed_before_spring_festival(simulated: Any) -> None:
    wages = simulated.incidents[simulated.incidents["dispute_type"] == "D06"]
    offset = from_spring_festival(day_numbers(wages["occurred_at"]))
    # Both winters of the span against the summers: incidents a day.
    rush = ((offset >= -32) & (offset <= -6)).sum() / (2 * 27)
    summer = wages["occurred_at"].dt.month.isin([5, 6, 7, 8]).sum() / (2 * 123)
    assert rush > 2 * summer


def test_land_is_disputed_in_spring_and_heating_in_winter(simulated: Any) -> None:
    month = simulated.incidents["occurred_at"].dt.month
    by_type = simulated.incidents["dispute_type"]
    land, heating = month[by_type == "D04"], month[by_type == "D10"]
    assert land.isin([4, 5]).sum() > 2 * land.isin([11, 12]).sum()
    assert heating.isin([11, 12]).sum() > 2 * heating.isin([6, 7]).sum()


def test_courts_rest_on_sundays_and_the_police_do_not(simulated: Any) -> None:
    def sundays(source: str) -> float:
        accepted = simulated.incidents.loc[simulated.incidents["source"] == source, "accepted_at"]
        return float((accepted.dt.day_of_week == 6).mean())

    assert sundays("court") == 0
    assert sundays("police") > 0.11


def test_triggered_incidents_follow_close_and_soon(simulated: Any) -> None:
    rows = simulated.incidents
    triggered = rows[rows["parent"] >= 0].dropna(subset=["longitude"])
    trigger = rows.iloc[triggered["parent"]]
    assert 0.15 < len(triggered) / len(rows) < 0.25
    x, y = triggered["longitude"].to_numpy(), triggered["latitude"].to_numpy()
    centre = (trigger["longitude"].to_numpy(), trigger["latitude"].to_numpy())
    assert metres_between(x, y, centre=centre).max() <= NEAR_REPEAT_METRES
    wait = triggered["occurred_at"].to_numpy() - trigger["occurred_at"].to_numpy()
    # A feed without seconds may round a short wait down to nothing.
    assert wait.min() >= np.timedelta64(0)
    assert wait.max() <= np.timedelta64(NEAR_REPEAT_DAYS * 24 * 60 + 1, "m")


def test_close_pairs_are_more_frequent_than_with_shuffled_times(simulated: Any) -> None:
    rows = simulated.incidents[simulated.incidents["source"] == "police"].dropna(subset=["longitude"])
    days = day_numbers(rows["occurred_at"])
    order = np.argsort(rows["longitude"].to_numpy())
    x, y = rows["longitude"].to_numpy()[order], rows["latitude"].to_numpy()[order]

    def close_pairs(times: np.ndarray) -> int:
        pairs = 0
        for at in range(len(x)):
            until = np.searchsorted(x, x[at] + 0.0025)
            near = np.abs(y[at + 1 : until] - y[at]) < 0.002
            pairs += int((np.abs(times[at + 1 : until][near] - times[at]) <= NEAR_REPEAT_DAYS).sum())
        return pairs

    shuffled = np.random.default_rng(8).permutation(days)
    assert close_pairs(days[order]) > 1.25 * close_pairs(shuffled)


def test_hotspots_are_many_and_enough_of_them_emerge_now(simulated: Any) -> None:
    spots = simulated.truth.hotspots
    now = [spot for spot in spots if spot.ongoing]
    assert len(spots) >= 24
    assert len(now) >= 8
    assert all(pd.Timestamp(spot.start) > END - pd.Timedelta(weeks=8) for spot in now)
    assert all(2 <= spot.relative_risk <= 6 for spot in spots)


def test_every_extra_incident_is_in_its_hotspot(simulated: Any) -> None:
    for number, spot in enumerate(simulated.truth.hotspots):
        extra = simulated.incidents[simulated.incidents["hotspot"] == number]
        assert sorted(spot.incidents) == sorted(zip(extra["source"], extra["external_id"], strict=True))
        assert inside_hotspot(extra, spot).all()


def test_finished_hotspots_have_the_stated_excess(simulated: Any) -> None:
    past = [spot for spot in simulated.truth.hotspots if not spot.ongoing]
    observed = sum(inside_hotspot(simulated.incidents, spot).sum() for spot in past)
    baseline = sum(spot.expected_baseline for spot in past)
    expected = baseline + sum(spot.expected_extra for spot in past)
    # Near repeats make counts about 1.5 times as variable as a Poisson law.
    assert observed == pytest.approx(expected, abs=4 * np.sqrt(1.5 * expected))
    assert observed > 2 * baseline


def test_without_its_extras_a_hotspot_is_an_ordinary_place(simulated: Any) -> None:
    past = [spot for spot in simulated.truth.hotspots if not spot.ongoing]
    ordinary = simulated.incidents[simulated.incidents["hotspot"] < 0]
    observed = sum(inside_hotspot(ordinary, spot).sum() for spot in past)
    baseline = sum(spot.expected_baseline for spot in past)
    assert observed == pytest.approx(baseline, abs=4 * np.sqrt(1.5 * baseline))


def test_nobody_is_counted_in_special_areas(simulated: Any) -> None:
    assert not simulated.incidents["place"].between(629700 * 10**9, 629999 * 10**9).any()


def test_counties_receive_incidents_in_proportion_to_their_people(simulated: Any) -> None:
    county = (simulated.incidents["place"] // 10**9).value_counts(normalize=True)
    assert county[620102] > county[620502] > county[620121]
    # The propensity of a county varies by a quarter.
    assert county[620171] == pytest.approx(288 / 3238, rel=0.6)


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(
    tmp_path: Path, grids: gpd.GeoDataFrame, divisions: pd.DataFrame
) -> None:
    for name, seed in (("first", 3), ("second", 3), ("other", 4)):
        simulate(tmp_path / name, grids=grids, divisions=divisions, end=END, days=200, incidents=1500, seed=seed)
    names = sorted(path.name for path in (tmp_path / "first").iterdir())
    assert len(names) == 10
    for name in names:
        first = (tmp_path / "first" / name).read_bytes()
        assert first == (tmp_path / "second" / name).read_bytes()
        assert first != (tmp_path / "other" / name).read_bytes()


@pytest.mark.parametrize("incidents", [1, 37])
def test_very_few_incidents_are_exact_too(
    tmp_path: Path, grids: gpd.GeoDataFrame, divisions: pd.DataFrame, incidents: int
) -> None:
    truth = simulate(tmp_path, grids=grids, divisions=divisions, end=END, days=120, incidents=incidents)
    assert truth.incidents == incidents
    assert all((tmp_path / feed.file).is_file() for feed in truth.feeds.values())


def test_progress_is_told_in_order_up_to_the_whole(
    tmp_path: Path, grids: gpd.GeoDataFrame, divisions: pd.DataFrame
) -> None:
    heard: list[float] = []
    simulate(
        tmp_path, grids=grids, divisions=divisions, end=END, days=120, incidents=50,
        on_progress=lambda _stage, share: heard.append(share),
    )  # fmt: skip
    assert heard == sorted(heard)
    assert heard[-1] == 1


def test_no_incidents_at_all_is_a_wrong_call(tmp_path: Path, grids: gpd.GeoDataFrame, divisions: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        simulate(tmp_path, grids=grids, divisions=divisions, end=END, incidents=0)
