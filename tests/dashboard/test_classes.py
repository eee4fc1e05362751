import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.classes import CHANGE_BREAKS, Classes, fit_breaks, of_breaks, round_break
from dashboard.measures import COUNT, LAST_YEAR, PREVIOUS, RATE, measure_of, measured
from dashboard.palette import DARK, LIGHT

CITY = (0, 100, 200, 400, 600, 800, 1200)


def test_classes_hold_their_lower_break_and_not_their_upper():
    classes = of_breaks(CITY, COUNT)
    assert classes.assign([0, 99, 100, 199, 200, 1199, 1200, 9e9]).tolist() == [0, 0, 1, 1, 2, 5, 6, 6]
    assert classes.labels[0] == "0–100"
    assert classes.labels[-2:] == ("800–1,200", "≥ 1,200")


def test_a_missing_value_has_no_class():
    values = pd.Series([pd.NA, 5], dtype="Int64")
    assert of_breaks(CITY, COUNT).assign(values).tolist() == [-1, 0]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_a_value_lies_between_the_breaks_of_its_class(values: list[float]):
    classes = of_breaks(CITY, COUNT)
    upper = [*classes.breaks[1:], np.inf]
    for value, found in zip(values, classes.assign(values), strict=True):
        assert classes.breaks[found] <= value < upper[found]


def test_every_change_measure_has_the_same_fixed_classes_with_grey_in_the_middle():
    classes = of_breaks((), PREVIOUS)
    assert classes == of_breaks((), LAST_YEAR)
    assert classes.assign([-80, -30, -29.9, -15, -5, -4.9, 0, 4.9, 5, 15, 30, np.nan]).tolist() == [
        0, 1, 1, 2, 3, 3, 3, 3, 4, 5, 6, -1,
    ]  # fmt: skip
    assert classes.colors(LIGHT)[3] == LIGHT.change[3]
    assert classes.colors(DARK)[0] == DARK.change[0]


def test_what_is_suppressed_becomes_one_class_of_its_own():
    classes = of_breaks((0, 2, 4, 10, 20, 40), COUNT, suppressed_below=5)
    assert classes.breaks == (0, 5, 10, 20, 40)
    assert classes.labels == ("< 5", "5–10", "10–20", "20–40", "≥ 40")
    full = of_breaks((0, 10, 20, 30, 50, 80, 120), COUNT, suppressed_below=5)
    assert full.breaks == (0, 5, 20, 30, 50, 80, 120)


def test_few_classes_still_use_the_whole_ramp():
    classes = of_breaks((0, 1, 2), RATE)
    assert classes.colors_light == (LIGHT.rate[0], LIGHT.rate[3], LIGHT.rate[6])


@pytest.mark.parametrize("breaks", [(0, 1, 1), (3, 2), tuple(range(8)), ()])
def test_impossible_breaks_are_refused(breaks: tuple[float, ...]):
    with pytest.raises(ValueError, match="expected"):
        of_breaks(breaks, COUNT)
    with pytest.raises(ValueError, match="sizes"):
        Classes((0.0,), (), (), ("a",))


@pytest.mark.parametrize(
    ("value", "nice"), [(97, 100), (113, 120), (1.34, 1.2), (1.36, 1.5), (0.37, 0.4), (7300, 8000)]
)
def test_breaks_are_rounded_to_numbers_that_read_well(value: float, nice: float):
    assert round_break(value) == nice


def test_fitted_breaks_are_few_round_and_rising():
    counts = pd.Series(np.random.default_rng(7).lognormal(5, 1, 1400).round())
    breaks = fit_breaks(counts, COUNT)
    assert breaks[0] == 0
    assert 5 <= len(breaks) <= 7
    assert list(breaks) == sorted(set(breaks))
    assert all(value == round_break(value) for value in breaks[1:])
    used = np.bincount(of_breaks(breaks, COUNT).assign(counts), minlength=len(breaks))
    assert (used > 0).all()


def test_fitting_survives_a_table_of_nothing_and_of_one_value():
    assert fit_breaks(pd.Series([0, 0], dtype="Int64"), COUNT) == (0.0, 1.0)
    assert fit_breaks(pd.Series([3.0, np.nan]), RATE) == (0.0,)
    assert fit_breaks(pd.Series([3.0]), PREVIOUS) == CHANGE_BREAKS


def numbers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "incident_count": pd.array([120, 9, None], dtype="Int64"),
            "previous_count": pd.array([100, 100, 100], dtype="Int64"),
            "last_year_count": pd.array([240, None, 50], dtype="Int64"),
            "rate": [1.5, np.nan, 0.2],
        },
        index=["6201", "6202", "6203"],
    )


def test_a_suppressed_count_is_in_the_lowest_class_and_states_no_change():
    assert measured(numbers(), COUNT).tolist() == [120, 9, 0]
    assert measured(numbers(), PREVIOUS).tolist() == pytest.approx([20, np.nan, np.nan], nan_ok=True)
    assert measured(numbers(), LAST_YEAR).tolist() == pytest.approx([-50, np.nan, np.nan], nan_ok=True)
    assert measured(numbers(), RATE).tolist() == pytest.approx([1.5, np.nan, 0.2], nan_ok=True)


def test_a_measure_without_its_column_is_a_wrong_call():
    with pytest.raises(ValueError, match="rate"):
        measured(numbers().drop(columns="rate"), RATE)


def test_an_unknown_measure_in_the_url_is_the_count():
    assert measure_of("nonsense") is COUNT
    assert measure_of(None) is COUNT
    assert measure_of("rate") is RATE
