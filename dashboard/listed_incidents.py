"""Incidents one by one, where their number may be told: for the map at a grid and for the page of a place."""

import pandas as pd

from dashboard.pool import Reads
from data.filter import IncidentFilter

STEP = 5


def listed_incidents(reads: Reads, wanted: IncidentFilter, *, most: int) -> pd.DataFrame | None:
    """The newest incidents of a grid or village, at most `most`; None where their number is withheld.

    A whole list would tell a number that is not shown. Where incidents of types that are never listed in small numbers
    are left out, the list ends at a multiple of `STEP`, or it would tell by the total how many they are.
    """
    total = reads.totals(wanted).current
    if total is None:
        return None
    found = reads.incidents(wanted)
    whole = len(found) == total
    return found.head(min(most, len(found) if whole else len(found) // STEP * STEP))


def withheld_list_words(below: int) -> str:
    """Why there is no list, and what to do."""
    return f"本期少于 {below} 件或须与相邻地区一并不显示,不逐件列出。可以放长时段。"
