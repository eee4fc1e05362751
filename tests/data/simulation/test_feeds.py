from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.simulation import FEED_DATUM
from data.simulation.dirt import FAULTS
from data.simulation.feeds import HEADERS, PERSONAL_COLUMNS
from geo.datum import Datum, to_wgs84
from risk.incident import CHANNELS, DISPUTE_TYPES, OUTCOMES, RESOLVED_LEVELS, SOURCES, STATUSES, SUB_SOURCES

TIME = {"department": r"\d{4}/\d\d/\d\d \d\d:\d\d", "citizen": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00"}
PLAIN_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


def valid_rows(simulated: Any, source: str) -> pd.DataFrame:
    """The last row of each valid incident, in the order of the truth."""
    truth = simulated.incidents[simulated.incidents["source"] == source]
    rows = simulated.feeds[source].drop_duplicates("编号", keep="last").set_index("编号")
    return rows.loc[truth["external_id"]]


@pytest.fixture(params=list(SOURCES))
def source(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_headers_are_exactly_those_agreed_and_what_must_be_dropped(simulated: Any, source: str) -> None:
    assert tuple(simulated.feeds[source].columns) == HEADERS + tuple(PERSONAL_COLUMNS.get(source, {}))


def test_what_looks_personal_is_one_placeholder(simulated: Any, source: str) -> None:
    for name, placeholder in PERSONAL_COLUMNS.get(source, {}).items():
        assert set(simulated.feeds[source][name]) == {placeholder}


def test_every_row_is_an_incident_an_update_or_dirty(simulated: Any, source: str) -> None:
    stated, rows = simulated.truth.feeds[source], simulated.feeds[source]
    assert len(rows) == stated.rows == stated.incidents + stated.updates + sum(stated.dirty.values())
    named = rows.loc[rows["编号"] != "", "编号"]
    known = named.isin(simulated.incidents["external_id"])
    assert named[known].nunique() == stated.incidents
    assert known.sum() - stated.incidents == stated.updates
    assert (rows["编号"] == "").sum() == stated.dirty["missing_id"]
    assert not named[~known].duplicated().any()


def test_dirty_rows_come_in_every_kind_at_about_the_stated_share(simulated: Any) -> None:
    for feed in simulated.truth.feeds.values():
        assert set(feed.dirty) == set(FAULTS)
        assert min(feed.dirty.values()) >= 1
    dirty = sum(sum(feed.dirty.values()) for feed in simulated.truth.feeds.values())
    assert dirty / simulated.truth.incidents == pytest.approx(0.003, abs=0.003)


def test_an_update_comes_after_its_first_row_and_tells_the_end(simulated: Any, source: str) -> None:
    rows = simulated.feeds[source]
    twice = rows[(rows["编号"] != "") & rows.duplicated("编号", keep=False)]
    first, last = twice.drop_duplicates("编号"), twice.drop_duplicates("编号", keep="last")
    assert len(first) == simulated.truth.feeds[source].updates
    assert set(first["状态"]) <= {"调处中"}
    assert (first["办结时间"] == "").all()
    assert (last["办结时间"] != "").all()


def test_words_belong_to_the_vocabularies(simulated: Any, source: str) -> None:
    rows = valid_rows(simulated, source)
    types = set(DISPUTE_TYPES) if source == "court" else {kind.name for kind in DISPUTE_TYPES.values()}
    assert set(rows["纠纷类型"]) <= types
    assert set(rows["子来源"]) <= (set(SUB_SOURCES.values()) if source == "citizen" else {""})
    assert set(rows["对接渠道"]) <= set(CHANNELS.values())
    assert set(rows["状态"]) <= set(STATUSES.values())
    assert set(rows["办理结果"]) <= {*OUTCOMES.values(), ""}
    assert set(rows["化解层级"]) <= {*RESOLVED_LEVELS.values(), ""}
    assert rows["涉及人数"].astype(int).between(1, 1199).all()


def test_times_are_written_in_the_feed_s_own_format_and_mean_the_same(simulated: Any, source: str) -> None:
    rows = valid_rows(simulated, source)
    truth = simulated.incidents[simulated.incidents["source"] == source]
    for header, column in (("发生时间", "occurred_at"), ("受理时间", "accepted_at")):
        assert rows[header].str.fullmatch(TIME.get(source, PLAIN_TIME)).all()
        read = pd.to_datetime(rows[header].str.removesuffix("+08:00")).dt.tz_localize("Asia/Shanghai")
        assert (read.to_numpy() == truth[column].to_numpy()).all()


def test_coordinates_are_in_the_feed_s_datum(simulated: Any, source: str) -> None:
    rows = valid_rows(simulated, source)
    truth = simulated.incidents[simulated.incidents["source"] == source]
    point = truth["with_point"].to_numpy()
    assert ((rows["经度"] != "") == point).all()
    written = rows[point][["经度", "纬度"]].astype(float).to_numpy()
    x, y = to_wgs84(written[:, 0], written[:, 1], datum=FEED_DATUM[source])
    assert np.abs(x - truth["longitude"].to_numpy()[point]).max() < 2e-6
    assert np.abs(y - truth["latitude"].to_numpy()[point]).max() < 2e-6


def test_three_feeds_are_not_in_wgs_84() -> None:
    shifted = {source: datum for source, datum in FEED_DATUM.items() if datum != Datum.WGS84}
    assert shifted == {"police": Datum.GCJ02, "citizen": Datum.GCJ02, "department": Datum.BD09}


def test_codes_have_twelve_digits_or_fifteen_for_a_grid(simulated: Any, source: str) -> None:
    codes = valid_rows(simulated, source)["区划代码"]
    lengths = codes[codes != ""].str.len().value_counts(normalize=True)
    if source == "grid_patrol":
        assert lengths[15] > 0.8
    else:
        assert set(lengths.index) == {12}
    assert codes.str.fullmatch(r"\d*").all()


def test_every_valid_row_has_a_code_or_a_point(simulated: Any) -> None:
    rows = simulated.incidents
    assert ((rows["written_code"] != "") | rows["with_point"]).all()
    assert (~rows["with_point"]).mean() > 0.1
    assert 0.01 < (rows["written_code"] == "").mean() < 0.1


def test_few_codes_disagree_with_their_point(simulated: Any) -> None:
    rows = simulated.incidents
    digits = rows["written_code"].str.len()
    compared = rows[digits > 0]
    own = compared["place"].astype(str)
    # Trailing zeros stand for every division below the coarser one.
    prefix = compared["written_code"].str.replace(r"(000){1,2}$", "", regex=True)
    agrees = np.array([a.startswith(b) for a, b in zip(own, prefix, strict=True)])
    assert (~agrees == compared["conflict"].to_numpy()).all()
    assert rows.loc[rows["conflict"], "with_point"].all()
    assert rows["conflict"].mean() == pytest.approx(0.005, abs=0.002)


def test_a_county_without_outline_is_told_by_code(simulated: Any) -> None:
    rows = simulated.incidents[simulated.incidents["place"] // 10**9 == 620171]
    assert len(rows) > 100
    assert rows["written_code"].str.startswith("620171").all()


def test_petitions_are_in_gb18030_and_the_others_begin_with_a_mark(simulated: Any, source: str) -> None:
    content = (simulated.folder / f"{source}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (source != "petition")
    assert content.decode("gb18030" if source == "petition" else "utf-8-sig").startswith("编号,")


def test_medical_disputes_gather_at_a_few_points(simulated: Any) -> None:
    medical = simulated.incidents[(simulated.incidents["dispute_type"] == "D11") & (simulated.incidents["parent"] < 0)]
    drawn = medical[medical["place"] // 10**9 == 620102]
    rounded = drawn[["longitude", "latitude"]].round(2).value_counts(normalize=True)
    assert rounded.head(8).sum() > 0.9
