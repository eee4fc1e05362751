"""The off-switch: a forecast that does not beat last month's counts is not shown, and says why."""

from sqlalchemy import Engine

from data.forecasts.models import StoredModel, list_models
from data.forecasts.storage import ForecastRun
from data.settings import Settings
from risk.incident import DISPUTE_TYPES

UNKNOWN = "这次预测所用的模型没有评估记录,不展示。请重新运行评估(manage.py assess --refit 0)。"
NOTHING = "“{name}”在用来评估的几周和地方里一件也没有,无从判断预测好坏,图层暂不展示。有了新数据并重新训练后会再评估。"


def shown_or_why(engine: Engine, settings: Settings, run: ForecastRun, layer: str, dispute_type: str) -> str | None:
    """None where the forecast of a layer and type may be shown, else the reason in words.

    Judged on the weeks that the run's model had not seen when it foretold them.
    """
    stored = next((model for model in list_models(engine, settings, run.scope) if model.id == run.model_id), None)
    return UNKNOWN if stored is None else reason_of(stored, layer, dispute_type)


def reason_of(stored: StoredModel, layer: str, dispute_type: str) -> str | None:
    """As `shown_or_why`, of a model."""
    if layer not in stored.calibration:
        return UNKNOWN
    verdict = stored.calibration[layer].verdicts.get(dispute_type)
    name = DISPUTE_TYPES[dispute_type].name if dispute_type else "全部类型"
    if verdict is None:
        return NOTHING.format(name=name)
    if verdict.shown:
        return None
    return (
        f"“{name}”的预测近期没有胜过“上月件数”(误差比 {verdict.ratio:.3f},应小于 1),图层已自动停用。"
        "数据增多或重新训练后会再次评估。"
    )
