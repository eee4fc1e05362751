"""The script Streamlit runs: page list and what every page shares. Any address runs this first."""

from pathlib import Path

import streamlit as st

from dashboard.viewport import measure_viewport
from dashboard.ways import keep_pages
from pages import (
    alerts_page,
    centres_page,
    data_page,
    evaluation_page,
    grid_page,
    hotspots_page,
    letters_page,
    map_page,
    risk_page,
    scenes_page,
    trends_page,
    wall_page,
)

ICON = Path(__file__).with_name("icon.png")  # a local picture: Streamlit's own icons would be fetched for the tab

st.set_page_config(page_title="平安地图", page_icon=str(ICON), layout="wide")


def _page(show, title: str, icon: str, path: str, *, default: bool = False, hidden: bool = False) -> st.Page:
    def run() -> None:
        show(measure_viewport())

    visibility = "hidden" if hidden else "visible"
    return st.Page(run, title=title, icon=icon, url_path=path, default=default, visibility=visibility)


pages = {
    "map": _page(map_page.show, "平安地图", ":material/map:", "map", default=True),
    "hotspots": _page(hotspots_page.show, "热点研判", ":material/target:", "hotspots"),
    "alerts": _page(alerts_page.show, "预警处置", ":material/notifications:", "alerts"),
    "letters": _page(letters_page.show, "函件", ":material/mail:", "letters"),
    "trends": _page(trends_page.show, "态势分析", ":material/finance:", "trends"),
    "risk": _page(risk_page.show, "风险预判", ":material/monitoring:", "risk"),
    "evaluation": _page(evaluation_page.show, "模型评估", ":material/fact_check:", "evaluation"),
    "centres": _page(centres_page.show, "综治中心", ":material/account_balance:", "centres"),
    "data": _page(data_page.show, "数据汇集", ":material/database:", "data"),
    "wall": _page(wall_page.show, "大屏", ":material/tv:", "wall", hidden=True),
    "scenes": _page(scenes_page.show, "大屏设置", ":material/tune:", "scenes", hidden=True),
    "grid": _page(grid_page.show, "网格", ":material/grid_on:", "grid", hidden=True),
}
keep_pages(pages)
page = st.navigation(list(pages.values()), position="top")
page.run()
