"""How letters read on the screen: states, deadlines, times that passed, and the line of a letter's life."""

import datetime as dt
from html import escape

import pandas as pd

from dashboard.palette import Palette
from dashboard.wording import moment_text
from data.letters.letter import Letter
from data.letters.life import STATES

SOON_DAYS = 2
LINE = ("draft", "in_review", "issued", "received", "answered", "closed")
"""States along the line of a letter's life; a void one leaves it."""


def due_words(due: dt.date | None, days_over: int, *, today: dt.date, awaited: bool) -> str:
    """`12-05`, `12-05 今天到期`, `12-05 还剩 2 天`, `12-05 逾期 3 天`; the rest only while an answer is awaited."""
    if due is None:
        return "未定"
    day = f"{due:%m-%d}" if due.year == today.year else f"{due:%Y-%m-%d}"
    if days_over > 0:
        return f"{day} 逾期 {days_over} 天"
    left = (due - today).days
    if not awaited or left > SOON_DAYS:
        return day
    return f"{day} 今天到期" if left == 0 else f"{day} 还剩 {left} 天"


def due_colour(words: str, palette: Palette) -> str:
    """Colour of a deadline: the words say the same."""
    if "逾期" in words:
        return palette.worse
    return palette.late if "还剩" in words or "今天到期" in words else ""


def span_text(seconds: float) -> str:
    """How long something took: minutes below two hours, hours and minutes below two days, then days and hours."""
    minutes = max(0, int(seconds // 60))
    if minutes < 1:
        return "不到 1 分钟"
    if minutes < 120:
        return f"{minutes} 分钟"
    if minutes < 2 * 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} 小时" + (f" {rest} 分" if rest else "")
    days, rest = divmod(minutes, 24 * 60)
    return f"{days} 天" + (f" {rest // 60} 小时" if rest >= 60 else "")


def when(seconds: int, now: dt.datetime) -> str:
    """A moment given in UTC seconds, as `moment_text` writes it."""
    return moment_text(dt.datetime.fromtimestamp(int(seconds), now.tzinfo), now)


def life_html(letter: Letter, acts: pd.DataFrame, palette: Palette, *, now: dt.datetime) -> str:
    """HTML of the line 拟稿 → … → 销号: what is done with who and when, where it stands, what is to come."""
    if letter.state == "void":
        return f'<div style="font-size:13px;color:{palette.muted}">这份函已作废,没有编号。</div>'
    reached = {row.to_state: row for row in acts.itertuples() if row.from_state != row.to_state}
    stands = LINE.index(letter.state)
    steps = "".join(_step(state, at - stands, reached.get(state), palette, now) for at, state in enumerate(LINE))
    return f'<div style="display:grid;grid-template-columns:repeat({len(LINE)},minmax(0,1fr));gap:4px">{steps}</div>'


def _step(state: str, ahead: int, act, palette: Palette, now: dt.datetime) -> str:
    """One state of the line; `ahead` is negative for those that are done."""
    is_here = ahead == 0
    colour = palette.accent if ahead <= 0 else palette.border
    sign = "●" if is_here else "✓" if ahead < 0 else "○"
    told = f"{when(act.recorded_at, now)} {act.person}" if act is not None and ahead <= 0 else "&nbsp;"
    told = told if told == "&nbsp;" else escape(told)
    weight = 600 if is_here else 400
    ink = palette.text if ahead <= 0 else palette.muted
    return (
        f'<div style="border-top:3px solid {colour};padding-top:4px;min-width:0">'
        f'<div style="font-size:13px;font-weight:{weight};color:{ink}">{sign} {STATES[state]}</div>'
        f'<div style="font-size:12px;color:{palette.muted};overflow:hidden;text-overflow:ellipsis;white-space:nowrap" '
        f'title="{told}">{told}</div></div>'
    )
