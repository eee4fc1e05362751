"""The fast largest ratio is the plain one, for every model, side and kind of window."""

import numpy as np
import pytest

from risk.scan.circles import draw_circles
from risk.scan.draws import seeds_of
from risk.scan.period import cut, whole
from risk.scan.plain import HIGH, LOW
from risk.scan.replications import largest_of_each, monte_carlo_of
from risk.scan.study import bernoulli_study, permutation_study, poisson_study
from risk.scan.windows import windows_of

PLACES, STEPS = 40, 21


def study_of(model, *, steps=STEPS, seed=1):
    rng = np.random.default_rng(seed)
    rate = rng.gamma(1.0, 1.0, (PLACES, 1)) * rng.uniform(0.5, 1.5, steps)
    counts = rng.poisson(rate).astype(np.int64)
    names = [f"p{place}" for place in range(PLACES)]
    # A lattice, so that many places are at equal distance.
    points = np.array([[place % 8, place // 8] for place in range(PLACES)], dtype=float)
    period = cut("2020/01/01", f"2020/01/{steps:02d}") if steps > 1 else whole()
    if model == "permutation":
        return permutation_study(names, points, period, counts)
    if model == "strata":
        first = rng.binomial(counts, 0.4)
        return permutation_study(names, points, period, counts, strata=np.array([first, counts - first]))
    if model == "poisson":
        return poisson_study(names, points, period, counts, expected=rate)
    controls = rng.poisson(2.0, counts.shape)
    return bernoulli_study(names, points, period, counts, controls=controls)


def monte_carlo(model, *, steps=STEPS, ending_last=True, longest=8, sides=(HIGH,)):
    study = study_of(model, steps=steps)
    circles = draw_circles(study.points, study.measures.sum(axis=1))
    windows = windows_of(steps, longest=longest, ending_last=ending_last)
    return monte_carlo_of(study, circles, windows, sides=sides, least_cases=2)


@pytest.mark.parametrize("sides", [(HIGH,), (LOW,), (HIGH, LOW)], ids=["high", "low", "both"])
@pytest.mark.parametrize("ending_last", [True, False], ids=["ending last", "anywhere"])
@pytest.mark.parametrize("model", ["permutation", "strata", "poisson", "bernoulli"])
def test_tables_find_the_same_largest_ratio(model, ending_last, sides):
    runs = monte_carlo(model, ending_last=ending_last, sides=sides)
    tables = runs.tables(1.0)
    for state in seeds_of(7, 12):
        found = max(table.largest([runs.counts(state)])[0] for table in tables)
        assert found == pytest.approx(runs.plain_maximum(state), abs=1e-9)


@pytest.mark.parametrize("model", ["poisson", "bernoulli"])
def test_one_step_is_a_scan_in_space(model):
    runs = monte_carlo(model, steps=1, longest=1)
    tables = runs.tables(0.2)
    for state in seeds_of(8, 20):
        found = max(table.largest([runs.counts(state)])[0] for table in tables)
        plain = runs.plain_maximum(state)
        assert found == (pytest.approx(plain, abs=1e-9) if plain >= 0.2 else 0.0)


@pytest.mark.parametrize("level", [0.5, 2.0, 4.0, 6.0])
def test_a_level_hides_only_what_lies_below_it(level):
    runs = monte_carlo("permutation", ending_last=False, longest=10)
    (table,) = runs.tables(level)
    for state in seeds_of(9, 20):
        plain = runs.plain_maximum(state)
        found = table.largest([runs.counts(state)])[0]
        assert found == (pytest.approx(plain, abs=1e-9) if plain >= level else 0.0)


def test_replications_below_the_level_are_done_again_until_all_are_exact():
    runs = monte_carlo("permutation")
    found = largest_of_each(runs, replications=40, seed=3, threads=1)
    plain = [runs.plain_maximum(state) for state in seeds_of(3, 40)]
    assert found == pytest.approx(plain, abs=1e-9)


def test_results_do_not_depend_on_the_number_of_threads():
    runs = monte_carlo("poisson", ending_last=False)
    first = largest_of_each(runs, replications=60, seed=4, threads=1)
    assert (first == largest_of_each(runs, replications=60, seed=4, threads=3)).all()


def test_without_room_for_a_table_the_plain_scan_takes_over(monkeypatch):
    runs = monte_carlo("poisson")
    expected = largest_of_each(runs, replications=20, seed=5, threads=1)
    monkeypatch.setattr("risk.scan.side_table.TABLE_BYTES", 10)
    runs = monte_carlo("poisson")
    assert runs.tables(1.0) is None
    assert largest_of_each(runs, replications=20, seed=5, threads=1) == pytest.approx(expected, abs=1e-9)
