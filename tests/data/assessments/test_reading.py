"""Readers are told their own places, small counts withheld as everywhere."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from data.assessments.compare import compare_runs
from data.assessments.parameters import ScanSettings
from data.assessments.reading import COLUMNS, HotspotFilter, find_run, home_code, read_hotspots, visible_runs
from data.counts import Counts
from data.filter import IncidentFilter, OutOfScopeError, Period
from geo.divisions import parent_of


@pytest.fixture
def run(assessor, parameters):
    return assessor.assess(replace(parameters, layers=("county", "township", "cell7")))


def test_the_burst_is_told_with_its_reason(run, engine):
    found = read_hotspots(engine, HotspotFilter("62", "cell7", dispute_types=("D06",)))
    assert list(found.columns) == list(COLUMNS)
    assert (found["emerging_class"] > 0).all()
    best = found.iloc[0]
    assert best["rank"] == 1
    assert best["grade"] == 3
    assert best["since"] >= dt.date(2026, 11, 4)
    assert best["states"].endswith("+")
    assert len(best["states"]) == 20
    assert "显著偏高" in best["reason"]
    assert found["home"].str.startswith("62").all()


def test_filters_narrow_the_list(run, engine):
    everything = read_hotspots(engine, HotspotFilter("62", "cell7"))
    kinds = set(everything["emerging_class"])
    one = min(kinds)
    narrowed = read_hotspots(engine, HotspotFilter("62", "cell7", classes=(one,)))
    assert len(narrowed) == (everything["emerging_class"] == one).sum()
    assert read_hotspots(engine, HotspotFilter("62", "cell7", dispute_types=("D20",))).empty


def test_a_reader_is_told_places_of_the_own_scope_only(run, engine):
    found = read_hotspots(engine, HotspotFilter("620102001", "cell7"))
    assert found["home"].str.startswith("620102001").all()
    assert read_hotspots(engine, HotspotFilter("6202", "cell7")).empty
    with pytest.raises(OutOfScopeError):
        HotspotFilter("6201", "cell7", division="6202")
    with pytest.raises(ValueError, match="scope"):
        HotspotFilter("", "cell7")


def test_small_counts_of_cells_are_withheld(assessor, engine, parameters, import_rows):
    few = pd.DataFrame(
        {
            "编号": range(4),
            "纠纷类型": "知识产权",
            "受理时间": "2026-11-23 10:00:00",
            "区划代码": "",
            "经度": "103.6",
            "纬度": "36.5",
        }
    )
    import_rows(few, "police")
    assessor.assess(replace(parameters, dispute_types=("", "D06", "D20")))
    found = read_hotspots(engine, HotspotFilter("62", "cell7"))
    for name in ("last_count", "previous_count", "incident_count"):
        shown = found[name].dropna()
        assert ((shown == 0) | (shown >= 5)).all()
    assert found.loc[found["dispute_type"] == "D20", "last_count"].isna().any()


def test_counts_of_townships_are_those_of_the_door(run, engine, counting, parameters):
    counts = Counts(engine, counting)
    found = read_hotspots(engine, HotspotFilter("62", "township"))
    assert not found.empty
    for row in found.itertuples():
        asked = IncidentFilter(
            "62",
            Period(parameters.cut.of(-4).start, parameters.cut.period.end),
            parent_of(row.code),
            dispute_types=(row.dispute_type,) if row.dispute_type else (),
        )
        door = counts.by_child(asked, [row.code]).loc[row.code]
        for name, kept in (("incident_count", row.last_count), ("previous_count", row.previous_count)):
            assert (pd.isna(door[name]) and pd.isna(kept)) or door[name] == kept


def test_a_cell_shared_with_others_is_told_without_its_counts(assessor, engine, parameters, import_rows):
    burst = pd.DataFrame(
        {
            "编号": range(60),
            "纠纷类型": "劳动争议、欠薪",
            "受理时间": "2026-11-23 10:00:00",
            "区划代码": ["620102001"] * 30 + ["620102002"] * 30,
            "经度": "103.41",
            "纬度": "36.5",
        }
    )
    import_rows(burst, "police")
    assessor.assess(parameters)
    mine = read_hotspots(engine, HotspotFilter("620102001", "cell7", dispute_types=("D06",)))
    wide = read_hotspots(engine, HotspotFilter("620102", "cell7", dispute_types=("D06",)))
    (shared,) = wide.loc[wide["last_count"].fillna(0) >= 60, "code"]
    assert pd.isna(mine.set_index("code").loc[shared, "last_count"])


def test_a_reader_sees_runs_of_the_own_study_area_before_wider_ones(assessor, engine, parameters, run):
    assert find_run(engine, "6201").scope == "62"
    own = assessor.assess(replace(parameters, scope="6201", layers=("county",)))
    assert [found.id for found in visible_runs(engine, "6201")] == [own.run_id]
    assert [found.id for found in visible_runs(engine, "62")] == [run.run_id]
    assert find_run(engine, "62", own.run_id) is None


def test_without_any_run_there_is_an_empty_list(engine):
    found = read_hotspots(engine, HotspotFilter("62", "cell7"))
    assert found.empty
    assert list(found.columns) == list(COLUMNS)


def test_two_runs_are_compared(assessor, engine, parameters):
    earlier = assessor.assess(replace(parameters, as_of=parameters.as_of - dt.timedelta(days=14)))
    later = assessor.assess(parameters)
    asked = HotspotFilter("62", "cell7", dispute_types=("D06",))
    found = compare_runs(engine, earlier.run_id, later.run_id, asked)
    assert set(found["change"]) <= {"new", "gone", "changed"}
    sides = [
        read_hotspots(engine, replace(asked, run_id=run.run_id)).set_index("code")["emerging_class"].to_dict()
        for run in (earlier, later)
    ]
    looped = {
        code: (sides[0].get(code, 0), sides[1].get(code, 0))
        for code in sides[0].keys() | sides[1].keys()
        if sides[0].get(code, 0) != sides[1].get(code, 0)
    }
    assert {row.code: (row.before, row.after) for row in found.itertuples()} == looped
    assert "new" in set(found["change"])
    assert compare_runs(engine, later.run_id, later.run_id, asked).empty
    with pytest.raises(ValueError, match="999"):
        compare_runs(engine, later.run_id, 999, asked)


def test_what_was_not_looked_for_is_not_gone(assessor, engine, parameters):
    all_types = assessor.assess(parameters)
    fewer = assessor.assess(replace(parameters, dispute_types=("D01",)))
    found = compare_runs(engine, all_types.run_id, fewer.run_id, HotspotFilter("62", "cell7"))
    assert found.empty


def test_codes_lose_the_zeros_they_were_filled_up_with():
    assert home_code(620000000000000) == "62"
    assert home_code(620110000000000) == "620110"
    assert home_code(620102001001001) == "620102001001001"


def test_a_run_over_some_sources_is_not_taken_for_one_over_all(assessor, engine, parameters):
    every = replace(parameters, layers=("county",), dispute_types=("",), scan=ScanSettings(layer=""))
    some = replace(every, sources=("police",))
    assert every.key() != some.key()
    assert "sources" not in every.text()
    first = assessor.assess(every).run_id
    second = assessor.assess(some, keep=1).run_id
    assert find_run(engine, "62").id == first
    assert [run.id for run in visible_runs(engine, "62", sources=("police",))] == [second]
    assert find_run(engine, "62", second).sources == ("police",)
    third = assessor.assess(replace(some, as_of=some.as_of - dt.timedelta(days=7)), keep=1).run_id
    assert [run.id for run in visible_runs(engine, "62", sources=("police",))] == [third]
    assert find_run(engine, "62").id == first
    with pytest.raises(ValueError, match="expected sources"):
        replace(every, sources=("gossip",))
