"""Another database's view, read row by row as text in the order of its watermark."""

import datetime as dt
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import Date, DateTime, String, column, create_engine, inspect, literal, select, table
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ArgumentError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.sql.elements import ColumnElement, quoted_name
from sqlalchemy.types import TypeEngine

from data.feeds.profile import FeedProfile, PullSettings
from data.readers.columns import check_headers
from data.readers.errors import BadFileError
from data.readers.files import fields_of

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - a view's own moments, in whatever zone it means
MICROSECOND = dt.timedelta(microseconds=1)


class PullError(RuntimeError):
    """The other database, its view or what it holds can not be read; nothing that it says names the address."""


@dataclass(frozen=True)
class Part:
    """Some rows: text by field, numbered from `first`, and the watermark of the last one."""

    rows: pd.DataFrame
    watermark: int


@dataclass(frozen=True)
class RemoteView:
    """A view and the columns of it that may enter, by field."""

    engine: Engine
    settings: PullSettings
    fields: Mapping[str, str]
    watermark_type: TypeEngine[Any]
    dropped: tuple[str, ...]

    def latest(self, as_of: pd.Timestamp, zone: str) -> int | None:
        """Return the watermark of the present moment, which none can truly be beyond; None for numbers."""
        if self.settings.watermark_kind == "number":
            return None
        moment = as_of.tz_convert("UTC" if self._is_aware else zone).tz_localize(None)
        return int((moment.to_pydatetime() - EPOCH) // MICROSECOND)

    def parts(self, since: int | None) -> Generator[Part]:
        """Yield rows from a watermark on, those that equal it included; from the beginning where it is None.

        Raises
        ------
        PullError
            The database breaks off, or a watermark is not what the profile says.
        """
        view = table(_exact(self.settings.view), *map(column, self._names), schema=_schema(self.settings))
        mark = view.c[self.settings.watermark]
        query = select(*(view.c[name] for name in self._names)).where(mark.is_not(None)).order_by(mark)
        if since is not None:
            query = query.where(mark >= self._bound(since))
        first = 1
        with (
            told_without_address(self.engine),
            self.engine.connect().execution_options(stream_results=True) as connection,
            connection.execute(query) as result,
        ):
            for rows in result.mappings().partitions(self.settings.rows):
                yield self._part([dict(row) for row in rows], first)
                first += len(rows)

    @property
    def _is_aware(self) -> bool:
        return bool(getattr(self.watermark_type, "timezone", False))

    @property
    def _names(self) -> list[quoted_name]:
        return [_exact(name) for name in dict.fromkeys((*self.fields, self.settings.watermark))]

    def _part(self, rows: list[dict[str, Any]], first: int) -> Part:
        index = pd.RangeIndex(first, first + len(rows), name="line")
        texts = {field: [as_text(row[name]) for row in rows] for name, field in self.fields.items()}
        return Part(pd.DataFrame(texts, index=index, dtype="str"), self._number(rows[-1][self.settings.watermark]))

    def _number(self, value: Any) -> int:
        """A watermark as a whole number: itself, or microseconds since 1970."""
        try:
            if self.settings.watermark_kind == "number":
                return int(value)
            moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
            if not isinstance(moment, dt.datetime):
                moment = dt.datetime.combine(moment, dt.time())
            if moment.tzinfo:
                moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
            return (moment - EPOCH) // MICROSECOND
        except (TypeError, ValueError) as error:
            kind = {"number": "整数", "time": "时间"}[self.settings.watermark_kind]
            raise PullError(
                f"水位列 {self.settings.watermark} 里的“{str(value)[:40]}”不是{kind}。请核对配置。"
            ) from error

    def _bound(self, since: int) -> ColumnElement[Any]:
        """The watermark to begin at, as the column's kind compares it."""
        if self.settings.watermark_kind == "number":
            return literal(since)
        moment = EPOCH + since * MICROSECOND
        if isinstance(self.watermark_type, String) or self.engine.dialect.name == "sqlite":
            # Text is compared as text: whole seconds are never behind the same second with a fraction.
            return literal(moment.replace(microsecond=0).isoformat(sep=" "), String())
        if isinstance(self.watermark_type, Date) and not isinstance(self.watermark_type, DateTime):
            return literal(moment.date())
        aware = self._is_aware
        return literal(moment.replace(tzinfo=dt.UTC) if aware else moment, DateTime(timezone=aware))


@contextmanager
def open_view(url: str, profile: FeedProfile) -> Iterator[RemoteView]:
    """Hold the view that a profile names open.

    Raises
    ------
    PullError
        No such database, view or column.
    """
    settings = profile.pull
    if settings is None:
        raise PullError(f"来源 {profile.name} 的配置没有 pull 一节。请先写明视图和水位列。")
    try:
        engine = create_engine(url, hide_parameters=True)
    except (ArgumentError, ImportError, ValueError):
        raise PullError(f"环境变量 {settings.url_variable} 里不是可用的数据库地址。") from None
    try:
        with told_without_address(engine):
            found = inspect(engine).get_columns(settings.view, schema=settings.schema)
        yield _view(engine, profile, settings, {each["name"]: each["type"] for each in found})
    finally:
        engine.dispose()


def _view(
    engine: Engine, profile: FeedProfile, settings: PullSettings, types: Mapping[str, TypeEngine[Any]]
) -> RemoteView:
    names = list(types)
    fields = fields_of(names, profile)
    try:
        check_headers(names, fields.values())
    except BadFileError as error:
        raise PullError(f"视图 {settings.view}:{error}") from error
    if settings.watermark not in types:
        shown = "、".join(names[:12])
        raise PullError(f"视图 {settings.view} 里没有水位列 {settings.watermark},只有:{shown}。请核对配置。")
    dropped = tuple(name for name in names if name not in fields and name != settings.watermark)
    return RemoteView(engine, settings, fields, types[settings.watermark], dropped)


@contextmanager
def told_without_address(engine: Engine) -> Iterator[None]:
    """Turn the database's errors into ones that can be shown: without address, user and password."""
    try:
        yield
    except NoSuchTableError as error:
        raise PullError(f"没有名为 {error} 的视图。请核对配置里的 schema 和 view。") from None
    except SQLAlchemyError as error:
        raise PullError(f"读取来源数据库失败({type(error).__name__}):{_cleaned(error, engine)}") from None


def _cleaned(error: SQLAlchemyError, engine: Engine) -> str:
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    text, url = said[0] if said else "", engine.url
    secrets = (url.render_as_string(hide_password=False), url.password, url.username, url.host, url.database)
    for secret in sorted((str(each) for each in secrets if each), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text[:200]


def as_text(value: Any) -> str:
    """A value as a file would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="microseconds" if value.microsecond else "seconds")
    if isinstance(value, float | Decimal):
        number = Decimal(str(value))
        return format(number, "f") if number.is_finite() else str(number)
    return str(value)


def _exact(name: str) -> quoted_name:
    return quoted_name(name, quote=True)


def _schema(settings: PullSettings) -> quoted_name | None:
    return _exact(settings.schema) if settings.schema else None
