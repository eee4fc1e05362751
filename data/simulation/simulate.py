"""From a seed to eight feeds and their truth."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from data.simulation.background import World, draw_background, growth_of_cities
from data.simulation.calendar import Window, day_weights
from data.simulation.delays import accept
from data.simulation.feeds import number_incidents, write_feed
from data.simulation.hotspots import choose_hotspots, draw_extras
from data.simulation.landmarks import build_landmarks
from data.simulation.life_cycle import live
from data.simulation.near_repeat import trigger
from data.simulation.places import read_places
from data.simulation.profiles import NEAR_REPEAT_SHARE, SECOND_REPORT_SHARE, SOURCE_CODES
from data.simulation.second_reports import add_second_reports
from data.simulation.truth import Truth, describe_hotspots, local_text, stated_parameters, write_truth
from data.simulation.whereabouts import write_whereabouts, written_codes
from risk.incident import SOURCES

Progress = Callable[[str, float], None]
"""Called with what is being done, in the words of the screen, and the share done so far, 0 to 1."""


def simulate(
    folder: Path,
    *,
    grids: gpd.GeoDataFrame,
    divisions: pd.DataFrame,
    end: pd.Timestamp,
    days: int = 730,
    incidents: int = 200_000,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> Truth:
    """Write the files that eight feeds would have delivered by `end`, and the truth about them.

    The same arguments give the same bytes.

    Parameters
    ----------
    folder
        Created if missing; files of an earlier simulation are overwritten.
    grids
        `code` (15 digits), `weight` (relative, within a county) and `geometry` in WGS 84 degrees.
    divisions
        As from `geo.divisions.read_divisions`; its counted counties with a population receive incidents.
    end
        Moment the feeds are written, with time zone: nothing in them is later.
    days
        Length of the span before `end`, at least 120.
    incidents
        Distinct valid reports, exactly, second reports of one dispute included; dirty rows and updates come on top.

    Raises
    ------
    ValueError
        An argument is out of its range, or grids or divisions lack what is named above.
    """
    if incidents < 1:
        raise ValueError(f"incidents must be at least 1, found {incidents}")
    report = on_progress or (lambda _stage, _share: None)
    streams = np.random.default_rng(seed).spawn(5)
    report("准备网格", 0.0)
    world = _build_world(grids, divisions, Window.before(end, days=days), streams[0])
    hotspots = choose_hotspots(world, incidents, streams[1])
    report("模拟事件", 0.1)
    extras = _accepted(draw_extras(hotspots, world, streams[1]), world.window, streams[1])
    again = int(incidents * SECOND_REPORT_SHARE)
    table = _flow(world, extras.head(incidents - again), incidents - again, streams[2])
    table = add_second_reports(table, world, again, streams[4])
    table = write_whereabouts(live(table, world.window.end, streams[2]), world.places, streams[2])
    table = table.assign(external_id=number_incidents(table), written_code=written_codes(table, world.places))
    folder.mkdir(parents=True, exist_ok=True)
    feeds = {}
    for number, source in enumerate(SOURCE_CODES):
        report(f"写出{SOURCES[source].name}", 0.5 + 0.05 * number)
        mine = table[table["source"] == number].reset_index(drop=True)
        feeds[source] = write_feed(folder, source, mine, streams[3])
    report("写出真值", 0.9)
    stated = {"seed": seed, "end": local_text(world.window.end), "days": days, "incidents": incidents}
    truth = Truth(stated | stated_parameters(), feeds, describe_hotspots(hotspots, table, world.places))
    write_truth(folder, truth, table, world.places)
    report("写出真值", 1.0)
    return truth


def _build_world(grids: gpd.GeoDataFrame, divisions: pd.DataFrame, window: Window, rng: np.random.Generator) -> World:
    places = read_places(grids, divisions, rng)
    landmarks = build_landmarks(places, rng)
    return World(window, places, landmarks, day_weights(window.days), growth_of_cities(places, rng))


def _accepted(incidents: pd.DataFrame, window: Window, rng: np.random.Generator) -> pd.DataFrame:
    """What the sources have taken in by the end of the window."""
    occurred, accepted = accept(incidents["source"].to_numpy(), incidents["occurred"].to_numpy(), rng)
    timed = incidents.assign(occurred=occurred, accepted=accepted)
    return timed[accepted <= window.end]


def _flow(world: World, extras: pd.DataFrame, total: int, rng: np.random.Generator) -> pd.DataFrame:
    """Exactly `total` accepted incidents, extras included, by acceptance; `parent` is a row number here."""
    wanted = total - len(extras)
    drawn = int(wanted * 1.06) + 50
    while True:
        ordinary = draw_background(world, round(drawn * (1 - NEAR_REPEAT_SHARE)), rng)
        ordinary = trigger(ordinary, world, drawn - len(ordinary), rng)
        accepted = _accepted(ordinary, world.window, rng)
        if len(accepted) >= wanted:
            break
        # A short span loses more of its incidents to the reporting delay than a long one.
        drawn = int(drawn * 1.2)
    kept = accepted.iloc[np.sort(rng.permutation(len(accepted))[:wanted])]
    table = pd.concat([kept.assign(row=kept.index), extras.assign(row=-2)], ignore_index=True)
    table = table.sort_values(["accepted", "occurred"], kind="stable", ignore_index=True)
    where = pd.Series(table.index, index=table["row"])
    where = where[where.index >= 0]
    parent = where.reindex(table["parent"]).fillna(-1).astype(np.int64).to_numpy()
    return table.assign(parent=parent).drop(columns="row")
