"""How a feed writes what it delivers: its profile, as `data.feeds.profiles` reads it from a YAML file.

A profile's name is the feed. Several feeds may deliver for one source; an incident is known by its source and its
external id, whichever feed brought it. What a profile does not say is as in `data.readers.columns` and
`data.readers.words`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from data.readers.columns import HEADERS, REQUIRED
from data.readers.times import FORMS
from data.readers.words import NOT_WITHDRAWN, WITHDRAWN, WITHDRAWN_STATUS, WORDS
from geo.datum import Datum

FIELDS = (*(name for name in HEADERS if name != "division_name"), "division_name")
"""Fields that a profile may name the columns of."""


@dataclass(frozen=True)
class PullSettings:
    """How rows are fetched from another database's view.

    `url_variable` is the environment variable that holds its SQLAlchemy URL; `watermark` the column by which rows are
    ordered, `watermark_kind` "number", "time" or "text"; `overlap` how far behind the last watermark the next pull
    begins again (seconds of a time, units of a number); `rows` the most that are stored in one transaction.
    """

    url_variable: str
    view: str
    schema: str | None
    watermark: str
    watermark_kind: str
    overlap: int
    rows: int


@dataclass(frozen=True)
class WatchSettings:
    """Which files of the feed's folder are taken: those whose names end in one of `endings` (small letters)."""

    endings: tuple[str, ...] = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")


@dataclass(frozen=True)
class FeedProfile:
    """One feed.

    Parameters
    ----------
    name, title, source
        The feed, what people call it, and the source that its incidents are of.
    headers
        Field to the names its column may have, the canonical one first. Only of `division_name` they are parts, from
        the largest unit to the smallest, that belong together.
    words
        Field to word to code, for the fields with a vocabulary.
    withdrawn, not_withdrawn, withdrawn_status
        Words (small letters) of the column `withdrawn` for yes and no, and words of the status that say yes.
    blank
        Code of `channel` and `status` where the feed says nothing.
    date_formats
        Forms of moments, tried in this order.
    timezone
        Name of the zone of moments that do not state their offset; "" for the installation's.
    division
        "code" where divisions are named by code, "words" where by names.
    rhythm_minutes
        How often the feed promised to deliver.
    required
        Fields that a file must have a column for.
    """

    name: str
    title: str
    source: str
    datum: Datum
    timezone: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(HEADERS))
    words: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: dict(WORDS))
    withdrawn: tuple[str, ...] = WITHDRAWN
    not_withdrawn: tuple[str, ...] = NOT_WITHDRAWN
    withdrawn_status: tuple[str, ...] = WITHDRAWN_STATUS
    blank: Mapping[str, str] = field(default_factory=lambda: {"channel": "direct", "status": "accepted"})
    date_formats: tuple[str, ...] = FORMS
    division: str = "code"
    rhythm_minutes: int = 1440
    pull: PullSettings | None = None
    watch: WatchSettings = field(default_factory=WatchSettings)
    required: tuple[str, ...] = REQUIRED

    @cached_property
    def field_of(self) -> Mapping[str, str]:
        """Header to field; the names of the fields themselves are known too."""
        found = {name: name for name in self.headers}
        return found | {header: name for name, headers in self.headers.items() for header in headers}

    def known_headers(self, headers: Iterable[str]) -> dict[str, str]:
        """Map each header that may enter to its field; the first of two columns of a field wins."""
        found: dict[str, str] = {}
        for header in headers:
            name = self.field_of.get(header.strip())
            if name and name not in found.values():
                found[header] = name
        return found
