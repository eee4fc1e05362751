"""What the trends page shows, read once: the URL, the unit, and all figures."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import streamlit as st

from dashboard.map.screen import today_of
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool, Reads, reads_of
from dashboard.table_button import stamp_of
from dashboard.trends.asked import TrendsAsked, read_trends_asked
from dashboard.trends.forecast import Band, read_band
from dashboard.trends.reads import read_matrix, read_progress, read_rhythm, read_settling
from dashboard.wording import table_name
from data.counts import Overdue
from data.disclosure import is_open, smallest_shown
from data.filter import IncidentFilter
from data.trends.figures import Matrix, Progress, Rhythm, Settling
from data.trends.references import References, read_references
from geo.geography import Unit

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class TrendsScreen:
    """Everything the page shows; `no_band` says why there is no forecast."""

    pool: Pool
    reads: Reads
    asked: TrendsAsked
    wanted: IncidentFilter
    unit: Unit
    children: pd.DataFrame
    rhythm: Rhythm
    matrix: Matrix
    settling: Settling
    progress: Progress
    overdue: list[Overdue]
    references: References
    band: Band | None
    no_band: str
    palette: Palette
    now: dt.datetime
    today: dt.date
    latest: dict[str, dt.datetime]
    wrong: list[str]

    @property
    def data_time(self) -> dt.datetime | None:
        """Moment of the newest incident, None in an empty pool."""
        return max(self.latest.values(), default=None)

    @property
    def below(self) -> int:
        """Counts under this are withheld where they are withheld."""
        return smallest_shown(self.wanted)

    @property
    def is_open(self) -> bool:
        """Whether the division's own counts are shown whatever their size."""
        return is_open(self.asked.code)

    @property
    def is_empty(self) -> bool:
        """Whether nothing occurred in the period; withheld counts are something."""
        return self.rhythm.total.current == 0

    @property
    def has_any(self) -> bool:
        """Whether there is anything at all to draw."""
        return bool((self.rhythm.weeks.fillna(1) != 0).to_numpy().any()) or self.settling.durations.count != 0

    @property
    def place(self) -> str:
        """Name of the division."""
        return table_name(self.unit.name)

    @cached_property
    def stamp(self) -> str:
        """Place, filter and time of the data: what goes with everything that leaves the page."""
        return stamp_of([self.place, *self.asked.words()], self.data_time, simulated=self.reads.is_simulated())


def read_trends_screen(pool: Pool) -> TrendsScreen:
    """Read what the URL asks for."""
    reads, root, now = reads_of(pool), pool.settings.root_code, pool.now()
    asked, wrong = read_trends_asked(st.query_params, root=root, known=pool.geography.knows)
    latest = reads.latest()
    today = today_of(latest, now)
    wanted = asked.filter(scope=root, today=today)
    children = reads.children(asked.code)
    band, no_band = read_band(pool, asked, today=today, last_day=wanted.period.end - DAY)
    return TrendsScreen(
        pool=pool,
        reads=reads,
        asked=asked,
        wanted=wanted,
        unit=pool.geography.unit(asked.code),
        children=children,
        rhythm=read_rhythm(reads, wanted, today),
        matrix=read_matrix(reads, wanted, tuple(children["code"])),
        settling=read_settling(reads, wanted),
        progress=read_progress(reads, wanted),
        overdue=reads.overdue(wanted),
        references=read_references(pool.settings),
        band=band,
        no_band=no_band,
        palette=of_theme(st.context.theme.type),
        now=now,
        today=today,
        latest=latest,
        wrong=wrong,
    )
