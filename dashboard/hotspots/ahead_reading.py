"""What is foretold of a division and type, for the series on the duty desk."""

import datetime as dt

from dashboard.hotspots.ahead import Ahead, ahead_of
from dashboard.pool import Pool
from dashboard.trends.forecast import OLDEST
from dashboard.trends.reads import read_forecast_rows
from data.forecasts.reading import ForecastFilter, find_forecast
from data.forecasts.switch import shown_or_why
from data.layers import LEVEL_NAMES
from geo.divisions import level_of, parent_of


def read_ahead(pool: Pool, code: str, dispute_type: str, *, last_day: dt.date) -> Ahead | None:
    """What is foretold of a division and type after `last_day`, the end of a series.

    None where nothing is, where it may not be shown, or where it was made before the last week of the series.
    """
    scope, layer = pool.settings.root_code, LEVEL_NAMES.get(level_of(code), "")
    run = find_forecast(pool.engine, pool.settings, scope)
    if run is None or layer not in run.settings["layers"] or not is_fresh(run.as_of, last_day):
        return None
    if shown_or_why(pool.engine, pool.settings, run, layer, dispute_type) is not None:
        return None
    # Read with its neighbours of the same parent: what is withheld is settled among them.
    above = parent_of(code)
    wanted = ForecastFilter(scope, layer, above if above.startswith(scope) else code, dispute_type, run.id)
    rows = read_forecast_rows(pool, run, wanted)
    own = rows[rows["code"] == code]
    return None if own.empty else ahead_of(own.iloc[0], run.as_of, run.card["sources"])


def is_fresh(as_of: dt.date, last_day: dt.date) -> bool:
    """Whether a forecast made of `as_of` belongs behind a series that ends with `last_day`."""
    return as_of <= last_day <= as_of + OLDEST
