"""Counts of one hexagon over time, for a reader."""

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from data.counting import Counting
from data.disclosure import smallest_shown, withhold_cells
from data.filter import IncidentFilter
from data.queries import during, facts, in_places, of_kind, parent_cell
from data.steps import Steps
from geo.hexagons import from_text


def cell_series(counting: Counting, asked: IncidentFilter, cell: str, steps: Steps) -> pd.Series:
    """Counts of a cell in every step, zeros included.

    Parameters
    ----------
    asked
        Whose incidents and of which kinds; its period is that of the steps.
    cell
        In H3's spelling, of resolution 9 or coarser.

    Returns
    -------
    Int64 indexed by the first day of each step; counts in [1, k) are NA.

    Raises
    ------
    ValueError
        The period of the filter is not that of the steps.
    """
    if asked.period != steps.period:
        raise ValueError(f"expected the period of the steps, {steps.period}, found {asked.period}")
    (number,) = from_text([cell]).tolist()
    resolution = number >> 52 & 15
    query = (
        select(facts.c.day, func.sum(facts.c.weight).label("incident_count"))
        .where(in_places(asked), *of_kind(asked), during(asked.period), parent_cell(resolution) == number)
        .group_by(facts.c.day)
    )
    found = counting.run(query)
    step = steps.step_of(found["day"].to_numpy(np.int64))
    counts = np.bincount(step, weights=found["incident_count"].to_numpy(np.float64), minlength=steps.count)
    values = pd.Series(counts.astype(np.int64), index=[steps.of(at).start for at in range(steps.count)], dtype="Int64")
    return withhold_cells(values, smallest_shown(asked))
