"""The files as the eight feeds would deliver them: headers, words, formats, datum, encoding."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv

from data.simulation.calendar import DAY
from data.simulation.delays import MINUTE_SOURCES
from data.simulation.dirt import dirty_count, dirty_rows
from data.simulation.life_cycle import (
    CHANNEL_CODES,
    LEVEL_CODES,
    NOTHING,
    OUTCOME_CODES,
    STATUS_CODES,
    SUB_SOURCE_CODES,
)
from data.simulation.profiles import SOURCE_CODES, TYPE_CODES, UPDATE_SHARE
from geo.datum import Datum, from_wgs84
from risk.incident import CHANNELS, DISPUTE_TYPES, OUTCOMES, RESOLVED_LEVELS, STATUSES, SUB_SOURCES

HEADERS = (
    "编号", "纠纷类型", "子来源", "对接渠道", "状态", "办理结果", "发生时间", "受理时间", "办结时间",
    "涉及人数", "化解层级", "区划代码", "经度", "纬度",
)  # fmt: skip
FEED_DATUM: dict[str, Datum] = dict.fromkeys(SOURCE_CODES, Datum.WGS84) | {
    "police": Datum.GCJ02,
    "citizen": Datum.GCJ02,
    "department": Datum.BD09,
}
"""Coordinate system that each feed delivers."""
FEED_ENCODING: dict[str, str] = dict.fromkeys(SOURCE_CODES, "utf-8-sig") | {"petition": "gb18030"}
CODED_FEEDS = ("court",)
"""Feeds that write the type as a code instead of a word."""
PERSONAL_COLUMNS: dict[str, dict[str, str]] = {
    "hotline": {"当事人": "张某某", "联系电话": "138****0000", "详细描述": "(演示占位文字)"},
    "police": {"当事人": "李某某", "联系电话": "139****0000"},
    "petition": {"当事人": "王某某", "详细描述": "(演示占位文字)"},
    "citizen": {"联系电话": "137****0000", "详细描述": "(演示占位文字)"},
}
"""What a real feed would also carry and an import must drop: one placeholder for all rows."""
OFFSET_FEEDS = ("citizen",)
"""Feeds that write times as ISO 8601 with +08:00; `delays.MINUTE_SOURCES` write 2026/01/31 09:05."""
_PREFIX = {
    "hotline": "RX", "police": "JQ", "court": "SQ", "petition": "XF", "grid_patrol": "WG", "citizen": "ZB",
    "walk_in": "LF", "department": "BM",
}  # fmt: skip


@dataclass(frozen=True)
class FeedTruth:
    """What one file holds; `rows` = `incidents` + `updates` + the sum of `dirty`.

    Parameters
    ----------
    incidents
        Distinct valid incidents.
    updates
        Rows that repeat an identifier with a later status; they stand after the first one.
    dirty
        Rows that are wrong on purpose, by kind (`dirt.FAULTS`).
    without_point, without_code, conflicts
        Of the incidents: no coordinates, no code, coordinates outside the village of the code.
    """

    file: str
    datum: str
    encoding: str
    rows: int
    incidents: int
    updates: int
    dirty: dict[str, int]
    without_point: int
    without_code: int
    conflicts: int


def number_incidents(incidents: pd.DataFrame) -> pd.Series:
    """Identifiers in the order of acceptance within a feed: prefix, day, serial number."""
    source = incidents["source"].to_numpy()
    serial = incidents.groupby("source").cumcount().to_numpy() + 1
    return _numbers(source, incidents["accepted"].to_numpy(), serial)


def write_feed(folder: Path, source: str, incidents: pd.DataFrame, rng: np.random.Generator) -> FeedTruth:
    """Write one feed's file.

    Parameters
    ----------
    incidents
        The feed's incidents in the order of acceptance: `external_id`, `written_code` and the columns of
        `life_cycle.live` and `whereabouts.write_whereabouts`.
    """
    rows = _as_text(source, incidents)
    accepted, closed = incidents["accepted"].to_numpy(), incidents["closed"].to_numpy()
    updated = _updated(closed - accepted, rng)
    later = rows[updated]
    rows.loc[updated, ["状态", "办理结果", "办结时间", "化解层级"]] = ("调处中", "", "", "")
    wrong, dirty, wrong_accepted = _dirty(source, rows, accepted, rng)
    delivered = np.concatenate([accepted, closed[updated], wrong_accepted])
    table = pd.concat([rows, later, wrong]).iloc[np.argsort(delivered, kind="stable")]
    for name, placeholder in PERSONAL_COLUMNS.get(source, {}).items():
        table[name] = placeholder
    path = folder / f"{source}.csv"
    _write(path, table, FEED_ENCODING[source])
    return FeedTruth(
        file=path.name,
        datum=FEED_DATUM[source].value,
        encoding=FEED_ENCODING[source],
        rows=len(table),
        incidents=len(rows),
        updates=len(later),
        dirty=dirty,
        without_point=int((~incidents["with_point"]).sum()),
        without_code=int((incidents["code_digits"] == 0).sum()),
        conflicts=int(incidents["conflict"].sum()),
    )


def _updated(handled: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Which incidents were delivered once while open and again when closed, by the seconds in between."""
    able = handled > 2 * DAY
    return np.asarray(able & (rng.random(len(able)) < UPDATE_SHARE * len(able) / max(able.sum(), 1)))


def _numbers(source: np.ndarray, accepted: np.ndarray, serial: np.ndarray) -> pd.Series:
    prefix = pd.Series(np.array([_PREFIX[code] for code in SOURCE_CODES])[source])
    days = accepted.astype("datetime64[s]").astype("datetime64[D]")
    day = pd.Series(np.datetime_as_string(days)).str.replace("-", "")
    return prefix + day + pd.Series(serial.astype(str)).str.zfill(6)


def _dirty(
    source: str, rows: pd.DataFrame, accepted: np.ndarray, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, int], np.ndarray]:
    """Dirty rows, their numbers by kind, and when they were delivered."""
    count = dirty_count(len(rows))
    if not count:
        return rows.head(0), {}, accepted[:0]
    delivered = accepted[rng.integers(0, len(rows), count)]
    position = np.full(count, SOURCE_CODES.index(source))
    wrong, dirty = dirty_rows(rows, _numbers(position, delivered, len(rows) + 1 + np.arange(count)), rng)
    return wrong, dirty, delivered


def _as_text(source: str, incidents: pd.DataFrame) -> pd.DataFrame:
    """All cells as text, empty where there is nothing."""
    names = TYPE_CODES if source in CODED_FEEDS else tuple(kind.name for kind in DISPUTE_TYPES.values())
    x, y = incidents["longitude"].to_numpy(), incidents["latitude"].to_numpy()
    x, y = from_wgs84(x, y, datum=FEED_DATUM[source])
    point = incidents["with_point"].to_numpy()
    cells = {
        "编号": incidents["external_id"].to_numpy(),
        "纠纷类型": _words(incidents["dispute_type"], names),
        "子来源": _words(incidents["sub_source"], [SUB_SOURCES[code] for code in SUB_SOURCE_CODES]),
        "对接渠道": _words(incidents["channel"], [CHANNELS[code] for code in CHANNEL_CODES]),
        "状态": _words(incidents["status"], [STATUSES[code] for code in STATUS_CODES]),
        "办理结果": _words(incidents["outcome"], [OUTCOMES[code] for code in OUTCOME_CODES]),
        "发生时间": _times(source, incidents["occurred"]),
        "受理时间": _times(source, incidents["accepted"]),
        "办结时间": _times(source, incidents["closed"]),
        "涉及人数": incidents["people"].astype(str).to_numpy(),
        "化解层级": _words(incidents["resolved_level"], [RESOLVED_LEVELS[code] for code in LEVEL_CODES]),
        "区划代码": incidents["written_code"].to_numpy(),
        "经度": np.where(point, np.char.mod("%.6f", x), ""),
        "纬度": np.where(point, np.char.mod("%.6f", y), ""),
    }
    return pd.DataFrame(cells, columns=list(HEADERS), dtype=object)


def _words(positions: pd.Series, words: tuple[str, ...] | list[str]) -> np.ndarray:
    """Words of a vocabulary; the empty one stands last, where position -1 finds it."""
    return np.array([*words, ""], dtype=object)[positions.to_numpy()]


def _times(source: str, moments: pd.Series) -> np.ndarray:
    text = np.datetime_as_string(moments.to_numpy().astype("datetime64[s]"))
    # Texts of one length are a matrix of characters; formatting them one by one would take ten times as long.
    characters = text.view("U1").reshape(len(text), text.itemsize // 4)
    if source in MINUTE_SOURCES:
        characters[:, [4, 7, 10]] = "/", "/", " "
        text = text.astype("U16")
    elif source in OFFSET_FEEDS:
        text = np.char.add(text, "+08:00")
    else:
        characters[:, 10] = " "
    return np.where(moments.to_numpy() == NOTHING, "", text.astype(object))


def _write(path: Path, table: pd.DataFrame, encoding: str) -> None:
    buffer = io.BytesIO()
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    csv.write_csv(pa.Table.from_pandas(table.astype(object), preserve_index=False), buffer, options)
    text = ",".join(table.columns) + "\n" + buffer.getvalue().decode()
    path.write_bytes(text.encode(encoding))
