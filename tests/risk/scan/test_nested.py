"""Windows of any end: groups rule out nothing that reaches the level, however long the windows and large the counts."""

import numpy as np
import pytest

from risk.scan.best import best_circles
from risk.scan.circles import draw_circles
from risk.scan.draws import seeds_of
from risk.scan.groups import QUAD, begins_of
from risk.scan.period import cut
from risk.scan.plain import BOTH, HIGH, LOW
from risk.scan.replications import monte_carlo_of
from risk.scan.side_bounds import needs_of
from risk.scan.study import bernoulli_study, permutation_study, poisson_study
from risk.scan.table import limits_of
from risk.scan.windows import windows_of

PLACES, STEPS, LONGEST = 48, 60, 30


def monte_carlo(model, *, times=1.0, sides=(HIGH,), spread=1.0):
    rng = np.random.default_rng(5)
    rate = times * rng.gamma(spread, 0.3 / spread, (PLACES, 1)) * rng.uniform(0.5, 1.5, STEPS)
    counts = rng.poisson(rate).astype(np.int64)
    names, points = [f"p{place}" for place in range(PLACES)], rng.uniform(0, 10, (PLACES, 2))
    period = cut("2020/01/01", "2020/02/29")
    if model == "permutation":
        study = permutation_study(names, points, period, counts)
    elif model == "poisson":
        study = poisson_study(names, points, period, counts, expected=rate)
    else:
        study = bernoulli_study(names, points, period, counts, controls=rng.poisson(2 * times, counts.shape))
    circles = draw_circles(study.points, study.measures.sum(axis=1))
    windows = windows_of(STEPS, longest=LONGEST, ending_last=False)
    return monte_carlo_of(study, circles, windows, sides=sides, least_cases=2)


@pytest.mark.parametrize("side", [HIGH, LOW], ids=["high", "low"])
@pytest.mark.parametrize("model", ["permutation", "poisson", "bernoulli"])
def test_long_windows_are_found_as_the_plain_scan_finds_them(model, side):
    runs = monte_carlo(model, sides=(side,))
    for level in (2.0, 7.0):
        (bounds,) = runs.tables(level)
        states = seeds_of(11, 6)
        plain = np.array([runs.plain_maximum(state) for state in states])
        found = bounds.largest([runs.counts(state) for state in states])
        assert found == pytest.approx(np.where(plain >= level, plain, 0.0), abs=1e-9)


@pytest.mark.parametrize("level", [1.0, 6.0])
def test_counts_too_large_for_16_bits_are_followed_in_32(level):
    runs = monte_carlo("poisson", times=400.0, spread=0.2)
    (bounds,) = runs.tables(level)
    counts = [runs.counts(state) for state in seeds_of(12, 3)]
    counts[0][:, :20] *= 2
    assert bounds.narrow is None or bounds._within(counts[0], bounds.narrow) == -1.0
    for state in seeds_of(12, 3)[1:]:
        plain = runs.plain_maximum(state)
        assert bounds.largest([runs.counts(state)])[0] == pytest.approx(plain if plain >= level else 0.0, abs=1e-8)


@pytest.mark.parametrize("side", [HIGH, LOW, BOTH], ids=["high", "low", "both"])
@pytest.mark.parametrize("model", ["permutation", "poisson", "bernoulli"])
def test_lengths_looked_at_together_find_the_same_circles_and_windows(model, side):
    runs = monte_carlo(model)
    fixed = {"counts": runs.study.counts, "side": side, "least_cases": 2}
    plain = best_circles(runs.study, runs.circles, runs.windows, **fixed)
    quick = best_circles(runs.study, runs.circles, runs.windows, quickly=True, **fixed)
    assert quick[0] == pytest.approx(plain[0], abs=1e-9)
    assert (quick[1] == plain[1]).all()


def test_both_widths_find_the_same():
    runs = monte_carlo("permutation")
    (bounds,) = runs.tables(3.0)
    for state in seeds_of(13, 4):
        counts = runs.counts(state)
        assert bounds._within(counts, bounds.narrow) == bounds._within(counts, bounds.broad)


def test_groups_hold_every_circle_once_and_in_its_order():
    runs = monte_carlo("permutation")
    groups, circles = runs.groups, runs.circles
    for centre in range(PLACES):
        quads = slice(groups.quads[groups.starts[centre]], groups.quads[groups.starts[centre + 1]])
        places = groups.members[quads].ravel()
        mine = circles.members[circles.starts[centre] : circles.starts[centre + 1]]
        assert (places[: len(mine)] == mine).all()
        assert (places[len(mine) :] == PLACES).all()
        assert (groups.first_position[quads] == circles.starts[centre] + QUAD * np.arange(len(places) // QUAD)).all()


@pytest.mark.parametrize("lengths", [1, 8, 9, 24, 25, 45])
def test_every_length_belongs_to_a_class(lengths):
    begins = begins_of(lengths)
    assert len(begins) % 4 == 0
    assert begins[:8].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (np.diff(begins[8:]) == 4).all()
    assert begins[-1] + (4 if len(begins) > 8 else 1) > lengths


@pytest.mark.parametrize("side", [HIGH, LOW], ids=["high", "low"])
@pytest.mark.parametrize("kind", [0, 1], ids=["poisson", "bernoulli"])
def test_needs_are_never_more_than_a_count_that_reaches_the_level_has(kind, side):
    cases, total, level = 200, 200.0 if kind == 0 else 600.0, 4.0
    limits = limits_of(kind, cases, total, level, side, 0.5 * total) * (cases / total)
    needs = needs_of(limits, side, 2)
    for expected in np.linspace(0.05, 100, 300):
        if side == HIGH:
            count = int(np.searchsorted(limits, expected))
            off = max(count, 2) - expected
        else:
            count = int(np.searchsorted(limits, expected, side="right")) - 1
            off = expected - count
        if 0 <= count < len(limits):
            assert needs[count] <= off + 1e-6
