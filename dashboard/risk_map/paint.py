"""Class, label and words of every place of a risk picture."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.breaks import classes_of, read_breaks
from dashboard.map.screen import GRID, Screen
from dashboard.measures import COUNT, EXPECTED, SCORE
from dashboard.risk_map.read import PastWeek, RiskShown
from dashboard.risks.levels import map_colour
from dashboard.tips import plain
from dashboard.wording import count_text, is_missing
from data.assessments.shown_counts import smallest_of

MONTH_DAYS = 28
NOTABLE_POINTS = 30
"""Surprise points (0-100) from which more than expected came, though it may be by chance."""
FEWER, WITHIN, MORE, UNKNOWN = range(4)


@dataclass(frozen=True)
class Painted:
    """A picture's classes and places.

    Parameters
    ----------
    colours, words
        Of each class, in the order of the legend.
    kinds
        Class by code of place; places without one have nothing to say.
    values
        What stands under a place's name, by code.
    lines
        The two lines of the tooltip, by code.
    """

    colours: tuple[str, ...]
    words: tuple[str, ...]
    kinds: dict[str, int]
    values: dict[str, str]
    lines: dict[str, tuple[str, str]]


def paint(screen: Screen, shown: RiskShown) -> Painted:
    """The picture of the measure on the screen, or of a past week."""
    if shown.past is not None:
        return _past(screen, shown.past)
    if shown.off is not None:
        return Painted((), (), {}, {}, {})
    if screen.measure is SCORE:
        return _score(screen, shown)
    return _expected(screen, shown) if screen.measure is EXPECTED else _surprise(screen, shown)


def _score(screen: Screen, shown: RiskShown) -> Painted:
    names = [f"{level['colour']} {level['name']}" for level in shown.levels]
    limits = shown.limits(screen.layer_name, screen.asked.type)
    words = [f"{name} ≥ {limit:g}" for name, limit in zip(names, limits, strict=True)] if limits else names
    colours = tuple(map_colour(at, len(names), screen.palette) for at in range(len(names)))
    rows = shown.rows
    kinds = dict(zip(rows["code"], rows["level"].astype(int), strict=True))
    values = {
        code: f"{names[kind][:1]} {score}" for (code, kind), score in zip(kinds.items(), rows["score"], strict=True)
    }
    lines = {
        row.code: (f"风险分 {row.score} · {names[row.level]}", _coming(row)) for row in rows.itertuples()
    }  # fmt: skip
    return Painted(colours, tuple(words), kinds, values, lines)


def _coming(row) -> str:
    return f"未来 4 周预计 {row.expected_month:.1f} 件(90% 区间 {row.low_90_month}–{row.high_90_month})"


def _expected(screen: Screen, shown: RiskShown) -> Painted:
    kind = f"cell{screen.resolution}" if screen.shows_cells else f"level{min(GRID, screen.unit.level + 1)}"
    breaks = read_breaks(screen.pool.settings)
    classes = classes_of(breaks, kind, COUNT, days=MONTH_DAYS, narrowed=bool(screen.asked.type), below=None)
    rows = shown.rows
    numbers = classes.assign(rows["expected_month"]).tolist()
    return Painted(
        classes.colors(screen.palette),
        classes.labels,
        dict(zip(rows["code"], numbers, strict=True)),
        {row.code: _short(row.expected_month) for row in rows.itertuples()},
        {row.code: (f"未来 4 周预计 {row.expected_month:.1f} 件", _bounds(row)) for row in rows.itertuples()},
    )


def _bounds(row) -> str:
    return (
        f"90% 区间 {row.low_90_month}–{row.high_90_month};未来 1 周 {row.expected_week:.1f}"
        f"({row.low_90_week}–{row.high_90_week})"
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _surprise(screen: Screen, shown: RiskShown) -> Painted:
    palette, rows = screen.palette, shown.rows
    below = smallest_of(screen.asked.type)
    kinds = np.where(rows["surprising"], 0, np.where(rows["surprise_points"] >= NOTABLE_POINTS, 1, 2)).tolist()
    words = ("显著超出预计", "高于预计,可能是偶然", "没有超出预计")
    lines = {}
    for row, kind in zip(rows.itertuples(), kinds, strict=True):
        came = count_text(row.month_count, below=below)
        lines[row.code] = (words[kind], plain(f"近 4 周 {came} 件,此前预计 {row.month_said:.1f}"))
    values = {code: "!" if kind == 0 else "" for code, kind in zip(rows["code"], kinds, strict=True)}
    colours = (palette.change[6], palette.change[4], palette.no_pattern)
    return Painted(colours, words, dict(zip(rows["code"], kinds, strict=True)), values, lines)


def compared(rows: pd.DataFrame) -> list[int]:
    """`FEWER`, `WITHIN` or `MORE` than the 90 % interval of what was said; `UNKNOWN` where the count is withheld."""
    found = []
    for row in rows.itertuples():
        if is_missing(row.week_count):
            found.append(UNKNOWN)
        else:
            found.append(
                MORE if row.week_count > row.high_90_week else FEWER if row.week_count < row.low_90_week else WITHIN
            )
    return found


PAST_WORDS = ("少于说过", "在 90% 区间内", "多于说过", "件数少,不比较")


def _past(screen: Screen, past: PastWeek) -> Painted:
    palette, rows = screen.palette, past.rows
    below = smallest_of(screen.asked.type)
    kinds = compared(rows)
    lines, values = {}, {}
    for row, kind in zip(rows.itertuples(), kinds, strict=True):
        came = count_text(row.week_count, below=below)
        said = f"{row.expected_week:.1f}(90% 区间 {row.low_90_week}–{row.high_90_week})"
        lines[row.code] = (plain(f"发生 {came} 件 · {PAST_WORDS[kind]}"), f"此前说过 {said}")
        values[row.code] = f"{_short(row.expected_week)}→{came}"
    colours = (palette.change[1], palette.count[1], palette.change[5], palette.no_pattern)
    return Painted(colours, PAST_WORDS, dict(zip(rows["code"], kinds, strict=True)), values, lines)
