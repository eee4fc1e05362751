"""What the briefing screen shows, read once: the programme, the scene whose turn it is, its unit and its numbers."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import geopandas as gpd
import pandas as pd
import streamlit as st

from dashboard.asked import Asked
from dashboard.breaks import classes_of, read_breaks
from dashboard.classes import Classes
from dashboard.map.screen import today_of
from dashboard.measures import COUNT, RATE, Measure, measure_of
from dashboard.naming import EVERY_NAME, type_name
from dashboard.pool import Pool, Reads, reads_of
from dashboard.states import LATE_AFTER
from dashboard.wall.asked import WallAsked
from dashboard.wall.rotation import Turn, turn_at
from dashboard.wording import period_text, table_name
from data.disclosure import FINEST_OPEN_LEVEL, smallest_shown
from data.filter import IncidentFilter
from data.scenes import Programme, Scene, default_programme, find_programme
from geo.geography import Unit
from risk.incident import SOURCES

TITLES = {
    "map": "矛盾纠纷态势",
    "ranking": "{children}排名",
    "alerts": "新兴热点与预警",
    "series": "矛盾纠纷走势",
    "channels": "三调对接",
}
"""Usual titles by kind, behind the name of the unit."""


@dataclass(frozen=True)
class Beat:
    """What decides what is drawn; when it changes, the screen is drawn anew.

    `minute` (since 1970) lets what has no version, alerts and assessments, appear too.
    """

    programme: Programme
    index: int
    version: int
    minute: int


@dataclass(frozen=True)
class WallScreen:
    """Everything the screen shows. `programme` holds only scenes that can be shown, `unknown` says it was not found."""

    pool: Pool
    reads: Reads
    asked: WallAsked
    programme: Programme
    unknown: bool
    turn: Turn
    unit: Unit
    children: gpd.GeoDataFrame
    wanted: IncidentFilter
    now: datetime
    latest: dict[str, datetime]

    @property
    def scene(self) -> Scene:
        """The scene whose turn it is."""
        return self.programme.scenes[self.turn.index]

    @property
    def beat(self) -> Beat:
        """What it was drawn from."""
        return Beat(self.programme, self.turn.index, self.reads.version, _minute(self.now))

    @property
    def place(self) -> str:
        """`3/5`."""
        return f"{self.turn.index + 1}/{len(self.programme.scenes)}"

    @property
    def title(self) -> str:
        """The scene's own title, or the usual one."""
        usual = TITLES[self.scene.kind].format(children=self.children_name)
        return self.scene.title or f"{table_name(self.unit.name)}{usual}"

    @property
    def children_name(self) -> str:
        """Word for the units that the map shows."""
        return self.pool.geography.hierarchy.level_name(self.unit.level + 1)

    @property
    def conditions(self) -> str:
        """`近 7 天 · 11月19日–11月25日(含当日) · 全部类型`."""
        window = Asked("", window=self.scene.period).words()[0]
        period = self.wanted.period
        parts = [window, f"{period_text(period.start, period.end)}(含当日)"]
        parts.append(type_name(self.scene.dispute_type) if self.scene.dispute_type else EVERY_NAME)
        if self.scene.source:
            parts.append(SOURCES[self.scene.source].name)
        return " · ".join(parts)

    @property
    def data_time(self) -> datetime | None:
        """Moment of the newest incident, None in an empty pool."""
        return max(self.latest.values(), default=None)

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """Counts of the children, indexed by code."""
        return self.reads.by_child(self.wanted)

    @cached_property
    def measure(self) -> Measure:
        """The measure shown: that of the scene, or the count where nobody's number is known."""
        asked = measure_of(self.scene.measure)
        return COUNT if asked is RATE and self.children["population"].isna().all() else asked

    @property
    def below(self) -> int:
        """Counts under this are withheld where they are withheld."""
        return smallest_shown(self.wanted)

    @cached_property
    def classes(self) -> Classes:
        """Legend classes, fixed for level, measure and length of period."""
        return classes_of(
            read_breaks(self.pool.settings),
            f"level{self.unit.level + 1}",
            self.measure,
            days=self.wanted.period.days,
            narrowed=bool(self.scene.dispute_type or self.scene.source),
            below=self.below if self.unit.level >= FINEST_OPEN_LEVEL else None,
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found; withheld counts are something."""
        return bool((self.numbers["incident_count"].fillna(1) == 0).all())


def beat_of(pool: Pool, asked: WallAsked, now: datetime) -> Beat:
    """What should be on the screen at a moment; cheap, for it is asked every second."""
    programme, _ = shown_programme(pool, asked.programme)
    turn = turn_at(now.timestamp(), [scene.seconds for scene in programme.scenes], held=asked.held)
    return Beat(programme, turn.index, pool.counts.version(), _minute(now))


def _minute(now: datetime) -> int:
    return int(now.timestamp() // 60)


def read_wall_screen(pool: Pool, asked: WallAsked, now: datetime) -> WallScreen:
    """Read the scene whose turn it is."""
    reads, scope = reads_of(pool), pool.settings.root_code
    programme, unknown = shown_programme(pool, asked.programme)
    turn = turn_at(now.timestamp(), [scene.seconds for scene in programme.scenes], held=asked.held)
    scene, latest = programme.scenes[turn.index], reads.latest()
    conditions = Asked(scene.division, type=scene.dispute_type, source=scene.source, window=scene.period)
    wanted = conditions.filter(scope=scope, today=today_of(latest, now))
    unit, children = pool.geography.unit(scene.division), reads.children(scene.division)
    return WallScreen(pool, reads, asked, programme, unknown, turn, unit, children, wanted, now, latest)


def shown_programme(pool: Pool, name: str) -> tuple[Programme, bool]:
    """The programme of a name with the scenes that can be shown, and whether there is none of that name.

    Scenes of divisions that new boundaries have done away with are passed over; an empty programme is the default.
    """
    scope = pool.settings.root_code
    found = _kept(str(pool.settings.var), pool.settings.url, scope, name, pool)
    programme = found or default_programme(scope)
    scenes = [one for one in programme.scenes if one.division.startswith(scope) and pool.geography.knows(one.division)]
    if not scenes:
        programme, scenes = default_programme(scope), list(default_programme(scope).scenes)
    return replace(programme, scenes=tuple(scenes)), found is None


@st.cache_data(ttl=5, max_entries=64, show_spinner=False)
def _kept(var: str, url: str, scope: str, name: str, _pool: Pool) -> Programme | None:  # noqa: ARG001 - the key
    return find_programme(_pool.engine, scope, name)


def is_stale(data_time: datetime | None, now: datetime) -> bool:
    """Whether no new data have come for longer than an office should wait."""
    return data_time is not None and now - data_time > LATE_AFTER
