"""Where people are below the county: shares by kind of township and village, and grids by share.

No census figure is published below the county here; the shares are plausible, not counted, and serve only
to draw the demo and to weigh its simulated incidents.
"""

import numpy as np
import pandas as pd

_TOWNSHIP_FACTOR = {"0": 1.3, "1": 1.0, "2": 0.8}
"""By the seventh digit of a code: street 街道, town 镇, township 乡; farms and parks are the rest."""

_SEAT_FACTOR = 1.8  # the town that seats the county, by custom the first code of its kind
_PARK_FACTOR = 0.15
_COMMUNITY, _VILLAGE, _OTHER = 3.0, 1.0, 0.3
_SPREAD = 0.35  # standard deviation of the logarithm of a village's size


def share_people(divisions: pd.DataFrame, *, target_grids: int, seed: int) -> pd.DataFrame:
    """Townships and villages with their share of the province's people.

    Parameters
    ----------
    divisions
        As `geo.divisions.read_divisions` gives it; not modified.
    target_grids
        Grids wanted in all; every village gets at least one and at most 999, as codes allow.

    Returns
    -------
    Levels 4 and 5: `code`, `name`, `level`, `parent`, `weight` (shares; each level sums to 1), `urban`
    (street or community), `grids` (villages only, 0 for townships), sorted by level and code.
    """
    villages = divisions[divisions["level"] == 5].reset_index(drop=True)
    townships = divisions[divisions["level"] == 4].reset_index(drop=True)
    people = divisions[divisions["level"] == 3].set_index("code")["population"]
    size = _village_size(villages, seed)
    county = villages["code"].str[:6]
    share = size / size.groupby(county).transform("sum")
    total = float(people.sum())
    villages["weight"] = share * county.map(people).to_numpy(np.float64) / total
    villages["urban"] = villages["code"].str[9] == "0"
    villages["grids"] = _apportion(villages["weight"].to_numpy(), target_grids)
    townships["weight"] = townships["code"].map(villages.groupby("parent")["weight"].sum()).astype(float)
    townships["urban"] = townships["code"].str[6] == "0"
    townships["grids"] = 0
    columns = ["code", "name", "level", "parent", "weight", "urban", "grids"]
    return pd.concat([townships[columns], villages[columns]], ignore_index=True)


def _village_size(villages: pd.DataFrame, seed: int) -> pd.Series:
    noise = np.random.default_rng([seed, 1]).lognormal(0.0, _SPREAD, len(villages))
    kind = villages["code"].str[9].map({"0": _COMMUNITY, "2": _VILLAGE}).fillna(_OTHER)
    township = villages["code"].str[6].map(_TOWNSHIP_FACTOR).fillna(_PARK_FACTOR)
    seat = np.where(villages["code"].str[6:9].isin(["001", "100"]), _SEAT_FACTOR, 1.0)
    size: pd.Series = kind * township * (seat * noise)
    return size


def _apportion(weight: np.ndarray, total: int) -> np.ndarray:
    """Whole numbers of at least 1 and at most 999 in proportion to weights, largest remainders first."""
    wanted = weight / weight.sum() * total
    numbers = np.clip(np.floor(wanted), 1, 999).astype(np.int64)
    missing = total - int(numbers.sum())
    if missing > 0:
        order = np.argsort(-(wanted - numbers), kind="stable")
        numbers[order[:missing]] += 1
    return np.minimum(numbers, 999)
