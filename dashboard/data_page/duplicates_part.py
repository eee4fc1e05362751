"""The data page's suspected duplicates: pairs to be linked or dismissed, and linked ones to be taken apart."""

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from dashboard.data_page.source_overview import DataScreen, place_words
from dashboard.palette import Palette
from data.filter import OutOfScopeError
from data.linked import linked_reports
from data.links import Said, UnknownReportError, dismiss, link, unlink
from data.quality.duplicates import SHOWN_FROM
from data.segments import publish
from data.store import PoolUnavailableError
from risk.incident import DISPUTE_TYPES, SOURCES

PAGE_ROWS = 12
PERSON = "数据汇集页"
"""Who is said to have linked while there are no accounts."""
SAID = "duplicates-said"


def show_duplicates(screen: DataScreen) -> None:
    """The section."""
    found = screen.quality.duplicates(screen.wanted)
    pairs = found[found["score"] >= SHOWN_FROM].reset_index(drop=True)
    left, right = st.columns([2, 1], gap="small")
    with left, st.container(border=True):
        _show_pairs(screen, pairs)
    with right, st.container(border=True):
        _show_linked(screen)


def _show_pairs(screen: DataScreen, pairs: pd.DataFrame) -> None:
    st.markdown(f"**疑似同一件的上报** :gray[{len(pairs):,} 对,最可能的在前]")
    if said := st.session_state.pop(SAID, None):
        getattr(st, said[0])(said[1])
    if pairs.empty:
        st.caption(
            "所选时段内没有待判断的疑似重复。同类型、300 米或同村、前后 2 天以内、来自不同来源的上报会列在这里。"
        )
        return
    pages = (len(pairs) - 1) // PAGE_ROWS + 1
    page = min(st.session_state.get("pairs-page", 0), pages - 1)
    with st.container(gap=None):
        for pair in pairs.iloc[page * PAGE_ROWS : (page + 1) * PAGE_ROWS].to_dict("records"):
            _show_pair(screen, pair)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button("上一页", key="pairs-back", type="tertiary", disabled=page == 0, on_click=_turn, args=(page - 1,))
        st.caption(f"第 {page + 1} / {pages} 页", width="content")
        st.button(
            "下一页", key="pairs-on", type="tertiary", disabled=page == pages - 1, on_click=_turn, args=(page + 1,)
        )
        st.space("stretch")
        st.caption("可能性按距离、天数和当地同类上报的疏密估算,由人判断;每 10 分钟更新。", width="content")


def _turn(page: int) -> None:
    st.session_state["pairs-page"] = page


def _show_pair(screen: DataScreen, pair: dict) -> None:
    first, second = int(pair["first_id"]), int(pair["second_id"])
    _show_rule(screen.palette)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"pair-{first}-{second}"):
        st.html(_pair_html(screen, pair), width="stretch")
        name = f"{first}-{second}"
        st.button("关联", key=f"link-{name}", icon=":material/link:", on_click=_link, args=(screen, first, second))
        st.button("不是同一件", key=f"dismiss-{name}", type="tertiary", on_click=_dismiss, args=(screen, first, second))


def _show_rule(palette: Palette) -> None:
    st.html(f'<div style="border-top:1px solid {palette.border};margin:4px 0"></div>')


def _pair_html(screen: DataScreen, pair: dict) -> str:
    palette = screen.palette
    reports = [(pair["first_source"], pair["first_occurred"]), (pair["second_source"], pair["second_occurred"])]
    reports.sort(key=lambda one: one[1])
    told = " → ".join(f"{SOURCES[source].name} {_moment(screen, moment)}" for source, moment in reports)
    metres = pair["metres"]
    near = "同村,一方无坐标" if pd.isna(metres) else f"相距 {max(1, round(metres)):,} 米"
    days = ("同一天", "隔 1 天", "隔 2 天")[int(pair["days"])]
    share = f"{100 * pair['score']:.0f}%"
    kind = DISPUTE_TYPES[pair["dispute_type"]].name
    place = pair_place(screen, pair)
    return (
        f'<div style="display:flex;gap:12px;align-items:center;color:{palette.text};line-height:20px">'
        f'<div style="width:44px;text-align:right;font-weight:600" title="可能性">{share}</div>'
        f'<div style="min-width:0"><div style="font-size:14px"><b>{escape(place)}</b> · {escape(kind)}'
        f'</div><div style="font-size:12px;color:{palette.muted}">{escape(told)} · {near} · {days}</div></div></div>'
    )


def pair_place(screen: DataScreen, pair: dict) -> str:
    """Where the pair lies: the village, or no more than the county for types never shown for small areas."""
    sensitive = DISPUTE_TYPES[pair["dispute_type"]].suppress_below > 5
    levels = (6,) if sensitive else (6, 9, 12)
    return place_words(screen.pool, str(int(pair["first_place"])), levels=levels)


def _moment(screen: DataScreen, seconds: int) -> str:
    moment = pd.Timestamp(int(seconds), unit="s", tz="UTC").tz_convert(screen.pool.settings.timezone)
    return f"{moment:%m-%d %H:%M}"


def _said(screen: DataScreen) -> Said:
    return Said(PERSON, pd.Timestamp(screen.pool.now()), screen.wanted.scope)


def _link(screen: DataScreen, first: int, second: int) -> None:
    _act(screen, lambda: link(screen.pool.engine, first, second, _said(screen)), "已关联,按事件只计 1 件。")


def _dismiss(screen: DataScreen, first: int, second: int) -> None:
    _act(screen, lambda: dismiss(screen.pool.engine, first, second, _said(screen)), "已记下不是同一件,不再提示。")


def _unlink(screen: DataScreen, report: int) -> None:
    _act(screen, lambda: unlink(screen.pool.engine, report, _said(screen)), "已取消关联,各计 1 件。")


def _act(screen: DataScreen, act: Callable[[], int | None], done: str) -> None:
    """Do it, publish it, and say what came of it."""
    try:
        act()
    except (UnknownReportError, OutOfScopeError) as error:
        told = str(error) if isinstance(error, UnknownReportError) else "这两件上报不都在您的区划之内。"
        st.session_state[SAID] = ("warning", told)
        return
    except PoolUnavailableError:
        st.session_state[SAID] = ("error", "暂时不能保存,没有改动任何数据。请稍后再试。")
        return
    try:
        publish(screen.pool.engine, screen.pool.settings)
        st.toast(done, icon=":material/check:")
    except (PoolUnavailableError, OSError):
        st.toast(f"{done}暂时没能发布到地图,下次发布时会带上。", icon=":material/schedule:")


def _show_linked(screen: DataScreen) -> None:
    rows = linked_reports(screen.pool.engine, scope=screen.wanted.scope)
    groups = [group for _, group in rows.groupby("group", sort=False)]
    st.markdown(f"**最近关联** :gray[{len(groups)} 件]")
    if not groups:
        st.caption("还没有关联过上报。关联之后,按事件只计 1 件,按件次仍各计 1 件;随时可以取消。")
        return
    for group in groups[:PAGE_ROWS]:
        _show_group(screen, group, screen.palette)


def _show_group(screen: DataScreen, group: pd.DataFrame, palette: Palette) -> None:
    lead = group.iloc[0]
    place = pair_place(screen, {"dispute_type": lead["dispute_type"], "first_place": lead["place"]})
    st.html(
        f'<div style="border-top:1px solid {palette.border};padding-top:5px;font-size:13px;color:{palette.text}">'
        f"<b>{escape(place)}</b> · {escape(DISPUTE_TYPES[lead['dispute_type']].name)}</div>"
    )
    for report in group.itertuples():
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            role = "计为事件" if not report.duplicate else "同一件"
            told = f"{SOURCES[report.source].name} {_moment(screen, report.occurred_at)} · {role}"
            st.caption(told.replace(":", "\\:"), width="stretch")
            st.button(
                "取消关联", key=f"unlink-{report.id}", type="tertiary", on_click=_unlink, args=(screen, int(report.id))
            )
