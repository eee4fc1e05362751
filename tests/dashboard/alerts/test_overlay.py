"""Unsettled alerts over the map."""

from types import SimpleNamespace

import pandas as pd
import pytest

from dashboard.alerts.overlay import LAYER, NONE, alert_overlay, clicked_alerts
from dashboard.palette import LIGHT
from geo.geography import open_geography

FOUND = pd.DataFrame(
    {
        "number": ["YJ-2026-0001", "YJ-2026-0002", "YJ-2026-0003", "YJ-2026-0004"],
        "dispute_type": ["D06", "D10", "D06", "D02"],
        "division": ["620102002", "620102001", "620103001", "620201"],
        "places": [("620102002",), ("620102001", "620103001"), ("620103001",), ("620201", "620103002")],
        "level": [1, 0, 9, 2],
        "state": ["new", "acknowledged", "assigned", "new"],
    }
)


@pytest.fixture
def pool(demo, monkeypatch):
    def found(_engine, asked):
        return FOUND if asked.division == "6201" else FOUND.iloc[:0]

    monkeypatch.setattr("dashboard.alerts.overlay.list_alerts", found)
    return SimpleNamespace(engine=None, settings=demo, geography=open_geography(demo.geography))


def test_each_division_just_below_has_one_mark_with_the_word_of_its_gravest_alert(pool):
    (layer,), words = alert_overlay(pool, pool.geography.unit("6201"), LIGHT)
    assert words == "预警 4 条未了结,标记为最重等级和条数,点标记打开"
    rows = {row["code"]: row for row in layer.data}
    assert list(rows) == ["620103", "620102"]  # the gravest lies on top
    assert rows["620102"]["s"] == "红 重大 2"
    assert rows["620102"]["m"] == "未了结预警 红 重大 1 · 橙 较大 1"
    assert rows["620103"]["s"] == "黄 一般 2"  # a level beyond the last is the last; one reaches in from outside


def test_a_click_opens_the_gravest_alert_among_those_of_its_division(pool):
    (layer,), _ = alert_overlay(pool, pool.geography.unit("6201"), LIGHT)
    clicked = {"selection": {"objects": {LAYER: [layer.data[-1]]}}}
    assert clicked_alerts(clicked) == {"code": "620102", "alert": "YJ-2026-0002", "state": ""}
    both = {"selection": {"objects": {LAYER: [layer.data[0]]}}}
    assert clicked_alerts(both)["state"] == "all"  # one is assigned, the other new
    assert clicked_alerts({"selection": {"objects": {"children": [{"code": "620102"}]}}}) is None


def test_a_unit_without_any_says_so(pool):
    assert alert_overlay(pool, pool.geography.unit("6203"), LIGHT) == ([], NONE)
