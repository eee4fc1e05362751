"""Mediation success by channel: share, interval and the published figure of 2024, never pooled over channels."""

from html import escape

from dashboard.palette import DARK
from dashboard.wall.look import CHANGE, FIGURE, SMALL, text
from dashboard.wall.screen import WallScreen
from dashboard.wording import NOTHING, interval_text, is_missing, share_change, share_counts, share_text
from data.counts import Settlement
from risk.incident import CHANNEL_SUCCESS_2024, CHANNELS
from risk.proportion import wilson_interval

SMALLEST_WHOLE = 10
"""Closed incidents from which a share is stated."""


def channels_html(screen: WallScreen, *, height: float) -> str:
    """HTML: a block for each channel that has a published reference, over `height` hundredths of the screen's."""
    now, before = screen.reads.settled(screen.wanted)
    nothing = Settlement(0, 0)
    blocks = [
        _block(channel, now.channels.get(channel, nothing), before.channels.get(channel, nothing))
        for channel in CHANNEL_SUCCESS_2024
    ]
    title = text("三调对接调解成功率 · 横线为 95% 区间,竖线为 2024 年全省公布数", SMALL, colour=DARK.muted)
    column = f"display:flex;flex-direction:column;justify-content:space-around;height:{height - SMALL * 1.3:.1f}vh"
    return f'{title}<div style="{column}">{"".join(blocks)}</div>'


def _block(channel: str, now: Settlement, before: Settlement) -> str:
    share = share_text(now.successes, now.closed)
    reference = CHANNEL_SUCCESS_2024[channel]
    change = ""
    if not any(is_missing(each) for each in (now.successes, now.closed, before.successes, before.closed)):
        told = share_change(_pair(now), _pair(before), wall=True)
        colour = DARK.better if told.direction > 0 else DARK.worse if told.direction < 0 else DARK.muted
        words = "" if told.text == NOTHING else told.text
        change = f'<span style="font-size:{CHANGE}vh;font-weight:600;color:{colour}">{escape(words)}</span>'
    interval = _interval(now)
    note = share_counts(now.successes, now.closed)
    if interval is not None:
        note += f" · {interval_text(*interval)}"
    return (
        f'<div style="padding:1.6vh 0 2vh;color:{DARK.text};white-space:nowrap">'
        f'<div style="display:flex;align-items:baseline;gap:2vh"><span style="font-size:{CHANGE}vh;font-weight:600">'
        f'{escape(CHANNELS[channel])}</span><span style="font-size:{FIGURE}vh;font-weight:700;line-height:1.1">'
        f"{escape(share)}</span>{change}</div>{_track(now, interval, reference)}"
        f'<div style="font-size:{SMALL}vh;line-height:1.35;color:{DARK.muted};display:flex;'
        f'justify-content:space-between"><span>{escape(note)}</span><span>2024 年 {100 * reference:.1f}%</span></div>'
        "</div>"
    )


def _pair(settlement: Settlement) -> tuple[int, int]:
    return settlement.successes or 0, settlement.closed or 0


def _interval(now: Settlement) -> tuple[float, float] | None:
    if now.successes is None or now.closed is None or now.closed < SMALLEST_WHOLE:
        return None
    return wilson_interval(now.successes, now.closed)


def _track(now: Settlement, interval: tuple[float, float] | None, reference: float) -> str:
    """A line from 0 to 100 % with the interval, the share as a dot, and the reference as a tick."""
    marks = [
        f'<div style="position:absolute;left:0;right:0;top:1.9vh;height:.25vh;background:{DARK.border}"></div>',
        _mark(reference, f"top:.3vh;width:.5vh;height:3.4vh;margin-left:-.25vh;background:{DARK.text}"),
    ]
    if interval is not None and now.successes is not None and now.closed:
        low, high = interval
        marks.append(
            f'<div style="position:absolute;left:{100 * low:.2f}%;width:{100 * (high - low):.2f}%;top:1.6vh;'
            f'height:.85vh;background:{DARK.accent};opacity:.55;border-radius:.4vh"></div>'
        )
        dot = f"top:1vh;width:2vh;height:2vh;margin-left:-1vh;border-radius:50%;background:{DARK.accent}"
        marks.append(_mark(now.successes / now.closed, dot))
    return f'<div style="position:relative;height:4vh;margin:.6vh 1vh .4vh">{"".join(marks)}</div>'


def _mark(share: float, style: str) -> str:
    return f'<div style="position:absolute;left:{100 * share:.2f}%;{style}"></div>'
