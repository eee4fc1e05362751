"""Alerts put into the store as an assessment would leave them."""

import json

import pytest
from sqlalchemy import Engine, insert

from data.store import writing
from data.tables import alert_places, alerts

CELL = 608725920000000000
ROW = {
    "scope": "62",
    "dispute_type": "D06",
    "layer": "township",
    "home": 620102001000000,
    "within": 620102001000000,
    "state": "new",
    "level": 1,
    "gravest_level": 1,
    "emerging_class": 1,
    "grade": 3,
    "score": 61,
    "recurrence_days": 0,
    "first_day": 20760,
    "last_day": 20781,
    "last_count": 19,
    "previous_count": None,
    "last_is_floor": False,
    "previous_is_floor": False,
    "words": json.dumps({"unit": "week", "hot": "本期显著偏高", "layers": {"township": 1}}),
    "run_id": 1,
    "raised_at": 1_795_000_000,
    "changed_at": 1_795_000_000,
}


def put_alert(engine: Engine, serial: int = 1, *, places: list[tuple[str, int]] | None = None, **columns) -> str:
    """Put an alert into the store and return its number."""
    row = ROW | columns
    number = f"YJ-2026-{serial:04d}"
    covered = [
        {
            "alert_id": serial,
            "layer": layer,
            "place": place,
            "dispute_type": row["dispute_type"],
            "home": place if layer == "township" else row["home"],
            "live": row["state"] in ("new", "acknowledged", "assigned"),
        }
        for layer, place in places or [(row["layer"], row["home"])]
    ]
    with writing(engine) as connection:
        connection.execute(insert(alerts).values(id=serial, number=number, year=2026, serial=serial, **row))
        connection.execute(insert(alert_places), covered)
    return number


@pytest.fixture
def raise_alert():
    """`raise_alert(engine, serial, places=[("township", 620102001000000)], **columns)` returns its number."""
    return put_alert
