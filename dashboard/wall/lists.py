"""Lists of the briefing screen: units by their number, and what is emerging."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from dashboard.measures import BASES, PREVIOUS, RATE, measured, percent_change
from dashboard.palette import DARK, ink_on
from dashboard.ranking import NAME, ranking_table
from dashboard.wall.findings import Findings
from dashboard.wall.look import LIST, SMALL, empty, text
from dashboard.wall.screen import WallScreen
from dashboard.wording import both_counts, count_text, is_missing, percent_change_text, rate_text

COUNT_COLUMN = "incident_count"
ROW, FINDING_ROW, TITLE_ROW = 4.9, 8.4, 5.4
"""Heights in hundredths of the screen's."""


@dataclass(frozen=True)
class Ranked:
    """One unit: its value as text, the length of its bar (0-1), both counts and the change in per cent."""

    name: str
    value: str
    bar: float
    both: str
    change: float


def ranked(screen: WallScreen) -> list[Ranked]:
    """Units in the order of the scene's measure; without a stated value last."""
    table = ranking_table(screen.children, screen.numbers, below=screen.below)
    found = screen.numbers.loc[table.index]
    order = measured(found, screen.measure).where(found["incident_count"].notna())
    table = table.loc[order.sort_values(ascending=False, kind="stable", na_position="last").index]
    found = found.loc[table.index]
    column, then = BASES.get(screen.measure.key, BASES[PREVIOUS.key])
    shown = found["rate"] if screen.measure is RATE else found["incident_count"].astype("Float64")
    lengths = pd.Series(shown.to_numpy(dtype=float, na_value=0.0))
    longest = max(float(lengths.fillna(0).max()), 1e-9) if len(lengths) else 1.0
    changes = percent_change(found["incident_count"], found[column])
    rows = []
    for at, (code, row) in enumerate(found.iterrows()):
        value = rate_text(row["rate"]) if screen.measure is RATE else count_text(row[COUNT_COLUMN], below=screen.below)
        both = both_counts(row[COUNT_COLUMN], row[column], then=then, below=screen.below)
        length = float(lengths.iloc[at])
        bar = 0.0 if is_missing(length) else length / longest
        rows.append(Ranked(str(table.loc[code, NAME]), value, bar, both, float(changes.loc[code])))
    return rows


def ranking_html(screen: WallScreen, *, height: float, brief: bool = False) -> str:
    """HTML of the ranking, as many rows as `height` (hundredths of the screen's) has room for; `brief`: no counts of
    the period before, and nothing about those left out.
    """
    rows = ranked(screen)
    unit = "件/万人" if screen.measure is RATE else "件"
    title = f"{screen.children_name}排名({unit})"
    if screen.measure.is_change:
        title += f" · 按{screen.measure.label}"
    if not rows:
        return text(title, LIST, weight=600) + empty("没有可排名的下级区划。")
    room = max(1, int((height - TITLE_ROW) / ROW))
    hidden = len(rows) - room
    if hidden > 0 and not brief:
        room -= 1
    lines = "".join(_ranked_html(row, brief=brief) for row in rows[:room])
    rest = "" if hidden <= 0 or brief else text(f"另有 {len(rows) - room} 个未列出", SMALL, colour=DARK.muted)
    return _titled(title, "") + f'<div style="display:grid;row-gap:0">{lines}</div>{rest}'


def _ranked_html(row: Ranked, *, brief: bool) -> str:
    change = percent_change_text(row.change)
    colour = DARK.more if change[0] == "▲" else DARK.fewer if change[0] == "▼" else DARK.muted
    both = ""
    if not brief:
        both = (
            f'<span style="color:{DARK.muted};font-size:{SMALL}vh;text-align:right">{escape(_short(row.both))}</span>'
        )
    wide = "5.6em minmax(3em,1fr) 3.6em 4.8em" if brief else "5.6em minmax(3em,1fr) 3.4em 5.6em 4.4em"
    return (
        f'<div style="display:grid;grid-template-columns:{wide};align-items:center;column-gap:1vh;height:{ROW}vh;'
        f'font-size:{LIST}vh;white-space:nowrap;color:{DARK.text}">'
        f'<span style="overflow:hidden;text-overflow:ellipsis">{escape(row.name)}</span>'
        f'<span style="height:2vh;background:{DARK.count[3]};border-radius:.4vh;width:{100 * row.bar:.1f}%"></span>'
        f'<b style="text-align:right;font-weight:700">{escape(row.value)}</b>{both}'
        f'<span style="text-align:right;color:{colour}">{escape(change)}</span></div>'
    )


def _short(both: str) -> str:
    """`340 → 312`: which periods they are of stands above the list."""
    return both.replace("上期 ", "").replace("去年同期 ", "").replace("本期 ", "")


def findings_room(height: float) -> int:
    """How many findings there is room for in so many hundredths of the screen's height."""
    return max(1, int((height - TITLE_ROW) / FINDING_ROW))


def findings_html(found: Findings, *, height: float, numbered: bool = False) -> str:
    """HTML of alerts or hotspots, as many as there is room for."""
    room = findings_room(height)
    title = f"{found.title} {len(found.listed):,}"
    if not found.listed:
        words = "现在没有未办结的预警或新兴热点。“没有”只表示上报没有异于平时,不等于安全。"
        return _titled(title, found.note) + empty(words if "没有研判" not in found.note else "还没有研判过。")
    lines = "".join(
        _finding_html(finding, number if numbered else None) for number, finding in enumerate(found.listed[:room], 1)
    )
    return _titled(title, found.note) + lines


def _finding_html(finding, number: int | None) -> str:
    mark = "" if number is None else f'<b style="display:inline-block;width:1.6em">{number}</b>'
    chip = (
        f'<span style="background:{finding.colour};color:{ink_on(finding.colour)};font-weight:700;border-radius:.5vh;'
        f'padding:.2vh .9vh;margin-right:1.2vh">{escape(finding.word)}</span>'
    )
    indent = "" if number is None else f"padding-left:{1.6 * LIST}vh;"
    return (
        f'<div style="height:{FINDING_ROW}vh;box-sizing:border-box;padding-top:.8vh;border-top:1px solid {DARK.border};'
        f'white-space:nowrap;color:{DARK.text};overflow:hidden">'
        f'<div style="display:flex;align-items:center;font-size:{LIST}vh;line-height:1.35">{mark}{chip}'
        f'<b style="font-weight:600;overflow:hidden;text-overflow:ellipsis">{escape(finding.place)}</b>'
        f'<b style="margin-left:auto;padding-left:1.5vh;font-weight:700">{escape(finding.counts)}</b></div>'
        f'<div style="{indent}font-size:{SMALL + 0.1}vh;line-height:1.35;color:{DARK.muted};overflow:hidden;'
        f'text-overflow:ellipsis">{escape(finding.kind)}</div></div>'
    )


def _titled(title: str, note: str) -> str:
    return (
        f'<div style="display:flex;align-items:baseline;justify-content:space-between;height:{TITLE_ROW}vh;'
        f'color:{DARK.muted};white-space:nowrap"><span style="font-size:{LIST}vh;font-weight:600">'
        f"{escape(title)}</span>"
        f'<span style="font-size:{SMALL}vh">{escape(note)}</span></div>'
    )
