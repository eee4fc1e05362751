"""A whole back-test of one city: the product's own forecaster, no look at the future, going on where it stopped."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.backtests.blocks import block_file, read_block
from data.backtests.order import BacktestOrder
from data.backtests.outcomes import Outcomes
from data.backtests.reading import WeekAsked, find_backtest, past_weeks, read_results, read_week
from data.backtests.run import Backtesting
from data.filter import OutOfScopeError, day_number
from data.layers import layer_of
from risk.incident import DISPUTE_TYPES

LAYERS = ("county", "township", "cell5")


class BrokenOffError(RuntimeError):
    """Somebody pulled the plug."""


@pytest.fixture(scope="session")
def wanted(order) -> BacktestOrder:
    return BacktestOrder(order.scope, order.as_of, weeks=48, origins=8, refit_every=8, layers=LAYERS)


@pytest.fixture(scope="session")
def learnt() -> dict[str, np.ndarray]:
    """What the only block had said, once `made` is made."""
    return {}


@pytest.fixture(scope="session")
def made(record_store, pool, city, wanted, learnt):
    """A back-test that was broken off after its first layer, then run again."""
    at_work = Backtesting(record_store, pool, city)

    def break_off(label: str, done: int, of: int) -> None:
        if label == "measure township":
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        at_work.run(wanted, on_progress=break_off)
    kept = block_file(city, wanted, 40).stat().st_mtime_ns
    labels = []

    def note(label: str, done: int, of: int) -> None:
        labels.append(label)
        if label == "measure township":
            assert block_file(city, wanted, 40).stat().st_mtime_ns == kept
            with np.load(block_file(city, wanted, 40)) as arrays:
                learnt.update({name: arrays[name] for name in arrays.files})

    made, new = at_work.run(wanted, on_progress=note)
    assert new
    assert "measure county" not in labels
    return made


def test_nothing_is_left_of_what_was_learnt_on_the_way(made, city):
    assert [file.suffix for file in city.backtests.iterdir()] == [".parquet"]


def test_the_same_order_over_the_same_data_is_not_made_again(made, record_store, pool, city, wanted):
    again, new = Backtesting(record_store, pool, city).run(wanted, on_progress=lambda *_: None)
    assert (again.id, new) == (made.id, False)


def test_every_layer_has_the_model_eight_rules_and_the_smoother(made, record_store):
    for layer in LAYERS:
        table = pd.DataFrame(read_results(record_store, made, layer)[""]["comparison"])
        assert len(table) == 10
        assert table["forecast"][0] == "model"
        assert {"two-sided smoother", "mean of 4 weeks", "self + ring 1"} <= set(table["forecast"])
        assert table["hit_rate_10%"].between(0, 1).all()
    month = read_results(record_store, made, "county", horizon=4)[""]
    assert len(month["weekly"]) == 5
    assert len(month["comparison"]) == 9


def test_what_came_is_what_was_counted_and_what_was_said_is_the_sum_of_the_townships(
    made, record_store, pool, city, wanted, learnt
):
    counts = Outcomes(pool, city, wanted).of(layer_of("county"))
    together = sum(counts.of(number)[0] for number in range(len(DISPUTE_TYPES)))
    weekly = pd.DataFrame(read_results(record_store, made, "county")[""]["weekly"])
    np.testing.assert_array_equal(weekly["incident_count"], together[:, -8:].sum(axis=0))
    np.testing.assert_allclose(weekly["expected_count"], learnt["said_1"].sum(axis=(0, 1)), atol=0.01)


def test_a_forecast_does_not_change_with_what_came_after_it(made, learnt, pool, city, wanted):
    shorter = replace(wanted, as_of=wanted.as_of - dt.timedelta(days=28), weeks=44)
    block = read_block(pool, city, shorter, origin=40, until=44)
    for horizon, said in block.said.items():
        # What is said of weeks that are over is of the part that is reported; of weeks that are not, of the whole.
        over = 4 - horizon + 1
        np.testing.assert_array_equal(said[:, :, :over], learnt[f"said_{horizon}"][:, :, :over])
    block_file(city, shorter, 40).unlink()


def test_a_past_week_of_the_counties_is_told_place_by_place(made, record_store, city, wanted):
    weeks = past_weeks(made)
    assert weeks[-1] == day_number(wanted.as_of) - 6
    table = read_week(made, WeekAsked(wanted.scope, "county", weeks[-1]))
    weekly = read_results(record_store, made, "county")[""]["weekly"][-1]
    assert table["week_count"].sum() == weekly["incident_count"]
    assert table["expected_week"].sum() == pytest.approx(weekly["expected_count"], abs=0.01)
    assert find_backtest(record_store, city, wanted.scope + "02").id == made.id


def test_small_counts_of_a_past_week_are_withheld_below_the_county(made, wanted):
    rows = pd.read_parquet(made.file)
    week = past_weeks(made)[-1]
    table = read_week(made, WeekAsked(wanted.scope, "township", week))
    true = rows[(rows["layer"] == "township") & (rows["dispute_type"] == "") & (rows["week"] == week)]
    assert len(table) == len(true)
    assert true["week_count"].between(1, 4).any()
    assert not table["week_count"].between(1, 4).any()
    with pytest.raises(OutOfScopeError):
        WeekAsked(wanted.scope, "township", week, division="620102")


def test_an_order_that_cannot_be_tested_is_refused(wanted):
    with pytest.raises(ValueError, match="weeks of history"):
        replace(wanted, weeks=40)
    with pytest.raises(ValueError, match="weeks to test"):
        replace(wanted, origins=3)
