"""The data page's words: those of feeds that no profile knows, and the type that an operator gives them."""

import pandas as pd
import streamlit as st

from dashboard.data_page.source_overview import DataScreen
from data.feeds.words import list_words, map_word
from data.segments import publish
from data.store import PoolUnavailableError
from risk.incident import DISPUTE_TYPES, SOURCES

PERSON = "数据汇集页"
"""Who is said to have mapped while there are no accounts."""
SAID = "words-said"
ROWS = 14


def show_words(screen: DataScreen) -> None:
    """The section: all words on the left, one of them to be mapped on the right."""
    words = list_words(screen.pool.engine)
    left, right = st.columns([2, 1], gap="small")
    with left, st.container(border=True):
        _show_list(screen, words)
    with right, st.container(border=True):
        st.markdown("**对照**")
        if said := st.session_state.pop(SAID, None):
            getattr(st, said[0])(said[1])
        if words.empty:
            st.caption("有了待对照的用语,可以在这里给它指定类型。")
        else:
            _show_form(screen, words)


def _show_list(screen: DataScreen, words: pd.DataFrame) -> None:
    waiting = int(words["code"].isna().sum())
    st.markdown(f"**来源用语** :gray[{waiting:,} 个待对照,{len(words) - waiting:,} 个已对照]")
    if words.empty:
        st.caption("各来源的类型用语都能识别。遇到不认识的用语,事件先归入“其他”,用语列在这里。")
        return
    zone = screen.pool.settings.timezone
    table = pd.DataFrame(
        {
            "来源": [SOURCES[code].name for code in words["source"]],
            "用语": words["word"],
            "件数": words["incidents"],
            "最早受理": _days(words["first_seen"], zone),
            "最近受理": _days(words["last_seen"], zone),
            "对照为": [DISPUTE_TYPES[code].name if isinstance(code, str) else "待对照" for code in words["code"]],
        }
    )
    height = 32 + 30 * min(ROWS, len(table))
    st.dataframe(table, hide_index=True, row_height=30, height=height, alt="来源用语和它们对照的类型")
    st.caption("对照之后,已入库的这类事件立即改为新类型,以后到的也照此归类;可以再改。")


def _days(seconds: pd.Series, zone: object) -> pd.Series:
    moments = pd.to_datetime(seconds.astype("int64"), unit="s", utc=True).dt.tz_convert(str(zone))
    return moments.dt.strftime("%Y-%m-%d")


def _show_form(screen: DataScreen, words: pd.DataFrame) -> None:
    rows = {(row["source"], row["word"]): row for row in words.to_dict("records")}
    chosen = st.selectbox(
        "用语",
        list(rows),
        format_func=lambda key: f"{key[1]} · {SOURCES[key[0]].name} · {rows[key]['incidents']:,} 件",
        key="words-word",
    )
    code = st.selectbox(
        "类型", list(DISPUTE_TYPES), index=None, format_func=_type_name, placeholder="选择类型", key="words-type"
    )
    st.button(
        "确认对照",
        type="primary",
        key="words-go",
        disabled=code is None,
        on_click=_map,
        args=(screen, chosen, code),
    )


def _type_name(code: str) -> str:
    return f"{code} {DISPUTE_TYPES[code].name}"


def _map(screen: DataScreen, chosen: tuple[str, str], code: str) -> None:
    """Map the word, publish what changed, and keep what to say for the next run."""
    source, word = chosen
    try:
        done = map_word(screen.pool.engine, source, word, code, person=PERSON, at=pd.Timestamp(screen.pool.now()))
    except PoolUnavailableError:
        st.session_state[SAID] = ("error", "暂时不能保存,没有改动任何数据。请稍后再试。")
        return
    st.session_state.pop("words-type", None)
    name = DISPUTE_TYPES[code].name
    try:
        publish(screen.pool.engine, screen.pool.settings)
    except (PoolUnavailableError, OSError):
        st.session_state[SAID] = ("warning", f"{done.changed:,} 件已改为“{name}”,暂时没能发布到地图,下次发布时会带上。")
        return
    st.session_state[SAID] = ("success", f"{done.changed:,} 件已改为“{name}”。以后到的“{word}”也照此归类。")
