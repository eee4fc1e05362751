"""What is foretold of the weeks after a series of bars: the mean week of four in its band, the next in its interval."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from risk.incident import SOURCES

WEEKS = 4
READING = "虚线:未来 4 周平均每周,浅带为 90% 区间 · 竖线:未来 1 周"


@dataclass(frozen=True)
class Ahead:
    """Counts expected of the week and of the four weeks from `start` on, with the ends of their 90 % intervals.

    `left_out` names the sources that are not foretold.
    """

    start: dt.date
    week: tuple[float, float, float]
    month: tuple[float, float, float]
    left_out: tuple[str, ...] = ()

    @property
    def mean_week(self) -> tuple[float, float, float]:
        """The four weeks, a week: expected, low, high."""
        expected, low, high = self.month
        return expected / WEEKS, low / WEEKS, high / WEEKS

    @property
    def highest(self) -> float:
        """Highest number that is drawn."""
        return max(self.week[2], self.mean_week[2])

    def words(self) -> str:
        """`未来 1 周预计 6.2 件(90% 区间 3–10)`."""
        expected, low, high = self.week
        return f"未来 1 周预计 {expected:.1f} 件(90% 区间 {low:.0f}–{high:.0f})"

    def reading(self) -> str:
        """What the signs mean, and what is not in it."""
        without = f" · 预测不含{'、'.join(self.left_out)}" if self.left_out else ""
        return f"{READING}{without}"


def ahead_of(row: pd.Series, as_of: dt.date, sources: Iterable[str]) -> Ahead:
    """From a row of `read_forecast` and the last day that its run knew."""
    missing = tuple(source.name for code, source in SOURCES.items() if code not in sources)
    return Ahead(as_of + dt.timedelta(days=1), _ends(row, "week"), _ends(row, "month"), missing)


def _ends(row: pd.Series, window: str) -> tuple[float, float, float]:
    expected, low, high = (float(row[f"{name}_{window}"]) for name in ("expected", "low_90", "high_90"))
    return expected, low, high


def ahead_marks(ahead: Ahead, *, x: Callable[[float], float], y: Callable[[float], float], colour: str) -> list[str]:
    """SVG marks of it.

    Parameters
    ----------
    x, y
        Pixels of a number of weeks after `ahead.start`, and of a count.
    """
    expected, low, high = ahead.mean_week
    next_expected, least, most = ahead.week
    first, last, middle, at = x(0), x(WEEKS), x(0.5), y(next_expected)
    return [
        f'<polygon points="{first:.1f},{y(high):.1f} {last:.1f},{y(high):.1f} {last:.1f},{y(low):.1f} '
        f'{first:.1f},{y(low):.1f}" fill="{colour}" fill-opacity="0.25"/>',
        f'<line x1="{first:.1f}" x2="{last:.1f}" y1="{y(expected):.1f}" y2="{y(expected):.1f}" stroke="{colour}" '
        f'stroke-width="2" stroke-dasharray="5 3"/>',
        f'<line x1="{middle:.1f}" x2="{middle:.1f}" y1="{y(most):.1f}" y2="{y(least):.1f}" stroke="{colour}" '
        f'stroke-width="2"/>',
        f'<path d="M{middle:.1f} {at - 4:.1f}l4 4l-4 4l-4 -4z" fill="{colour}"/>',
    ]
