"""What is measured of one type and horizon at a layer, as JSON would hold it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from data.backtests.layer_test import Tested
from data.steps import Steps
from risk.backtest.measures import coverage, coverage_by_volume, poisson_deviance, reliability
from risk.backtest.verdict import DRIFT_LIMIT, comparison, loss_drift, verdict

PEEK = "two-sided smoother"
"""Row of the smoother that sees past and future: what is left to win, never a forecast."""
SHARES_COVERED = (0.5, 0.9)


def measure(tested: Tested, steps: Steps) -> dict[str, Any]:
    """Everything the evaluation page shows of it.

    Returns
    -------
    `places`; `incidents` of the tested weeks; and unless none came: `comparison` (rows of `comparison`, the smoother
    that peeks among them), `reliability`, `coverage` (by share), `coverage_by_decile` (of 90 %), `weekly` (`week` as
    first day, `expected_count`, `incident_count`, `deviance`, `covered`), `verdict`, `loss_drift`, `drift_alarm`.
    """
    test = tested.test
    found: dict[str, Any] = {"places": len(tested.places), "incidents": int(test.observed.sum())}
    judged = verdict(test)
    if judged is None:
        return found
    beside = {} if tested.peek is None else {PEEK: tested.peek}
    moved = loss_drift(test) if test.horizon == 1 else 0.0
    return found | {
        "comparison": _rounded(comparison(test, beside).to_dict("records")),
        "reliability": _rounded(reliability(test.observed, test.model).to_dict("records")),
        "coverage": {f"{share:.0%}": round(coverage(tested.transform, share), 4) for share in SHARES_COVERED},
        "coverage_by_decile": [round(each, 4) for each in coverage_by_volume(tested.transform, test.model)],
        "weekly": _weekly(tested, steps),
        "verdict": asdict(judged),
        "loss_drift": round(moved, 3),
        "drift_alarm": judged.drifting or moved > DRIFT_LIMIT,
    }


def _weekly(tested: Tested, steps: Steps) -> list[dict[str, Any]]:
    test = tested.test
    loss = poisson_deviance(test.observed, test.model).mean(axis=0)
    inside = ((tested.transform >= 0.05) & (tested.transform <= 0.95)).mean(axis=0)
    return [
        {
            "week": steps.names[week],
            "expected_count": round(float(test.model[:, at].sum()), 2),
            "incident_count": int(test.observed[:, at].sum()),
            "deviance": round(float(loss[at]), 5),
            "covered": round(float(inside[at]), 4),
        }
        for at, week in enumerate(test.origins)
    ]


def _rounded(rows: Sequence[dict[Any, Any]]) -> list[dict[str, Any]]:
    """Numbers with five digits that count; what is no number (0 over 0) as none."""
    return [{str(name): _number(value) for name, value in row.items()} for row in rows]


def _number(value: Any) -> Any:
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.5g}") if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
