"""Rows of several posts checked together, and told apart again for their answers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pandas as pd

from data.checking import CheckedChunk, check_chunk
from data.feeds.profile import FeedProfile
from data.places import Places
from data.readers.columns import HEADERS, label
from data.readers.files import RawChunk
from data.readers.json_rows import JsonRows
from data.readers.parse import Rules
from data.readers.reasons import code_of
from geo.datum import Datum
from geo.divisions import place_range

OUTSIDE = ("outside_division", "不在这把密钥的区划之内")
_FIELDS = {label(name): name for name in HEADERS}
_Table = TypeVar("_Table", pd.DataFrame, pd.Series)


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
class CheckedPosts:
    """Rows to store and rows refused, numbered through all posts.

    Post number i has the numbers above `starts[i]` up to `starts[i + 1]`: its lines, which count from 1.
    """

    rows: pd.DataFrame
    refused: pd.DataFrame
    starts: list[int]

    def of(self, table: _Table, post: int) -> _Table:
        """Those rows of a table numbered so that are of one post."""
        numbers = table.index.to_numpy()
        return table[(numbers > self.starts[post]) & (numbers <= self.starts[post + 1])]


def check_posts(reads: Sequence[JsonRows], intake: Intake, places: Places, as_of: pd.Timestamp) -> CheckedPosts:
    """Parse and place the rows of posts of one intake, as those of files are; refuse those outside its division."""
    starts = [0]
    frames, broken = [], []
    for read in reads:
        start = starts[-1]
        frames.append(read.rows.set_axis(read.rows.index + start, axis=0))
        broken += [(refusal.line + start, refusal.field, refusal.reason) for refusal in read.refused]
        starts.append(start + max([*read.rows.index, *(refusal.line for refusal in read.refused)]))
    chunk = RawChunk(pd.concat(frames), broken)
    rules = Rules(intake.source, intake.datum, as_of, places.bounds, places.own_codes, intake.profile)
    return CheckedPosts(*_inside(check_chunk(chunk, rules, places), chunk.rows, intake.division), starts)


def _inside(checked: CheckedChunk, raw: pd.DataFrame, division: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows inside a division, and all refused ones by number (column, reason, row)."""
    first, after = place_range(division)
    inside = checked.rows["place"].between(first, after - 1)
    refused = checked.rejected.set_index("line")[["column", "reason", "row"]]
    if inside.all():
        return checked.rows, refused
    away = raw.loc[checked.rows.index[~inside]]
    texts = [json.dumps(row, ensure_ascii=False) for row in away.to_dict("records")]
    outside = pd.DataFrame({"column": label("division_code"), "reason": OUTSIDE[1], "row": texts}, index=away.index)
    return checked.rows[inside], pd.concat([refused, outside]).sort_index()


def answer_of(
    read: JsonRows, *, batch: int, outcomes: pd.Series, ids: pd.Series, refused: pd.DataFrame, start: int
) -> dict[str, Any]:
    """What became of a post, as JSON can say it.

    Parameters
    ----------
    outcomes, ids, refused
        Outcome and external id of each row stored, and the refused rows, by number; lines are numbers less `start`.
    """
    told = [
        {"line": int(number) - start, "external_id": name, "result": outcome}
        for number, name, outcome in zip(outcomes.index, ids, outcomes, strict=True)
    ]
    told += _refusals(read, refused, start)
    counts = outcomes.value_counts()
    added, updated, unchanged, outdated = (
        int(counts.get(name, 0)) for name in ("added", "updated", "unchanged", "outdated")
    )
    return {
        "batch": batch,
        "rows_read": len(told),
        "added": added,
        "updated": updated,
        "unchanged": unchanged + outdated,
        "outdated": outdated,
        "rejected": len(refused),
        "dropped_fields": list(read.dropped),
        "rows": sorted(told, key=lambda row: row["line"]),
    }


def _refusals(read: JsonRows, refused: pd.DataFrame, start: int) -> list[dict[str, Any]]:
    unread = {refusal.line: refusal for refusal in read.refused}
    told = []
    for number, column, reason in zip(refused.index, refused["column"], refused["reason"], strict=True):
        line = int(number) - start
        if line in unread:
            name, code = unread[line].field, unread[line].code
        else:
            name, code = _FIELDS.get(column, ""), OUTSIDE[0] if reason == OUTSIDE[1] else code_of(reason)
        words = f"{column}:{reason}" if column else reason
        told.append({"line": line, "result": "rejected", "field": name, "code": code, "reason": words})
    return told
