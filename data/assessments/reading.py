"""The door through which assessments leave: a reader's own places only, and no small count to be told from them.

Counts were withheld when they were kept. Z-scores stay inside, because a z-score of a hexagon's neighbourhood is its
count in other units: evidence leaves as a rank and in four grades.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Engine, Select, and_, select

from data.assessments.classes import unpack_states
from data.assessments.fetch import fetch
from data.assessments.parts import CLASSES
from data.assessments.runs import Run, list_runs
from data.assessments.shown_counts import COLUMNS as COUNTS
from data.filter import OutOfScopeError, date_of
from data.layers import Layer, layer_of
from data.steps import steps_until
from data.tables import assessment_parts, assessment_run_parts, hotspots
from geo.divisions import PREFIX_LENGTH, place_range
from geo.hexagons import text
from risk.emerging import CLASS_NAMES, EmergingClass
from risk.emerging_reason import reasons

GRADES = (1.301, 2.0, 3.0)
"""−log₁₀ of 5 %, 1 % and 0.1 %: evidence of grade 1, 2 and 3 begins here."""
STATE_SIGNS = {1: "+", 0: ".", -1: "-"}
COLUMNS = (
    "code",
    "home",
    "dispute_type",
    "emerging_class",
    "class_name",
    "rank",
    "grade",
    "hot_steps",
    "cold_steps",
    "since",
    "trend",
    "last_count",
    "previous_count",
    "incident_count",
    "states",
    "reason",
)


@dataclass(frozen=True)
class HotspotFilter:
    """Which hotspots are meant. Empty tuples mean all; "" among the types is all types together.

    `scope` is the reader's own division; `division` lies in it and is the scope unless given.
    """

    scope: str
    layer: str
    division: str = ""
    dispute_types: tuple[str, ...] = field(default=())
    classes: tuple[int, ...] = field(default=())
    run_id: int | None = None

    def __post_init__(self) -> None:
        """Fill in the division; refuse one outside the scope, and a layer that does not exist."""
        layer_of(self.layer)
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")
        if not self.division:
            object.__setattr__(self, "division", self.scope)
        if not self.division.startswith(self.scope):
            raise OutOfScopeError(f"division {self.division} lies outside {self.scope}")


def visible_runs(engine: Engine, scope: str, *, sources: tuple[str, ...] = ()) -> list[Run]:
    """Finished runs of the reader's own study area, newest first; without any, those of the nearest one above.

    Those over some `sources` are told apart from those over all.
    """
    return [run for run in _visible(engine, scope) if run.sources == sources]


def find_run(engine: Engine, scope: str, run_id: int | None = None) -> Run | None:
    """A run that a reader may see, the newest over all sources unless told; None if there is none."""
    runs = _visible(engine, scope)
    return next((run for run in runs if (not run.sources if run_id is None else run.id == run_id)), None)


def _visible(engine: Engine, scope: str) -> list[Run]:
    for length in sorted((n for n in PREFIX_LENGTH.values() if n <= len(scope)), reverse=True):
        found = list_runs(engine, scope=scope[:length])
        if any(not run.sources for run in found):
            return found
    return []


def read_hotspots(engine: Engine, asked: HotspotFilter) -> pd.DataFrame:
    """Places with a class, the best evidence first.

    Returns
    -------
    `COLUMNS`: `code` of the division or cell, `home` code of the division a cell lies in, `rank` from 1 in this list,
    `grade` of the evidence 0-3, `since` first day of the unbroken hot or cold run at the end (None if it has ended),
    `trend` 1, 0, −1, counts of the last `shown_counts.RECENT` steps, of as many before and of all (Int64, NA =
    withheld), `states` a text of one sign a step (`+` hot, `-` cold, `.` neither), `reason` in words. Empty with these
    columns where nothing is known.
    """
    run = find_run(engine, asked.scope, asked.run_id)
    if run is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = fetch(engine, _query(run, asked))
    rows = rows.sort_values(["evidence", "hot_steps", "place", "dispute_type"], ascending=[False, False, True, True])
    return _shown(rows.reset_index(drop=True), run, asked)


def is_inside(column: ColumnElement[int], division: str) -> ColumnElement[bool]:
    """Whether a place of 15 digits lies in a division."""
    first, after = place_range(division)
    return and_(column >= first, column < after)


def _query(run: Run, asked: HotspotFilter) -> Select:
    query = (
        select(hotspots, assessment_parts.c.dispute_type)
        .join(assessment_parts, assessment_parts.c.id == hotspots.c.part_id)
        .join(assessment_run_parts, assessment_run_parts.c.part_id == assessment_parts.c.id)
        .where(
            assessment_run_parts.c.run_id == run.id,
            assessment_parts.c.kind == CLASSES,
            assessment_parts.c.layer == asked.layer,
            is_inside(hotspots.c.home, asked.division),
        )
    )
    if asked.dispute_types:
        query = query.where(assessment_parts.c.dispute_type.in_(asked.dispute_types))
    if asked.classes:
        query = query.where(hotspots.c.emerging_class.in_(asked.classes))
    return query


def _shown(rows: pd.DataFrame, run: Run, asked: HotspotFilter) -> pd.DataFrame:
    """What the reader gets of the rows."""
    settings = run.parameters["emerging"]
    steps = steps_until(run.as_of, unit=run.parameters["unit"], count=run.parameters["steps"])
    state = unpack_states(list(rows["hot"]), list(rows["cold"]), steps=steps.count)
    classes = rows["emerging_class"].to_numpy(np.int64)
    significant = rows["trend_p"].to_numpy(np.float64) < settings["trend_alpha"]
    trend = np.where(significant, np.sign(rows["trend_z"].to_numpy(np.float64)), 0).astype(np.int64)
    layer = layer_of(asked.layer)
    shown = pd.DataFrame(
        {
            "code": codes_of(rows["place"], layer),
            "home": [home_code(place) for place in rows["home"]],
            "dispute_type": rows["dispute_type"],
            "emerging_class": classes,
            "class_name": [CLASS_NAMES[EmergingClass(kind)] for kind in classes.tolist()],
            "rank": np.arange(1, len(rows) + 1),
            "grade": np.searchsorted(GRADES, rows["evidence"].to_numpy(np.float64), side="right"),
            "hot_steps": rows["hot_steps"],
            "cold_steps": rows["cold_steps"],
            "since": [date_of(steps.edges[steps.count - length]) if length else None for length in rows["last_run"]],
            "trend": trend,
            "states": ["".join(STATE_SIGNS[sign] for sign in line) for line in state.tolist()],
            "reason": reasons(state, classes, trend, step_names=steps.names),
        }
    )
    whole = _within(rows["within"], asked.scope)
    for name in COUNTS:
        shown[name] = rows[name].astype("Int64").mask(~whole)
    return shown[list(COLUMNS)]


def _within(places: pd.Series, scope: str) -> pd.Series:
    """Whether all incidents of a place lie in the reader's scope."""
    first, after = place_range(scope)
    return (places >= first) & (places < after)


def codes_of(places: pd.Series, layer: Layer) -> list[str]:
    """Codes of divisions, or cells in H3's spelling."""
    if layer.is_cells:
        return text(places.to_numpy(np.int64))
    return [str(place)[: PREFIX_LENGTH[layer.level or 0]] for place in places.tolist()]


def home_code(place: int) -> str:
    """Code of a place of 15 digits, without the zeros it was filled up with."""
    digits = str(place)
    return next(digits[:length] for length in PREFIX_LENGTH.values() if not int(digits[length:] or 0))
