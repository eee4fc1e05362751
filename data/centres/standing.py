"""How each centre stands: the load of its division, the class it should be of, the rooms it lacks."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from data.centres.loads import Loads
from data.centres.settings import CentreSettings
from geo.divisions import PREFIX_LENGTH

ADDED = ("open_count", "year_count", "staff", "per_mediator", "demanded", "missing", "understated")


def standing(centres: pd.DataFrame, loads: Loads, population: pd.Series, kinds: CentreSettings) -> pd.DataFrame:
    """The centres with what they are measured by.

    Parameters
    ----------
    centres
        As from `data.centres.reading.list_centres`.
    population
        People by division code; unknown ones left out or NaN.

    Returns
    -------
    The rows of `centres` with `ADDED`: counts of the division (Int64, NA = withheld), `staff` the mediators who stay at
    all its centres, those of divisions within included (Int64), `per_mediator` open incidents for each of these (NaN
    where the count is withheld or nobody is known), `demanded` name of the class that population, incidents of a year
    or visitors ask for, `missing` kinds of rooms of that class that the centre lacks, `understated` whether the class
    it states is smaller.
    """
    table = centres.copy()
    codes = table["division"]
    for name in ("open_count", "year_count"):
        known = loads.places[name]
        table[name] = known.reindex(codes).set_axis(table.index).mask(~codes.isin(known.index), 0)
    table["staff"] = codes.map(staff_within(centres)).astype("Int64")
    staffed = table["staff"].where(table["staff"] > 0).to_numpy(dtype=float, na_value=np.nan)
    table["per_mediator"] = table["open_count"].to_numpy(dtype=float, na_value=np.nan) / staffed
    measures = (codes.map(population), table["year_count"], table["daily_visitors"])
    numbers = (each.astype("Float64").to_numpy(dtype=float, na_value=np.nan).tolist() for each in measures)
    demanded = [kinds.class_of(*each) for each in zip(*numbers, strict=True)]
    table["demanded"] = pd.Series([site.name for site in demanded], index=table.index, dtype="str")
    lacking = [_without(site.rooms, has) for site, has in zip(demanded, table["rooms"], strict=True)]
    table["missing"] = pd.Series(lacking, index=table.index, dtype="object")
    order = {site.name: number for number, site in enumerate(kinds.classes)}
    stated = table["site_class"].map(order).astype(float)
    table["understated"] = (stated > table["demanded"].map(order).astype(float)).to_numpy(bool)
    return table


def staff_within(centres: pd.DataFrame) -> dict[str, int]:
    """Mediators who stay at the centres of each division and of those within; left out where none is known."""
    known = centres.dropna(subset=["mediators"])
    found: dict[str, int] = {}
    for length in PREFIX_LENGTH.values():
        part = known[known["division"].str.len() >= length]
        sums = part["mediators"].astype("int64").groupby(part["division"].str.slice(0, length)).sum()
        found |= {str(code): int(number) for code, number in sums.items()}
    return found


def _without(needed: Iterable[str], has: dict[str, int]) -> tuple[str, ...]:
    return tuple(kind for kind in needed if has.get(kind, 0) < 1)
