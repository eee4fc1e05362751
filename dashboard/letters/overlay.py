"""Overdue letters over the main map: where answers are awaited past their deadline, and how many."""

import pandas as pd
import pydeck as pdk

from dashboard.marks import DOWN, mark_layer, marked_place
from dashboard.palette import Palette, ink_on, rgb
from dashboard.pool import Pool
from dashboard.tips import tip
from data.letters.overdue import overdue_by_division
from geo.divisions import PREFIX_LENGTH
from geo.geography import Unit

LAYER, SIGN = "overdue-letters", "▲"
NONE = "没有逾期未反馈的函"


def overdue_overlay(pool: Pool, unit: Unit, palette: Palette) -> tuple[list[pdk.Layer], str]:
    """The layer of a unit's overdue letters, summed by the divisions just below it, and the words that explain it."""
    found = overdue_by_division(pool.engine, pool.settings.root_code, pool.now().date())
    here = found[found["division"].str.startswith(unit.code)]
    if here.empty:
        return [], NONE
    rows = [row for row in (_row(pool, *one) for one in by_child(here, unit).itertuples(name=None)) if row]
    ground = [*rgb(palette.worse), 235]
    layer = mark_layer(LAYER, rows, ink=rgb(ink_on(palette.worse)), ground=ground, offset=DOWN)
    return [layer], f"{SIGN} 逾期未反馈的函 {here['count'].sum()} 份"


def by_child(overdue: pd.DataFrame, unit: Unit) -> pd.DataFrame:
    """Sums of `overdue_by_division` for the divisions one level below a unit, by code: `count`, `earliest`.

    A letter about the unit as a whole stands under the unit's own code.
    """
    length = PREFIX_LENGTH.get(unit.level + 1, len(unit.code))
    below = overdue.assign(child=overdue["division"].str[:length]).groupby("child")
    return below.agg(count=("count", "sum"), earliest=("earliest", "min"))


def _row(pool: Pool, code: str, count: int, earliest: object) -> dict | None:
    """What is drawn of one division; None where it has no outline to draw it in, or is no division any more."""
    found = marked_place(pool, code)
    if found is None:
        return None
    place, point = found
    words = f"逾期未反馈的函 {count} 份"
    return {
        "p": point,
        "s": f"{SIGN}函 {count}",
        **tip(place.name, words, f"最早 {earliest:%Y-%m-%d} 到期"),
    }
