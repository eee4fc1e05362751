"""Point to place: which of very many polygons a point lies in, exactly.

A polygon is closed: a point on its border lies in it (`shapely.intersects`). A point in several polygons
belongs to the one with the lowest code.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import get_ident
from typing import Any
from zipfile import BadZipFile

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.divisions import place_of, read_boundaries
from geo.drawn import DrawnLevel
from geo.raster import Outlines, Raster, draw, find
from geo.schematic import FILES, is_built

_FORMAT_VERSION = 1
_FILE = "locator.npz"
_CHUNK = 262_144
_NOWHERE = 0


class Locator:
    """Places of points; immutable, safe to share between threads.

    Build it with `Locator.build` from any polygons or with `open_locator` from a folder of outlines.
    """

    def __init__(self, places: NDArray[np.int64], outlines: Outlines, raster: Raster) -> None:
        self._places = np.append(places, _NOWHERE)  # -1, for none, reads the last one
        self._outlines = outlines
        self._raster = raster

    @classmethod
    def build(cls, polygons: Any, places: ArrayLike) -> "Locator":
        """Locator of polygons.

        Parameters
        ----------
        polygons
            At least one Polygon or MultiPolygon, WGS 84 degrees; holes and overlaps are welcome.
        places
            15-digit integer of each polygon.

        Raises
        ------
        ValueError
            No polygons, numbers that differ, or something else than valid, non-empty polygons.
        """
        shapes, numbers = np.asarray(polygons, dtype=object), np.asarray(places, np.int64)
        if len(shapes) == 0 or len(shapes) != len(numbers):
            raise ValueError(f"expected one place for each polygon, found {len(numbers)} for {len(shapes)}")
        if not np.isin(shapely.get_type_id(shapes), [3, 6]).all() or shapely.is_empty(shapes).any():
            raise ValueError("expected polygons only, found missing, empty or other geometries")
        order = np.argsort(numbers, kind="stable")
        outlines = _outlines(shapes[order])
        return cls(numbers[order], outlines, draw(outlines))

    def locate(self, longitude: ArrayLike, latitude: ArrayLike) -> NDArray[np.int64]:
        """Place of each point, shape (n,): 15-digit integers, 0 for nowhere and for missing coordinates.

        Parameters
        ----------
        longitude, latitude
            WGS 84 degrees, shape (n,).
        """
        # writable and contiguous: a kernel is compiled once for each kind of array
        x = np.require(longitude, np.float64, ["C", "W"])
        y = np.require(latitude, np.float64, ["C", "W"])
        if x.ndim != 1 or x.shape != y.shape:
            raise ValueError(f"expected two columns of equal length, found shapes {x.shape} and {y.shape}")
        found = np.empty(len(x), np.int32)

        def settle(start: int) -> None:
            part = slice(start, start + _CHUNK)
            find(x[part], y[part], self._outlines, self._raster, found[part])

        starts = range(0, len(x), _CHUNK)
        if len(starts) <= 1:
            settle(0)
        else:  # the kernel holds no interpreter lock
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
                list(pool.map(settle, starts))
        return self._places[found]

    def write(self, path: Path, *, fingerprint: Sequence[int] = ()) -> None:
        """Keep the locator in a file that `Locator.read` opens quickly; whole or not at all."""
        grid = np.array(self._raster[:5], np.float64)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}")
        with unfinished.open("wb") as file:
            np.savez(
                file,
                fingerprint=np.array(fingerprint, np.int64),
                places=self._places[:-1],
                grid=grid,
                heads=self._raster.heads,
                lists=self._raster.lists,
                **self._outlines._asdict(),
            )
        unfinished.replace(path)

    @classmethod
    def read(cls, path: Path, *, fingerprint: Sequence[int] = ()) -> "Locator | None":
        """The locator kept in a file; None if there is none, or one of another fingerprint."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                if kept["fingerprint"].tolist() != list(fingerprint):
                    return None
                outlines = Outlines(*(kept[name] for name in Outlines._fields))
                west, south, size, columns, rows = kept["grid"].tolist()
                raster = Raster(west, south, size, int(columns), int(rows), kept["heads"], kept["lists"])
                return cls(kept["places"], outlines, raster)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None


def open_locator(folder: Path) -> Locator:
    """Locator of the finest outlines known: grids, and whatever has nothing drawn below it.

    A point in a special area gets the area's place, filled up with zeros. The index is kept in `folder`
    and built again when the outlines there change. Without outlines in `folder` counties are located.
    """
    if not is_built(folder):
        return Locator.build(*_leaves(folder, {}))
    files = [folder / name for name in FILES.values()]
    fingerprint = [_FORMAT_VERSION, *(n for file in files for n in (file.stat().st_size, file.stat().st_mtime_ns))]
    known = Locator.read(folder / _FILE, fingerprint=fingerprint)
    if known is None:
        known = Locator.build(*_leaves(folder, FILES))
        known.write(folder / _FILE, fingerprint=fingerprint)
    return known


def _leaves(folder: Path, files: dict[int, str]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Polygons with nothing drawn below them, and their places."""
    counties = read_boundaries().query("level == 3")
    levels = [(np.array([place_of(code) for code in counties["code"]]), counties.geometry.to_numpy(), 10**9)]
    for level, name in sorted(files.items()):
        drawn = DrawnLevel(folder / name, level)
        levels.append((drawn.places, drawn.outlines(slice(None)), 10 ** (15 - {4: 9, 5: 12, 6: 15}[level])))
    shapes, places = [], []
    for index, (numbers, polygons, span) in enumerate(levels):
        below = levels[index + 1][0] if index + 1 < len(levels) else np.empty(0, np.int64)
        bare = np.searchsorted(below, numbers) == np.searchsorted(below, numbers + span)
        shapes.append(polygons[bare])
        places.append(numbers[bare])
    return np.concatenate(shapes), np.concatenate(places)


def _outlines(shapes: NDArray[Any]) -> Outlines:
    kind, xy, offsets = shapely.to_ragged_array(shapes, include_z=False)
    rings, parts = offsets[0], offsets[1]
    if kind == shapely.GeometryType.MULTIPOLYGON:
        parts = parts[offsets[2]]
    bounds = np.ascontiguousarray(shapely.bounds(shapes))
    return Outlines(np.ascontiguousarray(xy), rings.astype(np.int64), parts.astype(np.int64), bounds)
