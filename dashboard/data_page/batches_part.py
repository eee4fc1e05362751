"""The data page's batches: a list with filters, and what can be done about a batch's rejected rows."""

import tempfile
from datetime import datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.data_page.import_steps import show_import
from dashboard.data_page.source_overview import DataScreen
from dashboard.pool import open_known_places
from dashboard.wording import table_moment_text
from data.batch_import import Delivery
from data.batch_list import KINDS, BatchFilter, list_batches, unsolved_rows
from data.batches import rejected_table
from data.feeds.profiles import read_profiles
from data.feeds.yaml_section import BadProfileError
from data.readers.errors import BadFileError
from data.retry import UnknownBatchError, import_mended, retry_rejected
from data.segments import publish
from data.store import PoolUnavailableError
from geo.datum import Datum
from risk.incident import SOURCES

EVERY_SOURCE, EVERY_KIND = "全部来源", "全部类别"
SAID = "batch-said"
"""What came of the last act, said once above the batch."""


def show_batches(screen: DataScreen) -> None:
    """The section: the list on the left, the import on the right."""
    left, right = st.columns([1.7, 1], gap="small")
    with left, st.container(border=True):
        rows = list_batches(screen.pool.engine, _filters())
        if rows.empty:
            _say_empty(screen)
        else:
            chosen = _show_list(screen, rows)
            _show_batch(screen, rows.iloc[chosen])
    with right:
        show_import(screen.pool)


def _say_empty(screen: DataScreen) -> None:
    if screen.is_empty:
        st.caption("还没有导入过数据。在右侧选择一个文件开始。")
    else:
        st.caption("所选条件下没有批次。")


def _filters() -> BatchFilter:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown("**批次**", width="content")
        source = st.selectbox(
            EVERY_SOURCE,
            ["", *SOURCES],
            format_func=lambda code: SOURCES[code].name if code else EVERY_SOURCE,
            key="batch-source",
            label_visibility="collapsed",
            width=150,
        )
        kind = st.selectbox(
            EVERY_KIND,
            ["", *KINDS],
            format_func=lambda code: KINDS[code] if code else EVERY_KIND,
            key="batch-kind",
            label_visibility="collapsed",
            width=130,
        )
        unsolved = st.toggle("只看有退回待改的", key="batch-unsolved")
    return BatchFilter(source, kind, unsolved)


def _show_list(screen: DataScreen, rows: pd.DataFrame) -> int:
    """The table; returns the row that is chosen, the newest unless one is clicked."""
    zone = screen.pool.settings.timezone
    names = ["行数", "新增", "更新", "未变", "退回", "待改"]
    columns = ["rows_read", "added", "updated", "unchanged", "rejected", "unsolved"]
    table = pd.DataFrame(
        {
            "批": rows["id"],
            "时间": [table_moment_text(datetime.fromtimestamp(int(moment), zone)) for moment in rows["finished_at"]],
            "类别": [KINDS[kind] for kind in rows["kind"]],
            "来源": [SOURCES[code].name if code in SOURCES else "多个来源" for code in rows["source"]],
            "文件": rows["file_name"],
            **dict(zip(names, (rows[name] for name in columns), strict=True)),
        }
    )
    event = st.dataframe(
        table.style.format(dict.fromkeys(names, "{:,}")),
        hide_index=True,
        row_height=32,
        height=34 + 32 * min(8, len(table)),
        on_select="rerun",
        selection_mode="single-row",
        key="batch-list",
        column_config={
            "批": st.column_config.NumberColumn(width=44),
            "文件": st.column_config.TextColumn(width="medium"),
        },
        alt="导入批次",
    )
    chosen = event["selection"]["rows"]  # type: ignore[typeddict-item]
    return chosen[0] if chosen and chosen[0] < len(rows) else 0


def _show_batch(screen: DataScreen, row: pd.Series) -> None:
    st.markdown(f"**第 {row['id']} 批** :gray[{_plain(row['file_name'])}{_mends(row)}]")
    if said := st.session_state.pop(SAID, None):
        getattr(st, said[0])(said[1])
    if not row["rejected"]:
        st.caption("这一批没有退回的行。")
        return
    left = unsolved_rows(screen.pool.engine, int(row["id"]))
    if left.empty:
        st.caption(f"退回的 {row['rejected']:,} 行都已在后来的批次里入库。")
        return
    table = left[["line", "column", "reason"]].rename(columns={"line": "行", "column": "列", "reason": "原因"})
    st.dataframe(
        table.head(200), hide_index=True, row_height=30, height=32 + 30 * min(5, len(table)), alt="退回待改的行"
    )
    if len(left) > 200:
        st.caption(f"只列出前 200 行,全部 {len(left):,} 行请下载退回清单。")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.download_button(
            "下载退回清单",
            rejected_table(left),
            file_name=f"退回清单-第{row['id']}批.csv",
            mime="text/csv",
            icon=":material/download:",
            key="batch-download",
        )
        st.button(
            f"重试 {len(left):,} 行",
            icon=":material/replay:",
            key="batch-retry",
            help="区划、网格或用语更新之后,用保存下来的原文再试一次;能入库的成为新的一批。",
            on_click=_retry,
            args=(screen, int(row["id"])),
        )
    _show_mending(screen, row)


def _mends(row: pd.Series) -> str:
    return "" if pd.isna(row["corrects"]) else f",改正第 {row['corrects']} 批"


def _plain(text: str) -> str:
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()<>#+|$:~&" else sign for sign in text)


def _retry(screen: DataScreen, batch_id: int) -> None:
    places = open_known_places(screen.pool.settings)
    try:
        done = retry_rejected(
            screen.pool.engine,
            places,
            batch_id,
            as_of=pd.Timestamp(screen.pool.now()),
            profiles=read_profiles(screen.pool.settings),
        )
    except (BadProfileError, UnknownBatchError, PoolUnavailableError) as error:
        st.session_state[SAID] = ("error", f"重试没有完成,没有改动任何数据。{_plain(str(error))}")
        return
    if done.accepted:
        _publish(screen)
        st.session_state[SAID] = (
            "success",
            f"试了 {done.tried:,} 行,{done.accepted:,} 行已入库,为第 {done.batch_id} 批;其余留在这里。",
        )
    else:
        st.session_state[SAID] = ("info", f"试了 {done.tried:,} 行,仍然都不能入库。原因见下表,请改正后上传。")


def _show_mending(screen: DataScreen, row: pd.Series) -> None:
    generation = st.session_state.get("mend-generation", 0)
    upload = st.file_uploader(
        f"改正后的退回清单(来源{SOURCES[row['source']].name},坐标系同第 {row['id']} 批)",
        type=["csv", "xlsx"],
        key=f"mend-{row['id']}-{generation}",
    )
    if upload is not None and st.button("导入改正后的清单", type="primary", key="mend-go"):
        _mend(screen, row, upload)
        st.rerun()


def _mend(screen: DataScreen, row: pd.Series, upload) -> None:
    folder = screen.pool.settings.var
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="upload-") as file:
        file.write(upload.getbuffer())
        file.flush()
        places = open_known_places(screen.pool.settings)
        try:
            profile = read_profiles(screen.pool.settings)[row["source"]]
            delivery = Delivery(Path(file.name), row["source"], Datum(row["datum"]), name=upload.name, profile=profile)
            batch, solved = import_mended(
                screen.pool.engine, places, delivery, corrects=int(row["id"]), as_of=pd.Timestamp(screen.pool.now())
            )
        except (BadFileError, BadProfileError, UnknownBatchError, PoolUnavailableError) as error:
            st.session_state[SAID] = ("error", f"没有导入任何一行。{_plain(str(error))}")
            return
    st.session_state["mend-generation"] = st.session_state.get("mend-generation", 0) + 1
    if batch.repeat_of is not None:
        st.session_state[SAID] = ("info", f"这个文件与第 {batch.repeat_of} 批完全相同,没有重复入库。")
        return
    _publish(screen)
    st.session_state[SAID] = (
        "success",
        f"读入 {batch.rows_read:,} 行:解决本批 {solved:,} 行,仍退回 {batch.rejected:,} 行,见第 {batch.id} 批。",
    )


def _publish(screen: DataScreen) -> None:
    """Publish; what can not be published now comes with the next publication."""
    try:
        publish(screen.pool.engine, screen.pool.settings)
    except (PoolUnavailableError, OSError):
        st.toast("已经入库,但暂时没能发布到地图;下次导入时会一起发布。", icon=":material/schedule:")
