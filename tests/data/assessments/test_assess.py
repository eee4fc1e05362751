"""Runs are idempotent, shared where nothing changed, and never overlap."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select

import data.assessments.assess as module
from data.assessments.classes import unpack_states
from data.assessments.lock import AssessmentRunningError, only_assessment
from data.assessments.runs import list_runs
from data.counting import Counting
from data.cube import count_cube
from data.filter import IncidentFilter
from data.layers import LAYERS
from data.study_area import area_of_cells
from data.tables import assessment_parts, assessment_run_parts, assessment_runs, hotspots
from risk.emerging import emerging


def rows_of(engine, table) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_kept_classes_are_those_of_the_full_cube(assessor, engine, counting, parameters, places):
    loose = replace(parameters, layers=("cell7",), dispute_types=("D06",), least_cases=0)
    assessor.assess(loose)
    area = area_of_cells(counting, "62", LAYERS["cell7"], places.locator)
    cut = loose.cut
    cube = count_cube(counting, IncidentFilter("62", cut.period), layer=LAYERS["cell7"], places=area.places, steps=cut)
    full = emerging(cube.dense("D06"), area.neighbours, places=area.places).table
    expected = full[full["emerging_class"] != 0].set_index("place")["emerging_class"].to_dict()
    with engine.connect() as connection:
        kept = {row.place: row.emerging_class for row in connection.execute(select(hotspots))}
    assert kept == expected
    assert kept


def test_a_second_run_over_the_same_data_says_nothing_new(assessor, engine, parameters):
    first, second = assessor.assess(parameters), assessor.assess(parameters)
    assert first.new
    assert first.computed == 6
    assert (second.new, second.run_id) == (False, first.run_id)
    assert rows_of(engine, assessment_runs) == 1


def test_other_parameters_are_another_run(assessor, parameters):
    first = assessor.assess(parameters)
    second = assessor.assess(replace(parameters, least_cases=1))
    assert second.new
    assert second.run_id != first.run_id
    assert second.computed == 6


def test_data_after_the_last_complete_day_cost_nothing(assessor, engine, parameters, import_rows):
    assessor.assess(parameters)
    today = pd.DataFrame(
        {"编号": ["x"], "纠纷类型": ["邻里"], "受理时间": ["2026-11-25 01:00:00"], "区划代码": ["620102"]}
    )
    import_rows(today, "police")
    again = assessor.assess(parameters)
    assert (again.new, again.computed, again.reused) == (True, 0, 6)
    assert rows_of(engine, assessment_parts) == 6


def test_new_data_cost_only_the_parts_that_they_touch(assessor, parameters, import_rows):
    assessor.assess(parameters)
    late = pd.DataFrame(
        {"编号": ["y"], "纠纷类型": ["婚姻家庭"], "受理时间": ["2026-11-20 01:00:00"], "区划代码": ["620102"]}
    )
    import_rows(late, "police")
    again = assessor.assess(parameters)
    # Without coordinates it lies in no cell, but hexagons' parts say how much lies elsewhere.
    assert again.computed < 6
    assert again.reused + again.computed == 6


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(assessor, engine, parameters, monkeypatch):
    calls = []

    def fails_late(part, parameters):
        calls.append(part)
        if len(calls) > 3:
            raise MemoryError("broken off")
        return original(part, parameters)

    original = module.class_rows
    monkeypatch.setattr(module, "class_rows", fails_late)
    with pytest.raises(MemoryError):
        assessor.assess(parameters)
    monkeypatch.undo()
    assert list_runs(engine, scope="62") == []
    kept = rows_of(engine, assessment_parts)
    assert kept
    outcome = assessor.assess(parameters)
    assert outcome.reused == kept
    assert rows_of(engine, assessment_runs) == 1


def test_a_run_that_somebody_breaks_off_begins_no_further_part(assessor, engine, parameters, monkeypatch):
    begun = []

    def counted(part, parameters):
        begun.append(part)
        return original(part, parameters)

    def press_ctrl_c(label, done, of):
        if label.startswith("assess"):
            raise KeyboardInterrupt

    original = module.class_rows
    monkeypatch.setattr(module, "class_rows", counted)
    many = replace(parameters, dispute_types=tuple(f"D{number:02d}" for number in range(1, 21)))
    with pytest.raises(KeyboardInterrupt):
        assessor.assess(many, on_progress=press_ctrl_c)
    assert len(begun) < len(many.layers) * 20 / 2
    assert rows_of(engine, assessment_parts) == 1
    assert list_runs(engine, scope="62") == []


def test_only_the_newest_runs_are_kept(assessor, engine, parameters):
    small = replace(parameters, layers=("county",))
    for day in range(4):
        assessor.assess(replace(small, as_of=small.as_of - dt.timedelta(days=day)), keep=2)
    runs = list_runs(engine, scope="62")
    assert [run.as_of for run in runs] == [small.as_of - dt.timedelta(days=day) for day in (3, 2)]
    assert rows_of(engine, assessment_parts) == rows_of(engine, assessment_run_parts) == 6


def test_two_assessments_never_overlap(assessor, engine, settings, parameters):
    with only_assessment(engine, settings), pytest.raises(AssessmentRunningError):
        assessor.assess(parameters)
    assert assessor.assess(parameters).new


def test_data_that_keep_moving_are_refused_after_some_attempts(engine, settings, places, parameters, counting):
    class Moving(Counting):
        versions = 0

        def version(self) -> int:
            self.versions += 1
            return self.versions

    moving = Moving(engine, settings)
    with pytest.raises(module.MovingDataError):
        module.Assessor(engine, moving, settings, locator=places.locator).assess(parameters)
    moving.close()


def test_an_empty_pool_gives_an_empty_run(engine, settings, places, parameters):
    counting = Counting(engine, settings)
    outcome = module.Assessor(engine, counting, settings, locator=places.locator).assess(parameters)
    assert outcome.new
    assert rows_of(engine, hotspots) == 0
    counting.close()


def test_progress_counts_up(assessor, parameters):
    seen = []
    assessor.assess(parameters, on_progress=lambda label, done, all_: seen.append((label, done, all_)))
    assert [done for label, done, _ in seen if label.startswith("assess")] == list(range(1, 7))


def test_unknown_layers_and_types_are_refused(parameters):
    with pytest.raises(ValueError, match="street"):
        replace(parameters, layers=("street",))
    with pytest.raises(ValueError, match="D77"):
        replace(parameters, dispute_types=("D77",))


def test_bits_of_states_come_back():
    state = np.random.default_rng(0).integers(-1, 2, (5, 21)).astype(np.int8)
    hot, cold = ([row.tobytes() for row in np.packbits(side, axis=1)] for side in (state > 0, state < 0))
    assert (unpack_states(hot, cold, steps=21) == state).all()
    assert unpack_states([], [], steps=21).shape == (0, 21)
