"""A copy of the demo that was foretold, and whose forecast was tested."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine, select, update

from data.backtests.order import BacktestOrder
from data.backtests.storage import begin_backtest, finish_backtest, keep_layer
from data.counting import Counting
from data.counts import Counts
from data.filter import day_number
from data.forecasts.order import ForecastOrder
from data.forecasts.run import Forecasting
from data.settings import Settings
from data.store import open_store, writing
from data.tables import forecast_models
from geo.divisions import place_of

RULES = (
    "model", "last week", "mean of 4 weeks", "mean of 13 weeks", "mean of 52 weeks", "all history",
    "same weeks last year", "EWMA 13 weeks", "self + ring 1", "two-sided smoother",
)  # fmt: skip
LAYERS = ("city", "county", "township", "cell6")


def evaluated_demo(demo: Settings, folder: Path) -> Settings:
    """Two forecasts, the first of which is over, and a back-test that ends before it."""
    settings = Settings(var=folder)
    shutil.copy(demo.var / "store.sqlite", settings.var / "store.sqlite")
    for name in ("geography", "segments"):
        (settings.var / name).symlink_to(demo.var / name)
    engine = open_store(settings)
    counting = Counting(engine, settings)
    newest = dt.datetime.fromtimestamp(max(Counts(engine, counting).latest().values()), dt.UTC).date()
    for days in (9, 2):
        order = ForecastOrder("62", newest - dt.timedelta(days=days), weeks=33, layers=LAYERS, refit_days=30)
        Forecasting(engine, counting, settings).run(order, assessment_run_id=days, on_progress=lambda *_: None)
    _let_all_be_shown(engine)
    _keep_backtest(engine, settings, newest - dt.timedelta(days=9))
    counting.close()
    engine.dispose()
    return settings


def _let_all_be_shown(engine: Engine) -> None:
    """So short a history is easily beaten; what is shown then is tested apart."""
    with writing(engine) as connection:
        text = json.loads(connection.execute(select(forecast_models.c.calibration)).scalar_one())
        for layer in text.values():
            for verdict in layer["verdicts"].values():
                verdict |= {"shown": True, "ratio": 0.8}
        connection.execute(update(forecast_models).values(calibration=json.dumps(text)))


def _keep_backtest(engine: Engine, settings: Settings, as_of: dt.date) -> None:
    made = begin_backtest(engine, BacktestOrder("62", as_of, layers=("township",)), data_version=1, moment=0)
    parts = [("", 1, result_of()), ("D06", 1, result_of(alarm=True)), ("D20", 1, {"places": 3, "incidents": 0})]
    keep_layer(engine, made, "township", parts)
    week = {"layer": "city", "dispute_type": "", "week": day_number(as_of) - 6, "expected_week": 20.0}
    week |= {"low_90_week": 12, "high_90_week": 29}
    counts = {"6201": 40, "6203": 20, "6204": 3}
    rows = pd.DataFrame([week | {"place": place_of(code), "week_count": count} for code, count in counts.items()])
    finish_backtest(engine, settings, made, rows, moment=60)


def result_of(*, alarm: bool = False) -> dict:
    """What a back-test would have measured."""
    shares = {f"{measure}_{share}": 0.25 for measure in ("hit_rate", "pai", "pei") for share in ("1%", "5%", "10%")}
    rows = [
        {"forecast": name, "deviance": 1 + at / 10, "ratio": 1 / (1 + at / 10), "ratio_low": 0.5, "ratio_high": 0.99}
        | shares
        for at, name in enumerate(RULES)
    ]
    return {
        "places": 40,
        "incidents": 400,
        "comparison": rows,
        "reliability": [{"expected": 0.1 * at, "observed": 0.11 * at, "rows": 9} for at in range(1, 11)],
        "coverage": {"50%": 0.51, "90%": 0.903},
        "coverage_by_decile": [0.9] * 10,
        "weekly": [
            {"week": f"2026-0{1 + at // 4}-0{1 + at % 4 * 2}", "expected_count": 50.0, "incident_count": 47}
            | {"deviance": 0.9, "covered": 0.91}
            for at in range(8)
        ],
        "verdict": {"shown": True, "ratio": 0.8, "upper": 0.9, "drift": 4.2 if alarm else 0.3, "drifting": alarm},
        "loss_drift": 0.5,
        "drift_alarm": alarm,
    }
