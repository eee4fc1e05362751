"""State of the pool by source: tiles, feeds with their rhythm, latest batches."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard.freshness import late_feeds
from dashboard.palette import Palette
from dashboard.pool import Reads
from dashboard.tile import Tile, show_tiles
from dashboard.wording import moment_text, share_counts, share_text, table_moment_text
from data.batches import recent_batches, rejected_by_source, rows_since, unmapped_words
from risk.incident import SOURCES

BROKEN_AFTER = 4
"""A feed silent for this many times its promised rhythm counts as broken off, not merely late."""
STATES = {"ok": "● 正常", "late": "▲ 迟到", "broken": "■ 中断", "none": "○ 未接入"}


def show_pool_tiles(reads: Reads, now: datetime, palette: Palette) -> None:
    """Four tiles: taken in today, rejected, not located, words to map."""
    engine = reads.pool.engine
    today = rows_since(engine, int(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()))
    month = rows_since(engine, int((now - timedelta(days=30)).timestamp()))
    sources = reads.by_source(now.date())
    total, located = int(sources["incident_count"].sum()), int(sources["located"].sum())
    words = unmapped_words(engine)
    taken = today["added"] + today["updated"]
    show_tiles(
        [
            Tile("今日入库", f"{taken:,}", f"新增 {today['added']:,} · 更新 {today['updated']:,} 件"),
            Tile("近 30 天退回行", f"{month['rejected']:,}", _share(month["rejected"], month["rows_read"], "行")),
            Tile("无法定位", f"{total - located:,}", _share(total - located, total, "件")),
            Tile("待对照用语", f"{len(words):,}", f"影响 {sum(words.values()):,} 件,暂归入“其他”"),
        ],
        palette,
        across=4,
    )


def _share(part: int, whole: int, unit: str) -> str:
    return f"{share_text(part, whole)} · {share_counts(part, whole, unit=unit)}"


def source_table(reads: Reads, latest: dict[str, datetime], now: datetime) -> pd.DataFrame:
    """One row a source: 来源, 状态, 最近一次, 总件数, 代码坐标不符, 退回行, 定位率."""
    counts = reads.by_source(now.date())
    refused = rejected_by_source(reads.pool.engine)
    late = {feed.source: feed.silent_for for feed in late_feeds(latest, now)}
    rows = []
    for code, source in SOURCES.items():
        brought = counts.loc[code] if code in counts.index else None
        rows.append(
            {
                "来源": source.name,
                "状态": STATES[_state(code, latest, late)],
                "最近一次": moment_text(latest[code], now) if code in latest else "—",
                "总件数": 0 if brought is None else int(brought["incident_count"]),
                "代码坐标不符": 0 if brought is None else int(brought["conflicts"]),
                "退回行": refused.get(code, 0),
                "定位率": None if brought is None else 100 * brought["located"] / brought["incident_count"],
            }
        )
    return pd.DataFrame(rows)


def _state(code: str, latest: dict[str, datetime], late: dict[str, timedelta]) -> str:
    if code not in latest:
        return "none"
    silent = late.get(SOURCES[code].name)
    if silent is None:
        return "ok"
    return "broken" if silent > BROKEN_AFTER * timedelta(hours=SOURCES[code].promised_hours) else "late"


def show_sources(table: pd.DataFrame, palette: Palette) -> None:
    """The table of sources; the state's form differs as well as its colour."""
    colours = {"●": palette.better, "▲": palette.late, "■": palette.worse, "○": palette.muted}
    styled = table.style.map(lambda state: f"color:{colours[state[0]]};font-weight:600", subset=["状态"])
    styled = styled.format({"总件数": "{:,}", "代码坐标不符": "{:,}", "退回行": "{:,}"})
    st.markdown("**来源状态**")
    st.dataframe(
        styled,
        hide_index=True,
        row_height=32,
        height=34 + 32 * len(table),
        column_config={
            "定位率": st.column_config.ProgressColumn(
                "定位率", format="%.1f%%", min_value=0, max_value=100, color="primary"
            )
        },
        alt="各来源的状态、最近一次、件数、退回行和定位率",
    )


def show_recent_batches(reads: Reads) -> None:
    """The latest batches with what came of their rows."""
    st.markdown("**最近导入**")
    rows = recent_batches(reads.pool.engine, limit=12)
    if rows.empty:
        st.caption("还没有导入过文件。在右侧选择一个文件开始。")
        return
    zone = reads.pool.settings.timezone
    table = pd.DataFrame(
        {
            "时间": [table_moment_text(datetime.fromtimestamp(int(moment), zone)) for moment in rows["finished_at"]],
            "文件": rows["file_name"],
            "来源": [SOURCES[code].name for code in rows["source"]],
            "行数": rows["rows_read"],
            "新增": rows["added"],
            "更新": rows["updated"],
            "未变": rows["unchanged"],
            "退回": rows["rejected"],
        }
    )
    numbers = ["行数", "新增", "更新", "未变", "退回"]
    st.dataframe(
        table.style.format(dict.fromkeys(numbers, "{:,}")),
        hide_index=True,
        row_height=32,
        height=34 + 32 * min(6, len(table)),
        alt="最近导入的文件",
    )
