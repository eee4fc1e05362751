"""The map page of an installation that is not the published province: a made-up town, and a real city."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from data.batch_import import Delivery, import_file
from data.boundaries.importing import Handed, import_boundaries
from data.places import open_places
from data.segments import publish
from data.settings import Settings
from data.store import open_store
from geo.boundaries.reading import Source
from geo.datum import Datum
from tests.geo.boundaries.made_up import BOROUGHS, QUARTERS, TOWN, boroughs, quarters
from tests.pages.conftest import deck_of, texts

ROOT = Path(__file__).resolve().parents[2]
CRIMES = ROOT.parent / "shared" / "benchmark" / "chicago" / "CHI_Crime.zip"
AT = pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai")


def features(app) -> list:
    return next(each for each in deck_of(app)["layers"] if each["id"] == "children")["data"]["features"]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Settings:
    """Twelve incidents in the west, three in the east."""
    tmp_path = tmp_path_factory.mktemp("town")
    settings = Settings(var=tmp_path / "var")
    engine = open_store(settings)
    for rows, order, root in ((boroughs(), BOROUGHS, TOWN), (quarters(), QUARTERS, None)):
        path = tmp_path / f"{order.vintage}.geojson"
        rows[["code", "name", "geometry"]].to_file(path)
        import_boundaries(engine, settings, Handed(Source(path, "code", "name"), order, root), at=AT)
    feed = pd.DataFrame({"编号": [str(n) for n in range(15)], "类型": "邻里纠纷", "受理时间": "2026-11-20 08:00"})
    feed["区划代码"] = ["W/7"] * 12 + ["e-a"] * 3
    feed.to_csv(tmp_path / "feed.csv", index=False)
    settings = Settings(var=settings.var)
    import_file(engine, open_places(settings), Delivery(tmp_path / "feed.csv", "hotline", Datum.WGS84), as_of=AT)
    publish(engine, settings)
    engine.dispose()
    return settings


@pytest.fixture
def town(built, tmp_path) -> Settings:
    """A copy of it."""
    return Settings(var=shutil.copytree(built.var, tmp_path / "town"))


def test_the_map_begins_at_the_towns_own_root_and_names_its_own_levels(town, open_page):
    app = open_page(town)
    assert not app.exception
    assert len(features(app)) == 2
    assert "**片区排名** :gray[2 个]" in texts(app)
    assert app.dataframe[0].value["件数"].tolist() == [12, 3]
    assert app.dataframe[0].value["区划"].tolist() == ["西区", "东区"]
    assert "边界为示意" not in texts(app)


def test_a_borough_shows_its_quarters(town, open_page):
    app = open_page(town, code="100001")
    assert not app.exception
    assert len(features(app)) == 2
    assert "**街坊排名** :gray[2 个]" in texts(app)


@pytest.mark.parametrize("code", ["62", "10", "620102"])
def test_a_place_of_another_installation_is_not_known(town, open_page, code):
    app = open_page(town, code=code)
    assert not app.exception
    assert len(features(app)) == 2


def test_boundaries_are_checked_on_the_data_page_and_then_stand(town, open_page, tmp_path):
    path = tmp_path / "new.geojson"
    quarters(cut=20.4).iloc[[0, 1, 2, 2]][["code", "name", "geometry"]].to_file(path)
    app = open_page(town, page="data_page", section="boundaries")
    assert app.dataframe[0].value["层级"].tolist() == ["街坊", "片区"]
    app.file_uploader(key="boundaries-file").upload("new.geojson", path.read_bytes(), "application/geo+json").run()
    app.selectbox(key="boundaries-level").set_value(4).run()
    app.text_input(key="boundaries-code").set_value("nowhere").run()
    app.text_input(key="boundaries-name").set_value("name").run()
    app.button(key="boundaries-check").click().run()
    assert "没有代码列“nowhere”" in texts(app)
    app.text_input(key="boundaries-code").set_value("code").run()
    app.button(key="boundaries-check").click().run()
    assert not app.exception
    assert "读入 **4**,可用 **3**,拒收 **1**" in texts(app)
    assert any(list(frame.value.iloc[0]) == ["代码重复", "拒收", 1] for frame in app.dataframe)
    app.button(key="boundaries-import").click().run()
    assert not app.exception
    assert "已启用。查看纠纷 15 件,移动 0 件。" in texts(app)
    assert app.dataframe[0].value["当前"].tolist() == [True, False, False]


@pytest.fixture
def city(tmp_path):
    """Chicago's 77 community areas, imported at the command line, and a month of its incidents; their true counts."""
    if not CRIMES.exists():
        pytest.skip("the city's incidents are not part of the project")
    examples = pytest.importorskip("libpysal.examples", reason="the city's areas come with libpysal")
    shapefile = Path(examples.get_path("Chicago77.shp"))
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        for end in ("shp", "shx", "dbf"):
            archive.write(shapefile.with_suffix(f".{end}"), f"areas.{end}")
    environment = os.environ | {"PINGAN_VAR": str(tmp_path / "var"), "DATABASE_URL": ""}
    options = ["--new", "--root-code", "CHI", "--root-name", "芝加哥市", "--level", "3", "--level-name", "社区"]
    columns = ["--code-column", "AREANO", "--name-column", "COMMUNITY", "--crs", "EPSG:3435"]
    command = [sys.executable, "manage.py", "boundaries", "import", str(tmp_path / "areas.zip"), *options, *columns]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    settings = Settings(var=tmp_path / "var")
    rows = pd.read_csv(CRIMES, header=None, names=["time", "kind", "latitude", "longitude"]).drop_duplicates()
    rows["time"] = pd.to_datetime(rows["time"], format="%m/%d/%Y %I:%M:%S %p")
    rows = rows[rows["time"] >= "2017-12-05"].reset_index(drop=True)
    feed = pd.DataFrame(
        {
            "编号": rows.index.astype(str),
            "类型": rows["kind"].str.title(),
            "受理时间": rows["time"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "经度": rows["longitude"],
            "纬度": rows["latitude"],
        }
    )
    feed.to_csv(tmp_path / "feed.csv", index=False)
    engine = open_store(settings)
    delivery = Delivery(tmp_path / "feed.csv", "police", Datum.WGS84)
    batch = import_file(engine, open_places(settings), delivery, as_of=AT)
    publish(engine, settings)
    engine.dispose()
    assert batch.added == len(rows)
    return settings, _counted(shapefile, rows)


def _counted(shapefile: Path, rows: pd.DataFrame) -> dict[str, int]:
    """Incidents by name of the area, by another library's join."""
    import geopandas as gpd

    areas = gpd.read_file(shapefile).set_crs("EPSG:3435").to_crs("EPSG:4326")
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(rows["longitude"], rows["latitude"]), crs="EPSG:4326")
    joined = gpd.sjoin(points, areas[["COMMUNITY", "geometry"]])
    return joined[~joined.index.duplicated()].groupby("COMMUNITY").size().to_dict()


def test_a_real_city_is_counted_by_its_own_areas(city, open_page):
    settings, truth = city
    app = open_page(settings)
    assert not app.exception
    assert len(features(app)) == 77
    assert "**社区排名** :gray[77 个]" in texts(app)
    shown = dict(zip(app.dataframe[0].value["区划"], app.dataframe[0].value["件数"], strict=True))
    assert {name: count for name, count in shown.items() if count} == truth
