"""What the risk page shows, read once: the URL, the newest forecast run, its places, and the selected one."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard.naming import division_name
from dashboard.palette import Palette, of_theme
from dashboard.pool import Pool, Reads, reads_of
from dashboard.risks.asked import RiskAsked, read_risk_asked
from data.forecasts.models import StoredModel, list_models
from data.forecasts.reading import ForecastFilter, find_forecast, read_forecast
from data.forecasts.storage import ForecastRun
from data.forecasts.switch import shown_or_why
from data.layers import layer_of

MOST = 300
"""Places listed; who needs more chooses a division or a type."""


@dataclass(frozen=True)
class RiskScreen:
    """Everything the page shows; `listed` as `read_forecast` gives it, `off` why nothing may be shown."""

    pool: Pool
    reads: Reads
    asked: RiskAsked
    run: ForecastRun | None
    model: StoredModel | None
    off: str | None
    listed: pd.DataFrame
    palette: Palette
    now: datetime
    latest: dict[str, datetime]
    wrong: list[str]

    @property
    def selected(self) -> pd.Series | None:
        """The place chosen in the URL, or the first; None where nothing is listed."""
        if self.listed.empty:
            return None
        chosen = self.listed["code"] == self.asked.place
        return self.listed[chosen].iloc[0] if chosen.any() else self.listed.iloc[0]

    @property
    def levels(self) -> list[dict]:
        """Levels of the run, gravest first: `name`, `colour` (in words)."""
        return list(self.run.settings["score"]["levels"]) if self.run else []

    @property
    def limits(self) -> tuple[float, ...]:
        """Least score of each level, as fixed with the model."""
        if self.model is None:
            return ()
        return self.model.calibration[self.asked.level].scales[self.asked.type].limits

    def level_words(self, number: int) -> str:
        """`红 重大`."""
        level = self.levels[number]
        return f"{level['colour']} {level['name']}"

    def place_name(self, row: pd.Series) -> str:
        """`城关区 · 雁南街道`; a hexagon is named after where most of its incidents lie."""
        is_cells = layer_of(self.asked.level).is_cells
        code = str(row["home"]) if is_cells else str(row["code"])
        name = division_name(self.pool.geography, code)
        return f"{name}({str(row['code'])[4:9]})" if is_cells else name


def read_risk_screen(pool: Pool) -> RiskScreen:
    """Read what the URL asks for."""
    reads, root = reads_of(pool), pool.settings.root_code
    asked, wrong = read_risk_asked(st.query_params, root=root, known=pool.geography.knows)
    run = find_forecast(pool.engine, pool.settings, root)
    listed, off, model = pd.DataFrame(), None, None
    if run is not None:
        off = shown_or_why(pool.engine, pool.settings, run, asked.level, asked.type)
        models = list_models(pool.engine, pool.settings, run.scope)
        model = next((stored for stored in models if stored.id == run.model_id), None)
        if off is None:
            which = (str(pool.settings.var), pool.settings.url, run.id, run.finished_at)
            listed = _forecast(which, asked.filter(scope=root, run_id=run.id), pool)
    palette = of_theme(st.context.theme.type)
    return RiskScreen(pool, reads, asked, run, model, off, listed, palette, pool.now(), reads.latest(), wrong)


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs={ForecastFilter: repr})
def _forecast(which: tuple, wanted: ForecastFilter, _pool: Pool) -> pd.DataFrame:  # noqa: ARG001 - the key
    return read_forecast(_pool.engine, _pool.settings, wanted).head(MOST)
