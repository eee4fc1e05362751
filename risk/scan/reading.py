"""A study from SaTScan's files."""

from pathlib import Path

import numpy as np
import pandas as pd

from risk.scan.expected import expected_cases
from risk.scan.period import PRECISIONS, Period, cut, whole
from risk.scan.satscan_files import (
    Coordinates,
    Places,
    ScanFileError,
    place_index,
    read_counts,
    read_places,
    read_population,
)
from risk.scan.study import Model, Study, bernoulli_study, permutation_study, poisson_study


def study_period(
    cases: pd.DataFrame, *, spatial: bool, start: str | None, end: str | None, unit: str = "day", length: int = 1
) -> Period:
    """The period asked for; without dates the one the cases span."""
    dated = cases["day"].notna()
    if not len(cases):
        if not (start and end):
            raise ScanFileError("there are no cases: a study of none needs a start and an end")
        return whole(start, end) if spatial else cut(start, end, unit=unit, length=length)  # type: ignore[arg-type]
    if spatial and not dated.any() and not (start and end):
        return whole(start, end)
    if not dated.any() and not spatial:
        raise ScanFileError("the cases have no dates: only a purely spatial scan is possible")
    first = start or str(cases["day"].min().date())
    precision = cases.loc[dated, "precision"].max() if dated.any() else "day"
    last = end or cases["day"].max().strftime({"year": "%Y", "month": "%Y/%m"}.get(precision, "%Y/%m/%d"))
    if spatial:
        return whole(first, last)
    return cut(first, last, unit=unit, length=length)  # type: ignore[arg-type]


def read_study(
    model: Model,
    cases_file: Path,
    places_file: Path,
    *,
    population_file: Path | None = None,
    controls_file: Path | None = None,
    spatial: bool = False,
    start: str | None = None,
    end: str | None = None,
    unit: str = "day",
    length: int = 1,
    coordinates: Coordinates = "auto",
    dated: bool | None = None,
) -> Study:
    """Read the files of one analysis.

    Raises
    ------
    ScanFileError
        A file cannot be read, names a place without coordinates, or has a case outside the study period or with a
        date less precise than the steps; or the model's file is missing.
    ValueError
        A setting is out of range, or cases lie where nobody lives.
    """
    places = read_places(places_file, coordinates=coordinates)
    cases = read_counts(cases_file, dated=dated)
    if dated is None and not spatial and cases["day"].isna().all() and (cases["stratum"] != "").any():
        # A scan in time has dates in its third column, also where years have two digits.
        dated, cases = True, read_counts(cases_file, dated=True)
    period = study_period(cases, spatial=spatial, start=start, end=end, unit=unit, length=length)
    cells = cells_of(cases, places, period, cases_file.name)
    counts = _added(cells, cases["count"], places, period)
    if model == "permutation":
        layers = [
            _added(cells[rows], cases["count"].iloc[rows], places, period)
            for rows in cases.groupby("stratum").indices.values()
        ]
        return permutation_study(
            places.names, places.points, period, counts, strata=np.array(layers) if layers else None
        )
    if model == "poisson":
        if population_file is None:
            raise ScanFileError("the Poisson model needs a population file")
        people = read_population(population_file)
        people["place"] = place_index(people, places.names, file=population_file.name)
        expected = expected_cases(cases, people, places=len(places.names), period=period)
        return poisson_study(places.names, places.points, period, counts, expected=expected)
    if model == "bernoulli":
        if controls_file is None:
            raise ScanFileError("the Bernoulli model needs a control file")
        others = read_counts(controls_file, dated=dated)
        controls = _added(cells_of(others, places, period, controls_file.name), others["count"], places, period)
        return bernoulli_study(places.names, places.points, period, counts, controls=controls)
    raise ValueError(f"model must be poisson, permutation or bernoulli, not {model!r}")


def cells_of(rows: pd.DataFrame, places: Places, period: Period, file: str) -> np.ndarray:
    """Place and step of each row, shape (rows, 2). Raises ScanFileError for a row that has none."""
    place = place_index(rows, places.names, file=file)
    if rows["day"].isna().all() and period.steps == 1:
        return np.column_stack([place, np.zeros(len(rows), dtype=np.int64)])
    step = period.step_of(rows["day"].to_numpy())
    if (step < 0).any():
        row = rows.iloc[int((step < 0).argmax())]
        raise ScanFileError(
            f"{file}, line {row['line']}: {row['day']:%Y/%m/%d} lies outside the study period, "
            f"{period.first_day(0)} to {period.last_day(period.steps - 1)}"
        )
    if period.steps > 1:
        vague = rows["precision"].map(PRECISIONS.index) < PRECISIONS.index(period.unit)
        if vague.any():
            row = rows.iloc[int(vague.to_numpy().argmax())]
            raise ScanFileError(
                f"{file}, line {row['line']}: a date known to the {row['precision']} cannot be put into a {period.unit}"
            )
    return np.column_stack([place, step])


def _added(cells: np.ndarray, numbers: pd.Series, places: Places, period: Period) -> np.ndarray:
    """Numbers summed by place and step, int64."""
    table = np.zeros((len(places.names), period.steps), dtype=np.int64)
    np.add.at(table, (cells[:, 0], cells[:, 1]), numbers.to_numpy().astype(np.int64))
    return table
