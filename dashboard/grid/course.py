"""How a place develops: its weeks, what is foretold, what its village is classed as, its incidents."""

from html import escape

import pandas as pd
import streamlit as st

from dashboard.grid.screen import GridScreen
from dashboard.grid.tables import table_html
from dashboard.hotspots.chart import bars_html
from dashboard.hotspots.classes import class_chip
from dashboard.listed_incidents import withheld_list_words
from dashboard.naming import type_name
from dashboard.wording import count_text
from data.forecasts.reading import words_of
from risk.incident import SOURCES, STATUSES


def show_weeks(screen: GridScreen) -> None:
    """Bars of the last 52 weeks."""
    series, below = screen.series, screen.below
    st.markdown(f"**每周新增** :gray[近 {len(series)} 周 · 浅灰短柱:1–{below - 1} 件,不显示具体数]")
    known = series.dropna()
    told = f",能显示的最多一周 {int(known.max()):,} 件" if len(known) and known.max() else ""
    alt = f"{screen.unit.name}近 {len(series)} 周每周新增{told}"
    states = "." * len(series)
    ahead = screen.ahead
    alt += f",{ahead.words()}" if ahead else ""
    st.html(bars_html(series, states, colour=screen.palette.accent, palette=screen.palette, alt=alt, ahead=ahead))
    if ahead is not None:
        st.caption(ahead.reading())


def show_forecast(screen: GridScreen) -> None:
    """What is foretold with its intervals, and why the score is what it is."""
    st.markdown("**预计与风险分**")
    told = screen.foretold
    if told.run is None:
        st.caption("还没有预测过。")
        return
    if told.row is None:
        st.caption(told.off or "最近一次预测里没有这里。")
        return
    row, heads = told.row, ("时段", "预计", "50% 区间", "90% 区间", "上一时段实际", "当时预计")
    rows = [
        (
            label,
            f"{row[f'expected_{name}']:.1f}",
            f"{int(row[f'low_50_{name}'])}–{int(row[f'high_50_{name}'])}",
            f"{int(row[f'low_90_{name}'])}–{int(row[f'high_90_{name}'])}",
            escape(count_text(row[f"{name}_count"], below=screen.below)),
            f"{row[f'{name}_said']:.1f}",
        )
        for name, label in (("week", "未来 1 周"), ("month", "未来 4 周"))
    ]
    st.html(table_html(heads, rows, screen.palette))
    severity = told.run.settings["score"]["severity"]
    reasons = ";".join(words_of(row, severity))
    st.caption(
        f"风险分 {int(row['score'])}({told.level_words(int(row['level']))}):{_plain(reasons)}。"
        f"预测自 {told.run.as_of:%Y-%m-%d} 之后,模型 {told.run.model_id},不含网格排查。“低”只表示上报少,不等于安全。"
    )


def show_classes(screen: GridScreen) -> None:
    """Classes of the village by type."""
    if screen.run is None or screen.classes.empty:
        return
    whose = "" if screen.unit.code == screen.village else "(所在村;单个网格太小,不单独研判)"
    st.markdown(f"**新兴热点** :gray[截至 {screen.run.as_of:%Y-%m-%d}{whose}]")
    rows = [
        (class_chip(int(row["emerging_class"]), screen.palette), escape(type_name(str(row["dispute_type"]))),
         escape(str(row["reason"])))
        for _, row in screen.classes.head(6).iterrows()
    ]  # fmt: skip
    st.html(table_html(("类别", "纠纷类型", "依据"), rows, screen.palette))


def show_incidents(screen: GridScreen) -> None:
    """The incidents one by one, where their number may be told."""
    found = screen.incidents
    if found is None:
        st.markdown("**纠纷清单**")
        st.caption(withheld_list_words(screen.below))
        return
    st.markdown(f"**纠纷清单** :gray[最近 {len(found):,} 件]")
    if found.empty:
        st.caption("这个时段没有可以列出的纠纷。")
        return
    zone = str(screen.pool.settings.timezone)
    moments = pd.to_datetime(found["occurred_at"].astype("int64"), unit="s", utc=True).dt.tz_convert(zone)
    rows = [
        tuple(
            escape(text) for text in (f"{at:%Y-%m-%d %H:%M}", type_name(kind), SOURCES[source].name, STATUSES[status])
        )
        for at, kind, source, status in zip(
            moments, found["dispute_type"], found["source"], found["status"], strict=True
        )
    ]
    st.html(table_html(("发生时间", "类型", "来源", "状态"), rows, screen.palette))
    st.caption("婚姻家庭、医疗纠纷在不足 10 件的地方不列出,清单也就不一定列全。")


def _plain(text: str) -> str:
    """Text where Markdown is read: its signs stand as they are."""
    return text.replace("<", "\\<").replace("*", "\\*").replace("~", "\\~").replace("_", "\\_")
