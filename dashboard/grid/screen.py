"""What the page of one grid or village shows, read once."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import pandas as pd
import streamlit as st

from dashboard.centres.reads import CentreReads, read_centres
from dashboard.grid.asked import GRID, GridAsked, read_grid_asked
from dashboard.hotspots.ahead import Ahead, ahead_of
from dashboard.hotspots.ahead_reading import is_fresh
from dashboard.listed_incidents import listed_incidents
from dashboard.map.screen import today_of
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool, Reads, reads_of
from data.alerts.reading import AlertFilter, list_alerts
from data.assessments.reading import HotspotFilter, find_run, read_hotspots
from data.assessments.runs import Run
from data.centres.settings import BadCentreFileError
from data.counts import Totals
from data.disclosure import smallest_shown
from data.filter import IncidentFilter
from data.forecasts.reading import ForecastFilter, find_forecast, read_forecast
from data.forecasts.score_settings import read_score_settings
from data.forecasts.storage import ForecastRun
from data.forecasts.switch import shown_or_why
from data.layers import LEVEL_NAMES
from data.letters.reading import LetterFilter, list_letters
from geo.divisions import PREFIX_LENGTH
from geo.geography import Geography, Unit
from geo.touching import touching

WEEKS = 52
MOST_LISTED = 30
"""Incidents listed; the map lists more."""
TOWNSHIP = PREFIX_LENGTH[4]


@dataclass(frozen=True)
class Foretold:
    """What is foretold for the place: the run, its row as `read_forecast` gives it, and why it may not be shown."""

    run: ForecastRun | None
    row: pd.Series | None
    off: str | None

    def level_words(self, number: int) -> str:
        """`红 重大`."""
        level = self.run.settings["score"]["levels"][number] if self.run else {}
        return f"{level['colour']} {level['name']}"


@dataclass(frozen=True)
class GridScreen:
    """Everything the page shows of one place."""

    pool: Pool
    reads: Reads
    asked: GridAsked
    unit: Unit
    wanted: IncidentFilter
    totals: Totals
    today: date
    palette: Palette
    now: datetime
    latest: dict[str, datetime]

    @property
    def scope(self) -> str:
        """The reader's own division."""
        return self.pool.settings.root_code

    @property
    def word(self) -> str:
        """`本网格` or `本村`."""
        return "本网格" if self.unit.level == GRID else "本村(社区)"

    @property
    def below(self) -> int:
        """Counts under this are withheld."""
        return smallest_shown(self.wanted)

    @cached_property
    def incidents(self) -> pd.DataFrame | None:
        """The newest incidents one by one, at most `MOST_LISTED`; None where their number is withheld."""
        return listed_incidents(self.reads, self.wanted, most=MOST_LISTED)

    @cached_property
    def series(self) -> pd.Series:
        """Counts of the last weeks, small ones missing."""
        return self.reads.series(self.wanted, steps=WEEKS, days=7)

    @cached_property
    def run(self) -> Run | None:
        """The newest assessment."""
        return find_run(self.pool.engine, self.scope)

    @property
    def village(self) -> str:
        """Code of the village; grids are too small to be assessed one by one."""
        return self.unit.code[: PREFIX_LENGTH[5]]

    @cached_property
    def classes(self) -> pd.DataFrame:
        """Classes of the village by type, hot ones first; empty where it has none or was not looked at."""
        run, layer = self.run, LEVEL_NAMES[5]
        if run is None or layer not in run.parameters["layers"]:
            return pd.DataFrame(columns=["dispute_type", "emerging_class", "since", "reason"])
        found = read_hotspots(self.pool.engine, HotspotFilter(self.scope, layer, self.village, run_id=run.id))
        found = found[(found["code"] == self.village) & (found["emerging_class"] != 0)]
        return found.sort_values("emerging_class", key=lambda kinds: (kinds < 0) * 100 + kinds.abs(), kind="stable")

    @cached_property
    def foretold(self) -> Foretold:
        """Forecast of all types together."""
        pool, layer = self.pool, LEVEL_NAMES[self.unit.level]
        run = find_forecast(pool.engine, pool.settings, self.scope)
        if run is None:
            return Foretold(None, None, None)
        off = shown_or_why(pool.engine, pool.settings, run, layer, "")
        if off is not None:
            return Foretold(run, None, off)
        # Read with its neighbours of the same parent: what is withheld is settled among them.
        rows = read_forecast(
            pool.engine, pool.settings, ForecastFilter(self.scope, layer, self.unit.parent, "", run.id)
        )
        own = rows[rows["code"] == self.unit.code]
        return Foretold(run, None if own.empty else own.iloc[0], None)

    @cached_property
    def ahead(self) -> Ahead | None:
        """What is foretold of the weeks after `series`; None where the forecast is not of these days."""
        told = self.foretold
        if told.run is None or told.row is None or not is_fresh(told.run.as_of, self.today):
            return None
        return ahead_of(told.row, told.run.as_of, told.run.card["sources"])

    @cached_property
    def alerts(self) -> pd.DataFrame:
        """Alerts that cover the place, a part of it or its whole township: as `list_alerts`, with `near`.

        `near` says whether one names the place itself, what lies in it, or the village that it lies in.
        """
        found = list_alerts(self.pool.engine, AlertFilter(self.scope, self.unit.code[:TOWNSHIP]))
        related = [
            _related([*places, home], self.unit.code)
            for places, home in zip(found["places"], found["division"], strict=True)
        ]
        near = pd.Series([any(len(code) > TOWNSHIP for code in codes) for codes in related], found.index, dtype=bool)
        touches = pd.Series([bool(codes) for codes in related], found.index, dtype=bool)
        return found.assign(near=near)[touches].sort_values("near", ascending=False, kind="stable")

    @cached_property
    def letters(self) -> pd.DataFrame:
        """Letters about the place, its township or what lies in it, and those of its alerts: as `list_letters`."""
        wanted = LetterFilter(self.scope, self.today, division=self.unit.code[:TOWNSHIP])
        found = list_letters(self.pool.engine, wanted)
        about = [bool(_related([code], self.unit.code)) for code in found["division"]]
        return found[pd.Series(about, index=found.index, dtype=bool) | found["alert"].isin(self.alerts["number"])]

    @cached_property
    def centres(self) -> CentreReads | None:
        """What is known of centres; None where the office's settings can not be used."""
        try:
            return read_centres(self.reads, self.today)
        except BadCentreFileError:
            return None

    def alert_level(self, number: int) -> str:
        """Words of a level of alerts, as the office has named the levels of its scores."""
        levels = read_score_settings(self.pool.settings).levels
        level = levels[min(number, len(levels) - 1)]
        return f"{level.colour} {level.name}"

    @cached_property
    def neighbours(self) -> list[str]:
        """Codes of what touches the place, of the same level."""
        return _touching(self.pool.geography, self.unit.code)


def _related(codes: list[str], code: str) -> list[str]:
    """Those of some codes, no coarser than the township, that hold a place or lie in it; hexagons are passed over."""
    return [
        each
        for each in codes
        if each.isdigit() and TOWNSHIP <= len(each) < 16 and (code.startswith(each) or each.startswith(code))
    ]


@st.cache_data(max_entries=512, show_spinner=False, hash_funcs={Geography: lambda geography: geography.key})
def _touching(geography: Geography, code: str) -> list[str]:
    return touching(geography, code)


def read_grid_screen(pool: Pool) -> tuple[GridScreen | None, GridAsked, list[str]]:
    """Read what the URL asks for; None where it names no grid or village of the reader's."""
    asked, wrong = read_grid_asked(st.query_params, root=pool.settings.root_code, known=pool.geography.knows)
    if not asked.code:
        return None, asked, wrong
    reads, now = reads_of(pool), pool.now()
    latest = reads.latest()
    today = today_of(latest, now)
    wanted = asked.filter(scope=pool.settings.root_code, today=today)
    palette = of_theme(st.context.theme.type)
    unit = pool.geography.unit(asked.code)
    screen = GridScreen(pool, reads, asked, unit, wanted, reads.totals(wanted), today, palette, now, latest)
    return screen, asked, wrong
