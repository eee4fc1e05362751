"""The rows of a delivered file, checked and placed; nothing is stored here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.feeds.profile import FeedProfile
from data.feeds.profiles import profile_of
from data.places import Places, locate_rows
from data.readers.columns import label
from data.readers.files import DIVISION_PART, RawChunk, join_division, open_feed_file
from data.readers.parse import Rules, parse_rows
from geo.datum import Datum
from risk.incident import SOURCES


@dataclass(frozen=True)
class Delivery:
    """A file as handed in: where it is, what it is called, whose it is, in which datum its coordinates are."""

    path: Path
    source: str
    datum: Datum
    name: str = ""
    simulated: bool = False
    profile: FeedProfile | None = None
    """How the feed writes; the shipped profile of the source where it is None."""

    def __post_init__(self) -> None:
        """Refuse an unknown source; name the file after its path unless told otherwise."""
        if self.source not in SOURCES:
            raise ValueError(f"expected a source of {', '.join(SOURCES)}, found {self.source!r}")
        object.__setattr__(self, "name", Path(self.name or self.path.name).name)

    @classmethod
    def of(cls, path: Path, profile: FeedProfile, *, name: str = "") -> "Delivery":
        """Return a file of a feed, in the way that the feed writes."""
        return cls(path, profile.source, profile.datum, name, profile=profile)


@dataclass(frozen=True)
class CheckedChunk:
    """Rows ready to be stored, and rejected ones (line, column, reason, row as JSON text)."""

    rows: pd.DataFrame
    rejected: pd.DataFrame
    unmapped: dict[str, int]


def check_rows(
    delivery: Delivery, places: Places, *, as_of: pd.Timestamp
) -> tuple[tuple[str, ...], Iterator[CheckedChunk]]:
    """Names of dropped columns, and the file's rows parsed and placed chunk by chunk; nothing is stored.

    Raises
    ------
    data.readers.errors.BadFileError
        The file as a whole can not be read.
    """
    profile = delivery.profile or profile_of(delivery.source, delivery.datum)
    file = open_feed_file(delivery.path, name=delivery.name, profile=profile)
    names = places.codes_by_name if any(field.startswith(DIVISION_PART) for field in file.fields.values()) else {}
    rules = Rules(delivery.source, delivery.datum, as_of, places.bounds, places.own_codes, profile, names)
    return file.dropped, (check_chunk(chunk, rules, places) for chunk in file.chunks())


def check_chunk(chunk: RawChunk, rules: Rules, places: Places) -> CheckedChunk:
    """Rows of text parsed and placed, and those that can not be, in the order of their lines."""
    given = join_division(chunk.rows)
    parsed = parse_rows(given, rules)
    rows, unknown = locate_rows(parsed.rows, places)
    codes = parsed.rows.loc[unknown, "division_code"]
    refused = [
        parsed.rejected,
        pd.DataFrame({"line": codes.index, "column": label("division_code"), "reason": "没有这个代码:“" + codes + "”"}),
        pd.DataFrame(
            [(line, label(name), why) for line, name, why in chunk.broken],
            columns=["line", "column", "reason"],
        ),
    ]
    table = pd.concat([part.astype({"line": "int64"}) for part in refused], ignore_index=True).sort_values("line")
    raw = given.reindex(table["line"])
    texts = [json.dumps(row, ensure_ascii=False) for row in raw.fillna("").to_dict("records")]
    return CheckedChunk(rows[~unknown].assign(source=rules.source), table.assign(row=texts), parsed.unmapped)
