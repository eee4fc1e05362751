"""The scan as a whole: what it finds, what it says about nothing, and how it is stopped."""

import numpy as np
import pytest

from risk.scan import (
    ScanCancelled,
    ScanSettings,
    bernoulli_study,
    cut,
    permutation_study,
    poisson_study,
    scan,
    whole,
)
from risk.scan.clusters import COLUMNS, SAME, _equal_after

PLACES, STEPS = 36, 20
POINTS = np.array([[place % 6, place // 6] for place in range(PLACES)], dtype=float)
NAMES = [f"p{place}" for place in range(PLACES)]
PERIOD = cut("2024/03/01", "2024/03/20")


def counts_with_a_cluster(seed=1, extra=12):
    counts = np.random.default_rng(seed).poisson(1.0, (PLACES, STEPS)).astype(np.int64)
    counts[[14, 15, 20, 21], -3:] += np.random.default_rng(seed).poisson(extra / 4, (4, 3))
    return counts


def test_a_cluster_that_was_put_in_is_found_with_its_recurrence():
    result = scan(permutation_study(NAMES, POINTS, PERIOD, counts_with_a_cluster()), ScanSettings(replications=199))
    best = result.clusters[0]
    assert {"p14", "p15", "p20", "p21"} <= set(best.locations)
    assert (best.start, best.end) == ("2024/03/18", "2024/03/20")
    assert best.p_value == 1 / 200
    assert best.recurrence_days == pytest.approx(200)
    assert best.gumbel_p_value < 0.001
    assert best.relative_risk is None
    assert list(result.table.columns) == list(COLUMNS)


def test_low_rates_and_both_sides_find_an_empty_corner():
    counts = np.full((PLACES, STEPS), 3, dtype=np.int64)
    counts[[0, 1, 6, 7], 5:12] = 0
    study = poisson_study(NAMES, POINTS, PERIOD, counts, expected=np.ones((PLACES, STEPS)))
    for rates in ("low", "both"):
        settings = ScanSettings(analysis="retrospective", rates=rates, replications=19)
        best = scan(study, settings).clusters[0]
        assert set(best.locations) == {"p0", "p1", "p6", "p7"}
        assert (best.first_step, best.last_step, best.cases) == (5, 11, 0)
        assert best.relative_risk == 0


def test_bernoulli_in_space_compares_cases_with_controls():
    cases = np.ones((PLACES, 1), dtype=np.int64)
    controls = np.full((PLACES, 1), 4, dtype=np.int64)
    cases[[14, 15, 20, 21]] = 9
    study = bernoulli_study(NAMES, POINTS, whole(), cases, controls=controls)
    result = scan(study, ScanSettings(analysis="spatial", replications=99))
    best = result.clusters[0]
    assert {"p14", "p15", "p20", "p21"} <= set(best.locations)
    assert (best.start, best.recurrence_days) == (None, None)
    people = sum(int(cases[NAMES.index(name), 0]) + 4 for name in best.locations)
    assert best.expected == pytest.approx(people * 68 / (68 + 144))


def test_clusters_do_not_overlap_in_space_and_time_or_not_in_space():
    counts = counts_with_a_cluster()
    counts[[14, 15, 20, 21], 2:4] += 6
    study = permutation_study(NAMES, POINTS, PERIOD, counts)
    for apart, overlap in (("space", False), ("space-time", True)):
        settings = ScanSettings(analysis="retrospective", apart=apart, replications=0)
        clusters = scan(study, settings).clusters
        taken = np.zeros((PLACES, STEPS), dtype=int)
        for cluster in clusters:
            steps = slice(cluster.first_step, cluster.last_step + 1)
            taken[[NAMES.index(name) for name in cluster.locations], steps] += 1
        assert taken.max() == 1
        shared = sum(len(cluster.locations) for cluster in clusters) > len({n for c in clusters for n in c.locations})
        assert shared == overlap


def test_equal_statistics_are_reported_as_ties():
    counts = np.zeros((PLACES, 2), dtype=np.int64)
    counts[:, 0] = 4
    counts[[0, 35], 1] = 5
    study = poisson_study(NAMES, POINTS, cut("2024", "2025", unit="year"), counts, expected=np.ones((PLACES, 2)))
    best = scan(study, ScanSettings(max_distance=0.5, replications=9)).clusters[0]
    assert best.locations == ["p0"]
    assert best.ties == [(["p35"], ("2025/01/01", "2025/12/31"))]


ONES = np.ones((PLACES, STEPS))


def study_of(model, counts):
    """A study of a model over the first places, all of which expect the same."""
    places = len(counts)
    fixed = (NAMES[:places], POINTS[:places], PERIOD, counts)
    if model == "poisson":
        return poisson_study(*fixed, expected=ONES[:places])
    if model == "bernoulli":
        return bernoulli_study(*fixed, controls=np.full(counts.shape, 2, dtype=np.int64))
    return permutation_study(*fixed)


@pytest.mark.parametrize("analysis", ["retrospective", "prospective"])
@pytest.mark.parametrize("model", ["poisson", "permutation", "bernoulli"])
@pytest.mark.parametrize(("places", "each"), [(0, 0), (1, 1), (2, 0), (PLACES, 0)])
def test_without_cases_or_without_a_circle_the_result_is_empty(model, analysis, places, each):
    study = study_of(model, np.full((places, STEPS), each, dtype=np.int64))
    result = scan(study, ScanSettings(analysis=analysis, rates="both", replications=9))
    assert result.clusters == []
    assert list(result.table.columns) == list(COLUMNS)


def test_one_place_with_all_cases_of_a_day_is_no_cluster_in_space():
    counts = np.zeros((1, STEPS), dtype=np.int64)
    counts[0, -1] = 9
    for model in ("poisson", "permutation", "bernoulli"):
        assert scan(study_of(model, counts), ScanSettings(replications=9)).clusters == []


@pytest.mark.parametrize("model", ["poisson", "permutation", "bernoulli"])
@pytest.mark.parametrize("rates", ["high", "low", "both"])
def test_a_constant_study_states_no_number_that_is_missing(model, rates):
    study = study_of(model, np.ones((PLACES, STEPS), dtype=np.int64))
    result = scan(study, ScanSettings(analysis="retrospective", rates=rates, replications=9))
    assert result.clusters == []


def test_all_equal_counts_stand_out_nowhere():
    counts = np.ones((PLACES, STEPS), dtype=np.int64)
    assert scan(permutation_study(NAMES, POINTS, PERIOD, counts), ScanSettings(replications=9)).clusters == []


def test_progress_is_told_and_a_scan_can_be_cancelled():
    study = permutation_study(NAMES, POINTS, PERIOD, counts_with_a_cluster())
    told = []
    scan(study, ScanSettings(replications=50), progress=lambda done, wanted: told.append((done, wanted)))
    assert told[-1] == (50, 50)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    with pytest.raises(ScanCancelled, match="after 16 of 999"):
        scan(study, ScanSettings(), progress=lambda *_: told.append("x"), cancelled=lambda: "x" in told)


def test_an_early_stop_ends_with_the_replication_that_decides_it():
    study = permutation_study(NAMES, POINTS, PERIOD, counts_with_a_cluster(extra=1))
    full = scan(study, ScanSettings(replications=400))
    short = scan(study, ScanSettings(replications=400, early_stop=5))
    assert len(short.maxima) < 400
    assert (short.maxima == full.maxima[: len(short.maxima)]).all()
    assert short.clusters[0].p_value == 6 / (len(short.maxima) + 1)
    assert short.maxima[-1] >= short.clusters[0].statistic - 1e-9


def test_p_values_are_even_when_nothing_is_there():
    ps = []
    for seed in range(60):
        counts = np.random.default_rng(seed).poisson(0.6, (PLACES, STEPS)).astype(np.int64)
        study = permutation_study(NAMES, POINTS, PERIOD, counts)
        ps.append(scan(study, ScanSettings(replications=39, seed=seed, max_steps=4), threads=1).clusters[0].p_value)
    assert 0.36 < np.mean(ps) < 0.65
    assert np.mean(np.array(ps) <= 0.1) < 0.25


@pytest.mark.parametrize(
    "settings",
    [
        {"analysis": "spatial"},
        {"analysis": "weekly"},
        {"rates": "medium"},
        {"apart": "time"},
        {"replications": -1},
    ],
)
def test_settings_that_do_not_fit_are_refused(settings):
    study = permutation_study(NAMES, POINTS, PERIOD, counts_with_a_cluster())
    with pytest.raises(ValueError, match=r"must be|one step"):
        scan(study, ScanSettings(**settings))


def test_a_study_that_does_not_fit_together_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        permutation_study(NAMES, POINTS, PERIOD, np.zeros((3, 3), dtype=np.int64))
    with pytest.raises(ValueError, match="whole numbers"):
        permutation_study(NAMES, POINTS, PERIOD, np.zeros((PLACES, STEPS)))
    counts = np.zeros((PLACES, STEPS), dtype=np.int64)
    with pytest.raises(ValueError, match="expected cases"):
        poisson_study(NAMES, POINTS, PERIOD, counts, expected=np.full((PLACES, STEPS), np.nan))
    with pytest.raises(ValueError, match="controls"):
        bernoulli_study(NAMES, POINTS, PERIOD, counts, controls=counts - 1)


def test_statistics_equal_to_the_first_are_found_among_many():
    rng = np.random.default_rng(2)
    for equal in (0, 1, 40):
        below = np.sort(rng.uniform(0, 4.999, 60))[::-1]
        statistics = np.r_[5.0, 5.0 - rng.uniform(0, 4e-9, equal), below]
        found = _equal_after(statistics)
        assert found.tolist() == [at for at in range(1, len(statistics)) if statistics[at] >= 5.0 * (1 - SAME)]
    assert _equal_after(np.array([3.0])).tolist() == []
