"""From text to typed, checked rows. A wrong row is a result: its line, its column and the reason."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.readers.columns import label
from data.readers.times import epoch_seconds
from data.readers.words import WORDS, words_to_codes
from geo.datum import Datum, to_wgs84
from risk.incident import CLOSED_STATUSES, OTHER_TYPE, SCALES

EARLIEST = pd.Timestamp("2000-01-01", tz="Asia/Shanghai")
DEFAULT_CHANNEL = {"court": "court", "police": "police", "petition": "petition"}
LONGEST_ID = 80


@dataclass(frozen=True)
class Rules:
    """What a row is checked against.

    `bounds` are west, south, east, north in WGS 84 degrees; `as_of` is the moment of reading, with time zone.
    """

    source: str
    datum: Datum
    as_of: pd.Timestamp
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True)
class Parsed:
    """Result of reading some rows.

    `rows` is indexed by line and typed (times in UTC seconds, Int64 where they may be missing; longitude and
    latitude WGS 84, NaN where missing; `division_code` digits or ""). `rejected` has line, column, reason.
    `unmapped` counts the words kept as other.
    """

    rows: pd.DataFrame
    rejected: pd.DataFrame
    unmapped: dict[str, int]


class _Rejections:
    """First reason found for each row."""

    def __init__(self, index: pd.Index) -> None:
        self.column = pd.Series("", index=index, dtype="object")
        self.reason = pd.Series("", index=index, dtype="object")

    def add(self, wrong: pd.Series, field: str, reason: str, values: pd.Series | None = None) -> None:
        fresh = wrong & (self.reason == "")
        if not fresh.any():
            return
        self.column[fresh] = label(field)
        found = "" if values is None else ":“" + values[fresh].astype("object").str.slice(0, 40) + "”"
        self.reason[fresh] = reason + found

    def table(self) -> pd.DataFrame:
        wrong = self.reason != ""
        return pd.DataFrame(
            {"line": self.reason.index[wrong], "column": self.column[wrong], "reason": self.reason[wrong]}
        ).reset_index(drop=True)


def parse_rows(raw: pd.DataFrame, rules: Rules) -> Parsed:
    """Type and check rows of text.

    Parameters
    ----------
    raw
        Text columns named by field (`data.readers.columns`), "" where blank, indexed by line.
    rules
        Source, datum and limits.
    """
    text = {field: _text(raw, field) for field in (*WORDS, *_PLAIN)}
    bad = _Rejections(raw.index)
    for field, values in text.items():
        bad.add(values.str.contains(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", regex=True), field, "含有不可见的控制字符")
    rows = pd.DataFrame({"external_id": _external_id(text["external_id"], bad)}, index=raw.index)
    unmapped = _add_words(rows, text, rules.source, bad)
    _add_times(rows, text, rules, bad)
    rows["scale"] = _scale(text["scale"], bad)
    rows["division_code"] = text["division_code"]
    bad.add(
        (text["division_code"] != "") & ~text["division_code"].str.fullmatch(r"\d{2,15}"),
        "division_code",
        "区划代码应为 2 至 15 位数字",
        text["division_code"],
    )
    _add_coordinates(rows, text, rules, bad)
    good = bad.reason == ""
    return Parsed(rows[good], bad.table(), unmapped)


_PLAIN = (
    "external_id",
    "occurred_at",
    "accepted_at",
    "closed_at",
    "scale",
    "division_code",
    "longitude",
    "latitude",
)


def _text(raw: pd.DataFrame, field: str) -> pd.Series:
    if field not in raw:
        return pd.Series("", index=raw.index, dtype="str")
    return raw[field].str.strip()


def _external_id(values: pd.Series, bad: _Rejections) -> pd.Series:
    bad.add(values == "", "external_id", "空白")
    bad.add(values.str.len() > LONGEST_ID, "external_id", f"超过 {LONGEST_ID} 个字符", values)
    bad.add(values.str.startswith(("=", "+", "@")), "external_id", "像是公式,不是编号", values)
    return values


def _add_words(rows: pd.DataFrame, text: dict[str, pd.Series], source: str, bad: _Rejections) -> dict[str, int]:
    for field in WORDS:
        rows[field] = words_to_codes(text[field], field)
        if field != "dispute_type":
            bad.add(rows[field].isna() & (text[field] != ""), field, "写法不认识", text[field])
    kinds = text["dispute_type"]
    bad.add(kinds == "", "dispute_type", "空白")
    unknown = rows["dispute_type"].isna() & (kinds != "")
    rows["dispute_type"] = rows["dispute_type"].fillna(OTHER_TYPE)
    rows["channel"] = rows["channel"].fillna(DEFAULT_CHANNEL.get(source, "direct"))
    rows["status"] = rows["status"].fillna("accepted")
    open_outcome = rows["outcome"].notna() & ~rows["status"].isin(CLOSED_STATUSES)
    rows.loc[open_outcome, "outcome"] = None
    return {str(word): int(count) for word, count in kinds[unknown].str.slice(0, 40).value_counts().items()}


def _add_times(rows: pd.DataFrame, text: dict[str, pd.Series], rules: Rules, bad: _Rejections) -> None:
    latest = int(rules.as_of.timestamp()) + 86_400  # feeds' clocks may run ahead, not more than a day
    for field in ("accepted_at", "occurred_at", "closed_at"):
        rows[field] = epoch_seconds(text[field], zone=str(rules.as_of.tz))
        bad.add(rows[field].isna() & (text[field] != ""), field, "日期写法不认识", text[field])
        late = (rows[field] < int(EARLIEST.timestamp())) | (rows[field] > latest)
        bad.add(late.fillna(False).astype(bool), field, "日期早于 2000 年或晚于当前时间", text[field])
    bad.add(text["accepted_at"] == "", "accepted_at", "空白")
    rows["occurred_at"] = rows["occurred_at"].fillna(rows["accepted_at"])
    for early, late_field, reason in (
        ("occurred_at", "accepted_at", "受理时间早于发生时间"),
        ("accepted_at", "closed_at", "办结时间早于受理时间"),
    ):
        wrong = (rows[late_field] < rows[early]).fillna(False).astype(bool)
        bad.add(wrong, late_field, reason, text[late_field])
    rows.loc[~rows["status"].isin(CLOSED_STATUSES), "closed_at"] = pd.NA


def _scale(values: pd.Series, bad: _Rejections) -> pd.Series:
    people = pd.to_numeric(values, errors="coerce")
    named = {name: code for code, (_, name) in SCALES.items()}
    bands = values.map(named)
    wrong = (values != "") & bands.isna() & ~(people >= 1)
    bad.add(wrong, "scale", "应为大于 0 的人数", values)
    fewest = np.array([least for least, _ in SCALES.values()])
    codes = np.array(list(SCALES), dtype=object)
    counted = people.ge(1).to_numpy()
    found = np.full(len(values), None, dtype=object)
    found[counted] = codes[np.searchsorted(fewest, people.to_numpy()[counted], side="right") - 1]
    return bands.astype("object").where(bands.notna(), pd.Series(found, index=values.index, dtype="object"))


def _add_coordinates(rows: pd.DataFrame, text: dict[str, pd.Series], rules: Rules, bad: _Rejections) -> None:
    number: dict[str, pd.Series] = {}
    for field in ("longitude", "latitude"):
        number[field] = pd.to_numeric(text[field], errors="coerce").astype("float64")
        number[field] = number[field].where(np.isfinite(number[field]))
        bad.add((text[field] != "") & number[field].isna(), field, "不是数字", text[field])
    longitude, latitude = number["longitude"], number["latitude"]
    bad.add(longitude.isna() & latitude.notna(), "longitude", "有纬度而没有经度")
    bad.add(latitude.isna() & longitude.notna(), "latitude", "有经度而没有纬度")
    bad.add((longitude == 0) | (latitude == 0), "longitude", "坐标为 0", text["longitude"])
    west, south, east, north = rules.bounds
    swapped = latitude.between(west, east) & longitude.between(south, north)
    bad.add(swapped, "longitude", "经度和纬度写反了", text["longitude"])
    x, y = to_wgs84(longitude.to_numpy(), latitude.to_numpy(), datum=rules.datum)
    rows["longitude"], rows["latitude"] = x, y
    bad.add(
        rows["longitude"].notna() & ~rows["longitude"].between(west, east),
        "longitude",
        "超出本地范围",
        text["longitude"],
    )
    bad.add(
        rows["latitude"].notna() & ~rows["latitude"].between(south, north),
        "latitude",
        "超出本地范围",
        text["latitude"],
    )
