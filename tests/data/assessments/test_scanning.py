"""Clusters of a part are those of the scan, kept without small counts."""

from dataclasses import replace

import numpy as np
import pytest

from data.assessments.assess import Assessor
from data.assessments.cluster_reading import COLUMNS, ClusterFilter, read_clusters
from data.assessments.parameters import ScanSettings
from data.assessments.parts import SCAN, Part
from data.assessments.scanning import cluster_rows
from data.cube import Cube, count_cube
from data.filter import IncidentFilter, OutOfScopeError
from data.layers import LAYERS
from data.study_area import area_of_cells
from geo.neighbours import EARTH_RADIUS_KM, on_sphere
from risk.scan import Period, permutation_study, scan
from risk.scan import ScanSettings as Settings

SCAN_SETTINGS = ScanSettings(layer="cell7", days=60, max_days=14, max_km=10.0, replications=99)


@pytest.fixture
def chosen(parameters):
    return replace(parameters, layers=(), dispute_types=("", "D06"), scan=SCAN_SETTINGS)


@pytest.fixture
def part(counting, places, chosen) -> Part:
    area = area_of_cells(counting, "62", LAYERS["cell7"], places.locator)
    days = chosen.scan_cut
    cube = count_cube(counting, IncidentFilter("62", days.period), layer=area.layer, places=area.places, steps=days)
    return Part(SCAN, "", area, cube, cube.series())


def test_clusters_are_those_of_the_scan(part, chosen):
    rows = cluster_rows(part, chosen)
    points = on_sphere(part.area.longitude, part.area.latitude) * EARTH_RADIUS_KM
    period = Period(np.array(part.cube.steps.edges, dtype="datetime64[D]"), "day", 1)
    study = permutation_study([str(place) for place in part.area.places], points, period, part.cube.dense())
    settings = Settings(max_distance=10.0, max_steps=14, least_cases=3, replications=99, seed=1)
    best = scan(study, settings, threads=1).clusters[0]
    assert rows.loc[0, "statistic"] == pytest.approx(best.statistic)
    assert str(rows.loc[0, "place"]) == best.centre
    assert rows.loc[0, "p_value"] == best.p_value == 0.01
    assert rows.loc[0, "recurrence_days"] == pytest.approx(100)
    assert rows.loc[0, "end_day"] == part.cube.steps.edges[-1]
    assert rows.loc[0, "incident_count"] == best.cases


def test_small_counts_of_clusters_are_withheld(part, chosen):
    few = Part(SCAN, "D01", part.area, part.cube, part.cube.series())
    everything = cluster_rows(replace(few, dispute_type=""), chosen)
    strict = cluster_rows(few, replace(chosen, least_cases=2, scan=replace(SCAN_SETTINGS, most_p=1.0)))
    assert len(strict) >= len(everything)
    shown = strict["incident_count"].notna()
    assert (strict.loc[shown, "incident_count"] >= 10).all()
    assert strict.loc[~shown, "expected_count"].isna().all()


def test_a_part_without_incidents_or_without_outlines_has_no_clusters(part, chosen):
    empty = Cube(part.cube.places, part.cube.steps, part.cube.rows.iloc[:0], part.cube.elsewhere.iloc[:0])
    assert cluster_rows(replace(part, cube=empty, series=empty.series()), chosen).empty
    nowhere = np.full(len(part.area.places), np.nan)
    blind = replace(part, area=replace(part.area, longitude=nowhere, latitude=nowhere))
    assert cluster_rows(blind, chosen).empty


def test_readers_are_told_clusters_that_lie_whole_in_their_scope(assessor: Assessor, engine, chosen):
    outcome = assessor.assess(chosen)
    assert outcome.computed == 2
    found = read_clusters(engine, ClusterFilter("62"))
    assert list(found.columns) == list(COLUMNS)
    assert not found.empty
    best = found.iloc[0]
    assert best["code"] in best["codes"]
    assert best["end"] == chosen.cut.period.end
    assert read_clusters(engine, ClusterFilter("6202")).empty
    assert len(read_clusters(engine, ClusterFilter("62", "620102001"))) == len(found)
    assert read_clusters(engine, ClusterFilter("62", "620102002")).empty
    assert read_clusters(engine, ClusterFilter("62", dispute_types=("D20",))).empty
    with pytest.raises(OutOfScopeError):
        ClusterFilter("6201", division="62")


def test_without_any_run_there_are_no_clusters(engine):
    found = read_clusters(engine, ClusterFilter("62"))
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
