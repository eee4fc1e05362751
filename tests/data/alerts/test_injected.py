"""Hotspots that the simulation injected become alerts, over a demo of full size."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import h3
import pytest

from data.alerts.reading import AlertFilter, list_alerts
from data.assessments.ordered import Order, assess_pool
from data.settings import Settings
from data.simulation import read_truth
from data.simulation.truth import HotspotTruth
from data.store import open_store

pytestmark = pytest.mark.drill

STRONG = 3.0
ENOUGH = 12
"""Incidents from which on a hotspot is no matter of chance; of smaller ones most are not told from it."""
KEPT = ["dispute_type", "division", "places"]
ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.timeout(1200)
def test_half_of_the_strong_hotspots_that_go_on_raise_an_alert_where_they_lie(tmp_path):
    settings = Settings(var=tmp_path / "var")
    environment = os.environ | {"PINGAN_VAR": str(settings.var), "DATABASE_URL": ""}
    subprocess.run([sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, check=True, capture_output=True)
    now = dt.datetime.now(settings.timezone)
    assess_pool(settings, Order("", "", "62", forecast=False), now=now, on_progress=lambda *_: None)
    engine = open_store(settings)
    alerts = list_alerts(engine, AlertFilter("62"))
    engine.dispose()
    spots = [
        spot
        for spot in read_truth(settings.var / "feeds").hotspots
        if spot.ongoing and spot.relative_risk >= STRONG and len(spot.incidents) >= ENOUGH
    ]
    caught = [spot for spot in spots if any(_lies_in(spot, *each) for each in alerts[KEPT].itertuples(index=False))]
    said = f"{len(caught)} of {len(spots)} have an alert; {len(alerts)} alerts in all"
    assert spots
    assert len(caught) >= len(spots) / 2, said


def _lies_in(spot: HotspotTruth, kind: str, home: str, places: tuple[str, ...]) -> bool:
    """Whether an alert is of the hotspot's type and of one of its townships, or of hexagons that touch its centre's."""
    if kind != spot.dispute_type:
        return False
    if {code[:9] for code in spot.grid_codes} & {home[:9], *places}:
        return True
    hexagons = [place for place in places if not place.isdigit() and h3.is_valid_cell(place)]
    return any(
        h3.grid_distance(h3.latlng_to_cell(spot.latitude, spot.longitude, h3.get_resolution(place)), place) <= 1
        for place in hexagons
    )
