"""One alert: what it is, why it was raised, its weeks, the counts by source."""

from dataclasses import replace
from datetime import date, timedelta
from html import escape

import pandas as pd
import streamlit as st

from dashboard.alerts.screen import AlertsScreen
from dashboard.alerts.words import level_chip, state_words
from dashboard.hotspots.ahead_reading import read_ahead
from dashboard.hotspots.chart import bars_html
from dashboard.hotspots.classes import class_chip, class_colour
from dashboard.naming import type_name
from dashboard.wording import count_text, moment_text
from data.alerts.reading import Alert
from data.assessments.shown_counts import RECENT, smallest_of
from data.filter import IncidentFilter, Period
from risk.incident import SOURCES

SHOWN_WEEKS = 52
BEFORE, NOW = "前 4 周", "近 4 周"


def show_title(screen: AlertsScreen, alert: Alert) -> None:
    """Place, type, level, class, number and state."""
    palette = screen.palette
    words = escape(f"{screen.place_name(alert.division)} · {type_name(alert.dispute_type)}")
    facts = [f"预警 {alert.number}", state_words(alert.state)]
    if alert.assigned_to:
        facts.append(f"派给 {alert.assigned_to}")
    facts.append(f"发出于 {moment_text(screen.local(alert.raised_at), screen.now)}")
    row = "display:flex;align-items:center;gap:10px;flex-wrap:wrap"
    st.html(
        f'<div style="{row};font-size:16px;font-weight:600;color:{palette.text}">{words}'
        f"{level_chip(alert.level, screen.level_words(alert.level), palette)}"
        f'<span style="display:flex;align-items:center;gap:6px;font-size:13px;font-weight:400">'
        f"{class_chip(alert.emerging_class, palette)}</span>"
        f'<span style="margin-left:auto;font-size:12.5px;font-weight:400;color:{palette.muted}">'
        f"{escape(' · '.join(facts))}</span></div>"
    )


def show_why(screen: AlertsScreen, alert: Alert) -> None:
    """Sentences, and since when."""
    seen = f"首次出现 {alert.first_seen:%Y-%m-%d},最近一次研判仍见于 {alert.last_seen:%Y-%m-%d}。"
    if screen.run is not None and alert.last_seen < screen.run.as_of:
        seen = (
            f"首次出现 {alert.first_seen:%Y-%m-%d};截至 {screen.run.as_of:%Y-%m-%d} 的研判已不再显著,"
            f"最近一次见于 {alert.last_seen:%Y-%m-%d}。"
        )
    st.html(
        f'<div style="font-size:13.5px;line-height:1.75;color:{screen.palette.text}"><b>为什么预警:</b>'
        f"{escape(''.join(alert.reasons))}<br/>{escape(seen)}</div>"
    )


def show_series(screen: AlertsScreen, alert: Alert) -> None:
    """Weekly counts of the township the alert lies in, small ones without a height of their own."""
    series = weekly(screen, alert)
    below = smallest_of(alert.dispute_type)
    name = screen.place_name(alert.division).split(" · ")[-1]
    ahead = read_ahead(screen.pool, _own_division(screen, alert), alert.dispute_type, last_day=last_day(screen, alert))
    st.markdown(f"**每周件数 · {name}** :gray[彩色:出现以来 · 浅灰:1–{below - 1} 件]")
    states = "".join("+" if day + timedelta(days=6) >= alert.first_seen else "." for day in series.index)
    known = series.dropna()
    most = int(known.max()) if len(known) else 0
    words = f"{name}近 {len(series)} 周每周件数,最多一周 {most} 件" + (f",{ahead.words()}" if ahead else "")
    colour = class_colour(alert.emerging_class, screen.palette)
    st.html(bars_html(series, states, colour=colour, palette=screen.palette, alt=words, ahead=ahead))
    if ahead is not None:
        st.caption(f"{ahead.words()} · {ahead.reading()}")


def weekly(screen: AlertsScreen, alert: Alert) -> pd.Series:
    """Counts of the alert's division and type in the last weeks, missing where they are withheld."""
    end = last_day(screen, alert) + timedelta(days=1)
    asked = IncidentFilter(
        screen.scope,
        Period(end - timedelta(weeks=SHOWN_WEEKS), end),
        _own_division(screen, alert),
        dispute_types=(alert.dispute_type,),
    )
    return screen.reads.series(asked, steps=SHOWN_WEEKS, days=7)


def show_sources(screen: AlertsScreen, alert: Alert) -> None:
    """What each source brought in the last four weeks and in the four before."""
    table = by_source(screen, alert)
    if table.empty:
        st.caption("近 8 周各来源都没有上报。")
        return
    below = smallest_of(alert.dispute_type)
    words = table.map(lambda value: count_text(value, below=below))
    st.dataframe(
        words.rename_axis("来源").reset_index(),
        hide_index=True,
        row_height=28,
        height=28 * (len(words) + 1) + 3,
        alt="各来源件数,前 4 周与近 4 周",
    )


def by_source(screen: AlertsScreen, alert: Alert) -> pd.DataFrame:
    """Counts by name of the source, 前 4 周 and 近 4 周, small ones missing; sources without any are left out."""
    end = last_day(screen, alert) + timedelta(days=1)
    recent = Period(end - timedelta(weeks=RECENT), end)
    asked = IncidentFilter(screen.scope, recent, _own_division(screen, alert), dispute_types=(alert.dispute_type,))
    whole = screen.reads.totals(asked)
    found = {}
    for source in SOURCES.values():
        totals = screen.reads.totals(replace(asked, sources=(source.code,)))
        if totals.current != 0 or totals.previous != 0:
            found[source.name] = {BEFORE: totals.previous, NOW: totals.current}
    table = pd.DataFrame.from_dict(found, orient="index", columns=[BEFORE, NOW]).astype("Int64")
    below = smallest_of(alert.dispute_type)
    return table.assign(
        **{BEFORE: guarded(table[BEFORE], whole.previous, below), NOW: guarded(table[NOW], whole.current, below)}
    )


def guarded(parts: pd.Series, whole: int | None, below: int) -> pd.Series:
    """Parts of a whole that is told as well: further ones are withheld until the missing ones can not be told from it.

    Parameters
    ----------
    parts
        Int64, small ones missing already.
    whole
        None: withheld, so that nothing can be told from it.
    """
    shown = parts.copy()
    while whole is not None and shown.isna().any():
        missing, rest = int(shown.isna().sum()), whole - int(shown.sum())
        left = shown[shown > 0]
        if (missing >= 2 and rest >= below) or left.empty:
            break
        shown[left.idxmin()] = pd.NA
    return shown


def last_day(screen: AlertsScreen, alert: Alert) -> date:
    """Last complete day that is known of: of the newest assessment, or of the one that saw the alert."""
    return alert.last_seen if screen.run is None else max(alert.last_seen, screen.run.as_of)


def _own_division(screen: AlertsScreen, alert: Alert) -> str:
    """The alert's division; the reader's own where it lies elsewhere and only a part reaches in."""
    return alert.division if alert.division.startswith(screen.scope) else screen.scope
