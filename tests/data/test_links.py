import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import delete, select

from data.change_log import add_incidents, revise_incidents
from data.filter import IncidentFilter, OutOfScopeError, Period
from data.links import Said, UnknownReportError, acts_of, dismiss, link, unlink
from data.queries import counts_by_child, counts_by_source, counts_by_type
from data.store import writing
from data.tables import FACTS, batches, changes, incidents
from data.tables.links import batch_notes, dismissed_pairs, link_acts, links
from tests.examples import few

WEST, EAST = 620102001001001, 620102002001001
SAID = Said("值班员", pd.Timestamp("2026-11-25 09:42", tz="Asia/Shanghai"), "62")
ASKED = IncidentFilter(scope="62", period=Period(dt.date(2026, 10, 29), dt.date(2026, 11, 26)))
SOURCES = ("hotline", "police", "grid_patrol", "citizen", "court")
NOON = 1_795_000_000


def report(number: int, **other) -> dict:
    return {
        "external_id": str(number),
        "source": SOURCES[number % 5],
        "dispute_type": ("D02", "D06")[number % 2],
        "sub_source": None,
        "channel": "direct",
        "status": "accepted",
        "outcome": None,
        "scale": None,
        "resolved_level": None,
        "occurred_at": NOON + 3600 * number,
        "accepted_at": NOON + 3600 * number,
        "closed_at": None,
        "place": (WEST, EAST)[number % 2],
        "cell": 0,
        "located_by": 1,
        "conflict": False,
        "longitude": None,
        "latitude": None,
    } | other


def deliver(engine, *rows) -> None:
    with writing(engine) as connection:
        add_incidents(connection, pd.DataFrame(rows), batch_id=1, recorded_at=NOON)


def stored(engine) -> pd.DataFrame:
    with engine.connect() as connection:
        return pd.DataFrame(connection.execute(select(incidents).order_by(incidents.c.id)).mappings().all())


def leads(engine) -> list[str]:
    rows = stored(engine)
    return rows.loc[~rows["duplicate"] & ~rows["withdrawn"], "external_id"].tolist()


@pytest.fixture
def five(engine):
    deliver(engine, *(report(number) for number in range(5)))
    return dict(stored(engine)[["external_id", "id"]].itertuples(index=False))


def test_linked_reports_count_as_one_and_the_one_accepted_first_leads(engine, five):
    assert link(engine, five["3"], five["1"], SAID) == 1
    assert leads(engine) == ["0", "1", "2", "4"]
    assert link(engine, five["1"], five["3"], SAID) == 0
    assert acts_of(engine, five["1"])[["act", "report_id", "other_id", "person"]].to_numpy().tolist() == [
        ["link", five["3"], five["1"], "值班员"]
    ]


def test_a_chain_is_one_incident(engine, five):
    link(engine, five["4"], five["3"], SAID)
    link(engine, five["2"], five["1"], SAID)
    link(engine, five["3"], five["2"], SAID)
    assert leads(engine) == ["0", "1"]
    unlink(engine, five["2"], SAID)
    assert leads(engine) == ["0", "1", "2"]
    unlink(engine, five["1"], SAID)
    assert leads(engine) == ["0", "1", "2", "3"]
    unlink(engine, five["4"], SAID)
    assert leads(engine) == ["0", "1", "2", "3", "4"]
    assert unlink(engine, five["4"], SAID) == 0
    with engine.connect() as connection:
        assert connection.execute(select(links)).all() == []


def test_when_the_lead_is_withdrawn_the_next_takes_over_and_a_return_does_not_count_twice(engine, five):
    link(engine, five["1"], five["2"], SAID)
    link(engine, five["1"], five["3"], SAID)
    deliver(engine, report(1, withdrawn=True))
    assert leads(engine) == ["0", "2", "4"]
    deliver(engine, report(2, withdrawn=True))
    assert leads(engine) == ["0", "3", "4"]
    deliver(engine, report(3, withdrawn=True))
    assert leads(engine) == ["0", "4"]
    deliver(engine, report(1, status="reopened"))
    assert leads(engine) == ["0", "1", "4"]
    deliver(engine, report(3, status="reopened"))
    assert leads(engine) == ["0", "1", "4"]


def test_a_revision_that_withdraws_hands_over_too(engine, five):
    link(engine, five["1"], five["2"], SAID)
    with writing(engine) as connection:
        gone = pd.DataFrame({"id": [five["1"]], "withdrawn": [True]})
        revise_incidents(connection, gone, batch_id=1, recorded_at=NOON)
    assert leads(engine) == ["0", "2", "3", "4"]


def test_a_later_row_of_a_feed_keeps_the_link(engine, five):
    link(engine, five["1"], five["3"], SAID)
    deliver(engine, report(3, status="closed", closed_at=NOON + 90_000), report(1, place=EAST, dispute_type="D10"))
    assert leads(engine) == ["0", "1", "2", "4"]


def test_what_is_linked_on_a_day_is_one_batch_whose_rows_add_up(engine, five):
    link(engine, five["1"], five["3"], SAID)
    link(engine, five["2"], five["3"], SAID)
    with engine.connect() as connection:
        (row,) = connection.execute(select(batches)).mappings().all()
    assert row["added"] + row["updated"] + row["unchanged"] + row["rejected"] == row["rows_read"]
    assert row["updated"] == 2
    assert row["file_name"] == "人工关联 2026-11-25"


def test_a_dismissed_pair_is_kept_once(engine, five):
    for pair in ((five["2"], five["1"]), (five["1"], five["2"])):
        dismiss(engine, *pair, SAID)
    with engine.connect() as connection:
        assert connection.execute(select(dismissed_pairs)).all() == [(five["1"], five["2"])]
        assert len(connection.execute(select(link_acts)).all()) == 1


def test_what_can_not_be_linked_is_refused_and_leaves_nothing(engine, five):
    deliver(engine, report(4, withdrawn=True))
    for other in (five["4"], five["1"], 10**6):
        with pytest.raises(UnknownReportError, match="撤回或不存在"):
            link(engine, five["1"], other, SAID)
    for act in (link, dismiss):
        with pytest.raises(OutOfScopeError):
            act(engine, five["1"], five["2"], replace(SAID, scope="6202"))
    with engine.connect() as connection:
        assert connection.execute(select(links)).all() == []
        assert connection.execute(select(link_acts)).all() == []


class Log:
    """Counting queries run over the log itself, as segments would hold it."""

    def __init__(self, engine) -> None:
        with engine.connect() as connection:
            rows = pd.DataFrame(connection.execute(select(changes)).mappings().all())
        moments = pd.to_datetime(rows["occurred_at"], unit="s", utc=True).dt.tz_convert("Asia/Shanghai")
        self.facts = rows.assign(
            day=(moments.dt.tz_localize(None) - pd.Timestamp(0)).dt.days,
            month=moments.dt.year * 12 + moments.dt.month - 1,
            accepted_day=(moments.dt.tz_localize(None) - pd.Timestamp(0)).dt.days,
        )

    def run(self, query) -> pd.DataFrame:
        import duckdb

        from data.dialects import render

        text, values = render(query, "duckdb", facts_name="log")
        with duckdb.connect() as connection:
            connection.register("log", self.facts)
            return connection.execute(text, values).df()


def by(table: pd.DataFrame, keys: list[str]) -> dict:
    named = {} if table.empty else table.set_index(keys)["incident_count"].to_dict()
    return {key: int(count) for key, count in named.items() if count}


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["link", "link", "link", "unlink", "withdraw", "return", "move"]),
        st.integers(0, 6),
        st.integers(0, 6),
    ),
    min_size=1,
    max_size=12,
)


@examples(max_examples=few(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_incidents_are_reports_less_linked_ones_for_every_grouping(engine, acts):
    with writing(engine) as connection:
        for table in (incidents, changes, links, link_acts, batch_notes, batches):
            connection.execute(delete(table))
    deliver(engine, *(report(number) for number in range(7)))
    ids = stored(engine)["id"].tolist()
    for act, one, other in acts:
        try:
            if act == "link":
                link(engine, ids[one], ids[other], SAID)
            elif act == "unlink":
                unlink(engine, ids[one], SAID)
            else:
                new = {"withdraw": {"withdrawn": True}, "return": {}, "move": {"place": WEST}}[act]
                deliver(engine, report(one, **new))
        except UnknownReportError:
            pass
    rows = stored(engine)
    live = rows[~rows["withdrawn"]]
    with engine.connect() as connection:
        groups = dict(connection.execute(select(links.c.report_id, links.c.group_id)).all())
    disputes = live["id"].map(lambda number: groups.get(number, number)).nunique()
    assert (~live["duplicate"]).sum() == disputes
    log = Log(engine)
    for query, keys in ((lambda asked: counts_by_child(asked, 6), ["place"]), (_types, ["place", "dispute_type"])):
        reports = by(log.run(query(replace(ASKED, counting="reports"))), keys)
        found = by(log.run(query(ASKED)), keys)
        linked = live[live["duplicate"]].groupby(keys if len(keys) > 1 else keys[0]).size().to_dict()
        assert found == {
            key: count - linked.get(key, 0) for key, count in reports.items() if count - linked.get(key, 0)
        }
        assert sum(found.values()) == disputes
    brought = log.run(counts_by_source(0)).set_index("source")["incident_count"]
    assert brought[brought != 0].to_dict() == live.groupby("source").size().to_dict()


def _types(asked: IncidentFilter):
    return counts_by_type(asked, 6)


def test_the_log_sums_to_the_current_rows(engine, five):
    link(engine, five["1"], five["3"], SAID)
    deliver(engine, report(1, withdrawn=True))
    with engine.connect() as connection:
        log = pd.DataFrame(connection.execute(select(changes)).mappings().all())
    sums = log.astype(object).where(log.notna(), "").groupby(["incident_id", *FACTS])["weight"].sum()
    standing = sums[sums != 0]
    assert (standing == 1).all()
    rows = stored(engine)
    assert set(standing.index.get_level_values("incident_id")) == set(rows.loc[~rows["withdrawn"], "id"])
    assert np.array_equal(
        sorted(standing.index.get_level_values("duplicate")), sorted(rows.loc[~rows["withdrawn"], "duplicate"])
    )
