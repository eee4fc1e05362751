"""Whistles as readers get them: those about places in their division."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Engine, case, func, select

from data.store import reading
from data.tables.letters import whistle_times, whistles
from geo.divisions import place_range

MOST = 100
_WHISTLE = ("id", "alert", "division", "dispute_type", "matter", "person", "whistled_at")
_TIMES = ("department", "arrived_at", "arrived_person", "finished_at", "finished_person", "result")


@dataclass(frozen=True)
class WhistleFilter:
    """Which whistles are meant. Empty texts mean all."""

    scope: str
    alert: str = ""
    division: str = ""
    only_open: bool = False

    def __post_init__(self) -> None:
        """Refuse a filter that does not say for whom."""
        if not self.scope:
            raise ValueError("expected a scope (division code of the reader), found an empty one")


def list_whistles(engine: Engine, wanted: WhistleFilter, *, most: int = MOST) -> pd.DataFrame:
    """A row for each department that was called; open whistles first, then the latest blown.

    A whistle is open while one of its departments has no result.

    Returns
    -------
    `id`, `alert`, `division`, `dispute_type`, `matter`, `person`, `whistled_at`, `is_open`, `department`,
    `arrived_at`, `arrived_person`, `finished_at`, `finished_person`, `result`. Moments are UTC seconds (Int64), NA
    until then.
    """
    waiting = func.max(case((whistle_times.c.finished_at.is_(None), 1), else_=0))
    open_ones = select(whistle_times.c.whistle_id, waiting.label("waiting")).group_by(whistle_times.c.whistle_id)
    state = open_ones.subquery()
    start, after = place_range(wanted.scope)
    chosen = (
        select(*(whistles.c[name] for name in _WHISTLE), state.c.waiting)
        .join(state, state.c.whistle_id == whistles.c.id)
        .where(whistles.c.place >= start, whistles.c.place < after)
    )
    if wanted.alert:
        chosen = chosen.where(whistles.c.alert == wanted.alert)
    if wanted.division:
        chosen = chosen.where(whistles.c.division.startswith(wanted.division, autoescape=True))
    if wanted.only_open:
        chosen = chosen.where(state.c.waiting == 1)
    order = (state.c.waiting.desc(), whistles.c.whistled_at.desc(), whistles.c.id.desc())
    shown = chosen.order_by(*order).limit(most).subquery()
    query = (
        select(shown, *(whistle_times.c[name] for name in _TIMES))
        .join(whistle_times, whistle_times.c.whistle_id == shown.c.id)
        .order_by(shown.c.waiting.desc(), shown.c.whistled_at.desc(), shown.c.id.desc(), whistle_times.c.department)
    )
    with reading(engine) as connection:
        found = pd.DataFrame(connection.execute(query).all(), columns=[*_WHISTLE, "is_open", *_TIMES])
    moments = {name: found[name].astype("Int64") for name in ("whistled_at", "arrived_at", "finished_at")}
    return found.assign(is_open=found["is_open"].astype(bool), **moments)
