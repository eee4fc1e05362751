"""模型评估: how well the forecast does, whether it may be shown, and the way back to an earlier model."""

import streamlit as st

from dashboard.evaluation.bar import show_evaluation_bar
from dashboard.evaluation.drift_part import show_drift
from dashboard.evaluation.models_part import show_models
from dashboard.evaluation.results_part import show_results
from dashboard.evaluation.screen import read_evaluation_screen
from dashboard.evaluation.switches_part import show_switches
from dashboard.page_frame import shown_safely
from dashboard.pool import open_pool
from dashboard.viewport import Viewport

WIDE = 1500
"""From here on the comparison has room for all of its columns beside the chart."""


def show(viewport: Viewport) -> None:
    """Show the page."""
    shown_safely(_show, viewport)


def _show(viewport: Viewport) -> None:
    screen = read_evaluation_screen(open_pool())
    show_evaluation_bar(screen)
    if screen.wrong:
        st.warning(f"链接里有不认识的内容,已忽略:{'、'.join(screen.wrong)}", icon=":material/link_off:")
    if screen.backtest is None:
        st.info("还没有回测过。请在服务器上运行 manage.py backtest,然后刷新本页。", icon=":material/hourglass_empty:")
        show_switches(screen)
    else:
        show_results(screen, wide=viewport.width >= WIDE)
        left, right = st.columns([5, 7], gap="small")
        with left:
            show_drift(screen)
        with right:
            show_switches(screen)
    show_models(screen)
    st.caption("“低”只表示上报少,不等于安全。预测只用群众和部门报来的件,不含网格排查。")
