"""Right third of the map page beside a risk picture: places in order, and why the chosen one stands where it does."""

import pandas as pd
import streamlit as st

from dashboard.map.screen import Screen, go_to
from dashboard.measures import EXPECTED, RISK_MEASURES
from dashboard.naming import division_name, type_name
from dashboard.risk_map.paint import PAST_WORDS, compared
from dashboard.risk_map.picture import SAFETY
from dashboard.risk_map.read import RiskShown, read_risk
from dashboard.viewport import Viewport
from dashboard.ways import show_way
from dashboard.wording import count_text, table_name
from data.assessments.shown_counts import smallest_of
from data.forecasts.reading import words_of

MOST = 200
"""Places listed; who needs more goes a level down."""
ROW_HEIGHT = 32
DETAIL_HEIGHT = 250
"""Pixels kept for the chosen place."""


def shows_risk(screen: Screen) -> bool:
    """Whether the map shows a risk picture."""
    return screen.measure.key in RISK_MEASURES


def chosen_place(screen: Screen) -> str | None:
    """Code of the place that was clicked in the list before this run."""
    event = st.session_state.get(_key(screen)) or {}
    cells = (event.get("selection") or {}).get("cells") or []
    listed = _listed(screen, read_risk(screen)) if cells else None
    if listed is None or not 0 <= int(cells[0][0]) < len(listed):
        return None
    return str(listed.iloc[int(cells[0][0])]["code"])


def show_risk_panel(screen: Screen, viewport: Viewport, *, selected: str | None, taken: int) -> None:
    """Show it."""
    shown = read_risk(screen)
    rows = _listed(screen, shown)
    if rows.empty:
        st.caption("这里没有可以列出的地方。" if shown.off is None else "图层停用时不列出地方。")
        show_way("看模型评估", "evaluation", {}, key="to-evaluation", icon=":material/fact_check:")
        return
    table = _past_table(screen, rows) if shown.past is not None else _table(screen, shown, rows)
    st.dataframe(
        table,
        key=_key(screen),
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=max(160, viewport.map_height(taken=taken) - (DETAIL_HEIGHT if shown.past is None else 0)),
        on_select="rerun",
        selection_mode="single-cell",
        alt=f"{screen.unit.name}下级{screen.measure.label},共 {len(table)} 处",
    )
    at = rows["code"] == selected
    row = rows[at].iloc[0] if at.any() else rows.iloc[0]
    if shown.past is None:
        _show_why(screen, shown, row)


def _key(screen: Screen) -> str:
    live = "live" if screen.is_live else screen.asked.at
    return f"risk-places-{screen.unit.code}-{screen.asked.shape}-{screen.asked.type}-{screen.measure.key}-{live}"


def _listed(screen: Screen, shown: RiskShown) -> pd.DataFrame:
    rows = shown.rows
    if rows.empty:
        return rows
    if shown.past is not None:
        order = [2, 1, 3, 0]  # what was missed first, what is not compared last
        kind = pd.Series([order[each] for each in compared(rows)], index=rows.index)
        rows = rows.assign(_kind=kind).sort_values(["_kind", "expected_week"], ascending=[False, False], kind="stable")
    elif screen.measure is EXPECTED:
        rows = rows.sort_values("expected_month", ascending=False, kind="stable")
    elif screen.measure.key == "surprise":
        rows = rows.sort_values(["surprising", "surprise_points"], ascending=False, kind="stable")
    return rows.head(MOST).reset_index(drop=True)


def _names(screen: Screen, rows: pd.DataFrame) -> list[str]:
    known = dict(zip(screen.children["code"], screen.children["name"], strict=True))
    if not screen.shows_cells:
        return [table_name(known.get(code, code)) for code in rows["code"]]
    homes = rows["home"] if "home" in rows else pd.Series("", index=rows.index)
    named = [division_name(screen.pool.geography, home) if home else "六边形" for home in homes]
    return [f"{name}({code[4:9]})" for name, code in zip(named, rows["code"], strict=True)]


def _table(screen: Screen, shown: RiskShown, rows: pd.DataFrame) -> pd.DataFrame:
    levels = [f"{level['colour']} {level['name']}" for level in shown.levels]
    below = smallest_of(screen.asked.type)
    return pd.DataFrame(
        {
            "地点": _names(screen, rows),
            "等级": [levels[number] for number in rows["level"]],
            "风险分": rows["score"].to_numpy(),
            "近 4 周": [count_text(count, below=below) for count in rows["month_count"]],
            "未来 4 周": [
                f"{row.expected_month:.1f}({row.low_90_month}–{row.high_90_month})" for row in rows.itertuples()
            ],
        }
    )


def _past_table(screen: Screen, rows: pd.DataFrame) -> pd.DataFrame:
    below = smallest_of(screen.asked.type)
    return pd.DataFrame(
        {
            "地点": _names(screen, rows),
            "说过": [f"{row.expected_week:.1f}({row.low_90_week}–{row.high_90_week})" for row in rows.itertuples()],
            "发生": [count_text(count, below=below) for count in rows["week_count"]],
            "结果": [PAST_WORDS[kind] for kind in compared(rows)],
        }
    )


def _show_why(screen: Screen, shown: RiskShown, row: pd.Series) -> None:
    level = shown.levels[int(row["level"])]
    (name,) = _names(screen, row.to_frame().T)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"**{name}** · {type_name(str(row['dispute_type']))}", width="content")
        st.space("stretch")
        code = str(row["code"])
        if code in set(screen.children["code"]):
            st.button("进入 ›", key="risk-enter", type="tertiary", on_click=go_to, args=(screen.asked, code))
        more = {"level": screen.layer_name, "place": code, "code": screen.unit.code, "type": screen.asked.type}
        show_way("详情", "risk", more, key="risk-more", type="tertiary")
    severity = shown.run.settings["score"]["severity"]
    reasons = "\n".join(f"- {sentence}" for sentence in words_of(row, severity))
    st.markdown(f"风险分 **{int(row['score'])}** · {level['colour']} {level['name']}\n{reasons}")
    st.caption(SAFETY)
