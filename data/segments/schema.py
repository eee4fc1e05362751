"""What a segment holds: the log's facts with their days and months, sorted by month, place, day."""

import numpy as np
import pandas as pd
import pyarrow as pa

_TEXT = pa.dictionary(pa.int16(), pa.string())
_NAMES = ("source", "dispute_type", "sub_source", "channel", "status", "outcome", "scale", "resolved_level")

SCHEMA = pa.schema(
    [
        ("incident_id", pa.int64()),
        ("weight", pa.int32()),
        ("month", pa.int32()),
        ("day", pa.int32()),
        ("hour", pa.int32()),
        ("accepted_day", pa.int32()),
        ("closed_day", pa.int32()),
        ("accepted_at", pa.int64()),
        ("place", pa.int64()),
        ("cell", pa.int64()),
        ("located_by", pa.int32()),
        ("conflict", pa.bool_()),
        ("duplicate", pa.bool_()),
        ("recorded_at", pa.int64()),
        *((name, _TEXT) for name in _NAMES),
    ]
)
"""Columns of a segment. Days are local day numbers; `month` counts months since year 0; `closed_day` may be null;
`recorded_at` is when the pool learnt it (UTC seconds)."""

LOG_SCHEMA = pa.schema(
    [
        ("incident_id", pa.int64()),
        ("weight", pa.int32()),
        *((name, _TEXT) for name in _NAMES),
        *((name, pa.int64()) for name in ("occurred_at", "accepted_at", "closed_at", "place", "cell")),
        ("located_by", pa.int32()),
        ("conflict", pa.bool_()),
        ("duplicate", pa.bool_()),
        ("recorded_at", pa.int64()),
    ]
)
"""What is read of the log to make segments; times in UTC seconds."""


def segment_rows(log: pa.Table, zone: str) -> pa.Table:
    """Rows of a segment, sorted, from rows of the log; as `dated` and `in_order`."""
    return in_order(dated(log, zone))


def dated(log: pa.Table, zone: str) -> pa.Table:
    """Rows of the log with their days and months, in the columns of a segment.

    Parameters
    ----------
    log
        Columns of `LOG_SCHEMA`.
    zone
        Time zone that days are counted in.
    """
    occurred = _local(log["occurred_at"].to_numpy(), zone)
    days = _days(occurred)
    months = (occurred.year * 12 + occurred.month - 1).to_numpy(np.int32)
    made = {
        "month": months,
        "day": days,
        "hour": occurred.hour.to_numpy(np.int32),
        "accepted_day": _days(_local(log["accepted_at"].to_numpy(), zone)),
        "closed_day": _days_or_none(log["closed_at"], zone),
    }
    columns = [made[each.name] if each.name in made else log[each.name] for each in SCHEMA]
    return pa.table([pa.array(each) if isinstance(each, np.ndarray) else each for each in columns], schema=SCHEMA)


def in_order(rows: pa.Table) -> pa.Table:
    """Rows of a segment sorted by month, place, day."""
    day, place, month = (rows[name].to_numpy() for name in ("day", "place", "month"))
    return rows.take(pa.array(np.lexsort((day, place, month))))


def month_starts(first: int, last: int, zone: str) -> tuple[int, int]:
    """Half-open range of moments (UTC seconds) of some months, the last one included."""
    starts = (pd.Timestamp(year=month // 12, month=month % 12 + 1, day=1, tz=zone) for month in (first, last + 1))
    start, end = (int(moment.timestamp()) for moment in starts)
    return start, end


def _local(seconds: np.ndarray, zone: str) -> pd.DatetimeIndex:
    moments = pd.DatetimeIndex(seconds.astype("datetime64[s]")).tz_localize("UTC")
    return moments.tz_convert(zone).tz_localize(None)


def _days(moments: pd.DatetimeIndex) -> np.ndarray:
    seconds = moments.to_numpy().astype("datetime64[s]").astype(np.int64)
    return np.floor_divide(seconds, 86_400).astype(np.int32)


def _days_or_none(seconds: pa.ChunkedArray, zone: str) -> pa.Array:
    missing = seconds.is_null().to_numpy()
    days = _days(_local(seconds.fill_null(0).to_numpy(), zone))
    return pa.array(days, mask=missing)
