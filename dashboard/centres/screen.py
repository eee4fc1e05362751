"""What the page of centres shows, read once: the URL, the division, its centres, hotspots and gaps."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.centres.asked import CentresAsked, read_centres_asked
from dashboard.centres.reads import CentreReads, read_centres
from dashboard.map.screen import today_of
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool, Reads, reads_of
from geo.divisions import PREFIX_LENGTH
from geo.geography import Unit


@dataclass(frozen=True)
class CentresScreen:
    """Everything the page shows."""

    pool: Pool
    reads: Reads
    asked: CentresAsked
    unit: Unit
    found: CentreReads
    palette: Palette
    now: datetime
    latest: dict[str, datetime]
    wrong: list[str]

    @property
    def centres(self) -> pd.DataFrame:
        """Centres of the division and of all within."""
        return self._inside(self.found.standings, "division")

    @property
    def listed(self) -> pd.DataFrame:
        """Centres of the list, those with most open incidents for each mediator first, unknown ones last."""
        rows = self.centres
        if self.asked.below:
            rows = rows[rows["level"] == int(self.asked.below)]
        else:
            rows = rows[rows["level"].isin([self.unit.level, self.unit.level + 1])]
        return rows.sort_values(["per_mediator", "division"], ascending=[False, True], na_position="last")

    @property
    def hotspots(self) -> pd.DataFrame:
        """Hotspots of the division, of the type asked for, the farthest first; those without a middle last."""
        rows = self._of_type(self._inside(self.found.hotspots, "home"))
        return rows.sort_values(["km", "code", "dispute_type"], ascending=[False, True, True], na_position="last")

    @property
    def far(self) -> pd.DataFrame:
        """Hotspots beyond the limit."""
        return self.hotspots[self.hotspots["km"] > self.found.kinds.farthest_km]

    @property
    def gaps(self) -> pd.DataFrame:
        """Gaps of the division; with a type only those of this type."""
        rows = self._of_type(self._inside(self.found.gaps, "division"))
        return rows[rows["gap"] == self.asked.gap] if self.asked.gap else rows

    @property
    def median_km(self) -> float:
        """Median distance of the hotspots that have one; NaN without any."""
        known = self.hotspots["km"].replace(np.inf, np.nan).dropna()
        return float(known.median()) if len(known) else float("nan")

    def _inside(self, rows: pd.DataFrame, column: str) -> pd.DataFrame:
        return rows[rows[column].astype(str).str.startswith(self.unit.code)]

    def _of_type(self, rows: pd.DataFrame) -> pd.DataFrame:
        return rows[rows["dispute_type"] == self.asked.type] if self.asked.type else rows


def read_centres_screen(pool: Pool) -> CentresScreen:
    """Read what the URL asks for; a grid is shown as its village, for centres end there."""
    reads, now, root = reads_of(pool), pool.now(), pool.settings.root_code
    asked, wrong = read_centres_asked(st.query_params, root=root, known=pool.geography.knows)
    latest = reads.latest()
    unit = pool.geography.unit(asked.code[: PREFIX_LENGTH[5]])
    found = read_centres(reads, today_of(latest, now))
    return CentresScreen(pool, reads, asked, unit, found, of_theme(st.context.theme.type), now, latest, wrong)
