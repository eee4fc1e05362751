"""Rebuild the files of divisions in data/files from their published sources.

Run by hand when a source changes: `python -m geo.prepare SOURCE_FOLDER`. The sources, their licences and
what became of each are listed in data/files/SOURCES.md.
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.divisions import PREFIX_LENGTH, parent_of

SPECIAL_AREAS = {"6297": "山丹马场", "6298": "莲花山", "6299": "太子山"}
"""Drawn on the map, absent from the statistics: nobody is counted there."""

_CITY_AS_COUNTY = {"620200": "620201"}  # 嘉峪关 has no counties; statistics give it one


def prepare(source: Path, target: Path) -> None:
    """Write divisions, boundaries and settlements as Parquet into `target`."""
    divisions = _divisions(source)
    target.mkdir(parents=True, exist_ok=True)
    divisions.to_parquet(target / "divisions.parquet", compression="zstd", index=False)
    boundaries = _boundaries(source)
    boundaries.to_parquet(target / "boundaries.parquet", compression="zstd", index=False)
    settlements = _settlements(source, divisions, boundaries)
    settlements.to_parquet(target / "settlements.parquet", compression="zstd", index=False)


def _divisions(source: Path) -> pd.DataFrame:
    listed = pd.read_csv(source / "gansu_divisions_5level_2022.csv.gz", dtype={"code": str, "parent": str})
    width = listed["level"].map(PREFIX_LENGTH)
    listed["code"] = [code[:digits] for code, digits in zip(listed["code"], width, strict=True)]
    special = pd.DataFrame(
        [
            {"code": code + filling, "name": name, "level": level}
            for code, name in SPECIAL_AREAS.items()
            for level, filling in ((2, ""), (3, "00"))
        ]
    )
    table = pd.concat([listed[["code", "name", "level"]], special], ignore_index=True)
    table["level"] = table["level"].astype("int8")
    table["parent"] = [parent_of(code) for code in table["code"]]
    table["population"] = table["code"].map(_population(source)).astype("Int64")
    table["counted"] = ~table["code"].str[:4].isin(list(SPECIAL_AREAS))
    return table.sort_values(["level", "code"], ignore_index=True)


def _population(source: Path) -> dict[str, int]:
    """Residents by code of county, city and province."""
    census = pd.read_csv(source / "county_population_2020.csv", dtype={"county_code": str})
    people: dict[str, int] = {}
    for code, count in zip(census["county_code"], census["population_2020"], strict=True):
        for level in (1, 2, 3):
            prefix = code[: PREFIX_LENGTH[level]]
            people[prefix] = people.get(prefix, 0) + int(count)
    return people


def _boundaries(source: Path) -> gpd.GeoDataFrame:
    drawn = gpd.read_file(source / "gansu_district_tianditu.geojson")
    codes = drawn["district_adcode"].astype(int).astype(str).replace(_CITY_AS_COUNTY)
    counties = gpd.GeoDataFrame(
        {"code": codes, "level": 3}, geometry=shapely.normalize(drawn.geometry.array), crs="EPSG:4326"
    )
    if not shapely.coverage_is_valid(counties.geometry.array):
        raise ValueError(f"the counties in {source} overlap or do not meet edge to edge")
    parts = [counties]
    for level in (2, 1):
        above = counties.assign(code=counties["code"].str[: PREFIX_LENGTH[level]], level=level)
        parts.append(above.dissolve("code", method="coverage").reset_index()[["code", "level", "geometry"]])
    table = pd.concat(parts, ignore_index=True)
    table["level"] = table["level"].astype("int8")
    return gpd.GeoDataFrame(table.sort_values(["level", "code"], ignore_index=True), crs="EPSG:4326")


def _settlements(source: Path, divisions: pd.DataFrame, boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    """One position for each township matched by GeoNames, if it lies in the township's county."""
    places = pd.read_csv(source / "gansu_places_geonames.csv", dtype={"town_code": str})
    places = places[places["town_code"].isin(divisions["code"])].sort_values(["town_code", "geonameid"])
    places = places.drop_duplicates("town_code")
    outlines = boundaries.set_index("code").geometry
    county = outlines.reindex(places["town_code"].str[:6]).array
    inside = shapely.contains_xy(np.asarray(county), places["lon"].to_numpy(), places["lat"].to_numpy())
    kept = places[inside]
    return pd.DataFrame({"code": kept["town_code"], "longitude": kept["lon"], "latitude": kept["lat"]}).reset_index(
        drop=True
    )


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), Path(__file__).parents[1] / "data" / "files")
