"""Unsettled alerts over the main map: where they are, how many, and the word of the gravest; a click opens them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pydeck as pdk

from dashboard.alerts.asked import ASSIGNED, EVERY, PENDING, TABS
from dashboard.alerts.words import LEVEL_INKS, level_fill
from dashboard.deck import picked
from dashboard.marks import UP, mark_layer, marked_place
from dashboard.naming import type_name
from dashboard.palette import Palette, rgb
from dashboard.pool import Pool
from dashboard.tips import plain, tip
from data.alerts.life import LIVE
from data.alerts.reading import AlertFilter, list_alerts
from data.forecasts.score_settings import BadScoreFileError, read_score_settings
from geo.divisions import PREFIX_LENGTH
from geo.geography import Unit

LAYER, NAMED = "alerts", 3
NONE = "没有未了结的预警"


def alert_overlay(pool: Pool, unit: Unit, palette: Palette) -> tuple[list[pdk.Layer], str]:
    """The layer of a unit's unsettled alerts, one mark a division just below it, and the words that explain it."""
    try:
        levels = [f"{level.colour} {level.name}" for level in read_score_settings(pool.settings).levels]
    except BadScoreFileError:
        return [], "风险等级的设置文件有误,预警没有画出"
    found = list_alerts(pool.engine, AlertFilter(pool.settings.root_code, unit.code, states=LIVE))
    if found.empty:
        return [], NONE
    below = found.assign(child=children_of(found, unit)).sort_values("level", kind="stable")
    rows = [_row(pool, str(code), alerts, levels, palette) for code, alerts in below.groupby("child", sort=False)]
    drawn = [row for row in rows if row is not None]
    layer = mark_layer(LAYER, drawn[::-1], ink="f", ground="b", offset=UP)
    return [layer], f"预警 {len(found):,} 条未了结,标记为最重等级和条数,点标记打开"


def children_of(alerts: pd.DataFrame, unit: Unit) -> list[str]:
    """Code of the division just below a unit that each alert is drawn in.

    That of its strongest place where this lies in the unit, else of its first place that does; the unit's own where no
    more is known.
    """
    length = PREFIX_LENGTH.get(unit.level + 1, len(unit.code))
    found = []
    for home, places in zip(alerts["division"], alerts["places"], strict=True):
        within = [code for code in (home, *places) if code.isdigit() and code.startswith(unit.code)]
        found.append(next(iter(within), unit.code)[:length])
    return found


def clicked_alerts(event: Mapping[str, Any] | None) -> dict[str, str] | None:
    """What the desk is asked for after a click on a mark: its division, the gravest alert there; None for no click."""
    asked = {name: picked(event, LAYER, name) or "" for name in ("code", "alert", "state")}
    return asked if asked["code"] else None


def _row(pool: Pool, code: str, alerts: pd.DataFrame, levels: list[str], palette: Palette) -> dict[str, Any] | None:
    """What is drawn of one division's alerts, the gravest first; None where it has no outline to draw it in."""
    found = marked_place(pool, code)
    if found is None:
        return None
    place, point = found
    numbers = alerts["level"].clip(upper=len(levels) - 1)
    gravest = int(numbers.iloc[0])
    counts = [f"{levels[at]} {count}" for at, count in numbers.value_counts().sort_index().items()]
    named = list(dict.fromkeys(type_name(kind) for kind in alerts["dispute_type"]))
    kinds = " · ".join(named[:NAMED]) + (" 等" if len(named) > NAMED else "")
    return {
        "p": point,
        "s": f"{levels[gravest]} {len(alerts)}",
        "b": rgb(level_fill(gravest, palette)),
        "f": rgb(LEVEL_INKS[min(gravest, len(LEVEL_INKS) - 1)]),
        "code": code[: PREFIX_LENGTH[4]],  # the desk knows divisions down to the township
        "alert": str(alerts["number"].iloc[0]),
        "state": next((tab for tab in (PENDING, ASSIGNED) if set(alerts["state"]) <= set(TABS[tab])), EVERY),
        **tip(place.name, plain(f"未了结预警 {' · '.join(counts)}"), plain(kinds)),
    }
