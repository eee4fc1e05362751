"""Incidents that are reported, corrected, moved, closed and withdrawn, round after round, for tests of segments."""

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from data.change_log import add_incidents, revise_incidents
from data.store import writing

START = 1_790_000_000
ROUND_SECONDS = 60
PLACES = (620102001001001, 620102002001001, 620171000000000, 620100000000000, 620201000000000)


def round_of(number: int, *, incidents: int, seed: int = 0) -> pd.DataFrame:
    """What comes in a round: new incidents, and others again with something changed."""
    rng = np.random.default_rng((seed, number))
    ids = rng.integers(number * incidents // 2, (number + 2) * incidents // 2, incidents)
    occurred = START - ids * 7_919 % (500 * 86_400)
    closed = rng.random(incidents) < 0.4
    return pd.DataFrame(
        {
            "source": np.where(ids % 3 > 0, "hotline", "police"),
            "external_id": ids.astype(str),
            "dispute_type": rng.choice(["D01", "D02", "D07"], incidents),
            "sub_source": None,
            "channel": rng.choice(["court", "police"], incidents),
            "status": np.where(closed, "closed", "accepted"),
            "outcome": np.where(closed, "success", None),
            "scale": None,
            "resolved_level": None,
            "occurred_at": occurred,
            "accepted_at": occurred + 3_600,
            "closed_at": pd.array(np.where(closed, occurred + 86_400, 0), "Int64"),
            "place": rng.choice(PLACES, incidents),
            "cell": 0,
            "located_by": 1,
            "conflict": rng.random(incidents) < 0.1,
            "longitude": None,
            "latitude": None,
            "withdrawn": rng.random(incidents) < 0.1,
        }
    ).assign(closed_at=lambda rows: rows["closed_at"].mask(rows["closed_at"] == 0))


def live(engine: Engine, number: int, *, incidents: int = 40, seed: int = 0) -> int:
    """Take in one round, one transaction; return the moment it was recorded at."""
    moment = START + number * ROUND_SECONDS
    with writing(engine) as connection:
        rows = round_of(number, incidents=incidents, seed=seed)
        add_incidents(connection, rows, batch_id=number + 1, recorded_at=moment)
        linked = pd.DataFrame({"id": [number + 1], "duplicate": [True]})
        revise_incidents(connection, linked, batch_id=number + 1, recorded_at=moment)
    return moment
