"""What became of clusters that were there: found or missed, after how long, how far off."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Found:
    """A cluster that a method found: days from its start to the look, and kilometres to the alert's middle."""

    days: float
    km: float


Outcome = Found | None
"""None: missed."""


def summary(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """Share found, and medians of delay (days) and place error (km) among those."""
    hits = [outcome for outcome in outcomes if outcome is not None]
    return {
        "clusters": len(outcomes),
        "power": round(len(hits) / max(len(outcomes), 1), 3),
        "median_delay_days": round(float(np.median([hit.days for hit in hits])), 1) if hits else None,
        "median_place_error_km": round(float(np.median([hit.km for hit in hits])), 2) if hits else None,
    }
