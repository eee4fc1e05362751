"""Rows of several posts checked together, and told apart again for their answers."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd

from data.checking import check_chunk
from data.feeds.profile import FeedProfile
from data.places import Places
from data.readers.columns import HEADERS, label
from data.readers.files import RawChunk, text_frame
from data.readers.json_rows import JsonRows
from data.readers.parse import Rules
from data.readers.reasons import code_of
from geo.datum import Datum
from geo.divisions import place_range

OUTSIDE = ("outside_division", "不在这把密钥的区划之内")
_FIELDS = {label(name): name for name in HEADERS}


@dataclass(frozen=True)
class Intake:
    """Who delivers: a key, the source its rows are of, their datum, and the division they must lie in."""

    key_id: int
    name: str
    source: str
    datum: Datum
    division: str
    profile: FeedProfile | None = field(default=None, compare=False)
    """How the feed writes; the shipped profile of the source where it is None. The key decides it."""


@dataclass(frozen=True)
class Refused:
    """A row that is not stored: column, reason, and what it said as JSON text."""

    column: str
    reason: str
    row: str


@dataclass(frozen=True)
class CheckedPosts:
    """Rows to store and rows refused, numbered through all posts.

    Post i has the numbers above `starts[i]` up to `starts[i + 1]`: its lines, which count from 1.
    """

    rows: pd.DataFrame
    refused: dict[int, Refused]
    starts: list[int]

    def numbers(self, post: int) -> range:
        """Numbers that a post's rows may have."""
        return range(self.starts[post] + 1, self.starts[post + 1] + 1)

    def rows_of(self, posts: Collection[int]) -> pd.DataFrame:
        """Rows to store of some of the posts."""
        if len(posts) == len(self.starts) - 1:
            return self.rows
        of = np.searchsorted(self.starts, self.rows.index.to_numpy()) - 1
        return self.rows[np.isin(of, list(posts))]


def check_posts(reads: Sequence[JsonRows], intake: Intake, places: Places, as_of: pd.Timestamp) -> CheckedPosts:
    """Parse and place the rows of posts of one intake, as those of files are; refuse those outside its division."""
    starts = [0, *accumulate(read.last_line for read in reads)]
    posts = list(zip(starts, reads, strict=False))
    lines = [line + start for start, read in posts for line in read.lines]
    columns = {name: [text for read in reads for text in read.columns[name]] for name in HEADERS}
    broken = [(each.line + start, each.field, each.reason) for start, read in posts for each in read.refused]
    chunk = RawChunk(text_frame(columns, lines), broken)
    rules = Rules(intake.source, intake.datum, as_of, places.bounds, places.own_codes, intake.profile)
    checked = check_chunk(chunk, rules, places)
    table = checked.rejected
    refused = {
        int(line): Refused(column, reason, row)
        for line, column, reason, row in zip(table["line"], table["column"], table["reason"], table["row"], strict=True)
    }
    first, after = place_range(intake.division)
    inside = checked.rows["place"].between(first, after - 1)
    if inside.all():
        return CheckedPosts(checked.rows, refused, starts)
    away = chunk.rows.loc[checked.rows.index[~inside]]
    for line, row in zip(away.index, away.to_dict("records"), strict=True):
        text = json.dumps(row, ensure_ascii=False)
        refused[int(line)] = Refused(label("division_code"), OUTSIDE[1], text)
    return CheckedPosts(checked.rows[inside], refused, starts)


def answer_of(
    read: JsonRows, *, batch: int, outcomes: dict[int, tuple[str, str]], refused: dict[int, Refused], start: int
) -> dict[str, Any]:
    """What became of a post, as JSON can say it.

    Parameters
    ----------
    outcomes, refused
        External id and outcome of each row stored, and the refused rows, by number; lines are numbers less `start`.
    """
    told = [
        {"line": number - start, "external_id": name, "result": outcome} for number, (name, outcome) in outcomes.items()
    ]
    told += _refusals(read, refused, start)
    counts = Counter(outcome for _, outcome in outcomes.values())
    return {
        "batch": batch,
        "rows_read": len(told),
        "added": counts["added"],
        "updated": counts["updated"],
        "unchanged": counts["unchanged"] + counts["outdated"],
        "outdated": counts["outdated"],
        "rejected": len(refused),
        "dropped_fields": list(read.dropped),
        "rows": sorted(told, key=lambda row: row["line"]),
    }


def _refusals(read: JsonRows, refused: dict[int, Refused], start: int) -> list[dict[str, Any]]:
    unread = {refusal.line: refusal for refusal in read.refused}
    told = []
    for number, each in refused.items():
        line = number - start
        if line in unread:
            name, code = unread[line].field, unread[line].code
        else:
            name, code = _FIELDS.get(each.column, ""), OUTSIDE[0] if each.reason == OUTSIDE[1] else code_of(each.reason)
        words = f"{each.column}:{each.reason}" if each.column else each.reason
        told.append({"line": line, "result": "rejected", "field": name, "code": code, "reason": words})
    return told
