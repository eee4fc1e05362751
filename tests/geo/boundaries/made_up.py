"""A made-up town whose codes have a form of their own: two boroughs of unit squares, cut into quarters."""

import geopandas as gpd
import pandas as pd
import shapely

from geo.boundaries.replacing import Order, Root, begin, replace_level

TOWN = Root("T-9", "水城")
BOROUGHS = Order(level=3, vintage="初版", level_name="片区")
QUARTERS = Order(level=4, vintage="二版", level_name="街坊")


def rows(*units: tuple) -> gpd.GeoDataFrame:
    """Rows as `read_units` gives them, from (code, name, outline) or (code, name, outline, parent)."""
    table = gpd.GeoDataFrame(
        {
            "line": range(1, len(units) + 1),
            "code": [unit[0] for unit in units],
            "name": [unit[1] for unit in units],
            "parent": [unit[3] if len(unit) > 3 else "" for unit in units],
            "population": pd.array([None] * len(units), dtype="Int64"),
        },
        geometry=[unit[2] for unit in units],
        crs="EPSG:4326",
    )
    return table.astype({"code": "str", "name": "str", "parent": "str"})


def boroughs() -> gpd.GeoDataFrame:
    """West is the square [20, 21) x [50, 51), East the one beside it."""
    return rows(("W/7", "西区", shapely.box(20, 50, 21, 51)), ("E/1", "东区", shapely.box(21, 50, 22, 51)))


def quarters(*, cut: float = 20.5) -> gpd.GeoDataFrame:
    """West in two at the longitude `cut`, East whole."""
    return rows(
        ("w-a", "西甲", shapely.box(20, 50, cut, 51)),
        ("w-b", "西乙", shapely.box(cut, 50, 21, 51)),
        ("e-a", "东甲", shapely.box(21, 50, 22, 51)),
    )


def town():
    """Atlas with boroughs and quarters."""
    first = replace_level(begin(TOWN, boroughs(), BOROUGHS), boroughs(), BOROUGHS)
    return replace_level(first.atlas, quarters(), QUARTERS).atlas
