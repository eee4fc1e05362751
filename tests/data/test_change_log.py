import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from data.change_log import Written, add_incidents, revise_incidents
from data.store import writing
from data.tables import FACTS, changes, incidents
from tests.examples import few

PLACE, NEXT_DOOR = 620102001001001, 620102002001001
ROW = {
    "source": "hotline",
    "external_id": "1",
    "dispute_type": "D02",
    "sub_source": None,
    "channel": "direct",
    "status": "accepted",
    "outcome": None,
    "scale": None,
    "resolved_level": None,
    "occurred_at": 1_790_000_000,
    "accepted_at": 1_790_000_000,
    "closed_at": None,
    "place": PLACE,
    "cell": 0,
    "located_by": 1,
    "conflict": False,
    "longitude": None,
    "latitude": None,
}


def add(engine, *rows: dict, at: int = 1_790_001_000, batch: int = 1) -> list[str]:
    with writing(engine) as connection:
        frame = pd.DataFrame([ROW | row for row in rows])
        return add_incidents(connection, frame, batch_id=batch, recorded_at=at).tolist()


def revise(engine, *, at: int = 1_790_002_000, **columns: list) -> int:
    with writing(engine) as connection:
        return revise_incidents(connection, pd.DataFrame(columns), batch_id=9, recorded_at=at)


def current(engine) -> pd.DataFrame:
    with engine.connect() as connection:
        return pd.DataFrame(connection.execute(select(incidents).order_by(incidents.c.external_id)).mappings().all())


def summed(engine) -> list[tuple]:
    """Incident and facts that hold according to the log."""
    columns = [changes.c.incident_id, *(changes.c[name] for name in FACTS)]
    weight = func.sum(changes.c.weight)
    with engine.connect() as connection:
        rows = connection.execute(select(*columns, weight).group_by(*columns).having(weight != 0)).all()
    assert all(row[-1] == 1 for row in rows)
    return sorted(tuple(row)[:-1] for row in rows)


def counted(engine) -> list[tuple]:
    """The same according to the current rows."""
    rows = current(engine)
    if rows.empty:
        return []
    rows = rows[~rows["withdrawn"].astype(bool)][["id", *FACTS]].astype(object)
    return sorted(rows.where(rows.notna(), None).itertuples(index=False, name=None))


def test_each_row_is_told_what_became_of_it(engine):
    new, other = {"version": 5}, {"external_id": "2"}
    assert add(engine, new, other) == ["added", "added"]
    assert add(engine, {"version": 6, "status": "closed"}, {"version": 4}, other) == [
        "updated",
        "outdated",
        "unchanged",
    ]
    assert current(engine)["status"].tolist() == ["closed", "accepted"]
    assert Written.of(pd.Series(["added", "outdated", "unchanged"])) == Written(1, 0, 2, 1)


def test_a_row_that_comes_again_within_a_delivery_is_compared_with_itself(engine):
    assert add(engine, {}, {"status": "closed"}, {"status": "closed"}) == ["added", "updated", "unchanged"]
    assert len(current(engine)) == 1
    assert summed(engine) == counted(engine)


def test_a_row_of_two_sources_with_one_number_is_two_incidents(engine):
    assert add(engine, {}, {"source": "police"}) == ["added", "added"]


def test_a_newer_version_that_says_nothing_new_still_outdates_what_lies_between(engine):
    add(engine, {"version": 1})
    assert add(engine, {"version": 9}) == ["unchanged"]
    assert add(engine, {"version": 5, "status": "closed"}) == ["outdated"]


def test_without_a_version_the_later_delivery_wins(engine):
    add(engine, {"version": 7})
    assert add(engine, {"status": "mediating"}) == ["updated"]
    assert current(engine)["version"].tolist() == [7]


def test_a_withdrawn_incident_counts_nowhere_and_may_come_back(engine):
    add(engine, {"version": 1})
    assert add(engine, {"version": 2, "withdrawn": True, "dispute_type": "D99"}) == ["updated"]
    assert current(engine)["dispute_type"].tolist() == ["D02"]
    assert summed(engine) == []
    assert add(engine, {"version": 2, "withdrawn": True}) == ["unchanged"]
    assert add(engine, {"version": 1}) == ["outdated"]
    assert add(engine, {"version": 3, "status": "reopened"}) == ["updated"]
    assert summed(engine) == counted(engine)


def test_a_withdrawal_of_an_unknown_incident_keeps_an_older_row_from_bringing_it_to_life(engine):
    assert add(engine, {"version": 2, "withdrawn": True}) == ["added"]
    assert add(engine, {"version": 1}) == ["outdated"]
    assert summed(engine) == []


def test_moments_in_the_log_never_fall_though_the_clock_is_set_back(engine):
    add(engine, {}, at=2_000)
    add(engine, {"status": "closed"}, at=1_000)
    revise(engine, id=current(engine)["id"].tolist(), duplicate=[True], at=500)
    with engine.connect() as connection:
        moments = connection.execute(select(changes.c.recorded_at).order_by(changes.c.position)).scalars().all()
    assert moments == [2_000] * 5


def test_a_revision_changes_only_what_differs_and_is_logged(engine):
    add(engine, {}, {"external_id": "2", "dispute_type": "D99", "type_word": "鱼塘"})
    ids = current(engine)["id"].tolist()
    assert revise(engine, id=[*ids, 10**6], dispute_type=["D02", "D04", "D04"]) == 1
    assert current(engine)["dispute_type"].tolist() == ["D02", "D04"]
    assert revise(engine, id=ids, duplicate=[False, True], place=[NEXT_DOOR, PLACE]) == 2
    assert add(engine, {"external_id": "2", "status": "closed"}) == ["updated"]
    assert current(engine)["duplicate"].tolist() == [False, True]
    assert summed(engine) == counted(engine)
    assert current(engine)["batch_id"].tolist() == [1, 1]


def test_a_revision_may_withdraw_and_leave_a_withdrawn_incident_out_of_the_log(engine):
    add(engine, {}, {"external_id": "2"})
    ids = current(engine)["id"].tolist()
    assert revise(engine, id=ids[:1], withdrawn=[True]) == 1
    assert revise(engine, id=ids, dispute_type=["D04", "D04"]) == 2
    assert len(summed(engine)) == 1
    assert summed(engine) == counted(engine)


@pytest.mark.parametrize("columns", [{"dispute_type": ["D01"]}, {"id": [1]}, {"id": [1], "external_id": ["x"]}])
def test_a_revision_of_nothing_or_of_what_an_incident_is_called_is_a_wrong_call(engine, columns):
    with pytest.raises(ValueError, match="expected distinct ids"):
        revise(engine, **columns)


LIFE = [
    {"version": 1},
    {"version": 2, "place": NEXT_DOOR},
    {"version": 3, "status": "closed", "closed_at": 1_790_090_000},
    {"version": 4, "withdrawn": True},
]


def test_deliveries_in_any_order_leave_the_same_incident(engine):
    for name, order in enumerate(itertools.permutations(range(4))):
        for number in order:
            add(engine, LIFE[number] | {"external_id": str(name)})
    assert set(current(engine)["version"]) == {4}
    assert current(engine)["withdrawn"].all()
    assert summed(engine) == []
    add(engine, *({"external_id": str(name), "version": 5, "place": NEXT_DOOR} for name in range(24)))
    assert set(current(engine)["place"]) == {NEXT_DOOR}
    assert summed(engine) == counted(engine)


STEPS = st.lists(
    st.fixed_dictionaries(
        {
            "external_id": st.sampled_from("123"),
            "version": st.none() | st.integers(1, 4),
            "withdrawn": st.booleans(),
            "status": st.sampled_from(["accepted", "closed"]),
            "place": st.sampled_from([PLACE, NEXT_DOOR]),
            "dispute_type": st.sampled_from(["D02", "D99"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@examples(max_examples=few(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=st.lists(STEPS, min_size=1, max_size=3), revised=st.booleans())
def test_the_log_sums_to_the_current_rows_after_any_life(engine, deliveries, revised):
    with writing(engine) as connection:
        connection.execute(delete(incidents))
        connection.execute(delete(changes))
    for rows in deliveries:
        assert len(add(engine, *rows)) == len(rows)
        if revised:
            ids = current(engine)["id"].tolist()
            revise(engine, id=ids, dispute_type=["D04"] * len(ids), duplicate=[True] * len(ids))
        assert summed(engine) == counted(engine)
