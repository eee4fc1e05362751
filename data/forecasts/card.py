"""The model card of a run: what was learnt from what, how, how well, for what, and what it must not be used for."""

from data.filter import date_of
from data.forecasts.models import StoredModel
from data.forecasts.order import ForecastOrder
from risk.forecast.counts import WeeklyCounts
from risk.forecast.pooled import PooledForecaster

INTENDED = "按地方和纠纷类型预判未来一周、四周的件数,供研判和值班参考;不针对个人,不作为处置或考核的唯一依据。"
LIMITS = (
    "“低”表示上报少,不等于安全;从不上报的网格另列为沉默网格。",
    "网格排查不进入训练:巡查多的地方发现多,不等于纠纷多。",
    "最近几周的数据会因迟报而偏少。",
    "乡镇以下按各处历史份额分摊,乡镇以上逐级相加;六角格同样相加一致。",
    "不能达到上月件数的预测水平时,图层自动停用并说明原因。",
)
FEATURES = (
    "本地短期记忆(1–26 周)", "状态空间滤波(三种)", "相邻地区与上级地区", "去年同期", "其他类型", "全域季节与春节",
)  # fmt: skip


def model_card(
    order: ForecastOrder, stored: StoredModel, model: PooledForecaster, history: WeeklyCounts
) -> dict[str, object]:
    """Card of a run as JSON would hold it; texts are in the reader's language."""
    steps = order.steps
    return {
        "model": stored.id,
        "method": model.method_,
        "checksum": stored.file_hash,
        "learnt_until": date_of(stored.as_of).isoformat(),
        "data_version": stored.data_version,
        "window": [steps.period.start.isoformat(), steps.period.end.isoformat()],
        "weeks": history.weeks,
        "places": len(history.places),
        "incidents": int(history.counts.sum()),
        "sources": list(order.sources),
        "features": list(FEATURES),
        "settings": {name: repr(value) for name, value in sorted(model.get_params(deep=False).items())},
        "score": order.score_text(),
        "intended_use": INTENDED,
        "limits": list(LIMITS),
    }
