"""SaTScan's own input files: cases, controls, places, population."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from geo.neighbours import on_sphere
from risk.scan.period import Date, DateError, read_date

Coordinates = Literal["auto", "latlon", "cartesian"]
SPHERE_KM = 6367.0
"""Radius of the sphere SaTScan measures on, from the radii it prints."""
_FIELD = re.compile(r'"([^"]*)"|([^\s"]+)')
_COMMA_AFTER_FIRST = re.compile(r'\s*("[^"]*"|[^\s",]+)\s*,')
_UNDATED = ("unspecified", "none", "na")


class ScanFileError(ValueError):
    """A file cannot be scanned; the message names the file, and the line where there is one."""


@dataclass(frozen=True)
class Places:
    """Where the circles are.

    Parameters
    ----------
    names
        Identifiers in the order of the file.
    points
        Shape (places, dimensions): kilometres on a sphere in space, or the file's own cartesian units.
    """

    names: list[str]
    points: np.ndarray


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line number and fields of each line; blank lines and `;` or `#` comments are left out."""
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip() or line.lstrip()[0] in ";#":
            continue
        fields = [quoted or plain for quoted, plain in _FIELD.findall(line)]
        if _COMMA_AFTER_FIRST.match(line):
            fields = [field.strip() for field in next(csv.reader([line], skipinitialspace=True))]
        yield number, fields


def _text(path: Path) -> str:
    """A file in UTF-8, in UTF-16 with its mark, or in GB 18030. Raises ScanFileError for anything else."""
    content = path.read_bytes()
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ScanFileError(f"{path.name} is not a text file in UTF-8, UTF-16 or GB 18030")


def read_places(path: Path, *, coordinates: Coordinates = "auto") -> Places:
    """Read a .geo file: identifier, then latitude and longitude, or two and more cartesian coordinates.

    "auto" takes two columns within ±90 and ±180 for latitude and longitude. A place written twice with the same
    coordinates counts once; words after the coordinates are left out.

    Raises
    ------
    ScanFileError
        No place, a coordinate that is no number, or two different coordinates of one place.
    """
    at: dict[str, tuple[float, ...]] = {}
    for number, fields in read_rows(path):
        values = _coordinates(fields[1:])
        if len(fields) > 2 and len(values) < 2:
            raise ScanFileError(f"{path.name}, line {number}: a coordinate is not a number")
        if len(values) < 2 or len(values) != len(next(iter(at.values()), values)):
            raise ScanFileError(f"{path.name}, line {number}: expected an identifier and its coordinates")
        if at.setdefault(fields[0], values) != values:
            raise ScanFileError(f"{path.name}, line {number}: place {fields[0]!r} has two different coordinates")
    if not at:
        raise ScanFileError(f"{path.name} has no place")
    points = np.array(list(at.values()))
    if coordinates == "latlon" or (coordinates == "auto" and _looks_geographic(points)):
        if points.shape[1] != 2 or (np.abs(points) > [90, 180]).any():
            raise ScanFileError(f"{path.name}: latitudes must lie within ±90 and longitudes within ±180")
        points = SPHERE_KM * on_sphere(points[:, 1], points[:, 0])
    return Places(list(at), points)


def read_counts(path: Path, *, dated: bool | None = None) -> pd.DataFrame:
    """Read a .cas or .ctl file: identifier, count, then a date if there is one, then covariates.

    Parameters
    ----------
    dated
        Whether the third column is a date; None: it is when each of its values reads as one with a four-digit
        year.

    Returns
    -------
    Columns `line`, `place`, `count`, `day` (datetime64, NaT without a date), `precision` ("" without a date) and
    `stratum` (covariates joined by a space, "" without any).

    Raises
    ------
    ScanFileError
        A line without a whole count, or without the date others have.
    """
    rows = list(read_rows(path))
    if dated is None:
        dated = bool(rows) and all(len(fields) > 2 and _is_dated(fields[2]) for _, fields in rows)
    records = [_count_row(path, number, fields, dated) for number, fields in rows]
    return pd.DataFrame(records, columns=["line", "place", "count", "day", "precision", "stratum"])


def read_population(path: Path) -> pd.DataFrame:
    """Read a .pop file: identifier, date (or `unspecified`), people, then covariates.

    Returns
    -------
    Columns `line`, `place`, `day`, `precision`, `people`, `stratum`. A year means its 1 July, a month its 15th.

    Raises
    ------
    ScanFileError
        A line with fewer than three fields, an unreadable date, or people that are no number from 0.
    """
    records = []
    for number, fields in read_rows(path):
        if len(fields) < 3:
            raise ScanFileError(f"{path.name}, line {number}: expected a place, a date and a number of people")
        try:
            day, precision = _population_day(fields[1])
            people = float(fields[2])
        except ValueError as error:
            raise ScanFileError(f"{path.name}, line {number}: {error}") from error
        if not (np.isfinite(people) and people >= 0):
            raise ScanFileError(f"{path.name}, line {number}: {fields[2]!r} is not a number of people")
        records.append((number, fields[0], day, precision, people, " ".join(fields[3:])))
    if not records:
        raise ScanFileError(f"{path.name} has no population")
    return pd.DataFrame(records, columns=["line", "place", "day", "precision", "people", "stratum"])


def place_index(rows: pd.DataFrame, names: list[str], *, file: str) -> np.ndarray:
    """Position of each row's place. Raises ScanFileError naming a place that has no coordinates."""
    found = pd.Index(names).get_indexer(pd.Index(rows["place"]))
    if (found < 0).any():
        row = rows.iloc[int((found < 0).argmax())]
        raise ScanFileError(f"{file}, line {row['line']}: place {row['place']!r} has no coordinates")
    return np.asarray(found)


def _coordinates(fields: list[str]) -> tuple[float, ...]:
    """The finite numbers that a line goes on with."""
    values = []
    for field in fields:
        try:
            value = float(field)
        except ValueError:
            break
        if not np.isfinite(value):
            break
        values.append(value)
    return tuple(values)


def _looks_geographic(points: np.ndarray) -> bool:
    return points.shape[1] == 2 and bool((np.abs(points) <= [90, 180]).all())


def _is_dated(text: str) -> bool:
    try:
        read_date(text)
    except DateError:
        return False
    return re.search(r"\d{4}", text) is not None


def _count_row(path: Path, number: int, fields: list[str], dated: bool) -> tuple[int, str, int, pd.Timestamp, str, str]:
    """One line of a case or control file."""
    if len(fields) < 2 + dated:
        wanted = "a place, a count and a date" if dated else "a place and a count"
        raise ScanFileError(f"{path.name}, line {number}: expected {wanted}")
    if not re.fullmatch(r"[0-9]{1,9}", fields[1]):
        raise ScanFileError(f"{path.name}, line {number}: {fields[1]!r} is not a whole count")
    try:
        date = read_date(fields[2]) if dated else Date(pd.NaT, "")  # type: ignore[arg-type]
    except DateError as error:
        raise ScanFileError(f"{path.name}, line {number}: {error}") from error
    return number, fields[0], int(fields[1]), date.day, date.precision, " ".join(fields[2 + dated :])


def _population_day(text: str) -> tuple[pd.Timestamp, str]:
    """Day a population is stated for."""
    if text.lower() in _UNDATED:
        return pd.Timestamp(2000, 1, 1), ""
    date = read_date(text)
    middle = {"year": pd.DateOffset(month=7, day=1), "month": pd.DateOffset(day=15), "day": pd.DateOffset(days=0)}
    return date.day + middle[date.precision], date.precision
