"""Runs: begun, finished, listed, and the oldest forgotten."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from data.assessments.fetch import fetch
from data.assessments.parameters import Parameters
from data.filter import date_of
from data.store import writing
from data.tables import assessment_parts, assessment_run_parts, assessment_runs, hotspots, scan_clusters

KEPT = 50
"""Finished runs of a scope that are kept."""


@dataclass(frozen=True)
class Run:
    """One finished run; moments are UTC seconds, `parameters` as in `Parameters.text`."""

    id: int
    scope: str
    data_version: int
    as_of: dt.date
    parameters: dict[str, Any]
    started_at: int
    finished_at: int

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources counted; empty: all."""
        return tuple(self.parameters.get("sources", ()))


def begin_run(engine: Engine, parameters: Parameters, *, data_version: int, moment: int) -> int:
    """Note that a run has begun; it is seen by nobody until it is finished."""
    with writing(engine) as connection:
        made = connection.execute(
            insert(assessment_runs)
            .values(
                scope=parameters.scope,
                data_version=data_version,
                as_of=parameters.last_day,
                parameters=parameters.text(),
                key=parameters.key(),
                started_at=moment,
            )
            .returning(assessment_runs.c.id)
        )
        return int(made.scalar_one())


def finish_run(engine: Engine, run_id: int, *, moment: int) -> None:
    """Let a run be seen."""
    with writing(engine) as connection:
        connection.execute(update(assessment_runs).where(assessment_runs.c.id == run_id).values(finished_at=moment))


def finished_run(engine: Engine, parameters: Parameters, *, data_version: int) -> int | None:
    """Id of a finished run with these parameters over these data, None if there is none."""
    query = select(assessment_runs.c.id).where(
        assessment_runs.c.key == parameters.key(),
        assessment_runs.c.data_version == data_version,
        assessment_runs.c.finished_at.is_not(None),
    )
    with engine.connect() as connection:
        found = connection.execute(query).scalar()
    return None if found is None else int(found)


def list_runs(engine: Engine, *, scope: str) -> list[Run]:
    """Finished runs whose study area is the scope, newest first."""
    query = (
        select(assessment_runs)
        .where(assessment_runs.c.scope == scope, assessment_runs.c.finished_at.is_not(None))
        .order_by(assessment_runs.c.id.desc())
    )
    return [_run(row) for row in fetch(engine, query).itertuples()]


def _run(row: Any) -> Run:
    parameters = json.loads(row.parameters)
    return Run(row.id, row.scope, row.data_version, date_of(row.as_of), parameters, row.started_at, row.finished_at)


def forget_runs(engine: Engine, *, scope: str, sources: tuple[str, ...] = (), keep: int = KEPT) -> int:
    """Delete unfinished runs, all but the newest `keep` of a scope and some sources, and parts that belong to none.

    Only under the lock: an unfinished run is one that was broken off. Returns how many runs went.
    """
    finished = list_runs(engine, scope=scope)
    old = [run.id for run in finished if run.sources == sources][keep:]
    broken_off = select(assessment_runs.c.id).where(
        assessment_runs.c.scope == scope, assessment_runs.c.finished_at.is_(None)
    )
    with writing(engine) as connection:
        gone = [*old, *connection.execute(broken_off).scalars()]
        connection.execute(delete(assessment_run_parts).where(assessment_run_parts.c.run_id.in_(gone)))
        connection.execute(delete(assessment_runs).where(assessment_runs.c.id.in_(gone)))
        orphans = assessment_parts.c.id.not_in(select(assessment_run_parts.c.part_id))
        parts = [row.id for row in connection.execute(select(assessment_parts.c.id).where(orphans))]
        for table, column in (
            (hotspots, hotspots.c.part_id),
            (scan_clusters, scan_clusters.c.part_id),
            (assessment_parts, assessment_parts.c.id),
        ):
            connection.execute(delete(table).where(column.in_(parts)))
    return len(gone)
