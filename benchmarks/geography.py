"""Time to draw all schematic outlines, and how well children fill their parents."""

import tempfile
import time
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import typer

from benchmarks import figures
from geo.divisions import read_boundaries
from geo.geography import open_geography
from geo.schematic import FILES, build

app = typer.Typer()


@app.command()
def geography(
    seed: Annotated[int, typer.Option(help="Seed of the drawing")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line")] = False,
) -> None:
    """Seconds to build, worst gap and overlap as shares of the parent's area, children per look-up."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        build(Path(folder), seed=seed)
        seconds = time.perf_counter() - begun
        tables = {level: gpd.read_parquet(Path(folder) / name) for level, name in FILES.items()}
        lookups = _lookups(Path(folder), tables[5]["code"].iloc[::500].tolist())
    gaps, overlaps, invalid = _fit(tables)
    figures.show(
        {
            "seconds": round(seconds, 1),
            "gap_share": float(f"{gaps:.3g}"),
            "overlap_share": float(f"{overlaps:.3g}"),
            "grids": len(tables[6]),
            "villages": len(tables[5]),
            "townships": len(tables[4]),
            "invalid_coverages": invalid,
            "several_parts": sum(int((table.geom_type != "Polygon").sum()) for table in tables.values()),
            "children_p50_ms": figures.percentile_ms(lookups, 0.5),
            "children_p95_ms": figures.percentile_ms(lookups, 0.95),
        },
        as_json=as_json,
    )


def _fit(tables: dict[int, gpd.GeoDataFrame]) -> tuple[float, float, int]:
    """Worst gap and overlap share over all parents, and parents whose children are no valid coverage."""
    counties = read_boundaries().query("level == 3")
    above = pd.concat([counties[["code", "geometry"]], tables[4], tables[5]]).set_index("code").geometry
    gap, overlap, invalid = 0.0, 0.0, 0
    for table in tables.values():
        rows = table.geometry.to_numpy()
        for parent, places in table.groupby("parent").indices.items():
            children, outline = rows[np.asarray(places)], above[parent]
            together = shapely.union_all(children)
            gap = max(gap, shapely.difference(outline, together).area / outline.area)
            spilled = shapely.difference(together, outline).area
            doubled = max(0.0, shapely.area(children).sum() - together.area)
            overlap = max(overlap, (spilled + doubled) / outline.area)
            invalid += not shapely.coverage_is_valid(children)
    return gap, overlap, invalid


def _lookups(folder: Path, villages: list[str]) -> list[float]:
    units = open_geography(folder)
    codes = [code[:length] for length in (6, 9, 12) for code in villages]
    for code in codes[:: len(villages)]:
        units.children(code)  # files are read at the first use
    seconds = []
    for code in codes:
        begun = time.perf_counter()
        units.children(code)
        seconds.append(time.perf_counter() - begun)
    return seconds


if __name__ == "__main__":
    app()
