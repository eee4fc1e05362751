"""Expected cases of the discrete Poisson model: people over time, indirectly standardised."""

import numpy as np
import pandas as pd

from risk.scan.period import Period


def expected_cases(cases: pd.DataFrame, population: pd.DataFrame, *, places: int, period: Period) -> np.ndarray:
    """Expected cases of each place and step if every stratum had one risk everywhere and always.

    Parameters
    ----------
    cases
        Columns `count`, `stratum`: the cases of the study period.
    population
        Columns `place` (position), `day`, `precision`, `people`, `stratum`. People are interpolated linearly
        between dates and constant before the first and after the last.
    places
        How many places there are; one without population expects nothing.

    Returns
    -------
    Shape (places, steps); sums to the number of cases.

    Raises
    ------
    ValueError
        There are cases in a stratum without people.
    """
    strata = pd.Index(population["stratum"].unique())
    of_stratum = cases.groupby("stratum")["count"].sum()
    unknown = [name for name in of_stratum.index[of_stratum > 0] if name not in strata]
    if unknown:
        raise ValueError(f"cases of stratum {unknown[0]!r} have no population")
    exposure = np.zeros((places, period.steps))
    for name, rows in population.groupby("stratum", sort=False):
        people = person_time(rows, places=places, period=period)
        cases_here = float(of_stratum.get(name, 0))
        if cases_here and people.sum() <= 0:
            raise ValueError(f"cases of stratum {name!r} have no population")
        if cases_here:
            exposure += people * (cases_here / people.sum())
    return exposure


def person_time(rows: pd.DataFrame, *, places: int, period: Period) -> np.ndarray:
    """People × days of each place and step for one stratum, shape (places, steps)."""
    days, people = _by_date(rows, places=places)
    edges = period.starts.astype(np.int64).astype(np.float64)
    # Between knots the population is straight, so its integral is exact at the union of dates and edges.
    knots = np.unique(np.r_[edges, days[(days > edges[0]) & (days < edges[-1])]])
    heights = np.array([np.interp(knots, days, of_place) for of_place in people]).reshape(places, len(knots))
    pieces = (heights[:, 1:] + heights[:, :-1]) / 2 * np.diff(knots)
    total = np.concatenate([np.zeros((places, 1)), pieces.cumsum(axis=1)], axis=1)
    return np.diff(total[:, np.searchsorted(knots, edges)], axis=1)


def _by_date(rows: pd.DataFrame, *, places: int) -> tuple[np.ndarray, np.ndarray]:
    """Dates as day numbers and people of each place at each of them; a missing date means nobody then."""
    day = rows["day"].to_numpy().astype("datetime64[D]").astype(np.int64).astype(np.float64)
    dates, column = np.unique(day, return_inverse=True)
    people = np.zeros((places, len(dates)))
    np.add.at(people, (rows["place"].to_numpy(), column), rows["people"].to_numpy())
    if (rows["precision"] == "day").all():
        # A population of one day holds for that whole day.
        both = np.unique(np.r_[dates, dates + 1])
        latest = np.searchsorted(dates, both, side="right") - 1
        held = both - dates[latest] <= 1
        return both[held], people[:, latest[held]]
    return dates, people
