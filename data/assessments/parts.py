"""Parts of a run: named by what they were computed from, written whole, shared by all runs they belong to."""

import hashlib
import json
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, insert, select

from data.assessments.parameters import FORMAT, Parameters
from data.cube import Cube
from data.store import add_rows, writing
from data.study_area import StudyArea
from data.tables import assessment_parts, assessment_run_parts
from risk.series import Series

CLASSES, SCAN = "classes", "scan"


@dataclass(frozen=True)
class Part:
    """What one part is computed from.

    Parameters
    ----------
    kind
        `CLASSES` or `SCAN`.
    dispute_type
        Code, or "" for all together.
    """

    kind: str
    dispute_type: str
    area: StudyArea
    cube: Cube
    series: Series

    def fingerprint(self, parameters: Parameters) -> str:
        """SHA-256 of everything the result depends on: counts, places, neighbours, steps, method."""
        method = asdict(parameters.emerging) | {"least_cases": parameters.least_cases}
        if self.kind == SCAN:
            method = asdict(parameters.scan)
        head = [FORMAT, self.kind, self.area.layer.name, self.dispute_type, self.cube.steps.edges, method]
        digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
        arrays = (
            self.area.places,
            self.area.neighbours.starts,
            self.area.neighbours.members,
            self.area.home,
            self.area.within,
            self.series.place,
            self.series.step,
            self.series.count,
            self.cube.elsewhere.to_numpy(np.int64),
        )
        for values in arrays:
            digest.update(np.ascontiguousarray(values).tobytes())
        return digest.hexdigest()


def known_part(connection: Connection, fingerprint: str) -> int | None:
    """Id of the part with a fingerprint, None if it has not been computed."""
    query = select(assessment_parts.c.id).where(assessment_parts.c.fingerprint == fingerprint)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def link_part(connection: Connection, run_id: int, part_id: int) -> None:
    """Make a part belong to a run, once."""
    where = (assessment_run_parts.c.run_id == run_id) & (assessment_run_parts.c.part_id == part_id)
    if connection.execute(select(assessment_run_parts.c.run_id).where(where)).first() is None:
        connection.execute(insert(assessment_run_parts).values(run_id=run_id, part_id=part_id))


def write_part(
    engine: Engine, run_id: int, part: Part, fingerprint: str, rows: dict[str, pd.DataFrame], *, moment: int
) -> int:
    """Keep a part and its rows and make it belong to a run, in one transaction.

    Parameters
    ----------
    rows
        By name of the table they go to, without `part_id`.
    moment
        Now, UTC seconds.
    """
    steps = part.cube.steps
    with writing(engine) as connection:
        made = connection.execute(
            insert(assessment_parts)
            .values(
                fingerprint=fingerprint,
                kind=part.kind,
                layer=part.area.layer.name,
                dispute_type=part.dispute_type,
                first_day=steps.edges[0],
                unit=steps.unit,
                steps=steps.count,
                places=len(part.area.places),
                incidents=int(part.series.count.sum()),
                elsewhere=int(part.cube.elsewhere["incident_count"].sum()),
                computed_at=moment,
            )
            .returning(assessment_parts.c.id)
        )
        part_id = int(made.scalar_one())
        tables = assessment_parts.metadata.tables
        for name, table in rows.items():
            add_rows(connection, tables[name], table.assign(part_id=part_id))
        link_part(connection, run_id, part_id)
    return part_id
