"""SaTScan's results on its published sample data: same places, dates, cases, statistic; p within its error."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from risk.scan import ScanSettings, longest_window, read_study, scan

SHARED = Path(__file__).parents[3].parent / "shared" / "satscan"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the sample data are not in this checkout")

YEARS = {"start": "1973/1/1", "end": "1991/12/31"}
NM = {"cases_file": "nm.cas", "places_file": "nm.geo"}
NYC = {"cases_file": "NYCfever.cas", "places_file": "NYCfever.geo", "start": "2001/11/1", "end": "2001/11/24"}
CHICAGO = {"cases_file": "chicago_2017q4.cas", "places_file": "chicago_2017q4.geo"}
CHICAGO |= {"start": "2017/10/2", "end": "2017/12/31"}

# Name, model, files and period, settings, longest window, replications behind the reference p.
# The permutation run of New Mexico states p to two digits, the same for two statistics: it had stopped early, after
# 50 of about 58 replications.
RUNS = [
    (
        "NM_standard999",
        "poisson",
        NM | YEARS | {"population_file": "nm.pop", "unit": "year"},
        "retrospective",
        {},
        "0.5",
        999,
    ),
    (
        "NM_purely_spatial",
        "poisson",
        NM | YEARS | {"population_file": "nm.pop", "spatial": True},
        "spatial",
        {},
        None,
        999,
    ),
    ("NM_stp", "permutation", NM | YEARS | {"unit": "year"}, "retrospective", {}, "0.5", 58),
    ("NYC_standard999", "permutation", NYC, "prospective", {"max_distance": 3.0}, "7d", 999),
    ("NYC_standard9999", "permutation", NYC, "prospective", {"max_distance": 3.0}, "7d", 9999),
    ("CHI_stp_50pct_28d_std999", "permutation", CHICAGO, "prospective", {}, "28d", 999),
]


@pytest.mark.parametrize(
    ("name", "model", "files", "analysis", "limits", "window", "of"), RUNS, ids=[r[0] for r in RUNS]
)
def test_the_clusters_of_the_reference_are_found(name, model, files, analysis, limits, window, of):
    paths = {key: SHARED / value if key.endswith("_file") else value for key, value in files.items()}
    study = read_study(model, paths.pop("cases_file"), paths.pop("places_file"), **paths)
    longest = longest_window(window, study.period) if window else None
    settings = ScanSettings(analysis=analysis, max_steps=longest, replications=max(of, 299), **limits)
    found = scan(study, settings).clusters
    expected = json.loads((SHARED / "expected.json").read_text())["runs"][name]["clusters"]
    assert len(found) >= len(expected)
    for cluster, reference in zip(found, expected, strict=False):
        assert set(cluster.locations) == set(reference["locations"])
        assert cluster.statistic == pytest.approx(reference["statistic"], abs=1e-6)
        assert cluster.cases == reference["cases"]
        assert cluster.expected == pytest.approx(reference["expected"], abs=0.005 + 1e-9)
        if reference["time_frame"]:
            dates = [pd.Timestamp(date) for date in reference["time_frame"].split(" to ")]
            assert [pd.Timestamp(cluster.start), pd.Timestamp(cluster.end)] == dates
        if reference["relative_risk"] is not None:
            assert cluster.relative_risk == pytest.approx(reference["relative_risk"], abs=0.005 + 1e-9)
        p = reference["p_value"]
        error = math.sqrt(p * (1 - p) * (1 / of + 1 / settings.replications))
        assert cluster.p_value == pytest.approx(p, abs=3 * error + 1 / of)
        assert cluster.radius == pytest.approx(float(reference["radius"].split("/")[1].split()[0]), abs=0.011)


@pytest.mark.drill
def test_any_window_of_half_the_period_on_chicago():
    paths = {key: SHARED / value if key.endswith("_file") else value for key, value in CHICAGO.items()}
    study = read_study("permutation", paths.pop("cases_file"), paths.pop("places_file"), **paths)
    settings = ScanSettings(analysis="retrospective", max_steps=longest_window("0.5", study.period), replications=99)
    best = scan(study, settings).clusters[0]
    assert best.statistic == pytest.approx(13.549078, abs=1e-6)
    assert (len(best.locations), best.last_step - best.first_step + 1) == (27, 2)
    assert best.p_value == pytest.approx(0.077, abs=3 * math.sqrt(0.077 * 0.923 * (1 / 999 + 1 / 99)))
