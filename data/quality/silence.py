"""Places where people live that report nothing (沉默网格): a finding about the data, not a sign of peace.

What a place should have reported follows from its people: its share of its county's weight times what the county
reported in the same weeks. Where that is at least `expected_at_least` and nothing came, the place is silent. Chance
alone leaves a place with an expected count λ silent with probability exp(−λ), so the number that chance would give
stands beside the list.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.schematic import FILES

EXPECTED_AT_LEAST = 5.0
"""Chance leaves such a place silent in fewer than 7 of 1,000 cases (exp(−5))."""


@dataclass(frozen=True)
class Silent:
    """Silent places, and what the list must be read against.

    `places` has `code`, `expected`, most expected first; `judged` of the places have people enough to be judged;
    `by_chance` of these would be silent by chance alone.
    """

    places: pd.DataFrame
    judged: int
    by_chance: float


def silent_places(
    weights: pd.Series, reporting: pd.DataFrame, *, expected_at_least: float = EXPECTED_AT_LEAST, patrols: bool = False
) -> Silent:
    """Find the silent places.

    Parameters
    ----------
    weights
        People of each place in any unit, indexed by code; 0 where nobody lives.
    reporting
        Indexed like `weights`, as from `QualityCounts.reporting`.
    patrols
        Whether only what grid patrols bring is looked at.

    Raises
    ------
    ValueError
        The two are not of the same places.
    """
    if not weights.index.equals(reporting.index):
        raise ValueError("expected reporting of the same places in the same order as weights")
    county = weights.index.str[:6]
    of_county = weights.groupby(county).transform("sum").to_numpy()
    share = np.divide(weights.to_numpy(), of_county, out=np.zeros(len(weights)), where=of_county > 0)
    expected = share * reporting["county_patrol" if patrols else "county_count"].to_numpy()
    judged = expected >= expected_at_least
    silent = judged & ~reporting["patrolled" if patrols else "reported"].to_numpy()
    places = pd.DataFrame({"code": weights.index[silent], "expected": expected[silent]})
    places = places.sort_values(["expected", "code"], ascending=[False, True], ignore_index=True)
    return Silent(places, int(judged.sum()), float(np.exp(-expected[judged]).sum()))


def read_weights(folder: Path, level: int, *, within: str) -> pd.Series:
    """People of each village (level 5) or grid (level 6) of a division, in any unit, indexed by `code`; rising.

    Without outlines of that level the series is empty: nobody can say who is silent.
    """
    try:
        table = pd.read_parquet(folder / FILES[level], columns=["code", "weight"])
    except FileNotFoundError:
        return pd.Series(dtype="float64", index=pd.Index([], dtype="str", name="code"), name="weight")
    inside = table[table["code"].str.startswith(within)].sort_values("code")
    return inside.set_index("code")["weight"].fillna(0.0).astype("float64")
