"""How grave a hot place is: what the score says, else its evidence; a rare cluster lifts it."""

import numpy as np
import pandas as pd

from risk.alerts.rules import AlertRules


def levels(hot: pd.DataFrame, rules: AlertRules, *, count: int) -> np.ndarray:
    """Level of each place, 0 the gravest, int64, shape (rows,).

    Parameters
    ----------
    hot
        `score_level` (Int64, NA where there is no score that may be shown), `grade` 0-3, `recurrence_days` (0 without
        a cluster).
    count
        How many levels there are.
    """
    by_grade = np.array(rules.grade_levels, np.int64)[hot["grade"].to_numpy(np.int64)]
    scored = hot["score_level"].notna().to_numpy()
    found = np.where(scored, hot["score_level"].fillna(0).to_numpy(np.int64), by_grade)
    rare = hot["recurrence_days"].to_numpy(np.float64) >= rules.cluster_days
    return np.clip(found - rare, 0, count - 1).astype(np.int64)
