"""Hotspots of one source alone: found when somebody asks for them, then kept as a run like any other."""

import streamlit as st

from dashboard.hotspots.asked import LAYER_WORDS
from dashboard.hotspots.screen import HotspotScreen
from data.assessments.assess import MovingDataError
from data.assessments.lock import AssessmentRunningError
from data.assessments.ordered import Order, assess_pool
from risk.incident import SOURCES


def show_source_order(screen: HotspotScreen) -> None:
    """Say that a source has not been looked at by itself, and offer to do it now."""
    source, level = SOURCES[screen.asked.source].name, LAYER_WORDS[screen.asked.level]
    st.info(
        f"还没有单独按“{source}”研判过{level}。现在研判约需几秒到半分钟,结果会保存,下次直接显示。",
        icon=":material/hourglass_empty:",
    )
    if not st.button(f"按“{source}”研判", type="primary", key="assess-source"):
        return
    bar = st.progress(0.0, text="正在计数…")
    order = Order(
        levels=screen.asked.level,
        types="",
        scope=screen.scope,
        scan=False,
        forecast=False,
        sources=screen.asked.source,
    )
    try:
        assess_pool(
            screen.pool.settings,
            order,
            now=screen.now,
            on_progress=lambda _label, done, of: bar.progress(min(1.0, done / max(1, of)), text="正在研判…"),
        )
    except AssessmentRunningError:
        st.warning("另一次研判正在进行,请稍候再试。", icon=":material/hourglass_top:")
    except MovingDataError:
        st.warning("研判时不断有新数据发布,请稍后再试。", icon=":material/sync_problem:")
    else:
        st.rerun()
