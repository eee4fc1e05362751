"""What the hotspot page shows, read once: the URL, the run, its hotspots and clusters, and the selected one."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard.hotspots.asked import EVERY_TYPE, TOTAL, HotspotAsked, read_hotspot_asked
from dashboard.hotspots.patches import with_patches
from dashboard.hotspots.reads import cached_cell_series, cached_clusters, cached_hotspots
from dashboard.naming import division_name
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool, Reads, reads_of
from data.assessments.cluster_reading import ClusterFilter
from data.assessments.reading import COLUMNS, HotspotFilter, visible_runs
from data.assessments.runs import Run
from data.assessments.shown_counts import RECENT
from data.filter import IncidentFilter, Period
from data.layers import Layer, layer_of
from data.steps import Steps, steps_until
from geo.divisions import PREFIX_LENGTH
from risk.incident import SOURCES

MOST_MONTHS = 24
TOWNSHIP = PREFIX_LENGTH[4]
"""A hexagon is named after the township of its middle, no finer."""


@dataclass(frozen=True)
class HotspotScreen:
    """Everything the page shows; tables as `read_hotspots` and `read_clusters` give them.

    `hotspots` are of all types, `listed` of the chosen one, ranked; `run` is None before the first assessment.
    """

    pool: Pool
    reads: Reads
    asked: HotspotAsked
    run: Run | None
    runs: list[Run]
    hotspots: pd.DataFrame
    listed: pd.DataFrame
    palette: Palette
    now: datetime
    latest: dict[str, datetime]
    wrong: list[str]

    @property
    def layer(self) -> Layer:
        """What the places are."""
        return layer_of(self.asked.level)

    @property
    def scope(self) -> str:
        """The reader's own division."""
        return self.pool.settings.root_code

    @property
    def steps(self) -> Steps:
        """Steps of the run."""
        if self.run is None:
            raise ValueError("expected a run, found none")
        return steps_until(self.run.as_of, unit=self.run.parameters["unit"], count=self.run.parameters["steps"])

    @property
    def selected(self) -> pd.Series | None:
        """The hotspot chosen in the URL, or the first; None where nothing is listed."""
        if self.listed.empty:
            return None
        chosen = (self.listed["code"] == self.asked.place) & (self.listed["dispute_type"] == plain_type(self.asked.of))
        return self.listed[chosen].iloc[0] if chosen.any() else self.listed.iloc[0]

    def place_name(self, row: pd.Series) -> str:
        """`城关区 · 雁南街道`; a hexagon is named after where its middle lies."""
        code = str(row["home"])[:TOWNSHIP] if self.layer.is_cells else str(row["code"])
        return division_name(self.pool.geography, code)

    def clusters(self, dispute_type: str) -> pd.DataFrame:
        """Clusters of a type in the whole scope."""
        if self.run is None:
            return pd.DataFrame()
        wanted = ClusterFilter(self.scope, dispute_types=(dispute_type,), run_id=self.run.id)
        return cached_clusters(self.pool, self.run, wanted)

    def series(self, row: pd.Series) -> pd.Series:
        """Counts of a hotspot in each step of the run, small ones missing."""
        kinds = (row["dispute_type"],) if row["dispute_type"] else ()
        if self.layer.is_cells:
            asked = IncidentFilter(self.scope, self.steps.period, dispute_types=kinds, sources=self.asked.sources)
            return cached_cell_series(self.pool, self.reads.version, asked, row["code"], self.steps)
        asked = IncidentFilter(
            self.scope, self.steps.period, row["code"], dispute_types=kinds, sources=self.asked.sources
        )
        days = {"day": 1, "week": 7}.get(self.steps.unit)
        if days is None:
            return self._months(asked)
        return self.reads.series(asked, steps=self.steps.count, days=days)

    def _months(self, asked: IncidentFilter) -> pd.Series:
        """Counts of a division in the last months, one by one: they differ in length."""
        last = [self.steps.of(at) for at in range(max(0, self.steps.count - MOST_MONTHS), self.steps.count)]
        counts = [self.reads.totals(replace(asked, period=month)).current for month in last]
        return pd.Series(counts, index=[month.start for month in last], dtype="Int64")

    def around(self, row: pd.Series) -> pd.DataFrame:
        """All hotspots of the type of one, hexagons one by one."""
        return self.hotspots[self.hotspots["dispute_type"] == row["dispute_type"]]

    def by_source(self, row: pd.Series) -> pd.DataFrame:
        """Counts of a division by name of the source, 上期 and 本期, small ones missing; empty for a hexagon."""
        if self.layer.is_cells:
            return pd.DataFrame()
        kinds = (row["dispute_type"],) if row["dispute_type"] else ()
        recent = Period(self.steps.of(-min(RECENT, self.steps.count)).start, self.steps.period.end)
        found = {}
        for source in [SOURCES[code] for code in self.asked.sources] or SOURCES.values():
            asked = IncidentFilter(self.scope, recent, row["code"], dispute_types=kinds, sources=(source.code,))
            totals = self.reads.totals(asked)
            if totals.current != 0 or totals.previous != 0:
                found[source.name] = {"上期": totals.previous, "本期": totals.current}
        return pd.DataFrame.from_dict(found, orient="index", columns=["上期", "本期"])


def read_hotspot_screen(pool: Pool) -> HotspotScreen:
    """Read what the URL asks for."""
    reads = reads_of(pool)
    root = pool.settings.root_code
    asked, wrong = read_hotspot_asked(st.query_params, root=root, known=pool.geography.knows)
    runs = [run for run in visible_runs(pool.engine, root, sources=asked.sources) if _looks_at(run, asked)]
    chosen = next((run for run in runs if asked.run in ("", str(run.id))), None)
    if asked.run and chosen is None:
        wrong.append(f"run={asked.run}")
    run = chosen or next(iter(runs), None)
    wanted = HotspotFilter(root, asked.level, asked.code, classes=asked.classes, run_id=run.id if run else None)
    hotspots = (
        begun_since(cached_hotspots(pool, run, wanted), run, asked) if run else pd.DataFrame(columns=list(COLUMNS))
    )
    palette = of_theme(st.context.theme.type)
    return HotspotScreen(
        pool, reads, asked, run, runs, hotspots, _listed(hotspots, asked), palette, pool.now(), reads.latest(), wrong
    )


def begun_since(hotspots: pd.DataFrame, run: Run, asked: HotspotAsked) -> pd.DataFrame:
    """Those whose unbroken run began in the chosen weeks before the end of the assessment; all if none are chosen."""
    if not asked.since:
        return hotspots
    first = run.as_of - timedelta(days=7 * int(asked.since) - 1)
    return hotspots[[since is not None and since >= first for since in hotspots["since"]]]


def _looks_at(run: Run, asked: HotspotAsked) -> bool:
    """A run of chosen sources may have looked at one level only."""
    return not run.sources or asked.level in run.parameters["layers"]


def plain_type(word: str) -> str:
    """A type as the tables have it, from the URL's word."""
    return "" if word == TOTAL else word


def _listed(hotspots: pd.DataFrame, asked: HotspotAsked) -> pd.DataFrame:
    """Rows of the chosen type; side by side only single types stand, not their sum."""
    if asked.type == EVERY_TYPE:
        listed = hotspots[hotspots["dispute_type"] != ""]
    else:
        listed = hotspots[hotspots["dispute_type"] == plain_type(asked.type)]
    listed = listed.assign(rank=range(1, len(listed) + 1), cells=1).reset_index(drop=True)
    return with_patches(listed) if layer_of(asked.level).is_cells and len(listed) else listed
