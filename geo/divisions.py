"""Division codes, and the divisions of an installation: those of Gansu as published, or those that were imported.

A code is written without trailing zeros; a place is the same code as a 15-digit integer. Levels:
1 province, 2 city, 3 county, 4 township, 5 village, 6 grid.
"""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.hierarchy import is_imported

PREFIX_LENGTH = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12, 6: 15}
"""Digits of a code by level; a grid's 15 digits are the full length of a place."""

PLACE_DIGITS = 15

_LEVEL = {length: level for level, length in PREFIX_LENGTH.items()}
_FILES = Path(__file__).parents[1] / "data" / "files"


def level_of(code: str) -> int:
    """Level 1-6 of a code.

    Raises
    ------
    ValueError
        The code is not 2, 4, 6, 9, 12 or 15 digits.
    """
    level = _LEVEL.get(len(code))
    if level is None or not (code.isascii() and code.isdigit()):
        raise ValueError(f"expected a division code of 2, 4, 6, 9, 12 or 15 digits, found {code!r}")
    return level


def parent_of(code: str) -> str:
    """Code one level up; an empty string above a province."""
    level = level_of(code)
    return code[: PREFIX_LENGTH[level - 1]] if level > 1 else ""


def place_of(code: str) -> int:
    """The code as an integer of 15 digits, filled up with zeros."""
    level_of(code)
    return int(code.ljust(PLACE_DIGITS, "0"))


def place_range(code: str) -> tuple[int, int]:
    """Half-open range of the places at and below a code."""
    first = place_of(code)
    return first, first + 10 ** (PLACE_DIGITS - len(code))


def code_of(place: int, level: int) -> str:
    """Code of the ancestor of a place at `level`.

    Raises
    ------
    ValueError
        `place` is not a number of 15 digits or `level` is not 1-6.
    """
    digits = str(int(place))
    if len(digits) != PLACE_DIGITS or level not in PREFIX_LENGTH:
        raise ValueError(f"expected a place of 15 digits and a level from 1 to 6, found {place} and {level}")
    return digits[: PREFIX_LENGTH[level]]


def read_divisions(folder: Path | None = None) -> pd.DataFrame:
    """Every division from the topmost down to the villages, sorted by level, then code.

    Parameters
    ----------
    folder
        Where an import may have written divisions of its own; the published ones without it.

    Returns
    -------
    `code`, `name`, `level` (1-5), `parent` (empty for the topmost), `population` (Int64: residents of the 2020 census
    for province, cities and counties, or what an import says; NA where unknown and where nobody was counted),
    `counted` (False for the special areas 6297, 6298, 6299 and their one county each). An import adds `own_code`, the
    office's own.
    """
    return pd.read_parquet(_file(folder, "divisions.parquet"))


def read_boundaries(folder: Path | None = None) -> gpd.GeoDataFrame:
    """Outlines of province, cities and counties, EPSG:4326.

    Parameters
    ----------
    folder
        As in `read_divisions`.

    Returns
    -------
    `code`, `level` (1-3), `geometry`, sorted by level, then code. As published, 620201 is drawn with the polygon of
    its city 6202; 620171 has no polygon and no row; cities and the province are unions of their counties. An import
    adds `derived`: whether an outline is the union of those below it.
    """
    return gpd.read_parquet(_file(folder, "boundaries.parquet"))


def read_settlements() -> pd.DataFrame:
    """Rough positions of some townships' seats: `code` (9 digits), `longitude`, `latitude`."""
    return pd.read_parquet(_FILES / "settlements.parquet")


def _file(folder: Path | None, name: str) -> Path:
    return folder / name if folder and is_imported(folder) else _FILES / name
