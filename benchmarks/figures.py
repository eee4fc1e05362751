"""How a benchmark states its figures: one JSON object as the last line."""

import json
import resource
import statistics
import sys
from collections.abc import Sequence
from typing import Any


def peak_mb() -> float:
    """Largest resident memory of this process so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def percentile_ms(seconds: Sequence[float], share: float) -> float:
    """The `share` (0-1) percentile of durations in seconds, in milliseconds, nearest rank."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


def median_ms(seconds: Sequence[float]) -> float:
    """Median of durations in seconds, in milliseconds."""
    return round(1000 * statistics.median(seconds), 2)


def show(figures: dict[str, Any], *, as_json: bool) -> None:
    """Print figures: one JSON line for machines, one `name: value` line each for people."""
    if as_json:
        print(json.dumps(figures, ensure_ascii=False), flush=True)
        return
    for name, value in figures.items():
        print(f"{name}: {value}", flush=True)
