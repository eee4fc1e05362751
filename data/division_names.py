"""Divisions by the names people write: 城关区, 兰州市城关区, 甘肃省兰州市城关区雁北街道."""

from itertools import combinations

import pandas as pd

SEVERAL = ""
"""Stands for the code of a name that several divisions have."""


def codes_by_name(divisions: pd.DataFrame) -> dict[str, str]:
    """Code of every way to name a division: its name, behind none, some or all of those it lies in, largest first.

    Parameters
    ----------
    divisions
        `code`, `name`, `level` and `parent`, as from `geo.divisions.read_divisions`.

    Returns
    -------
    Name to code; `SEVERAL` where divisions of one level share it. Of several levels the coarsest has it.
    """
    above: dict[str, tuple[str, ...]] = {"": ()}
    found: dict[str, tuple[int, str]] = {}
    ordered = divisions.sort_values("level")
    for code, name, level, parent in ordered[["code", "name", "level", "parent"]].itertuples(index=False):
        ancestors = above.get(parent, ())
        above[code] = (*ancestors, name)
        for number in range(len(ancestors) + 1):
            for chosen in combinations(ancestors, number):
                written = "".join((*chosen, name))
                known = found.setdefault(written, (level, code))
                if known[0] == level and known[1] != code:
                    found[written] = (level, SEVERAL)
    return {written: code for written, (_, code) in found.items()}
