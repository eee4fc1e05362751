"""Whether a finding is what people have settled already, or something new at the same place."""

import numpy as np
import pandas as pd

from risk.alerts.rules import AlertRules

_TOWNSHIP_SPAN = 10**6


def is_new_onset(since: np.ndarray, before: np.ndarray, last_day: int, *, quiet_days: int) -> np.ndarray:
    """Whether hot runs are others than what was last seen on a day.

    Parameters
    ----------
    since
        First day of each run.
    before
        Day after the last hot step before each, -1 without one.
    last_day
        Last day of the newest assessment in which the settled alert was seen.
    """
    return np.asarray(since - np.maximum(last_day + 1, before) >= quiet_days, bool)


def is_settled(finding: pd.DataFrame, settled: pd.DataFrame, rules: AlertRules) -> int | None:
    """Id of the settled alert whose evidence a finding still is, the newest of several; None if it is new.

    Parameters
    ----------
    finding, settled
        Rows of `hot` and `known` as in `risk.alerts.matching.match`, of one type.
    """
    since, before = finding["since"].to_numpy(np.int64), finding["before"].to_numpy(np.int64)
    whole = []
    for alert_id in settled["alert_id"].unique().tolist():
        own = settled[settled["alert_id"] == alert_id]
        last_day, level = int(own["last_day"].iloc[0]), int(own["level"].iloc[0])
        if rules.graver_again and int(finding["level"].min()) <= level - rules.graver_again:
            continue
        quiet = is_new_onset(since, before, last_day, quiet_days=rules.quiet_days)
        if (_held(finding, own) & ~quiet).mean() >= rules.settled_share:
            whole.append((last_day, int(alert_id)))
    return max(whole)[1] if whole else None


def _held(finding: pd.DataFrame, own: pd.DataFrame) -> np.ndarray:
    """Which places of a finding are an alert's, or in a township that it covered."""
    pairs = pd.MultiIndex.from_frame(finding[["layer", "place"]])
    same = pairs.isin(pd.MultiIndex.from_frame(own[["layer", "place"]]))
    townships = townships_of(own["home"])
    return np.asarray(same | np.isin(townships_of(finding["home"]), townships[townships >= 0]))


def townships_of(home: pd.Series) -> np.ndarray:
    """Township (without the digits below) of each place of 15 digits; -1 where it is not known so deep."""
    township = home.to_numpy(np.int64) // _TOWNSHIP_SPAN
    return np.where(township % 1000 != 0, township, -1)
