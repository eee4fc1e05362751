"""Units of one level whose outlines touch."""

import shapely

from geo.divisions import level_of, parent_of
from geo.geography import Geography

TOLERANCE = 1e-6
"""Degrees, about 0.1 m: digitised borders rarely agree exactly."""


def touching(geography: Geography, code: str) -> list[str]:
    """Codes of the units of the same level that touch a unit, at a corner or along a line; none without an outline.

    Units nest, so only children of the parent and of those that touch the parent are looked at.
    """
    outline = geography.unit(code).geometry
    if outline is None or code == geography.root:
        return []
    level, parent = level_of(code), parent_of(code)
    parents = [parent] if level_of(parent) == level_of(geography.root) else [parent, *touching(geography, parent)]
    found: list[str] = []
    for each in parents:
        others = geography.children(each)
        others = others[others["level"].eq(level) & others["code"].ne(code) & others.geometry.notna()]
        near = shapely.dwithin(others.geometry.to_numpy(), outline, TOLERANCE)
        found += others["code"][near].tolist()
    return sorted(found)
