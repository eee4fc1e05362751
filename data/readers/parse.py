"""From text to typed, checked rows. A wrong row is a result: its line, its column and the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from data.division_names import SEVERAL
from data.feeds.profile import FeedProfile
from data.feeds.profiles import profile_of
from data.readers.plain import control_characters, decimals
from data.readers.rejections import Rejections
from data.readers.text import Text, chosen
from data.readers.times import epoch_seconds, versions
from data.readers.words import WORDS, words_to_codes
from geo.datum import Datum, to_wgs84
from risk.incident import CLOSED_STATUSES, OTHER_TYPE, SCALES

EARLIEST = pd.Timestamp("2000-01-01", tz="Asia/Shanghai")
LONGEST_ID = 80
LONGEST_WORD = 40
TIMES = ("accepted_at", "occurred_at", "closed_at")
REPEATING = (*WORDS, "scale", "division_code", "division_name", "withdrawn")
"""Columns of few distinct values."""
VARYING = ("external_id", *TIMES, "longitude", "latitude", "version")


@dataclass(frozen=True)
class Rules:
    """What a row is checked against.

    `bounds` are west, south, east, north in WGS 84 degrees; `as_of` is the moment of reading, with time zone.
    """

    source: str
    datum: Datum
    as_of: pd.Timestamp
    bounds: tuple[float, float, float, float]
    own_codes: Mapping[str, str] | None = None
    """Division codes by the office's own; None where feeds name divisions by the national codes."""
    profile: FeedProfile | None = None
    """How the feed writes; the shipped profile of its source where it is None."""
    codes_by_name: Mapping[str, str] | None = None
    """Division codes by names (`data.division_names`)."""

    @cached_property
    def feed(self) -> FeedProfile:
        """The profile that holds."""
        return self.profile or profile_of(self.source, self.datum)

    @property
    def zone(self) -> str:
        """Time zone of moments that state none."""
        return self.feed.timezone or str(self.as_of.tz)


@dataclass(frozen=True)
class Parsed:
    """Result of reading some rows.

    `rows` is indexed by line and typed (times in UTC seconds, Int64 where they may be missing; longitude and
    latitude WGS 84, NaN where missing; `division_code` digits or ""; `version` Int64). `rejected` has line, column,
    reason. `unmapped` counts the words kept as other.
    """

    rows: pd.DataFrame
    rejected: pd.DataFrame
    unmapped: dict[str, int]


def parse_rows(raw: pd.DataFrame, rules: Rules) -> Parsed:
    """Type and check rows of text.

    Parameters
    ----------
    raw
        Text columns named by field (`data.readers.columns`), "" where blank, indexed by line.
    rules
        Source, datum and limits.
    """
    bad = Rejections(raw.index)
    text = {field: Text.repeating(raw, field) for field in REPEATING}
    text |= {field: Text.varying(raw, field) for field in VARYING}
    for field, column in text.items():
        bad.add(column.spread(control_characters(column.values)), field, "含有不可见的控制字符")
    rows = pd.DataFrame({"external_id": _external_id(text["external_id"], bad)}, index=raw.index)
    _add_withdrawal(rows, text, rules, bad)
    unmapped = _add_type(rows, text["dispute_type"], rules.feed, bad)
    _add_words(rows, text, rules.feed, bad)
    _add_times(rows, text, rules, bad)
    rows["scale"] = text["scale"].spread_text(_scale(text["scale"], bad), rows.index)
    rows["division_code"] = _division_code(text, rules, bad, rows.index)
    _add_coordinates(rows, text, rules, bad)
    return Parsed(rows if bad.good.all() else rows[bad.good], bad.table(), unmapped)


def _external_id(text: Text, bad: Rejections) -> pd.Series:
    values = text.values
    bad.add(values == "", "external_id", "空白")
    bad.add(values.str.len() > LONGEST_ID, "external_id", f"超过 {LONGEST_ID} 个字符", text)
    bad.add(values.str.startswith(("=", "+", "@")), "external_id", "像是公式,不是编号", text)
    return values


def _add_withdrawal(rows: pd.DataFrame, text: dict[str, Text], rules: Rules, bad: Rejections) -> None:
    feed = rules.feed
    said = text["withdrawn"].values.str.lower()
    bad.add(
        text["withdrawn"].spread(~said.isin(feed.withdrawn + feed.not_withdrawn)),
        "withdrawn",
        "应为“是”或“否”",
        text["withdrawn"],
    )
    by_status = text["status"].spread(text["status"].values.isin(feed.withdrawn_status))
    rows["withdrawn"] = text["withdrawn"].spread(said.isin(feed.withdrawn)) | by_status
    rows["version"] = versions(text["version"].values, zone=rules.zone)
    unread = rows["version"].isna().to_numpy() & text["version"].filled
    bad.add(unread, "version", "应为整数或时间", text["version"])


def _add_type(rows: pd.DataFrame, text: Text, feed: FeedProfile, bad: Rejections) -> dict[str, int]:
    """Add the type and, where no table knows its word, the word; return the rows of each unknown word."""
    bad.add(~text.filled & ~rows["withdrawn"], "dispute_type", "空白")
    codes = words_to_codes(text.values, feed.words["dispute_type"])
    unknown = (codes.isna() & (text.values != "")).to_numpy(bool)
    words = text.values.str.slice(0, LONGEST_WORD)
    rows["dispute_type"] = text.spread_text(codes.fillna(OTHER_TYPE), rows.index)
    rows["type_word"] = text.spread_text(words.where(unknown), rows.index)
    found = words.to_numpy()[text.at][text.spread(unknown)] if unknown.any() else []
    return {str(word): int(count) for word, count in pd.Series(found, dtype="str").value_counts().items()}


def _add_words(rows: pd.DataFrame, text: dict[str, Text], feed: FeedProfile, bad: Rejections) -> None:
    for field in (name for name in WORDS if name != "dispute_type"):
        said, codes = text[field], words_to_codes(text[field].values, feed.words[field])
        unknown = codes.isna() & (said.values != "")
        if field == "status":
            unknown &= ~said.values.isin(feed.withdrawn_status)
        bad.add(said.spread(unknown), field, "写法不认识", said)
        codes = codes.fillna(feed.blank[field]) if field in feed.blank else codes
        rows[field] = said.spread_text(codes, rows.index)
    rows["outcome"] = chosen(rows["outcome"], rows["status"].isin(CLOSED_STATUSES).to_numpy(bool))


def _add_times(rows: pd.DataFrame, text: dict[str, Text], rules: Rules, bad: Rejections) -> None:
    earliest = int(EARLIEST.timestamp())
    latest = int(rules.as_of.timestamp()) + 86_400  # feeds' clocks may run ahead, not more than a day
    for field in TIMES:
        said = text[field]
        rows[field] = epoch_seconds(said.values, zone=rules.zone, forms=rules.feed.date_formats)
        bad.add(rows[field].isna().to_numpy() & said.filled, field, "日期写法不认识", said)
        wrong = (rows[field] < earliest) | (rows[field] > latest)
        bad.add(wrong.fillna(False), field, "日期早于 2000 年或晚于当前时间", said)
    withdrawn = rows["withdrawn"].to_numpy(bool)
    bad.add(~text["accepted_at"].filled & ~withdrawn, "accepted_at", "空白")
    if (unsaid := withdrawn & rows["accepted_at"].isna().to_numpy()).any():
        # A withdrawal need say no more than what it takes back; it counts nowhere, so the moment says nothing.
        rows.loc[unsaid, "accepted_at"] = rows.loc[unsaid, "occurred_at"].fillna(int(rules.as_of.timestamp()))
    rows["occurred_at"] = rows["occurred_at"].fillna(rows["accepted_at"])
    for early, late, reason in (
        ("occurred_at", "accepted_at", "受理时间早于发生时间"),
        ("accepted_at", "closed_at", "办结时间早于受理时间"),
    ):
        bad.add((rows[late] < rows[early]).fillna(False), late, reason, text[late])
    rows["closed_at"] = rows["closed_at"].where(rows["status"].isin(CLOSED_STATUSES))


def _scale(text: Text, bad: Rejections) -> pd.Series:
    """Band of each distinct number of people."""
    values = text.values
    people = pd.to_numeric(values, errors="coerce")
    bands = values.map({name: code for code, (_, name) in SCALES.items()})
    wrong = (values != "") & bands.isna() & ~(people >= 1)
    bad.add(text.spread(wrong), "scale", "应为大于 0 的人数", text)
    fewest = np.array([least for least, _ in SCALES.values()])
    codes = np.array(list(SCALES), dtype=object)
    counted = people.ge(1).to_numpy()
    found = np.full(len(values), None, dtype=object)
    found[counted] = codes[np.searchsorted(fewest, people.to_numpy()[counted], side="right") - 1]
    return bands.astype("object").where(bands.notna(), pd.Series(found, index=values.index, dtype="object"))


def _division_code(text: dict[str, Text], rules: Rules, bad: Rejections, index: pd.Index) -> pd.Series:
    """National code of each row's division, "" where it names none: by its code, or where that is blank by its name."""
    said, values = text["division_code"], text["division_code"].values
    if rules.own_codes is None:
        wrong = (values != "") & ~values.str.fullmatch(r"[0-9]{2,15}")
        bad.add(said.spread(wrong), "division_code", "区划代码应为 2 至 15 位数字", said)
    else:
        known = values.map(dict(rules.own_codes)).astype("object")
        bad.add(said.spread((values != "") & known.isna()), "division_code", "没有这个代码", said)
        values = known.fillna("").astype("str")
    codes = said.spread_text(values, index)
    named = text["division_name"]
    if not named.filled.any():
        return codes
    by_name = named.values.map(dict(rules.codes_by_name or {})).astype("object")
    if rules.feed.division == "words":
        bare = ~said.filled
        bad.add(bare & named.spread(by_name == SEVERAL), "division_name", "有几个区划同名,请写全上级名称", named)
        bad.add(bare & named.spread((named.values != "") & by_name.isna()), "division_name", "没有这个区划", named)
    return codes.where(said.filled, named.spread_text(by_name.fillna("").astype("str"), index))


def _add_coordinates(rows: pd.DataFrame, text: dict[str, Text], rules: Rules, bad: Rejections) -> None:
    said = text["longitude"]
    longitude, latitude = (decimals(text[field].values) for field in ("longitude", "latitude"))
    for field, number in (("longitude", longitude), ("latitude", latitude)):
        bad.add(text[field].filled & np.isnan(number), field, "不是数字", text[field])
    bad.add(np.isnan(longitude) & ~np.isnan(latitude), "longitude", "有纬度而没有经度")
    bad.add(np.isnan(latitude) & ~np.isnan(longitude), "latitude", "有经度而没有纬度")
    bad.add((longitude == 0) | (latitude == 0), "longitude", "坐标为 0", said)
    west, south, east, north = rules.bounds
    swapped = (latitude >= west) & (latitude <= east) & (longitude >= south) & (longitude <= north)
    bad.add(swapped, "longitude", "经度和纬度写反了", said)
    x, y = to_wgs84(longitude, latitude, datum=rules.datum)
    rows["longitude"], rows["latitude"] = x, y
    for field, number, low, high in (("longitude", x, west, east), ("latitude", y, south, north)):
        bad.add(~np.isnan(number) & ~((number >= low) & (number <= high)), field, "超出本地范围", text[field])
