"""Two runs side by side: what is new, what is gone, what changed its class."""

import pandas as pd
from sqlalchemy import Engine, select

from data.assessments.fetch import fetch
from data.assessments.parts import CLASSES
from data.assessments.reading import HotspotFilter, codes_of, find_run, is_inside
from data.assessments.runs import Run
from data.layers import layer_of
from data.tables import assessment_parts, assessment_run_parts, hotspots

NEW, GONE, CHANGED = "new", "gone", "changed"
COLUMNS = ("code", "dispute_type", "before", "after", "change")


def compare_runs(engine: Engine, earlier: int, later: int, asked: HotspotFilter) -> pd.DataFrame:
    """Places whose class differs between two runs.

    Only types that both runs assessed on the layer are compared: what was not looked for is not gone.

    Parameters
    ----------
    asked
        Whose places, of which layer, types and classes (a class before or after); its `run_id` plays no part.

    Returns
    -------
    `COLUMNS`: `before` and `after` are classes (0: none), `change` is `NEW`, `GONE` or `CHANGED`; sorted by type and
    code.

    Raises
    ------
    ValueError
        A run does not exist or is not for this reader.
    """
    sides = []
    for run_id in (earlier, later):
        run = find_run(engine, asked.scope, run_id)
        if run is None:
            raise ValueError(f"expected a finished run, found {run_id}")
        sides.append((run, _types(engine, run, asked)))
    both = sides[0][1] & sides[1][1]
    before, after = (_classes(engine, run, asked, both) for run, _ in sides)
    table = pd.concat([before.rename("before"), after.rename("after")], axis=1).fillna(0).astype("int64")
    table = table[table["before"] != table["after"]]
    if asked.classes:
        table = table[table.isin(asked.classes).any(axis=1)]
    table = table.sort_index().reset_index()
    table["change"] = [
        NEW if not one else GONE if not other else CHANGED
        for one, other in zip(table["before"], table["after"], strict=True)
    ]
    table["code"] = codes_of(table["place"], layer_of(asked.layer))
    return table[list(COLUMNS)]


def _types(engine: Engine, run: Run, asked: HotspotFilter) -> set[str]:
    """Types that a run assessed on the layer, of those asked for."""
    query = (
        select(assessment_parts.c.dispute_type)
        .join(assessment_run_parts, assessment_run_parts.c.part_id == assessment_parts.c.id)
        .where(
            assessment_run_parts.c.run_id == run.id,
            assessment_parts.c.kind == CLASSES,
            assessment_parts.c.layer == asked.layer,
        )
    )
    found = set(fetch(engine, query)["dispute_type"])
    return found & set(asked.dispute_types) if asked.dispute_types else found


def _classes(engine: Engine, run: Run, asked: HotspotFilter, types: set[str]) -> pd.Series:
    """Class by type and place."""
    query = (
        select(assessment_parts.c.dispute_type, hotspots.c.place, hotspots.c.emerging_class)
        .join(assessment_parts, assessment_parts.c.id == hotspots.c.part_id)
        .join(assessment_run_parts, assessment_run_parts.c.part_id == assessment_parts.c.id)
        .where(
            assessment_run_parts.c.run_id == run.id,
            assessment_parts.c.layer == asked.layer,
            assessment_parts.c.dispute_type.in_(sorted(types)),
            is_inside(hotspots.c.home, asked.division),
        )
    )
    rows = fetch(engine, query)
    return rows.astype({"place": "int64", "emerging_class": "int64"}).set_index(["dispute_type", "place"])[
        "emerging_class"
    ]
