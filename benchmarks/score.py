"""How soon the injected hotspots of the simulation stand among the highest scores: `manage.py bench score --json`."""

import datetime as dt
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from benchmarks import figures
from data.counting import Counting
from data.demo import is_demo_built
from data.forecasts.order import ForecastOrder
from data.forecasts.run import Forecasting
from data.settings import Settings, read_settings
from data.simulation.truth import HotspotTruth, read_truth
from data.store import open_store
from geo.hexagons import cell_of

app = typer.Typer()

LAYERS = ("township", "village", "cell8")
DAYS_BACK = 60
"""The model is learnt before the first of the recent hotspots begins and used from then on."""
TOP = 0.01
LEAST_RISK = 3.0
METRES_A_DEGREE = 111_320.0


@app.command()
def score(
    every: Annotated[int, typer.Option(min=1, help="Days between two scorings")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line")] = False,
) -> None:
    """Days from the start of each recent hotspot until a place of it is in the top 1 % of its type's scores.

    The demo is scored as of every few days of its last eight weeks with one model that was learnt before them, without
    what the hotspot engine says. Reports count from the day on which a dispute occurred, as if none came late. A false
    alert is a discovery (false-discovery rate of the score's settings, and at least the serious level) at a township
    and type without an injected hotspot within it; consecutive ones are one.
    """
    demo = read_settings()
    if not is_demo_built(demo):
        typer.echo(f"There is no demo under {demo.var}. Run `python manage.py demo` first.", err=True)
        raise typer.Exit(2)
    truth = read_truth(demo.feeds)
    with tempfile.TemporaryDirectory(prefix="score-") as name:
        scored = _score_days(demo, Path(name), truth.hotspots, every)
    recent = [spot for spot in truth.hotspots if spot.ongoing and spot.relative_risk >= LEAST_RISK]
    delays = {layer: [_delay(spot, scored, layer) for spot in recent] for layer in LAYERS}
    found: dict[str, Any] = {
        "hotspots": len(recent),
        "scored_days": len(scored),
        "median_delay_days": {layer: _median(each) for layer, each in delays.items()},
        "found_share": {layer: float(np.isfinite(each).mean()) for layer, each in delays.items()},
        "false_alerts_per_county_and_year": round(_false_alerts(scored, truth.hotspots, every), 3),
    }
    figures.show(found, as_json=as_json)


@dataclass(frozen=True)
class Scored:
    """Scores as of the end of one day."""

    day: dt.date
    rows: pd.DataFrame


def _score_days(demo: Settings, folder: Path, hotspots: list[HotspotTruth], every: int) -> list[Scored]:
    """Runs of a copy of the demo's store, so that the demo keeps its own."""
    end = max(dt.datetime.fromisoformat(spot.end) for spot in hotspots).date()
    settings = Settings(var=folder)
    for name in os.listdir(demo.var):
        if name.startswith("store.sqlite"):
            (folder / name).write_bytes((demo.var / name).read_bytes())
    for name in ("segments", "geography"):
        (folder / name).symlink_to((demo.var / name).resolve())
    engine = open_store(settings)
    counting = Counting(engine, settings)
    found = []
    for back in range(DAYS_BACK, 0, -every):
        order = ForecastOrder(
            settings.root_code, end - dt.timedelta(days=back), weeks=91, layers=LAYERS, refit_days=DAYS_BACK + 1
        )
        run, _ = Forecasting(engine, counting, settings).run(order, assessment_run_id=0, on_progress=lambda *_: None)
        found.append(Scored(order.as_of, pd.read_parquet(run.file)))
    counting.close()
    engine.dispose()
    return found


def _places(spot: HotspotTruth, layer: str) -> set[int]:
    if layer.startswith("cell"):
        longitude, latitude = _disc(spot)
        return set(cell_of(longitude, latitude, resolution=int(layer[4:])).tolist())
    span = {"township": 10**6, "village": 10**3}[layer]
    return {int(code.ljust(15, "0")) // span * span for code in spot.grid_codes}


def _disc(spot: HotspotTruth) -> tuple[np.ndarray, np.ndarray]:
    """Points of the disc that the hotspot was injected into: its centre and three rings of twelve."""
    radius = spot.radius_m * np.repeat([0.0, 1 / 3, 2 / 3, 1.0], 12)
    angle = np.tile(np.arange(12) * np.pi / 6, 4)
    north = METRES_A_DEGREE
    east = METRES_A_DEGREE * np.cos(np.radians(spot.latitude))
    return spot.longitude + radius * np.cos(angle) / east, spot.latitude + radius * np.sin(angle) / north


def _delay(spot: HotspotTruth, scored: list[Scored], layer: str) -> float:
    """Days until one of its places is in the top share of its type's scores; infinite if never."""
    start, own = dt.datetime.fromisoformat(spot.start).date(), _places(spot, layer)
    for each in scored:
        if each.day < start:
            continue
        rows = each.rows[(each.rows["layer"] == layer) & (each.rows["dispute_type"] == spot.dispute_type)]
        places = (each.rows["layer"] == layer) & (each.rows["dispute_type"] == "")
        best = rows.nlargest(max(1, round(TOP * places.sum())), "score")
        if own & set(best["place"].tolist()):
            return (each.day - start).days + 1
    return np.inf


def _median(delays: list[float]) -> float | None:
    middle = float(np.median(delays)) if delays else np.inf
    return middle if np.isfinite(middle) else None


def _false_alerts(scored: list[Scored], hotspots: list[HotspotTruth], every: int) -> float:
    """Alerts at townships and types without a hotspot, per county and year."""
    true = {(spot.dispute_type, place) for spot in hotspots for place in _places(spot, "township")}
    alerts, before, counties = 0, set(), set()
    for each in scored:
        rows = each.rows[(each.rows["layer"] == "township") & (each.rows["dispute_type"] != "")]
        counties |= set((rows["place"] // 10**9).tolist())
        risen = rows[rows["surprising"] & (rows["level"] <= 1)]
        now = {*zip(risen["dispute_type"], risen["place"].tolist(), strict=True)} - true
        alerts += len(now - before)
        before = now
    return alerts / len(counties) / (len(scored) * every / 365)
