"""区划边界 on the data page: what stands, a file checked with its report on screen, and then taken over."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.data_page.import_steps import DATUMS
from dashboard.data_page.source_overview import DataScreen
from dashboard.pool import Pool
from data.boundaries.importing import Handed, Imported, check_boundaries, import_boundaries
from data.boundaries.vintages import read_vintages
from data.segments import publish
from data.settings import read_settings
from geo.boundaries.errors import BoundaryFileError, BoundaryImportError
from geo.boundaries.reading import Source
from geo.boundaries.replacing import Order
from geo.boundaries.report import TOLERANCES, Report

SHOWN = 200
CHECKED, DONE = "boundaries-checked", "boundaries-done"


def show_boundaries(screen: DataScreen) -> None:
    """Show the section."""
    pool = screen.pool
    _show_vintages(pool)
    done: Imported | None = st.session_state.get(DONE)
    with st.container(border=True, key="boundaries"):
        st.markdown("**更换边界** :gray[先检查,再导入;纠纷随之重新定位]")
        upload = st.file_uploader(
            "边界文件(GeoJSON、Shapefile 压缩包、GeoPackage、GeoParquet)",
            type=["geojson", "json", "zip", "gpkg", "parquet"],
            key="boundaries-file",
            on_change=_forget,
        )
        chosen = _show_choices(pool)
        if upload is None or not chosen["code"] or not chosen["name"]:
            st.caption("请选择文件,并填写其中的代码列和名称列。")
            return
        if st.button("检查边界", key="boundaries-check", icon=":material/rule:"):
            _check(pool, upload, chosen)
        report: Report | None = st.session_state.get(CHECKED)
        if report is not None:
            _show_report(report)
            st.button(
                "导入并重新定位" if not report.refused else "只导入合格的,并重新定位",
                key="boundaries-import",
                type="primary",
                on_click=_import,
                args=(pool, upload, chosen),
            )
        if done is not None:
            _show_done(done)


def _show_vintages(pool: Pool) -> None:
    table = read_vintages(pool.engine, pool.settings)
    words = pool.geography.hierarchy.level_name
    if table.empty:
        st.caption("还没有导入过边界:省、市、县为公开边界,县以下为示意。")
        return
    shown = pd.DataFrame(
        {
            "版本": table["name"],
            "层级": table["level"].map(words),
            "启用日期": pd.to_datetime(table["valid_from"], unit="D").dt.date,
            "单位数": table["units"],
            "示意": table["schematic"].astype(bool),
            "移动纠纷": table["moved"].astype("Int64"),
            "当前": table["stands"],
            "来源说明": table["source_note"],
        }
    )
    st.dataframe(shown, hide_index=True, row_height=30, alt="边界版本")


def _show_choices(pool: Pool) -> dict[str, Any]:
    hierarchy = pool.geography.hierarchy
    first, second, third = st.columns(3, gap="small")
    with first:
        levels = range(pool.geography.unit(pool.geography.root).level, 7)
        level = st.selectbox(
            "层级", levels, format_func=hierarchy.level_name, key="boundaries-level", on_change=_forget
        )
        vintage = st.text_input("版本名称", key="boundaries-vintage", placeholder="2026版", max_chars=80)
    with second:
        code = st.text_input("代码列", key="boundaries-code", on_change=_forget)
        name = st.text_input("名称列", key="boundaries-name", on_change=_forget)
    with third:
        crs = st.text_input("坐标系", key="boundaries-crs", placeholder="随文件,或 EPSG:4490", on_change=_forget)
        datum = st.selectbox(
            "偏移坐标", [None, *DATUMS], format_func=lambda each: DATUMS.get(each, "无"), key="boundaries-datum"
        )
    return {"level": level, "vintage": vintage, "code": code, "name": name, "crs": crs, "datum": datum}


def _forget() -> None:
    for key in (CHECKED, DONE):
        st.session_state.pop(key, None)


@contextmanager
def _handed(upload: Any, chosen: dict[str, Any], *, partial: bool) -> Iterator[Handed]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"boundaries{Path(upload.name).suffix.lower()}"
        path.write_bytes(upload.getbuffer())
        source = Source(path, chosen["code"], chosen["name"], crs=chosen["crs"], datum=chosen["datum"])
        order = Order(chosen["level"], chosen["vintage"] or Path(upload.name).stem)
        yield Handed(source, order, note=upload.name, partial=partial)


def _check(pool: Pool, upload: Any, chosen: dict[str, Any]) -> None:
    _forget()
    try:
        with st.spinner("正在检查边界…"), _handed(upload, chosen, partial=True) as handed:
            st.session_state[CHECKED] = check_boundaries(pool.settings, handed).report
    except (BoundaryFileError, BoundaryImportError) as error:
        st.error(str(error), icon=":material/error:")


def _import(pool: Pool, upload: Any, chosen: dict[str, Any]) -> None:
    bar = st.progress(0.0, text="正在导入…")
    try:
        with _handed(upload, chosen, partial=True) as handed:
            st.session_state[DONE] = import_boundaries(
                pool.engine,
                pool.settings,
                handed,
                at=pd.Timestamp(pool.now()),
                on_progress=lambda label, share: bar.progress(share, text=label),
            )
        publish(pool.engine, read_settings())
        st.session_state.pop(CHECKED, None)
    except (BoundaryFileError, BoundaryImportError) as error:
        st.error(str(error), icon=":material/error:")


def _show_report(report: Report) -> None:
    st.markdown(f"读入 **{report.read:,}**,可用 **{report.accepted:,}**,拒收 **{report.refused:,}**。")
    counts = report.counts()
    if not counts:
        st.success("没有发现问题。", icon=":material/check_circle:")
    else:
        summary = [
            {"问题": str(kind), "处理": str(outcome), "处数": number} for (kind, outcome), number in counts.items()
        ]
        st.dataframe(pd.DataFrame(summary), hide_index=True, row_height=30, alt="检查结果")
        table = report.table()
        st.dataframe(table.head(SHOWN), hide_index=True, row_height=30, height=240, alt="检查报告")
        if len(table) > SHOWN:
            st.caption(f"只列出前 {SHOWN} 处,全部见下载的报告。")
        st.download_button("下载检查报告", report.csv(), "边界检查报告.csv", "text/csv", key="boundaries-report")
    st.caption(TOLERANCES)


def _show_done(done: Imported) -> None:
    st.success(f"已启用。查看纠纷 {done.looked_at:,} 件,移动 {done.moved:,} 件。", icon=":material/check_circle:")
    if len(done.moves):
        moves = done.moves.rename(columns={"from": "原位置", "to": "新位置", "count": "件数"})
        st.dataframe(moves.head(SHOWN), hide_index=True, row_height=30, height=240, alt="移动的纠纷")
        csv = moves.to_csv(index=False).encode("utf-8-sig")
        st.download_button("下载移动清单", csv, "移动清单.csv", "text/csv", key="boundaries-moves")
