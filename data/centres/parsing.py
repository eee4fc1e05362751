"""From a list of centres as text to checked rows. A wrong row is a result: its line, its column and the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from data.centres import columns
from data.centres.settings import LONGEST_KIND, CentreSettings
from data.places import Places
from data.readers.plain import control_characters, decimals, whole_numbers
from data.readers.rejections import Rejections
from data.readers.text import Text
from data.readers.words import NOT_WITHDRAWN, WITHDRAWN
from geo.datum import Datum, to_wgs84
from geo.divisions import place_of
from geo.hierarchy import LEVEL_NAMES

LONGEST_NAME = 60
MOST = 100_000
"""No centre has more people or rooms."""
FINEST = 5
_LEVEL_WORDS = {
    word: level
    for level, name in LEVEL_NAMES.items()
    if level <= FINEST
    for word in (str(level), name, f"{name}级", name[0], f"{name[0]}级")
}
"""`1`, `省`, `省级`; `市州`, `市`, `市级`; and so on."""


@dataclass(frozen=True)
class CentreRules:
    """What a row is checked against; `datum` is that of the file's coordinates."""

    settings: CentreSettings
    places: Places
    root: str
    datum: Datum

    @cached_property
    def levels_of_place(self) -> Mapping[int, list[int]]:
        """Levels of the divisions that a place of 15 digits stands for, the coarsest first."""
        found: dict[int, list[int]] = {}
        divisions = self.places.divisions
        if divisions is not None:
            inside = divisions[divisions["code"].str.startswith(self.root)]
            for code, level in zip(inside["code"], inside["level"].astype(int), strict=True):
                found.setdefault(place_of(code), []).append(level)
        return found


def parse_centres(raw: pd.DataFrame, rules: CentreRules) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Type and check rows of text.

    Parameters
    ----------
    raw
        Text columns named by field (`data.centres.columns`, names of rooms), "" where blank, indexed by line.

    Returns
    -------
    Good rows, indexed by line: columns of the table `centres` that a file fills, and `rooms`, a dict of numbers by
    kind. Rejected ones: `line`, `column`, `reason`.
    """
    bad = Rejections(raw.index)
    fields = [*columns.HEADERS, *(room.name for room in rules.settings.rooms.values())]
    text = {field: Text.varying(raw, field) for field in fields}
    for field, column in text.items():
        bad.add(control_characters(column.values), field, "含有不可见的控制字符")
    rows = pd.DataFrame(index=raw.index)
    for name, field, longest in (("code", columns.CODE, LONGEST_KIND), ("name", columns.NAME, LONGEST_NAME)):
        rows[name] = _short_text(text[field], field, longest, bad)
    _add_division(rows, text, rules, bad)
    _add_point(rows, text, rules, bad)
    _add_class(rows, text[columns.SITE_CLASS], rules.settings, bad)
    for name, field in columns.NUMBERS.items():
        rows[name] = _number(text[field], field, bad)
    rows["rooms"] = pd.Series(_rooms(text, rules.settings, bad), index=rows.index, dtype="object")
    rows["withdrawn"] = _withdrawn(text[columns.WITHDRAWN], bad)
    return rows[bad.good], bad.table()


def _short_text(text: Text, field: str, longest: int, bad: Rejections) -> pd.Series:
    values = text.values
    bad.add(values == "", field, "空白")
    bad.add(values.str.len() > longest, field, f"超过 {longest} 个字符", text)
    bad.add(values.str.startswith(("=", "+", "@", "-")), field, "像是公式,不是文字", text)
    return values


def _add_division(rows: pd.DataFrame, text: dict[str, Text], rules: CentreRules, bad: Rejections) -> None:
    said = text[columns.DIVISION]
    own = rules.places.own_codes
    codes = said.values if own is None else said.values.map(dict(own)).fillna("")
    bad.add(said.values == "", columns.DIVISION, "空白")
    bad.add(~codes.str.fullmatch(r"[0-9]{2,15}"), columns.DIVISION, "区划代码应为 2 至 15 位数字", said)
    places = pd.to_numeric(codes.str.slice(0, 15).str.ljust(15, "0"), errors="coerce").fillna(0).astype("int64")
    levels = [rules.levels_of_place.get(place, []) for place in places.tolist()]
    bad.add([not known for known in levels], columns.DIVISION, "没有这个区划,或不在本单位辖区", said)
    words = text[columns.LEVEL]
    wanted = [_LEVEL_WORDS.get(word, 0) for word in words.values]
    bad.add((words.values != "") & (np.array(wanted, dtype=int) == 0), columns.LEVEL, "写法不认识", words)
    stated = [level or (known[0] if known else 0) for level, known in zip(wanted, levels, strict=True)]
    fits = [level in known for level, known in zip(stated, levels, strict=True)]
    bad.add(~np.array(fits, dtype=bool), columns.LEVEL, "与区划代码的层级不符", words)
    rows["level"], rows["place"] = stated, places


def _add_point(rows: pd.DataFrame, text: dict[str, Text], rules: CentreRules, bad: Rejections) -> None:
    said = (text[columns.LONGITUDE], text[columns.LATITUDE])
    longitude, latitude = (decimals(column.values) for column in said)
    for field, column, number in zip((columns.LONGITUDE, columns.LATITUDE), said, (longitude, latitude), strict=True):
        bad.add(column.filled & np.isnan(number), field, "不是数字", column)
    bad.add(np.isnan(longitude) & ~np.isnan(latitude), columns.LONGITUDE, "有纬度而没有经度")
    bad.add(np.isnan(latitude) & ~np.isnan(longitude), columns.LATITUDE, "有经度而没有纬度")
    x, y = to_wgs84(longitude, latitude, datum=rules.datum)
    west, south, east, north = rules.places.bounds
    swapped = (latitude >= west) & (latitude <= east) & (longitude >= south) & (longitude <= north)
    bad.add(swapped, columns.LONGITUDE, "经度和纬度写反了", said[0])
    for field, column, number, low, high in (
        (columns.LONGITUDE, said[0], x, west, east),
        (columns.LATITUDE, said[1], y, south, north),
    ):
        bad.add(~np.isnan(number) & ~((number >= low) & (number <= high)), field, "超出本地范围", column)
    rows["longitude"], rows["latitude"] = x, y


def _add_class(rows: pd.DataFrame, text: Text, settings: CentreSettings, bad: Rejections) -> None:
    known = [site.name for site in settings.classes]
    wrong = (text.values != "") & ~text.values.isin(known)
    bad.add(wrong, columns.SITE_CLASS, f"应为{'、'.join(known)}之一", text)
    rows["site_class"] = text.values


def _number(text: Text, field: str, bad: Rejections) -> pd.Series:
    """Whole numbers (Int64), NA where nothing is said.

    What stood there instead of a number is not repeated: it may be the names of those who should be counted.
    """
    found = whole_numbers(text.values)
    wrong = text.filled & ~found.between(0, MOST).fillna(False).to_numpy(bool)
    bad.add(wrong, field, f"应为 0 至 {MOST:,} 的整数(只填人数或间数,不填姓名)")
    return found


def _rooms(text: dict[str, Text], settings: CentreSettings, bad: Rejections) -> list[dict[str, int]]:
    numbers = [
        _number(text[room.name], room.name, bad).fillna(0).astype(int).tolist() for room in settings.rooms.values()
    ]
    return [
        {code: count for code, count in zip(settings.rooms, row, strict=True) if count > 0}
        for row in zip(*numbers, strict=True)
    ]


def _withdrawn(text: Text, bad: Rejections) -> pd.Series:
    said = text.values.str.lower()
    bad.add(~said.isin((*WITHDRAWN, *NOT_WITHDRAWN)), columns.WITHDRAWN, "应为“是”或“否”", text)
    return said.isin(WITHDRAWN)
