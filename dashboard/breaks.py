"""Legend breaks: fixed from a reference year and kept, so that a colour means the same next week and under a filter.

One set for each level (or H3 resolution), measure, standard length of period, and for all incidents or some kinds.
"""

import datetime as dt
import json
from pathlib import Path

import pandas as pd

from dashboard.classes import Classes, fit_scaled, of_breaks
from dashboard.measures import COUNT, RATE, Measure
from data.counting import Counting
from data.filter import IncidentFilter, Period
from data.queries import counts_by_cell_and_type, counts_by_type
from data.settings import Settings
from geo.divisions import read_divisions
from geo.hexagons import LEVEL_RESOLUTION

LENGTHS = (7, 28, 91, 182, 365)
"""Standard lengths in days; a period uses the shortest that is not shorter than itself."""
YEAR = 365


def standard_length(days: int) -> int:
    """The standard length for a period of `days`."""
    return next((length for length in LENGTHS if length >= days), LENGTHS[-1])


def fit_all(counting: Counting, settings: Settings, *, until: dt.date) -> dict[str, list[float]]:
    """Breaks by key, from the 365 days that end on `until`."""
    asked = IncidentFilter(scope=settings.root_code, period=Period(until - dt.timedelta(days=YEAR), until))
    people = read_divisions(settings.geography).set_index("code")["population"]
    found: dict[str, list[float]] = {}
    for level in range(2, 7):
        table = counting.run(counts_by_type(asked, level))
        _fit(found, f"level{level}", table, "place")
        if level <= 3:
            year = table.groupby("place")["incident_count"].sum()
            codes = year.index.astype("str").str[: 2 * level]
            rates = pd.Series(
                year.to_numpy() / people.reindex(codes).to_numpy(dtype=float, na_value=float("nan")) * 1e4
            )
            _keep(found, f"level{level}", RATE, rates, narrowed=False)
    for resolution in sorted(set(LEVEL_RESOLUTION.values())):
        table = counting.run(counts_by_cell_and_type(asked, resolution))
        _fit(found, f"cell{resolution}", table[table["cell"] != 0], "cell")
    return found


def _fit(found: dict[str, list[float]], kind: str, table: pd.DataFrame, key: str) -> None:
    _keep(found, kind, COUNT, table["incident_count"], narrowed=True)
    _keep(found, kind, COUNT, table.groupby(key)["incident_count"].sum(), narrowed=False)


def _keep(found: dict[str, list[float]], kind: str, measure: Measure, year: pd.Series, *, narrowed: bool) -> None:
    """Breaks of every standard length from the values of a year."""
    breaks = fit_scaled(year, measure, [length / YEAR for length in LENGTHS])
    for length, fitted in zip(LENGTHS, breaks, strict=True):
        found[_key(kind, measure, length, narrowed=narrowed)] = list(fitted)


def _key(kind: str, measure: Measure, length: int, *, narrowed: bool) -> str:
    return f"{kind}/{measure.key}/{length}/{'some' if narrowed else 'all'}"


def breaks_file(settings: Settings) -> Path:
    """Where the breaks are kept."""
    return settings.var / "legend.json"


def write_breaks(settings: Settings, breaks: dict[str, list[float]]) -> None:
    """Keep breaks; the file appears whole or not at all."""
    file = breaks_file(settings)
    temporary = file.with_suffix(".writing")
    temporary.write_text(json.dumps(breaks), encoding="utf-8")
    temporary.rename(file)


def read_breaks(settings: Settings) -> dict[str, list[float]]:
    """Kept breaks; empty when none were made yet."""
    file = breaks_file(settings)
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def classes_of(
    breaks: dict[str, list[float]], kind: str, measure: Measure, *, days: int, narrowed: bool, below: int | None
) -> Classes:
    """Legend classes for what is asked.

    Parameters
    ----------
    kind
        `level2` … `level6` of the children, or `cell5` … `cell9`.
    below
        Counts under it are withheld; None where all are shown.
    """
    key = _key(kind, measure, standard_length(days), narrowed=narrowed and measure is COUNT)
    fallback = [0, 5, 10, 20, 50, 100, 200] if measure is COUNT else [0, 1, 2, 3, 4, 5, 6]
    return of_breaks(breaks.get(key, fallback), measure, suppressed_below=below)
