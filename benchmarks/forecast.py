"""How well next week's counts are foretold, on any city's file: `manage.py bench forecast --incidents FILE --json`."""

import time
import zipfile
from pathlib import Path
from typing import IO, Annotated, Any

import numpy as np
import pandas as pd
import typer

from benchmarks import figures
from geo.hexagons import cell_of
from risk.backtest.bootstrap import ratio_interval
from risk.backtest.measures import coverage, coverage_by_volume, hits, poisson_deviance, randomised_pit
from risk.backtest.rolling import TEST_WEEKS, BackTest, Protocol, back_test, peeking
from risk.forecast.counts import WeeklyCounts, count_weekly
from risk.forecast.features import PlaceFeatures
from risk.forecast.surroundings import around_cells

app = typer.Typer()

RULE = (
    "exact duplicate rows dropped; rows without time or coordinates dropped; weeks Monday to Sunday, first and last "
    "partial week dropped; places = cells with an incident of the chosen kinds before the test; test = last 26 weeks"
)
NAMES = {
    "time": ("occurred_at", "datetime", "date", "time", "date_occ", "incident date", "incident_date", "reported date"),
    "longitude": ("longitude", "lon", "lng", "x"),
    "latitude": ("latitude", "lat", "y"),
    "kind": ("kind", "type", "primary type", "primary_type", "category", "offense", "offence", "crime type"),
}
"""Headings that are recognised where no column is named."""
ORDER = {"time": 0, "kind": 1, "latitude": 2, "longitude": 3}
"""Columns of a file without a header where none is named."""


@app.command()
def run(
    incidents: Annotated[Path, typer.Option(help="CSV, or a zip of one")],
    time_column: Annotated[str | None, typer.Option("--time", help="Heading, or 0-based number")] = None,
    longitude: Annotated[str | None, typer.Option(help="Heading, or 0-based number")] = None,
    latitude: Annotated[str | None, typer.Option(help="Heading, or 0-based number")] = None,
    kind: Annotated[str | None, typer.Option(help="Heading, or 0-based number")] = None,
    kinds: Annotated[str | None, typer.Option(help="Only these, separated by commas; all others still inform")] = None,
    resolutions: Annotated[str, typer.Option(help="H3 resolutions, separated by commas")] = "8,9",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Back-test the forecast beside eight simple baselines."""
    named = {"time": time_column, "longitude": longitude, "latitude": latitude, "kind": kind}
    table = read_incidents(incidents, named)
    chosen = tuple(each.strip() for each in kinds.split(",")) if kinds else None
    found: dict[str, Any] = {"incidents": len(table), "kinds": list(chosen) if chosen else "all", "rule": RULE}
    for resolution in (int(each) for each in resolutions.split(",")):
        found[f"h3_{resolution}"] = measure(table, resolution=resolution, kinds=chosen)
    found["peak_mb"] = figures.peak_mb()
    figures.show(found, as_json=as_json)


def read_incidents(path: Path, named: dict[str, str | None]) -> pd.DataFrame:
    """Columns `day`, `kind`, `longitude`, `latitude` of any file with a time, a place and (perhaps) a kind."""
    raw = _read(path, has_header=_has_header(path)).drop_duplicates()
    column = {role: _column(raw, role, given) for role, given in named.items()}
    missing = [role for role in ("time", "longitude", "latitude") if column[role] is None]
    if missing:
        raise typer.BadParameter(f"no column for {', '.join(missing)} among {list(raw.columns)}")
    moment = _moments(raw[column["time"]])
    kind = raw[column["kind"]].astype(str) if column["kind"] is not None else pd.Series("all", index=raw.index)
    table = pd.DataFrame(
        {
            "moment": moment,
            "kind": kind.str.strip(),
            "longitude": pd.to_numeric(raw[column["longitude"]], errors="coerce"),
            "latitude": pd.to_numeric(raw[column["latitude"]], errors="coerce"),
        }
    )
    inside = table["longitude"].between(-180, 180) & table["latitude"].between(-90, 90)
    table = table[inside & table["moment"].notna() & ((table["longitude"] != 0) | (table["latitude"] != 0))]
    day = (table["moment"].dt.normalize() - pd.Timestamp("1970-01-01")).dt.days.astype("int64")
    return table.assign(day=day).drop(columns="moment").reset_index(drop=True)


def measure(table: pd.DataFrame, *, resolution: int, kinds: tuple[str, ...] | None) -> dict[str, Any]:
    """All figures of one resolution."""
    began = time.perf_counter()
    place = cell_of(table["longitude"], table["latitude"], resolution=resolution)
    history = known_before_test(table.assign(place=place), kinds)
    surroundings = around_cells(history.places, resolution=resolution)
    features = PlaceFeatures(kinds=kinds, festivals=False)
    tests = back_test(history, surroundings, features=features, protocol=Protocol())
    week, month = tests[1], tests[4]
    simple = week.simple[week.best_simple()]
    deviance = {
        name: poisson_deviance(week.observed, each) for name, each in (("model", week.model), ("simple", simple))
    }
    low, high = ratio_interval(deviance["model"].sum(axis=0), deviance["simple"].sum(axis=0))
    transform = randomised_pit(week.observed, week.model, week.dispersion, seed=0)
    counts = history.of(kinds or history.kinds)
    return {
        "places": len(history.places),
        "weeks": history.weeks,
        "best_simple": week.best_simple(),
        "best_simple_deviance": round(week.deviance(simple), 4),
        "deviance_ratio": _ratio(week),
        "deviance_ratio_lower": round(low, 4),
        "deviance_ratio_upper": round(high, 4),
        "four_week_ratio": _ratio(month),
        "two_sided_ratio": round(peeking(counts, week) / week.deviance(simple), 4),
        "hit5": round(_hit_rate(week, week.model), 4),
        "best_simple_hit5": round(max(_hit_rate(week, each) for each in week.simple.values()), 4),
        "coverage90": round(coverage(transform), 4),
        "coverage90_by_decile": [round(each, 4) for each in coverage_by_volume(transform, week.model)],
        "settings": {horizon: each.settings.get_params() for horizon, each in tests.items()},
        "seconds": round(time.perf_counter() - began, 1),
    }


def known_before_test(table: pd.DataFrame, kinds: tuple[str, ...] | None) -> WeeklyCounts:
    """Counts of the cells that had an incident of the chosen kinds before the test began."""
    history = count_weekly(table)
    start = history.first_day + 7 * (history.weeks - TEST_WEEKS)
    early = table[(table["day"] < start) & (table["kind"].isin(kinds) if kinds else True)]
    return history.only(np.isin(history.places, early["place"].to_numpy()))


def _ratio(test: BackTest) -> float:
    return round(test.deviance(test.model) / test.deviance(test.simple[test.best_simple()]), 4)


def _hit_rate(test: BackTest, expected: np.ndarray) -> float:
    return float(hits(test.observed, expected, 0.05).sum() / test.observed.sum())


def _open(path: Path) -> IO[bytes]:
    if path.suffix.lower() != ".zip":
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    tables = [each for each in archive.infolist() if not each.is_dir() and "__MACOSX" not in each.filename]
    return archive.open(max(tables, key=lambda each: each.file_size))


def _read(path: Path, *, has_header: bool, rows: int | None = None) -> pd.DataFrame:
    with _open(path) as file:
        table = pd.read_csv(file, header=0 if has_header else None, nrows=rows, low_memory=False)
    return table.rename(columns=str)


def _has_header(path: Path) -> bool:
    """A first row with a number in it is a row of values: headings are words."""
    first = _read(path, has_header=False, rows=1).iloc[0].astype(str)
    return not pd.to_numeric(first, errors="coerce").notna().any()


def _column(table: pd.DataFrame, role: str, given: str | None) -> str | None:
    if given is not None:
        if given in table.columns:
            return given
        if given.isdigit() and int(given) < table.shape[1]:
            return str(table.columns[int(given)])
        raise typer.BadParameter(f"no column {given!r} among {list(table.columns)}")
    if all(name.isdigit() for name in table.columns):
        return str(ORDER[role]) if ORDER[role] < table.shape[1] else None
    lowered = {name.strip().lower(): name for name in table.columns}
    return next((lowered[name] for name in NAMES[role] if name in lowered), None)


def _moments(values: pd.Series) -> pd.Series:
    """Local time of each row; NaT where it cannot be read."""
    if pd.api.types.is_numeric_dtype(values):
        unit = "ms" if values.abs().median() > 1e11 else "s"
        return pd.to_datetime(values, unit=unit, errors="coerce")
    for layout in ("%m/%d/%Y %I:%M:%S %p", "ISO8601", "%Y/%m/%d %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "mixed"):
        moments = pd.to_datetime(values, format=layout, errors="coerce", utc=False)
        if moments.notna().mean() > 0.9:
            return moments.dt.tz_localize(None) if moments.dt.tz is not None else moments
    return moments
