"""One level of drawn outlines, read once when first needed and parsed by slices."""

from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geo.divisions import PLACE_DIGITS, code_of, place_of


class _Columns(NamedTuple):
    places: NDArray[np.int64]  # sorted
    names: pa.Array
    weights: NDArray[np.float64]
    outlines: pa.Array  # WKB
    schematic: NDArray[np.bool_]


class DrawnLevel:
    """Outlines of one level as bytes in memory; safe to share between threads.

    Parameters
    ----------
    path
        GeoParquet with `code`, `name`, `weight`, `geometry` (WKB), sorted by code; without `schematic` all are.
    level
        Level of its units, 4-6.
    """

    def __init__(self, path: Path, level: int) -> None:
        self._path = path
        self._level = level
        self._lock = Lock()

    @property
    def places(self) -> NDArray[np.int64]:
        """Places of all units, sorted."""
        return self._columns.places

    @property
    def weights(self) -> NDArray[np.float64]:
        """Share of the people of each unit, in the order of `places`."""
        return self._columns.weights

    def between(self, first: int, end: int) -> slice:
        """Rows of the places in the half-open range [first, end)."""
        low, high = np.searchsorted(self._columns.places, [first, end])
        return slice(int(low), int(high))

    def codes(self, rows: slice) -> list[str]:
        """Codes of rows."""
        return [code_of(place, self._level) for place in self._columns.places[rows].tolist()]

    def names(self, rows: slice) -> list[str]:
        """Names of rows."""
        found: list[str] = self._columns.names[rows].to_pylist()
        return found

    def outlines(self, rows: slice) -> NDArray[Any]:
        """Polygons of rows."""
        shapes: NDArray[Any] = shapely.from_wkb(self._columns.outlines[rows].to_numpy(zero_copy_only=False))
        return shapes

    def name(self, code: str) -> str | None:
        """Name of one unit, None if it is not drawn here."""
        row = self._row(code)
        return None if row is None else str(self._columns.names[row].as_py())

    def outline(self, code: str) -> Any:
        """Polygon of one unit, None if it is not drawn here."""
        row = self._row(code)
        return None if row is None else self.outlines(slice(row, row + 1))[0]

    def schematic(self, rows: slice) -> list[bool]:
        """Whether the outlines of rows are schematic (示意) and not boundaries."""
        found: list[bool] = self._columns.schematic[rows].tolist()
        return found

    def is_schematic(self, code: str) -> bool:
        """Whether one unit is drawn here, and schematically."""
        row = self._row(code)
        return row is not None and bool(self._columns.schematic[row])

    def _row(self, code: str) -> int | None:
        places = self._columns.places
        place = place_of(code)
        row = int(np.searchsorted(places, place))
        return row if row < len(places) and places[row] == place else None

    @property
    def _columns(self) -> _Columns:
        with self._lock:
            return self._read

    @cached_property
    def _read(self) -> _Columns:
        wanted = ["code", "name", "weight", "geometry", "schematic"]
        known = pq.read_schema(self._path).names
        table = pq.read_table(self._path, columns=[name for name in wanted if name in known])
        codes = table["code"].to_pylist()
        places = np.array([int(code.ljust(PLACE_DIGITS, "0")) for code in codes], np.int64)
        if np.any(np.diff(places) <= 0):
            raise ValueError(f"expected codes in ascending order in {self._path}")
        names, outlines = (table[column].combine_chunks() for column in ("name", "geometry"))
        schematic = table["schematic"].to_numpy() if "schematic" in known else np.ones(len(places), bool)
        return _Columns(places, names, table["weight"].to_numpy(), outlines, schematic)
