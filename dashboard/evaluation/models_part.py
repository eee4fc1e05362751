"""The models: what is in use, what was before, the way back to it, and the card of the newest forecast."""

import time
from datetime import datetime

import pandas as pd
import streamlit as st

from dashboard.acting import NOT_NAMED, acting_name, show_acting
from dashboard.evaluation.screen import EvaluationScreen
from dashboard.risks.model_part import METHODS, show_card
from data.filter import date_of
from data.forecasts.models import StoredModel, roll_back

DONE = "evaluation-rolled-back"


def models_table(screen: EvaluationScreen) -> pd.DataFrame:
    """One row a model, newest first."""
    zone = screen.pool.settings.timezone
    in_use = screen.model_in_use
    rows = []
    for model in screen.models:
        state = "使用中" if in_use is not None and model.id == in_use.id else "较早"
        if model.set_aside:
            when = (
                "" if model.set_aside_at is None else f" {datetime.fromtimestamp(model.set_aside_at, zone):%m-%d %H:%M}"
            )
            state = f"已退回{when} {model.set_aside_by}".strip()
        rows.append(
            {
                "模型": model.id,
                "训练截至": f"{date_of(model.as_of):%Y-%m-%d}",
                "训练时刻": f"{datetime.fromtimestamp(model.learnt_at, zone):%Y-%m-%d %H:%M}",
                "方法": METHODS.get(model.method, model.method),
                "状态": state,
                "校验和": f"{model.file_hash[:12]}…",
            }
        )
    return pd.DataFrame(rows)


def show_models(screen: EvaluationScreen) -> None:
    """Show list, way back and card side by side."""
    left, right = st.columns(2, gap="medium")
    with left:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**模型**", width="content")
            st.space("stretch")
            show_acting()
        if not screen.models:
            st.info("还没有训练过模型。请在服务器上运行 manage.py assess。", icon=":material/hourglass_empty:")
            return
        st.dataframe(models_table(screen), hide_index=True, alt="模型清单")
        _show_way_back(screen)
    with right:
        if screen.run is not None:
            show_card(screen.run.card)


def _show_way_back(screen: EvaluationScreen) -> None:
    if st.session_state.get(DONE):
        st.success(st.session_state.pop(DONE), icon=":material/undo:")
    model = screen.model_in_use
    if model is None:
        st.caption("没有可用的模型;下一次 manage.py assess 会重新训练。")
        return
    before = next((each for each in screen.models if each.id < model.id and not each.set_aside), None)
    named = bool(acting_name())
    with st.popover(
        "退回上一个模型", icon=":material/undo:", disabled=not named, help=None if named else NOT_NAMED, width="content"
    ):
        then = (
            "下一次研判会重新训练"
            if before is None
            else f"改用模型 {before.id}(训练截至 {date_of(before.as_of):%Y-%m-%d})"
        )
        st.markdown(f"停用模型 **{model.id}**,{then}。停用后不能恢复;已发布的预测不变,下一次研判起生效。")
        st.button("确认退回", key="roll-back", type="primary", on_click=_roll_back, args=(screen, model))


def _roll_back(screen: EvaluationScreen, model: StoredModel) -> None:
    person = acting_name()
    if not person:
        return
    pool = screen.pool
    now = roll_back(pool.engine, pool.settings, model.scope, person=person, moment=int(time.time()), model_id=model.id)
    if now is not None and now.id >= model.id:
        st.session_state[DONE] = f"模型 {model.id} 已经不在使用中,没有再停用别的模型。"
        return
    then = "没有可用的模型了,下一次研判会重新训练。" if now is None else f"现在使用模型 {now.id},下一次研判起生效。"
    st.session_state[DONE] = f"模型 {model.id} 已由 {person} 退回。{then}"
