"""Point in polygon over all grids, against geopandas.sjoin in the same run."""

import time
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import numpy as np
import typer
from numpy.typing import NDArray

from benchmarks import figures
from data.settings import read_settings
from geo.locate import Locator
from geo.schematic import FILES, build, is_built

app = typer.Typer()

_ROUNDS = 3


@app.command()
def locate(
    points: Annotated[int, typer.Option(help="Points to place")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Seed of the points")] = 0,
    folder: Annotated[Path | None, typer.Option(help="Folder of drawn outlines; built if missing")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line")] = False,
) -> None:
    """Points per second, ratio to geopandas.sjoin, and points the two disagree about (there must be none).

    Both get the same grids and are ready before the clock starts; the join's time covers making points and
    the join, the locator's its whole call, best of three. A point on a border counts for the lowest code.
    """
    where = folder or read_settings().geography
    if not is_built(where):
        build(where)
    grids = gpd.read_parquet(where / FILES[6])
    places = grids["code"].astype("int64").to_numpy()
    begun = time.perf_counter()
    locator = Locator.build(grids.geometry.array, places)
    built = time.perf_counter() - begun
    x, y = _points(grids, points, np.random.default_rng(seed))
    locator.locate(x[:1000], y[:1000])
    seconds = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        found = locator.locate(x, y)
        seconds.append(time.perf_counter() - begun)
    grids.sindex.query(grids.geometry.iloc[0])  # the join's index is ready too
    begun = time.perf_counter()
    expected = _joined(grids, x, y)
    peer = time.perf_counter() - begun
    figures.show(
        {
            "points_per_s": round(points / min(seconds)),
            "ratio": round(peer / min(seconds), 2),
            "mismatches": int((found != expected).sum()),
            "peak_mb": figures.peak_mb(),
            "points": points,
            "grids": len(grids),
            "on_borders": int(_BORDER_SHARE * points),
            "nowhere": int((found == 0).sum()),
            "index_s": round(built, 2),
            "sjoin_points_per_s": round(points / peer),
        },
        as_json=as_json,
    )


_BORDER_SHARE, _UNIFORM_SHARE = 0.02, 0.18


def _points(
    grids: gpd.GeoDataFrame, number: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points as incidents lie: most where people live, some anywhere in the province's box, some on vertices."""
    border, uniform = int(_BORDER_SHARE * number), int(_UNIFORM_SHARE * number)
    west, south, east, north = grids.total_bounds
    vertices = grids.geometry.get_coordinates().to_numpy()
    on_border = vertices[rng.integers(0, len(vertices), border)]
    anywhere = rng.uniform((west, south), (east, north), (uniform, 2))
    share = grids["weight"].to_numpy() / grids["weight"].sum()
    bounds = grids.bounds.to_numpy()[rng.choice(len(grids), number - border - uniform, p=share)]
    lived = rng.uniform(bounds[:, :2], bounds[:, 2:])
    together = rng.permutation(np.concatenate([on_border, anywhere, lived]))
    return together[:, 0].copy(), together[:, 1].copy()


def _joined(grids: gpd.GeoDataFrame, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Lowest grid place of each point by geopandas, 0 for none."""
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=grids.crs))
    pairs = gpd.sjoin(points, grids[["geometry"]], predicate="intersects")
    places = grids["code"].astype("int64").to_numpy()
    found = np.full(len(x), np.iinfo(np.int64).max)
    np.minimum.at(found, pairs.index.to_numpy(), places[pairs["index_right"].to_numpy()])
    found[found == np.iinfo(np.int64).max] = 0
    return found


if __name__ == "__main__":
    app()
