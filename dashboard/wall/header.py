"""First line of the briefing screen: what is shown, how old the data are, what time it is."""

from datetime import datetime
from html import escape

from dashboard.palette import DARK
from dashboard.wall.look import HEADER, LIST, TITLE
from dashboard.wall.screen import WallScreen, is_stale
from dashboard.wording import age_text, moment_text

BEAT = "wall-beat"
"""Class of the element whose `data-beat` changes every second while the server answers."""
UNREACHABLE = "▲ 暂时取不到新数据"


def header_html(screen: WallScreen, now: datetime, *, reachable: bool = True) -> str:
    """HTML of the line; `reachable` is whether the store could be asked just now."""
    simulated = _chip("模拟数据", DARK.late) if screen.reads.is_simulated() else ""
    # The browser's own clock is of no use here: what counts is that the server goes on saying what time it is.
    return (
        f'<div style="display:flex;align-items:center;gap:2.4vh;height:{HEADER}vh;white-space:nowrap">'
        f'<div style="font-size:{TITLE}vh;font-weight:700;overflow:hidden;text-overflow:ellipsis;color:{DARK.text}">'
        f"{escape(screen.title)}</div>{simulated}"
        f'<div style="margin-left:auto">{freshness_html(screen.data_time, now, reachable=reachable)}</div>'
        f'<div class="{BEAT}" data-beat="{now.timestamp():.0f}" style="font-size:{TITLE}vh;font-weight:700;'
        f'color:{DARK.text}">{now:%H:%M}</div></div>'
    )


def freshness_html(data_time: datetime | None, now: datetime, *, reachable: bool = True) -> str:
    """HTML of the data's age: a quiet line while they come, large and orange when they have stopped."""
    if not reachable:
        return _large(UNREACHABLE)
    if data_time is None:
        return _quiet("暂无数据", DARK.muted)
    if is_stale(data_time, now):
        return (
            '<div style="display:flex;align-items:baseline;gap:1.6vh">'
            f"{_large(f'▲ 数据已停 {stopped_for(data_time, now)}')}{_quiet(_until(data_time, now), None)}</div>"
        )
    return _quiet(f"{_until(data_time, now)} · {age_text(now - data_time)}", DARK.better)


def stopped_for(data_time: datetime, now: datetime) -> str:
    """`38 分钟`."""
    return age_text(now - data_time).removesuffix("前")


def _until(data_time: datetime, now: datetime) -> str:
    return f"数据截至 {moment_text(data_time, now)}"


def _large(words: str) -> str:
    return f'<span style="font-size:{TITLE}vh;font-weight:700;color:{DARK.late}">{escape(words)}</span>'


def _quiet(words: str, dot: str | None) -> str:
    mark = f'<span style="color:{dot}">●</span> ' if dot else ""
    return f'<span style="font-size:{LIST}vh;color:{DARK.text}">{mark}{escape(words)}</span>'


def _chip(words: str, colour: str) -> str:
    return (
        f'<span style="font-size:{LIST}vh;color:{colour};border:2px solid {colour};border-radius:.6vh;'
        f'padding:.1vh .9vh">{escape(words)}</span>'
    )
