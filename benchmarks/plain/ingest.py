"""A feed into a database as a script would do it: pandas, a loop of h3-py, `geopandas.sjoin`, `to_sql`.

It takes the same rows to the same facts (words to codes, moments, division, grid, cell), but checks nothing, keeps no
log, and knows no second delivery.
"""

import time
from pathlib import Path

import geopandas as gpd
import h3
import pandas as pd
from sqlalchemy import create_engine

from data.readers.words import WORDS

_NAMES = {
    "编号": "external_id",
    "纠纷类型": "dispute_type",
    "子来源": "sub_source",
    "对接渠道": "channel",
    "状态": "status",
    "办理结果": "outcome",
    "发生时间": "occurred_at",
    "受理时间": "accepted_at",
    "办结时间": "closed_at",
    "涉及人数": "people",
    "化解层级": "resolved_level",
    "区划代码": "division_code",
    "经度": "longitude",
    "纬度": "latitude",
}
_RESOLUTION = 9


def rows_per_second(file: Path, grids: gpd.GeoDataFrame, rows: int, folder: Path) -> float:
    """Rows a second from a file in WGS 84 to a SQLite database in `folder`; the grids' index is ready beforehand."""
    grids.sindex.query(grids.geometry.iloc[0])
    begun = time.perf_counter()
    read = pd.read_csv(file, dtype="str", nrows=rows, usecols=list(_NAMES), on_bad_lines="skip").rename(columns=_NAMES)
    placed = _placed(_typed(read), grids)
    engine = create_engine(f"sqlite:///{folder / 'plain.sqlite'}")
    placed.to_sql("incidents", engine, index=False)
    engine.dispose()
    return len(read) / (time.perf_counter() - begun)


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    for field, codes in WORDS.items():
        rows[field] = rows[field].map(codes)
    for field in ("occurred_at", "accepted_at", "closed_at"):
        rows[field] = pd.to_datetime(rows[field], errors="coerce").dt.tz_localize("Asia/Shanghai")
    for field in ("longitude", "latitude", "people"):
        rows[field] = pd.to_numeric(rows[field], errors="coerce")
    return rows


def _placed(rows: pd.DataFrame, grids: gpd.GeoDataFrame) -> pd.DataFrame:
    located = rows[rows["longitude"].between(73, 135) & rows["latitude"].between(18, 54)]
    cells = [
        h3.latlng_to_cell(latitude, longitude, _RESOLUTION)
        for latitude, longitude in zip(located["latitude"], located["longitude"], strict=True)
    ]
    points = gpd.GeoDataFrame(
        {"cell": cells},
        geometry=gpd.points_from_xy(located["longitude"], located["latitude"], crs=grids.crs),
        index=located.index,
    )
    found = gpd.sjoin(points, grids[["code", "geometry"]], how="left", predicate="intersects")
    found = found[~found.index.duplicated()]
    return rows.join(found[["cell", "code"]].rename(columns={"code": "grid"}))
