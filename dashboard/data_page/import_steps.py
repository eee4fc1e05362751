"""Import of a file in three steps: choose, check, done. Nothing is stored before the operator says so."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.pool import Pool, open_known_places
from data.batch_import import Batch, Delivery, check_rows, import_file
from data.batches import rejected_rows, rejected_table
from data.feeds.profile import FeedProfile
from data.feeds.profiles import read_profiles
from data.feeds.yaml_section import BadProfileError
from data.readers.errors import BadFileError
from data.segments import publish
from data.store import PoolUnavailableError
from geo.datum import Datum
from risk.incident import DISPUTE_TYPES, STATUSES

DATUMS = {Datum.WGS84: "WGS-84(GPS、国家 2000)", Datum.GCJ02: "GCJ-02(高德、腾讯)", Datum.BD09: "BD-09(百度)"}
SHOWN = 200
PREVIEWED = 8
STEP = "import-step"


@dataclass(frozen=True)
class Checked:
    """What a file holds, before anything is stored."""

    good: int
    rejected: pd.DataFrame
    preview: pd.DataFrame
    dropped: tuple[str, ...]
    unmapped: dict[str, int]


def show_import(pool: Pool) -> None:
    """Show the step at hand."""
    done = st.session_state.get("import-done")
    with st.container(border=True, key="import"):
        if done is not None:
            _show_done(pool, done)
            return
        checked = st.session_state.get("import-checked")
        _title("第 1 步,共 3 步:选择" if checked is None else "第 2 步,共 3 步:核对")
        generation = st.session_state.get("import-generation", 0)
        upload = st.file_uploader(
            "文件(CSV、XLSX、Parquet)",
            type=["csv", "txt", "tsv", "xlsx", "parquet"],
            key=f"import-file-{generation}",
            on_change=_forget,
        )
        try:
            profiles = read_profiles(pool.settings)
        except BadProfileError as error:
            st.error(str(error), icon=":material/error:")
            return
        feed, datum = _show_choices(profiles)
        if upload is None:
            st.caption(
                "需要的列:编号、纠纷类型、受理时间。可选列:状态、对接渠道、发生时间、办结时间、区划代码、经度、纬度等。其他列不会保存。"
            )
            return
        if feed is None or datum is None:
            st.caption("请选择这个文件的来源和坐标系,坐标系选错会让点偏移几百米。")
            return
        if checked is None:
            if st.button("核对文件", type="primary", icon=":material/rule:", key="import-check"):
                _check(pool, upload, feed, datum)
            return
        _show_checked(pool, checked, upload, feed, datum)


def _title(step: str) -> None:
    st.markdown(f"**导入文件** :gray[{step}]")


def _show_choices(profiles: Mapping[str, FeedProfile]) -> tuple[str | None, Datum | None]:
    left, right = st.columns(2, gap="small")
    with left:
        feed = st.selectbox(
            "来源",
            list(profiles),
            index=None,
            format_func=lambda name: profiles[name].title,
            placeholder="请选择",
            key="import-source",
            on_change=_forget,
        )
    with right:
        datum = st.selectbox(
            "坐标系",
            list(DATUMS),
            index=None,
            format_func=DATUMS.__getitem__,
            placeholder="请选择",
            key="import-datum",
            on_change=_forget,
        )
    return feed, datum


def _forget() -> None:
    st.session_state.pop("import-checked", None)


def _restart() -> None:
    for name in ("import-checked", "import-done", "import-unpublished"):
        st.session_state.pop(name, None)
    st.session_state["import-generation"] = st.session_state.get("import-generation", 0) + 1


@contextmanager
def _delivered(pool: Pool, upload, feed: str, datum: Datum) -> Iterator[Delivery]:
    """The upload as a file on disk for as long as it is read."""
    pool.settings.var.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=pool.settings.var, prefix="upload-") as file:
        file.write(upload.getbuffer())
        file.flush()
        profile = read_profiles(pool.settings)[feed]
        yield Delivery(Path(file.name), profile.source, datum, name=upload.name, profile=profile)


def _check(pool: Pool, upload, feed: str, datum: Datum) -> None:
    try:
        with st.spinner("正在核对…"), _delivered(pool, upload, feed, datum) as delivery:
            st.session_state["import-checked"] = _read(pool, delivery)
    except (BadFileError, BadProfileError) as error:
        st.error(str(error), icon=":material/error:")
        return
    st.rerun()


def _read(pool: Pool, delivery: Delivery) -> Checked:
    dropped, chunks = check_rows(delivery, open_known_places(pool.settings), as_of=pd.Timestamp(pool.now()))
    good, refused, preview, unmapped = 0, [], pd.DataFrame(), {}
    for chunk in chunks:
        good += len(chunk.rows)
        refused.append(chunk.rejected)
        preview = pd.concat([preview, chunk.rows.head(PREVIEWED - len(preview))])
        for word, count in chunk.unmapped.items():
            unmapped[word] = unmapped.get(word, 0) + count
    rejected = pd.concat(refused, ignore_index=True) if refused else pd.DataFrame()
    if good + len(rejected) == 0:
        raise BadFileError("表头下面没有数据行。请确认导出的时间范围,再重新导入。")
    return Checked(good, rejected, preview, dropped, unmapped)


def _show_checked(pool: Pool, checked: Checked, upload, feed: str, datum: Datum) -> None:
    wrong = len(checked.rejected)
    if wrong:
        st.warning(f"有 {wrong:,} 行不能入库,其余 {checked.good:,} 行可以导入。", icon=":material/rule:")
        _show_rejected(checked.rejected)
    else:
        st.success(f"{checked.good:,} 行都可以导入。", icon=":material/check:")
    if len(checked.preview):
        st.caption(f"前 {len(checked.preview)} 行读成这样,请核对类型、时间和位置:")
        st.dataframe(_preview(pool, checked.preview), hide_index=True, row_height=30, alt="将要导入的前几行")
    if checked.unmapped:
        words = "、".join(f"{word}({count})" for word, count in list(checked.unmapped.items())[:8])
        st.caption(f":material/translate: 类型用语还没有对照,暂归入“其他”:{words}")
    if checked.dropped:
        names = "、".join(name[:20] for name in checked.dropped[:12])
        st.caption(f":material/shield: 未导入 {len(checked.dropped)} 列:{names}。本系统只保留地点和纠纷类别。")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(f"导入 {checked.good:,} 行", type="primary", key="import-go", disabled=checked.good == 0):
            _import(pool, upload, feed, datum)
        if wrong:
            _show_download(rejected_table(checked.rejected), upload.name)
        st.space("stretch")
        st.button("取消", type="tertiary", on_click=_restart, key="import-cancel")


def _show_rejected(rows: pd.DataFrame) -> None:
    table = rows.head(SHOWN)[["line", "column", "reason"]].rename(
        columns={"line": "行", "column": "列", "reason": "原因"}
    )
    st.dataframe(table, hide_index=True, row_height=30, height=min(190, 32 + 30 * len(table)), alt="不能入库的行和原因")
    if len(rows) > SHOWN:
        st.caption(f"只列出前 {SHOWN} 行,全部 {len(rows):,} 行请下载退回清单。")


def _show_download(content: bytes, name: str) -> None:
    st.download_button(
        "下载退回清单",
        content,
        file_name=f"退回清单-{Path(name).stem}.csv",
        mime="text/csv",
        icon=":material/download:",
    )


def _preview(pool: Pool, rows: pd.DataFrame) -> pd.DataFrame:
    accepted = pd.to_datetime(rows["accepted_at"].astype("int64"), unit="s", utc=True).dt.tz_convert(
        str(pool.settings.timezone)
    )
    return pd.DataFrame(
        {
            "编号": rows["external_id"],
            "类型": [DISPUTE_TYPES[code].name for code in rows["dispute_type"]],
            "状态": [STATUSES[code] for code in rows["status"]],
            "受理时间": accepted.dt.strftime("%Y-%m-%d %H:%M"),
            "位置": [_place_name(pool, int(place)) for place in rows["place"]],
        }
    )


def _place_name(pool: Pool, place: int) -> str:
    """County and the finest unit known, for a person to judge."""
    digits = str(place)
    names = [
        pool.geography.unit(digits[:length]).name for length in (6, 9, 12) if pool.geography.knows(digits[:length])
    ]
    return " · ".join(names) or "未定位"


def _import(pool: Pool, upload, feed: str, datum: Datum) -> None:
    bar = st.progress(0.0, text="正在入库…")
    total = max(1, st.session_state["import-checked"].good + len(st.session_state["import-checked"].rejected))

    def advance(rows: int) -> None:
        bar.progress(min(1.0, rows / total), text=f"已处理 {rows:,} / {total:,} 行")

    try:
        with _delivered(pool, upload, feed, datum) as delivery:
            batch = import_file(
                pool.engine,
                open_known_places(pool.settings),
                delivery,
                as_of=pd.Timestamp(pool.now()),
                on_progress=advance,
                settings=pool.settings,
            )
    except (BadFileError, BadProfileError) as error:
        st.error(str(error), icon=":material/error:")
        return
    except PoolUnavailableError:
        st.error("暂时不能入库,文件没有导入任何一行。请稍后重试。", icon=":material/error:")
        return
    _publish(pool)
    st.session_state["import-done"] = (batch, upload.name, datetime.now(pool.settings.timezone))
    _forget()
    st.rerun()


def _publish(pool: Pool) -> None:
    """Publish; what is stored but can not be published now is said, and comes with the next publication."""
    try:
        publish(pool.engine, pool.settings)
    except (PoolUnavailableError, OSError):
        st.session_state["import-unpublished"] = True


def _show_done(pool: Pool, done: tuple[Batch, str, datetime]) -> None:
    batch, name, moment = done
    _title("第 3 步,共 3 步:完成")
    if batch.repeat_of is not None:
        st.info(f"{name} 与第 {batch.repeat_of} 批导入的文件完全相同,没有重复入库。", icon=":material/content_copy:")
    else:
        st.success(f"{name} 已于 {moment:%H:%M} 入库。", icon=":material/check_circle:")
    if st.session_state.get("import-unpublished"):
        text = "已经入库,但暂时没能发布到地图;下一次导入或运行 publish 时会一起发布,不会丢失。"
        st.warning(text, icon=":material/schedule:")
    figures = {"读入": batch.rows_read, "新增": batch.added, "更新": batch.updated, "未变": batch.unchanged}
    for column, (label, count) in zip(st.columns(5), (figures | {"退回": batch.rejected}).items(), strict=True):
        column.metric(label, f"{count:,}")
    with st.container(horizontal=True):
        if batch.rejected and batch.id is not None:
            _show_download(rejected_table(rejected_rows(pool.engine, batch.id)), name)
        st.button("再导入一个文件", type="primary", on_click=_restart, key="import-again")
