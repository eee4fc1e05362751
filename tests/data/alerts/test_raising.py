"""From hot places of assessments to alerts: raised once, grown, settled for good, raised anew after quiet."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import insert

from data.alerts.acting import By, act_on
from data.alerts.history import acts_of, sightings_of
from data.alerts.raising import AlertRaising
from data.alerts.reading import AlertFilter, find_alert, list_alerts
from data.alerts.settings import read_alert_settings
from data.assessments.parameters import Parameters
from data.assessments.runs import begin_run, finish_run, list_runs
from data.store import writing
from data.tables import assessment_parts, assessment_run_parts, hotspots
from geo.neighbours import Neighbours, of_pairs
from risk.score.settings import ScoreSettings

DAY = dt.date(2026, 11, 24)
NOW = pd.Timestamp("2026-11-25 01:00", tz="Asia/Shanghai")
STEPS = 20
WEST, EAST, FAR = 620102001, 620102002, 620105001
MIN = By("王敏", NOW, "62")


class Told:
    """A door that counts 19 and 3 in every division, the second withheld."""

    def by_child(self, _asked, children):
        index = pd.Index(children, name="code", dtype="object")
        table = pd.DataFrame({"incident_count": 19, "previous_count": None}, index=index)
        return table.astype("Int64")


def nobody(_layer: str, places: np.ndarray) -> Neighbours:
    return of_pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), places=len(places))


def west_and_east(_layer: str, places: np.ndarray) -> Neighbours:
    """The two townships are next to each other."""
    at = np.flatnonzero(np.isin(places // 10**6, [WEST, EAST]))
    first, second = np.meshgrid(at, at)
    return of_pairs(first.ravel(), second.ravel(), places=len(places))


@pytest.fixture
def assess(engine, settings):
    """`assess(week, {township: hot weeks at the end}, evidence)` goes through a run; weeks count from the first."""

    def assess_(week: int, hot: dict[int, int], *, evidence: float = 3.5, around=west_and_east, kind: str = "D06"):
        parameters = Parameters("62", DAY + dt.timedelta(weeks=week), ("township",), (kind,), steps=STEPS)
        run_id = begin_run(engine, parameters, data_version=week + 1, moment=0)
        with writing(engine) as connection:
            part = {
                "fingerprint": f"{run_id}", "kind": "classes", "layer": "township", "dispute_type": kind,
                "first_day": 0, "unit": "week", "steps": STEPS, "places": 3, "incidents": 9, "elsewhere": 0,
                "computed_at": 0,
            }  # fmt: skip
            part_id = connection.execute(insert(assessment_parts).values(**part).returning(assessment_parts.c.id))
            part_id = part_id.scalar_one()
            connection.execute(insert(assessment_run_parts).values(run_id=run_id, part_id=part_id))
            rows = [_hotspot(part_id, code * 10**6, weeks, evidence) for code, weeks in hot.items()]
            if rows:
                connection.execute(insert(hotspots), rows)
        finish_run(engine, run_id, moment=1)
        return again(run_id, around=around)

    def again(run_id: int, *, around=west_and_east):
        run = next(run for run in list_runs(engine, scope="62") if run.id == run_id)
        rules = read_alert_settings(settings, ScoreSettings())
        raising = AlertRaising(engine, settings, Told(), rules, around)  # type: ignore[arg-type]
        return raising.run(run, None, now=NOW + pd.Timedelta(weeks=run.data_version - 1))

    assess_.again = again
    return assess_


def _hotspot(part_id: int, place: int, weeks: int, evidence: float) -> dict:
    state = np.zeros(STEPS, np.uint8)
    state[STEPS - weeks :] = 1
    return {
        "part_id": part_id, "place": place, "home": place, "within": place, "emerging_class": 2, "hot_steps": weeks,
        "cold_steps": 0, "first_hot": STEPS - weeks, "last_run": weeks, "last_z": 4.0, "trend_z": 0.0, "trend_p": 1.0,
        "evidence": evidence, "last_count": 9, "previous_count": 0, "incident_count": 9,
        "hot": np.packbits(state).tobytes(), "cold": np.packbits(np.zeros(STEPS, np.uint8)).tobytes(),
    }  # fmt: skip


def numbers(engine) -> list[str]:
    return sorted(list_alerts(engine, AlertFilter("62"))["number"])


def alert(engine, number: str = "YJ-2026-0001"):
    found = find_alert(engine, "62", number)
    assert found is not None
    return found


def settle(engine, act: str, number: str = "YJ-2026-0001") -> None:
    if act == "close":
        act_on(engine, number, "acknowledge", MIN)
        act_on(engine, number, "assign", MIN, unit="街道综治中心")
    act_on(engine, number, act, MIN, note="已核实")


def test_neighbours_of_one_run_are_one_alert_and_others_have_numbers_of_their_own(engine, assess):
    done = assess(0, {WEST: 2, EAST: 3, FAR: 1})
    assert (done.new, done.raised) == (True, 2)
    assert numbers(engine) == ["YJ-2026-0001", "YJ-2026-0002"]
    one = next(each for each in (alert(engine), alert(engine, "YJ-2026-0002")) if len(each.places) == 2)
    assert one.places == (str(WEST), str(EAST))
    assert one.first_seen == dt.date(2026, 11, 4)
    assert (one.current, one.previous, one.previous_is_floor) == (38, None, True)
    assert acts_of(engine, one)["act"].tolist() == ["raise"]


def test_the_same_run_again_changes_nothing(engine, assess):
    assess(0, {WEST: 2})
    before = alert(engine)
    done = assess.again(1)
    assert (done.new, done.raised) == (False, 0)
    assert alert(engine) == before
    assert len(sightings_of(engine, before)) == 1


def test_other_rules_go_through_the_same_run_again_without_a_second_number(engine, settings, assess):
    assess(0, {WEST: 2})
    settings.var.mkdir(exist_ok=True)
    (settings.var / "alerts.yaml").write_text("quiet_days: 14\n", encoding="utf-8")
    assert assess.again(1).new
    assert numbers(engine) == ["YJ-2026-0001"]
    assert len(sightings_of(engine, alert(engine))) == 1


def test_an_alert_grows_over_runs_under_one_number(engine, assess):
    assess(0, {WEST: 2})
    done = assess(1, {WEST: 3, EAST: 1})
    assert (done.raised, done.grown) == (0, 1)
    found = alert(engine)
    assert numbers(engine) == [found.number]
    assert found.places == (str(WEST), str(EAST))
    assert found.last_seen == DAY + dt.timedelta(weeks=1)
    assert acts_of(engine, found)["act"].tolist() == ["raise", "grow"]
    assert sightings_of(engine, found)["places"].tolist() == [1, 2]


def test_two_alerts_that_meet_are_one_and_the_other_is_merged_into_it(engine, assess):
    assess(0, {WEST: 2, EAST: 2}, around=nobody)
    assert len(numbers(engine)) == 2
    act_on(engine, "YJ-2026-0002", "acknowledge", MIN)
    assess(1, {WEST: 3, EAST: 3})
    kept, gone = alert(engine, "YJ-2026-0002"), alert(engine, "YJ-2026-0001")
    assert (gone.state, gone.merged_into) == ("closed", kept.number)
    assert (kept.state, kept.places) == ("acknowledged", (str(WEST), str(EAST)))
    assert acts_of(engine, gone)["act"].tolist() == ["raise", "merge"]


@pytest.mark.parametrize("act", ["close", "false_alarm"])
def test_what_is_settled_does_not_come_back_from_the_same_evidence(engine, assess, act):
    assess(0, {WEST: 2})
    settle(engine, act)
    for week in (1, 2):
        done = assess(week, {WEST: 2 + week})
        assert (done.raised, done.settled) == (0, 1)
    assert numbers(engine) == ["YJ-2026-0001"]
    assert alert(engine).last_seen == DAY + dt.timedelta(weeks=2)


@pytest.mark.parametrize(("quiet", "raised"), [(3, 0), (4, 1)])
def test_a_new_onset_after_quiet_raises_a_new_one(engine, assess, quiet, raised):
    assess(0, {WEST: 2})
    settle(engine, "false_alarm")
    done = assess(quiet + 1, {WEST: 1})
    assert done.raised == raised


def test_weak_evidence_raises_nothing_but_lets_an_alert_go_on(engine, assess):
    assert assess(0, {WEST: 2}, evidence=2.5).raised == 0
    assess(1, {WEST: 2})
    assert assess(2, {WEST: 3}, evidence=2.5).raised == 0
    found = alert(engine)
    assert (found.level, found.last_seen) == (1, DAY + dt.timedelta(weeks=2))


def test_a_run_of_an_earlier_day_says_nothing_about_today(engine, assess):
    assess(1, {WEST: 2})
    done = assess(0, {FAR: 2})
    assert (done.new, done.is_past) == (False, True)
    assert numbers(engine) == ["YJ-2026-0001"]


def test_numbers_begin_anew_each_year_and_have_no_gaps(engine, assess):
    assess(0, {WEST: 1, FAR: 1})
    settle(engine, "false_alarm", "YJ-2026-0001")
    settle(engine, "false_alarm", "YJ-2026-0002")
    assess(12, {WEST: 1, FAR: 1})
    assert numbers(engine) == ["YJ-2026-0001", "YJ-2026-0002", "YJ-2027-0001", "YJ-2027-0002"]


def test_a_run_that_breaks_off_has_raised_nothing(engine, assess, monkeypatch):
    def broken(*_args):
        raise RuntimeError("power cut")

    monkeypatch.setattr("data.alerts.ledger.Ledger._keep_sighting", broken)
    with pytest.raises(RuntimeError):
        assess(0, {WEST: 1, FAR: 1})
    monkeypatch.undo()
    assert numbers(engine) == []
    assert assess.again(1).raised == 2
    assert numbers(engine) == ["YJ-2026-0001", "YJ-2026-0002"]


def test_where_nothing_was_counted_nothing_is_raised(engine, assess, monkeypatch):
    def nothing(_self, _asked, children):
        index = pd.Index(children, name="code", dtype="object")
        return pd.DataFrame({"incident_count": 0, "previous_count": 0}, index=index, dtype="Int64")

    monkeypatch.setattr(Told, "by_child", nothing)
    assert assess(0, {WEST: 2}).raised == 0


@pytest.mark.parametrize(("kind", "told", "raised"), [("D01", pd.NA, 0), ("D01", 12, 1), ("D06", pd.NA, 1)])
def test_types_never_shown_where_few_raise_nothing_while_their_count_is_withheld(
    assess, monkeypatch, kind, told, raised
):
    def few(_self, _asked, children):
        index = pd.Index(children, name="code", dtype="object")
        return pd.DataFrame({"incident_count": told, "previous_count": 0}, index=index, dtype="Int64")

    monkeypatch.setattr(Told, "by_child", few)
    assert assess(0, {WEST: 2}, kind=kind).raised == raised
