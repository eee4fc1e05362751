"""The data page's first section: the state of every source, what its codes contradict, why rows were turned back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard.data_page.asked import WINDOWS, DataAsked
from dashboard.data_page.quality_reads import QualityReads
from dashboard.data_page.source_table import SourceRow, show_source_table
from dashboard.palette import Palette
from dashboard.pool import Pool, Reads
from dashboard.tile import Tile, show_tiles
from dashboard.wording import age_text, count_text, moment_text, share_counts, share_text, table_name
from data.batch_list import rejected_by_reason
from data.batches import rows_since
from data.feeds.words import count_unmapped
from data.filter import IncidentFilter, day_number
from data.quality.duplicates import SHOWN_FROM
from data.quality.rhythm import promised_rhythms
from risk.incident import SOURCES

BROKEN_AFTER = 4
"""A feed silent for this many times its promised rhythm counts as broken off, not merely late."""
STATES = {"ok": "● 正常", "late": "▲ 迟到", "broken": "■ 中断", "none": "○ 未接入"}
MOST_ROWS = 200


@dataclass(frozen=True)
class DataScreen:
    """What the page shows, read once."""

    pool: Pool
    reads: Reads
    quality: QualityReads
    asked: DataAsked
    wanted: IncidentFilter
    latest: dict[str, datetime]
    now: datetime
    palette: Palette

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever taken in."""
        return not self.latest

    @property
    def since(self) -> int:
        """Beginning of the days looked at, UTC seconds."""
        start = datetime.combine(self.wanted.period.start, datetime.min.time(), self.pool.settings.timezone)
        return int(start.timestamp())


def show_data_tiles(screen: DataScreen) -> None:
    """Four tiles: taken in today, rejected rows left, not located, suspected duplicates."""
    engine, now, window = screen.pool.engine, screen.now, WINDOWS[screen.asked.days]
    today = rows_since(engine, int(now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()))
    period = rows_since(engine, screen.since)
    left = int(rejected_by_reason(engine, since=screen.since)["rows"].sum())
    figures = screen.quality.by_source(screen.wanted)
    total, nowhere = int(figures["incident_count"].sum()), int(figures["nowhere"].sum())
    pairs = screen.quality.duplicates(screen.wanted)
    likely = int((pairs["score"] >= SHOWN_FROM).sum())
    words = count_unmapped(engine)
    waiting = f"另有 {words:,} 个用语待对照" if words else "没有待对照的用语"
    show_tiles(
        [
            Tile("今日入库", f"{today['added'] + today['updated']:,}", _both(today)),
            Tile(f"{window}退回待改", f"{left:,}", f"退回率 {_share(period['rejected'], period['rows_read'], '行')}"),
            Tile(f"{window}无法定位", f"{nowhere:,}", _share(nowhere, total, "件次")),
            Tile(f"{window}疑似重复", f"{likely:,} 对", waiting),
        ],
        screen.palette,
        across=4,
    )


def _both(today: dict[str, int]) -> str:
    return f"新增 {today['added']:,} · 更新 {today['updated']:,} 件"


def _share(part: int, whole: int, unit: str) -> str:
    return f"{share_text(part, whole)} · {share_counts(part, whole, unit=unit)}"


def show_sources(screen: DataScreen) -> None:
    """The section."""
    window = WINDOWS[screen.asked.days]
    show_source_table(source_rows(screen), screen.palette, window=window)
    st.caption(
        "按受理日期统计,每条上报各算一次。异常日与前 8 个同类日(星期几相同,节假日按星期日)的中位数相比:"
        "少于一半或多于一倍,且超出平常波动;节后两天不判。"
    )
    left, right = st.columns(2, gap="small")
    with left, st.container(border=True):
        _show_conflicts(screen)
    with right, st.container(border=True):
        _show_reasons(screen)


def source_rows(screen: DataScreen) -> list[SourceRow]:
    """One row a source, in the order of the vocabulary."""
    figures = screen.quality.by_source(screen.wanted)
    volumes = screen.quality.volumes(screen.wanted, day_number(screen.wanted.period.end) - 2)
    reasons = rejected_by_reason(screen.pool.engine, since=screen.since).groupby("source")["rows"].sum()
    rhythms = promised_rhythms(screen.pool.settings)
    rows = []
    for code, source in SOURCES.items():
        moment = screen.latest.get(code)
        silent = _silent_for(code, screen)
        rows.append(
            SourceRow(
                name=source.name,
                state=STATES[state_of(silent, rhythms[code])],
                latest=moment_text(moment, screen.now) if moment else "—",
                promised=_promise(rhythms[code], silent),
                figures=figures.loc[code] if code in figures.index else None,
                days=volumes[volumes["source"] == code],
                rejected=int(reasons.get(code, 0)),
            )
        )
    return rows


def _silent_for(code: str, screen: DataScreen) -> timedelta | None:
    """How far a source has fallen behind the newest of all, None where it never delivered."""
    if code not in screen.latest:
        return None
    return max(screen.latest.values()) - screen.latest[code]


def state_of(silent: timedelta | None, rhythm: timedelta) -> str:
    """Key of `STATES`: a source is late when it has fallen behind by more than its rhythm."""
    if silent is None:
        return "none"
    if silent <= rhythm:
        return "ok"
    return "broken" if silent > BROKEN_AFTER * rhythm else "late"


def _promise(rhythm: timedelta, silent: timedelta | None) -> str:
    minutes = int(rhythm.total_seconds()) // 60
    hours = minutes // 60
    each = f"{minutes} 分钟" if hours < 2 else f"{hours} 小时" if hours < 48 else f"{hours // 24} 天"
    behind = "" if silent is None or silent <= rhythm else f",落后 {age_text(silent).removesuffix('前')}"
    return f"约定每 {each}{behind}"


def map_link(code: str) -> str:
    """Address of the map page that shows a unit."""
    return f"/?code={code}"


def place_words(pool: Pool, code: str, *, levels: tuple[int, ...] = (6, 9, 12)) -> str:
    """Names of a place's county, township and village, as far as they are known."""
    codes = [code[:digits] for digits in levels if len(code) >= digits]
    names = pool.geography.names(codes)
    return " · ".join(table_name(names[each]) for each in codes if each in names) or "未定位"


def _show_conflicts(screen: DataScreen) -> None:
    found = screen.quality.conflicts(screen.wanted)
    counties = found.drop_duplicates("county")["county_count"]
    st.markdown(f"**代码与坐标不符** :gray[{int(counties.fillna(0).sum()):,} 件次,{len(counties)} 个县区]")
    if found.empty:
        st.caption("所选时段内没有坐标落在所填区划之外的上报。")
        return
    rows = found.head(MOST_ROWS)
    table = pd.DataFrame(
        {
            "县区": [place_words(screen.pool, code, levels=(6,)) for code in rows["county"]],
            "全县": rows["county_count"].astype("Int64"),
            "乡镇街道": [
                place_words(screen.pool, code, levels=(9,)) if len(code) > 6 else "不细列" for code in rows["code"]
            ],
            "件次": [count_text(count) for count in rows["incident_count"]],
            "地图": [map_link(code) for code in rows["code"]],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        row_height=32,
        height=34 + 32 * min(7, len(table)),
        column_config={
            "件次": st.column_config.TextColumn(alignment="right"),
            "地图": st.column_config.LinkColumn(display_text="查看", width=64),
        },
        alt="代码与坐标不符的上报,按乡镇",
    )
    st.caption(
        "不细列:件次太少,或代码只到县区。以区划代码为准计数,坐标不改。集中在一个乡镇时,多半是代码表过期或坐标系选错。"
    )


def _show_reasons(screen: DataScreen) -> None:
    found = rejected_by_reason(screen.pool.engine, since=screen.since)
    st.markdown(f"**退回待改的行,按原因** :gray[{int(found['rows'].sum()):,} 行]")
    if found.empty:
        st.caption("所选时段内没有等待改正的退回行。")
        return
    table = pd.DataFrame(
        {
            "来源": [SOURCES[code].name if code in SOURCES else "多个来源" for code in found["source"]],
            "列": found["column"],
            "原因": found["reason"],
            "行数": found["rows"],
        }
    ).head(MOST_ROWS)
    st.dataframe(table, hide_index=True, row_height=32, height=34 + 32 * min(7, len(table)), alt="退回原因")
    st.caption("在“导入与批次”里下载退回清单,改正后重新上传,或在区划、用语更新后直接重试。")
