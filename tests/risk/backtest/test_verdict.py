"""What a back-test says in the end."""

from dataclasses import replace

import numpy as np
import pytest

from risk.backtest.baselines import baselines, ring_of
from risk.backtest.rolling import BackTest
from risk.backtest.verdict import comparison, drift, verdict, weekly
from risk.forecast.forecaster import UNLEARNT
from risk.forecast.regression import Blend
from tests.risk.forecast.city import small_city

HISTORY, AROUND = small_city(weeks=90)
COUNTS = HISTORY.of(HISTORY.kinds)
SIMPLE = {name: each[:, 64:90] for name, each in baselines(COUNTS, ring_of(COUNTS, AROUND), horizon=1).items()}
TEST = BackTest(1, range(64, 90), COUNTS[:, 64:], SIMPLE["EWMA 13 weeks"] + 0.02, SIMPLE, UNLEARNT, Blend())


def test_the_model_stands_first_beside_all_eight() -> None:
    table = comparison(TEST)
    assert len(table) == 9
    assert table["forecast"][0] == "model"
    assert table["ratio"][0] == 1
    assert table["deviance"][1:].is_monotonic_increasing
    assert ((table["ratio_low"] <= table["ratio"]) & (table["ratio"] <= table["ratio_high"])).all()
    assert table["hit_rate_10%"].between(0, 1).all()


def test_a_model_that_beats_last_month_is_shown_and_one_that_does_not_is_hidden() -> None:
    good, bad = verdict(TEST), verdict(replace(TEST, model=TEST.simple["last week"]))
    assert good.shown
    assert good.ratio < 1
    assert not bad.shown
    assert bad.ratio > 1


def test_a_jump_of_the_last_weeks_is_a_drift() -> None:
    noise = np.random.default_rng(0).normal(1, 0.05, 26)
    calm = replace(TEST, model=TEST.model / TEST.model.sum(axis=0) * TEST.observed.sum(axis=0) * noise)
    assert not verdict(calm).drifting
    observed = TEST.observed.copy()
    observed[:, -4:] *= 2
    jumped = replace(calm, observed=observed)
    assert drift(jumped) > 3
    assert verdict(jumped).drifting


def test_too_few_weeks_are_no_drift() -> None:
    short = replace(TEST, observed=TEST.observed[:, :6], model=TEST.model[:, :6])
    assert drift(short) == 0


def test_weeks_in_which_nothing_came_are_no_verdict() -> None:
    assert verdict(replace(TEST, observed=np.zeros_like(TEST.observed))) is None


def test_too_few_weeks_have_no_interval_but_a_ratio() -> None:
    simple = {name: each[:, :4] for name, each in SIMPLE.items()}
    found = verdict(replace(TEST, observed=TEST.observed[:, :4], model=TEST.model[:, :4], simple=simple))
    assert found is not None
    assert found.upper is None
    assert 0 < found.ratio < 1


def test_said_and_seen_are_put_side_by_side() -> None:
    table = weekly(TEST)
    assert table["week"].tolist() == list(range(64, 90))
    assert table["incident_count"].sum() == pytest.approx(np.asarray(COUNTS[:, 64:]).sum())
