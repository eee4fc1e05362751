"""Key figures of the briefing screen: what came, what was settled, what is overdue, what is emerging."""

from dataclasses import dataclass, replace
from html import escape

from dashboard.palette import DARK
from dashboard.wall.findings import emerging_counts
from dashboard.wall.look import CHANGE, FIGURE, LIST, SMALL
from dashboard.wall.screen import WallScreen
from dashboard.wording import NOTHING, Change, both_counts, change_between, is_missing, wall_count_text
from data.counts import Settled
from data.scenes import PERIODS

LATE_NOTE = "最近几天可能未报齐"


@dataclass(frozen=True)
class Figure:
    """`more_is` tells the colour of the change: "worse" or "better"."""

    label: str
    value: str
    note: str
    change: Change | None = None
    more_is: str = "worse"


def key_figures(screen: WallScreen) -> list[Figure]:
    """The four figures of the scene's unit, period and filters, in reading order."""
    return [_came(screen), _settled(screen), _overdue(screen), _emerging(screen)]


def _came(screen: WallScreen) -> Figure:
    totals = screen.reads.totals(screen.wanted)
    figure = _counted("新增纠纷", totals.current, totals.previous, screen)
    # In so short a period what comes in late is much of the whole: fewer may only mean not yet.
    return replace(figure, note=f"{figure.note} · {LATE_NOTE}") if screen.scene.period == PERIODS[0] else figure


def _settled(screen: WallScreen) -> Figure:
    now, before = (closed_in(each) for each in screen.reads.settled(screen.wanted))
    if now is None or before is None:
        return Figure("办结", NOTHING, "数量较少,不显示", more_is="better")
    return _counted("办结", now, before, screen, more_is="better")


def closed_in(settled: Settled) -> int | None:
    """Incidents closed in a period, over all channels; None where one of them is withheld."""
    closed = [each.closed for each in settled.channels.values()]
    return None if any(count is None for count in closed) else sum(count or 0 for count in closed)


def _overdue(screen: WallScreen) -> Figure:
    now, before = screen.reads.overdue(screen.wanted)
    return _counted("逾期未结", now.overdue, before.overdue, screen, then="上期末")


def _counted(
    label: str, now: int | None, before: int | None, screen: WallScreen, *, then: str = "上期", more_is: str = "worse"
) -> Figure:
    change = change_between(now, before, then=then, below=screen.below)
    return Figure(label, wall_count_text(now, below=screen.below), change.both, change, more_is)


def _emerging(screen: WallScreen) -> Figure:
    found = emerging_counts(screen)
    if found is None:
        return Figure("新兴热点", NOTHING, "还没有研判过")
    now, before = found
    if before is None:
        return Figure("新兴热点", f"{now:,}", "新增、连续和加剧的热点")
    step = now - before
    sign = "▲" if step > 0 else "▼"
    change = Change(f"{sign} {abs(step)}" if step else "持平", "", (step > 0) - (step < 0))
    return Figure("新兴热点", f"{now:,}", both_counts(now, before, then="上次").replace("本期", "本次"), change)


def figures_html(figures: list[Figure], *, height: float) -> str:
    """HTML of the column, `height` hundredths of the screen's high: bars in the colour of the change, large numbers."""
    column = f"display:flex;flex-direction:column;justify-content:space-between;height:{height:.1f}vh"
    return f'<div style="{column}">{"".join(map(_figure_html, figures))}</div>'


def _figure_html(figure: Figure) -> str:
    colour = _colour(figure)
    change = "" if figure.change is None or figure.change.text == NOTHING else figure.change.text
    bar = DARK.border if colour == DARK.muted else colour
    return (
        f'<div style="border-left:.5vh solid {bar};padding-left:1.6vh;margin-bottom:1.2vh;white-space:nowrap;'
        f'overflow:hidden;color:{DARK.text}">'
        f'<div style="font-size:{LIST}vh;line-height:1.25;color:{DARK.muted}">{escape(figure.label)}</div>'
        f'<div style="line-height:1.12"><span style="font-size:{FIGURE}vh;font-weight:700">'
        f"{escape(figure.value)}</span>"
        f'<span style="font-size:{CHANGE}vh;font-weight:600;color:{colour};margin-left:1.8vh">{escape(change)}</span>'
        f'</div><div style="font-size:{SMALL + 0.2}vh;line-height:1.3;color:{DARK.muted}">{escape(figure.note)}</div>'
        "</div>"
    )


def _colour(figure: Figure) -> str:
    if figure.change is None or is_missing(figure.change.direction) or figure.change.direction == 0:
        return DARK.muted
    went_well = (figure.change.direction > 0) == (figure.more_is == "better")
    return DARK.better if went_well else DARK.worse
