"""How numbers, changes, shares and times read on the screen: one form each, the same on every page.

A missing count is a suppressed one (`<5`), never 0 and never blank. Every percentage comes with both of its
counts.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

SUPPRESSED_BELOW = 5
SMALLEST_BASE = 10
STEADY = 0.5
NOTHING = "—"
FIRST_RESULTS = "首次启动后约两三分钟有结果,请稍后刷新;一直没有时,请管理员运行 manage.py assess。"
"""What to do where nothing has been assessed yet: `make run` assesses behind the dashboard."""
_PEOPLES = "(?:(?:回|藏|蒙古|裕固|哈萨克|保安|东乡|撒拉)族)*"
_AUTONOMOUS = re.compile(rf"^(.+?){_PEOPLES}自治(县|州)$")


@dataclass(frozen=True)
class Change:
    """A change between two periods as words.

    `direction` is 1 for more, -1 for fewer, 0 for steady or not stated; `both` names the two counts.
    """

    text: str
    both: str
    direction: int


def is_missing(value: object) -> bool:
    """Whether a cell of a numbers table is empty (None, NaN or NA)."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def count_text(value: object, *, below: int = SUPPRESSED_BELOW) -> str:
    """A count with thousands separators; a missing one is suppressed: `<5`."""
    return f"<{below}" if is_missing(value) else f"{int(value):,}"  # type: ignore[call-overload]


def wall_count_text(value: object, *, below: int = SUPPRESSED_BELOW) -> str:
    """A count for a wall: from 100,000 in 万 with one decimal, so that it is read from afar."""
    if is_missing(value) or int(value) < 100_000:  # type: ignore[call-overload]
        return count_text(value, below=below)
    return f"{int(value) / 10_000:,.1f} 万"  # type: ignore[call-overload]


def rate_text(value: object) -> str:
    """A rate per 10,000 people with two decimals; a place without a known population says so."""
    return "无人口数" if is_missing(value) else f"{float(value):,.2f}"  # type: ignore[arg-type]


def both_counts(current: object, previous: object, *, then: str = "上期", below: int = SUPPRESSED_BELOW) -> str:
    """The two counts of a change: `上期 7,029 → 本期 7,479`."""
    return f"{then} {count_text(previous, below=below)} → 本期 {count_text(current, below=below)}"


def relative_change(current: object, previous: object) -> float:
    """Change in per cent of the previous count; NaN where either count is missing or below 10."""
    if is_missing(current) or is_missing(previous):
        return math.nan
    now, before = int(current), int(previous)  # type: ignore[call-overload]
    return math.nan if min(now, before) < SMALLEST_BASE else 100.0 * (now - before) / before


def percent_change_text(change: float) -> str:
    """`▲ 6.4%`, `▼ 8.2%`, `持平` below half a per cent, `—` where no change is stated."""
    if math.isnan(change):
        return NOTHING
    if abs(change) < STEADY:
        return "持平"
    return f"{'▲' if change > 0 else '▼'} {abs(change):,.1f}%"


def signed_change_text(change: float) -> str:
    """A change where room is short, on the map: `+6.4%`, `−8.2%`, else as `percent_change_text`."""
    words = percent_change_text(change)
    return words.replace("▲ ", "+").replace("▼ ", "−")


def change_between(current: object, previous: object, *, then: str = "上期", below: int = SUPPRESSED_BELOW) -> Change:
    """Change of a count. From a base below 10 no percentage is stated, only both counts."""
    change = relative_change(current, previous)
    direction = 0 if math.isnan(change) or abs(change) < STEADY else int(math.copysign(1, change))
    return Change(percent_change_text(change), both_counts(current, previous, then=then, below=below), direction)


def share_text(part: object, whole: object) -> str:
    """A share with one decimal, `—` where a count is missing or the whole is below 10."""
    if is_missing(part) or is_missing(whole) or int(whole) < SMALLEST_BASE:  # type: ignore[call-overload]
        return NOTHING
    return f"{100 * int(part) / int(whole):.1f}%"  # type: ignore[call-overload]


def share_counts(part: object, whole: object, *, unit: str = "件") -> str:
    """Both counts behind a share: `4,310 / 5,218 件`."""
    if not is_missing(whole) and int(whole) == 0:  # type: ignore[call-overload]
        return "没有可计算的数"
    return f"{count_text(part)} / {count_text(whole)} {unit}"


def share_change(now: tuple[int, int], before: tuple[int, int], *, wall: bool = False) -> Change:
    """Change of a share in points; a period is `(part, whole)`, a whole below 10 gives no change."""
    both = f"上期 {share_counts(*before)} → 本期 {share_counts(*now)}"
    if min(now[1], before[1]) < SMALLEST_BASE:
        return Change(NOTHING, both, 0)
    points = 100 * (now[0] / now[1] - before[0] / before[1])
    if abs(points) < 0.05:
        return Change("持平", both, 0)
    text = f"{'▲' if points > 0 else '▼'} {abs(points):.1f} {'点' if wall else '个百分点'}"
    return Change(text, both, 1 if points > 0 else -1)


def interval_text(low: float, high: float) -> str:
    """A 95 % interval of a share; both ends 0-1."""
    return f"95% 区间 {100 * low:.1f}–{100 * high:.1f}%"


def moment_text(moment: datetime, now: datetime) -> str:
    """A moment as briefly as it stays clear: today `09:42`, this year `11月25日 09:42`, else `2025-11-25`.

    `now` is local to the installation, and so is what is written.
    """
    local = moment.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if local.year == now.year:
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local:%Y-%m-%d}"


def table_moment_text(moment: datetime) -> str:
    """A local moment in a table column: `11-25 09:15`."""
    return f"{moment:%m-%d %H:%M}"


def age_text(age: timedelta) -> str:
    """How long ago: seconds below a minute, minutes below two hours, hours below two days, then days."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 60:
        return f"{seconds} 秒前"
    if seconds < 2 * 3600:
        return f"{seconds // 60} 分钟前"
    if seconds < 2 * 86400:
        return f"{seconds // 3600} 小时前"
    return f"{seconds // 86400} 天前"


def period_text(start: date, end: date) -> str:
    """The half-open period `[start, end)` by its first and last day: `10月27日–11月24日`."""
    last = end - timedelta(days=1)
    if start.year != last.year:
        return f"{start:%Y-%m-%d}–{last:%Y-%m-%d}"
    first = f"{start.month}月{start.day}日"
    return first if start == last else f"{first}–{last.month}月{last.day}日"


def error_number(now: datetime) -> str:
    """Number of an error shown instead of a traceback, the local minute it happened: `E-1125-0942`."""
    return f"E-{now:%m%d-%H%M}"


def table_name(name: str) -> str:
    """Name of a division in a table: autonomous divisions without their peoples, others in full."""
    found = _AUTONOMOUS.match(name)
    return f"{found[1].removesuffix('族')}{found[2]}" if found else name


def map_name(name: str, *, longest: int = 6) -> str:
    """Name of a division on the map: 市, 街道 and office suffixes dropped, at most six characters."""
    short = table_name(name)
    for suffix in ("街道办事处", "街道", "社区居民委员会", "社区居委会", "村民委员会", "村委会", "市"):
        if len(short) - len(suffix) >= 2 and short.endswith(suffix):
            short = short.removesuffix(suffix)
            break
    return short if len(short) <= longest else f"{short[: longest - 1]}…"
