import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from dashboard import ranking
from dashboard.palette import LIGHT
from dashboard.viewport import Viewport

HERE = shapely.box(100, 36, 101, 37)


def children() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "code": ["6201", "6202", "620171", "6297", "6203"],
            "name": ["兰州市", "嘉峪关市", "兰州新区", "山丹马场", "临夏回族自治州"],
            "counted": [True, True, True, False, True],
        },
        geometry=[HERE, HERE, None, HERE, HERE],
        crs=4326,
    )


def numbers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "incident_count": pd.array([60, None, 900, 80], dtype="Int64"),
            "previous_count": pd.array([68, 6, 800, 80], dtype="Int64"),
            "rate": [1.5, np.nan, 2.0, 3.0],
        },
        index=["6201", "6202", "620171", "6203"],
    )


def table() -> pd.DataFrame:
    return ranking.ranking_table(children(), numbers())


def test_most_come_first_then_what_is_suppressed_and_the_place_without_polygon_last():
    assert table().index.tolist() == ["6203", "6201", "6202", "620171"]
    assert table()["区划"].tolist() == ["临夏州", "兰州市", "嘉峪关市", "兰州新区(无边界)"]


def test_what_nobody_counts_is_not_ranked():
    assert "6297" not in table().index


def test_both_counts_stand_beside_the_change():
    assert table()["上期 → 本期"].tolist() == ["80 → 80", "68 → 60", "6 → <5", "800 → 900"]
    assert table()["环比"].tolist() == pytest.approx([0, -11.76, np.nan, 12.5], abs=0.01, nan_ok=True)


def test_more_is_red_and_fewer_is_blue_and_both_carry_a_sign():
    shown = ArrowData()
    styler = ranking.styled(table().dropna(subset="件数"), LIGHT).set_uuid("t")
    marshall_styler(shown, styler, "t")  # as Streamlit reads it
    words = pa.ipc.open_stream(shown.styler.display_values).read_pandas()
    assert words["环比"].tolist() == ["持平", "▼ 11.8%", "▲ 12.5%"]
    assert words["万人率"].tolist() == ["3.00", "1.50", "2.00"]
    assert words["件数"].tolist() == ["80", "60", "900"]
    assert shown.styler.styles.split("\n") == [
        f"#T_t_row1_col3 {{ color: {LIGHT.fewer} }}",
        f"#T_t_row2_col3 {{ color: {LIGHT.more} }}",
    ]


def test_an_unstated_change_never_reads_as_a_suppressed_count():
    """Streamlit writes its placeholder, here `<5`, into every missing cell of every column."""
    shown = ranking.styled(table(), LIGHT).data
    assert shown["件数"].isna().sum() == 1
    assert shown["环比"].tolist() == ["持平", "▼  11.8%", "—", "▲  12.5%"]


def test_what_is_taken_away_has_codes_and_withholds_what_the_screen_withholds():
    taken = ranking.exported(table())
    assert taken["区划代码"].tolist() == ["6203", "6201", "6202", "620171"]
    assert taken["件数"].tolist() == ["80", "60", "<5", "900"]
    assert taken["环比"].tolist() == ["持平", "▼ 11.8%", "—", "▲ 12.5%"]


def test_a_narrow_window_does_without_bar_and_rate():
    wide, _ = ranking.columns(table(), Viewport(1600, 900))
    narrow, config = ranking.columns(table(), Viewport(1366, 768))
    assert wide == ["区划", "件数", "上期 → 本期", "环比", "万人率"]
    assert narrow == wide[:-1]
    assert config["件数"]["type_config"]["type"] == "number"


def test_where_nothing_has_a_population_there_is_no_rate_column():
    order, _ = ranking.columns(table().assign(万人率=np.nan), Viewport(1920, 1080))
    assert "万人率" not in order


def test_a_click_anywhere_in_a_row_picks_its_code():
    event = {"selection": {"rows": [], "columns": [], "cells": [(1, "环比")]}}
    assert ranking.picked_code(event, table()) == "6201"


@pytest.mark.parametrize("event", [None, {}, {"selection": {"cells": []}}, {"selection": {"cells": [(99, "件数")]}}])
def test_no_click_or_a_stale_one_picks_nothing(event: dict | None):
    assert ranking.picked_code(event, table()) is None


def test_an_empty_unit_has_an_empty_ranking():
    empty = ranking.ranking_table(children().iloc[:0], numbers())
    assert empty.empty
    assert ranking.columns(empty, Viewport())[0] == ["区划", "件数", "上期 → 本期", "环比"]


def test_the_title_names_the_level_and_how_many():
    assert ranking.ranking_title("市州", 15) == "**市州排名** :gray[15 个]"
