"""What the map page shows, read once: the URL, the unit, its children and their numbers."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard.asked import Asked, read_asked, write_asked
from dashboard.breaks import classes_of, read_breaks
from dashboard.classes import Classes
from dashboard.listed_incidents import listed_incidents
from dashboard.map.reads import cached_frames, newest_forecast, newest_run
from dashboard.map.time_slider import is_playing, periods_of, playing
from dashboard.measures import COUNT, EMERGING, MEASURES, RATE, RISK_MEASURES, Measure, measure_of
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool, Reads, reads_of
from data.assessments.runs import Run
from data.counts import COUNTS, Totals
from data.disclosure import FINEST_OPEN_LEVEL, smallest_shown
from data.filter import IncidentFilter
from data.layers import LEVEL_NAMES
from geo.geography import Unit
from geo.hexagons import LEVEL_RESOLUTION

GRID = 6
CELLS = "cells"
MOST_LISTED = 500
"""Incidents of a grid that are drawn and listed."""


@dataclass(frozen=True)
class Screen:
    """Everything the page shows. `numbers` is indexed by code, `children` have columns of `Geography.children`."""

    pool: Pool
    reads: Reads
    asked: Asked
    wanted: IncidentFilter
    unit: Unit
    children: gpd.GeoDataFrame
    numbers: pd.DataFrame
    palette: Palette
    now: datetime
    latest: dict[str, datetime]
    wrong: list[str]

    @property
    def data_time(self) -> datetime | None:
        """Moment of the newest incident, None in an empty pool."""
        return max(self.latest.values(), default=None)

    @cached_property
    def measure(self) -> Measure:
        """The measure shown: the one asked for, or the count where it makes no sense."""
        asked = measure_of(self.asked.measure)
        return asked if asked in self.measures else COUNT

    @cached_property
    def measures(self) -> list[Measure]:
        """Measures that make sense here: rates only where populations are known, hotspots where they were assessed."""
        with_people = self.asked.shape != CELLS and self.children["population"].notna().any()
        found = [measure for measure in MEASURES.values() if measure is not RATE or with_people]
        if self.compares:  # a change is what the reader sees between the two maps
            return [measure for measure in found if not measure.is_change]
        assessed = [EMERGING] if self.run is not None else []
        return [*found, *assessed, *(RISK_MEASURES.values() if self.is_foretold else ())]

    @cached_property
    def today(self) -> date:
        """Last day that periods include."""
        return today_of(self.latest, self.now)

    @property
    def is_live(self) -> bool:
        """Whether the newest period is shown, which goes on growing."""
        return self.asked.last_day(self.today) == self.asked.newest_day(self.today)

    @property
    def plays(self) -> bool:
        """Whether this is one of many frames, so that only what all of them have been read for is shown."""
        return is_playing()

    @property
    def compares(self) -> bool:
        """Whether a second period stands beside this one."""
        return bool(self.asked.compare) and self.unit.level < GRID

    @cached_property
    def totals(self) -> Totals:
        """Counts of the unit as a whole."""
        if self.unit.level < FINEST_OPEN_LEVEL:
            return Totals(*(int(self.numbers[name].sum()) for name in COUNTS))
        return self.reads.totals(self.wanted)

    @cached_property
    def incidents(self) -> pd.DataFrame | None:
        """The newest incidents of a grid one by one; None where their number is withheld, and above the grid."""
        if self.unit.level < GRID:
            return None
        return listed_incidents(self.reads, self.wanted, most=MOST_LISTED)

    @cached_property
    def run(self) -> Run | None:
        """The newest assessment, None without one or where it did not look at places of this kind."""
        if self.unit.level >= GRID:
            return None
        run = newest_run(self.reads, self.wanted.scope)
        return run if run is not None and self.layer_name in run.parameters["layers"] else None

    @cached_property
    def is_foretold(self) -> bool:
        """Whether the newest forecast knows places of this kind."""
        run = newest_forecast(self.reads, self.wanted.scope)
        return run is not None and self.unit.level < GRID and self.layer_name in run.settings["layers"]

    @property
    def layer_name(self) -> str:
        """Name of the layer that the places on the map belong to."""
        return f"cell{self.resolution}" if self.shows_cells else LEVEL_NAMES[min(GRID, self.unit.level + 1)]

    @property
    def shows_cells(self) -> bool:
        """Whether hexagons are drawn instead of the children."""
        return self.asked.shape == CELLS and self.unit.level < GRID

    @property
    def resolution(self) -> int:
        """H3 resolution of this level."""
        return LEVEL_RESOLUTION[self.unit.level]

    @property
    def below(self) -> int:
        """Counts under this are withheld where they are withheld."""
        return smallest_shown(self.wanted)

    @cached_property
    def classes(self) -> Classes:
        """Legend classes, fixed for level, measure and length of period."""
        kind = f"cell{self.resolution}" if self.shows_cells else f"level{min(GRID, self.unit.level + 1)}"
        withheld = self.shows_cells or self.unit.level >= FINEST_OPEN_LEVEL
        return classes_of(
            read_breaks(self.pool.settings),
            kind,
            self.measure,
            # While a year to date is played its legend stays that of the whole.
            days=self.asked.ending(self.asked.newest_day(self.today)).days,
            narrowed=self.asked.narrowed,
            below=self.below if withheld else None,
        )

    @cached_property
    def is_empty(self) -> bool:
        """Whether nothing was found; withheld counts are something."""
        counts = self.numbers["incident_count"]
        return self.unit.level < GRID and bool((counts.fillna(1) == 0).all())


def read_screen(pool: Pool, now: datetime) -> Screen:
    """Read what the URL asks for, or the frame that a play has come to."""
    reads = reads_of(pool)
    root = pool.settings.root_code
    asked, wrong = read_state(pool)
    asked = playing(asked)
    latest = reads.latest()
    today = today_of(latest, now)
    wanted = asked.filter(scope=root, today=today)
    unit = pool.geography.unit(asked.code)
    if unit.level >= GRID:
        numbers = _nothing()
    elif asked.at:
        numbers = cached_frames(reads, wanted, periods_of(asked, today))[wanted.period]
    else:
        numbers = reads.by_child(wanted)
    palette = of_theme(st.context.theme.type)
    return Screen(pool, reads, asked, wanted, unit, reads.children(asked.code), numbers, palette, now, latest, wrong)


def read_state(pool: Pool) -> tuple[Asked, list[str]]:
    """What the URL asks for, and what in it makes no sense."""
    return read_asked(st.query_params, root=pool.settings.root_code, known=pool.geography.knows)


def beside(screen: Screen) -> Screen:
    """The same screen in the period that is compared.

    Raises
    ------
    ValueError
        Nothing is compared.
    """
    period = screen.asked.other_period(screen.today)
    if period is None:
        raise ValueError("expected a screen that compares two periods, found one that shows a single one")
    wanted = replace(screen.wanted, period=period)
    return replace(screen, wanted=wanted, numbers=screen.reads.by_child(wanted))


def today_of(latest: dict[str, datetime], now: datetime) -> date:
    """Last day that periods include: that of the newest incident, so that a pool at rest still shows its last weeks."""
    return min(max(latest.values(), default=now), now).date()


def go_to(asked: Asked, code: str) -> None:
    """Put another unit into the URL, all else kept."""
    write_asked(replace(asked, code=code))


def _nothing() -> pd.DataFrame:
    columns = {name: pd.Series(dtype="Int64") for name in ("incident_count", "previous_count", "last_year_count")}
    return pd.DataFrame(columns | {"rate": pd.Series(dtype="float64")}, index=pd.Index([], name="code"))
