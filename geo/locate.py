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

from geo.divisions import PLACE_DIGITS, PREFIX_LENGTH, place_of, read_boundaries
from geo.drawn import DrawnLevel
from geo.hierarchy import is_imported
from geo.raster import Outlines, Raster, draw, find
from geo.schematic import FILES, is_built

_FORMAT_VERSION = 1
_FILE = "locator.npz"
_IMPORTED = ("boundaries.parquet",)
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
    def build(cls, polygons: Any, places: ArrayLike, *, preference: ArrayLike | None = None) -> "Locator":
        """Locator of polygons.

        Parameters
        ----------
        polygons
            At least one Polygon or MultiPolygon, WGS 84 degrees; holes and overlaps are welcome.
        places
            15-digit integer of each polygon.
        preference
            Of polygons that hold the same point that of the lowest preference wins, the lowest code among equals.

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
        order = np.lexsort((numbers, np.zeros(len(numbers)) if preference is None else np.asarray(preference)))
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

    A point in a special area gets the area's place, filled up with zeros. Imported outlines may leave gaps within
    their parent: a point in one gets the parent's place. The index is kept in `folder` and built again when the
    outlines there change. Without outlines in `folder` counties are located.
    """
    if not is_built(folder):
        return Locator.build(*_leaves({}, folder))
    files = [folder / name for name in (*FILES.values(), *_IMPORTED) if (folder / name).is_file()]
    fingerprint = [_FORMAT_VERSION, *(n for file in files for n in (file.stat().st_size, file.stat().st_mtime_ns))]
    known = Locator.read(folder / _FILE, fingerprint=fingerprint)
    if known is None:
        if is_imported(folder):
            polygons, places, preference = _all_levels(folder)
            known = Locator.build(polygons, places, preference=preference)
        else:
            known = Locator.build(*_leaves(FILES, folder))
        known.write(folder / _FILE, fingerprint=fingerprint)
    return known


def _leaves(files: dict[int, str], folder: Path) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Polygons with nothing drawn below them, and their places."""
    levels = _levels(files, folder)
    shapes, places = [], []
    for index, (level, numbers, polygons) in enumerate(levels):
        span = 10 ** (PLACE_DIGITS - PREFIX_LENGTH[level])
        below = levels[index + 1][1] if index + 1 < len(levels) else np.empty(0, np.int64)
        bare = np.searchsorted(below, numbers) == np.searchsorted(below, numbers + span)
        shapes.append(polygons[bare])
        places.append(numbers[bare])
    return np.concatenate(shapes), np.concatenate(places)


def _all_levels(folder: Path) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """Polygons of every level, their places, and the finer the level the lower the preference."""
    levels = _levels(FILES, folder, coarsest=1)
    shapes = np.concatenate([polygons for _, _, polygons in levels])
    places = np.concatenate([numbers for _, numbers, _ in levels])
    return shapes, places, np.repeat([-level for level, _, _ in levels], [len(numbers) for _, numbers, _ in levels])


def _levels(
    files: dict[int, str], folder: Path, *, coarsest: int = 3
) -> list[tuple[int, NDArray[np.int64], NDArray[Any]]]:
    """Level, places and polygons of each level, the coarsest first."""
    published = read_boundaries(folder)
    found = []
    for level in range(coarsest, 4):
        rows = published[published["level"] == level]
        numbers = np.array([place_of(code) for code in rows["code"]], np.int64)
        found.append((level, numbers, rows.geometry.to_numpy()))
    for level, name in sorted(files.items()):
        drawn = DrawnLevel(folder / name, level)
        found.append((level, drawn.places, drawn.outlines(slice(None))))
    return found


def _outlines(shapes: NDArray[Any]) -> Outlines:
    kind, xy, offsets = shapely.to_ragged_array(shapes, include_z=False)
    rings, parts = offsets[0], offsets[1]
    if kind == shapely.GeometryType.MULTIPOLYGON:
        parts = parts[offsets[2]]
    bounds = np.ascontiguousarray(shapely.bounds(shapes))
    return Outlines(np.ascontiguousarray(xy), rings.astype(np.int64), parts.astype(np.int64), bounds)
