import pandas as pd

from data.change_log import add_incidents
from data.history import history_of, incident_id
from data.store import writing

FACTS = {
    "source": "hotline",
    "dispute_type": "D02",
    "channel": "direct",
    "status": "accepted",
    "occurred_at": 1_790_000_000,
    "accepted_at": 1_790_000_000,
    "place": 620102001001001,
    "cell": 0,
    "located_by": 1,
    "conflict": False,
} | dict.fromkeys(("sub_source", "outcome", "scale", "resolved_level", "closed_at", "longitude", "latitude"))


def deliver(engine, *, batch: int, at: int, **said) -> None:
    with writing(engine) as connection:
        rows = pd.DataFrame([{"external_id": "1"} | FACTS | said])
        add_incidents(connection, rows, batch_id=batch, recorded_at=at)


def test_the_history_of_an_incident_can_be_read_back(engine):
    deliver(engine, batch=1, at=100)
    deliver(engine, batch=2, at=200, status="closed")
    deliver(engine, batch=2, at=200, external_id="2")
    deliver(engine, batch=3, at=300, withdrawn=True)
    found = history_of(engine, incident_id(engine, "hotline", "1"))
    told = found[["weight", "status", "batch_id", "recorded_at"]].to_numpy().tolist()
    assert told == [
        [1, "accepted", 1, 100],
        [-1, "accepted", 2, 200],
        [1, "closed", 2, 200],
        [-1, "closed", 3, 300],
    ]


def test_what_nobody_has_heard_of_has_no_history(engine):
    assert incident_id(engine, "hotline", "9") is None
    assert history_of(engine, 99).empty
