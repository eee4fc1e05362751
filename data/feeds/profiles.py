"""Read profiles: the shipped ones of the eight sources, and those that an office adds or puts in their place."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from data.feeds.profile import FIELDS, FeedProfile, PullSettings, WatchSettings
from data.feeds.yaml_section import Section, read_section
from data.readers.columns import HEADERS
from data.readers.times import FORMS
from data.readers.words import NOT_WITHDRAWN, WITHDRAWN, WITHDRAWN_STATUS, WORDS
from data.settings import Settings
from geo.datum import Datum
from risk.incident import CHANNELS, SOURCES, STATUSES

SHIPPED = Path(__file__).resolve().parent.parent / "files" / "feeds"
NAME = r"[a-z][a-z0-9_]{0,39}"
SETTINGS = (
    "title", "source", "datum", "timezone", "rhythm_minutes", "division", "columns", "words", "blank", "date_formats",
    "pull", "watch",
)  # fmt: skip
PULL_SETTINGS = ("url_variable", "schema", "view", "watermark", "watermark_kind", "overlap", "rows")
TAKES_BACK = "withdrawn"
"""What a word of the status is mapped to when it says that the incident is taken back."""


def read_profiles(settings: Settings) -> dict[str, FeedProfile]:
    """Profiles by feed: the eight shipped ones, and the office's own (`var/profiles`) beside or in place of them.

    Raises
    ------
    data.feeds.yaml_section.BadProfileError
        A file is wrong; it says which, where, what was found and what was expected.
    """
    folder = settings.var / "profiles"
    own = sorted((*folder.glob("*.yaml"), *folder.glob("*.yml")))
    return shipped_profiles() | {path.stem: read_profile(path) for path in own}


@cache
def shipped_profiles() -> dict[str, FeedProfile]:
    """Profiles of the eight sources."""
    return {name: read_profile(SHIPPED / f"{name}.yaml") for name in SOURCES}


def profile_of(source: str, datum: Datum) -> FeedProfile:
    """Return the shipped profile of a source, its coordinates in the datum given.

    Raises
    ------
    ValueError
        There is no such source.
    """
    if source not in SOURCES:
        raise ValueError(f"expected a source of {', '.join(SOURCES)}, found {source!r}")
    return replace(shipped_profiles()[source], datum=datum)


def read_profile(path: Path) -> FeedProfile:
    """Read one file; the feed is named as the file is.

    Raises
    ------
    BadProfileError
        See `read_profiles`.
    """
    top = read_section(path)
    if not re.fullmatch(NAME, path.stem):
        raise top.wrong("", f"文件名“{path.stem}”", "小写字母开头,只含小写字母、数字和下划线")
    top.check_names(SETTINGS)
    source = top.text("source", allowed=SOURCES)
    if path.stem in SOURCES and source != path.stem:
        raise top.wrong("source", f"“{source}”", f"{path.stem}(文件以这个来源命名;另一个来源请用另一个文件名)")
    words = top.section("words")
    words.check_names((*WORDS, "withdrawn"))
    taken_back, kept = _flags(words)
    return FeedProfile(
        name=path.stem,
        title=top.text("title", default=path.stem),
        source=source,
        datum=Datum(top.text("datum", allowed=[datum.value for datum in Datum])),
        timezone=_zone(top),
        headers=_headers(top.section("columns")),
        words={field: WORDS[field] | _codes(words, field) for field in WORDS},
        withdrawn=(*WITHDRAWN, *taken_back),
        not_withdrawn=(*NOT_WITHDRAWN, *kept),
        withdrawn_status=tuple(dict.fromkeys((*WITHDRAWN_STATUS, *_status_words(words)))),
        blank=_blank(top.section("blank")),
        date_formats=_date_formats(top),
        division=top.text("division", default="code", allowed=("code", "words")),
        rhythm_minutes=top.whole("rhythm_minutes"),
        pull=_pull(top.section("pull")) if "pull" in top.values else None,
        watch=_watch(top.section("watch")),
    )


def _zone(top: Section) -> str:
    if "timezone" not in top.values:
        return ""
    return str(top.checked("timezone", ZoneInfo, "时区名,例如 Asia/Shanghai", default=""))


def _headers(columns: Section) -> dict[str, tuple[str, ...]]:
    """Names of the columns; a name that the feed uses for one field stands for no other by default."""
    columns.check_names(FIELDS)
    own = {field: columns.texts(field) for field in columns.values}
    owner: dict[str, str] = {}
    for field, names in own.items():
        for name in names:
            if owner.setdefault(name, field) != field or (name in FIELDS and name != field):
                raise columns.wrong(field, f"列名“{name}”已用于 {owner[name]}", "每个列名只用于一个字段")
    usual = {field: tuple(name for name in HEADERS.get(field, ()) if name not in owner) for field in FIELDS}
    return usual | {field: names for field, names in own.items() if names}


def _codes(words: Section, field: str) -> dict[str, str]:
    section, allowed = words.section(field), sorted(set(WORDS[field].values()))
    also = [TAKES_BACK] if field == "status" else []
    found = {word.strip(): section.text(word, allowed=[*allowed, *also]) for word in section.values}
    return {word: code for word, code in found.items() if code not in also}


def _status_words(words: Section) -> list[str]:
    return [word.strip() for word, code in words.section("status").values.items() if code == TAKES_BACK]


def _flags(words: Section) -> tuple[list[str], list[str]]:
    """Words of the column `withdrawn` that say yes, and those that say no."""
    section = words.section("withdrawn")
    for word, value in section.values.items():
        if type(value) is not bool:
            raise section.wrong(word, "其他写法", "true(撤销)或 false(未撤销)")
    said = {flag: [word.lower() for word, value in section.values.items() if value is flag] for flag in (True, False)}
    return said[True], said[False]


def _blank(section: Section) -> dict[str, str]:
    section.check_names(("channel", "status"))
    return {
        "channel": section.text("channel", default="direct", allowed=CHANNELS),
        "status": section.text("status", default="accepted", allowed=STATUSES),
    }


def _date_formats(top: Section) -> tuple[str, ...]:
    forms = top.texts("date_formats")
    for form in forms:
        if not {"%Y", "%m", "%d"} <= {form[at : at + 2] for at in range(len(form))}:
            raise top.wrong("date_formats", f"“{form}”", "含有 %Y、%m、%d 的格式,例如 %Y-%m-%d %H:%M:%S")
    return forms or FORMS


def _pull(section: Section) -> PullSettings:
    section.check_names(PULL_SETTINGS)
    variable = section.text("url_variable")
    if not variable.isidentifier() or not variable.isascii():
        raise section.wrong("url_variable", "不能作环境变量名的文字", "环境变量的名称;连接地址本身不要写进文件")
    return PullSettings(
        url_variable=variable,
        view=section.text("view"),
        schema=section.text("schema") if "schema" in section.values else None,
        watermark=section.text("watermark"),
        watermark_kind=section.text("watermark_kind", allowed=("number", "time")),
        overlap=section.whole("overlap", default=0, least=0),
        rows=section.whole("rows", default=20_000),
    )


def _watch(section: Section) -> WatchSettings:
    section.check_names(("endings",))
    endings = tuple(ending.lower() for ending in section.texts("endings"))
    usual = WatchSettings().endings
    for ending in endings:
        if ending not in usual:
            raise section.wrong("endings", f"“{ending}”", "、".join(usual))
    return WatchSettings(endings or usual)
