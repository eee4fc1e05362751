"""One part of classes: from the counts of a type to the rows that are kept."""

import numpy as np
import pandas as pd

from data.assessments.parameters import Parameters
from data.assessments.parts import Part
from data.assessments.shown_counts import shown_counts
from risk.sparse_emerging import emerging_places


def class_rows(part: Part, parameters: Parameters) -> pd.DataFrame:
    """Rows of the table `hotspots`, `part_id` left out."""
    steps = part.cube.steps.count
    pattern = emerging_places(
        part.series,
        part.area.neighbours,
        steps=steps,
        settings=parameters.emerging,
        least_cases=parameters.least_cases,
    )
    at = pattern.table["position"].to_numpy(np.int64)
    counts = shown_counts(part.cube, part.series, part.area.layer, part.dispute_type, at)
    places = pd.DataFrame({"place": part.area.places[at], "home": part.area.home[at], "within": part.area.within[at]})
    rows = pd.concat([places, pattern.table.drop(columns="position"), counts], axis=1)
    whole = ["emerging_class", "hot_steps", "cold_steps", "first_hot", "last_run"]
    rows[whole] = rows[whole].astype("int64")
    for name, state in (("hot", pattern.state > 0), ("cold", pattern.state < 0)):
        packed = np.packbits(state, axis=1)
        rows[name] = pd.Series([row.tobytes() for row in packed], dtype="object")
    return rows


def unpack_states(hot: list[bytes], cold: list[bytes], *, steps: int) -> np.ndarray:
    """State of every step from its bits: 1 hot, −1 cold, 0 neither; int8, shape (rows, steps)."""
    sides = []
    for packed in (hot, cold):
        bits = np.frombuffer(b"".join(packed), np.uint8).reshape(len(packed), -(-steps // 8))
        sides.append(np.unpackbits(bits, axis=1, count=steps).astype(np.int8))
    return np.asarray(sides[0] - sides[1], np.int8)
