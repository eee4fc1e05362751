"""The seventeen classes against an independent plain reading of their definitions."""

import itertools

import numpy as np
import pytest

from geo.neighbours import of_pairs
from risk.emerging import CLASS_NAMES, COLUMNS, EmergingClass, EmergingSettings, classify, emerging
from risk.local_statistic import local_statistic

ROUNDS = [("current", n) for n in range(1, 11)] + [("older", n) for n in range(1, 11)]


def plain_hot(row, trend, sporadic):
    """Name of the first hot definition that fits, read off the published page sentence by sentence."""
    n = len(row)
    hot = [value == 1 for value in row]
    share = sum(hot) / n
    last = hot[-1]
    if last and not any(hot[:-1]):
        return "NEW"
    begin = n
    while begin > 0 and hot[begin - 1]:
        begin -= 1
    if n - begin >= 2 and not any(hot[:begin]) and share < 0.9:
        return "CONSECUTIVE"
    if share >= 0.9 and last:
        return {1: "INTENSIFYING", 0: "PERSISTENT", -1: "DIMINISHING"}[trend]
    cold_before = -1 in row
    if share < 0.9 and not cold_before and (last if sporadic == "current" else any(hot)):
        return "SPORADIC"
    if last and cold_before and share < 0.9:
        return "OSCILLATING"
    if not last and share >= 0.9:
        return "HISTORICAL"
    return None


ORDER = [
    "NEW",
    "CONSECUTIVE",
    "INTENSIFYING",
    "PERSISTENT",
    "DIMINISHING",
    "SPORADIC",
    "OSCILLATING",
    "HISTORICAL",
]


def plain_class(row, trend, sporadic):
    hot = plain_hot(row, trend, sporadic)
    cold = plain_hot([-value for value in row], -trend, sporadic)
    found = [(ORDER.index(name), name + side) for name, side in ((hot, "_HOT"), (cold, "_COLD")) if name]
    return EmergingClass[min(found)[1]] if found else EmergingClass.NO_PATTERN


@pytest.mark.parametrize(("sporadic", "steps"), ROUNDS)
def test_every_possible_history_has_the_class_of_a_plain_reading(sporadic, steps):
    histories = list(itertools.product((1, -1, 0), repeat=steps))
    for trend in (1, 0, -1):
        found = classify(np.array(histories, dtype=np.int8), np.full(len(histories), trend), sporadic=sporadic)
        expected = [plain_class(row, trend, sporadic) for row in histories]
        assert found.tolist() == expected


def test_the_classes_of_a_mirrored_cube_are_the_mirrored_classes():
    state = np.random.default_rng(1).integers(-1, 2, (5000, 7)).astype(np.int8)
    direction = np.random.default_rng(2).integers(-1, 2, 5000)
    assert (classify(-state, -direction) == -classify(state, direction)).all()


def test_all_seventeen_classes_occur_and_have_a_chinese_name():
    state = np.array(list(itertools.product((1, -1, 0), repeat=10)), dtype=np.int8)
    seen = set(np.concatenate([classify(state, np.full(len(state), trend)) for trend in (1, 0, -1)]).tolist())
    assert seen == {int(kind) for kind in EmergingClass}
    assert len(set(CLASS_NAMES.values())) == 17


def test_an_unknown_version_of_sporadic_is_refused():
    with pytest.raises(ValueError, match="newest"):
        classify(np.zeros((1, 1), dtype=np.int8), np.zeros(1), sporadic="newest")


ONE = np.ones((1, 1))


def line_of(places):
    """Places in a row, each next to the one before and after it."""
    at = np.arange(places - 1) if places > 1 else np.arange(0)
    return of_pairs(np.r_[at, at + 1], np.r_[at + 1, at], places=places)


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((0, 4)),
        np.zeros((0, 0)),
        np.zeros((3, 0)),
        np.zeros((5, 6)),
        np.full((5, 6), 3.0),
        np.ones((1, 1)),
    ],
    ids=["no places", "nothing", "no steps", "all zeros", "constant", "one place, one step"],
)
@pytest.mark.parametrize("permutations", [0, 19])
@pytest.mark.parametrize("moments", ["cube", "window"])
def test_a_cube_without_information_has_no_pattern_and_nothing_missing(counts, permutations, moments):
    settings = EmergingSettings(permutations=permutations, moments=moments)
    run = emerging(counts, line_of(len(counts)), settings=settings)
    assert list(run.table.columns) == list(COLUMNS)
    assert len(run.table) == len(counts)
    assert not run.table.isna().any().any()
    assert (run.table["emerging_class"] == 0).all()
    assert np.isfinite(run.z).all()


def test_one_place_alone_never_becomes_a_pattern_by_a_missing_value():
    run = emerging(np.array([[0, 0, 0, 9.0]]), line_of(1))
    assert np.isfinite(run.z).all()
    assert not run.table.isna().any().any()


def test_a_sudden_cluster_is_new_and_says_since_when():
    counts = np.random.default_rng(3).poisson(1.0, (60, 12)).astype(float)
    counts[20:24, -1] += 25
    names = [f"2025-{month:02d}" for month in range(1, 13)]
    table = emerging(counts, line_of(60), step_names=names).table.set_index("place")
    assert table.loc[21, "emerging_class"] == EmergingClass.NEW_HOT
    assert table.loc[21, "class_name"] == "新增热点"
    assert table.loc[21, "reason"] == "本期(2025-12)显著偏高,此前从未;共12期中1期显著偏高,首次为2025-12"
    assert table.loc[50, "reason"] == "各期均无显著聚集"


def test_counts_after_a_step_do_not_change_its_statistic_within_steps():
    counts = np.random.default_rng(4).poisson(2.0, (30, 8)).astype(float)
    changed = counts.copy()
    changed[:, 5:] = 99
    for moments in ("window", "step"):
        before = local_statistic(counts, line_of(30), moments=moments)[:, :5]
        after = local_statistic(changed, line_of(30), moments=moments)[:, :5]
        assert (before == after).all()


def test_names_that_do_not_match_the_steps_are_refused():
    with pytest.raises(ValueError, match="2 step names"):
        emerging(np.zeros((3, 4)), line_of(3), step_names=["a", "b"])
