"""Ratios, their bound and the tables of thresholds, by trying everything."""

import math

import numpy as np
import pytest

from risk.scan.statistic import BERNOULLI, POISSON, cannot_exceed, excess, high_limits, low_limits, ratio


def test_the_poisson_ratio_of_a_published_cluster():
    assert ratio(POISSON, 6, 1.4375, 1175, 1175.0) == pytest.approx(
        6 * math.log(6 / 1.4375) + 1169 * math.log(1169 / 1173.5625)
    )


def test_the_bernoulli_ratio_is_the_gain_in_log_likelihood():
    def likelihood(cases, people):
        return sum(x * math.log(x / people) for x in (cases, people - cases) if x)

    expected = likelihood(8, 10) + likelihood(12, 90) - likelihood(20, 100)
    assert ratio(BERNOULLI, 8, 10.0, 20, 100.0) == pytest.approx(expected)


CASES, PEOPLE = 60, {POISSON: 60.0, BERNOULLI: 150.0}


@pytest.mark.parametrize("kind", [POISSON, BERNOULLI])
def test_the_bound_never_hides_a_window(kind):
    rng = np.random.default_rng(1)
    total = PEOPLE[kind]
    hidden = 0
    for _ in range(4000):
        measure = float(rng.integers(1, 149)) if kind == BERNOULLI else float(rng.uniform(0.01, 59.9))
        fewest = max(0, CASES - int(total - measure)) if kind == BERNOULLI else 0
        count = int(rng.integers(fewest, min(CASES, int(measure)) + 1 if kind == BERNOULLI else CASES + 1))
        level = float(rng.uniform(0, 10))
        if cannot_exceed(kind, count, measure, CASES, total, level):
            hidden += 1
            assert ratio(kind, count, measure, CASES, total) <= level
    assert hidden > 500


@pytest.mark.parametrize("kind", [POISSON, BERNOULLI])
@pytest.mark.parametrize("level", [0.3, 3.0, 9.0])
def test_limits_tell_exactly_which_counts_reach_a_level(kind, level):
    total = PEOPLE[kind]
    high, low = high_limits(kind, CASES, total, level, total), low_limits(kind, CASES, total, level)
    assert (np.diff(high) >= 0).all()
    measures = np.arange(1.0, 150) if kind == BERNOULLI else np.linspace(0.05, 59.9, 200)
    for measure in measures:
        for count in range(CASES + 1):
            if kind == BERNOULLI and not (count <= measure and CASES - count <= total - measure):
                continue
            reaches = ratio(kind, count, measure, CASES, total) >= level
            above = excess(count, measure, CASES, total) > 0
            assert (high[count] >= measure) == (reaches and above)
            assert (low[count] <= measure) == (reaches and not above)
