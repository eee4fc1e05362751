"""Counts that stand in an alert: of the townships its places lie in, as the door of counts tells them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.assessments.reading import home_code
from data.assessments.runs import Run
from data.assessments.shown_counts import RECENT
from data.counts import Counts
from data.filter import IncidentFilter, Period
from data.layers import layer_of
from data.steps import steps_until
from geo.divisions import PREFIX_LENGTH, parent_of

TOWNSHIP = PREFIX_LENGTH[4]
Told = dict[tuple[str, str], tuple[int | None, int | None]]
"""By type and division: counts of the last steps and of as many before, None = withheld."""


@dataclass(frozen=True)
class Sum:
    """Of several divisions: `count` None where all are withheld; `is_floor`: there may be more than it says."""

    count: int | None
    is_floor: bool


def division_of(layer: str, home: int) -> str:
    """Division that a place is told under: its own code, for a hexagon its township or what is known above it."""
    code = home_code(home)
    return code[:TOWNSHIP] if layer_of(layer).is_cells else code


def told_counts(counts: Counts, run: Run, hot: pd.DataFrame) -> Told:
    """Counts of every division and type that hot places lie in (`data.alerts.hot.hot_places`)."""
    period = recent(run)
    wanted: dict[tuple[str, str], set[str]] = {}
    for kind, layer, home in hot[["dispute_type", "layer", "home"]].itertuples(index=False):
        code = division_of(layer, home)
        if len(code) > PREFIX_LENGTH[1]:
            wanted.setdefault((kind, parent_of(code)), set()).add(code)
    told: Told = {}
    for (kind, parent), codes in wanted.items():
        asked = IncidentFilter(run.scope[: len(parent)], period, parent, dispute_types=(kind,))
        table = counts.by_child(asked, sorted(codes))
        for code in codes:
            told[kind, code] = (_count(table, code, "incident_count"), _count(table, code, "previous_count"))
    return told


def recent(run: Run) -> Period:
    """The last steps of a run that are counted together."""
    steps = steps_until(run.as_of, unit=run.parameters["unit"], count=run.parameters["steps"])
    start: dt.date = steps.of(-min(RECENT, steps.count)).start
    return Period(start, steps.period.end)


def added(told: Told, dispute_type: str, divisions: Iterable[str], *, at: int) -> Sum:
    """Sum over divisions; `at` 0: the last steps, 1: those before."""
    codes = set(divisions)
    outer = [code for code in sorted(codes) if not any(code != other and code.startswith(other) for other in codes)]
    found = [told.get((dispute_type, code), (None, None))[at] for code in outer]
    known = [each for each in found if each is not None]
    shown = [each for each in known if each]
    if len(known) == len(found):
        return Sum(sum(known), is_floor=False)
    return Sum(sum(shown) if shown else None, is_floor=bool(shown) or len(found) > 1)


def _count(table: pd.DataFrame, code: str, name: str) -> int | None:
    value = table[name].to_numpy(np.float64, na_value=np.nan)[table.index.get_loc(code)]
    return None if np.isnan(value) else int(value)
