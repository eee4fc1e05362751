"""The line at the foot: how the model behind the levels did lately, and what a low level means."""

import streamlit as st

from dashboard.alerts.screen import AlertsScreen
from data.alerts.history import false_alarm_share, tally
from data.forecasts.models import list_models
from data.forecasts.reading import find_forecast

LOW = "“低”只表示上报少,不等于安全。"


def show_foot(screen: AlertsScreen) -> None:
    """Show it."""
    st.caption(f"{model_words(screen)}{_false_words(screen)}{LOW}")


def model_words(screen: AlertsScreen) -> str:
    """How the score did for the open alert's type on weeks it had not seen, beside last month's counts."""
    pool = screen.pool
    run = find_forecast(pool.engine, pool.settings, screen.scope)
    if run is None:
        return "还没有预测,等级按热点依据评定。"
    model = next((each for each in list_models(pool.engine, pool.settings, run.scope) if each.id == run.model_id), None)
    kind = "" if screen.alert is None else screen.alert.dispute_type
    calibration = None if model is None else model.calibration.get("township")
    verdict = None if calibration is None else calibration.verdicts.get(kind)
    date = f"模型训练截至 {run.card['learnt_until']}"
    if verdict is None:
        return f"{date},这一类型无从评估,等级按热点依据评定。"
    upper = "" if verdict.upper is None else f",95% 上界 {verdict.upper:.3f}"
    told = f"{date},乡镇街道层误差比 {verdict.ratio:.3f}(模型÷上月件数,小于 1 为胜{upper})"
    return f"{told}。" if verdict.shown else f"{told},已停用,等级按热点依据评定。"


def _false_words(screen: AlertsScreen) -> str:
    false, settled = false_alarm_share(tally(screen.pool.engine, screen.scope))
    return f"已了结的 {settled} 条预警中 {false} 条为误报。" if settled else ""
