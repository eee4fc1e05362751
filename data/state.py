"""The pool's state in two cheap look-ups: what is published, what is not yet, when something last changed."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from data.store import reading
from data.tables import changes, published


@dataclass(frozen=True)
class PoolState:
    """State at one moment.

    `version` is that of the published segments, `unpublished` counts log positions beyond them, `changed_at` is when
    something last changed (UTC seconds), None where nothing ever did.
    """

    version: int
    unpublished: int
    changed_at: int | None


def read_state(engine: Engine) -> PoolState:
    """State of the pool now.

    Raises
    ------
    PoolUnavailableError
        The store does not answer.
    """
    with reading(engine) as connection:
        said = connection.execute(select(published.c.version, published.c.position)).first()
        version, position = said if said else (0, 0)
        latest = select(changes.c.position, changes.c.recorded_at).order_by(changes.c.position.desc()).limit(1)
        last = connection.execute(latest).first()
    if last is None:
        return PoolState(version, 0, None)
    return PoolState(version, max(0, last.position - position), last.recorded_at)
